//! Soft terms in tensors; what each is and where it comes from stands in its file.

use burn::tensor::{Tensor, activation::log_softmax};

use crate::distill::{Decoupled, JensenShannon, SoftTerm};

/// What a soft term compares, all of one batch.
pub struct SoftInputs {
    /// The student's logits `[n, 10]`.
    pub logits: Tensor<2>,
    /// Soft targets `[n, 10]`, as [`SoftTerm::prepare`] leaves them: probabilities at T, or logits where
    /// [`SoftTerm::compares_logits`].
    pub targets: Tensor<2>,
    /// Labels as one-hot rows `[n, 10]`.
    pub one_hot: Tensor<2>,
    pub temperature: f64,
}

impl SoftTerm {
    /// The term as a mean over digits `[1]`, without weight or T². The targets are constants: no gradient reaches a
    /// teacher.
    pub fn term(&self, inputs: SoftInputs) -> Tensor<1> {
        let inputs = SoftInputs { targets: inputs.targets.detach(), ..inputs };
        match self {
            SoftTerm::CrossEntropy => cross_entropy(inputs),
            SoftTerm::Kl => divergence(inputs),
            SoftTerm::LogitMse => logit_mse(inputs),
            SoftTerm::Decoupled(weights) => decoupled(weights, inputs),
            SoftTerm::ReverseKl => reverse(inputs),
            SoftTerm::JensenShannon(JensenShannon { beta }) => jensen_shannon(*beta, inputs),
            SoftTerm::TeacherLabels => cross_entropy(SoftInputs { temperature: 1.0, ..inputs }),
        }
    }
}

/// Keeps the logarithm of a probability that is zero in f32 finite; such a term adds at most 1e-28.
const SMALLEST: f32 = 1e-30;

/// log p, finite for a probability of zero; of what is no number it is none.
fn log_of(p: Tensor<2>) -> Tensor<2> {
    // What a backend makes of no number in a comparison is its own affair.
    let no_number = p.clone() - p.clone();
    p.clamp_min(SMALLEST).log() + no_number
}

fn cross_entropy(inputs: SoftInputs) -> Tensor<1> {
    let [digits, _] = inputs.logits.dims();
    let log_q = log_softmax(inputs.logits.div_scalar(inputs.temperature), 1);
    (inputs.targets * log_q).sum().neg().div_scalar(digits as f32)
}

fn divergence(inputs: SoftInputs) -> Tensor<1> {
    let [digits, _] = inputs.logits.dims();
    let log_q = log_softmax(inputs.logits.div_scalar(inputs.temperature), 1);
    let log_p = inputs.targets.clone().clamp_min(SMALLEST).log();
    (inputs.targets * (log_p - log_q)).sum().div_scalar(digits as f32)
}

fn logit_mse(inputs: SoftInputs) -> Tensor<1> {
    let [digits, _] = inputs.logits.dims();
    (inputs.logits - inputs.targets).powi_scalar(2).sum().div_scalar(2.0 * digits as f32)
}

fn reverse(inputs: SoftInputs) -> Tensor<1> {
    let [digits, _] = inputs.logits.dims();
    let log_q = log_softmax(inputs.logits.div_scalar(inputs.temperature), 1);
    (log_q.clone().exp() * (log_q - log_of(inputs.targets))).sum().div_scalar(digits as f32)
}

fn jensen_shannon(beta: f64, inputs: SoftInputs) -> Tensor<1> {
    let SoftInputs { logits, targets: p, temperature, .. } = inputs;
    let [digits, _] = logits.dims();
    let log_q = log_softmax(logits.div_scalar(temperature), 1);
    let q = log_q.clone().exp();
    let log_m = log_of(p.clone().mul_scalar(beta) + q.clone().mul_scalar(1.0 - beta));
    let teachers = p.clone() * (log_of(p) - log_m.clone());
    let students = q * (log_q - log_m);
    (teachers.mul_scalar(beta) + students.mul_scalar(1.0 - beta)).sum().div_scalar(digits as f32)
}

/// Taken off the label's softened logit so that its class gets no share among the others; far more than softened
/// logits can lie apart.
const OUT: f32 = 1e6;

fn decoupled(weights: &Decoupled, inputs: SoftInputs) -> Tensor<1> {
    let SoftInputs { logits, targets: p, one_hot, temperature } = inputs;
    let [digits, classes] = logits.dims();
    let others = one_hot.clone().neg().add_scalar(1.0);
    let softened = logits.div_scalar(temperature);
    let log_q = log_softmax(softened.clone(), 1);
    // Probabilities among the other classes alone.
    let log_q_hat = log_softmax(softened - one_hot.clone().mul_scalar(OUT), 1);
    // From logarithms, not from probabilities, which are zero in f32 for a student that is sure and wrong. For
    // each other class q = q_others · q̂, so any of them gives log q_others; their mean is as good.
    let log_q_label = (log_q.clone() * one_hot.clone()).sum_dim(1);
    let log_q_others =
        ((log_q - log_q_hat.clone()) * others.clone()).sum_dim(1).div_scalar((classes - 1) as f32);
    let p_label = (p.clone() * one_hot).sum_dim(1);
    let p_others = (p.clone() * others.clone()).sum_dim(1);
    let log = |values: Tensor<2>| values.clamp_min(SMALLEST).log();
    let target = p_label.clone() * (log(p_label) - log_q_label)
        + p_others.clone() * (log(p_others.clone()) - log_q_others);
    let p_hat = p * others / p_others.clamp_min(SMALLEST);
    let non_target = (p_hat.clone() * (log(p_hat) - log_q_hat)).sum();
    (target.sum().mul_scalar(weights.target) + non_target.mul_scalar(weights.non_target))
        .div_scalar(digits as f32)
}
