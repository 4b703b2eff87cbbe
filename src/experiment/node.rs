//! One model of a running experiment: where it stands and what was measured of it.

use std::cell::OnceCell;

use super::config::{Config, DataSet, EvaluateOn, Init, Model, Objective, Training, TransferSet};
use super::record::EpochMeasures;
use super::teachers::{Library, Outputs};
use super::warning::{LossTerm, Warning};
use crate::compress::Transform;
use crate::data::{BatchOrder, Digits, Head, SampleId, Split, Task};
use crate::distill::{HardMix, Schedule, SoftMix};
use crate::error::{CheckpointFault, Error, Result};
use crate::measure;
use crate::nets::{Layer, Net};
use crate::random::Stream;
use crate::train::{Engine, Learner, LossSums, Requirements};

/// Where a model stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Phase {
    /// Its teachers are not ready.
    Waiting,
    Training,
    /// An epoch has ended; its measures are being taken.
    Measuring,
    /// Trained (or pretrained): it can teach.
    Trained,
    /// Ended early by an error of its own; it cannot teach.
    Stopped,
}

/// One model of a running experiment.
pub(super) struct Node {
    pub name: String,
    pub model: Model,
    pub training: Training,
    pub transfer_set: TransferSet,
    /// Where each of its tasks lies among its outputs.
    pub heads: Vec<Head>,
    /// Indices and shares of its teachers.
    pub teachers: Vec<(usize, f64)>,
    pub pretrained: bool,
    pub learner: Learner,
    /// Its logits by id of the digit; filled once it is trained.
    pub outputs: Outputs,
    pub order: BatchOrder,
    pub phase: Phase,
    /// Steps taken.
    pub step: u32,
    pub measures: Vec<EpochMeasures>,
    /// First choices on the evaluated digits for its first task, one list for each entry of `measures`.
    pub predictions: Vec<Vec<u8>>,
    /// Logits on the evaluated digits, growing while the model is measured.
    pub evaluation: Vec<f32>,
    pub weights_digest: String,
    pub stopped: Option<String>,
    /// Time spent on it in the current epoch.
    pub elapsed_ms: f64,
    /// Loss sums at the last report.
    pub reported: LossSums,
    /// For each imitation: its schedule, the index of its teacher and the teacher's layers.
    pub imitates: Vec<Imitated>,
    /// Index of the model that its first weights are made of, once that is trained, and how.
    pub derives: Option<(usize, Transform)>,
}

/// What a model imitates, looked up.
pub(super) struct Imitated {
    pub weight: Schedule,
    pub teacher: usize,
    pub layers: Vec<Layer>,
    /// For each layer that is weights, its values, once they are known: they are the same at every step.
    pub weights: Vec<OnceCell<Vec<f32>>>,
}

impl Node {
    /// A model before its first step.
    pub fn new(
        name: &str,
        net: Net,
        config: &Config,
        digits: &Digits,
        engine: &Engine,
        library: &Library,
    ) -> Result<Self> {
        let model = config.models[name].clone();
        let mut training = model.training.clone().unwrap_or_else(|| config.training.clone());
        if matches!(&model.init, Some(Init::Derive(derive)) if derive.frozen) {
            training.epochs = 0;
        }
        let transfer_set = model.transfer_set.clone().unwrap_or_else(|| config.transfer_set.clone());
        let pretrained = matches!(model.init, Some(Init::Pretrained(_)));
        let (weights, outputs) = match &model.init {
            Some(Init::Pretrained(checkpoint)) => {
                (pretrained_weights(name, checkpoint, &net, library)?, library.outputs(checkpoint)?)
            }
            _ => (initial_weights(name, &net, config), Outputs::default()),
        };
        let nets = config.nets();
        let index_of = |other: &str| config.models.get_index_of(other).unwrap_or_default();
        let (mut plans, mut imitates) = (Vec::new(), Vec::new());
        for imitation in &model.objective.imitates {
            let Some(of) = model.imitated(imitation) else { continue };
            let plan = imitation.plan(&net, &nets[of]);
            let layers: Vec<Layer> = plan.pairs.iter().map(|pair| pair.teacher.clone()).collect();
            let weights = vec![OnceCell::new(); layers.len()];
            let weight = imitation.weight.clone();
            imitates.push(Imitated { weight, teacher: index_of(of), layers, weights });
            plans.push(plan);
        }
        let derives = match start_of(name, config).1 {
            Some(Init::Derive(derive)) => Some((index_of(&derive.from), derive.by.clone())),
            _ => None,
        };
        let mut projections = Stream::new(config.seed, &format!("projections/{name}"), &[]);
        let ids = if pretrained { Vec::new() } else { transfer_ids(&transfer_set, digits)? };
        let sets = model.tasks.iter().map(|set| {
            let most = set.digits.map_or(ids.len(), |digits| digits as usize);
            ids.iter().take(most).copied().collect()
        });
        Ok(Self {
            teachers: model.learns_from.iter().map(|s| (index_of(&s.model), s.weight)).collect(),
            learner: Learner::imitating(
                plans,
                &mut projections,
                requirements_of(&model),
                net,
                weights,
                engine,
            )
            .with_layer_decay(training.layer_decay),
            order: BatchOrder::new(sets.collect(), training.batch_size as usize),
            phase: if pretrained { Phase::Trained } else { Phase::Waiting },
            name: name.to_owned(),
            heads: model.heads(),
            model,
            training,
            transfer_set,
            pretrained,
            outputs,
            step: 0,
            measures: Vec::new(),
            predictions: Vec::new(),
            evaluation: Vec::new(),
            weights_digest: String::new(),
            stopped: None,
            elapsed_ms: 0.0,
            reported: LossSums::default(),
            imitates,
            derives,
        })
    }

