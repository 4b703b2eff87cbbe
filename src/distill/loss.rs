//! The loss: hard_weight · hard + (1 − hard_weight) · T² · soft (Hinton et al. 2015, section 2).

use burn::tensor::{Tensor, activation::log_softmax};

use super::SoftTerm;

/// How the two terms are mixed in one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mix {
    pub soft: SoftTerm,
    /// Weight of the labels, 0 to 1.
    pub hard_weight: f64,
    /// Temperature of the soft targets, above 0.
    pub temperature: f64,
    /// Whether the soft term is multiplied by T².
    pub t_squared: bool,
}

/// The loss and its terms, each `[1]`, means over the digits of a batch.
pub struct LossTensors {
    /// Cross-entropy with the labels at T = 1.
    pub hard: Tensor<1>,
    /// The soft term, without weight or T²; none for a model that nobody teaches.
    pub soft: Option<Tensor<1>>,
    /// What is minimised.
    pub total: Tensor<1>,
}

/// Cross-entropy with labels given as one-hot rows `[n, 10]`, mean over digits, `[1]`, in nats.
pub fn hard_cross_entropy(logits: Tensor<2>, one_hot: Tensor<2>) -> Tensor<1> {
    let [digits, _] = logits.dims();
    (one_hot * log_softmax(logits, 1)).sum().neg().div_scalar(digits as f32)
}

/// The loss of student logits `[n, 10]` against labels (one-hot) and, for a taught model, soft targets `[n, 10]`.
/// The targets are constants: no gradient reaches a teacher.
pub fn loss(logits: Tensor<2>, one_hot: Tensor<2>, taught: Option<(Tensor<2>, Mix)>) -> LossTensors {
    let hard = hard_cross_entropy(logits.clone(), one_hot);
    let Some((targets, mix)) = taught else {
        return LossTensors { total: hard.clone(), hard, soft: None };
    };
    let soft = mix.soft.term(logits, targets.detach(), mix.temperature);
    let factor = if mix.t_squared { mix.temperature * mix.temperature } else { 1.0 };
    let total =
        hard.clone().mul_scalar(mix.hard_weight) + soft.clone().mul_scalar((1.0 - mix.hard_weight) * factor);
    LossTensors { hard, soft: Some(soft), total }
}
