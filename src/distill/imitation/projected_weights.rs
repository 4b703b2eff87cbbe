//! Shared projections: ‖θ_t − U θ_s V‖², the teacher's weights against the student's through learned projections of
//! rows and columns, which all layers share (Zhao et al. 2019, section 3.2, the projection upwards).

use distillery_kernels::likenesses::squared;

use super::{Compare, ComparedRows, Projects};
use crate::error::Allowed;
use crate::nets::{Layer, LayerKind};

pub(super) struct ProjectedWeights;

impl Compare for ProjectedWeights {
    fn kinds(&self) -> &'static [LayerKind] {
        &[LayerKind::Weights]
    }

    /// Any two matrices have projections between them.
    fn refuses(&self, _student: &Layer, _teacher: &Layer) -> Option<Allowed> {
        None
    }

    fn projects(&self, _student: &Layer, _teacher: &Layer) -> Projects {
        Projects::RowsAndColumns
    }

    fn compare_rows(&self, rows: &ComparedRows, gradient: &mut [f32]) -> f32 {
        squared(rows.student, rows.teacher, 1.0, gradient)
    }
}
