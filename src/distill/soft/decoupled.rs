//! Decoupled distillation: the divergence of "this class or another" and the divergence among the other classes,
//! each with a weight of its own (Zhao et al. 2022, eq. 5 to 7).

use serde::{Deserialize, Serialize};

use super::divergence::{SMALLEST, log_of};
use super::{SoftRow, Term};
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

impl Term for Decoupled {
    /// With q̂ᵢ the student's probability among the other classes alone, p̂ᵢ the teacher's, and P and Q those of any other
    /// class: the gradient is α (q (p + P) − p) for the label, and α q̂ᵢ (Q (p + P) − P) + β (q̂ᵢ Σ p̂ − p̂ᵢ) for each other.
    fn compare_row(&self, row: &SoftRow, weight: f32, slopes: &mut [f32], sum: &mut f32) {
        let SoftRow { targets: p, one_hot, q, .. } = *row;
        let [alpha, beta] = [self.target, self.non_target].map(|part| part as f32);
        let is_label = |class: usize| one_hot[class] > 0.0;
        let others = || (0..p.len()).filter(|class| !is_label(*class));
        // From logarithms, not from probabilities, which are zero in f32 for a student that is sure and wrong.
        let largest = others().fold(f32::NEG_INFINITY, |largest, class| match row.log_q(class) {
            log_q if log_q > largest => log_q,
            _ => largest,
        });
        let log_q_others =
            largest + others().map(|class| (row.log_q(class) - largest).exp()).sum::<f32>().ln();
        let log_q_hat = |class: usize| row.log_q(class) - log_q_others;
        let p_others: f32 = others().map(|class| p[class]).sum();
        let p_hat = |class: usize| p[class] / if p_others < SMALLEST { SMALLEST } else { p_others };
        let all: f32 = p.iter().sum();
        let all_hat: f32 = others().map(p_hat).sum();
        let (mut target, mut non_target) = (p_others * (log_of(p_others) - log_q_others), 0.0);
        for (class, slope) in slopes.iter_mut().enumerate() {
            if is_label(class) {
                target += p[class] * (log_of(p[class]) - row.log_q(class));
                *slope = weight * alpha * (q[class] * all - p[class]);
                continue;
            }
            let (p_hat, log_q_hat) = (p_hat(class), log_q_hat(class));
            let q_hat = log_q_hat.exp();
            non_target += p_hat * (log_of(p_hat) - log_q_hat);
            let apart = q_hat * (log_q_others.exp() * all - p_others);
            *slope = weight * (alpha * apart + beta * (q_hat * all_hat - p_hat));
        }
        *sum += alpha * target + beta * non_target;
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
