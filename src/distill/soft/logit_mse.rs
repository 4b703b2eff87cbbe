//! Half the squared distance of logits, ½ Σᵢ (zᵢ − vᵢ)², mean over digits (Ba and Caruana 2014, eq. 1); up to scale the
//! limit of the softened cross-entropy at high temperature for centred logits (Hinton et al. 2015, eq. 4).

use super::{SoftRow, Term};

pub(super) struct LogitMse;

impl Term for LogitMse {
    fn compare_row(&self, row: &SoftRow, weight: f32, slopes: &mut [f32], sum: &mut f32) {
        for ((slope, logit), target) in slopes.iter_mut().zip(row.logits).zip(row.targets) {
            let difference = logit - target;
            *sum += 0.5 * difference * difference;
            *slope = weight * difference;
        }
    }

    fn compares_logits(&self) -> bool {
        true
    }

    fn has_temperature(&self) -> bool {
        false
    }
}
