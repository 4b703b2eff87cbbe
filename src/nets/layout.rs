//! A network's weights are one flat vector; the layout says which part of it is which parameter.
//! One vector makes the optimiser one rule over one tensor and a checkpoint one read.

use std::ops::Range;

use crate::random::Stream;

/// What a parameter is, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// Weights of a fully connected layer `[from, to]`.
    Dense,
    /// A learned projection `[from, to]` of a layer that imitates.
    Projection,
    /// Kernels of a convolution `[to, from, side, side]`.
    Convolution,
    /// Weights of a recurrent layer `[directions, inputs, gates]`.
    Recurrent,
    /// What is added to a layer's sums.
    Bias,
    /// What a layer norm multiplies by.
    NormScale,
    /// What a layer norm adds.
    NormBias,
    /// What is added to tokens by their places.
    Positions,
}

impl ParameterKind {
    /// True for matrices `[from, to]` that units are products with: what a max-norm is of.
    pub fn has_units(self) -> bool {
        matches!(self, ParameterKind::Dense | ParameterKind::Projection)
    }
}

/// One named parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Dotted name, as in a checkpoint: `layers.0.weight`.
    pub name: String,
    /// The layer it belongs to, from the input on; none for a projection.
    pub layer: Option<u32>,
    /// Its name within the layer.
    pub part: String,
    pub kind: ParameterKind,
    pub shape: Vec<usize>,
    /// The middle of the first values: 0, and 1 for what begins by leaving its input as it is.
    pub centre: f32,
    /// First values are drawn uniformly from centre − bound to centre + bound; bound 0: all are the centre.
    pub bound: f32,
}

impl Parameter {
    /// A parameter of a layer, whose first values are 0.
    pub fn new(layer: u32, part: &str, kind: ParameterKind, shape: &[usize]) -> Self {
        let (part, shape) = (part.to_owned(), shape.to_vec());
        Self {
            name: format!("layers.{layer}.{part}"),
            layer: Some(layer),
            part,
            kind,
            shape,
            centre: 0.0,
            bound: 0.0,
        }
    }

    /// Biases, which start at 0.
    pub fn bias(layer: u32, part: &str, length: usize) -> Self {
        Self::new(layer, part, ParameterKind::Bias, &[length])
    }

    /// A projection of a learner's imitation.
    pub fn projection(name: String, from: usize, to: usize) -> Self {
        let (part, kind, shape) = (name.clone(), ParameterKind::Projection, vec![from, to]);
        Self { name, layer: None, part, kind, shape, centre: 0.0, bound: 0.0 }.linear(from)
    }

    /// With first values for weights before a ReLU: bound √(6 / fan-in) (He et al. 2015, eq. 10, as a uniform
    /// distribution).
    pub fn rectified(self, fan_in: usize) -> Self {
        self.uniform((6.0 / fan_in as f32).sqrt())
    }

    /// With first values for weights of the output layer, and of others without a ReLU behind them: bound √(3 /
    /// fan-in), variance 1 / fan-in (LeCun et al. 1998, section 4.6).
    pub fn linear(self, fan_in: usize) -> Self {
        self.uniform((3.0 / fan_in as f32).sqrt())
    }

    /// With first values between −bound and +bound.
    pub fn uniform(self, bound: f32) -> Self {
        Self { bound, ..self }
    }

    /// With first values that are all the same.
    pub fn constant(self, centre: f32) -> Self {
        Self { centre, ..self }
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

/// A fully connected layer: where its weights `[from, to]` lie in the flat vector, and behind them its biases `[to]`, if
/// it has any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DenseLayer {
    /// The layer that it is, or one of whose factors it is.
    pub layer: Option<u32>,
    pub from: usize,
    pub to: usize,
    pub range: Range<usize>,
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
    pub fn iter(&self) -> impl Iterator<Item = (&Parameter, Range<usize>)> {
        self.parameters.iter().zip(&self.offsets).map(|(p, &offset)| (p, offset..offset + p.len()))
    }

    /// Its fully connected layers, from the input on.
    pub fn dense_layers(&self) -> impl Iterator<Item = DenseLayer> {
        let weights =
            self.iter().enumerate().filter(|(_, (parameter, _))| parameter.kind == ParameterKind::Dense);
        weights.map(|(index, (weights, range))| {
            let (from, to) = (weights.shape[0], weights.shape[1]);
            let next = self.parameters.get(index + 1);
            let biases = next.filter(|next| next.kind == ParameterKind::Bias).map_or(0, Parameter::len);
            DenseLayer { layer: weights.layer, from, to, range: range.start..range.end + biases }
        })
    }

    /// The output layer's bias: that of the last layer.
    pub fn output_bias(&self) -> Option<Range<usize>> {
        let biases = self.iter().filter(|(parameter, _)| parameter.kind == ParameterKind::Bias);
        biases.max_by_key(|(parameter, _)| parameter.layer).map(|(_, range)| range)
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
}
