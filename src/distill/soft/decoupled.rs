//! Decoupled distillation: the divergence of "this class or another" and the divergence among the other classes,
//! each with a weight of its own (Zhao et al. 2022, eq. 5 to 7).

use burn::tensor::{Tensor, activation::log_softmax};
use serde::{Deserialize, Serialize};

use super::divergence::SMALLEST;
use super::{SoftInputs, Term};
use crate::bounds::DECOUPLED_WEIGHT;
use crate::report::Report;

/// Weights of the two parts. With weights 1 and 1 − p (p the teacher's probability of the label) it would be the
/// ordinary divergence (eq. 6).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Decoupled {
    /// Weight α of the target class against all others.
    #[cfg_attr(feature = "cli", schemars(range(min = DECOUPLED_WEIGHT.min, max = DECOUPLED_WEIGHT.max)))]
    pub target: f64,
    /// Weight β of the non-target classes among themselves.
    #[cfg_attr(feature = "cli", schemars(range(min = DECOUPLED_WEIGHT.min, max = DECOUPLED_WEIGHT.max)))]
    pub non_target: f64,
}

impl Default for Decoupled {
    /// The paper's setting for CIFAR-100 (section 4.1: α = 1, β = 8).
    fn default() -> Self {
        Self { target: 1.0, non_target: 8.0 }
    }
}

/// Taken off the label's logit so that its class gets no share among the others; exp(−1000) is 0 in f32.
const OUT: f32 = 1000.0;

impl Term for Decoupled {
    fn term(&self, inputs: SoftInputs) -> Tensor<1> {
        let SoftInputs { logits, targets: p, one_hot, temperature } = inputs;
        let [digits, _] = logits.dims();
        let others = one_hot.clone().neg().add_scalar(1.0);
        let softened = logits.div_scalar(temperature);
        let q = log_softmax(softened.clone(), 1).exp();
        let two = |probabilities: &Tensor<2>| {
            let label = (probabilities.clone() * one_hot.clone()).sum_dim(1);
            (label, (probabilities.clone() * others.clone()).sum_dim(1))
        };
        let (p_label, p_others) = two(&p);
        let (q_label, q_others) = two(&q);
        let log = |values: Tensor<2>| values.clamp_min(SMALLEST).log();
        let target = p_label.clone() * (log(p_label) - log(q_label))
            + p_others.clone() * (log(p_others.clone()) - log(q_others));
        // Probabilities among the other classes alone.
        let p_hat = p * others / p_others.clamp_min(SMALLEST);
        let log_q_hat = log_softmax(softened - one_hot.mul_scalar(OUT), 1);
        let non_target = (p_hat.clone() * (log(p_hat) - log_q_hat)).sum();
        (target.sum().mul_scalar(self.target) + non_target.mul_scalar(self.non_target))
            .div_scalar(digits as f32)
    }

    fn needs_labels(&self) -> bool {
        true
    }

    fn check(&self, path: &str, report: &mut Report) {
        report.number(&format!("{path}.decoupled.target"), self.target, DECOUPLED_WEIGHT);
        report.number(&format!("{path}.decoupled.non_target"), self.non_target, DECOUPLED_WEIGHT);
    }
}
