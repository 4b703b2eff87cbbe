//! What experiments ask of shipped models: known before they begin, so that several engines can share the asking.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Config;
use super::config::{Init, Model};
use super::samples::{evaluated_ids, pictures_of, validation_ids};
use crate::data::{Digits, SampleId, Split};

/// Pictures of one split that a checkpoint is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Question {
    /// The checkpoint's name.
    pub model: String,
    pub split: Split,
    /// Places in the split, rising.
    pub indices: Vec<u32>,
}

/// All that these experiments ask of checkpoints and that can be kept: the logits of digits that students learn on as
/// they are, and of those that models are measured on.
pub fn questions(configs: &[Config], digits: &Digits) -> Vec<Question> {
    let mut asked: BTreeMap<(String, Split), BTreeSet<u32>> = BTreeMap::new();
    for config in configs {
        for (name, model) in &config.models {
            let Some(Init::Pretrained(checkpoint)) = &model.init else { continue };
            for id in ids_of(name, config, digits) {
                asked.entry((checkpoint.clone(), id.split)).or_default().insert(id.index);
            }
        }
    }
    let list = |((model, split), indices): (_, BTreeSet<u32>)| Question {
        model,
        split,
        indices: indices.into_iter().collect(),
    };
    asked.into_iter().map(list).collect()
}

fn ids_of(teacher: &str, config: &Config, digits: &Digits) -> Vec<SampleId> {
    let mut ids = evaluated_ids(config, digits);
    let is_taught = |model: &&Model| model.learns_from.iter().any(|source| source.model == teacher);
    for student in config.models.values().filter(is_taught) {
        let set = config.transfer_set_of(student);
        if !set.changes_inputs() {
            ids.extend(pictures_of(set, config.data.set));
        }
    }
    if config.training.early_stop.is_some() {
        ids.extend(validation_ids(config));
    }
    ids
}
