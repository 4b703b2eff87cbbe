//! Half the squared distance of logits, ½ Σᵢ (zᵢ − vᵢ)², mean over digits (Ba and Caruana 2014, eq. 1); up to scale the
//! limit of the softened cross-entropy at high temperature for centred logits (Hinton et al. 2015, eq. 4).

use burn::tensor::Tensor;

use super::{SoftInputs, Term};

pub(super) struct LogitMse;

impl Term for LogitMse {
    fn term(&self, inputs: SoftInputs) -> Tensor<1> {
        let [digits, _] = inputs.logits.dims();
        (inputs.logits - inputs.targets).powi_scalar(2).sum().div_scalar(2.0 * digits as f32)
    }

    fn compares_logits(&self) -> bool {
        true
    }

    fn has_temperature(&self) -> bool {
        false
    }
}
