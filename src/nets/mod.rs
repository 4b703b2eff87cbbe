//! What can be trained: the networks' specs, their weights and checkpoints. What a network computes stands in `tensors/`
//! as its definition, and in `distillery-kernels` as it runs on the host.
//!
//! A new network is a file of its own in each of these places, a variant of [`Net`], and its test.

mod checkpoint;
mod cnn;
mod cost;
mod dropout;
mod layer;
mod layout;
mod mlp;
mod rnn;
#[cfg(feature = "tensors")]
mod tensors;
mod vit;

pub use checkpoint::{Checkpoint, Storage, weights_digest};
pub use cnn::Cnn;
pub use cost::Cost;
pub use dropout::Dropout;
pub use layer::{Layer, LayerKind};
pub use layout::{DenseLayer, Layout, Parameter, ParameterKind};
pub use mlp::{FIRST_FACTOR, Mlp, SECOND_FACTOR};
pub use rnn::Rnn;
#[cfg(feature = "tensors")]
pub use tensors::{Pass, Weights};
pub use vit::Vit;

use std::ops::{Range, RangeInclusive};

use serde::{Deserialize, Serialize};

use crate::data::CLASSES;
use crate::report::Report;

/// A network, by kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Net {
    /// A multi-layer perceptron: fully connected layers with ReLU between them.
    Mlp(Mlp),
    /// A convolutional network: convolution, ReLU and 2×2 max-pooling, then fully connected layers.
    Cnn(Cnn),
    /// A vision transformer: self-attention between 16 patches of 7×7 pixels.
    Vit(Vit),
    /// A recurrent network: a bidirectional LSTM that reads the digit row by row.
    Rnn(Rnn),
}

/// What a rate of dropout may be.
const DROPOUT: RangeInclusive<f64> = 0.0..=0.95;
/// Units that a fully connected hidden layer may have.
const HIDDEN_WIDTH: RangeInclusive<f64> = 1.0..=2048.0;
/// How many fully connected hidden layers there may be.
const HIDDEN_LAYERS: RangeInclusive<f64> = 0.0..=6.0;

/// Outputs of a network that tells digits and nothing else.
const DIGITS: u32 = CLASSES as u32;

fn is_digits(outputs: &u32) -> bool {
    *outputs == DIGITS
}

/// Fully connected layers with ReLU between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Perceptron {
    /// Inputs, outputs of each layer but the last, outputs.
    pub widths: Vec<usize>,
    /// For each layer but the last, whether its outputs are hidden units, with a ReLU and dropout; others are handed on as
    /// they are.
    pub is_hidden: Vec<bool>,
    /// Probability that a hidden unit is dropped in a training step.
    pub dropout: f64,
    /// Probability that a pixel is dropped in a training step.
    pub input_dropout: f64,
    /// Outputs, the last ones, that stand for no class.
    pub auxiliary: usize,
}

impl Perceptron {
    /// Whether a ReLU stands behind every layer but the last.
    pub fn is_rectified(&self) -> bool {
        self.is_hidden.iter().all(|is_hidden| *is_hidden)
    }
}

/// What every network can do.
pub trait Network {
    /// Reports what is out of range in its spec.
    fn check(&self, path: &str, report: &mut Report);

    /// Its parameters, in the order they lie in the weight vector; in the output layer's bias the ten classes come
    /// first.
    fn parameters(&self) -> Vec<Parameter>;

    /// The layers it can show in a pass, from the input on.
    fn layers(&self) -> Vec<Layer>;

    /// See [`Cost::multiply_adds`].
    fn multiply_adds(&self) -> u64;

    /// Multiplications for one digit that each of a parameter's weights takes part in; for parameters that products are
    /// made with.
    fn uses(&self, _parameter: &Parameter) -> u64 {
        1
    }

    /// What it is, if it is fully connected layers, ReLU and nothing else.
    fn perceptron(&self) -> Option<Perceptron> {
        None
    }
}

impl Net {
    /// The kinds by name, as a config has them.
    pub const KINDS: [&str; 4] = ["mlp", "cnn", "vit", "rnn"];

    /// The network behind the spec, with the name of its kind: the one list of kinds.
    fn named(&self) -> (&'static str, &dyn Network) {
        match self {
            Net::Mlp(mlp) => ("mlp", mlp),
            Net::Cnn(cnn) => ("cnn", cnn),
            Net::Vit(vit) => ("vit", vit),
            Net::Rnn(rnn) => ("rnn", rnn),
        }
    }

    /// The name of its kind.
    pub fn kind(&self) -> &'static str {
        self.named().0
    }

    /// Outputs: one for each class of a model's tasks.
    pub fn outputs(&self) -> usize {
        match self {
            Net::Mlp(mlp) => mlp.outputs as usize,
            Net::Cnn(cnn) => cnn.outputs as usize,
            Net::Vit(vit) => vit.outputs as usize,
            Net::Rnn(rnn) => rnn.outputs as usize,
        }
    }

    /// The same network with another number of outputs.
    pub fn with_outputs(mut self, outputs: usize) -> Self {
        let own = match &mut self {
            Net::Mlp(mlp) => &mut mlp.outputs,
            Net::Cnn(cnn) => &mut cnn.outputs,
            Net::Vit(vit) => &mut vit.outputs,
            Net::Rnn(rnn) => &mut rnn.outputs,
        };
        *own = outputs as u32;
        self
    }

    /// Whether some of its layers are not there in some training steps.
    pub fn leaves_layers_out(&self) -> bool {
        matches!(self, Net::Vit(vit) if vit.layer_drop > 0.0)
    }

    /// The network behind the spec.
    pub fn network(&self) -> &dyn Network {
        self.named().1
    }

    /// Reports what is out of range in the spec.
    pub fn check(&self, path: &str, report: &mut Report) {
        let (kind, network) = self.named();
        network.check(&format!("{path}.{kind}"), report);
    }

    /// What can be imitated in it: the layers it shows, and its fully connected weights.
    pub fn layers(&self) -> Vec<Layer> {
        let parameters = self.network().parameters().into_iter();
        let weights = parameters.filter(|parameter| parameter.kind == ParameterKind::Dense);
        let weights =
            weights.map(|parameter| Layer::new(parameter.name, LayerKind::Weights, &parameter.shape));
        self.network().layers().into_iter().chain(weights).collect()
    }

    /// The layer of that name, if it has one.
    pub fn layer(&self, name: &str) -> Option<Layer> {
        self.layers().into_iter().find(|layer| layer.name == name)
    }

    /// Where each parameter lies in the weight vector.
    pub fn layout(&self) -> Layout {
        Layout::new(self.network().parameters())
    }

    /// Where the output layer's bias lies in the weight vector, the ten classes first.
    pub fn output_bias(&self) -> Range<usize> {
        self.layout().output_bias().unwrap_or_default()
    }
}
