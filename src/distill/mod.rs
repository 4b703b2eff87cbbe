//! What a student learns from: soft targets, imitated layers, the loss and its terms, schedules.

mod ablation;
mod imitation;
mod loss;
mod schedule;
mod soft;
mod soft_targets;

pub use ablation::Ablation;
pub use imitation::{Compared, ComparedRows, Imitation, LayerPair, Likeness, Plan, PlannedPair};
pub use loss::{HardMix, LossTensors, SoftMix, TaskTensors, hard_cross_entropy, loss};
pub use schedule::{Point, Ramp, Schedule};
pub use soft::{Decoupled, JensenShannon, SoftInputs, SoftTerm};
pub use soft_targets::{Combine, combined_logits, combined_targets};
