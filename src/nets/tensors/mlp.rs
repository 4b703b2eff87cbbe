//! The multi-layer perceptron, and fully connected layers behind others.

use burn::tensor::{Tensor, activation::relu, module::linear};

use super::{Pass, Weights};
use crate::nets::Mlp;

impl Mlp {
    /// See [`Net::forward`](crate::nets::Net::forward).
    pub(super) fn forward(&self, weights: &Weights, digits: Tensor<2>, pass: &mut Pass) -> Tensor<2> {
        let [rows, _] = digits.dims();
        let digits = pass.drop(digits, self.input_dropout);
        let (layers, has_factors) = (self.hidden.len() + 1, self.rank.is_some());
        let outputs = dense_forward(weights, 0, layers, has_factors, digits, self.dropout, pass);
        if self.auxiliary == 0 {
            return outputs;
        }
        let (classes, all) = (self.outputs as usize, (self.outputs + self.auxiliary) as usize);
        pass.show("auxiliary", &outputs.clone().slice([0..rows, classes..all]));
        outputs.slice([0..rows, 0..classes])
    }
}

/// Runs fully connected layers whose first weight is parameter `first`; ReLU and dropout after all but the last.
/// Hidden ones are shown as `hidden.0` and so on, after the ReLU and before dropout; their weights may be two factors.
pub(super) fn dense_forward(
    weights: &Weights,
    first: usize,
    layers: usize,
    has_factors: bool,
    mut values: Tensor<2>,
    rate: f64,
    pass: &mut Pass,
) -> Tensor<2> {
    let mut index = first;
    for layer in 0..layers {
        if has_factors && layer + 1 < layers {
            values = values.matmul(weights.get::<2>(index));
            index += 1;
        }
        values = linear(values, weights.get::<2>(index), Some(weights.get::<1>(index + 1)));
        index += 2;
        if layer + 1 < layers {
            values = relu(values);
            pass.show(&format!("hidden.{layer}"), &values);
            values = pass.drop(values, rate);
        }
    }
    values
}
