//! Generalised Jensen–Shannon divergence, β Σ pᵢ log (pᵢ / mᵢ) + (1 − β) Σ qᵢ log (qᵢ / mᵢ) with m = β p + (1 − β) q, p the
//! teacher's and q the student's softened probabilities (Agarwal et al. 2024, section 2). By β it lies between the two
//! directions of the Kullback–Leibler divergence: near 0 it is β times KL(p‖q), near 1 it is 1 − β times KL(q‖p) (Huszár
//! 2015). It is never above ln 2, and finite where either has a probability of 0.
//!
//! Its gradient in the logits is (1 − β) qᵢ (log (qᵢ / mᵢ) − Σ q log (q / m)) / T: where q is near p, β (1 − β) times that of
//! KL, a quarter at β = ½; T² keeps its size as T changes.

use serde::{Deserialize, Serialize};

use super::divergence::log_of;
use super::{SoftRow, Term};
use crate::ranges::{Ranges, ranges};
use crate::report::Report;

/// Which of the two directions it is nearer to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct JensenShannon {
    /// Share β of the teacher's probabilities in the mixture that both are compared with: near 0 as KL(teacher‖student),
    /// near 1 as KL(student‖teacher); symmetric at ½.
    pub beta: f64,
}

ranges!(JensenShannon {
    beta: 0.01..=0.99;
});

impl Default for JensenShannon {
    fn default() -> Self {
        Self { beta: 0.5 }
    }
}

impl Term for JensenShannon {
    fn compare_row(&self, row: &SoftRow, weight: f32, slopes: &mut [f32], sum: &mut f32) {
        let (beta, mut own) = (self.beta as f32, 0.0);
        for (class, slope) in slopes.iter_mut().enumerate() {
            let (p, q) = (row.targets[class], row.q[class]);
            let log_m = log_of(beta * p + (1.0 - beta) * q);
            own += beta * p * (log_of(p) - log_m);
            *slope = (1.0 - beta) * (row.log_q(class) - log_m);
            own += q * *slope;
        }
        *sum += own;
        row.by_students_slopes(weight, slopes);
    }

    fn check(&self, path: &str, report: &mut Report) {
        self.check_ranges(&format!("{path}.jensen_shannon"), report);
    }
}
