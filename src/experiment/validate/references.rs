//! The second layer: models that are named exist and depend on one another without a cycle; the split, the transfer
//! sets and the digits that are held out agree.

use super::Checked;
use crate::bounds::Bounds;
use crate::data::FASHION_PICTURES;
use crate::error::Allowed;
use crate::experiment::config::{Config, EvaluateOn, Pictures, TRANSFER_DIGITS, Training, TransferSet};
use crate::report::Report;

/// Training digits there are before validation digits are held out.
const TRAIN_DIGITS: u32 = 60_000;

pub(super) fn check(config: &Config, report: &mut Report) {
    if config.data.evaluate_on == EvaluateOn::Validation && config.data.validation == 0 {
        report.add("data.evaluate_on", &config.data.evaluate_on, Allowed::HeldOut);
    }
    check_transfer_set(&config.transfer_set, "transfer_set", config, report);
    check_training(&config.training, "training", config, report);
    for checked in Checked::all(config) {
        for (field, other) in checked.model.references() {
            if !config.models.contains_key(other) {
                let names = config.models.keys().cloned().collect();
                report.add(checked.path(field), &other, Allowed::OneOf { names });
            }
        }
        if let Some(own) = &checked.model.transfer_set {
            check_transfer_set(own, &checked.path("transfer_set"), config, report);
        }
        if let Some(own) = &checked.model.training {
            check_training(own, &checked.path("training"), config, report);
        }
    }
    check_cycles(config, report);
}

fn check_transfer_set(set: &TransferSet, path: &str, config: &Config, report: &mut Report) {
    let most = match set.pictures {
        Pictures::Mnist => TRAIN_DIGITS - config.data.validation,
        Pictures::Fashion => FASHION_PICTURES,
        Pictures::Own => TRAIN_DIGITS,
    };
    if !set.pictures.split().labels_are_digits() && !set.leave_out.is_empty() {
        report.add(format!("{path}.leave_out"), &set.leave_out, Allowed::EmptyWithoutDigitLabels);
    }
    if !set.pictures.split().labels_are_digits() && set.label_noise > 0.0 {
        report.add(format!("{path}.label_noise"), &set.label_noise, Allowed::ZeroWithoutDigitLabels);
    }
    let range = Bounds { max: most.into(), ..Bounds::of(TRANSFER_DIGITS) };
    report.whole(&format!("{path}.digits"), set.digits, range);
}

fn check_training(training: &Training, path: &str, config: &Config, report: &mut Report) {
    if let Some(patience) = training.early_stop.filter(|_| config.data.validation == 0) {
        report.add(format!("{path}.early_stop"), &patience, Allowed::AbsentWithoutHeldOut);
    }
}

fn check_cycles(config: &Config, report: &mut Report) {
    let order = config.order();
    for (name, model) in &config.models {
        let others: Vec<&str> = model.references().iter().map(|(_, other)| *other).collect();
        let known = others.iter().all(|other| config.models.contains_key(*other));
        if known && !order.contains(name) {
            report.add(format!("models.{name}"), &others, Allowed::WithoutCycle);
        }
    }
}
