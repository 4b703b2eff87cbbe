//! The experiment's config: one typed structure, JSON outside. Defaults, ranges, units and documentation
//! stand here once; the JSON schema, the page's controls, the command line's help and the
//! validation derive from it.

mod data;
mod init;
mod model;
mod network;
mod objective;
mod training;
mod transfer_set;

pub use data::{Data, DataSet, EvaluateOn};
pub use init::Init;
pub use model::{Model, TaskSet};
pub use network::{NetChoice, SameAs};
pub use objective::{Objective, Source};
pub use training::Training;
pub use transfer_set::{Pictures, TRANSFER_DIGITS, TransferSet};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::data::Split;

/// The config's version that this crate reads and writes.
pub const VERSION: u32 = 1;

/// One whole experiment: a family tree of models and what they learn on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Version of this format; 1.
    pub version: u32,
    /// Seed of everything random: initial weights, order of batches, dropout, jitter.
    #[serde(default)]
    pub seed: u32,
    /// Which digits there are and how they are split.
    #[serde(default)]
    pub data: Data,
    /// The digits that every model learns on, unless it names its own.
    #[serde(default)]
    pub transfer_set: TransferSet,
    /// How every model is trained, unless it names its own way.
    #[serde(default)]
    pub training: Training,
    /// The models, by a short name; their order is the order of training within a step.
    pub models: IndexMap<String, Model>,
}

impl Config {
    /// The transfer set of a model: its own, or the experiment's.
    pub fn transfer_set_of<'a>(&'a self, model: &'a Model) -> &'a TransferSet {
        model.transfer_set.as_ref().unwrap_or(&self.transfer_set)
    }

    /// Whether a model that is trained learns on these pictures.
    pub fn learns_on(&self, split: Split) -> bool {
        let mut trained =
            self.models.values().filter(|model| !matches!(model.init, Some(Init::Pretrained(_))));
        trained.any(|model| self.transfer_set_of(model).pictures.split(self.data.set) == split)
    }
}

fn is_zero(number: &f64) -> bool {
    *number == 0.0
}
