//! The multi-layer perceptron.

use serde::{Deserialize, Serialize};

use super::{
    DIGITS, DROPOUT, HIDDEN_LAYERS, HIDDEN_WIDTH, Layer, LayerKind, Network, Parameter, ParameterKind,
    Perceptron, is_digits,
};
use crate::data::PIXELS;
use crate::error::Allowed;
use crate::ranges::{Ranges, ranges};
use crate::report::Report;

/// Fully connected layers with ReLU between them: 784 → hidden… → one output for each class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Mlp {
    /// Units of each hidden layer, from the input on; none: a linear classifier.
    pub hidden: Vec<u32>,
    /// Rank of each hidden layer's weights: they are the product of two thin matrices `[from, rank]` and `[rank, to]`, with
    /// nothing between them. Absent: one whole matrix a layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
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
    rank: HIDDEN_WIDTH;
    dropout: DROPOUT;
    input_dropout: DROPOUT;
    auxiliary: 0.0..=64.0, unit "outputs";
});

/// Names of the two factors that a hidden layer's weights may be the product of.
pub const FIRST_FACTOR: &str = "first_factor";
pub const SECOND_FACTOR: &str = "second_factor";

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Default for Mlp {
    fn default() -> Self {
        Self {
            hidden: vec![30, 30],
            rank: None,
            dropout: 0.0,
            input_dropout: 0.0,
            outputs: DIGITS,
            auxiliary: 0,
        }
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

/// Both factors of a hidden layer's weights, and its biases. The product of their first values has the variance that one
/// matrix before a ReLU would have, 2 / from: of `rank` products, each of variance 1 / from · 2 / rank.
fn factored_parameters(layer: u32, from: usize, rank: usize, to: usize) -> [Parameter; 3] {
    let factor = |part: &str, shape: [usize; 2]| Parameter::new(layer, part, ParameterKind::Dense, &shape);
    [
        factor(FIRST_FACTOR, [from, rank]).linear(from),
        factor(SECOND_FACTOR, [rank, to]).rectified(rank),
        Parameter::bias(layer, "bias", to),
    ]
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
    /// Inputs, what each product with a matrix gives, outputs.
    fn widths(&self) -> Vec<usize> {
        let hidden = self.hidden.iter().flat_map(|&width| self.rank.into_iter().chain([width]));
        let hidden = hidden.map(|width| width as usize);
        std::iter::once(PIXELS).chain(hidden).chain([(self.outputs + self.auxiliary) as usize]).collect()
    }

    /// The largest rank that a matrix of every hidden layer can have: their smallest side.
    fn largest_rank(&self) -> u32 {
        self.hidden.iter().copied().min().unwrap_or(u32::MAX).min(PIXELS as u32)
    }

    /// What its layers on the host are made of.
    pub fn spec(&self) -> Perceptron {
        let is_hidden = self.hidden.iter().flat_map(|_| self.rank.map(|_| false).into_iter().chain([true]));
        Perceptron {
            widths: self.widths(),
            is_hidden: is_hidden.collect(),
            dropout: self.dropout,
            input_dropout: self.input_dropout,
            auxiliary: self.auxiliary as usize,
        }
    }
}

impl Network for Mlp {
    fn check(&self, path: &str, report: &mut Report) {
        self.check_ranges(path, report);
        let max = self.largest_rank();
        if let Some(rank) = self.rank.filter(|rank| *rank > max) {
            report.add(format!("{path}.rank"), &rank, Allowed::LargestRank { max });
        }
    }

    fn parameters(&self) -> Vec<Parameter> {
        let widths = self.widths();
        if self.rank.is_none() {
            return dense_parameters(0, &widths);
        }
        let (hidden, output) = widths.split_at(widths.len() - 1);
        let sides = hidden.windows(3).step_by(2).zip(0..);
        let mut parameters: Vec<Parameter> = sides
            .flat_map(|(sides, layer)| factored_parameters(layer, sides[0], sides[1], sides[2]))
            .collect();
        parameters.extend(dense_parameters(self.hidden.len(), &[hidden[hidden.len() - 1], output[0]]));
        parameters
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
