//! Likenesses in tensors; what each is and where it comes from stands in its file.

use burn::tensor::{Tensor, activation::softmax};

use crate::distill::{Likeness, PlannedPair};
use crate::nets::Layer;

/// Two layers of one batch, `[n, width]` each (weights: `[1, width]`); the student's after its projection, if it has
/// one.
pub struct Compared<'a> {
    pub student: Tensor<2>,
    pub teacher: Tensor<2>,
    pub student_layer: &'a Layer,
    pub teacher_layer: &'a Layer,
}

impl Likeness {
    /// The term of one pair, mean over digits, `[1]`. The teacher's layer is a constant.
    pub fn compare(self, compared: Compared) -> Tensor<1> {
        let Compared { student, teacher, student_layer, teacher_layer } = compared;
        let teacher = teacher.detach();
        let [digits, _] = student.dims();
        let squares = |a: Tensor<2>, b: Tensor<2>| (a - b).powi_scalar(2);
        match self {
            Likeness::Hint | Likeness::AuxiliaryLogits => {
                squares(student, teacher).sum().div_scalar(2.0 * digits as f32)
            }
            Likeness::Patient => squares(unit(student), unit(teacher)).sum().div_scalar(digits as f32),
            Likeness::Cosine => {
                let features = teacher_layer.features();
                let places = |layer: Tensor<2>| {
                    let [digits, width] = layer.dims();
                    unit(layer.reshape([digits * width / features, features]))
                };
                (places(student) * places(teacher)).sum_dim(1).mean().neg().add_scalar(1.0)
            }
            Likeness::HiddenStates | Likeness::AttentionScores => squares(student, teacher).mean(),
            Likeness::AttentionDivergence => divergence(teacher, student, teacher_layer.features()),
            Likeness::ValueRelations => {
                let tokens = teacher_layer.shape[1];
                divergence(relations(teacher, teacher_layer), relations(student, student_layer), tokens)
            }
            Likeness::Distances => huber(distances(student) - distances(teacher)).mean(),
            Likeness::Angles => huber(angles(student) - angles(teacher)).mean(),
            Likeness::ProjectedWeights => squares(student, teacher).sum(),
        }
    }
}

impl PlannedPair {
    /// The student's layer `[n, width]` through its projections, each place by itself; `projection` gives them by
    /// place, `[from, to]`.
    pub fn project(&self, student: Tensor<2>, projection: impl Fn(usize) -> Tensor<2>) -> Tensor<2> {
        let [n, width] = student.dims();
        let features = self.student.features();
        let mut values = student.reshape([n * width / features, features]);
        if let Some(columns) = self.columns() {
            values = values.matmul(projection(columns));
        }
        if let Some(rows) = self.rows() {
            values = projection(rows).transpose().matmul(values);
        }
        let [places, features] = values.dims();
        values.reshape([n, places * features / n])
    }
}

/// Keeps the slope of a length finite where it is 0.
const SMALLEST_SQUARE: f32 = 1e-12;

/// Keeps the logarithm of a probability that is zero in f32 finite.
const SMALLEST_PROBABILITY: f32 = 1e-30;

/// Rows scaled to length 1; a row of zeros (no unit is lit) stays.
fn unit(rows: Tensor<2>) -> Tensor<2> {
    let square = rows.clone().powi_scalar(2).sum_dim(1);
    rows / square.add_scalar(SMALLEST_SQUARE).sqrt()
}

/// KL(p‖q) of probabilities that lie in rows of `length`, mean over rows.
fn divergence(p: Tensor<2>, q: Tensor<2>, length: usize) -> Tensor<1> {
    let [digits, width] = p.dims();
    let log = |values: Tensor<2>| values.clamp_min(SMALLEST_PROBABILITY).log();
    let rows = (digits * width / length) as f32;
    (p.clone() * (log(p) - log(q))).sum().div_scalar(rows)
}

/// `[n, heads · tokens · tokens]` from values `[n, heads · tokens · width]`.
fn relations(values: Tensor<2>, layer: &Layer) -> Tensor<2> {
    let [digits, _] = values.dims();
    let (heads, tokens, width) = (layer.shape[0], layer.shape[1], layer.shape[2]);
    let values = values.reshape([digits * heads, tokens, width]);
    let products = values.clone().matmul(values.transpose()).div_scalar((width as f64).sqrt());
    softmax(products, 2).reshape([digits, heads * tokens * tokens])
}

/// `[n, n]` distances over their mean.
fn distances(rows: Tensor<2>) -> Tensor<2> {
    let [n, _] = rows.dims();
    let square = rows.clone().powi_scalar(2).sum_dim(1);
    let products = rows.clone().matmul(rows.transpose()).mul_scalar(2.0);
    // Rounding can bring the square of a small distance below zero.
    let squares = (square.clone() + square.transpose() - products).clamp_min(SMALLEST_SQUARE);
    let mask = Tensor::<2>::eye(n, &squares.device()).neg().add_scalar(1.0);
    let distances = squares.sqrt() * mask;
    let pairs = (n * n.saturating_sub(1)).max(1) as f32;
    let mean = distances.clone().sum().div_scalar(pairs).add_scalar(SMALLEST_SQUARE);
    distances / mean.reshape([1, 1])
}

/// `[n · n, n]`: row `j · n + i`, column `k` is the cosine of the angle at digit j between i and k.
fn angles(rows: Tensor<2>) -> Tensor<2> {
    let [n, width] = rows.dims();
    let differences = rows.clone().reshape([1, n, width]) - rows.reshape([n, 1, width]);
    let length = differences.clone().powi_scalar(2).sum_dim(2).add_scalar(SMALLEST_SQUARE).sqrt();
    let directions = differences / length;
    directions.clone().matmul(directions.transpose()).reshape([n * n, n])
}

/// ½ x² for |x| ≤ 1, |x| − ½ beyond: with c = min(|x|, 1), c · (|x| − c / 2).
fn huber(x: Tensor<2>) -> Tensor<2> {
    let size = x.abs();
    let inner = size.clone().clamp_max(1.0);
    inner.clone() * (size - inner.mul_scalar(0.5))
}
