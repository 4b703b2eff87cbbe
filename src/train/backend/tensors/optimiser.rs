//! Optimisers in tensors: the rule that kernels are compared with.

use burn::tensor::Tensor;

use crate::train::optimiser::EPSILON;
use crate::train::{Adam, Optimiser, Update};

/// What an optimiser remembers between steps.
#[derive(Clone, Default)]
pub struct OptimiserState {
    /// Steps taken.
    pub steps: u32,
    /// Momentum (SGD) or the mean of gradients (Adam).
    pub first: Option<Tensor<1>>,
    /// The mean of squared gradients (Adam).
    pub second: Option<Tensor<1>>,
}

impl Optimiser {
    /// The weights after one step; `rates`, if any, multiplies the change of each weight.
    pub fn update(
        &self,
        state: &mut OptimiserState,
        weights: Tensor<1>,
        gradient: Tensor<1>,
        update: Update,
        rates: Option<&Tensor<1>>,
    ) -> Tensor<1> {
        state.steps += 1;
        let gradient = match update.weight_decay {
            0.0 => gradient,
            decay => gradient + weights.clone().mul_scalar(decay),
        };
        let change = match self {
            Optimiser::Sgd(sgd) => {
                let velocity = match state.first.take() {
                    Some(velocity) => velocity.mul_scalar(sgd.momentum) + gradient,
                    None => gradient,
                };
                state.first = Some(velocity.clone());
                velocity.mul_scalar(update.learning_rate)
            }
            Optimiser::Adam(adam) => adam.change(state, gradient, update.learning_rate),
        };
        match rates {
            Some(rates) => weights - change * rates.clone(),
            None => weights - change,
        }
    }
}

impl Adam {
    /// What is taken off the weights.
    fn change(&self, state: &mut OptimiserState, gradient: Tensor<1>, learning_rate: f64) -> Tensor<1> {
        let step = self.at(state.steps, learning_rate);
        let square = gradient.clone().powi_scalar(2).mul_scalar(step.one_minus_beta2);
        let gradient = gradient.mul_scalar(step.one_minus_beta1);
        let first = match state.first.take() {
            Some(first) => first.mul_scalar(self.beta_1) + gradient,
            None => gradient,
        };
        let second = match state.second.take() {
            Some(second) => second.mul_scalar(self.beta_2) + square,
            None => square,
        };
        state.first = Some(first.clone());
        state.second = Some(second.clone());
        let denominator = second.div_scalar(step.bias_correction2).sqrt().add_scalar(EPSILON);
        first.mul_scalar(step.rate) / denominator
    }
}
