//! The report of a validation: the problems found so far, each with its path, its value and what is allowed.

use serde::Serialize;

use crate::bounds::Bounds;
use crate::error::{Allowed, Problem};

/// Most problems that are told: whoever has so many mends some before the others matter.
const MOST: usize = 100;

/// Collects what is wrong with a config.
#[derive(Debug, Default)]
pub struct Report {
    pub problems: Vec<Problem>,
}

impl Report {
    /// A value that is not allowed, and what is.
    pub fn add(&mut self, path: impl Into<String>, value: &impl Serialize, allowed: Allowed) {
        if self.problems.len() < MOST {
            let problem = Problem::new(path, value, allowed);
            // What several models share is wrong once.
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
    }

    /// A number that must lie in a range.
    pub fn number(&mut self, path: &str, value: f64, range: Bounds) {
        let Bounds { min, max } = range;
        if !(min..=max).contains(&value) {
            self.add(path, &value, Allowed::Range { min, max });
        }
    }

    /// A whole number that must lie in a range.
    pub fn whole(&mut self, path: &str, value: u32, range: Bounds) {
        if !(range.min..=range.max).contains(&f64::from(value)) {
            self.add(path, &value, Allowed::Whole { min: range.min as u64, max: range.max as u64 });
        }
    }

    /// A list or a map, `found` entries long, whose length must lie in a range; there may be no end to it.
    pub fn entries(&mut self, path: &str, value: &impl Serialize, found: usize, range: Bounds) {
        if !(range.min..=range.max).contains(&(found as f64)) {
            let (min, max) = (range.min as u64, range.max.is_finite().then_some(range.max as u64));
            self.add(path, value, Allowed::Entries { min, max, found: found as u64 });
        }
    }

    /// A list that must not be empty.
    pub fn some<T: Serialize>(&mut self, path: &str, list: &[T]) {
        if list.is_empty() {
            self.add(path, &list, Allowed::Entries { min: 1, max: None, found: 0 });
        }
    }
}
