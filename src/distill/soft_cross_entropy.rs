//! Cross-entropy of softened probabilities: −Σᵢ pᵢ log qᵢ with p, q = softmax(·/T)
//! (Hinton et al. 2015, eq. 1 and section 2).

use burn::tensor::{Tensor, activation::log_softmax};

/// Mean over digits, `[1]`, in nats.
pub(super) fn term(logits: Tensor<2>, targets: Tensor<2>, temperature: f64) -> Tensor<1> {
    let [digits, _] = logits.dims();
    let log_q = log_softmax(logits.div_scalar(temperature), 1);
    (targets * log_q).sum().neg().div_scalar(digits as f32)
}
