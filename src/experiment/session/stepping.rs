//! One training step of one model: its batch, its soft targets, its report.

use std::rc::Rc;

use web_time::Instant;

use super::node::Node;
use super::progress::Phase;
use super::{Session, milliseconds_since};
use crate::data::{Batch, Digits, Head, SampleId};
use crate::distill::{HardMix, SoftMix, combined_logits, combined_targets};
use crate::error::Result;
use crate::experiment::config::{TaskSet, TransferSet};
use crate::experiment::event::{Event, LossTerms};
use crate::experiment::initial_weights;
use crate::experiment::learnt::{Moment, learnt};
use crate::nets::{Dropout, LayerKind};
use crate::train::{Inputs, LOGITS, StepInputs, Update};

/// Losses are read back at most this often: on a GPU every reading waits for the device.
const REPORT_EVERY_MS: f64 = 100.0;

/// A batch that has been gathered and uploaded, and what it was made from.
pub(super) struct Loaded {
    key: (TransferSet, Vec<TaskSet>, u32, u32, u32),
    inputs: Inputs,
}

/// What teachers show of a batch, by their indices and the names of layers.
#[derive(Default)]
struct Told(Vec<(usize, String, Vec<f32>)>);

impl Told {
    fn of(&self, teacher: usize, layer: &str) -> &[f32] {
        let found = self.0.iter().find(|(of, name, _)| *of == teacher && name == layer);
        found.map_or(&[], |(_, _, values)| values)
    }
}

impl Session {
    pub(super) async fn step(&mut self, index: usize, digits: &Digits, report_each: bool) -> Result<()> {
        let start = Instant::now();
        let noted_ms = self.forecast.borrow().noted_ms();
        let plan = Rc::clone(&self.nodes[index].plan);
        let step = self.nodes[index].progress.step;
        if step == 0 {
            self.initialise(index).await?;
        }
        if let Some(predecessor) = plan.replaces.filter(|_| self.nodes[index].learner.lacks_predecessor()) {
            let predecessor = self.nodes[predecessor].checkpoint().await?;
            self.nodes[index].learner.set_predecessor(&predecessor);
        }
        if plan.steps_total() == 0 {
            self.nodes[index].progress.phase = Phase::Measuring;
            return Ok(());
        }
        let loaded = self.load(index, digits)?;
        let told = self.told(index, digits, &loaded.inputs.batch).await?;
        let (hard, soft_mix) = (plan.hard_mix(step), plan.soft_mix(step));
        // Worked out in steps in which it has no weight too: its mean is over all digits then.
        let soft = plan
            .hears_soft_targets()
            .then(|| (self.soft_targets(index, &told, &loaded, &soft_mix), soft_mix));
        let imitated = self.imitated(index, &told).await?;
        let update = Update {
            learning_rate: plan.at(&plan.training.learning_rate, step),
            weight_decay: plan.training.weight_decay,
            max_norm: plan.training.max_norm,
        };
        let learning_rate = update.learning_rate;
        let step_inputs = StepInputs {
            hard,
            soft,
            imitated,
            optimiser: plan.training.optimiser,
            update,
            dropout: Dropout::training(self.config.seed, step),
            progress: f64::from(step + 1) / f64::from(plan.steps_total()),
        };
        let node = &mut self.nodes[index];
        node.learner.step(&loaded.inputs, step_inputs);
        let progress = &mut node.progress;
        progress.step += 1;
        let is_last = progress.step == plan.steps_total();
        if progress.step.is_multiple_of(plan.steps_per_epoch) {
            progress.phase = Phase::Measuring;
            progress.evaluation.clear();
        }
        progress.elapsed_ms += milliseconds_since(start);
        let due = self.last_report.is_none_or(|last| milliseconds_since(last) >= REPORT_EVERY_MS);
        // The last step is always told, so that a curve of the losses reaches its end.
        if due || report_each || is_last {
            self.report(index, learning_rate, hard, soft_mix).await?;
        }
        // What others were asked meanwhile is theirs.
        let mut forecast = self.forecast.borrow_mut();
        let asking_ms = forecast.noted_ms() - noted_ms;
        forecast.learned(index, loaded.inputs.batch.ids.len(), milliseconds_since(start) - asking_ms);
        drop(forecast);
        Ok(())
    }

    /// Makes a model's initial weights of those of trained ones, if its config says so.
    async fn initialise(&mut self, index: usize) -> Result<()> {
        let plan = Rc::clone(&self.nodes[index].plan);
        if plan.initialised_from.is_none() && plan.compressed_by.is_empty() {
            return Ok(());
        }
        let mut weights = initial_weights::drawn(&plan.name, &plan.net, &self.config);
        if let Some((from, transform)) = &plan.initialised_from {
            weights = transform.derive(&plan.net, weights, &self.nodes[*from].checkpoint().await?);
        }
        for (other, way) in &plan.compressed_by {
            way.begin(&plan.net.layout(), &mut weights, &self.nodes[*other].learner.weights().await?);
        }
        self.nodes[index].learner.set_weights(weights);
        Ok(())
    }

