//! Kullback–Leibler divergence of softened probabilities: Σᵢ pᵢ (log pᵢ − log qᵢ).

use burn::tensor::{Tensor, activation::log_softmax};

use super::{SoftInputs, Term};

/// Keeps the logarithm of a probability that is zero in f32 finite; such a term adds at most 1e-28.
pub(super) const SMALLEST: f32 = 1e-30;

/// log p, finite for a probability of zero; of what is no number it is none.
pub(super) fn log_of(p: Tensor<2>) -> Tensor<2> {
    // What a backend makes of no number in a comparison is its own affair.
    let no_number = p.clone() - p.clone();
    p.clamp_min(SMALLEST).log() + no_number
}

pub(super) struct Divergence;

impl Term for Divergence {
    fn term(&self, inputs: SoftInputs) -> Tensor<1> {
        let [digits, _] = inputs.logits.dims();
        let log_q = log_softmax(inputs.logits.div_scalar(inputs.temperature), 1);
        let log_p = inputs.targets.clone().clamp_min(SMALLEST).log();
        (inputs.targets * (log_p - log_q)).sum().div_scalar(digits as f32)
    }
}
