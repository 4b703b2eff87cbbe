//! The convolutional network.

use distillery_kernels::CnnShape;
use serde::{Deserialize, Serialize};

use super::mlp::{dense_layers, dense_multiply_adds, dense_parameters};
use super::{
    DIGITS, DROPOUT, HIDDEN_LAYERS, HIDDEN_WIDTH, Layer, LayerKind, Network, Parameter, ParameterKind,
    is_digits,
};
use crate::data::SIDE;
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

    /// Values that enter each fully connected layer, and the outputs.
    pub(super) fn dense_widths(&self) -> Vec<usize> {
        let side = self.sides().last().copied().unwrap_or(SIDE);
        let channels = self.channels.last().copied().unwrap_or(1) as usize;
        let hidden = self.hidden.iter().map(|&width| width as usize);
        std::iter::once(channels * side * side)
            .chain(hidden)
            .chain(std::iter::once(self.outputs as usize))
            .collect()
    }

    /// What its passes on the host are made of.
    pub fn shape(&self) -> CnnShape {
        CnnShape {
            rounds: false,
            side: SIDE,
            channels: self.channels.iter().map(|&channels| channels as usize).collect(),
            kernel: self.kernel as usize,
            widths: self.dense_widths().split_off(1),
            dropout: self.dropout,
            input_dropout: self.input_dropout,
        }
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

    /// Kernels are used at every place, those of the later layers at fewer.
    fn uses(&self, parameter: &Parameter) -> u64 {
        let before = std::iter::once(SIDE).chain(self.sides());
        let places = before.map(|side| (side + 1).saturating_sub(self.kernel as usize).pow(2) as u64);
        let of_layer = places.take(self.channels.len()).nth(parameter.layer.unwrap_or(0) as usize);
        of_layer.unwrap_or(1)
    }
}
