//! One training step of one model: its batch, its soft targets, its report.

use std::rc::Rc;

use web_time::Instant;

use super::event::Event;
use super::node::Phase;
use super::session::milliseconds_since;
use super::{Session, TransferSet};
use crate::data::{Batch, Digits};
use crate::distill::{Mix, combined_targets};
use crate::error::Result;
use crate::nets::Dropout;
use crate::train::{Inputs, Lesson};

/// Losses are read back at most this often: on a GPU every reading waits for the device.
const REPORT_EVERY_MS: f64 = 100.0;

/// A batch that has been gathered and uploaded, and what it was made from.
pub(super) struct Loaded {
    key: (TransferSet, u32, u32, u32),
    batch: Batch,
    inputs: Inputs,
}

impl Session {
    pub(super) async fn step(&mut self, index: usize, digits: &Digits, report_each: bool) -> Result<()> {
        let start = Instant::now();
        let loaded = self.load(index, digits)?;
        let taught = match self.nodes[index].teachers.is_empty() {
            true => None,
            false => Some(self.soft_targets(index, digits, &loaded.batch).await?),
        };
        let seed = self.config.seed;
        let node = &mut self.nodes[index];
        let mix = node.mix();
        let learning_rate = node.at(&node.training.learning_rate);
        let lesson = Lesson {
            taught: taught.map(|targets| (targets, mix)),
            optimiser: node.training.optimiser,
            learning_rate,
            weight_decay: node.training.weight_decay,
            dropout: Dropout::training(seed, node.step),
        };
        node.learner.step(&loaded.inputs, lesson);
        node.step += 1;
        let is_epoch_end = node.step.is_multiple_of(node.steps_per_epoch());
        let is_last = node.step == node.steps_total();
        if is_epoch_end {
            node.phase = Phase::Measuring;
            node.evaluation.clear();
        }
        node.elapsed_ms += milliseconds_since(start);
        let due = self.last_report.is_none_or(|last| milliseconds_since(last) >= REPORT_EVERY_MS);
        // The last step is always told, so that a curve of the losses reaches its end.
        if due || report_each || is_last {
            self.report(index, learning_rate, mix).await?;
        }
        Ok(())
    }

    /// The batch of a model's next step; models that are due the same batch share it.
    fn load(&mut self, index: usize, digits: &Digits) -> Result<Rc<Loaded>> {
        let seed = self.config.seed;
        let node = &mut self.nodes[index];
        let (epoch, step) = (node.epoch_index(), node.step % node.steps_per_epoch());
        let key = (node.transfer_set.clone(), node.training.batch_size, epoch, step);
        if let Some(loaded) = self.loaded.as_ref().filter(|loaded| loaded.key == key) {
            return Ok(Rc::clone(loaded));
        }
        node.order.shuffle(seed, epoch);
        let mut batch = Batch::gather(digits, node.order.batch(step as usize))?;
        batch.jitter(node.transfer_set.jitter_px, seed, epoch);
        let inputs = Inputs::upload(&batch, &self.engine);
        let loaded = Rc::new(Loaded { key, batch, inputs });
        self.loaded = Some(Rc::clone(&loaded));
        Ok(loaded)
    }

    /// Soft targets `n × 10` of a batch from a model's teachers, at its temperature.
    async fn soft_targets(&self, index: usize, digits: &Digits, batch: &Batch) -> Result<Vec<f32>> {
        let node = &self.nodes[index];
        let mut teachers = Vec::with_capacity(node.teachers.len());
        for &(teacher, weight) in &node.teachers {
            let teacher = &self.nodes[teacher];
            let logits = match node.transfer_set.jitter_px {
                0 => teacher.outputs.of(&teacher.learner, digits, &batch.ids).await?,
                // Jittered digits are new each epoch: what was kept is of other pictures.
                _ => teacher.learner.logits(batch.pixels.clone()).await?,
            };
            teachers.push((logits, weight));
        }
        Ok(combined_targets(&teachers, node.model.combine, node.mix().temperature))
    }

    async fn report(&mut self, index: usize, learning_rate: f64, mix: Mix) -> Result<()> {
        let node = &mut self.nodes[index];
        let sums = node.learner.loss_sums().await?;
        let (before, step_before) = node.reported;
        let recent = std::array::from_fn(|term| sums[term] - before[term]);
        let loss = node.loss_terms(recent, node.step - step_before);
        node.reported = (sums, node.step);
        let is_taught = !node.teachers.is_empty();
        self.events.push(Event::Step {
            session: self.id,
            model: node.name.clone(),
            step: node.step,
            epoch: (node.step - 1) / node.steps_per_epoch() + 1,
            loss,
            learning_rate,
            temperature: is_taught.then_some(mix.temperature),
            hard_weight: is_taught.then_some(mix.hard_weight),
        });
        // The last model of a round closes the report, so that all models of the round are in it.
        if self.nodes.iter().rposition(|node| node.phase == Phase::Training) <= Some(index) {
            self.last_report = Some(Instant::now());
        }
        Ok(())
    }
}
