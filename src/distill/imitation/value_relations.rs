//! Value relations: softmax(V Vᵀ / √d) of the values V of self-attention, head by head; the divergence of the student's
//! from the teacher's, mean over heads and tokens (Wang et al. 2020, eq. 6 and 7). Widths of heads may differ.

use distillery_kernels::likenesses;

use super::{Compare, ComparedRows};
use crate::error::Allowed;
use crate::nets::{Layer, LayerKind};

pub(super) struct ValueRelations;

impl Compare for ValueRelations {
    fn kinds(&self) -> &'static [LayerKind] {
        &[LayerKind::Values]
    }

    fn refuses(&self, student: &Layer, teacher: &Layer) -> Option<Allowed> {
        let [heads, tokens] = [teacher.shape[0] as u64, teacher.shape[1] as u64];
        (student.shape[..2] != teacher.shape[..2]).then_some(Allowed::HeadsAndTokens { heads, tokens })
    }

    fn compare_rows(&self, rows: &ComparedRows, gradient: &mut [f32]) -> f32 {
        let (tokens, widths) =
            (rows.teacher_layer.shape[1], [rows.student_layer.shape[2], rows.teacher_layer.shape[2]]);
        likenesses::value_relations(rows.isa, rows.student, rows.teacher, tokens, widths, gradient)
    }
}
