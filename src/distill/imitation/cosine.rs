//! Cosine distance: 1 − cos(s, t) at each place, mean over places and digits (Sanh et al. 2019, section 2). Layers of
//! another width than the teacher's go through a learned projection.

use burn::tensor::Tensor;
use distillery_kernels::likenesses;

use super::patient::unit;
use super::{Compare, Compared, ComparedRows, Projects, same_places};
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

    fn compare(&self, compared: Compared) -> Tensor<1> {
        let features = compared.teacher_layer.features();
        let places = |layer: Tensor<2>| {
            let [digits, width] = layer.dims();
            unit(layer.reshape([digits * width / features, features]))
        };
        (places(compared.student) * places(compared.teacher)).sum_dim(1).mean().neg().add_scalar(1.0)
    }

    fn by_formula(&self, rows: &ComparedRows, gradient: &mut [f32]) -> Option<f32> {
        let features = rows.teacher_layer.features();
        Some(likenesses::cosine(rows.student, rows.teacher, features, gradient))
    }
}
