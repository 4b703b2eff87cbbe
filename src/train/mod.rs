//! Training: the engine it runs on, the optimisers, and one step of one model.

mod engine;
#[cfg(feature = "webgpu")]
mod gpu;
mod held;
mod inputs;
mod learner;
mod losses;
mod optimiser;
mod perceptron;
mod self_check;
mod tensors;

pub use engine::{Engine, EngineKind};
pub use inputs::{Asked, Inputs};
pub use learner::{Learner, LearnerState, Lesson};
pub use losses::{LossSums, TermSum};
pub use optimiser::{Adam, Optimiser, OptimiserState, Sgd, Update};
pub use self_check::{Differences, SelfCheck};
