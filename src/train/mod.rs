//! Training: the engine it runs on, the optimisers, and one step of one model.

mod backend;
mod engine;
mod inputs;
mod learner;
mod losses;
mod optimiser;
mod self_check;

#[cfg(feature = "tensors")]
pub use backend::OptimiserState;
pub use backend::Requirements;
pub use engine::{Engine, EngineKind};
pub use inputs::{Inputs, TaskBatch};
pub use learner::{LOGITS, Learner, LearnerState, StepInputs};
pub use losses::{LossSums, PerTerm, TermSum};
pub use optimiser::{Adam, Optimiser, Sgd, Update};
pub use self_check::{Differences, SelfCheck};
