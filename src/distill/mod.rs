//! What a student learns from: soft targets, the loss and its terms, schedules.
//!
//! A new soft term is a file of its own here, a variant of [`SoftTerm`], and its test.

mod loss;
mod schedule;
mod soft_cross_entropy;
mod soft_targets;

pub use loss::{LossTensors, Mix, hard_cross_entropy, loss};
pub use schedule::{Ramp, Schedule};
pub use soft_targets::{Combine, combined_targets};

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// The kind of soft term: how the student's outputs are compared with the soft targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SoftTerm {
    /// Cross-entropy of the softened probabilities (Hinton et al. 2015, section 2).
    #[default]
    CrossEntropy,
}

impl SoftTerm {
    /// The term as a mean over digits `[1]`, in nats, from the student's logits `[n, 10]` and the soft
    /// targets `[n, 10]` at temperature T.
    pub fn term(self, logits: Tensor<2>, targets: Tensor<2>, temperature: f64) -> Tensor<1> {
        match self {
            SoftTerm::CrossEntropy => soft_cross_entropy::term(logits, targets, temperature),
        }
    }
}
