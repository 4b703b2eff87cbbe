//! The session: the only driver of an experiment. It is pulled: whoever holds it asks it to advance for a
//! while and gets what happened; to pause is to stop asking, to cancel is to drop it.

use std::rc::Rc;

use web_time::Instant;

use super::config::Config;
use super::event::{Advance, Event, LossTerms, StartedModel};
use super::node::{Node, Phase, evaluated_ids, validation_ids};
use super::record::{self, Environment, EpochMeasures, Record};
use super::teachers::Library;
use crate::data::{Batch, CLASSES, Digits, SampleId, Split};
use crate::distill::combined_targets;
use crate::error::{Error, Result};
use crate::measure;
use crate::nets::{Checkpoint, Dropout};
use crate::train::{Engine, Inputs, Lesson};

/// Digits measured in one go; keeps a call of [`Session::advance`] near its budget.
const MEASURED_AT_ONCE: usize = 1_000;

/// Losses are read back at most this often: on a GPU every reading waits for the device.
const REPORT_EVERY_MS: f64 = 100.0;

/// How far one call of [`Session::advance`] goes; whichever ends first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Milliseconds; a step under way is finished.
    pub ms: f64,
    /// Steps of each model in training; 0: no limit.
    pub steps: u32,
}

/// A batch that has been gathered and uploaded, and what it was made from.
pub(super) struct Loaded {
    key: (super::TransferSet, u32, u32, u32),
    batch: Batch,
    inputs: Inputs,
}

/// A running experiment.
pub struct Session {
    pub(super) id: u32,
    pub(super) config: Config,
    pub(super) engine: Engine,
    pub(super) nodes: Vec<Node>,
    pub(super) evaluated: Vec<SampleId>,
    /// Labels of the evaluated digits.
    pub(super) labels: Vec<u8>,
    /// Held-out digits, measured beside the evaluated ones by models that may stop early.
    validation: Vec<SampleId>,
    loaded: Option<Rc<Loaded>>,
    events: Vec<Event>,
    last_report: Option<Instant>,
    pub(super) is_done: bool,
}

impl Session {
    /// Sets an experiment up; nothing is trained yet.
    ///
    /// # Errors
    /// [`Error::Config`] with every problem; [`Error::DigitsMissing`] when digits it needs are not loaded;
    /// [`Error::Unknown`] or [`Error::Checkpoint`] when a pretrained model is not at hand or another network.
    pub fn new(id: u32, config: Config, digits: &Digits, engine: &Engine, library: &Library) -> Result<Self> {
        config.validate()?;
        let evaluated = evaluated_ids(&config);
        let validation = validation_ids(&config);
        check_loaded(&evaluated, digits)?;
        let nets = config.nets();
        let nodes = config
            .models
            .keys()
            .map(|name| Node::new(name, nets[name].clone(), &config, digits, engine, library))
            .collect::<Result<Vec<_>>>()?;
        if nodes.iter().any(|node| node.training.early_stop.is_some()) {
            check_loaded(&validation, digits)?;
        }
        let mut session = Self {
            id,
            engine: engine.clone(),
            nodes,
            labels: labels_of(&evaluated, digits),
            evaluated,
            validation,
            loaded: None,
            events: Vec::new(),
            last_report: None,
            is_done: false,
            config,
        };
        session.events.push(session.started());
        session.release();
        Ok(session)
    }

    /// Trains on until the budget is spent or everything is done, and tells what happened.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails; [`Error::DigitsMissing`] cannot happen for a session that was made.
    pub async fn advance(&mut self, digits: &Digits, budget: Budget) -> Result<Advance> {
        let start = Instant::now();
        let training = self.nodes.iter().filter(|node| node.phase == Phase::Training).count() as u32;
        let mut steps_left = budget.steps.saturating_mul(training.max(1));
        while !self.is_done {
            if let Some(index) = self.next_to_measure() {
                self.measure(index, digits).await?;
            } else if let Some(index) = self.next_to_train() {
                self.step(index, digits, budget.steps > 0).await?;
                steps_left = steps_left.saturating_sub(1);
                if budget.steps > 0 && steps_left == 0 {
                    break;
                }
            } else {
                self.finish();
            }
            if milliseconds_since(start) >= budget.ms {
                break;
            }
        }
        Ok(Advance {
            events: std::mem::take(&mut self.events),
            steps_done: self.nodes.iter().map(|node| node.step).sum(),
            steps_total: self.nodes.iter().map(Node::steps_total).sum(),
            finished: self.is_done,
        })
    }

    /// The record of the run so far.
    pub fn record(&self) -> Record {
        record::of(self)
    }

