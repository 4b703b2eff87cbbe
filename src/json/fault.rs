//! The error of reading a value into a type: what serde tells, kept as structure until the place of it is known.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::place::Place;
use crate::error::{Allowed, Problem};

/// What a visitor expects that takes a number or an object of a schedule.
pub const NUMBER_OR_SCHEDULE: &str = "a number or a schedule";

/// Why a value is none of a type.
#[derive(Debug)]
pub(super) struct Fault(Box<State>);

#[derive(Debug)]
enum State {
    /// Nothing is known but that it does not fit: what was asked for at its place says more.
    Misfit,
    NumberOrSchedule,
    Missing(&'static str),
    UnknownField(String, &'static [&'static str]),
    /// It may be this.
    Allowed(Allowed),
    /// The place is known.
    Placed(Problem),
}

impl Fault {
    pub fn allowing(allowed: Allowed) -> Self {
        Self(Box::new(State::Allowed(allowed)))
    }

    pub fn misfit() -> Self {
        Self(Box::new(State::Misfit))
    }

    /// The fault at a place, if it has none yet; `asked` is what was asked for there.
    pub fn at(self, place: &Place, asked: impl FnOnce() -> Allowed) -> Self {
        let problem = match *self.0 {
            State::Placed(problem) => problem,
            State::Misfit => place.problem(asked()),
            State::NumberOrSchedule => place.problem(place.range_or_schedule()),
            State::Allowed(allowed) => place.problem(allowed),
            State::Missing(field) => Problem::missing(place.path_of(field)),
            State::UnknownField(field, known) => {
                let names = known.iter().map(|&name| name.to_owned()).collect();
                place.problem_of(&field, Allowed::KnownField { names })
            }
        };
        Self(Box::new(State::Placed(problem)))
    }

    /// The problem; `place` is where the whole stands.
    pub fn into_problem(self, place: &Place) -> Problem {
        match *self.at(place, || Allowed::Readable).0 {
            State::Placed(problem) => problem,
            _ => place.problem(Allowed::Readable),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::misfit()
    }

    fn invalid_type(_: Unexpected, expected: &dyn Expected) -> Self {
        match expected.to_string() == NUMBER_OR_SCHEDULE {
            true => Self(Box::new(State::NumberOrSchedule)),
            false => Self::misfit(),
        }
    }

    fn invalid_value(unexpected: Unexpected, expected: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    /// Told by `Entry` alone: a choice is an object of one entry.
    fn invalid_length(found: usize, _: &dyn Expected) -> Self {
        Self::allowing(Allowed::Entries { min: 1, max: Some(1), found: found as u64 })
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::allowing(one_of(expected))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self(Box::new(State::UnknownField(field.to_owned(), expected)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self(Box::new(State::Missing(field)))
    }
}

/// One of some names.
pub(super) fn one_of(names: &[&str]) -> Allowed {
    Allowed::OneOf { names: names.iter().map(|&name| name.to_owned()).collect() }
}
