//! The third layer: networks, tasks and first weights of models against one another.

use indexmap::IndexMap;

use crate::data::CLASSES;
use crate::error::Allowed;
use crate::experiment::config::{Config, Init, Model, NetChoice, TaskSet};
use crate::nets::Net;
use crate::report::Report;

pub(super) fn check(config: &Config, report: &mut Report) {
    let nets = config.nets();
    for (name, model) in &config.models {
        let path = format!("models.{name}");
        check_outputs(model, &path, report);
        check_tasks(model, &path, config, report);
        check_start(model, name, &path, &nets, report);
    }
}

fn check_outputs(model: &Model, path: &str, report: &mut Report) {
    let outputs = model.heads().last().map_or(0, |head| head.outputs.end);
    if let NetChoice::Own(net) = &model.net
        && ![outputs, CLASSES].contains(&net.outputs())
    {
        let allowed = Allowed::OutputsOfTasks { outputs: outputs as u32 };
        report.add(format!("{path}.net.{}.outputs", net.kind()), &net.outputs(), allowed);
    }
}

fn names(tasks: &[TaskSet]) -> impl Iterator<Item = String> {
    tasks.iter().map(|set| set.task.name().to_owned())
}

/// A model's tasks, against what its teachers can tell.
fn check_tasks(model: &Model, path: &str, config: &Config, report: &mut Report) {
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
        report.add(format!("{path}.learns_from[{index}].model"), &source.model, allowed);
    }
    if !is_understood || model.learns_from.is_empty() {
        return;
    }
    let teachers = || model.learns_from.iter().map(|source| &config.models[&source.model]);
    for (index, set) in model.tasks.iter().enumerate() {
        if !teachers().any(|teacher| teacher.tells(set.task)) {
            let mut tasks: Vec<String> = teachers().flat_map(|teacher| names(&teacher.tasks)).collect();
            tasks.sort();
            tasks.dedup();
            report.add(format!("{path}.tasks[{index}].task"), &set.task, Allowed::TaughtTask { tasks });
        }
    }
}

/// Where a model's first weights come from, against its network.
fn check_start(model: &Model, name: &str, path: &str, nets: &IndexMap<String, Net>, report: &mut Report) {
    match &model.init {
        Some(Init::Pretrained(checkpoint)) if !model.learns_from.is_empty() => {
            report.add(format!("{path}.init.pretrained"), checkpoint, Allowed::AbsentForTaught);
        }
        Some(Init::Derive(derive)) => {
            let path = format!("{path}.init.derive");
            derive.by.check_networks(&format!("{path}.by"), &nets[name], &nets[&derive.from], report);
            if derive.frozen && !model.learns_from.is_empty() {
                report.add(format!("{path}.frozen"), &derive.frozen, Allowed::FalseForTaught);
            }
        }
        Some(Init::SameAs(other)) if nets[other] != nets[name] => {
            report.add(format!("{path}.init.same_as"), other, Allowed::SameNetwork);
        }
        _ => {}
    }
}
