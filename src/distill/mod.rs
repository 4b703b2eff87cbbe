//! What a student learns from: soft targets, imitated layers, the loss and its terms, schedules.

mod ablation;
mod imitation;
mod loss;
mod schedule;
mod soft;
mod soft_targets;
#[cfg(feature = "tensors")]
mod tensors;

pub use ablation::Ablation;
pub use imitation::{ComparedRows, Imitation, LayerPair, Likeness, Plan, PlannedPair};
pub use loss::{HardMix, LossTerms, SoftMix, TaskRows, log_softmax, task_loss};
pub use schedule::{Point, Ramp, Schedule};
pub use soft::{Decoupled, JensenShannon, SoftRows, SoftTerm};
pub use soft_targets::{Combine, combined_logits, combined_targets};

#[cfg(feature = "tensors")]
pub use tensors::{Compared, LossTensors, SoftInputs, TaskTensors, hard_cross_entropy, loss};
