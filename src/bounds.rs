//! Ranges of the config's numbers. Each stands once, in the `ranges!` beneath the type whose
//! field it is: the validation, the JSON schema (and with it the page's controls) and the reader of texts, who says what
//! would have been allowed, all ask there.

use std::ops::RangeInclusive;

use crate::report::{InRange, Report};

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

/// A type some of whose fields have ranges.
pub trait Ranges {
    const FIELDS: &'static [Field];

    /// The values of those fields, in the same order.
    fn values(&self) -> impl IntoIterator<Item = &dyn InRange>;

    /// Reports every field that is out of its range.
    fn check_ranges(&self, path: &str, report: &mut Report) {
        for (field, value) in Self::FIELDS.iter().zip(self.values()) {
            value.check(&format!("{path}.{}", field.name), field, report);
        }
    }
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

/// The ranges of a type's fields, with a list's length and the unit where there is one:
/// `ranges!(Type { field: 1.0..=9.0, entries 0.0..=6.0, unit "units"; … });`
macro_rules! ranges {
    ($type:ident { $($field:ident: $range:expr $(, entries $length:expr)? $(, unit $unit:literal)?;)+ }) => {
        impl $crate::bounds::Ranges for $type {
            const FIELDS: &'static [$crate::bounds::Field] = &[$($crate::bounds::Field {
                name: stringify!($field),
                range: $crate::bounds::Bounds::of($range),
                length: $crate::bounds::optional!($($crate::bounds::Bounds::of($length))?),
                #[cfg(feature = "cli")]
                unit: concat!($($unit)?),
            }),+];

            fn values(&self) -> impl IntoIterator<Item = &dyn $crate::report::InRange> {
                [$(&self.$field as &dyn $crate::report::InRange),+]
            }
        }
    };
}

macro_rules! optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

pub(crate) use {optional, ranges};
