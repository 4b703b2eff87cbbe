//! What a session tells while it runs: a tagged union, each event with its session and model.

use serde::{Deserialize, Serialize};

use super::record::{Comparison, EpochMeasures, TestResults};
use super::warning::Warning;
use crate::compress::Stored;
use crate::data::Task;
use crate::nets::Cost;
use crate::train::{LossSums, TermSum};

/// The loss terms of a model over some steps, means over the digits of all of them. A term is null where no step worked
/// it out, and where it is no finite number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct LossTerms {
    /// Cross-entropy with the labels at T = 1, in nats: mean over the digits with a label; null where there was none.
    pub hard: Option<f64>,
    /// The soft term at T, in nats, without weight or T²; null for a model that nobody teaches, or whose soft targets
    /// never have a weight.
    pub soft: Option<f64>,
    /// The terms of imitation, without weights, in the order of the objective's `imitates`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imitated: Vec<Option<f64>>,
    /// What is minimised, all terms with their weights and T²: each step's by its digits, whether they have labels or
    /// not. In each step the hard term is the mean over the labelled digits there, and 0 where there are none; steps
    /// that minimise nothing, for want of labels and of teachers, do not count.
    pub total: Option<f64>,
}

impl LossTerms {
    /// The means that sums make.
    pub fn of(sums: &LossSums) -> Self {
        Self {
            hard: sums.hard.mean(),
            soft: sums.soft.mean(),
            imitated: sums.imitated.iter().map(TermSum::mean).collect(),
            total: sums.total.mean(),
        }
    }
}

/// Why a model trains no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// It has had all its epochs; a pretrained model has none.
    AllEpochs,
    /// Early stop: its validation errors had not fallen for as many epochs as it may wait.
    PatienceSpent,
}

/// One model as a session starts.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct StartedModel {
    pub name: String,
    /// What it takes.
    pub cost: Cost,
    /// What it tells of a digit; errors are those of the first.
    pub tasks: Vec<Task>,
    /// Names of its teachers.
    pub learns_from: Vec<String>,
    /// True when its weights come from a shipped checkpoint and are not trained.
    pub pretrained: bool,
    /// Steps it will take in all (early stop may end it sooner).
    pub steps: u32,
    /// Epochs it will train.
    pub epochs: u32,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The session is set up; nothing is trained yet.
    Started { session: u32, models: Vec<StartedModel>, digest: String },
    /// A step was taken and its loss read back. Not every step is reported.
    Step {
        session: u32,
        model: String,
        /// Steps taken, from 1.
        step: u32,
        /// The epoch under way, from 1.
        epoch: u32,
        /// Means over the steps since the last report.
        loss: LossTerms,
        learning_rate: f64,
        /// Null for a model that nobody teaches.
        temperature: Option<f64>,
        /// Null for a model that nobody teaches.
        hard_weight: Option<f64>,
    },
    /// An epoch ended and was measured. Epoch 0 is the model as it starts (a pretrained one has no other).
    Epoch { session: u32, model: String, measures: EpochMeasures },
    /// A model is trained; it can teach now. Its weights are those of the last epoch, however it ended.
    ModelDone { session: u32, model: String, ended: Ended, stored: Stored },
    /// A model that learns nothing more was timed on the engine that runs, answering for digits.
    Timed { session: u32, model: String, microseconds_a_digit: f64 },
    /// Something the reader should know. A model named here has been stopped.
    Warning { session: u32, model: Option<String>, warning: Warning },
    /// The test digits were opened, and have been so often in this visit; what they showed.
    TestOpened { session: u32, opened: u32, results: TestResults },
    /// The session is finished; the record can be taken.
    Done { session: u32, comparisons: Vec<Comparison>, digest: String },
}

/// What one call of `advance` brought.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Advance {
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Steps taken by all models together.
    pub steps_done: u32,
    /// Steps that all models will take together: of a model that was stopped, early or by an error, those it took.
    pub steps_total: u32,
    /// Milliseconds of `advance` that are left as far as can be told, early stop left out of account; null while nothing
    /// tells.
    pub remaining_ms: Option<f64>,
    /// True once everything is trained and measured.
    pub finished: bool,
}
