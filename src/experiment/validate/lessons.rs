//! The fourth layer: what each model is to learn, against who teaches it and on what.

use indexmap::IndexMap;

use crate::distill::Combine;
use crate::error::{Allowed, Unlabelled};
use crate::experiment::config::{Config, Model};
use crate::nets::Net;
use crate::report::Report;

pub(super) fn check(config: &Config, report: &mut Report) {
    let nets = config.nets();
    for (name, model) in &config.models {
        let path = format!("models.{name}");
        check_imitations(model, name, &path, config, &nets, report);
        check_labels(model, &path, config, report);
        check_weights(model, &path, report);
        check_logits(model, &path, report);
    }
}

fn check_imitations(
    model: &Model,
    name: &str,
    path: &str,
    config: &Config,
    nets: &IndexMap<String, Net>,
    report: &mut Report,
) {
    let batch_size = model.training.as_ref().unwrap_or(&config.training).batch_size;
    for (index, imitation) in model.objective.imitates.iter().enumerate() {
        let path = format!("{path}.objective.imitates[{index}]");
        if let Some(max) = imitation.by.largest_batch().filter(|max| batch_size > *max) {
            report.add(format!("{path}.by"), &imitation.by, Allowed::LargestBatch { max });
        }
        match model.imitated(imitation) {
            Some(of) => imitation.check(&path, &nets[name], &nets[of], report),
            None => {
                let names: Vec<String> = model.learns_from.iter().map(|s| s.model.clone()).collect();
                let allowed = match names.is_empty() {
                    true => Allowed::AbsentForUntaught,
                    false => Allowed::TeacherOfIt { names },
                };
                report.add(format!("{path}.of"), &imitation.of, allowed);
            }
        }
    }
}

/// What a model learns from labels, against whether its transfer set has them.
fn check_labels(model: &Model, path: &str, config: &Config, report: &mut Report) {
    let set = config.transfer_set_of(model);
    let has_digits = set.pictures.split().labels_are_digits();
    if model.needs_labels() {
        let path = config.transfer_set_path(model, path);
        if !has_digits {
            report.add(format!("{path}.pictures"), &set.pictures, Allowed::DigitLabels);
        } else if set.unlabelled >= 1.0 {
            report.add(format!("{path}.unlabelled"), &set.unlabelled, Allowed::SomeLabels);
        }
    }
    let why = match has_digits {
        true if set.unlabelled > 0.0 => Unlabelled::Hidden,
        true => return,
        false => Unlabelled::NoDigits,
    };
    if model.learns_from.is_empty() {
        return;
    }
    let objective = &model.objective;
    if objective.soft.needs_labels() {
        let allowed = Allowed::WithoutLabels { why };
        report.add(format!("{path}.objective.soft"), &objective.soft, allowed);
    }
    if let Some(ablation) = objective.ablation.filter(|ablation| ablation.needs_labels()) {
        report.add(format!("{path}.objective.ablation"), &ablation, Allowed::WithoutLabels { why });
    }
}

/// Whether anything of what a taught model could learn from ever weighs.
fn check_weights(model: &Model, path: &str, report: &mut Report) {
    let hard = &model.objective.hard_weight;
    if model.is_trained() && model.is_taught() && !hard.is_ever_positive() && !model.learns_from_teachers() {
        report.add(format!("{path}.objective.hard_weight"), hard, Allowed::SomeWeight);
    }
}

/// What needs probabilities, where logits are compared.
fn check_logits(model: &Model, path: &str, report: &mut Report) {
    if !model.objective.soft.compares_logits() {
        return;
    }
    if let Some(ablation) = model.objective.ablation {
        report.add(format!("{path}.objective.ablation"), &ablation, Allowed::AbsentForLogits);
    }
    if model.learns_from.len() > 1 && model.combine != Combine::MeanOfLogits {
        report.add(format!("{path}.combine"), &model.combine, Allowed::MeanOfLogits);
    }
}