    /// The batch of a model's next step; models that are due the same batch share it.
    fn load(&mut self, index: usize, digits: &Digits) -> Result<Rc<Loaded>> {
        let seed = self.config.seed;
        let node = &mut self.nodes[index];
        let plan = &node.plan;
        let (epoch, step) = (plan.epochs_in(node.progress.step), node.progress.step % plan.steps_per_epoch);
        let (set, tasks) = (plan.transfer_set.clone(), plan.model.tasks.clone());
        let key = (set, tasks, plan.training.batch_size, epoch, step);
        if let Some(loaded) = self.loaded.as_ref().filter(|loaded| loaded.key == key) {
            return Ok(Rc::clone(loaded));
        }
        node.batches.shuffle(seed, epoch);
        let (ids, asked) = (node.batches.batch(step as usize), node.batches.tasks(step as usize));
        let batch = learnt(&plan.transfer_set, digits, ids, asked, Moment { seed, epoch, step })?;
        let inputs = Inputs::new(batch, &plan.heads);
        let loaded = Rc::new(Loaded { key, inputs });
        self.loaded = Some(Rc::clone(&loaded));
        Ok(loaded)
    }

    /// What a model's teachers show of its batch, each of them in one pass.
    async fn told(&self, student: usize, digits: &Digits, batch: &Batch) -> Result<Told> {
        let plan = Rc::clone(&self.nodes[student].plan);
        let mut told = Told::default();
        for (teacher, layers) in plan.asks() {
            let Node { learner, outputs, .. } = &self.nodes[teacher];
            let start = Instant::now();
            let (shown, run_on) = match plan.transfer_set.changes_inputs() {
                // Changed digits are new each epoch: what was kept is of other pictures.
                true => (learner.show(batch.pixels.clone(), &layers).await?, batch.ids.len()),
                false => {
                    let run_on = outputs.ask(learner, &layers, digits, &batch.ids).await?;
                    (layers.iter().map(|layer| outputs.rows(layer, &batch.ids)).collect(), run_on)
                }
            };
            told.0.extend(
                layers.into_iter().zip(shown).map(|(layer, values)| (teacher, layer.to_owned(), values)),
            );
            self.forecast.borrow_mut().answered(teacher, run_on, milliseconds_since(start));
        }
        Ok(told)
    }

    /// For each task asked in a batch its soft targets `digits × classes`, from the model's teachers of that task at
    /// its temperature; logits where the term compares those.
    fn soft_targets(&self, index: usize, told: &Told, loaded: &Loaded, mix: &SoftMix) -> Vec<Vec<f32>> {
        let teachers = &self.nodes[index].plan.teachers;
        let teachers = teachers
            .iter()
            .map(|&(teacher, weight)| (&self.nodes[teacher].plan, told.of(teacher, LOGITS), weight));
        let shown: Vec<_> = teachers.collect();
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
        tasks.collect()
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
        let (model, classes) = (&self.nodes[index].plan.model, head.outputs.len());
        let mut targets = combined_targets(teachers, classes, model.combine, mix.softening());
        if let Some(ablation) = model.objective.ablation {
            let ids: Vec<SampleId> = rows.iter().map(|&row| batch.ids[row]).collect();
            let labels: Vec<u8> = rows.iter().map(|&row| batch.labels[row]).collect();
            ablation.apply(&mut targets, &ids, &head.task.classes_of(&labels), self.config.seed);
        }
        mix.term.prepare(&mut targets, classes);
        targets
    }

    /// For each imitation of a model: its weight now, and the teacher's layers of a batch.
    async fn imitated(&self, index: usize, told: &Told) -> Result<Vec<(f64, Vec<Vec<f32>>)>> {
        let node = &self.nodes[index];
        let mut imitated = Vec::with_capacity(node.plan.imitates.len());
        for imitates in &node.plan.imitates {
            let mut layers = Vec::with_capacity(imitates.plan.pairs.len());
            for layer in imitates.plan.pairs.iter().map(|pair| &pair.teacher) {
                let teacher = &self.nodes[imitates.teacher];
                layers.push(match layer.kind {
                    LayerKind::Weights => teacher.outputs.parameter(&teacher.learner, &layer.name).await?,
                    _ => told.of(imitates.teacher, &layer.name).to_vec(),
                });
            }
            imitated.push((node.plan.at(&imitates.weight, node.progress.step), layers));
        }
        Ok(imitated)
    }

    async fn report(&mut self, index: usize, learning_rate: f64, hard: HardMix, soft: SoftMix) -> Result<()> {
        let node = &mut self.nodes[index];
        let sums = node.learner.loss_sums().await?;
        let Node { plan, progress, .. } = node;
        let loss = LossTerms::of(&sums.since(&progress.reported));
        progress.reported = sums;
        let is_taught = !plan.teachers.is_empty();
        self.events.push(Event::Step {
            session: self.id,
            model: plan.name.clone(),
            step: progress.step,
            epoch: plan.epochs_in(progress.step - 1) + 1,
            loss,
            learning_rate,
            temperature: is_taught.then_some(soft.temperature),
            hard_weight: is_taught.then_some(hard.weight),
        });
        // The last model of a round closes the report, so that all models of the round are in it.
        if self.nodes.iter().rposition(|node| node.progress.phase == Phase::Training) <= Some(index) {
            self.last_report = Some(Instant::now());
        }
        Ok(())
    }
}
