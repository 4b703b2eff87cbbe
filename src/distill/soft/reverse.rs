//! Kullback–Leibler divergence the other way round: Σᵢ qᵢ (log qᵢ − log pᵢ) with p the teacher's and q the student's
//! softened probabilities. It asks the student to put nothing where the teacher has nothing, and not to cover all that the
//! teacher has (Gu et al. 2024, section 2.1).
//!
//! Its gradient in the logits is qᵢ (log (qᵢ / pᵢ) − Σ q log (q / p)) / T: to the first order that of the other direction
//! where q is near p, so T² keeps its size as T changes. A probability below 1e-30 counts as that: a class costs the student
//! 69 nats at most.

use burn::tensor::{Tensor, activation::log_softmax};

use super::divergence::log_of;
use super::{SoftInputs, Term};

pub(super) struct ReverseKl;

impl Term for ReverseKl {
    fn term(&self, inputs: SoftInputs) -> Tensor<1> {
        let [digits, _] = inputs.logits.dims();
        let log_q = log_softmax(inputs.logits.div_scalar(inputs.temperature), 1);
        (log_q.clone().exp() * (log_q - log_of(inputs.targets))).sum().div_scalar(digits as f32)
    }
}
