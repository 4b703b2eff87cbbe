//! Decoupled distillation: the divergence of "this class or another" and the divergence among the other classes,
//! each with a weight of its own (Zhao et al. 2022, eq. 5 to 7).

use burn::tensor::{Tensor, activation::log_softmax};
use serde::{Deserialize, Serialize};

use super::divergence::SMALLEST;
use super::{SoftInputs, Term};
use crate::ranges::{Ranges, ranges};
use crate::report::Report;

/// Weights of the two parts. With weights 1 and 1 − p (p the teacher's probability of the label) it would be the
/// ordinary divergence (eq. 6).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Decoupled {
    /// Weight α of the target class against all others.
    pub target: f64,
    /// Weight β of the non-target classes among themselves.
    pub non_target: f64,
}

ranges!(Decoupled {
    target: 0.0..=100.0;
    non_target: 0.0..=100.0;
});

impl Default for Decoupled {
    /// A setting of the paper's for CIFAR-100 (section 4.1: α = 1, β = 8).
    fn default() -> Self {
        Self { target: 1.0, non_target: 8.0 }
    }
}

/// Taken off the label's softened logit so that its class gets no share among the others; far more than softened
/// logits can lie apart.
const OUT: f32 = 1e6;

impl Term for Decoupled {
    fn term(&self, inputs: SoftInputs) -> Tensor<1> {
        let SoftInputs { logits, targets: p, one_hot, temperature } = inputs;
        let [digits, classes] = logits.dims();
        let others = one_hot.clone().neg().add_scalar(1.0);
        let softened = logits.div_scalar(temperature);
        let log_q = log_softmax(softened.clone(), 1);
        // Probabilities among the other classes alone.
        let log_q_hat = log_softmax(softened - one_hot.clone().mul_scalar(OUT), 1);
        // From logarithms, not from probabilities, which are zero in f32 for a student that is sure and wrong. For
        // each other class q = q_others · q̂, so any of them gives log q_others; their mean is as good.
        let log_q_label = (log_q.clone() * one_hot.clone()).sum_dim(1);
        let log_q_others =
            ((log_q - log_q_hat.clone()) * others.clone()).sum_dim(1).div_scalar((classes - 1) as f32);
        let p_label = (p.clone() * one_hot).sum_dim(1);
        let p_others = (p.clone() * others.clone()).sum_dim(1);
        let log = |values: Tensor<2>| values.clamp_min(SMALLEST).log();
        let target = p_label.clone() * (log(p_label) - log_q_label)
            + p_others.clone() * (log(p_others.clone()) - log_q_others);
        let p_hat = p * others / p_others.clamp_min(SMALLEST);
        let non_target = (p_hat.clone() * (log(p_hat) - log_q_hat)).sum();
        (target.sum().mul_scalar(self.target) + non_target.mul_scalar(self.non_target))
            .div_scalar(digits as f32)
    }

    fn weighs(&self) -> bool {
        self.target > 0.0 || self.non_target > 0.0
    }

    fn needs_labels(&self) -> bool {
        true
    }

    fn check(&self, path: &str, report: &mut Report) {
        self.check_ranges(&format!("{path}.decoupled"), report);
    }
}
