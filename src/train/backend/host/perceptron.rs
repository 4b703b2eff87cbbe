//! Fully connected layers in training, whose weights lie in panels and are changed where their gradient is worked out.

use distillery_kernels::{Activation, ActiveColumns, Dense, Isa, Scratch, round_rows};

use super::trained::{Imitated, Step, Trained};
use crate::nets::{DenseLayer, Dropout, Layout, Perceptron};

/// The layers, and buffers that are kept from step to step.
pub(super) struct PanelLayers {
    spec: Perceptron,
    layers: Vec<Dense>,
    /// The layer of the network that each is, or one of whose factors it is.
    numbers: Vec<u32>,
    /// Those whose outputs are hidden units, from the input on.
    hidden: Vec<usize>,
    /// Where each layer's weights begin in the layout.
    starts: Vec<usize>,
    /// Learning rate of each layer against the output layer's.
    rates: Vec<f32>,
    scratch: Scratch,
    /// Inputs after their dropout.
    inputs: Vec<f32>,
    /// Which of them are not zero throughout: digits have much paper, which no product needs.
    active: ActiveColumns,
    /// Outputs of each layer, behind its dropout.
    outputs: Vec<Vec<f32>>,
    /// Whether what enters a layer is rounded, and hidden layers as the next ones then read them. Gradients pass as if it
    /// were not (straight-through).
    rounds: bool,
    rounded: Vec<Vec<f32>>,
    /// Hidden layers before their dropout, where there is one and they are shown.
    shown: Vec<Vec<f32>>,
    /// The gradient of the loss in each layer's outputs.
    grad_out: Vec<Vec<f32>>,
    /// What those that stayed in the last pass were multiplied by.
    keep_scale: f32,
    /// Outputs that stand for classes, `[n, classes]`; empty where all do.
    classes: Vec<f32>,
}

impl PanelLayers {
    /// Layers before their first step; `weights` lie as in the layout.
    pub(super) fn new(spec: Perceptron, layout: &Layout, isa: Isa, weights: &[f32], rounds: bool) -> Self {
        let dense = layout.dense_layers().map(|DenseLayer { layer, from, to, range }| {
            (layer.unwrap_or_default(), Dense::new(isa, from, to, &weights[range]))
        });
        let (numbers, layers): (Vec<u32>, Vec<Dense>) = dense.unzip();
        let hidden = spec.is_hidden.iter().enumerate().filter(|(_, is_hidden)| **is_hidden);
        let buffers = || vec![Vec::new(); layers.len()];
        Self {
            numbers,
            hidden: hidden.map(|(index, _)| index).collect(),
            spec,
            starts: layout.dense_layers().map(|layer| layer.range.start).collect(),
            rates: vec![1.0; layers.len()],
            scratch: Scratch::default(),
            inputs: Vec::new(),
            active: ActiveColumns::default(),
            outputs: buffers(),
            rounds,
            rounded: buffers(),
            shown: buffers(),
            grad_out: buffers(),
            keep_scale: 1.0,
            classes: Vec::new(),
            layers,
        }
    }

    /// A hidden layer of the last pass before its dropout.
    fn units(&self, index: usize) -> &[f32] {
        if self.shown[index].is_empty() { &self.outputs[index] } else { &self.shown[index] }
    }

    /// What the layer behind this one read in the last pass.
    fn handed_on<'a>(outputs: &'a [f32], rounded: &'a [f32]) -> &'a [f32] {
        if rounded.is_empty() { outputs } else { rounded }
    }

    /// What the first layer read in the last pass.
    fn inputs<'a>(inputs: &'a [f32], digits: &'a [f32]) -> &'a [f32] {
        if inputs.is_empty() { digits } else { inputs }
    }
}

impl Trained for PanelLayers {
    fn forward(&mut self, digits: &[f32], dropout: &mut Dropout, shows: bool) {
        let Self { spec, layers, scratch, inputs, active, outputs, rounds, rounded, shown, .. } = self;
        let n = digits.len() / spec.widths[0];
        inputs.clear();
        if let Some(mask) = dropout.mask(digits.len(), spec.input_dropout) {
            inputs.extend(digits.iter().zip(mask).map(|(digit, mask)| digit * mask));
        }
        if *rounds {
            if inputs.is_empty() {
                inputs.extend_from_slice(digits);
            }
            round_rows(inputs, spec.widths[0]);
        }
        let inputs = Self::inputs(inputs, digits);
        active.find(inputs, spec.widths[0]);
        let active = &*active;
        let last = layers.len() - 1;
        for (index, layer) in layers.iter().enumerate() {
            let (before, behind) = outputs.split_at_mut(index);
            let (rounded_before, rounded) = rounded.split_at_mut(index);
            let from = before.last().zip(rounded_before.last());
            let from = from.map_or(inputs, |(outputs, rounded)| Self::handed_on(outputs, rounded));
            let outputs = &mut behind[0];
            let width = layer.shape().1;
            outputs.resize(n * width, 0.0);
            let is_hidden = index < last && spec.is_hidden[index];
            let mask = if is_hidden { dropout.mask(n * width, spec.dropout) } else { None };
            let activation = match &mask {
                _ if !is_hidden => Activation::None,
                Some(mask) if !shows => Activation::Masked(mask),
                _ => Activation::Relu,
            };
            layer.forward(from, (index == 0).then_some(active), activation, outputs, scratch);
            shown[index].clear();
            if let Some(mask) = mask.filter(|_| shows) {
                shown[index].extend_from_slice(outputs);
                outputs.iter_mut().zip(mask).for_each(|(output, mask)| *output *= mask);
            }
            if *rounds && is_hidden {
                rounded[0].clone_from(outputs);
                round_rows(&mut rounded[0], width);
            }
        }
        self.keep_scale =
            if spec.dropout > 0.0 && dropout.is_on() { 1.0 / (1.0 - spec.dropout as f32) } else { 1.0 };
        self.classes.clear();
        if spec.auxiliary > 0 {
            let rows = outputs[last].chunks_exact(spec.widths[last + 1]);
            self.classes.extend(rows.flat_map(|row| &row[..row.len() - spec.auxiliary]));
        }
    }

