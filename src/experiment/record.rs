//! The run record: what a run leaves behind. The page, the command line and the exports all speak it.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::config::Config;
use super::event::LossTerms;
use crate::compress::Stored;
use crate::data::{Task, sha256_hex};
use crate::nets::Cost;
use crate::train::Engine;

/// Measures of one model after one epoch, taken on the evaluated digits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct EpochMeasures {
    /// Epoch from 1; 0 is the model as it starts.
    pub epoch: u32,
    /// Steps taken so far.
    pub step: u32,
    /// Wrong digits among `evaluated`, in its first task. A digit with a logit that is no number gets no prediction,
    /// and is wrong.
    pub errors: u32,
    /// How many digits were evaluated.
    pub evaluated: u32,
    /// Ends of the 95 % Wilson score interval of the error count.
    pub errors_interval: [f64; 2],
    /// Mean loss terms over the epoch's steps; null at epoch 0.
    pub loss: Option<LossTerms>,
    /// Digits on which its first choice equals that of its (combined) teachers; null without a teacher of its first
    /// task, or in an event that comes before the teacher was measured.
    pub agreement: Option<u32>,
    /// Digits on which its first choice equals that of the trained model that it is made of; absent for a model that is
    /// made of none. It follows from both models' errors, and is not part of the digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_agreement: Option<u32>,
    /// Wrong digits of several teachers together: of the ensemble; absent for fewer than two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teachers_errors: Option<u32>,
    /// Wrong digits in the tasks after the first; absent for a model of one task.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_tasks: Vec<TaskErrors>,
    /// Expected calibration error, 15 equal bins (Guo et al. 2017, eq. 3), 0 to 1; null for a model some of whose
    /// probabilities are no numbers.
    pub calibration_error: Option<f64>,
    /// Wrong digits among the validation digits; only with early stop.
    pub validation_errors: Option<u32>,
    /// Mean cross-entropy of the evaluated digits with their labels at T = 1, in nats, in its first task; absent where it
    /// is no finite number. It follows from the logits that the errors follow from, and is not part of the digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluated_loss: Option<f64>,
    /// Measures on digits that it learns on; absent unless the config asks for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<TrainingMeasures>,
    /// Time spent training and measuring this model in this epoch, in milliseconds; not part of the digest.
    pub elapsed_ms: f64,
}

/// How a model does on digits that it learns on, unchanged, in its first task.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct TrainingMeasures {
    /// Wrong digits among these, by all labels, hidden ones too.
    pub errors: u32,
    /// How many digits these are.
    pub evaluated: u32,
    /// Their mean cross-entropy with their labels at T = 1, in nats; null where it is no finite number.
    pub loss: Option<f64>,
}

/// How a model does in one of its tasks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct TaskErrors {
    pub task: Task,
    /// Wrong digits among those evaluated.
    pub errors: u32,
}

/// What a run leaves behind of one model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ModelRecord {
    /// Number of trainable weights.
    pub parameters: u64,
    /// SHA-256 of its final weights as little-endian f32, hexadecimal; empty until it is trained.
    pub weights_digest: String,
    /// Measures per epoch.
    pub epochs: Vec<EpochMeasures>,
    /// Indices of the evaluated digits that the final model gets wrong in its first task, rising.
    pub wrong: Vec<u32>,
    /// Why it ended before its last epoch, if it did: `patience_spent` by early stop, else the code of the warning of
    /// the error that stopped it.
    pub stopped: Option<String>,
}

/// What a model takes; not part of the digest, for it follows from the config, and the time from the machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ModelCost {
    #[serde(flatten)]
    pub net: Cost,
    /// Microseconds that the logits of one digit take on the engine that ran, in batches as large as those it is
    /// measured in, once it learns nothing more; of some runs the fastest. Null where it was not timed.
    pub microseconds_a_digit: Option<f64>,
    /// What its weights take as they are once it is trained; null until then, and for a model that an error stopped.
    #[serde(default)]
    pub stored: Option<Stored>,
}

/// What [`ModelRecord::stopped`] says of early stop.
pub(super) const PATIENCE_SPENT: &str = "patience_spent";

impl ModelRecord {
    /// The code of the error that stopped it; none for a model that is trained or in training. An early stop is no
    /// error.
    pub fn error(&self) -> Option<&str> {
        self.stopped.as_deref().filter(|code| *code != PATIENCE_SPENT)
    }
}

/// Two models on the same evaluated digits: McNemar's exact test, two-sided (McNemar 1947).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Comparison {
    pub a: String,
    pub b: String,
    /// Digits that `a` alone gets wrong.
    pub only_a_wrong: u32,
    /// Digits that `b` alone gets wrong.
    pub only_b_wrong: u32,
    /// Probability of a difference at least this large if both were equally good.
    pub p_value: f64,
}

/// What a model gets wrong of the test digits, in its first task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct TestMeasures {
    /// Wrong digits among `evaluated`.
    pub errors: u32,
    /// How many test digits there were.
    pub evaluated: u32,
    /// Ends of the 95 % Wilson score interval of the error count.
    pub errors_interval: [f64; 2],
    /// Expected calibration error, as in [`EpochMeasures`].
    pub calibration_error: Option<f64>,
    /// Indices of the digits that it gets wrong, rising.
    pub wrong: Vec<u32>,
}

/// What opening the test digits has shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct TestResults {
    /// Every model that was trained by then, by name, in the config's order.
    pub models: IndexMap<String, TestMeasures>,
    /// Every pair of them with the same first task.
    pub comparisons: Vec<Comparison>,
}

/// Where a run took place; not part of the digest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Environment {
    /// `cpu` or `webgpu`.
    pub engine: String,
    /// The adapter's name and driver, as the engine gives it.
    pub adapter: String,
    /// Version of this crate.
    pub crate_version: String,
    /// `wasm32` or the native architecture.
    pub target: String,
}

/// The record of one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Record {
    /// Version of this format; 1.
    pub version: u32,
    /// The config, with every default filled in.
    pub config: Config,
    pub environment: Environment,
    /// By name, in the config's order.
    pub models: IndexMap<String, ModelRecord>,
    /// What each model takes, by name, in the config's order.
    #[serde(default)]
    pub costs: IndexMap<String, ModelCost>,
    /// Every pair of measured models with the same first task, but for those that an error stopped.
    pub comparisons: Vec<Comparison>,
    /// How often errors on the test digits have been seen: once for each opening, those of other runs in the same visit
    /// among them; in a run that is measured on them, besides, once for each epoch.
    #[serde(default)]
    pub test_opened: u32,
    /// What the last opening showed; null before one.
    #[serde(default)]
    pub test: Option<TestResults>,
    /// SHA-256 over config, models and comparisons without times, losses of evaluated digits, environment and openings,
    /// hexadecimal: two runs
    /// of one config on one engine have the same.
    pub digest: String,
}

impl Environment {
    /// Where an engine runs.
    pub fn of(engine: &Engine) -> Self {
        Self {
            engine: engine.kind.name().to_owned(),
            adapter: engine.adapter.clone(),
            crate_version: env!("CARGO_PKG_VERSION").to_owned(),
            target: std::env::consts::ARCH.to_owned(),
        }
    }
}

/// SHA-256 of a value's JSON, hexadecimal.
pub(super) fn digest(value: &impl Serialize) -> String {
    // Plain structures of numbers, texts and lists: writing them as JSON cannot fail.
    let text = serde_json::to_vec(value).unwrap_or_default();
    sha256_hex(&text)
}
