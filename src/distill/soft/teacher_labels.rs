//! Cross-entropy with the teacher's first choice as if it were the label, −log q of that class at T = 1: all that is soft
//! about soft targets is gone (Touvron et al. 2021, section 4, "hard-label distillation"; Kim and Rush 2016 for sequences).
//! Neither temperature nor T² plays a part; its gradient in the logits is q − one-hot, that of the hard term.

use super::{CrossEntropy, SoftRow, Term};

pub(super) struct TeacherLabels;

impl Term for TeacherLabels {
    fn compare_row(&self, row: &SoftRow, weight: f32, slopes: &mut [f32], sum: &mut f32) {
        CrossEntropy.compare_row(row, weight, slopes, sum);
    }

    fn has_temperature(&self) -> bool {
        false
    }

    /// One-hot rows of the largest probability, the lower class where two are equal; a row some of which is no number stays
    /// none.
    fn prepare(&self, targets: &mut [f32], classes: usize) {
        for row in targets.chunks_exact_mut(classes) {
            let first = (1..classes).fold(0, |best, class| if row[class] > row[best] { class } else { best });
            let is_lost = row.iter().any(|p| p.is_nan());
            row.fill(if is_lost { f32::NAN } else { 0.0 });
            if !is_lost {
                row[first] = 1.0;
            }
        }
    }
}
