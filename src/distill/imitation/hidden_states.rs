//! Hidden states: the mean squared error between the teacher's and the student's through a learned projection
//! (Jiao et al. 2020, eq. 8).

use distillery_kernels::likenesses::squared;

use super::{Compare, ComparedRows, Projects, same_places};
use crate::error::Allowed;
use crate::nets::Layer;

pub(super) struct HiddenStates;

impl Compare for HiddenStates {
    fn refuses(&self, student: &Layer, teacher: &Layer) -> Option<Allowed> {
        same_places(student, teacher)
    }

    fn projects(&self, _student: &Layer, _teacher: &Layer) -> Projects {
        Projects::Features
    }

    fn compare_rows(&self, rows: &ComparedRows, gradient: &mut [f32]) -> f32 {
        let scale = 1.0 / rows.student.len() as f32;
        squared(rows.student, rows.teacher, scale, gradient)
    }
}