    /// Values of one row of its logits.
    pub fn outputs(&self) -> usize {
        self.learner.net().outputs()
    }

    /// Logits of the task at this place out of rows of all outputs.
    pub fn logits_of(&self, place: usize, logits: &[f32]) -> Vec<f32> {
        self.heads[place].of(logits, self.outputs())
    }

    /// First choices for the task at this place, from rows of all outputs.
    pub fn predictions_of(&self, place: usize, logits: &[f32]) -> Vec<u8> {
        measure::predictions(&self.logits_of(place, logits), self.heads[place].outputs.len())
    }

    /// The place of a task among its own.
    pub fn place_of(&self, task: Task) -> Option<usize> {
        self.heads.iter().position(|head| head.task == task)
    }

    pub fn steps_per_epoch(&self) -> u32 {
        if self.pretrained { 0 } else { self.order.steps() as u32 }
    }

    pub fn steps_total(&self) -> u32 {
        self.steps_per_epoch() * self.training.epochs
    }

    /// The steps it will have taken once it is done, as far as that is known: early stop and errors end a model sooner.
    pub fn steps_expected(&self) -> u32 {
        match self.phase {
            Phase::Trained | Phase::Stopped => self.step,
            Phase::Waiting | Phase::Training | Phase::Measuring => self.steps_total(),
        }
    }

    /// Index of the epoch that the next step belongs to.
    pub fn epoch_index(&self) -> u32 {
        self.step.checked_div(self.steps_per_epoch()).unwrap_or(0)
    }

    /// How far training has come, 0 at the first step.
    pub fn progress(&self) -> f64 {
        f64::from(self.step) / f64::from(self.steps_total().max(1))
    }

    pub fn at(&self, schedule: &Schedule) -> f64 {
        schedule.at(self.progress())
    }

    /// How labels count in the next step.
    pub fn hard_mix(&self) -> HardMix {
        let objective = &self.model.objective;
        let weight = if self.teachers.is_empty() { 1.0 } else { self.at(&objective.hard_weight) };
        HardMix { weight, label_smoothing: objective.label_smoothing }
    }

    /// True for a model with teachers whose soft targets have a weight at some time.
    pub fn hears_soft_targets(&self) -> bool {
        let Objective { hard_weight, soft_weight, .. } = &self.model.objective;
        let is_silent =
            soft_weight.as_ref().map_or(hard_weight.is_always(1.0), |weight| weight.is_always(0.0));
        !self.teachers.is_empty() && !is_silent
    }

    /// How soft targets count in the next step.
    pub fn soft_mix(&self) -> SoftMix {
        let objective = &self.model.objective;
        let weight = objective
            .soft_weight
            .as_ref()
            .map_or_else(|| 1.0 - self.at(&objective.hard_weight), |weight| self.at(weight));
        SoftMix {
            term: objective.soft,
            weight,
            temperature: self.at(&objective.temperature),
            t_squared: objective.t_squared,
        }
    }

    /// Where a loss stopped being a finite number in the epoch that has ended. Where all were finite and what it was measured
    /// by is not, the next step's would not have been.
    pub fn first_not_finite(&self, sums: &LossSums) -> Option<Warning> {
        let steps = self.steps_per_epoch();
        let imitated = (0..).zip(&sums.imitated).map(|(index, sum)| (LossTerm::Imitated(index), sum));
        // The total goes last among equals: it is never the cause.
        let terms = [(LossTerm::Hard, &sums.hard), (LossTerm::Soft, &sums.soft)].into_iter();
        let terms = terms.chain(imitated).chain([(LossTerm::Total, &sums.total)]);
        let finite = terms.map(|(term, sum)| (term, sum.finite_steps as u32));
        let first = finite.min_by_key(|(_, finite)| *finite).filter(|(_, finite)| *finite < steps);
        let is_lost = self.evaluation.iter().any(|logit| !logit.is_finite());
        let in_total = (LossTerm::Total, sums.total.finite_steps as u32);
        let (term, finite) = first.or(is_lost.then_some(in_total))?;
        let step = self.step - steps + finite + 1;
        let learning_rate =
            self.training.learning_rate.at(f64::from(step) / f64::from(self.steps_total().max(1)));
        Some(Warning::LossNotFinite { term, step, learning_rate })
    }

