//! Cross-entropy of softened probabilities: −Σᵢ pᵢ log qᵢ with p, q = softmax(·/T)
//! (Hinton et al. 2015, eq. 1 and section 2).

use burn::tensor::{Tensor, activation::log_softmax};

use super::{SoftInputs, Term};

pub(super) struct CrossEntropy;

impl Term for CrossEntropy {
    fn term(&self, inputs: SoftInputs) -> Tensor<1> {
        let [digits, _] = inputs.logits.dims();
        let log_q = log_softmax(inputs.logits.div_scalar(inputs.temperature), 1);
        (inputs.targets * log_q).sum().neg().div_scalar(digits as f32)
    }
}
