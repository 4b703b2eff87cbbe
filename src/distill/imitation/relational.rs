//! Relations between the digits of a batch (Park et al. 2019): what is imitated is how far digits lie apart, or at what
//! angle, not where they lie; widths may differ. Differences go through the Huber loss with δ = 1 (section 3.2.1). The
//! means run over all ordered pairs or triples of the batch, those with a digit twice included, which add zero.

use distillery_kernels::likenesses;

use super::{Compare, ComparedRows};
use crate::error::Allowed;
use crate::nets::Layer;

/// Distances, divided by their mean over pairs of different digits (section 3.2.1).
pub(super) struct Distances;

impl Compare for Distances {
    fn refuses(&self, _student: &Layer, _teacher: &Layer) -> Option<Allowed> {
        None
    }

    fn compare_rows(&self, rows: &ComparedRows, gradient: &mut [f32]) -> f32 {
        likenesses::distances(rows.isa, rows.student, rows.teacher, rows.n, gradient)
    }
}

/// Cosines of the angle at the middle digit of three (section 3.2.2).
pub(super) struct Angles;

impl Compare for Angles {
    fn refuses(&self, _student: &Layer, _teacher: &Layer) -> Option<Allowed> {
        None
    }

    /// The angles of a batch are the cube of its digits: 64 MiB at 256.
    fn largest_batch(&self) -> Option<u32> {
        Some(256)
    }

    fn compare_rows(&self, rows: &ComparedRows, gradient: &mut [f32]) -> f32 {
        likenesses::angles(rows.isa, rows.student, rows.teacher, rows.n, gradient)
    }
}
