//! The report of a validation: every problem at once, with its path, its value and what is allowed.

use serde::Serialize;

use crate::bounds::Bounds;
use crate::error::Problem;

/// Collects what is wrong with a config.
#[derive(Debug, Default)]
pub struct Report(pub Vec<Problem>);

impl Report {
    /// A value that is not allowed, and what is.
    pub fn add(&mut self, path: &str, value: &impl Serialize, allowed: String) {
        let value = serde_json::to_string(value).unwrap_or_else(|error| error.to_string());
        self.0.push(Problem { path: path.to_owned(), value, allowed });
    }

    /// A number that must lie in a range.
    pub fn number(&mut self, path: &str, value: f64, range: Bounds) {
        if !(range.min..=range.max).contains(&value) {
            let allowed = format!("{} to {}", range.min, range.max);
            // Counts are told as people write them: 3, not 3.0.
            match value.fract() == 0.0 && value.abs() < 1e15 {
                true => self.add(path, &(value as i64), allowed),
                false => self.add(path, &value, allowed),
            }
        }
    }

    /// A list whose length and entries must lie in ranges.
    pub fn numbers(&mut self, path: &str, values: &[u32], count: Bounds, range: Bounds) {
        self.number(&format!("{path} (their number)"), values.len() as f64, count);
        for (index, &value) in values.iter().enumerate() {
            self.number(&format!("{path}[{index}]"), value.into(), range);
        }
    }
}
