//! Auxiliary logits: half the squared distance of outputs that stand for no class, ½ Σ (s − t)², mean over digits.

use distillery_kernels::likenesses::squared;

use super::{Compare, ComparedRows, same_shape};
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

    fn compare_rows(&self, rows: &ComparedRows, gradient: &mut [f32]) -> f32 {
        let scale = 0.5 / rows.n as f32;
        squared(rows.student, rows.teacher, scale, gradient)
    }
}
