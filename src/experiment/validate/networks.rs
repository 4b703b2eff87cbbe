//! The third layer: networks, tasks and initial weights of models against one another.

use indexmap::IndexMap;

use super::Checked;
use crate::data::CLASSES;
use crate::error::Allowed;
use crate::experiment::config::{Config, Init, Model, NetChoice, TaskSet};
use crate::nets::Net;
use crate::report::Report;

pub(super) fn check(config: &Config, report: &mut Report) {
    let nets = config.nets();
    for checked in Checked::all(config) {
        check_outputs(&checked, report);
        check_tasks(&checked, report);
        check_start(&checked, &nets, report);
        check_compression(&checked, &nets, report);
        check_replacing(&checked, &nets, report);
    }
}

fn check_outputs(checked: &Checked, report: &mut Report) {
    let outputs = checked.model.heads().last().map_or(0, |head| head.outputs.end);
    if let NetChoice::Own(net) = &checked.model.net
        && ![outputs, CLASSES].contains(&net.outputs())
    {
        let allowed = Allowed::OutputsOfTasks { outputs: outputs as u32 };
        let path = checked.path(format_args!("net.{}.outputs", net.kind()));
        report.add(path, &net.outputs(), allowed);
    }
}

fn names(tasks: &[TaskSet]) -> impl Iterator<Item = String> {
    tasks.iter().map(|set| set.task.name().to_owned())
}

/// A model's tasks, against what its teachers can tell.
fn check_tasks(checked: &Checked, report: &mut Report) {
    let Checked { model, config, .. } = *checked;
    let mut is_understood = true;
    let shares = |other: &Model| other.tasks.iter().any(|set| model.tells(set.task));
    for (index, source) in model.learns_from.iter().enumerate() {
        if shares(&config.models[&source.model]) {
            continue;
        }
        is_understood = false;
        let fit = config.models.iter().filter(|(_, other)| !std::ptr::eq(*other, model) && shares(other));
        let models = fit.map(|(name, _)| name.clone()).collect();
        let allowed = Allowed::ModelWithTask { tasks: names(&model.tasks).collect(), models };
        report.add(checked.path(format_args!("learns_from[{index}].model")), &source.model, allowed);
    }
    if !is_understood || !model.is_taught() {
        return;
    }
    let teachers = || model.learns_from.iter().map(|source| &config.models[&source.model]);
    for (index, set) in model.tasks.iter().enumerate() {
        if !teachers().any(|teacher| teacher.tells(set.task)) {
            let mut tasks: Vec<String> = teachers().flat_map(|teacher| names(&teacher.tasks)).collect();
            tasks.sort();
            tasks.dedup();
            let path = checked.path(format_args!("tasks[{index}].task"));
            report.add(path, &set.task, Allowed::TaughtTask { tasks });
        }
    }
}

/// What a model's weights are held to, against its network.
fn check_compression(checked: &Checked, nets: &IndexMap<String, Net>, report: &mut Report) {
    let Checked { model, name, .. } = *checked;
    if let (Some(Init::Pretrained(_)), false) = (&model.init, model.compress.is_empty()) {
        report.add(checked.path("compress"), &model.compress, Allowed::EmptyForPretrained);
    }
    for (index, way) in model.compress.iter().enumerate() {
        let other = way.looks_at().map(|(_, other)| &nets[other]);
        way.check_network(&checked.path(format_args!("compress[{index}]")), &nets[name], other, report);
    }
}

/// Whether a model can learn in the place of another's blocks.
fn check_replacing(checked: &Checked, nets: &IndexMap<String, Net>, report: &mut Report) {
    let Checked { model, name, .. } = *checked;
    let Some(theseus) = &model.replaces else { return };
    theseus.check_networks(&checked.path("replaces"), &nets[name], &nets[&theseus.model], report);
    if !model.is_trained() {
        report.add(checked.path("replaces"), theseus, Allowed::AbsentForUntrained);
    }
    if !model.objective.imitates.is_empty() {
        report.add(
            checked.path("objective.imitates"),
            &model.objective.imitates,
            Allowed::AbsentForReplacing,
        );
    }
}

/// Where a model's initial weights come from, against its network.
fn check_start(checked: &Checked, nets: &IndexMap<String, Net>, report: &mut Report) {
    let Checked { model, name, .. } = *checked;
    match &model.init {
        Some(Init::Pretrained(checkpoint)) if model.is_taught() => {
            report.add(checked.path("init.pretrained"), checkpoint, Allowed::AbsentForTaught);
        }
        Some(Init::Derive(derive)) => {
            derive.by.check_networks(
                &checked.path("init.derive.by"),
                &nets[name],
                &nets[&derive.from],
                report,
            );
            if derive.frozen && model.is_taught() {
                report.add(checked.path("init.derive.frozen"), &derive.frozen, Allowed::FalseForTaught);
            }
        }
        Some(Init::SameAs(other)) if nets[other] != nets[name] => {
            report.add(checked.path("init.same_as"), other, Allowed::SameNetwork);
        }
        _ => {}
    }
}
