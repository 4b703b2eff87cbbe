//! Kullback–Leibler divergence the other way round: Σᵢ qᵢ (log qᵢ − log pᵢ) with p the teacher's and q the student's
//! softened probabilities. It asks the student to put nothing where the teacher has nothing, and not to cover all that the
//! teacher has (Gu et al. 2024, section 2.1).
//!
//! Its gradient in the logits is qᵢ (log (qᵢ / pᵢ) − Σ q log (q / p)) / T: to the first order that of the other direction
//! where q is near p, so T² keeps its size as T changes. A probability below 1e-30 counts as that: a class costs the student
//! 69 nats at most.

use super::divergence::log_of;
use super::{SoftRow, Term};

pub(super) struct ReverseKl;

impl Term for ReverseKl {
    fn compare_row(&self, row: &SoftRow, weight: f32, slopes: &mut [f32], sum: &mut f32) {
        let mut own = 0.0;
        for (class, slope) in slopes.iter_mut().enumerate() {
            *slope = row.log_q(class) - log_of(row.targets[class]);
            own += row.q[class] * *slope;
        }
        *sum += own;
        row.by_students_slopes(weight, slopes);
    }
}
