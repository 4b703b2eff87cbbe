//! Value relations: softmax(V Vᵀ / √d) of the values V of self-attention, head by head; the divergence of the student's
//! from the teacher's, mean over heads and tokens (Wang et al. 2020, eq. 6 and 7). Widths of heads may differ.

use burn::tensor::{Tensor, activation::softmax};
use distillery_kernels::likenesses;

use super::attention::divergence;
use super::{Compare, Compared, ComparedRows};
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

    fn compare(&self, compared: Compared) -> Tensor<1> {
        let tokens = compared.teacher_layer.shape[1];
        let p = relations(compared.teacher, compared.teacher_layer);
        let q = relations(compared.student, compared.student_layer);
        divergence(p, q, tokens)
    }

    fn by_formula(&self, rows: &ComparedRows, gradient: &mut [f32]) -> Option<f32> {
        let (tokens, widths) =
            (rows.teacher_layer.shape[1], [rows.student_layer.shape[2], rows.teacher_layer.shape[2]]);
        Some(likenesses::value_relations(rows.student, rows.teacher, tokens, widths, gradient))
    }
}

/// `[n, heads · tokens · tokens]` from values `[n, heads · tokens · width]`.
fn relations(values: Tensor<2>, layer: &Layer) -> Tensor<2> {
    let [digits, _] = values.dims();
    let (heads, tokens, width) = (layer.shape[0], layer.shape[1], layer.shape[2]);
    let values = values.reshape([digits * heads, tokens, width]);
    let products = values.clone().matmul(values.transpose()).div_scalar((width as f64).sqrt());
    softmax(products, 2).reshape([digits, heads * tokens * tokens])
}
