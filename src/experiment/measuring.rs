//! Measuring a model at the end of an epoch, and what follows from it.

use web_time::Instant;

use super::Session;
use super::event::{Ended, Event, LossTerms};
use super::node::{Node, Phase};
use super::record::{self, EpochMeasures, PATIENCE_SPENT, TaskErrors};
use super::session::milliseconds_since;
use super::teachers::LOGITS;
use crate::data::{Batch, Digits, SampleId};
use crate::error::Result;
use crate::measure;
use crate::train::LossSums;

/// Digits measured in one go; keeps a call of [`Session::advance`] near its budget.
pub(super) const MEASURED_AT_ONCE: usize = 1_000;

impl Session {
    /// Measures some more digits of a model; after the last, the epoch is told.
    pub(super) async fn measure(&mut self, index: usize, digits: &Digits) -> Result<()> {
        let start = Instant::now();
        self.know_labels(digits)?;
        let node = &mut self.nodes[index];
        let held_out = if node.training.early_stop.is_some() { self.validation.as_slice() } else { &[] };
        let done = node.evaluation.len() / node.outputs();
        let all = self.evaluated.len() + held_out.len();
        let ids: Vec<SampleId> =
            self.evaluated.iter().chain(held_out).skip(done).take(MEASURED_AT_ONCE).copied().collect();
        let logits = match node.pretrained {
            true => node.outputs.of(&node.learner, LOGITS, digits, &ids).await?,
            false => node.learner.logits(Batch::gather(digits, &ids)?.pixels).await?,
        };
        node.evaluation.extend(logits);
        node.elapsed_ms += milliseconds_since(start);
        if done + ids.len() == all {
            self.end_epoch(index, digits).await?;
        }
        Ok(())
    }

    /// Looks the labels of the evaluated digits up, once; otherwise that is done when the first epoch has ended.
    ///
    /// # Errors
    /// [`Error::DigitsMissing`] when not all of them are loaded.
    pub fn know_labels(&mut self, digits: &Digits) -> Result<()> {
        if self.labels.is_empty() {
            check_loaded(&self.evaluated, digits)?;
            self.labels = labels_of(&self.evaluated, digits);
        }
        Ok(())
    }

    async fn end_epoch(&mut self, index: usize, digits: &Digits) -> Result<()> {
        let node = &mut self.nodes[index];
        let sums = if node.step == 0 { None } else { Some(node.learner.loss_sums().await?) };
        let loss = sums.as_ref().map(LossTerms::of);
        let failure = sums.and_then(|sums| node.first_not_finite(&sums));
        let held_out = labels_of(&self.validation, digits);
        let measures = epoch_measures(node, &self.labels, &held_out, loss.clone());
        let predictions = node.predictions_of(0, &node.evaluation[..self.labels.len() * node.outputs()]);
        node.predictions.push(predictions);
        node.measures.push(measures);
        node.learner.clear_losses();
        node.reported = LossSums::default();
        node.elapsed_ms = 0.0;
        let last = node.measures.len() - 1;
        let measures = record::with_agreement(self, index, last);
        let (session, model) = (self.id, self.nodes[index].name.clone());
        self.events.push(Event::Epoch { session, model: model.clone(), measures });

        let node = &mut self.nodes[index];
        if let Some(warning) = failure {
            self.stop(index, warning);
        } else if node.pretrained || node.step >= node.steps_total() || node.is_patience_spent() {
            node.weights_digest = crate::nets::weights_digest(&node.learner.weights().await?);
            node.phase = Phase::Trained;
            let ended = if node.step < node.steps_total() { Ended::PatienceSpent } else { Ended::AllEpochs };
            node.stopped = (ended == Ended::PatienceSpent).then(|| PATIENCE_SPENT.to_owned());
            self.events.push(Event::ModelDone { session, model, ended });
        } else {
            node.phase = Phase::Training;
        }
        self.release();
        Ok(())
    }
}

fn check_loaded(ids: &[SampleId], digits: &Digits) -> Result<()> {
    match ids.iter().find(|id| digits.label(**id).is_none()) {
        None => Ok(()),
        Some(id) => {
            let needed = ids.iter().map(|id| id.index).max().unwrap_or(0) + 1;
            Err(digits.missing(id.split, needed))
        }
    }
}

/// Labels of loaded digits.
pub(super) fn labels_of(ids: &[SampleId], digits: &Digits) -> Vec<u8> {
    ids.iter().filter_map(|id| digits.label(*id)).collect()
}

fn epoch_measures(
    node: &Node,
    labels: &[u8],
    held_out_labels: &[u8],
    loss: Option<LossTerms>,
) -> EpochMeasures {
    let (logits, held_out) = node.evaluation.split_at(labels.len() * node.outputs());
    let evaluated = labels.len() as u32;
    let wrong = |place: usize, logits: &[f32], labels: &[u8]| {
        let classes = node.heads[place].task.classes_of(labels);
        measure::wrong(&node.predictions_of(place, logits), &classes).len() as u32
    };
    let errors = wrong(0, logits, labels);
    let other_tasks = node
        .heads
        .iter()
        .enumerate()
        .skip(1)
        .map(|(place, head)| TaskErrors { task: head.task, errors: wrong(place, logits, labels) });
    let first = &node.heads[0];
    EpochMeasures {
        epoch: node.step.checked_div(node.steps_per_epoch()).unwrap_or(0),
        step: node.step,
        errors,
        evaluated,
        errors_interval: measure::wilson_interval(errors, evaluated),
        loss,
        agreement: None,
        calibration_error: measure::expected_calibration_error(
            &node.logits_of(0, logits),
            first.outputs.len(),
            &first.task.classes_of(labels),
        ),
        validation_errors: (!held_out.is_empty()).then(|| wrong(0, held_out, held_out_labels)),
        other_tasks: other_tasks.collect(),
        teachers_errors: None,
        elapsed_ms: node.elapsed_ms,
    }
}
