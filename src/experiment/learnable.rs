//! Whether something is left to learn on: what a config does not tell, because it takes the digits' labels.

use super::config::Config;
use super::samples::transfer_ids;
use super::validate::Checked;
use crate::data::{Digits, is_label_hidden};
use crate::error::{Allowed, Error, Problem, Result};

/// Refuses a transfer set of which no picture is left, and one of which no label can be seen by a model that learns
/// from labels alone. For a valid config; a set whose pictures are not all loaded is passed over.
///
/// # Errors
/// [`Error::Config`] with every such set.
pub(super) fn check_learnable(config: &Config, digits: &Digits) -> Result<()> {
    let mut problems: Vec<Problem> = Vec::new();
    for checked in Checked::all(config).filter(|checked| checked.model.is_trained()) {
        let problem = problem_of(&checked, digits);
        // A set that models share is told once.
        problems.extend(problem.filter(|problem| !problems.contains(problem)));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Config { problems }) }
}

fn problem_of(checked: &Checked, digits: &Digits) -> Option<Problem> {
    let (set, path) = checked.transfer_set();
    let left = transfer_ids(set, checked.config.data.set, digits).ok()?;
    if left.is_empty() {
        let allowed = Allowed::PicturesLeft { of: set.digits };
        return Some(Problem::new(format!("{path}.leave_out"), &set.leave_out, allowed));
    }
    let needs_labels = checked.model.needs_labels() && set.unlabelled > 0.0;
    if needs_labels && left.iter().all(|id| is_label_hidden(*id, set.unlabelled, checked.config.seed)) {
        let allowed = Allowed::LabelsLeft { of: left.len() as u32 };
        return Some(Problem::new(format!("{path}.unlabelled"), &set.unlabelled, allowed));
    }
    None
}
