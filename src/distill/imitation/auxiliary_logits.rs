//! Auxiliary logits: half the squared distance of outputs that stand for no class, ½ Σ (s − t)², mean over digits.

use burn::tensor::Tensor;
use distillery_kernels::likenesses::squared;

use super::{Compare, Compared, ComparedRows, same_shape};
use crate::error::Allowed;
use crate::nets::{Layer, LayerKind};

pub(super) struct AuxiliaryLogits;

impl Compare for AuxiliaryLogits {
    fn kinds(&self) -> &'static [LayerKind] {
        &[LayerKind::Auxiliary]
    }

    fn refuses(&self, student: &Layer, teacher: &Layer) -> Option<Allowed> {
        same_shape(student, teacher)
    }

    fn compare(&self, compared: Compared) -> Tensor<1> {
        let [digits, _] = compared.student.dims();
        (compared.student - compared.teacher).powi_scalar(2).sum().div_scalar(2.0 * digits as f32)
    }

    fn by_formula(&self, rows: &ComparedRows, gradient: &mut [f32]) -> Option<f32> {
        let scale = 0.5 / rows.n as f32;
        Some(squared(rows.student, rows.teacher, scale, gradient))
    }
}