    fn outputs(&self) -> &[f32] {
        if self.spec.auxiliary > 0 { &self.classes } else { &self.outputs[self.layers.len() - 1] }
    }

    /// Behind the hidden layers, the outputs that stand for no class.
    fn layer(&self, place: usize) -> Vec<f32> {
        let last = self.layers.len() - 1;
        if let Some(hidden) = self.hidden.get(place) {
            return self.units(*hidden).to_vec();
        }
        let rows = self.outputs[last].chunks_exact(self.spec.widths[last + 1]);
        rows.flat_map(|row| &row[row.len() - self.spec.auxiliary..]).copied().collect()
    }

    fn learn(&mut self, digits: &[f32], grad_outputs: &[f32], imitated: &Imitated, step: &Step) {
        let grad_layers = &imitated.layers;
        let last = self.layers.len() - 1;
        let (all, auxiliary) = (self.spec.widths[last + 1], self.spec.auxiliary);
        self.grad_out[last].clear();
        for row in grad_outputs.chunks_exact(all - auxiliary) {
            self.grad_out[last].extend_from_slice(row);
            self.grad_out[last].extend(std::iter::repeat_n(0.0, auxiliary));
        }
        for (_, gradient) in grad_layers.iter().filter(|(place, _)| *place == self.hidden.len()) {
            let rows = self.grad_out[last].chunks_exact_mut(all).zip(gradient.chunks_exact(auxiliary));
            rows.for_each(|(row, gradient)| row[all - auxiliary..].copy_from_slice(gradient));
        }
        for index in (0..=last).rev() {
            let Self { layers, hidden, scratch, active, outputs, shown, grad_out, .. } = self;
            let (grad_in, behind) = grad_out.split_at_mut(index);
            if let Some(grad_in) = grad_in.last_mut() {
                let below = index - 1;
                grad_in.resize(outputs[below].len(), 0.0);
                let hidden = hidden.iter().position(|hidden| *hidden == below);
                let rectified = hidden.map(|_| &outputs[below][..]);
                layers[index].backward(&behind[0], rectified, self.keep_scale, grad_in, scratch);
                let units = if shown[below].is_empty() { &outputs[below] } else { &shown[below] };
                for (_, gradient) in grad_layers.iter().filter(|(place, _)| Some(*place) == hidden) {
                    for ((grad_in, unit), gradient) in grad_in.iter_mut().zip(units).zip(gradient) {
                        *grad_in += if *unit <= 0.0 { 0.0 } else { *gradient };
                    }
                }
            }
            let from = match index {
                0 => Self::inputs(&self.inputs, digits),
                _ => Self::handed_on(&outputs[index - 1], &self.rounded[index - 1]),
            };
            let update = step.at_rate(self.rates[index]);
            let layer = &mut layers[index];
            match imitated.weights.iter().find(|(range, _)| range.start == self.starts[index]) {
                Some((_, own)) => layer.learn_with(from, &behind[0], own, update, scratch),
                None => layer.learn(from, (index == 0).then_some(&*active), &behind[0], update, scratch),
            }
            if let Some(max_norm) = step.max_norm {
                layers[index].clip(max_norm);
            }
        }
    }

    fn decay_rates(&mut self, decay: f64) {
        let output = self.numbers.last().copied().unwrap_or_default();
        let above = self.numbers.iter().map(|number| output - number);
        self.rates = above.map(|above| decay.powi(above as i32) as f32).collect();
    }

    fn values(&self) -> Vec<f32> {
        self.layers.iter().flat_map(Dense::values).collect()
    }

    fn set_values(&mut self, values: &[f32]) {
        let mut behind = values;
        for layer in &mut self.layers {
            let (own, rest) = behind.split_at(layer.parameters());
            layer.set_values(own);
            behind = rest;
        }
    }

    fn moments(&self) -> [Vec<f32>; 2] {
        let moments = self.layers.iter().map(Dense::moments);
        let (first, second): (Vec<_>, Vec<_>) = moments.map(|[first, second]| (first, second)).unzip();
        [first.concat(), second.concat()]
    }

    fn set_moments(&mut self, [mut first, mut second]: [&[f32]; 2]) {
        for layer in &mut self.layers {
            let parameters = layer.parameters();
            layer.set_moments([&first[..parameters], &second[..parameters]]);
            (first, second) = (&first[parameters..], &second[parameters..]);
        }
    }
}
