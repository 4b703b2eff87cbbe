//! Schedules: a number that may change over training.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::bounds::Field;
use crate::error::Allowed;
use crate::json::{Entry, NUMBER_OR_SCHEDULE};
use crate::ranges::{self, InRange, Ranges, ranges};
use crate::report::Report;

/// A number, constant or a function of how far training has come.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Schedule {
    /// The same number all the time.
    Constant(f64),
    /// A number that changes from the first step to the last.
    Ramp(Ramp),
}

/// How a number changes from the first step to the last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ramp {
    /// In a straight line.
    Linear { from: f64, to: f64 },
    /// Along half a cosine: slow, fast, slow (Loshchilov and Hutter 2017, eq. 5, without restarts).
    Cosine { from: f64, to: f64 },
    /// At once: `from` until the share `at` of all steps has been taken, `to` afterwards.
    Step { from: f64, to: f64, at: f64 },
    /// In straight lines through points, level before the first and after the last.
    Points(Vec<Point>),
}

/// A value at a time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Share of all steps that has been taken, 0 to 1.
    pub at: f64,
    pub value: f64,
}

ranges!(Point {
    at: 0.0..=1.0;
});

/// The time of a step.
impl Ranges for Ramp {
    const FIELDS: &'static [Field] = Point::FIELDS;

    fn check_ranges(&self, path: &str, report: &mut Report) {
        if let Ramp::Step { at, .. } = self {
            ranges::check(Self::FIELDS, &[at], path, report);
        }
    }
}

/// By what stands there, a number or an object: what is wrong in either is told, which an untagged choice would not do.
impl<'de> Deserialize<'de> for Schedule {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(NumberOrRamp)
    }
}

struct NumberOrRamp;

