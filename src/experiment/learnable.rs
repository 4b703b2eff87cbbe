//! Whether something is left to learn on: what a config does not tell, because it takes the digits' labels.

use super::config::{Config, Model, TransferSet};
use crate::data::{Digits, SampleId, is_label_hidden};
use crate::error::{Allowed, Error, Problem, Result};

/// Refuses a transfer set of which no picture is left, and one of which no label can be seen by a model that learns from
/// labels alone. For a valid config; a set whose pictures are not all loaded is passed over.
///
/// # Errors
/// [`Error::Config`] with every such set.
pub(super) fn check_learnable(config: &Config, digits: &Digits) -> Result<()> {
    let mut problems: Vec<Problem> = Vec::new();
    for (name, model) in config.models.iter().filter(|(_, model)| model.is_trained()) {
        let path = config.transfer_set_path(model, &format!("models.{name}"));
        let problem = problem_of(config.transfer_set_of(model), &path, model, config.seed, digits);
        // A set that models share is told once.
        problems.extend(problem.filter(|problem| !problems.contains(problem)));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Config { problems }) }
}

fn problem_of(set: &TransferSet, path: &str, model: &Model, seed: u32, digits: &Digits) -> Option<Problem> {
    let split = set.pictures.split();
    let ids = || (0..set.digits).map(|index| SampleId { split, index });
    if digits.loaded(split) < set.digits as usize {
        return None;
    }
    let is_left = |id: &SampleId| digits.label(*id).is_some_and(|label| !set.leave_out.contains(&label));
    let left = ids().filter(is_left);
    if left.clone().next().is_none() {
        let allowed = Allowed::PicturesLeft { of: set.digits };
        return Some(Problem::new(format!("{path}.leave_out"), &set.leave_out, allowed));
    }
    let needs_labels = model.needs_labels() && set.unlabelled > 0.0;
    if needs_labels && left.clone().all(|id| is_label_hidden(id, set.unlabelled, seed)) {
        let allowed = Allowed::LabelsLeft { of: left.count() as u32 };
        return Some(Problem::new(format!("{path}.unlabelled"), &set.unlabelled, allowed));
    }
    None
}
