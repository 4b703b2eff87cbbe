//! Measuring a model at the end of an epoch, and what follows from it.

use web_time::Instant;

use super::node::Node;
use super::progress::{Answering, MeasuredEpoch, Phase};
use super::{Session, milliseconds_since};
use crate::compress::Stored;
use crate::data::{Batch, Digits, PIXELS, SampleId};
use crate::error::Result;
use crate::experiment::event::{Ended, Event, LossTerms};
use crate::experiment::outputs::ROWS;
use crate::experiment::record::{EpochMeasures, PATIENCE_SPENT, TaskErrors, TrainingMeasures};
use crate::experiment::timing::time_answers;
use crate::experiment::warning::{LossTerm, Warning};
use crate::measure;
use crate::train::{LOGITS, LossSums};

/// Digits measured in one go; keeps a call of [`Session::advance`] near its budget.
pub(super) const MEASURED_AT_ONCE: usize = 1_000;

impl Session {
    /// Measures some more digits of a model; after the last, the epoch is told.
    pub(super) async fn measure(&mut self, index: usize, digits: &Digits) -> Result<()> {
        let start = Instant::now();
        self.know_labels(digits)?;
        let node = &mut self.nodes[index];
        let held_out = if node.plan.training.early_stop.is_some() { self.validation.as_slice() } else { &[] };
        let sample = &node.training_sample;
        let done = node.progress.evaluation.len() / node.plan.outputs();
        let all = self.evaluated.len() + held_out.len() + sample.len();
        let measured = self.evaluated.iter().chain(held_out).chain(sample);
        let ids: Vec<SampleId> = measured.skip(done).take(MEASURED_AT_ONCE).copied().collect();
        let kept = node.outputs.kept(LOGITS);
        let logits = match node.plan.pretrained {
            true => node.outputs.of(&node.learner, LOGITS, digits, &ids).await?,
            false => node.learner.logits(Batch::gather(digits, &ids)?.pixels).await?,
        };
        node.progress.evaluation.extend(logits);
        let ms = milliseconds_since(start);
        node.progress.elapsed_ms += ms;
        let run_on = if node.plan.pretrained { node.outputs.kept(LOGITS) - kept } else { ids.len() };
        self.forecast.borrow_mut().answered(index, run_on, ms);
        if done + ids.len() == all {
            self.end_epoch(index, digits).await?;
        }
        Ok(())
    }

    /// Times a model on digits that it was measured on, as many at once; rows filled up with blank ones are of a number
    /// that every kernel is compiled for.
    pub(super) async fn time(&mut self, index: usize, digits: &Digits) -> Result<()> {
        let ids = &self.evaluated[..self.evaluated.len().min(MEASURED_AT_ONCE)];
        let mut pixels = Batch::gather(digits, ids)?.pixels;
        pixels.resize(ids.len().next_multiple_of(ROWS) * PIXELS, 0.0);
        let Node { plan, progress, learner, .. } = &mut self.nodes[index];
        let microseconds = time_answers(learner, &pixels).await?;
        progress.answering = Answering::Timed(microseconds);
        if let Some(microseconds_a_digit) = microseconds {
            let (session, model) = (self.id, plan.name.clone());
            self.events.push(Event::Timed { session, model, microseconds_a_digit });
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
        let sums = if node.progress.step == 0 { None } else { Some(node.learner.loss_sums().await?) };
        let failure = sums.as_ref().and_then(|sums| node.first_not_finite(sums));
        let is_patient = node.plan.training.early_stop.is_some();
        let held_out = if is_patient { labels_of(&self.validation, digits) } else { Vec::new() };
        let sample = labels_of(&node.training_sample, digits);
        let labels = MeasuredLabels { evaluated: &self.labels, held_out: &held_out, training: &sample };
        node.end_epoch(labels, sums.as_ref().map(LossTerms::of));
        let measures = self.with_agreement(index, self.nodes[index].progress.epochs.len() - 1);
        let (session, model) = (self.id, self.nodes[index].plan.name.clone());
        self.events.push(Event::Epoch { session, model: model.clone(), measures });

        let node = &mut self.nodes[index];
        let is_last = node.progress.step >= node.plan.steps_total();
        let patience = node.plan.training.early_stop;
        if let Some(warning) = failure {
            self.stop(index, warning);
        } else if is_last || patience.is_some_and(|patience| node.progress.is_patience_spent(patience)) {
            let trained = node.checkpoint().await?;
            node.progress.weights_digest = crate::nets::weights_digest(&trained.weights);
            let stored = Stored::of(&model, &trained, &node.plan.model.compress)?;
            node.progress.stored = Some(stored);
            node.progress.phase = Phase::Trained;
            node.progress.stopped = (!is_last).then(|| PATIENCE_SPENT.to_owned());
            let ended = if is_last { Ended::AllEpochs } else { Ended::PatienceSpent };
            self.events.push(Event::ModelDone { session, model, ended, stored });
        } else {
            node.progress.phase = Phase::Training;
        }
        self.release();
        Ok(())
    }
}

/// Labels of everything that a model was measured on, in the order in which it was.
#[derive(Clone, Copy)]
struct MeasuredLabels<'a> {
    evaluated: &'a [u8],
    held_out: &'a [u8],
    /// Of digits that it learns on.
    training: &'a [u8],
}

