//! A trained perceptron in whole numbers: weights of 8 bits or fewer, and what enters each layer rounded digit by digit
//! (dynamic quantisation of activations; Zafrir et al. 2019, section 3.1, have fixed scales in place of each digit's).

use std::ops::Range;

use distillery_kernels::{IntegerDense, Isa, Rounded, relu};

use crate::compress::WholeNumbers;
use crate::data::PIXELS;
use crate::nets::{DenseLayer, Layout};

/// Digits whose outputs are worked out together: what enters a layer stays in the nearest cache.
const TOGETHER: usize = 64;

/// The layers.
pub(in crate::train) struct IntegerPerceptron {
    layers: Vec<IntegerDense>,
}

impl IntegerPerceptron {
    /// Of a perceptron's weights, each parameter's as `whole` says.
    pub(in crate::train) fn new(
        isa: Isa,
        layout: &Layout,
        weights: &[f32],
        whole: impl Fn(Range<usize>) -> WholeNumbers,
    ) -> Self {
        let layer = |DenseLayer { from, to, range, .. }: DenseLayer| {
            let (products, biases) = (range.start..range.end - to, range.end - to..range.end);
            let WholeNumbers { multiples, scales } = whole(products);
            IntegerDense::new(isa, from, to, &multiples, &scales, &weights[biases])
        };
        Self { layers: layout.dense_layers().map(layer).collect() }
    }

    /// Logits `n × outputs` of `n × 784` pixels.
    pub(in crate::train) fn logits(&self, pixels: &[f32]) -> Vec<f32> {
        let (mut rounded, mut logits) = (Rounded::default(), Vec::new());
        for pixels in pixels.chunks(TOGETHER * PIXELS) {
            let mut units = Vec::new();
            for (index, layer) in self.layers.iter().enumerate() {
                let (from, to) = layer.shape();
                let inputs = if index == 0 { pixels } else { &units[..] };
                rounded.take(inputs, from);
                let mut outputs = vec![0.0; inputs.len() / from * to];
                layer.forward(&rounded, &mut outputs);
                if index + 1 < self.layers.len() {
                    outputs.iter_mut().for_each(|output| *output = relu(*output));
                }
                units = outputs;
            }
            logits.extend(units);
        }
        logits
    }
}
