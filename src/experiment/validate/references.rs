//! The second layer: models that are named exist and depend on one another without a cycle; the split, the transfer
//! sets and the digits that are held out agree.

use super::Checked;
use crate::bounds::Bounds;
use crate::data::{FASHION_PICTURES, MNIST_PICTURES, Split};
use crate::error::Allowed;
use crate::experiment::config::{Config, DataSet, EvaluateOn, Init, TRANSFER_DIGITS, Training, TransferSet};
use crate::report::Report;

pub(super) fn check(config: &Config, report: &mut Report) {
    if config.data.evaluate_on == EvaluateOn::Validation && config.data.validation == 0 {
        report.add("data.evaluate_on", &config.data.evaluate_on, Allowed::HeldOut);
    }
    // One picture at least is left to learn on.
    let most = config.data.set.learnt_count() - 1;
    if config.data.validation > most {
        report.whole("data.validation", config.data.validation, Bounds { min: 0.0, max: most.into() });
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
        if let (DataSet::Fashion, Some(init @ Init::Pretrained(_))) = (config.data.set, &checked.model.init) {
            report.add(checked.path("init"), init, Allowed::TrainedForClothes);
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
    let split = set.pictures.split(config.data.set);
    let all = if split.loaded_as() == Split::Fashion { FASHION_PICTURES } else { MNIST_PICTURES };
    let held_out = if split == config.data.set.learnt() { config.data.validation.min(all - 1) } else { 0 };
    let most = all - held_out;
    if !split.labels_are_classes() && !set.leave_out.is_empty() {
        report.add(format!("{path}.leave_out"), &set.leave_out, Allowed::EmptyWithoutDigitLabels);
    }
    if !split.labels_are_classes() && set.label_noise > 0.0 {
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