impl<'de> Visitor<'de> for NumberOrRamp {
    type Value = Schedule;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(NUMBER_OR_SCHEDULE)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Schedule, E> {
        Ok(Schedule::Constant(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Schedule, E> {
        Ok(Schedule::Constant(value as f64))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Schedule, E> {
        Ok(Schedule::Constant(value as f64))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Schedule, A::Error> {
        Ramp::deserialize(Entry::first(map)?).map(Schedule::Ramp)
    }
}

impl Schedule {
    /// The value at `progress`: 0 at the first step, 1 after the last.
    pub fn at(&self, progress: f64) -> f64 {
        match self {
            Schedule::Constant(value) => *value,
            Schedule::Ramp(Ramp::Linear { from, to }) => from + (to - from) * progress,
            Schedule::Ramp(Ramp::Cosine { from, to }) => {
                to + (from - to) * 0.5 * (1.0 + (std::f64::consts::PI * progress).cos())
            }
            Schedule::Ramp(Ramp::Step { from, to, at }) => *if progress < *at { from } else { to },
            Schedule::Ramp(Ramp::Points(points)) => between(points, progress),
        }
    }

    /// True when it is this value all the time.
    pub fn is_always(&self, value: f64) -> bool {
        self.parts().iter().all(|(_, part)| *part == value)
    }

    /// Names and values of what it is made of; everything between lies between them.
    fn parts(&self) -> Vec<(String, f64)> {
        match self {
            Schedule::Constant(value) => vec![(String::new(), *value)],
            Schedule::Ramp(Ramp::Points(points)) => {
                let part = |(index, point): (usize, &Point)| (format!(".points[{index}].value"), point.value);
                points.iter().enumerate().map(part).collect()
            }
            Schedule::Ramp(ramp) => {
                let (kind, from, to) = match ramp {
                    Ramp::Linear { from, to } => ("linear", *from, *to),
                    Ramp::Cosine { from, to } => ("cosine", *from, *to),
                    Ramp::Step { from, to, .. } => ("step", *from, *to),
                    Ramp::Points(_) => return Vec::new(),
                };
                vec![(format!(".{kind}.from"), from), (format!(".{kind}.to"), to)]
            }
        }
    }

    /// Whether it is above 0 at any time.
    pub fn is_ever_positive(&self) -> bool {
        match self {
            // The first value of a step at the very beginning never counts.
            Schedule::Ramp(Ramp::Step { to, at, .. }) if *at <= 0.0 => *to > 0.0,
            _ => self.parts().iter().any(|(_, value)| *value > 0.0),
        }
    }

    /// Whether it is below 1 at any time.
    pub fn is_ever_below_one(&self) -> bool {
        match self {
            Schedule::Ramp(Ramp::Step { to, at, .. }) if *at <= 0.0 => *to < 1.0,
            _ => self.parts().iter().any(|(_, value)| *value < 1.0),
        }
    }
}

impl InRange for Schedule {
    /// Reports a value that leaves its range at some time, and times that are none.
    fn check(&self, path: &str, field: &Field, report: &mut Report) {
        for (part, value) in self.parts() {
            report.number(&format!("{path}{part}"), value, field.range);
        }
        match self {
            Schedule::Ramp(Ramp::Points(points)) => check_points(path, points, report),
            Schedule::Ramp(ramp) => ramp.check_ranges(&format!("{path}.step"), report),
            Schedule::Constant(_) => {}
        }
    }
}

fn check_points(path: &str, points: &[Point], report: &mut Report) {
    report.some(&format!("{path}.points"), points);
    for (index, point) in points.iter().enumerate() {
        let path = format!("{path}.points[{index}]");
        point.check_ranges(&path, report);
        if index > 0 && point.at < points[index - 1].at {
            report.add(format!("{path}.at"), &point.at, Allowed::NotBefore { at: points[index - 1].at });
        }
    }
}

/// The value at `progress` on straight lines through points.
fn between(points: &[Point], progress: f64) -> f64 {
    let after = points.iter().position(|point| point.at > progress);
    match (after, points.last()) {
        (Some(0), _) => points[0].value,
        (Some(next), _) => {
            let (a, b) = (points[next - 1], points[next]);
            a.value + (b.value - a.value) * (progress - a.at) / (b.at - a.at)
        }
        (None, last) => last.map_or(0.0, |point| point.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(list: &[(f64, f64)]) -> Schedule {
        Schedule::Ramp(Ramp::Points(list.iter().map(|&(at, value)| Point { at, value }).collect()))
    }

    #[test]
    fn ramps_pass_through_what_they_are_made_of() {
        let linear = Schedule::Ramp(Ramp::Linear { from: 1.0, to: 3.0 });
        assert_eq!([linear.at(0.0), linear.at(0.25), linear.at(1.0)], [1.0, 1.5, 3.0]);
        let cosine = Schedule::Ramp(Ramp::Cosine { from: 4.0, to: 0.0 });
        assert!((cosine.at(0.25) - (2.0 + 2.0_f64.sqrt())).abs() < 1e-12);
        let step = Schedule::Ramp(Ramp::Step { from: 5.0, to: 2.0, at: 0.5 });
        assert_eq!([step.at(0.49), step.at(0.5)], [5.0, 2.0]);
        let list = points(&[(0.25, 1.0), (0.5, 3.0), (0.5, 8.0), (0.875, 0.0)]);
        assert_eq!([list.at(0.0), list.at(0.375), list.at(0.5), list.at(1.0)], [1.0, 2.0, 8.0, 0.0]);
    }

    #[test]
    fn what_leaves_its_range_is_named() {
        let mut report = Report::default();
        // A field from 0 to 1, as a time is.
        let [field] = Point::FIELDS else { panic!("{:?}", Point::FIELDS) };
        points(&[(0.5, 0.5), (0.4, 2.0)]).check("x", field, &mut report);
        Schedule::Ramp(Ramp::Step { from: -1.0, to: 1.0, at: 1.5 }).check("y", field, &mut report);
        let paths: Vec<&str> = report.problems.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(paths, ["x.points[1].value", "x.points[1].at", "y.step.from", "y.step.at"]);
    }
}
