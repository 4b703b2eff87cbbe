//! A network in training on the host, with its weights and what the optimiser remembers of them.

use std::ops::Range;

use distillery_kernels::Update;

use crate::nets::Dropout;

/// One kind of network. Its layers are known by their places among those that it shows.
pub(super) trait Trained {
    /// Passes digits `n × 784` through, with the dropout of a training step; keeps what is asked for next. `shows` says
    /// whether layers will be.
    fn forward(&mut self, digits: &[f32], dropout: &mut Dropout, shows: bool);

    /// Outputs `n × outputs` of the last pass.
    fn outputs(&self) -> &[f32];

    /// A layer `n × width` of the last pass, if that shows layers.
    fn layer(&self, place: usize) -> Vec<f32>;

    /// Learns from the last pass: the gradient of the loss in its outputs, and what imitation adds to that.
    fn learn(&mut self, digits: &[f32], grad_outputs: &[f32], imitated: &Imitated, step: &Step);

    /// Has layers learn the slower the farther they lie from the output.
    fn decay_rates(&mut self, decay: f64);

    /// The weights as they lie in the layout.
    fn values(&self) -> Vec<f32>;

    /// Takes other weights.
    fn set_values(&mut self, values: &[f32]);

    /// What the optimiser remembers: momentum or the mean of gradients, and the mean of squared gradients.
    fn moments(&self) -> [Vec<f32>; 2];

    /// Takes what an optimiser remembered.
    fn set_moments(&mut self, moments: [&[f32]; 2]);
}

/// The gradient of what a network imitates.
#[derive(Default)]
pub(super) struct Imitated {
    /// In layers, by their places among those that it shows.
    pub layers: Vec<(usize, Vec<f32>)>,
    /// In weights themselves, by their places in the layout.
    pub weights: Vec<(Range<usize>, Vec<f32>)>,
}

/// How weights change in one step.
pub(super) struct Step {
    pub update: Update,
    /// Longest that the weights into a unit may be.
    pub max_norm: Option<f32>,
}

impl Step {
    /// The update of weights whose rate is this times that of the output layer.
    pub fn at_rate(&self, rate: f32) -> Update {
        Update { rate: self.update.rate * rate, ..self.update }
    }
}
