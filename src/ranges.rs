//! Ranges of the config's numbers. Each stands once, in the `ranges!` beneath the type whose field it is: the
//! validation, the JSON schema (and with it the page's controls) and the reader of texts, who says what would have been
//! allowed, all ask there.

use serde::Serialize;

use crate::bounds::Field;
use crate::report::Report;

/// A type some of whose fields have ranges.
pub trait Ranges {
    const FIELDS: &'static [Field];

    /// Reports every field that is out of its range.
    fn check_ranges(&self, path: &str, report: &mut Report);
}

/// Reports which values, in the order of their fields, are out of range. Apart from the types, so that it is compiled
/// once.
pub fn check(fields: &[Field], values: &[&dyn InRange], path: &str, report: &mut Report) {
    for (field, value) in fields.iter().zip(values) {
        value.check(&format!("{path}.{}", field.name), field, report);
    }
}

/// A number, or what holds some, as the value of a field with a range.
pub trait InRange {
    /// Reports what of it is out of the field's range.
    fn check(&self, path: &str, field: &Field, report: &mut Report);
}

impl InRange for f64 {
    fn check(&self, path: &str, field: &Field, report: &mut Report) {
        report.number(path, *self, field.range);
    }
}

impl InRange for u32 {
    fn check(&self, path: &str, field: &Field, report: &mut Report) {
        report.whole(path, *self, field.range);
    }
}

impl InRange for u8 {
    fn check(&self, path: &str, field: &Field, report: &mut Report) {
        report.whole(path, (*self).into(), field.range);
    }
}

impl<T: InRange> InRange for Option<T> {
    fn check(&self, path: &str, field: &Field, report: &mut Report) {
        if let Some(value) = self {
            value.check(path, field, report);
        }
    }
}

impl<T: InRange + Serialize> InRange for Vec<T> {
    fn check(&self, path: &str, field: &Field, report: &mut Report) {
        if let Some(length) = field.length {
            report.entries(path, self, self.len(), length);
        }
        for (index, value) in self.iter().enumerate() {
            value.check(&format!("{path}[{index}]"), field, report);
        }
    }
}

/// The ranges of a type's fields, with a list's length and the unit where there is one:
/// `ranges!(Type { field: 1.0..=9.0, entries 0.0..=6.0, unit "units"; … });`
macro_rules! ranges {
    ($type:ident { $($field:ident: $range:expr $(, entries $length:expr)? $(, unit $unit:literal)?;)+ }) => {
        impl $crate::ranges::Ranges for $type {
            const FIELDS: &'static [$crate::bounds::Field] = &[$($crate::bounds::Field {
                name: stringify!($field),
                range: $crate::bounds::Bounds::of($range),
                length: $crate::ranges::optional!($($crate::bounds::Bounds::of($length))?),
                #[cfg(feature = "cli")]
                unit: concat!($($unit)?),
            }),+];

            fn check_ranges(&self, path: &str, report: &mut $crate::report::Report) {
                $crate::ranges::check(Self::FIELDS, &[$(&self.$field),+], path, report);
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
