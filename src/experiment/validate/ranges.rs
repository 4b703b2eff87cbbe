//! The first layer: every number in its range, every list of a length that is allowed, every name a name.

use super::Checked;
use crate::bounds;
use crate::error::Allowed;
use crate::experiment::config::{
    Config, Init, NetChoice, Objective, TaskSet, Training, TransferSet, VERSION,
};
use crate::report::Report;

pub(super) fn check(config: &Config, report: &mut Report) {
    if config.version != VERSION {
        report.add("version", &config.version, Allowed::Version { version: VERSION });
    }
    report.whole("data.validation", config.data.validation, bounds::VALIDATION_DIGITS);
    report.whole("data.evaluated", config.data.evaluated, bounds::EVALUATED_DIGITS);
    check_transfer_set(&config.transfer_set, "transfer_set", report);
    check_training(&config.training, "training", report);
    report.entries("models", &config.models, config.models.len(), bounds::MODELS);
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
    for (index, source) in model.learns_from.iter().enumerate() {
        let path = checked.path(format_args!("learns_from[{index}].weight"));
        report.number(&path, source.weight, bounds::TEACHER_WEIGHT);
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
        if let Some(digits) = set.digits {
            report.whole(&format!("{path}.digits"), digits, bounds::TRANSFER_DIGITS);
        }
        if tasks[..index].iter().any(|before| before.task == set.task) {
            report.add(format!("{path}.task"), &set.task, Allowed::NewTask);
        }
    }
}

fn check_transfer_set(set: &TransferSet, path: &str, report: &mut Report) {
    report.whole(&format!("{path}.digits"), set.digits, bounds::TRANSFER_DIGITS);
    report.whole(&format!("{path}.jitter_px"), set.jitter_px.into(), bounds::JITTER_PX);
    report.number(&format!("{path}.unlabelled"), set.unlabelled, bounds::SHARE);
    for (index, augmentation) in set.augment.iter().enumerate() {
        augmentation.check(&format!("{path}.augment[{index}]"), report);
    }
    for (index, &class) in set.leave_out.iter().enumerate() {
        report.whole(&format!("{path}.leave_out[{index}]"), class.into(), bounds::CLASS);
    }
    if (0..10).all(|class| set.leave_out.contains(&class)) {
        report.add(format!("{path}.leave_out"), &set.leave_out, Allowed::NineClasses);
    }
}

fn check_training(training: &Training, path: &str, report: &mut Report) {
    report.whole(&format!("{path}.epochs"), training.epochs, bounds::EPOCHS);
    report.whole(&format!("{path}.batch_size"), training.batch_size, bounds::BATCH_SIZE);
    report.number(&format!("{path}.weight_decay"), training.weight_decay, bounds::WEIGHT_DECAY);
    report.number(&format!("{path}.layer_decay"), training.layer_decay, bounds::LAYER_DECAY);
    if let Some(max_norm) = training.max_norm {
        report.number(&format!("{path}.max_norm"), max_norm, bounds::MAX_NORM);
    }
    training.learning_rate.check(&format!("{path}.learning_rate"), bounds::LEARNING_RATE, report);
    training.optimiser.check(&format!("{path}.optimiser"), report);
    if let Some(patience) = training.early_stop {
        report.whole(&format!("{path}.early_stop"), patience, bounds::PATIENCE);
    }
}

fn check_objective(objective: &Objective, path: &str, report: &mut Report) {
    objective.hard_weight.check(&format!("{path}.hard_weight"), bounds::HARD_WEIGHT, report);
    if let Some(weight) = &objective.soft_weight {
        weight.check(&format!("{path}.soft_weight"), bounds::SOFT_WEIGHT, report);
    }
    objective.temperature.check(&format!("{path}.temperature"), bounds::TEMPERATURE, report);
    report.number(&format!("{path}.label_smoothing"), objective.label_smoothing, bounds::LABEL_SMOOTHING);
    objective.soft.check(&format!("{path}.soft"), report);
    for (index, imitation) in objective.imitates.iter().enumerate() {
        let path = format!("{path}.imitates[{index}]");
        imitation.weight.check(&format!("{path}.weight"), bounds::IMITATION_WEIGHT, report);
        report.some(&format!("{path}.layers"), &imitation.layers);
    }
}