    /// Where the session runs.
    pub fn environment(&self) -> Environment {
        Environment::of(&self.engine)
    }

    /// A model's network and weights as they are now.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the names there are; [`Error::Engine`] when the engine fails.
    pub async fn checkpoint(&self, name: &str) -> Result<Checkpoint> {
        let node = self.node(name)?;
        Ok(Checkpoint { net: node.learner.net().clone(), weights: node.learner.weights().await? })
    }

    /// Logits `n × 10` of pixels `n × 784`, from a model as it is now.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the names there are; [`Error::Engine`] when the engine fails.
    pub async fn logits(&self, name: &str, pixels: Vec<f32>) -> Result<Vec<f32>> {
        self.node(name)?.learner.logits(pixels).await
    }

    /// Logits `n × 10` of loaded digits; those of a trained model are kept.
    ///
    /// # Errors
    /// As [`Session::logits`], and [`Error::DigitsMissing`].
    pub async fn logits_of(&self, name: &str, digits: &Digits, ids: &[SampleId]) -> Result<Vec<f32>> {
        let node = self.node(name)?;
        match node.phase {
            Phase::Trained => node.outputs.of(&node.learner, digits, ids).await,
            _ => node.learner.logits(Batch::gather(digits, ids)?.pixels).await,
        }
    }

    /// True when a model of the experiment has this name.
    pub fn has(&self, name: &str) -> bool {
        self.nodes.iter().any(|node| node.name == name)
    }

    fn node(&self, name: &str) -> Result<&Node> {
        self.nodes.iter().find(|node| node.name == name).ok_or_else(|| Error::Unknown {
            kind: "model",
            name: name.to_owned(),
            known: self.nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>().join(", "),
        })
    }

    fn started(&self) -> Event {
        let models = self
            .nodes
            .iter()
            .map(|node| StartedModel {
                name: node.name.clone(),
                parameters: node.learner.parameters() as u64,
                learns_from: node.model.learns_from.iter().map(|s| s.model.clone()).collect(),
                pretrained: node.pretrained,
                steps: node.steps_total(),
                epochs: if node.pretrained { 0 } else { node.training.epochs },
            })
            .collect();
        Event::Started { session: self.id, models, digest: record::config_digest(&self.config) }
    }

    /// Lets models train whose teachers are ready, and stops those whose teachers never will be.
    pub(super) fn release(&mut self) {
        for index in 0..self.nodes.len() {
            if self.nodes[index].phase != Phase::Waiting {
                continue;
            }
            let phases: Vec<Phase> =
                self.nodes[index].teachers.iter().map(|&(teacher, _)| self.nodes[teacher].phase).collect();
            if phases.contains(&Phase::Stopped) {
                self.stop(index, "teacher_stopped", "one of its teachers was stopped".to_owned());
            } else if phases.iter().all(|phase| *phase == Phase::Trained) {
                self.nodes[index].phase = Phase::Training;
            }
        }
    }

    fn next_to_train(&self) -> Option<usize> {
        let training = self.nodes.iter().enumerate().filter(|(_, node)| node.phase == Phase::Training);
        training.min_by_key(|(index, node)| (node.step, *index)).map(|(index, _)| index)
    }

    /// Models at the end of an epoch come first; a pretrained one is measured once the race has shown
    /// something, so that the first epoch is not kept waiting.
    fn next_to_measure(&self) -> Option<usize> {
        let at_end = self.nodes.iter().position(|node| node.phase == Phase::Measuring);
        let race_has_begun = self.nodes.iter().any(|node| !node.pretrained && !node.measures.is_empty());
        let may_wait = self.next_to_train().is_some() && !race_has_begun;
        let pretrained = || self.nodes.iter().position(|node| node.pretrained && node.measures.is_empty());
        at_end.or_else(|| if may_wait { None } else { pretrained() })
    }

