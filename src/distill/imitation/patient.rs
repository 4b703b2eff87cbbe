//! Patient distillation: ‖s/‖s‖ − t/‖t‖‖², mean over digits (Sun et al. 2019, eq. 7). Layers of another width than
//! the teacher's go through a learned projection, which the paper's students of equal width did not need.

use distillery_kernels::likenesses::unit_distance;

use super::{Compare, ComparedRows, Projects, same_places};
use crate::error::Allowed;
use crate::nets::Layer;

pub(super) struct Patient;

impl Compare for Patient {
    fn refuses(&self, student: &Layer, teacher: &Layer) -> Option<Allowed> {
        same_places(student, teacher)
    }

    fn projects(&self, student: &Layer, teacher: &Layer) -> Projects {
        if student.features() != teacher.features() { Projects::Features } else { Projects::Nothing }
    }

    fn compare_rows(&self, rows: &ComparedRows, gradient: &mut [f32]) -> f32 {
        unit_distance(rows.student, rows.teacher, rows.student.len() / rows.n, gradient)
    }
}
