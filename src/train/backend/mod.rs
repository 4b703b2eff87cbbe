//! What trains a network: burn's tensors on any engine, kernels on the host, kernels on a GPU, all behind one trait. A
//! further one is a file with this trait and a line in [`select`], which alone knows what each of them can train.

#[cfg(feature = "webgpu")]
pub(super) mod gpu;
mod held;
mod host;
mod select;
#[cfg(feature = "tensors")]
pub(super) mod tensors;
mod theseus;

use std::future::Future;
use std::pin::Pin;

use super::{Inputs, LearnerState, LossSums, PerTerm, StepInputs};
use crate::error::Result;
use crate::nets::Checkpoint;
use host::HostBackend;
pub use select::Requirements;
pub(super) use select::select;
#[cfg(feature = "tensors")]
pub use tensors::OptimiserState;

/// What an engine answers once it has been read, as a browser demands.
pub(super) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + 'a>>;

/// What a network shows of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Logits,
    /// The layer of this number among those that it shows.
    Layer(usize),
}

/// A network in training, wherever its weights lie. Weights are flat, in the order of the network's layout; pixels are
/// `n × 784`. Every answer is [`crate::error::Error::Engine`] when the engine fails.
pub(super) trait Backend {
    /// Has layers learn the slower the farther they lie from the output: `decay` to the power of the layers between.
    fn decay_rates(&mut self, decay: f64);

    /// One training step; its loss joins the sums. `digits` of the batch have each term.
    fn step(&mut self, inputs: &Inputs, step_inputs: StepInputs, digits: &PerTerm<f32>);

    /// Passes pixels through without dropout; answers each of what is asked for, `n × width`.
    fn show(&self, pixels: Vec<f32>, asked: Vec<Shown>) -> Answer<'_, Vec<Vec<f32>>>;

    /// The network's weights.
    fn weights(&self) -> Answer<'_, Vec<f32>>;

    /// Takes other weights of the network, before the first step.
    fn set_weights(&mut self, weights: Vec<f32>);

    /// The sums of losses so far.
    fn loss_sums(&self) -> Answer<'_, LossSums>;

    /// Starts the sums of losses anew.
    fn clear_losses(&mut self);

    /// Takes the trained model whose blocks it replaces; for a backend that lacks one.
    fn set_predecessor(&mut self, _predecessor: &Checkpoint) {}

    /// Whether it takes no step before it knows the model whose blocks it replaces.
    fn lacks_predecessor(&self) -> bool {
        false
    }

    /// Everything there is to it.
    fn state(&self) -> Answer<'_, LearnerState>;

    /// Becomes what it was when `state` was taken.
    fn restore(&mut self, state: LearnerState);
}

/// A backend whose weights lie in the host's memory.
trait Host: Backend {
    /// The network's weights as they lie in the layout.
    fn values(&self) -> Vec<f32>;
}

impl Host for HostBackend {
    fn values(&self) -> Vec<f32> {
        HostBackend::values(self)
    }
}
