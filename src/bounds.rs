//! What a number of the config may be, as data: whoever checks one, reads one or writes the schema asks for it.

use std::ops::RangeInclusive;

/// An inclusive range that a number must lie in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    pub min: f64,
    pub max: f64,
}

impl Bounds {
    pub const fn of(range: RangeInclusive<f64>) -> Self {
        Self { min: *range.start(), max: *range.end() }
    }
}

/// What a field's numbers may be.
#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    /// The range of the number; in a list, of its entries; in a schedule, of its values.
    pub range: Bounds,
    /// How many entries a list may have; none: as many as it likes.
    pub length: Option<Bounds>,
    /// What it counts or is measured in, for the schema; empty for a bare number.
    #[cfg(feature = "cli")]
    pub unit: &'static str,
}

/// The range of a field of a type, both by name; none if it has no range.
pub type RangeOf = fn(structure: &str, field: &str) -> Option<Bounds>;

/// What is read with the ranges of its fields at hand: a number that is none is told its range.
pub trait Bounded {
    const RANGE_OF: RangeOf;
}

impl<T: Bounded> Bounded for Vec<T> {
    const RANGE_OF: RangeOf = T::RANGE_OF;
}
