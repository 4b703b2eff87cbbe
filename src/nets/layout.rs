//! A network's weights are one flat vector; the layout says which part of it is which parameter.
//! One vector makes the optimiser one rule over one tensor and a checkpoint one read.

use burn::tensor::Tensor;

use crate::random::Stream;

/// One named parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Dotted name, as in a checkpoint: `layers.0.weight`.
    pub name: String,
    pub shape: Vec<usize>,
    /// The middle of the first values: 0, and 1 for what begins by leaving its input as it is.
    pub centre: f32,
    /// First values are drawn uniformly from centre − bound to centre + bound; bound 0: all are the centre.
    pub bound: f32,
}

impl Parameter {
    /// Weights before a ReLU: bound √(6 / fan-in) (He et al. 2015, eq. 10, as a uniform distribution).
    pub fn rectified(name: String, shape: Vec<usize>, fan_in: usize) -> Self {
        Self::uniform(name, shape, (6.0 / fan_in as f32).sqrt())
    }

    /// Weights of the output layer, and of others without a ReLU behind them: bound √(3 / fan-in), variance 1 / fan-in
    /// (LeCun et al. 1998, section 4.6).
    pub fn output(name: String, shape: Vec<usize>, fan_in: usize) -> Self {
        Self::uniform(name, shape, (3.0 / fan_in as f32).sqrt())
    }

    /// Biases start at zero.
    pub fn bias(name: String, length: usize) -> Self {
        Self::constant(name, vec![length], 0.0)
    }

    /// First values between −bound and +bound.
    pub fn uniform(name: String, shape: Vec<usize>, bound: f32) -> Self {
        Self { name, shape, centre: 0.0, bound }
    }

    /// First values that are all the same.
    pub fn constant(name: String, shape: Vec<usize>, centre: f32) -> Self {
        Self { name, shape, centre, bound: 0.0 }
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// True for a parameter without values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Where each parameter lies in the flat vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    parameters: Vec<Parameter>,
    offsets: Vec<usize>,
    len: usize,
}

impl Layout {
    /// Lays the parameters end to end.
    pub fn new(parameters: Vec<Parameter>) -> Self {
        let mut len = 0;
        let offsets = parameters
            .iter()
            .map(|parameter| {
                let offset = len;
                len += parameter.len();
                offset
            })
            .collect();
        Self { parameters, offsets, len }
    }

    /// Values in all.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True for a network without weights.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Each parameter with its range in the vector.
    pub fn iter(&self) -> impl Iterator<Item = (&Parameter, std::ops::Range<usize>)> {
        self.parameters.iter().zip(&self.offsets).map(|(p, &offset)| (p, offset..offset + p.len()))
    }

    /// First weights, drawn from the stream in the order of the layout.
    pub fn initial_weights(&self, stream: &mut Stream) -> Vec<f32> {
        let mut weights = Vec::with_capacity(self.len);
        for parameter in &self.parameters {
            let centre = parameter.centre;
            for _ in 0..parameter.len() {
                weights.push(match parameter.bound {
                    0.0 => centre,
                    bound => stream.uniform(centre - bound, centre + bound),
                });
            }
        }
        weights
    }

    /// The vector with the weights into each unit scaled down to at most the length `max_norm` (Hinton et al. 2012, appendix A.1);
    /// fully connected weights alone, `[from, to]`.
    pub fn clipped(&self, vector: &Tensor<1>, max_norm: f64) -> Tensor<1> {
        let parts = self.iter().map(|(parameter, range)| {
            let part = vector.clone().slice([range]);
            match parameter.shape[..] {
                [from, to] => {
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
            shapes: self.parameters.iter().map(|p| p.shape.clone()).collect(),
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
