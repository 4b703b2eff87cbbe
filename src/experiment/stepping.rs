//! One training step of one model: its batch, its soft targets, its report.

use std::cell::OnceCell;
use std::rc::Rc;

use web_time::Instant;

use super::event::{Event, LossTerms};
use super::node::{Phase, initial_weights};
use super::session::milliseconds_since;
use super::teachers::{LOGITS, show};
use super::{Session, TaskSet, TransferSet};
use crate::data::{Batch, Digits, Head, Others, SampleId};
use crate::distill::{HardMix, SoftMix, combined_logits, combined_targets};
use crate::error::Result;
use crate::nets::{Checkpoint, Dropout, LayerKind};
use crate::train::{Inputs, StepInputs, Update};

/// Losses are read back at most this often: on a GPU every reading waits for the device.
const REPORT_EVERY_MS: f64 = 100.0;

/// A batch that has been gathered and uploaded, and what it was made from.
pub(super) struct Loaded {
    key: (TransferSet, Vec<TaskSet>, u32, u32, u32),
    inputs: Inputs,
}

impl Session {
    pub(super) async fn step(&mut self, index: usize, digits: &Digits, report_each: bool) -> Result<()> {
        let start = Instant::now();
        if self.nodes[index].step == 0 {
            self.derive(index).await?;
        }
        if self.nodes[index].steps_total() == 0 {
            self.nodes[index].phase = Phase::Measuring;
            return Ok(());
        }
        let loaded = self.load(index, digits)?;
        let soft_mix = self.nodes[index].soft_mix();
        // Worked out in steps in which it has no weight too: its mean is over all digits then.
        let soft = match self.nodes[index].hears_soft_targets() {
            true => Some((self.soft_targets(index, digits, &loaded, &soft_mix).await?, soft_mix)),
            false => None,
        };
        let imitated = self.imitated(index, digits, &loaded.inputs.batch).await?;
        let seed = self.config.seed;
        let node = &mut self.nodes[index];
        let hard = node.hard_mix();
        let update = Update {
            learning_rate: node.at(&node.training.learning_rate),
            weight_decay: node.training.weight_decay,
            max_norm: node.training.max_norm,
        };
        let learning_rate = update.learning_rate;
        let step_inputs = StepInputs {
            hard,
            soft,
            imitated,
            optimiser: node.training.optimiser,
            update,
            dropout: Dropout::training(seed, node.step),
        };
        node.learner.step(&loaded.inputs, step_inputs);
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
            self.report(index, learning_rate, hard, soft_mix).await?;
        }
        Ok(())
    }

    /// Makes a model's first weights of those of a trained one, if its config says so.
    async fn derive(&mut self, index: usize) -> Result<()> {
        let node = &self.nodes[index];
        if let Some((from, transform)) = &node.derives {
            let source = &self.nodes[*from].learner;
            let source = Checkpoint { net: source.net().clone(), weights: source.weights().await? };
            let net = node.learner.net();
            let drawn = initial_weights(&node.name, net, &self.config);
            let weights = transform.derive(net, drawn, &source);
            self.nodes[index].learner.set_weights(weights);
        }
        Ok(())
    }

    /// The batch of a model's next step; models that are due the same batch share it.
    fn load(&mut self, index: usize, digits: &Digits) -> Result<Rc<Loaded>> {
        let seed = self.config.seed;
        let node = &mut self.nodes[index];
        let (epoch, step) = (node.epoch_index(), node.step % node.steps_per_epoch());
        let (set, tasks) = (node.transfer_set.clone(), node.model.tasks.clone());
        let key = (set, tasks, node.training.batch_size, epoch, step);
        if let Some(loaded) = self.loaded.as_ref().filter(|loaded| loaded.key == key) {
            return Ok(Rc::clone(loaded));
        }
        node.order.shuffle(seed, epoch);
        let mut batch = Batch::gather(digits, node.order.batch(step as usize))?;
        batch.tasks.copy_from_slice(node.order.tasks(step as usize));
        let set = &node.transfer_set;
        batch.hide_labels(set.unlabelled, seed);
        let others = Others { digits, pool: set.digits, unlabelled: set.unlabelled, seed };
        for (place, augmentation) in set.augment.iter().enumerate() {
            augmentation.apply(&mut batch, &others, epoch, place);
        }
        batch.jitter(set.jitter_px, seed, epoch);
        let inputs = Inputs::new(batch, &node.heads, &self.engine);
        let loaded = Rc::new(Loaded { key, inputs });
        self.loaded = Some(Rc::clone(&loaded));
        Ok(loaded)
    }

    /// For each task asked in a batch its soft targets `digits × classes`, from the model's teachers of that task at its
    /// temperature; logits where the term compares those.
    async fn soft_targets(
        &self,
        index: usize,
        digits: &Digits,
        loaded: &Loaded,
        mix: &SoftMix,
    ) -> Result<Vec<Vec<f32>>> {
        let mut shown = Vec::new();
        for &(teacher, weight) in &self.nodes[index].teachers {
            let logits = self.shown(teacher, LOGITS, index, digits, &loaded.inputs.batch).await?;
            shown.push((&self.nodes[teacher], logits, weight));
        }
        let tasks = loaded.inputs.tasks.iter().map(|task| {
            let rows = &task.rows;
            let teachers: Vec<(Vec<f32>, f64)> = shown
                .iter()
                .filter_map(|(teacher, logits, weight)| {
                    let logits = teacher.logits_of(teacher.place_of(task.head.task)?, logits);
                    let classes = task.head.outputs.len();
                    let part =
                        rows.iter().flat_map(|row| &logits[row * classes..(row + 1) * classes]).copied();
                    Some((part.collect(), *weight))
                })
                .collect();
            self.targets_of(index, &task.head, &teachers, rows, &loaded.inputs.batch, mix)
        });
        Ok(tasks.collect())
    }

    /// Soft targets of one task, from its teachers' logits on the rows of a batch that it is asked for.
    fn targets_of(
        &self,
        index: usize,
        head: &Head,
        teachers: &[(Vec<f32>, f64)],
        rows: &[usize],
        batch: &Batch,
        mix: &SoftMix,
    ) -> Vec<f32> {
        if mix.term.compares_logits() {
            return combined_logits(teachers);
        }
        let model = &self.nodes[index].model;
        let mut targets = combined_targets(teachers, head.outputs.len(), model.combine, mix.temperature);
        if let Some(ablation) = model.objective.ablation {
            let ids: Vec<SampleId> = rows.iter().map(|&row| batch.ids[row]).collect();
            let labels: Vec<u8> = rows.iter().map(|&row| batch.labels[row]).collect();
            ablation.apply(&mut targets, &ids, &head.task.classes_of(&labels), self.config.seed);
        }
        targets
    }

    /// For each imitation of a model: its weight now, and the teacher's layers of a batch.
    async fn imitated(
        &self,
        index: usize,
        digits: &Digits,
        batch: &Batch,
    ) -> Result<Vec<(f64, Vec<Vec<f32>>)>> {
        let node = &self.nodes[index];
        let mut imitated = Vec::with_capacity(node.imitates.len());
        for imitates in &node.imitates {
            let mut layers = Vec::with_capacity(imitates.layers.len());
            for (layer, weights) in imitates.layers.iter().zip(&imitates.weights) {
                layers.push(match layer.kind {
                    LayerKind::Weights => self.weights_of(imitates.teacher, &layer.name, weights).await?,
                    _ => self.shown(imitates.teacher, &layer.name, index, digits, batch).await?,
                });
            }
            imitated.push((node.at(&imitates.weight), layers));
        }
        Ok(imitated)
    }

    /// Weights of a teacher, read from it once.
    async fn weights_of(&self, teacher: usize, name: &str, kept: &OnceCell<Vec<f32>>) -> Result<Vec<f32>> {
        if let Some(weights) = kept.get() {
            return Ok(weights.clone());
        }
        let weights = self.nodes[teacher].learner.parameter(name).await?;
        Ok(kept.get_or_init(|| weights).clone())
    }

    /// What a teacher shows of a student's batch.
    async fn shown(
        &self,
        teacher: usize,
        layer: &str,
        student: usize,
        digits: &Digits,
        batch: &Batch,
    ) -> Result<Vec<f32>> {
        let teacher = &self.nodes[teacher];
        match self.nodes[student].transfer_set.changes_inputs() {
            // Changed digits are new each epoch: what was kept is of other pictures.
            true => show(&teacher.learner, layer, batch.pixels.clone()).await,
            false => teacher.outputs.of(&teacher.learner, layer, digits, &batch.ids).await,
        }
    }

    async fn report(&mut self, index: usize, learning_rate: f64, hard: HardMix, soft: SoftMix) -> Result<()> {
        let node = &mut self.nodes[index];
        let sums = node.learner.loss_sums().await?;
        let loss = LossTerms::of(&sums.since(&node.reported));
        node.reported = sums;
        let is_taught = !node.teachers.is_empty();
        self.events.push(Event::Step {
            session: self.id,
            model: node.name.clone(),
            step: node.step,
            epoch: (node.step - 1) / node.steps_per_epoch() + 1,
            loss,
            learning_rate,
            temperature: is_taught.then_some(soft.temperature),
            hard_weight: is_taught.then_some(hard.weight),
        });
        // The last model of a round closes the report, so that all models of the round are in it.
        if self.nodes.iter().rposition(|node| node.phase == Phase::Training) <= Some(index) {
            self.last_report = Some(Instant::now());
        }
        Ok(())
    }
}
