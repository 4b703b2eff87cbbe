//! What networks compute, in burn's tensors: the definition that kernels are compared with, and what trains on a GPU
//! where there are none. The page's CPU package is made without.

mod cnn;
mod mlp;
mod pass;
mod rnn;
mod vit;
mod weights;

pub use pass::Pass;
pub use weights::Weights;

use burn::tensor::Tensor;

use super::Net;

impl Net {
    /// Logits `[n, outputs]` of digits `[n, 784]` (grey values 0 to 1).
    pub fn forward(&self, weights: &Weights, digits: Tensor<2>, pass: &mut Pass) -> Tensor<2> {
        match self {
            Net::Mlp(mlp) => mlp.forward(weights, digits, pass),
            Net::Cnn(cnn) => cnn.forward(weights, digits, pass),
            Net::Vit(vit) => vit.forward(weights, digits, pass),
            Net::Rnn(rnn) => rnn.forward(weights, digits, pass),
        }
    }
}