    async fn step(&mut self, index: usize, digits: &Digits, report_each: bool) -> Result<()> {
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
        if is_epoch_end {
            node.phase = Phase::Measuring;
            node.evaluation.clear();
        }
        node.elapsed_ms += milliseconds_since(start);
        let due = self.last_report.is_none_or(|last| milliseconds_since(last) >= REPORT_EVERY_MS);
        if due || report_each {
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

    async fn report(&mut self, index: usize, learning_rate: f64, mix: crate::distill::Mix) -> Result<()> {
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

    /// Measures some more digits of a model; after the last, the epoch is told.
    async fn measure(&mut self, index: usize, digits: &Digits) -> Result<()> {
        let start = Instant::now();
        let node = &mut self.nodes[index];
        let held_out = if node.training.early_stop.is_some() { self.validation.as_slice() } else { &[] };
        let done = node.evaluation.len() / CLASSES;
        let all = self.evaluated.len() + held_out.len();
        let ids: Vec<SampleId> =
            self.evaluated.iter().chain(held_out).skip(done).take(MEASURED_AT_ONCE).copied().collect();
        let logits = match node.pretrained {
            true => node.outputs.of(&node.learner, digits, &ids).await?,
            false => node.learner.logits(Batch::gather(digits, &ids)?.pixels).await?,
        };
        node.evaluation.extend(logits);
        node.elapsed_ms += milliseconds_since(start);
        if done + ids.len() == all {
            self.end_epoch(index, digits).await?;
        }
        Ok(())
    }

    async fn end_epoch(&mut self, index: usize, digits: &Digits) -> Result<()> {
        let node = &mut self.nodes[index];
        let loss = match node.pretrained {
            true => None,
            false => Some(node.loss_terms(node.learner.loss_sums().await?, node.steps_per_epoch())),
        };
        let held_out = labels_of(&self.validation, digits);
        let measures = epoch_measures(node, &self.labels, &held_out, loss);
        let predictions = measure::predictions(&node.evaluation[..self.labels.len() * CLASSES]);
        node.predictions.push(predictions);
        node.measures.push(measures);
        node.learner.clear_losses();
        node.reported = ([0.0; 3], node.step);
        node.elapsed_ms = 0.0;
        let last = node.measures.len() - 1;
        let measures = record::with_agreement(self, index, last);
        let (session, model) = (self.id, self.nodes[index].name.clone());
        self.events.push(Event::Epoch { session, model: model.clone(), measures });

        let node = &mut self.nodes[index];
        if loss.is_some_and(|terms| !terms.total.is_finite()) {
            let reason = "its loss is no longer a finite number; a smaller learning rate may help".to_owned();
            self.stop(index, "loss_not_finite", reason);
        } else if node.pretrained || node.step >= node.steps_total() || node.is_patience_spent() {
            node.weights_digest = crate::nets::weights_digest(&node.learner.weights().await?);
            node.phase = Phase::Trained;
            if node.step < node.steps_total() {
                node.stopped = Some("patience_spent".to_owned());
            }
            self.events.push(Event::ModelDone { session, model });
        } else {
            node.phase = Phase::Training;
        }
        self.release();
        Ok(())
    }

    fn stop(&mut self, index: usize, code: &str, message: String) {
        let node = &mut self.nodes[index];
        node.phase = Phase::Stopped;
        node.stopped = Some(code.to_owned());
        let (session, model) = (self.id, Some(node.name.clone()));
        self.events.push(Event::Warning { session, model, code: code.to_owned(), message });
    }

    fn finish(&mut self) {
        self.is_done = true;
        let record = self.record();
        let (comparisons, digest) = (record.comparisons, record.digest);
        self.events.push(Event::Done { session: self.id, comparisons, digest });
    }
}

fn milliseconds_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

fn check_loaded(ids: &[SampleId], digits: &Digits) -> Result<()> {
    match ids.iter().find(|id| digits.label(**id).is_none()) {
        None => Ok(()),
        Some(id) => {
            let name = if id.split == Split::Train { "training" } else { "test" };
            let needed =
                format!("the first {} {name} digits", ids.iter().map(|id| id.index).max().unwrap_or(0) + 1);
            Err(Error::DigitsMissing { needed, loaded: digits.loaded(id.split) })
        }
    }
}

fn labels_of(ids: &[SampleId], digits: &Digits) -> Vec<u8> {
    ids.iter().filter_map(|id| digits.label(*id)).collect()
}

fn epoch_measures(
    node: &Node,
    labels: &[u8],
    held_out_labels: &[u8],
    loss: Option<LossTerms>,
) -> EpochMeasures {
    let (logits, held_out) = node.evaluation.split_at(labels.len() * CLASSES);
    let evaluated = labels.len() as u32;
    let errors = measure::wrong(&measure::predictions(logits), labels).len() as u32;
    let held_out_errors = || measure::wrong(&measure::predictions(held_out), held_out_labels).len() as u32;
    EpochMeasures {
        epoch: node.step.checked_div(node.steps_per_epoch()).unwrap_or(0),
        step: node.step,
        errors,
        evaluated,
        errors_interval: measure::wilson_interval(errors, evaluated),
        loss,
        agreement: None,
        calibration_error: measure::expected_calibration_error(logits, labels),
        validation_errors: (!held_out.is_empty()).then(held_out_errors),
        elapsed_ms: node.elapsed_ms,
    }
}
