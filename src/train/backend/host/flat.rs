//! A network in training by its own passes, with its weights in one flat vector.

use std::ops::Range;

use distillery_kernels::{Isa, Network, apply};

use super::trained::{Imitated, Step, Trained};
use crate::nets::{Dropout, Layout};

/// Weights, what the optimiser remembers of them, and how they change.
pub(super) struct FlatWeights {
    isa: Isa,
    values: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
    gradient: Vec<f32>,
    parts: Vec<Part>,
    deepest: u32,
}

/// One parameter.
struct Part {
    range: Range<usize>,
    /// The layer it belongs to; none for a projection.
    layer: Option<u32>,
    /// Learning rate against the output layer's.
    rate: f32,
    /// Units that its weights lead to, one a column, if a max-norm is of it.
    units: Option<usize>,
}

impl FlatWeights {
    /// Weights before their first step, as they lie in the layout.
    pub(super) fn new(layout: &Layout, isa: Isa, values: &[f32]) -> Self {
        let part = |(parameter, range): (&crate::nets::Parameter, Range<usize>)| {
            let units = parameter.kind.has_units().then(|| parameter.shape[1]);
            Part { range, layer: parameter.layer, rate: 1.0, units }
        };
        let zeros = || vec![0.0; values.len()];
        let deepest = layout.iter().filter_map(|(parameter, _)| parameter.layer).max().unwrap_or(0);
        Self {
            isa,
            values: values.to_vec(),
            first: zeros(),
            second: zeros(),
            gradient: zeros(),
            parts: layout.iter().map(part).collect(),
            deepest,
        }
    }

    /// The weights, and their gradient, which starts at 0.
    pub(super) fn begin(&mut self) -> (&[f32], &mut [f32]) {
        self.gradient.fill(0.0);
        (&self.values, &mut self.gradient)
    }

    /// Takes the step that the gradient says.
    pub(super) fn take(&mut self, step: &Step) {
        let Self { isa, values, first, second, gradient, parts, .. } = self;
        // Neighbours of one rate in one go.
        for same in parts.chunk_by(|a, b| a.rate == b.rate) {
            let all = same[0].range.start..same[same.len() - 1].range.end;
            let update = step.at_rate(same[0].rate);
            let [values, first, second] = [&mut *values, first, second].map(|of| &mut of[all.clone()]);
            apply(*isa, update, values, first, second, &gradient[all]);
        }
        for (part, max_norm) in parts.iter().flat_map(|part| step.max_norm.map(|max_norm| (part, max_norm))) {
            if let Some(units) = part.units {
                clip(&mut values[part.range.clone()], units, max_norm);
            }
        }
    }

    pub(super) fn decay_rates(&mut self, decay: f64) {
        for part in &mut self.parts {
            let above = self.deepest - part.layer.unwrap_or(self.deepest);
            part.rate = decay.powi(above as i32) as f32;
        }
    }

    pub(super) fn values(&self) -> &[f32] {
        &self.values
    }

    pub(super) fn set_values(&mut self, values: &[f32]) {
        self.values.copy_from_slice(values);
    }

    pub(super) fn moments(&self) -> [&[f32]; 2] {
        [&self.first, &self.second]
    }

    pub(super) fn set_moments(&mut self, [first, second]: [&[f32]; 2]) {
        self.first.copy_from_slice(first);
        self.second.copy_from_slice(second);
    }
}

/// Scales the weights `[from, units]` into each unit down to at most the length `max_norm` (Hinton et al. 2012,
/// appendix A.1).
fn clip(weights: &mut [f32], units: usize, max_norm: f32) {
    let mut factors = vec![0.0_f32; units];
    for row in weights.chunks_exact(units) {
        factors.iter_mut().zip(row).for_each(|(sum, weight)| *sum += weight * weight);
    }
    factors.iter_mut().for_each(|square| *square = max_norm / square.sqrt().max(max_norm));
    for row in weights.chunks_exact_mut(units) {
        row.iter_mut().zip(&factors).for_each(|(weight, factor)| *weight *= factor);
    }
}

/// The network and its weights.
pub(super) struct ByPasses {
    network: Box<dyn Network>,
    weights: FlatWeights,
}

impl ByPasses {
    pub(super) fn new(network: Box<dyn Network>, layout: &Layout, isa: Isa, weights: &[f32]) -> Self {
        Self { network, weights: FlatWeights::new(layout, isa, weights) }
    }
}

impl Trained for ByPasses {
    fn forward(&mut self, digits: &[f32], dropout: &mut Dropout, _shows: bool) {
        self.network.forward(self.weights.values(), digits, dropout);
    }

    fn outputs(&self) -> &[f32] {
        self.network.outputs()
    }

    fn layer(&self, place: usize) -> Vec<f32> {
        let mut values = Vec::new();
        self.network.layer(place, &mut values);
        values
    }

    fn learn(&mut self, digits: &[f32], grad_outputs: &[f32], imitated: &Imitated, step: &Step) {
        let (weights, gradient) = self.weights.begin();
        self.network.backward(weights, digits, grad_outputs, &imitated.layers, gradient);
        for (range, own) in &imitated.weights {
            gradient[range.clone()].iter_mut().zip(own).for_each(|(gradient, own)| *gradient += own);
        }
        self.weights.take(step);
    }

    fn decay_rates(&mut self, decay: f64) {
        self.weights.decay_rates(decay);
    }

    fn values(&self) -> Vec<f32> {
        self.weights.values().to_vec()
    }

    fn set_values(&mut self, values: &[f32]) {
        self.weights.set_values(values);
    }

    fn moments(&self) -> [Vec<f32>; 2] {
        self.weights.moments().map(<[f32]>::to_vec)
    }

    fn set_moments(&mut self, moments: [&[f32]; 2]) {
        self.weights.set_moments(moments);
    }
}
