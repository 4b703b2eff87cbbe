//! The convolutional network.

use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{
    Tensor,
    activation::relu,
    module::{conv2d, max_pool2d},
};
use distillery_kernels::{Convolution, relu as rectified};
use serde::{Deserialize, Serialize};

use super::mlp::{dense_forward, dense_layers, dense_multiply_adds, dense_parameters};
use super::{
    DIGITS, DROPOUT, HIDDEN_LAYERS, HIDDEN_WIDTH, Layer, LayerKind, Layout, Network, Parameter,
    ParameterKind, Pass, Weights, is_digits,
};
use crate::data::{PIXELS, SIDE};
use crate::error::Allowed;
use crate::ranges::{Ranges, ranges};
use crate::report::Report;

/// Convolutions without padding, each with ReLU and 2×2 max-pooling, then fully connected layers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Cnn {
    /// Channels of each convolution, from the input on.
    pub channels: Vec<u32>,
    /// Side of the square kernels, in pixels.
    pub kernel: u32,
    /// Units of each fully connected hidden layer after the convolutions.
    pub hidden: Vec<u32>,
    /// Probability that a fully connected hidden unit, or a value that enters the first such layer, is dropped
    /// in a training step.
    pub dropout: f64,
    /// Probability that a pixel is dropped in a training step.
    pub input_dropout: f64,
    /// Outputs: one for each class of the model's tasks, which it follows from.
    #[cfg_attr(feature = "cli", schemars(skip))]
    #[serde(skip_serializing_if = "is_digits")]
    pub outputs: u32,
}

ranges!(Cnn {
    channels: 1.0..=128.0, entries 1.0..=3.0, unit "channels";
    kernel: 1.0..=7.0, unit "pixels";
    hidden: HIDDEN_WIDTH, entries HIDDEN_LAYERS, unit "units";
    dropout: DROPOUT;
    input_dropout: DROPOUT;
});

impl Default for Cnn {
    fn default() -> Self {
        Self {
            channels: vec![12, 24],
            kernel: 5,
            hidden: vec![96],
            dropout: 0.0,
            input_dropout: 0.0,
            outputs: DIGITS,
        }
    }
}

impl Cnn {
    /// Side of the picture after each convolution and pooling; 0 once nothing is left.
    pub fn sides(&self) -> Vec<usize> {
        let mut side = SIDE;
        self.channels
            .iter()
            .map(|_| {
                side = (side + 1).saturating_sub(self.kernel as usize) / 2;
                side
            })
            .collect()
    }

    fn dense_widths(&self) -> Vec<usize> {
        let side = self.sides().last().copied().unwrap_or(SIDE);
        let channels = self.channels.last().copied().unwrap_or(1) as usize;
        let hidden = self.hidden.iter().map(|&width| width as usize);
        std::iter::once(channels * side * side)
            .chain(hidden)
            .chain(std::iter::once(self.outputs as usize))
            .collect()
    }
}

impl Network for Cnn {
    fn check(&self, path: &str, report: &mut Report) {
        self.check_ranges(path, report);
        if self.kernel >= 1 && self.sides().contains(&0) {
            report.add(format!("{path}.kernel"), &self.kernel, Allowed::SmallerKernel);
        }
    }

    fn parameters(&self) -> Vec<Parameter> {
        let kernel = self.kernel as usize;
        let mut parameters = Vec::new();
        let mut from = 1;
        for (index, &to) in self.channels.iter().enumerate() {
            let to = to as usize;
            let layer = index as u32;
            let shape = [to, from, kernel, kernel];
            let weight = Parameter::new(layer, "weight", ParameterKind::Convolution, &shape);
            parameters.push(weight.rectified(from * kernel * kernel));
            parameters.push(Parameter::bias(layer, "bias", to));
            from = to;
        }
        parameters.extend(dense_parameters(self.channels.len(), &self.dense_widths()));
        parameters
    }

