//! Cosine distance: 1 − cos(s, t) at each place, mean over places and digits (Sanh et al. 2019, section 2). Layers of
//! another width than the teacher's go through a learned projection.

use distillery_kernels::likenesses;

use super::{Compare, ComparedRows, Projects, same_places};
use crate::error::Allowed;
use crate::nets::Layer;

pub(super) struct Cosine;

impl Compare for Cosine {
    fn refuses(&self, student: &Layer, teacher: &Layer) -> Option<Allowed> {
        same_places(student, teacher)
    }

    fn projects(&self, student: &Layer, teacher: &Layer) -> Projects {
        if student.features() != teacher.features() { Projects::Features } else { Projects::Nothing }
    }

    fn compare_rows(&self, rows: &ComparedRows, gradient: &mut [f32]) -> f32 {
        let features = rows.teacher_layer.features();
        likenesses::cosine(rows.student, rows.teacher, features, gradient)
    }
}
