//! Schedules: a number that may change over training.

use serde::{Deserialize, Serialize};

use crate::bounds::Bounds;
use crate::report::Report;

/// A number, constant or a function of how far training has come.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Schedule {
    /// The same number all the time.
    Constant(f64),
    /// A number that changes from the first step to the last.
    Ramp(Ramp),
}

/// How a number changes from the first step to the last.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ramp {
    /// In a straight line.
    Linear { from: f64, to: f64 },
    /// Along half a cosine: slow, fast, slow (Loshchilov and Hutter 2017, eq. 5, without restarts).
    Cosine { from: f64, to: f64 },
}

impl Schedule {
    /// The value at `progress`: 0 at the first step, 1 after the last.
    pub fn at(&self, progress: f64) -> f64 {
        match *self {
            Schedule::Constant(value) => value,
            Schedule::Ramp(Ramp::Linear { from, to }) => from + (to - from) * progress,
            Schedule::Ramp(Ramp::Cosine { from, to }) => {
                to + (from - to) * 0.5 * (1.0 + (std::f64::consts::PI * progress).cos())
            }
        }
    }

    /// The values it starts and ends with; everything between lies between them.
    pub fn ends(&self) -> [f64; 2] {
        [self.at(0.0), self.at(1.0)]
    }

    /// Reports a value that leaves its range at some time.
    pub fn check(&self, path: &str, range: Bounds, report: &mut Report) {
        let [from, to] = self.ends();
        match self {
            Schedule::Constant(_) => report.number(path, from, range),
            Schedule::Ramp(_) => {
                report.number(&format!("{path} (from)"), from, range);
                report.number(&format!("{path} (to)"), to, range);
            }
        }
    }
}
