//! The convolutional network: convolutions with ReLU and 2×2 max-pooling, then fully connected layers.

use super::fully_connected::FullyConnected;
use super::{Masks, Network};
use crate::convolution::{Convolution, ConvolutionShape, Pictures};
use crate::integers::round_rows;
use crate::lanes::Isa;

/// The network's sizes.
#[derive(Debug, Clone, PartialEq)]
pub struct CnnShape {
    /// Side of the pictures.
    pub side: usize,
    /// Channels of each convolution, from the input on; at least one.
    pub channels: Vec<usize>,
    /// Side of the square kernels.
    pub kernel: usize,
    /// Units of each fully connected hidden layer, and the outputs.
    pub widths: Vec<usize>,
    /// Probability that a hidden unit, or a value that enters the first fully connected layer, is dropped.
    pub dropout: f64,
    /// Probability that a pixel is dropped.
    pub input_dropout: f64,
    /// Whether what enters a layer is rounded, digit by digit, to what [`crate::round_rows`] makes of it. Gradients pass as
    /// if it were not (straight-through).
    pub rounds: bool,
}

/// The network with what a forward pass leaves for a backward one. Weights: of each convolution `[to, from, kernel,
/// kernel]` and its biases `[to]`, then of each fully connected layer `[from, to]` and its biases. The first of those
/// reads `[channel, row, column]`. Layers: the convolutions, as it reads them, then the hidden units.
#[derive(Debug)]
pub struct Cnn {
    dropout: f64,
    input_dropout: f64,
    rounds: bool,
    convolutions: Vec<Convolution>,
    /// What each convolution reads, and what the last one gives.
    pictures: Vec<Pictures>,
    /// What each reads in their place, where that is rounded.
    rounded: Vec<Pictures>,
    /// The gradient in each of these.
    grad_pictures: Vec<Pictures>,
    dense: FullyConnected,
    /// What the fully connected layers read, and its mask; empty without one.
    flat: Vec<f32>,
    mask: Vec<f32>,
    grad_flat: Vec<f32>,
    dropped: Vec<f32>,
}

impl Cnn {
    /// A network of these sizes.
    pub fn new(isa: Isa, shape: CnnShape) -> Self {
        let CnnShape { mut side, channels, kernel, widths, dropout, input_dropout, rounds } = shape;
        let mut from = 1;
        let mut convolutions = Vec::new();
        for to in channels {
            let shape = ConvolutionShape { from, to, kernel, side };
            (side, from) = (shape.pooled_side(), to);
            convolutions.push(Convolution::new(isa, shape));
        }
        let widths = std::iter::once(side * side * from).chain(widths).collect();
        let pictures = || (0..=convolutions.len()).map(|_| Pictures::default()).collect();
        Self {
            dropout,
            input_dropout,
            rounds,
            pictures: pictures(),
            rounded: pictures(),
            grad_pictures: pictures(),
            dense: FullyConnected::new(isa, widths, dropout, rounds),
            convolutions,
            flat: Vec::new(),
            mask: Vec::new(),
            grad_flat: Vec::new(),
            dropped: Vec::new(),
        }
    }

    /// Number of its weights.
    pub fn weights(&self) -> usize {
        self.convolved() + self.dense.parameters()
    }

    fn convolved(&self) -> usize {
        self.convolutions.iter().map(|convolution| convolution.shape().parameters()).sum()
    }
}

impl Network for Cnn {
    fn forward(&mut self, weights: &[f32], inputs: &[f32], masks: &mut dyn Masks) {
        let (mut convolved, dense) = weights.split_at(self.convolved());
        let Self { convolutions, pictures, rounded, flat, mask, dropped, rounds, .. } = self;
        let side = convolutions[0].shape().side;
        match masks.mask(inputs.len(), self.input_dropout) {
            Some(mask) => {
                dropped.clear();
                dropped.extend(inputs.iter().zip(mask).map(|(input, mask)| input * mask));
                pictures[0].set_planes(dropped, 1, side);
            }
            None => pictures[0].set_planes(inputs, 1, side),
        }
        for (index, convolution) in convolutions.iter_mut().enumerate() {
            let (own, behind) = convolved.split_at(convolution.shape().parameters());
            convolved = behind;
            convolution.set(own);
            let (before, after) = pictures.split_at_mut(index + 1);
            if *rounds {
                rounded[index].set_rounded(&before[index]);
            }
            let read = if *rounds { &rounded[index] } else { &before[index] };
            convolution.forward(read, &mut after[0]);
        }
        let last = convolutions.len();
        flat.clear();
        pictures[last].planes(convolutions[last - 1].shape().to, flat);
        mask.clear();
        if let Some(drawn) = masks.mask(flat.len(), self.dropout) {
            flat.iter_mut().zip(&drawn).for_each(|(value, mask)| *value *= mask);
            mask.extend(drawn);
        }
        if *rounds {
            let width = flat.len() * side * side / inputs.len();
            round_rows(flat, width);
        }
        self.dense.forward(dense, flat, masks);
    }

    fn outputs(&self) -> &[f32] {
        self.dense.outputs(None)
    }

    fn layer(&self, place: usize, to: &mut Vec<f32>) {
        match self.convolutions.get(place) {
            Some(convolution) => self.pictures[place + 1].planes(convolution.shape().to, to),
            None => to.extend_from_slice(self.dense.outputs(Some(place - self.convolutions.len()))),
        }
    }

    fn backward(
        &mut self,
        weights: &[f32],
        _inputs: &[f32],
        grad_outputs: &[f32],
        grad_layers: &[(usize, Vec<f32>)],
        gradient: &mut [f32],
    ) {
        let convolved = self.convolved();
        let Self { convolutions, pictures, rounded, grad_pictures, dense, flat, mask, grad_flat, .. } = self;
        let read = if self.rounds { &*rounded } else { &*pictures };
        let in_layer =
            |wanted| grad_layers.iter().find(|(place, _)| *place == wanted).map(|(_, values)| &values[..]);
        let (gradient, grad_dense) = gradient.split_at_mut(convolved);
        let last = convolutions.len();
        let in_hidden = |place| in_layer(last + place);
        dense.backward(&weights[convolved..], flat, grad_outputs, in_hidden, Some(grad_flat), grad_dense);
        if !mask.is_empty() {
            grad_flat.iter_mut().zip(mask).for_each(|(gradient, mask)| *gradient *= *mask);
        }
        let channels = |place: usize| convolutions[place - 1].shape().to;
        grad_pictures[last].clear(&pictures[last]);
        grad_pictures[last].add_planes(grad_flat, channels(last));
        let mut end = convolved;
        for index in (0..last).rev() {
            if let Some(shown) = in_layer(index) {
                grad_pictures[index + 1].add_planes(shown, convolutions[index].shape().to);
            }
            let convolution = &mut convolutions[index];
            let start = end - convolution.shape().parameters();
            let (below, above) = grad_pictures.split_at_mut(index + 1);
            if index > 0 {
                below[index].clear(&pictures[index]);
            }
            let handed_down = below.last_mut().filter(|_| index > 0);
            convolution.backward(&read[index], &above[0], handed_down, &mut gradient[start..end]);
            end = start;
        }
    }
}
