//! The multi-layer perceptron.

use serde::{Deserialize, Serialize};

use super::{
    DIGITS, DROPOUT, HIDDEN_LAYERS, HIDDEN_WIDTH, Layer, LayerKind, Network, Parameter, ParameterKind,
    Perceptron, is_digits,
};
use crate::data::PIXELS;
use crate::ranges::{Ranges, ranges};
use crate::report::Report;

/// Fully connected layers with ReLU between them: 784 → hidden… → one output for each class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Mlp {
    /// Units of each hidden layer, from the input on; none: a linear classifier.
    pub hidden: Vec<u32>,
    /// Probability that a hidden unit is dropped in a training step.
    pub dropout: f64,
    /// Probability that a pixel is dropped in a training step.
    pub input_dropout: f64,
    /// Outputs: one for each class of the model's tasks, which it follows from.
    #[cfg_attr(feature = "cli", schemars(skip))]
    #[serde(skip_serializing_if = "is_digits")]
    pub outputs: u32,
    /// Outputs beside the ten classes that stand for nothing (Cloud et al. 2025, section 6); the layer `auxiliary`.
    #[serde(skip_serializing_if = "is_zero")]
    pub auxiliary: u32,
}

ranges!(Mlp {
    hidden: HIDDEN_WIDTH, entries HIDDEN_LAYERS, unit "units";
    dropout: DROPOUT;
    input_dropout: DROPOUT;
    auxiliary: 0.0..=64.0, unit "outputs";
});

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Default for Mlp {
    fn default() -> Self {
        Self { hidden: vec![30, 30], dropout: 0.0, input_dropout: 0.0, outputs: DIGITS, auxiliary: 0 }
    }
}

/// Weights `[from, to]` and biases `[to]` of fully connected layers through the given widths.
pub(super) fn dense_parameters(first: usize, widths: &[usize]) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    for (index, pair) in widths.windows(2).enumerate() {
        let (from, to) = (pair[0], pair[1]);
        let layer = (first + index) as u32;
        let weight = Parameter::new(layer, "weight", ParameterKind::Dense, &[from, to]);
        parameters.push(match index + 2 == widths.len() {
            true => weight.linear(from),
            false => weight.rectified(from),
        });
        parameters.push(Parameter::bias(layer, "bias", to));
    }
    parameters
}

/// The hidden layers that fully connected layers show: `hidden.0` and so on, after the ReLU and before dropout.
pub(super) fn dense_layers(hidden: &[u32]) -> impl Iterator<Item = Layer> {
    let layer = |(index, &width): (usize, &u32)| {
        Layer::new(format!("hidden.{index}"), LayerKind::Hidden, &[width as usize])
    };
    hidden.iter().enumerate().map(layer)
}

/// Multiplications of fully connected layers through the given widths.
pub(super) fn dense_multiply_adds(widths: &[usize]) -> u64 {
    widths.windows(2).map(|pair| (pair[0] * pair[1]) as u64).sum()
}

impl Mlp {
    fn widths(&self) -> Vec<usize> {
        let hidden = self.hidden.iter().map(|&width| width as usize);
        std::iter::once(PIXELS).chain(hidden).chain([(self.outputs + self.auxiliary) as usize]).collect()
    }

    /// What its layers on the host are made of.
    pub fn spec(&self) -> Perceptron {
        let (dropout, input_dropout) = (self.dropout, self.input_dropout);
        Perceptron { widths: self.widths(), dropout, input_dropout, auxiliary: self.auxiliary as usize }
    }
}

impl Network for Mlp {
    fn check(&self, path: &str, report: &mut Report) {
        self.check_ranges(path, report);
    }

    fn parameters(&self) -> Vec<Parameter> {
        dense_parameters(0, &self.widths())
    }

    fn layers(&self) -> Vec<Layer> {
        let auxiliary = Layer::new("auxiliary", LayerKind::Auxiliary, &[self.auxiliary as usize]);
        dense_layers(&self.hidden).chain((self.auxiliary > 0).then_some(auxiliary)).collect()
    }

    fn multiply_adds(&self) -> u64 {
        let mut widths = self.widths();
        // The last ones are the auxiliary outputs, which nothing but training asks for.
        widths.pop();
        widths.push(self.outputs as usize);
        dense_multiply_adds(&widths)
    }

    fn perceptron(&self) -> Option<Perceptron> {
        Some(self.spec())
    }
}
