//! Relations between the digits of a batch (Park et al. 2019): what is imitated is how far digits lie apart, or at what
//! angle, not where they lie; widths may differ. Differences go through the Huber loss with δ = 1 (section 3.2.1). The
//! means run over all ordered pairs or triples of the batch, those with a digit twice included, which add zero.

use burn::tensor::Tensor;
use distillery_kernels::likenesses;

use super::{Compare, Compared, ComparedRows};
use crate::error::Allowed;
use crate::nets::Layer;

/// Keeps the square root's slope finite where two digits coincide.
pub(super) const SMALLEST: f32 = 1e-12;

/// Distances, divided by their mean over pairs of different digits (section 3.2.1).
pub(super) struct Distances;

impl Compare for Distances {
    fn refuses(&self, _student: &Layer, _teacher: &Layer) -> Option<Allowed> {
        None
    }

    fn compare(&self, compared: Compared) -> Tensor<1> {
        huber(distances(compared.student) - distances(compared.teacher)).mean()
    }

    fn by_formula(&self, rows: &ComparedRows, gradient: &mut [f32]) -> Option<f32> {
        Some(likenesses::distances(rows.isa, rows.student, rows.teacher, rows.n, gradient))
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

    fn compare(&self, compared: Compared) -> Tensor<1> {
        huber(angles(compared.student) - angles(compared.teacher)).mean()
    }

    fn by_formula(&self, rows: &ComparedRows, gradient: &mut [f32]) -> Option<f32> {
        Some(likenesses::angles(rows.isa, rows.student, rows.teacher, rows.n, gradient))
    }
}

/// `[n, n]` distances over their mean.
fn distances(rows: Tensor<2>) -> Tensor<2> {
    let [n, _] = rows.dims();
    let square = rows.clone().powi_scalar(2).sum_dim(1);
    let products = rows.clone().matmul(rows.transpose()).mul_scalar(2.0);
    // Rounding can bring the square of a small distance below zero.
    let squares = (square.clone() + square.transpose() - products).clamp_min(SMALLEST);
    let mask = Tensor::<2>::eye(n, &squares.device()).neg().add_scalar(1.0);
    let distances = squares.sqrt() * mask;
    let pairs = (n * n.saturating_sub(1)).max(1) as f32;
    let mean = distances.clone().sum().div_scalar(pairs).add_scalar(SMALLEST);
    distances / mean.reshape([1, 1])
}

/// `[n · n, n]`: row `j · n + i`, column `k` is the cosine of the angle at digit j between i and k.
fn angles(rows: Tensor<2>) -> Tensor<2> {
    let [n, width] = rows.dims();
    let differences = rows.clone().reshape([1, n, width]) - rows.reshape([n, 1, width]);
    let length = differences.clone().powi_scalar(2).sum_dim(2).add_scalar(SMALLEST).sqrt();
    let directions = differences / length;
    directions.clone().matmul(directions.transpose()).reshape([n * n, n])
}

/// ½ x² for |x| ≤ 1, |x| − ½ beyond: with c = min(|x|, 1), c · (|x| − c / 2).
fn huber(x: Tensor<2>) -> Tensor<2> {
    let size = x.abs();
    let inner = size.clone().clamp_max(1.0);
    inner.clone() * (size - inner.mul_scalar(0.5))
}
