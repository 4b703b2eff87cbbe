//! How far one model has come: everything of it that changes and cannot be worked out again, but for its learner's
//! state.

use serde::{Deserialize, Serialize};

use crate::archive::tensor;
use crate::compress::Stored;
use crate::experiment::record::EpochMeasures;
use crate::train::LossSums;

/// Where a model stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Phase {
    /// Its teachers are not ready.
    #[default]
    Waiting,
    Training,
    /// An epoch has ended; its measures are being taken.
    Measuring,
    /// Trained (or pretrained): it can teach.
    Trained,
    /// Ended early by an error of its own; it cannot teach.
    Stopped,
}

/// How long a model takes to answer for a digit, on the engine that runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answering {
    #[default]
    Untimed,
    /// Microseconds; none where the clock is too coarse to tell.
    Timed(Option<f64>),
}

impl Answering {
    /// Microseconds a digit, if they are known.
    pub fn microseconds(self) -> Option<f64> {
        match self {
            Answering::Untimed => None,
            Answering::Timed(microseconds) => microseconds,
        }
    }
}

/// How far one model has come; by default it is before its first step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Progress {
    pub phase: Phase,
    /// Steps taken.
    pub step: u32,
    /// What was measured, epoch by epoch.
    pub epochs: Vec<MeasuredEpoch>,
    /// Logits on the evaluated digits, growing while the model is measured.
    #[serde(with = "tensor")]
    pub evaluation: Vec<f32>,
    pub weights_digest: String,
    pub stopped: Option<String>,
    /// Time spent on it in the current epoch.
    pub elapsed_ms: f64,
    pub answering: Answering,
    /// What it takes, once it is trained.
    pub stored: Option<Stored>,
    /// Loss sums at the last report.
    #[serde(with = "tensor")]
    pub reported: LossSums,
}

/// What was measured after one epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct MeasuredEpoch {
    pub measures: EpochMeasures,
    /// First choices on the evaluated digits for its first task.
    #[serde(with = "tensor")]
    pub predictions: Vec<u8>,
}

impl Progress {
    /// True when its validation errors have not fallen for so many epochs.
    pub fn is_patience_spent(&self, patience: u32) -> bool {
        let errors: Vec<u32> = self.epochs.iter().filter_map(|e| e.measures.validation_errors).collect();
        let best = errors.iter().min();
        let Some(place) = errors.iter().position(|errors| Some(errors) == best) else { return false };
        errors.len() - 1 - place >= patience as usize
    }
}
