//! Attention, head by head: the mean squared error of its scores before the softmax (Jiao et al. 2020, eq. 7), or the
//! divergence of the student's maps from the teacher's, mean over heads and queries (Wang et al. 2020, eq. 5).

use burn::tensor::Tensor;
use distillery_kernels::likenesses::{self, squared};

use super::{Compare, Compared, ComparedRows, same_shape};
use crate::error::Allowed;
use crate::nets::{Layer, LayerKind};

pub(super) struct Scores;

impl Compare for Scores {
    fn kinds(&self) -> &'static [LayerKind] {
        &[LayerKind::Scores]
    }

    fn refuses(&self, student: &Layer, teacher: &Layer) -> Option<Allowed> {
        same_shape(student, teacher)
    }

    fn compare(&self, compared: Compared) -> Tensor<1> {
        (compared.student - compared.teacher).powi_scalar(2).mean()
    }

    fn by_formula(&self, rows: &ComparedRows, gradient: &mut [f32]) -> Option<f32> {
        let scale = 1.0 / rows.student.len() as f32;
        Some(squared(rows.student, rows.teacher, scale, gradient))
    }
}

pub(super) struct Divergence;

impl Compare for Divergence {
    fn kinds(&self) -> &'static [LayerKind] {
        &[LayerKind::Attention]
    }

    fn refuses(&self, student: &Layer, teacher: &Layer) -> Option<Allowed> {
        same_shape(student, teacher)
    }

    fn compare(&self, compared: Compared) -> Tensor<1> {
        let tokens = compared.teacher_layer.features();
        divergence(compared.teacher, compared.student, tokens)
    }

    fn by_formula(&self, rows: &ComparedRows, gradient: &mut [f32]) -> Option<f32> {
        let tokens = rows.teacher_layer.features();
        Some(likenesses::divergence(rows.student, rows.teacher, tokens, gradient))
    }
}

/// Keeps the logarithm of a probability that is zero in f32 finite.
const SMALLEST: f32 = 1e-30;

/// KL(p‖q) of probabilities that lie in rows of `length`, mean over rows.
pub(super) fn divergence(p: Tensor<2>, q: Tensor<2>, length: usize) -> Tensor<1> {
    let [digits, width] = p.dims();
    let log = |values: Tensor<2>| values.clamp_min(SMALLEST).log();
    let rows = (digits * width / length) as f32;
    (p.clone() * (log(p) - log(q))).sum().div_scalar(rows)
}
