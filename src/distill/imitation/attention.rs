//! Attention, head by head: the mean squared error of its scores before the softmax (Jiao et al. 2020, eq. 7), or the
//! divergence of the student's maps from the teacher's, mean over heads and queries (Wang et al. 2020, eq. 5).

use distillery_kernels::likenesses::{self, squared};

use super::{Compare, ComparedRows, same_shape};
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

    fn compare_rows(&self, rows: &ComparedRows, gradient: &mut [f32]) -> f32 {
        let scale = 1.0 / rows.student.len() as f32;
        squared(rows.student, rows.teacher, scale, gradient)
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

    fn compare_rows(&self, rows: &ComparedRows, gradient: &mut [f32]) -> f32 {
        let tokens = rows.teacher_layer.features();
        likenesses::divergence(rows.student, rows.teacher, tokens, gradient)
    }
}
