//! Hints: ½ ‖u − r(v)‖², the teacher's hidden layer u against a learned linear regressor r of the student's layer v
//! (Romero et al. 2015, eq. 3).

use distillery_kernels::likenesses::squared;

use super::{Compare, ComparedRows, Projects, same_places};
use crate::error::Allowed;
use crate::nets::Layer;

pub(super) struct Hint;

impl Compare for Hint {
    fn refuses(&self, student: &Layer, teacher: &Layer) -> Option<Allowed> {
        same_places(student, teacher)
    }

    fn projects(&self, _student: &Layer, _teacher: &Layer) -> Projects {
        Projects::Features
    }

    fn compare_rows(&self, rows: &ComparedRows, gradient: &mut [f32]) -> f32 {
        let scale = 0.5 / rows.n as f32;
        squared(rows.student, rows.teacher, scale, gradient)
    }
}
