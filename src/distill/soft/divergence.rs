//! Kullback–Leibler divergence of softened probabilities: Σᵢ pᵢ (log pᵢ − log qᵢ).

use super::{SoftRow, Term};

/// Keeps the logarithm of a probability that is zero in f32 finite; such a term adds at most 1e-28.
pub(super) const SMALLEST: f32 = 1e-30;

/// log p, finite for a probability of zero; of what is no number it is none. By comparison, for of no number `f32::max`
/// would make one.
pub(super) fn log_of(p: f32) -> f32 {
    if p < SMALLEST { SMALLEST.ln() } else { p.ln() }
}

pub(super) struct Divergence;

impl Term for Divergence {
    fn compare_row(&self, row: &SoftRow, weight: f32, slopes: &mut [f32], sum: &mut f32) {
        for (class, p) in row.targets.iter().enumerate() {
            *sum += p * (log_of(*p) - row.log_q(class));
        }
        row.towards_targets(weight, slopes);
    }
}