    fn forward(&self, weights: &Weights, digits: Tensor<2>, pass: &mut Pass) -> Tensor<2> {
        let [rows, _] = digits.dims();
        let digits = pass.drop(digits, self.input_dropout);
        let mut picture = digits.reshape([rows, 1, SIDE, SIDE]);
        for index in 0..self.channels.len() {
            let kernel = weights.get::<4>(2 * index);
            let bias = Some(weights.get::<1>(2 * index + 1));
            let options = ConvOptions::new([1, 1], [0, 0], [1, 1], 1);
            picture = conv2d(picture, kernel, bias, options);
            // Pooling before the ReLU gives the same values (both rise with their input) on a quarter of the work.
            picture = relu(max_pool2d(picture, pooling()));
            pass.show(&format!("conv.{index}"), &picture);
        }
        let widths = self.dense_widths();
        let flat = pass.drop(picture.reshape([rows, widths[0]]), self.dropout);
        dense_forward(weights, 2 * self.channels.len(), self.hidden.len() + 1, flat, self.dropout, pass)
    }

    fn layers(&self) -> Vec<Layer> {
        let convolved =
            self.channels.iter().zip(self.sides()).enumerate().map(|(index, (&channels, side))| {
                Layer::new(format!("conv.{index}"), LayerKind::Hidden, &[channels as usize * side * side])
            });
        convolved.chain(dense_layers(&self.hidden)).collect()
    }

    fn multiply_adds(&self) -> u64 {
        let kernel = self.kernel as usize;
        let (mut side, mut from, mut sum) = (SIDE, 1, 0);
        for (&to, pooled) in self.channels.iter().zip(self.sides()) {
            let wide = side + 1 - kernel;
            sum += (wide * wide * from * to as usize * kernel * kernel) as u64;
            (side, from) = (pooled, to as usize);
        }
        sum + dense_multiply_adds(&self.dense_widths())
    }

    fn host_logits(&self, weights: &[f32], pixels: &[f32]) -> Option<Vec<f32>> {
        let layout = Layout::new(self.parameters());
        let parts: Vec<&[f32]> = layout.iter().map(|(_, range)| &weights[range]).collect();
        let (convolved, dense) = parts.split_at(2 * self.channels.len());
        let mut from = 1;
        let convolutions: Vec<Convolution> = convolved
            .chunks_exact(2)
            .map(|pair| {
                let convolution = Convolution::new(pair[0], pair[1], from, self.kernel as usize);
                from = pair[1].len();
                convolution
            })
            .collect();
        let logits = pixels.chunks_exact(PIXELS).flat_map(|digit| {
            let flat = convolve(&convolutions, digit);
            dense.chunks_exact(2).enumerate().fold(flat, |values, (layer, pair)| {
                let is_last = 2 * (layer + 1) == dense.len();
                dense_layer(pair[0], pair[1], &values, is_last)
            })
        });
        Some(logits.collect())
    }
}

/// What the fully connected layers see of one digit: `[channel, row, column]`, as burn lays pictures out.
fn convolve(convolutions: &[Convolution], digit: &[f32]) -> Vec<f32> {
    let (mut picture, mut next, mut side) = (digit.to_vec(), Vec::new(), SIDE);
    for convolution in convolutions {
        convolution.run(&picture, side, &mut next);
        side = convolution.side(side);
        std::mem::swap(&mut picture, &mut next);
    }
    let channels = picture.len() / (side * side);
    (0..channels).flat_map(|channel| picture.iter().skip(channel).step_by(channels).copied()).collect()
}

/// One fully connected layer of one digit, with ReLU unless it is the last. Inputs that a ReLU has made zero are passed
/// over.
fn dense_layer(weights: &[f32], bias: &[f32], inputs: &[f32], is_last: bool) -> Vec<f32> {
    let mut outputs = bias.to_vec();
    for (row, &input) in weights.chunks_exact(bias.len()).zip(inputs) {
        if input != 0.0 {
            outputs.iter_mut().zip(row).for_each(|(output, weight)| *output += input * weight);
        }
    }
    if !is_last {
        outputs.iter_mut().for_each(|output| *output = rectified(*output));
    }
    outputs
}

fn pooling() -> MaxPoolOptions<2> {
    MaxPoolOptions::new([2, 2])
}
