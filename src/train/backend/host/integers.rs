//! A trained network in whole numbers: weights of 8 bits or fewer, and what enters each layer rounded digit by digit
//! (dynamic quantisation of activations; Zafrir et al. 2019, section 3.1, have fixed scales in place of each digit's).

use std::ops::Range;

use distillery_kernels::{IntegerDense, Isa, Rounded, relu};

use crate::compress::WholeNumbers;
use crate::data::{PIXELS, SIDE};
use crate::nets::{Layout, Parameter, ParameterKind};

/// Digits whose outputs are worked out together: what enters a layer stays in a near cache.
const TOGETHER: usize = 16;

/// The layers.
pub(in crate::train) struct IntegerNetwork {
    stages: Vec<Stage>,
}

/// A layer, with the ReLU behind it if it is not the last.
enum Stage {
    Dense(IntegerDense),
    /// Of pictures `[channels, side, side]`, and 2×2 max-pooling behind it.
    Convolution {
        layer: IntegerDense,
        channels: usize,
        side: usize,
        kernel: usize,
    },
}

impl IntegerNetwork {
    /// Of a perceptron's weights or a convolutional network's, each parameter's as `whole` says.
    pub(in crate::train) fn new(
        isa: Isa,
        layout: &Layout,
        weights: &[f32],
        whole: impl Fn(Range<usize>) -> WholeNumbers,
    ) -> Self {
        let parameters: Vec<(&Parameter, Range<usize>)> = layout.iter().collect();
        let mut side = SIDE;
        let stage = |pair: &[(&Parameter, Range<usize>)]| {
            let (parameter, biases) = (pair[0].0, &weights[pair[1].1.clone()]);
            let WholeNumbers { multiples, scales } = whole(pair[0].1.clone());
            match (parameter.kind, &parameter.shape[..]) {
                (ParameterKind::Convolution, &[to, channels, kernel, _]) => {
                    let from = channels * kernel * kernel;
                    let turned: Vec<i8> =
                        (0..from * to).map(|place| multiples[place % to * from + place / to]).collect();
                    let layer = IntegerDense::new(isa, from, to, &turned, &scales, biases);
                    let stage = Stage::Convolution { layer, channels, side, kernel };
                    side = (side + 1 - kernel) / 2;
                    stage
                }
                (_, shape) => {
                    let to = biases.len();
                    Stage::Dense(IntegerDense::new(isa, shape[0], to, &multiples, &scales, biases))
                }
            }
        };
        Self { stages: parameters.chunks_exact(2).map(stage).collect() }
    }

    /// Logits `n × outputs` of `n × 784` pixels.
    pub(in crate::train) fn logits(&self, pixels: &[f32]) -> Vec<f32> {
        let (mut rounded, mut logits) = (Rounded::default(), Vec::new());
        for pixels in pixels.chunks(TOGETHER * PIXELS) {
            let n = pixels.len() / PIXELS;
            let mut values = pixels.to_vec();
            for (index, stage) in self.stages.iter().enumerate() {
                values = stage.forward(&values, n, &mut rounded);
                if index + 1 < self.stages.len() {
                    values.iter_mut().for_each(|value| *value = relu(*value));
                }
            }
            logits.extend(values);
        }
        logits
    }
}

impl Stage {
    fn forward(&self, values: &[f32], n: usize, rounded: &mut Rounded) -> Vec<f32> {
        match self {
            Stage::Dense(layer) => {
                let (from, to) = layer.shape();
                rounded.take(values, from);
                let mut outputs = vec![0.0; n * to];
                layer.forward(rounded, &mut outputs);
                outputs
            }
            Stage::Convolution { layer, channels, side, kernel } => {
                rounded.take_patches(values, *channels, *side, *kernel);
                let (wide, to) = (side + 1 - kernel, layer.shape().1);
                let mut outputs = vec![0.0; n * wide * wide * to];
                layer.forward(rounded, &mut outputs);
                pooled(&outputs, wide, to)
            }
        }
    }
}

/// The largest of each 2×2 of pictures `[n, wide, wide, channels]`, as `[n, channels, wide / 2, wide / 2]`.
fn pooled(pictures: &[f32], wide: usize, channels: usize) -> Vec<f32> {
    let half = wide / 2;
    let mut pooled = Vec::with_capacity(pictures.len() / 4);
    for picture in pictures.chunks_exact(wide * wide * channels) {
        for channel in 0..channels {
            for place in 0..half * half {
                let corner = (place / half * wide + place % half) * 2;
                let at = |offset: usize| picture[(corner + offset) * channels + channel];
                pooled.push(at(0).max(at(1)).max(at(wide)).max(at(wide + 1)));
            }
        }
    }
    pooled
}
