//! Patient distillation: ‖s/‖s‖ − t/‖t‖‖², mean over digits (Sun et al. 2019, eq. 7). Layers of another width than
//! the teacher's go through a learned projection, which the paper's students of equal width did not need.

use burn::tensor::Tensor;
use distillery_kernels::likenesses::unit_distance;

use super::{Compare, Compared, ComparedRows, Projects, same_places};
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

    fn compare(&self, compared: Compared) -> Tensor<1> {
        let [digits, _] = compared.student.dims();
        (unit(compared.student) - unit(compared.teacher)).powi_scalar(2).sum().div_scalar(digits as f32)
    }

    fn by_formula(&self, rows: &ComparedRows, gradient: &mut [f32]) -> Option<f32> {
        Some(unit_distance(rows.student, rows.teacher, rows.student.len() / rows.n, gradient))
    }
}

/// Rows scaled to length 1; a row of zeros (no unit is lit) stays.
pub(super) fn unit(rows: Tensor<2>) -> Tensor<2> {
    let square = rows.clone().powi_scalar(2).sum_dim(1);
    rows / square.add_scalar(super::relational::SMALLEST).sqrt()
}
