//! The fourth layer: what each model is to learn, against who teaches it and on what.

use indexmap::IndexMap;

use super::Checked;
use crate::distill::{Combine, SoftTerm};
use crate::error::{Allowed, Unlabelled};
use crate::experiment::config::Config;
use crate::nets::Net;
use crate::report::Report;

pub(super) fn check(config: &Config, report: &mut Report) {
    let nets = config.nets();
    for checked in Checked::all(config) {
        check_imitations(&checked, &nets, report);
        check_labels(&checked, report);
        check_mixup(&checked, report);
        check_weights(&checked, report);
        check_logits(&checked, report);
        check_first_choice(&checked, report);
    }
}

fn check_imitations(checked: &Checked, nets: &IndexMap<String, Net>, report: &mut Report) {
    let Checked { model, name, .. } = *checked;
    let batch_size = checked.training().batch_size;
    for (index, imitation) in model.objective.imitates.iter().enumerate() {
        let path = checked.path(format_args!("objective.imitates[{index}]"));
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
fn check_labels(checked: &Checked, report: &mut Report) {
    let model = checked.model;
    let (set, path) = checked.transfer_set();
    let has_classes = set.pictures.split(checked.config.data.set).labels_are_classes();
    if model.needs_labels() {
        if !has_classes {
            report.add(format!("{path}.pictures"), &set.pictures, Allowed::DigitLabels);
        } else if set.unlabelled >= 1.0 {
            report.add(format!("{path}.unlabelled"), &set.unlabelled, Allowed::SomeLabels);
        }
    }
    let why = match has_classes {
        true if set.unlabelled > 0.0 => Unlabelled::Hidden,
        true if set.mixup_alpha > 0.0 => Unlabelled::Mixed,
        true => return,
        false => Unlabelled::NoDigits,
    };
    if !model.is_taught() {
        return;
    }
    let objective = &model.objective;
    if objective.soft.needs_labels() {
        report.add(checked.path("objective.soft"), &objective.soft, Allowed::WithoutLabels { why });
    }
    if let Some(ablation) = objective.ablation.filter(|ablation| ablation.needs_labels()) {
        report.add(checked.path("objective.ablation"), &ablation, Allowed::WithoutLabels { why });
    }
}

/// Whether there are others to mix a digit with.
fn check_mixup(checked: &Checked, report: &mut Report) {
    let (set, path) = checked.transfer_set();
    if checked.model.is_trained() && set.mixup_alpha > 0.0 && checked.training().batch_size == 1 {
        report.add(format!("{path}.mixup_alpha"), &set.mixup_alpha, Allowed::ZeroInBatchesOfOne);
    }
}

/// Whether anything of what a taught model could learn from ever weighs.
fn check_weights(checked: &Checked, report: &mut Report) {
    let model = checked.model;
    let hard = &model.objective.hard_weight;
    if model.is_trained() && model.is_taught() && !hard.is_ever_positive() && !model.learns_from_teachers() {
        report.add(checked.path("objective.hard_weight"), hard, Allowed::SomeWeight);
    }
}

/// What needs probabilities, where logits are compared.
fn check_logits(checked: &Checked, report: &mut Report) {
    let model = checked.model;
    if !model.objective.soft.compares_logits() {
        return;
    }
    if let Some(ablation) = model.objective.ablation {
        report.add(checked.path("objective.ablation"), &ablation, Allowed::AbsentForLogits);
    }
    if model.learns_from.len() > 1 && model.combine != Combine::MeanOfLogits {
        report.add(checked.path("combine"), &model.combine, Allowed::MeanOfLogits);
    }
}

/// What changes only probabilities that a term does not look at.
fn check_first_choice(checked: &Checked, report: &mut Report) {
    let objective = &checked.model.objective;
    if let Some(ablation) = objective.ablation.filter(|_| objective.soft == SoftTerm::TeacherLabels) {
        report.add(checked.path("objective.ablation"), &ablation, Allowed::AbsentForFirstChoice);
    }
}