    /// True when early stop says that this was the last epoch.
    pub fn is_patience_spent(&self) -> bool {
        let Some(patience) = self.training.early_stop else { return false };
        let errors: Vec<u32> = self.measures.iter().filter_map(|m| m.validation_errors).collect();
        let Some(best) = errors.iter().min() else { return false };
        let since_best = errors.len() - 1 - errors.iter().position(|e| e == best).unwrap_or(0);
        since_best >= patience as usize
    }
}

/// What a model asks of the backend that trains it.
pub(super) fn requirements_of(model: &Model) -> Requirements {
    Requirements {
        soft: (!model.learns_from.is_empty()).then_some(model.objective.soft),
        tasks: model.heads().len(),
        imitates: !model.objective.imitates.is_empty(),
    }
}

/// The digits that measures are taken on; of the user's own those that are loaded.
pub(super) fn evaluated_ids(config: &Config, digits: &Digits) -> Vec<SampleId> {
    let first = |split: Split, count: u32| (0..count).map(|index| SampleId { split, index }).collect();
    let ids: Vec<SampleId> = match (config.data.evaluate_on, config.data.set) {
        (EvaluateOn::Validation, _) => validation_ids(config),
        (EvaluateOn::Test, DataSet::Mnist) => first(Split::Test, 10_000),
        (EvaluateOn::Test, DataSet::Own) => first(Split::OwnTest, digits.loaded(Split::OwnTest) as u32),
    };
    ids.into_iter().take(config.data.evaluated as usize).collect()
}

/// Refuses to measure on pictures of the user's own where there are none.
///
/// # Errors
/// [`Error::DigitsMissing`] with the way to give them.
pub(super) fn check_own_test(config: &Config, digits: &Digits) -> Result<()> {
    let loaded = digits.loaded(Split::OwnTest);
    if config.data.evaluate_on != EvaluateOn::Test || config.data.set != DataSet::Own || loaded > 0 {
        return Ok(());
    }
    Err(Error::DigitsMissing { split: Split::OwnTest, needed: config.data.evaluated, loaded: 0 })
}

/// The held-out digits: the last of the training digits.
pub(super) fn validation_ids(config: &Config) -> Vec<SampleId> {
    (60_000 - config.data.validation..60_000).map(|index| SampleId { split: Split::Train, index }).collect()
}

fn transfer_ids(set: &TransferSet, digits: &Digits) -> Result<Vec<SampleId>> {
    let split = set.pictures.split();
    let loaded = digits.loaded(split);
    if loaded < set.digits as usize {
        return Err(digits.missing(split, set.digits));
    }
    let all = (0..set.digits).map(|index| SampleId { split, index });
    let kept = |id: &SampleId| digits.label(*id).is_some_and(|label| !set.leave_out.contains(&label));
    Ok(all.filter(kept).collect())
}

fn pretrained_weights(name: &str, checkpoint: &str, net: &Net, library: &Library) -> Result<Vec<f32>> {
    let found = library.checkpoint(checkpoint)?;
    // Dropout is of training alone: what must agree is names and shapes.
    if found.net.layout() != net.layout() {
        let json = |net: &Net| serde_json::to_string(net).unwrap_or_default();
        let (found, expected) = (json(&found.net), json(net));
        let fault = CheckpointFault::OtherNetwork { model: name.to_owned(), found, expected };
        return Err(Error::Checkpoint { name: checkpoint.to_owned(), fault });
    }
    Ok(found.weights.clone())
}

/// The model whose start a model has: itself, or where a chain of `same_as` ends.
fn start_of<'a>(name: &'a str, config: &'a Config) -> (&'a str, Option<&'a Init>) {
    let mut key = name;
    loop {
        match config.models.get(key).and_then(|model| model.init.as_ref()) {
            Some(Init::SameAs(other)) => key = other,
            init => return (key, init),
        }
    }
}

/// First weights from the experiment's seed and the key of the model whose start it has.
pub(super) fn initial_weights(name: &str, net: &Net, config: &Config) -> Vec<f32> {
    let (key, init) = start_of(name, config);
    let domain = match init {
        Some(Init::Seed(seed)) => format!("weights/seed {seed}"),
        _ => format!("weights/{key}"),
    };
    net.layout().initial_weights(&mut Stream::new(config.seed, &domain, &[]))
}
