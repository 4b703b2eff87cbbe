//! Fully connected layers with ReLU between them, behind what other layers make of a digit.

use super::Masks;
use crate::integers::round_rows;
use crate::lanes::Isa;
use crate::matrix::{Matrix, Store, multiply};
use crate::product::Scratch;
use crate::relu::relu;

/// The layers, and what a forward pass leaves for a backward one. Their weights `[from, to]`, each with its biases
/// behind it, lie one behind another in a slice of the caller's.
#[derive(Debug)]
pub struct FullyConnected {
    isa: Isa,
    /// Inputs, units of each hidden layer, outputs.
    widths: Vec<usize>,
    dropout: f64,
    /// Whether what a hidden layer hands on is rounded.
    rounds: bool,
    layers: Vec<Layer>,
    scratch: Scratch,
}

#[derive(Debug, Default)]
struct Layer {
    /// `[n, to]`, behind the ReLU of a hidden layer.
    outputs: Vec<f32>,
    /// The mask of a hidden layer's outputs; empty without one.
    mask: Vec<f32>,
    /// The outputs behind it, rounded if they are; empty where they are handed on as they are.
    handed_on: Vec<f32>,
    /// The gradient in what the layer hands on.
    grad_out: Vec<f32>,
}

impl Layer {
    /// What the layer above reads.
    fn handed_on(&self) -> &[f32] {
        if self.handed_on.is_empty() { &self.outputs } else { &self.handed_on }
    }
}

impl FullyConnected {
    /// Layers of these widths; hidden units are dropped with probability `dropout`, and rounded for the next layer if it
    /// `rounds`, digit by digit, as [`round_rows`] does. Gradients pass as if they were not.
    pub fn new(isa: Isa, widths: Vec<usize>, dropout: f64, rounds: bool) -> Self {
        let layers = widths.iter().skip(1).map(|_| Layer::default()).collect();
        Self { isa, widths, dropout, rounds, layers, scratch: Scratch::default() }
    }

    /// Weights and biases of all layers.
    pub fn parameters(&self) -> usize {
        self.widths.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum()
    }

    /// Outputs of layer `place`, behind its ReLU and before its dropout; of the last one by default.
    pub fn outputs(&self, place: Option<usize>) -> &[f32] {
        self.layers.get(place.unwrap_or(self.layers.len() - 1)).map_or(&[], |layer| &layer.outputs)
    }

    /// Of `inputs [n, widths[0]]`.
    pub fn forward(&mut self, parameters: &[f32], inputs: &[f32], masks: &mut dyn Masks) {
        let Self { isa, widths, dropout, rounds, layers, scratch } = self;
        let mut rest = parameters;
        let last = layers.len() - 1;
        for index in 0..layers.len() {
            let (from, to) = (widths[index], widths[index + 1]);
            let (weights, behind) = rest.split_at(from * to);
            let (bias, behind) = behind.split_at(to);
            rest = behind;
            let (below, layers) = layers.split_at_mut(index);
            let layer = &mut layers[0];
            let inputs = below.last().map_or(inputs, Layer::handed_on);
            layer.outputs.resize(inputs.len() / from * to, 0.0);
            let (inputs, weights) = (Matrix::new(inputs, from), Matrix::new(weights, to));
            multiply(*isa, inputs, weights, &mut layer.outputs, to, Store::Set, scratch);
            for row in layer.outputs.chunks_exact_mut(to) {
                match index == last {
                    true => row.iter_mut().zip(bias).for_each(|(output, bias)| *output += bias),
                    false => {
                        row.iter_mut().zip(bias).for_each(|(output, bias)| *output = relu(*output + bias))
                    }
                }
            }
            layer.mask.clear();
            layer.handed_on.clear();
            if index < last
                && let Some(mask) = masks.mask(layer.outputs.len(), *dropout)
            {
                layer.handed_on.extend(layer.outputs.iter().zip(&mask).map(|(output, mask)| output * mask));
                layer.mask.extend(mask);
            }
            if index < last && *rounds {
                if layer.handed_on.is_empty() {
                    layer.handed_on.extend_from_slice(&layer.outputs);
                }
                round_rows(&mut layer.handed_on, to);
            }
        }
    }

    /// Adds to `gradient`, as long as `parameters`, and, if asked for, writes the gradient in the inputs. `grad_hidden`
    /// are gradients in outputs of hidden layers, by their places.
    pub fn backward<'a>(
        &mut self,
        parameters: &[f32],
        inputs: &[f32],
        grad_outputs: &[f32],
        grad_hidden: impl Fn(usize) -> Option<&'a [f32]>,
        grad_inputs: Option<&mut Vec<f32>>,
        gradient: &mut [f32],
    ) {
        let Self { isa, widths, layers, scratch, .. } = self;
        let n = inputs.len() / widths[0];
        let last = layers.len() - 1;
        layers[last].grad_out.clear();
        layers[last].grad_out.extend_from_slice(grad_outputs);
        let mut end = gradient.len();
        let mut grad_inputs = grad_inputs;
        for index in (0..layers.len()).rev() {
            let (from, to) = (widths[index], widths[index + 1]);
            let start = end - (from + 1) * to;
            let (weights, own) = (&parameters[start..start + from * to], &mut gradient[start..end]);
            end = start;
            let (below, layers) = layers.split_at_mut(index);
            let layer = &mut layers[0];
            if index < last {
                if !layer.mask.is_empty() {
                    layer.grad_out.iter_mut().zip(&layer.mask).for_each(|(gradient, mask)| *gradient *= mask);
                }
                if let Some(shown) = grad_hidden(index) {
                    layer.grad_out.iter_mut().zip(shown).for_each(|(gradient, shown)| *gradient += shown);
                }
                shut(&mut layer.grad_out, &layer.outputs);
            }
            let grad_out = Matrix::new(&layer.grad_out, to);
            let values = below.last().map_or(inputs, Layer::handed_on);
            let (own_weights, own_bias) = own.split_at_mut(from * to);
            multiply(
                *isa,
                Matrix::new(values, from).transposed(),
                grad_out,
                own_weights,
                to,
                Store::Add,
                scratch,
            );
            for row in layer.grad_out.chunks_exact(to) {
                own_bias.iter_mut().zip(row).for_each(|(bias, gradient)| *bias += gradient);
            }
            let handed_down = match below.last_mut() {
                Some(below) => Some(&mut below.grad_out),
                None => grad_inputs.take(),
            };
            if let Some(handed_down) = handed_down {
                handed_down.resize(n * from, 0.0);
                let turned = Matrix::new(weights, to).transposed();
                multiply(*isa, grad_out, turned, handed_down, from, Store::Set, scratch);
            }
        }
    }
}

/// A ReLU's gradient: none where its output is 0.
pub(super) fn shut(gradient: &mut [f32], outputs: &[f32]) {
    for (gradient, output) in gradient.iter_mut().zip(outputs) {
        *gradient = if *output <= 0.0 { 0.0 } else { *gradient };
    }
}
