//! The flat vector of weights as a tensor, and the parts of it that a pass takes.

use burn::tensor::Tensor;

use crate::nets::Layout;

impl Layout {
    /// The vector with the weights into each unit scaled down to at most the length `max_norm` (Hinton et al. 2012,
    /// appendix A.1); other parameters have no units.
    pub fn clipped(&self, vector: &Tensor<1>, max_norm: f64) -> Tensor<1> {
        let parts = self.iter().map(|(parameter, range)| {
            let part = vector.clone().slice([range]);
            match parameter.shape[..] {
                [from, to] if parameter.kind.has_units() => {
                    let weights = part.reshape([from, to]);
                    let length = weights.clone().powi_scalar(2).sum_dim(0).sqrt();
                    let factor = length.clamp_min(max_norm).recip().mul_scalar(max_norm);
                    (weights * factor).reshape([from * to])
                }
                _ => part,
            }
        });
        Tensor::cat(parts.collect(), 0)
    }

    /// The parts of a weight vector, each a tensor of its own that can take a gradient.
    pub fn split(&self, vector: &Tensor<1>) -> Weights {
        Weights {
            parts: self.iter().map(|(_, range)| vector.clone().slice([range])).collect(),
            shapes: self.iter().map(|(parameter, _)| parameter.shape.clone()).collect(),
        }
    }
}

/// A network's parameters during one pass, in the order of its layout.
pub struct Weights {
    parts: Vec<Tensor<1>>,
    shapes: Vec<Vec<usize>>,
}

impl Weights {
    /// The same weights as leaves of an autodiff graph.
    pub fn tracked(self) -> Self {
        let parts = self.parts.into_iter().map(|part| part.autodiff().require_grad()).collect();
        Self { parts, ..self }
    }

    /// Parameter `index` in its shape; `D` is its rank.
    pub fn get<const D: usize>(&self, index: usize) -> Tensor<D> {
        let shape: [usize; D] = std::array::from_fn(|axis| self.shapes[index][axis]);
        self.parts[index].clone().reshape(shape)
    }

    /// The flat parts, for taking gradients.
    pub fn parts(&self) -> &[Tensor<1>] {
        &self.parts
    }
}
