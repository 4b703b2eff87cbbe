//! Validation, in layers: what a layer refuses is not looked at by those after it, so that each may rely on the ones
//! before. Nothing is listed, and no room is taken, by a number before its range has been checked.

mod checked;
mod networks;
mod objectives;
mod ranges;
mod references;

pub(super) use checked::Checked;
#[cfg(feature = "cli")]
pub use ranges::RANGES;

use super::config::Config;
use crate::error::{Error, Problem, Result};
use crate::json;
use crate::report::Report;

/// The layers, each with what it may rely on from those before it.
const LAYERS: [fn(&Config, &mut Report); 4] = [
    // Every number and name by itself.
    ranges::check,
    // Names of other models; fields of the split and of transfer sets against one another.
    references::check,
    // Networks and tasks against one another: every model and its source exists, sizes are within their ranges.
    networks::check,
    // What is learnt, from whom and on what: networks can be laid out, and their layers listed.
    objectives::check,
];

impl Config {
    /// Reads a config from JSON.
    ///
    /// # Errors
    /// [`Error::Parse`] for what is no JSON, [`Error::Config`] naming the field that cannot be read.
    pub fn from_json(text: &str) -> Result<Self> {
        json::read_config("config", text)
    }

    /// Refuses a config that cannot run.
    ///
    /// # Errors
    /// [`Error::Config`] with every problem of the first layer that has one.
    pub fn validate(&self) -> Result<()> {
        match self.problems() {
            problems if problems.is_empty() => Ok(()),
            problems => Err(Error::Config { problems }),
        }
    }

    /// Everything that is wrong with it in the first layer of checks that finds anything; empty when it can run.
    pub fn problems(&self) -> Vec<Problem> {
        let mut report = Report::default();
        for check in LAYERS {
            check(self, &mut report);
            if !report.problems.is_empty() {
                break;
            }
        }
        report.problems
    }
}