impl Node {
    /// Takes down what was measured, and begins the next epoch's sums.
    fn end_epoch(&mut self, labels: MeasuredLabels, loss: Option<LossTerms>) {
        let measures = self.epoch_measures(labels, loss);
        let logits = &self.progress.evaluation[..labels.evaluated.len() * self.plan.outputs()];
        let predictions = self.plan.predictions_of(0, logits);
        self.progress.epochs.push(MeasuredEpoch { measures, predictions });
        self.progress.reported = LossSums::default();
        self.progress.elapsed_ms = 0.0;
        self.learner.clear_losses();
    }

    /// Where a loss stopped being a finite number in the epoch that has ended. Where all were finite and what it was
    /// measured by is not, the next step's would not have been.
    fn first_not_finite(&self, sums: &LossSums) -> Option<Warning> {
        let steps = self.plan.steps_per_epoch;
        let imitated = (0..).zip(&sums.imitated).map(|(index, sum)| (LossTerm::Imitated(index), sum));
        // The total goes last among equals: it is never the cause.
        let terms = [(LossTerm::Hard, &sums.hard), (LossTerm::Soft, &sums.soft)].into_iter();
        let terms = terms.chain(imitated).chain([(LossTerm::Total, &sums.total)]);
        let finite = terms.map(|(term, sum)| (term, sum.finite_steps as u32));
        let first = finite.min_by_key(|(_, finite)| *finite).filter(|(_, finite)| *finite < steps);
        let is_lost = self.progress.evaluation.iter().any(|logit| !logit.is_finite());
        let in_total = (LossTerm::Total, sums.total.finite_steps as u32);
        let (term, finite) = first.or(is_lost.then_some(in_total))?;
        let step = self.progress.step - steps + finite + 1;
        let learning_rate = self.plan.at(&self.plan.training.learning_rate, step);
        Some(Warning::LossNotFinite { term, step, learning_rate })
    }

    fn epoch_measures(&self, of: MeasuredLabels, loss: Option<LossTerms>) -> EpochMeasures {
        let Self { plan, progress, .. } = self;
        let labels = of.evaluated;
        let (logits, others) = progress.evaluation.split_at(labels.len() * plan.outputs());
        let (held_out, training) = others.split_at(of.held_out.len() * plan.outputs());
        let evaluated = labels.len() as u32;
        let wrong = |place: usize, logits: &[f32], labels: &[u8]| {
            let classes = plan.heads[place].task.classes_of(labels);
            measure::wrong(&plan.predictions_of(place, logits), &classes).len() as u32
        };
        let errors = wrong(0, logits, labels);
        let heads = plan.heads.iter().enumerate().skip(1);
        let other_tasks =
            heads.map(|(place, head)| TaskErrors { task: head.task, errors: wrong(place, logits, labels) });
        let first = &plan.heads[0];
        let mean_loss = |logits: &[f32], labels: &[u8]| {
            let classes = first.task.classes_of(labels);
            measure::cross_entropy(&plan.logits_of(0, logits), first.outputs.len(), &classes)
        };
        EpochMeasures {
            epoch: plan.epochs_in(progress.step),
            step: progress.step,
            errors,
            evaluated,
            errors_interval: measure::wilson_interval(errors, evaluated),
            loss,
            agreement: None,
            source_agreement: None,
            calibration_error: measure::expected_calibration_error(
                &plan.logits_of(0, logits),
                first.outputs.len(),
                &first.task.classes_of(labels),
            ),
            validation_errors: (!held_out.is_empty()).then(|| wrong(0, held_out, of.held_out)),
            evaluated_loss: mean_loss(logits, labels),
            training: (!training.is_empty()).then(|| TrainingMeasures {
                errors: wrong(0, training, of.training),
                evaluated: of.training.len() as u32,
                loss: mean_loss(training, of.training),
            }),
            other_tasks: other_tasks.collect(),
            teachers_errors: None,
            elapsed_ms: progress.elapsed_ms,
        }
    }
}

pub(super) fn check_loaded(ids: &[SampleId], digits: &Digits) -> Result<()> {
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
