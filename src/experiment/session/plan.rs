//! The plan of one model: what its config says, references looked up. It stays as it is from the first step to the
//! last.

use indexmap::IndexMap;

use crate::compress::{Compression, Transform};
use crate::data::{Head, Task};
use crate::distill::{HardMix, Plan, Schedule, SoftMix};
use crate::experiment::config::{Config, Init, Model, Objective, Training, TransferSet};
use crate::measure;
use crate::nets::{LayerKind, Net};
use crate::train::LOGITS;

/// What one model is to do.
pub(super) struct ModelPlan {
    pub name: String,
    pub model: Model,
    pub net: Net,
    /// Its own or the experiment's; of no epochs for a model that is not trained.
    pub training: Training,
    pub transfer_set: TransferSet,
    /// Where each of its tasks lies among its outputs.
    pub heads: Vec<Head>,
    /// Indices and shares of its teachers.
    pub teachers: Vec<(usize, f64)>,
    pub pretrained: bool,
    pub imitates: Vec<Imitates>,
    /// Index of the model that its initial weights are made of, once that is trained, and how.
    pub initialised_from: Option<(usize, Transform)>,
    /// Index of the model whose blocks it replaces.
    pub replaces: Option<usize>,
    /// What its weights are held to by those of another model, once that is trained, with the other's index.
    pub compressed_by: Vec<(usize, Compression)>,
    pub steps_per_epoch: u32,
}

/// An imitation, its teacher and layers looked up.
pub(super) struct Imitates {
    pub weight: Schedule,
    /// Index of the teacher.
    pub teacher: usize,
    pub plan: Plan,
}

impl ModelPlan {
    /// The plan of a model of a valid config.
    pub fn new(name: &str, config: &Config, nets: &IndexMap<String, Net>, steps_per_epoch: u32) -> Self {
        let model = config.models[name].clone();
        let net = nets[name].clone();
        let mut training = model.training.clone().unwrap_or_else(|| config.training.clone());
        if !model.is_trained() {
            training.epochs = 0;
        }
        let index_of = |other: &str| config.models.get_index_of(other).unwrap_or_default();
        let imitates = model.objective.imitates.iter().filter_map(|imitation| {
            let of = model.imitated(imitation)?;
            let plan = imitation.plan(&net, &nets[of]);
            Some(Imitates { weight: imitation.weight.clone(), teacher: index_of(of), plan })
        });
        let initialised_from = match config.start_of(name).1 {
            Some(Init::Derive(derive)) => Some((index_of(&derive.from), derive.by.clone())),
            _ => None,
        };
        let compressed_by =
            model.compress.iter().filter_map(|way| Some((index_of(way.looks_at()?.1), way.clone())));
        Self {
            name: name.to_owned(),
            compressed_by: compressed_by.collect(),
            replaces: model.replaces.as_ref().map(|theseus| index_of(&theseus.model)),
            training,
            transfer_set: config.transfer_set_of(&model).clone(),
            heads: model.heads(),
            teachers: model.learns_from.iter().map(|s| (index_of(&s.model), s.weight)).collect(),
            pretrained: matches!(model.init, Some(Init::Pretrained(_))),
            imitates: imitates.collect(),
            initialised_from,
            steps_per_epoch,
            model,
            net,
        }
    }

    /// Indices of the models that have to be trained before its first step.
    pub fn needs(&self) -> impl Iterator<Item = usize> {
        let teachers = self.teachers.iter().map(|(teacher, _)| *teacher);
        let looked_at = self.compressed_by.iter().map(|(other, _)| *other);
        teachers
            .chain(self.initialised_from.iter().map(|(other, _)| *other))
            .chain(looked_at)
            .chain(self.replaces)
    }

    /// What its teachers are asked to show of a batch, by their indices: the logits, and the layers that it imitates.
    pub fn asks(&self) -> Vec<(usize, Vec<&str>)> {
        let heard = self.teachers.iter().filter(|_| self.hears_soft_targets());
        let heard = heard.map(|(teacher, _)| (*teacher, LOGITS));
        let layers = self.imitates.iter().flat_map(|imitates| {
            let layers = imitates.plan.pairs.iter().map(|pair| &pair.teacher);
            let shown = layers.filter(|layer| layer.kind != LayerKind::Weights);
            shown.map(|layer| (imitates.teacher, &layer.name[..]))
        });
        let mut asks: Vec<(usize, Vec<&str>)> = Vec::new();
        for (teacher, layer) in heard.chain(layers) {
            match asks.iter_mut().find(|(asked, _)| *asked == teacher) {
                Some((_, layers)) if layers.contains(&layer) => {}
                Some((_, layers)) => layers.push(layer),
                None => asks.push((teacher, vec![layer])),
            }
        }
        asks
    }

    /// Values of one row of its logits.
    pub fn outputs(&self) -> usize {
        self.net.outputs()
    }

    /// The place of a task among its own.
    pub fn place_of(&self, task: Task) -> Option<usize> {
        self.heads.iter().position(|head| head.task == task)
    }

    /// Logits of the task at this place out of rows of all outputs.
    pub fn logits_of(&self, place: usize, logits: &[f32]) -> Vec<f32> {
        self.heads[place].of(logits, self.outputs())
    }

    /// First choices for the task at this place, from rows of all outputs.
    pub fn predictions_of(&self, place: usize, logits: &[f32]) -> Vec<u8> {
        measure::predictions(&self.logits_of(place, logits), self.heads[place].outputs.len())
    }

    pub fn steps_total(&self) -> u32 {
        self.steps_per_epoch * self.training.epochs
    }

    /// Whole epochs in so many steps.
    pub fn epochs_in(&self, steps: u32) -> u32 {
        steps.checked_div(self.steps_per_epoch).unwrap_or(0)
    }

    /// What a schedule says after so many steps.
    pub fn at(&self, schedule: &Schedule, step: u32) -> f64 {
        schedule.at(f64::from(step) / f64::from(self.steps_total().max(1)))
    }

    /// How labels count in the step after so many.
    pub fn hard_mix(&self, step: u32) -> HardMix {
        let objective = &self.model.objective;
        let weight = if self.teachers.is_empty() { 1.0 } else { self.at(&objective.hard_weight, step) };
        HardMix { weight, label_smoothing: objective.label_smoothing }
    }

    /// True for a model with teachers whose soft targets have a weight at some time.
    pub fn hears_soft_targets(&self) -> bool {
        let Objective { hard_weight, soft_weight, .. } = &self.model.objective;
        let is_silent =
            soft_weight.as_ref().map_or(hard_weight.is_always(1.0), |weight| weight.is_always(0.0));
        !self.teachers.is_empty() && !is_silent
    }

    /// How soft targets count in the step after so many.
    pub fn soft_mix(&self, step: u32) -> SoftMix {
        let objective = &self.model.objective;
        let weight = match &objective.soft_weight {
            Some(weight) => self.at(weight, step),
            None => 1.0 - self.at(&objective.hard_weight, step),
        };
        SoftMix {
            term: objective.soft,
            weight,
            temperature: self.at(&objective.temperature, step),
            t_squared: objective.t_squared,
        }
    }
}
