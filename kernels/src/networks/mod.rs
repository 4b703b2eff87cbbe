//! Whole networks in training on the host, forward and backward; each is a file here. Their weights are one flat vector
//! that the caller keeps, and changes by the gradient.

mod cnn;
mod fully_connected;
pub(crate) mod functions;
pub mod in_place;
mod linear;
mod norm;
pub mod rnn;
mod softmax;
mod turn;
pub mod vit;

pub use cnn::{Cnn, CnnShape};
pub use rnn::{Rnn, RnnShape};
pub use vit::{Vit, VitShape};

/// Columns of a product are a multiple of them.
pub(crate) use crate::aligned::LINE;

/// Digits of a transformer that are worked on together. Natively so few that a layer's values stay in the nearest
/// cache; in a browser twice as many, which halves how often the sums of gradients are read and written: that takes
/// longer there than what no longer stays near, natively it does not.
const TOGETHER: usize = if cfg!(feature = "threads") { 3 } else { 6 };
/// Their tokens, 48 or 96: no power of two, so that rows do not push each other out of the cache.
const COLUMNS: usize = TOGETHER * vit::TOKENS;
/// Vectors of columns that sums over rows are made of at once, so that no addition waits for the one before; they and
/// every kind of lanes divide [`COLUMNS`].
const VECTORS: usize = 3;

/// The masks of dropout of one pass.
pub trait Masks {
    /// The mask of this many values: 0 for what is dropped with probability `rate`, and what the others are scaled by;
    /// none where nothing is dropped.
    fn mask(&mut self, values: usize, rate: f64) -> Option<Vec<f32>>;

    /// Whether a part of a network is left out of this pass, with probability `rate`.
    fn leaves_out(&mut self, rate: f64) -> bool {
        rate > 0.0 && self.mask(1, rate).is_some_and(|mask| mask[0] == 0.0)
    }
}

/// Nothing is dropped: what a trained network is asked with.
pub struct NoMasks;

impl Masks for NoMasks {
    fn mask(&mut self, _values: usize, _rate: f64) -> Option<Vec<f32>> {
        None
    }
}

/// A network whose passes run on the host. What a forward pass leaves behind, its buffers, belongs to the network and is
/// kept from step to step: a step allocates nothing beside masks.
pub trait Network {
    /// Outputs `[n, outputs]` of `inputs [n, inputs]`, kept until [`Network::outputs`] is asked; so is what
    /// [`Network::layer`] shows and [`Network::backward`] needs. Masks are drawn in the order in which values are
    /// dropped.
    fn forward(&mut self, weights: &[f32], inputs: &[f32], masks: &mut dyn Masks);

    /// Of the last forward pass, `[n, outputs]`.
    fn outputs(&self) -> &[f32];

    /// Layer number `place` of the last forward pass, as it is shown, `[n, width]`, appended to `to`.
    fn layer(&self, place: usize, to: &mut Vec<f32>);

    /// Adds to `gradient`, as long as `weights`, that of a loss in the weights; `grad_outputs [n, outputs]` is its
    /// gradient in the outputs of the last forward pass, `grad_layers` those in layers by their places, as they are
    /// shown. Weights and inputs are those of the forward pass.
    fn backward(
        &mut self,
        weights: &[f32],
        inputs: &[f32],
        grad_outputs: &[f32],
        grad_layers: &[(usize, Vec<f32>)],
        gradient: &mut [f32],
    );
}
