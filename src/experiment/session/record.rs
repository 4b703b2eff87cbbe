//! The record of a session as it stands.

use indexmap::IndexMap;

use super::Session;
use super::node::Node;
use super::progress::Phase;
use crate::distill::combined_targets;
use crate::experiment::config::VERSION;
use crate::experiment::record::{Comparison, EpochMeasures, ModelRecord, Record, digest};
use crate::measure;

impl Session {
    /// The record of the run so far.
    pub fn record(&self) -> Record {
        let wrong: Vec<Vec<u32>> = self.nodes.iter().map(|node| self.wrong(node)).collect();
        let is_measured =
            |node: &Node| !node.progress.epochs.is_empty() && node.progress.phase != Phase::Stopped;
        let measured: Vec<(&Node, &[u32])> = self
            .nodes
            .iter()
            .zip(wrong.iter().map(Vec::as_slice))
            .filter(|(node, _)| is_measured(node))
            .collect();
        let comparisons = comparisons(&measured);
        let models: IndexMap<String, ModelRecord> = wrong
            .into_iter()
            .enumerate()
            .map(|(index, wrong)| (self.nodes[index].plan.name.clone(), self.model_record(index, wrong)))
            .collect();
        let timeless: IndexMap<&String, ModelRecord> = models
            .iter()
            .map(|(name, model)| {
                let epochs = model.epochs.iter().map(|epoch| EpochMeasures {
                    elapsed_ms: 0.0,
                    evaluated_loss: None,
                    source_agreement: None,
                    ..epoch.clone()
                });
                (name, ModelRecord { epochs: epochs.collect(), ..model.clone() })
            })
            .collect();
        Record {
            version: VERSION,
            digest: digest(&(&self.config, &timeless, &comparisons)),
            config: self.config.clone(),
            environment: self.environment(),
            test_opened: self.test_opened(),
            test: self.opened.results.clone(),
            models,
            costs: self.nodes.iter().map(|node| (node.plan.name.clone(), node.cost())).collect(),
            comparisons,
        }
    }

    /// Measures of one epoch with the agreement filled in, if the model's teachers have been measured.
    pub(super) fn with_agreement(&self, index: usize, epoch: usize) -> EpochMeasures {
        let node = &self.nodes[index];
        let epoch = &node.progress.epochs[epoch];
        let source = node.plan.initialised_from.as_ref().map(|(source, _)| &self.nodes[*source].progress);
        let theirs = source.and_then(|source| source.epochs.last());
        let source_agreement =
            theirs.map(|theirs| measure::agreement(&theirs.predictions, &epoch.predictions));
        let measures = EpochMeasures { source_agreement, ..epoch.measures.clone() };
        let task = node.plan.heads[0].task;
        let of_the_task = node.plan.teachers.iter().filter_map(|&(teacher, weight)| {
            let teacher = &self.nodes[teacher];
            Some((teacher, teacher.plan.place_of(task)?, weight))
        });
        let teachers: Option<Vec<(Vec<f32>, f64)>> = of_the_task
            .map(|(Node { plan, progress, .. }, place, weight)| {
                let n = self.evaluated.len() * plan.outputs();
                let is_measured = !progress.epochs.is_empty() && progress.evaluation.len() >= n;
                is_measured.then(|| (plan.logits_of(place, &progress.evaluation[..n]), weight))
            })
            .collect();
        let Some(teachers) = teachers.filter(|teachers| !teachers.is_empty()) else { return measures };
        let targets = combined_targets(&teachers, task.classes(), node.plan.model.combine, 1.0);
        let theirs = measure::predictions(&targets, task.classes());
        let ensemble = || measure::wrong(&theirs, &task.classes_of(&self.labels)).len() as u32;
        EpochMeasures {
            agreement: Some(measure::agreement(&theirs, &epoch.predictions)),
            teachers_errors: (teachers.len() > 1).then(ensemble),
            ..measures
        }
    }

    /// Places of the evaluated digits that a model got wrong last.
    fn wrong(&self, node: &Node) -> Vec<u32> {
        let classes = node.plan.heads[0].task.classes_of(&self.labels);
        let last = node.progress.epochs.last();
        last.map(|epoch| measure::wrong(&epoch.predictions, &classes)).unwrap_or_default()
    }

    fn model_record(&self, index: usize, wrong: Vec<u32>) -> ModelRecord {
        let Node { progress, learner, .. } = &self.nodes[index];
        ModelRecord {
            parameters: learner.parameters() as u64,
            weights_digest: progress.weights_digest.clone(),
            epochs: (0..progress.epochs.len()).map(|epoch| self.with_agreement(index, epoch)).collect(),
            wrong,
            stopped: progress.stopped.clone(),
        }
    }
}

/// McNemar's test for every pair of models with the same first task, from the digits that each gets wrong, rising.
pub(super) fn comparisons(wrong: &[(&Node, &[u32])]) -> Vec<Comparison> {
    let pairs = wrong
        .iter()
        .enumerate()
        .flat_map(|(i, a)| wrong[i + 1..].iter().map(move |b| (a, b)))
        .filter(|((a, _), (b, _))| a.plan.heads[0].task == b.plan.heads[0].task);
    let only = |these: &[u32], those: &[u32]| {
        these.iter().filter(|index| those.binary_search(index).is_err()).count() as u32
    };
    pairs
        .map(|((a, a_wrong), (b, b_wrong))| {
            let (only_a_wrong, only_b_wrong) = (only(a_wrong, b_wrong), only(b_wrong, a_wrong));
            Comparison {
                a: a.plan.name.clone(),
                b: b.plan.name.clone(),
                only_a_wrong,
                only_b_wrong,
                p_value: measure::mcnemar(only_a_wrong, only_b_wrong),
            }
        })
        .collect()
}
