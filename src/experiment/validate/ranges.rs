//! The first layer: every number in its range, every list of a length that is allowed, every name a name.

use super::Checked;
use crate::bounds::{Bounded, Bounds, Field, RangeOf};
use crate::compress::{Prune, Quantise, RaiseBias, Theseus};
use crate::data::Augmentation;
use crate::distill::{Decoupled, Imitation, JensenShannon, Point, Ramp};
use crate::error::Allowed;
use crate::experiment::Grid;
use crate::experiment::config::{
    Config, Data, Init, NetChoice, Objective, Source, TaskSet, Training, TransferSet, VERSION,
};
use crate::nets::{Cnn, Mlp, Rnn, Vit};
use crate::ranges::Ranges;
use crate::report::Report;
use crate::train::{Adam, Sgd};

/// How many models there may be.
const MODELS: Bounds = Bounds { min: 1.0, max: 64.0 };

macro_rules! types {
    ($($type:ident),+ $(,)?) => {
        &[$((stringify!($type), $type::FIELDS)),+]
    };
}

/// The types of a config whose fields have ranges, by name: the one list of them.
pub const RANGES: &[(&str, &[Field])] = types!(
    Data,
    TransferSet,
    Augmentation,
    Training,
    Sgd,
    Adam,
    Ramp,
    Point,
    TaskSet,
    Source,
    Objective,
    Decoupled,
    JensenShannon,
    Imitation,
    RaiseBias,
    Prune,
    Quantise,
    Theseus,
    Mlp,
    Cnn,
    Vit,
    Rnn,
    Grid,
);

fn range_of(structure: &str, field: &str) -> Option<Bounds> {
    let (_, fields) = RANGES.iter().find(|(name, _)| *name == structure)?;
    fields.iter().find(|one| one.name == field).map(|one| one.range)
}

impl Bounded for Config {
    const RANGE_OF: RangeOf = range_of;
}

impl Bounded for Grid {
    const RANGE_OF: RangeOf = range_of;
}

pub(super) fn check(config: &Config, report: &mut Report) {
    if config.version != VERSION {
        report.add("version", &config.version, Allowed::Version { version: VERSION });
    }
    config.data.check_ranges("data", report);
    check_transfer_set(&config.transfer_set, "transfer_set", report);
    check_training(&config.training, "training", report);
    report.entries("models", &config.models, config.models.len(), MODELS);
    for checked in Checked::all(config) {
        check_name(checked.name, report);
        check_model(&checked, report);
    }
}

fn check_name(name: &str, report: &mut Report) {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !starts_well || name.len() > 32 || !name.chars().all(letters) {
        report.add("models", &name, Allowed::ModelName);
    }
}

fn check_model(checked: &Checked, report: &mut Report) {
    let model = checked.model;
    if let NetChoice::Own(net) = &model.net {
        net.check(&checked.path("net"), report);
    }
    check_tasks(&model.tasks, &checked.path("tasks"), report);
    if let Some(Init::Derive(derive)) = &model.init {
        derive.by.check(&checked.path("init.derive.by"), report);
    }
    for (index, way) in model.compress.iter().enumerate() {
        way.check(&checked.path(format_args!("compress[{index}]")), report);
    }
    if let Some(theseus) = &model.replaces {
        theseus.check(&checked.path("replaces"), report);
    }
    for (index, source) in model.learns_from.iter().enumerate() {
        source.check_ranges(&checked.path(format_args!("learns_from[{index}]")), report);
    }
    check_objective(&model.objective, &checked.path("objective"), report);
    if let Some(own) = &model.transfer_set {
        check_transfer_set(own, &checked.path("transfer_set"), report);
    }
    if let Some(own) = &model.training {
        check_training(own, &checked.path("training"), report);
    }
}

fn check_tasks(tasks: &[TaskSet], path: &str, report: &mut Report) {
    report.some(path, tasks);
    for (index, set) in tasks.iter().enumerate() {
        let path = format!("{path}[{index}]");
        set.check_ranges(&path, report);
        if tasks[..index].iter().any(|before| before.task == set.task) {
            report.add(format!("{path}.task"), &set.task, Allowed::NewTask);
        }
    }
}

fn check_transfer_set(set: &TransferSet, path: &str, report: &mut Report) {
    set.check_ranges(path, report);
    for (index, augmentation) in set.augment.iter().enumerate() {
        augmentation.check(&format!("{path}.augment[{index}]"), report);
    }
    if (0..10).all(|class| set.leave_out.contains(&class)) {
        report.add(format!("{path}.leave_out"), &set.leave_out, Allowed::NineClasses);
    }
}

fn check_training(training: &Training, path: &str, report: &mut Report) {
    training.check_ranges(path, report);
    training.optimiser.check(&format!("{path}.optimiser"), report);
}

fn check_objective(objective: &Objective, path: &str, report: &mut Report) {
    objective.check_ranges(path, report);
    objective.soft.check(&format!("{path}.soft"), report);
    for (index, imitation) in objective.imitates.iter().enumerate() {
        let path = format!("{path}.imitates[{index}]");
        imitation.check_ranges(&path, report);
        report.some(&format!("{path}.layers"), &imitation.layers);
    }
}
