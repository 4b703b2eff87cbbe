//! Cross-entropy of softened probabilities: −Σᵢ pᵢ log qᵢ with p, q = softmax(·/T)
//! (Hinton et al. 2015, eq. 1 and section 2).

use super::{SoftRow, Term};

pub(super) struct CrossEntropy;

impl Term for CrossEntropy {
    fn compare_row(&self, row: &SoftRow, weight: f32, slopes: &mut [f32], sum: &mut f32) {
        for (class, target) in row.targets.iter().enumerate() {
            *sum -= target * row.log_q(class);
        }
        row.towards_targets(weight, slopes);
    }
}
