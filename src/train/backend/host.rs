//! A multi-layer perceptron in training on the host, by the kernels of `distillery-kernels`.
//!
//! burn's CPU engine takes a training step apart into tensors: each of them is written, read and given back, the
//! weights are cut out of their vector and the gradients put together again. Here a step is three products a layer,
//! whose results are used in the registers they are worked out in; nothing is allocated.

use std::cell::RefCell;

use burn::tensor::Tensor;
use distillery_kernels::{Activation, ActiveColumns, Dense, Isa, Scratch, Update as KernelUpdate};

use super::closed_form::{TaskRows, closed_form, has_closed_form};
use super::{Answer, Backend};
use crate::distill::{HardMix, SoftMix};
use crate::nets::{DenseLayer, Dropout, Layout, Perceptron};
use crate::train::inputs::matrix;
use crate::train::{Inputs, LearnerState, LossSums, Optimiser, PerTerm, StepInputs, Update};

/// Digits whose outputs are worked out together without training.
const INFERRED_AT_ONCE: usize = 256;

/// The layers with their weights, and what a step leaves behind.
pub(in crate::train) struct HostBackend {
    spec: Perceptron,
    layers: Vec<Dense>,
    /// Learning rate of each layer against the output layer's.
    rates: Vec<f32>,
    steps: u32,
    loss_sums: LossSums,
    workspace: RefCell<Workspace>,
}

/// Buffers, kept from step to step.
#[derive(Default)]
struct Workspace {
    scratch: Scratch,
    /// Inputs after their dropout.
    inputs: Vec<f32>,
    /// Which of them are not zero throughout: digits have much paper, which no product needs.
    active: ActiveColumns,
    /// Outputs of each layer.
    outputs: Vec<Vec<f32>>,
    /// The gradient of the loss in each layer's outputs.
    grad_out: Vec<Vec<f32>>,
}

impl HostBackend {
    /// A network before its first step; `weights` lie as in its layout.
    pub(in crate::train) fn new(spec: Perceptron, layout: &Layout, isa: Isa, weights: &[f32]) -> Self {
        let layers: Vec<Dense> = layout
            .dense_layers()
            .map(|DenseLayer { from, to, range }| Dense::new(isa, from, to, &weights[range]))
            .collect();
        let (rates, loss_sums) = (vec![1.0; layers.len()], LossSums::default());
        Self { rates, spec, layers, steps: 0, loss_sums, workspace: RefCell::default() }
    }

    /// One step. `gradient` is told the logits and writes the loss's gradient in them.
    pub(in crate::train) fn learn(
        &mut self,
        digits: &[f32],
        mut dropout: Dropout,
        optimiser: Optimiser,
        update: Update,
        gradient: impl FnOnce(&[f32], &mut [f32]),
    ) {
        let Self { spec, layers, rates, steps, workspace, .. } = self;
        let Workspace { scratch, inputs, active, outputs, grad_out } = workspace.get_mut();
        let n = digits.len() / spec.widths[0];
        outputs.resize_with(layers.len(), Vec::new);
        grad_out.resize_with(layers.len(), Vec::new);
        let inputs: &[f32] = match dropout.mask(digits.len(), spec.input_dropout) {
            Some(mask) => {
                inputs.clear();
                inputs.extend(digits.iter().zip(mask).map(|(digit, mask)| digit * mask));
                inputs
            }
            None => digits,
        };
        active.find(inputs, spec.widths[0]);
        let active = &*active;
        let last = layers.len() - 1;
        for (index, layer) in layers.iter().enumerate() {
            let (before, behind) = outputs.split_at_mut(index);
            let from: &[f32] = before.last().map_or(inputs, |outputs| outputs);
            let width = layer.shape().1;
            behind[0].resize(n * width, 0.0);
            let mask = if index < last { dropout.mask(n * width, spec.dropout) } else { None };
            let activation = match &mask {
                _ if index == last => Activation::None,
                Some(mask) => Activation::Masked(mask),
                None => Activation::Relu,
            };
            layer.forward(from, (index == 0).then_some(active), activation, &mut behind[0], scratch);
        }
        grad_out[last].resize(outputs[last].len(), 0.0);
        gradient(&outputs[last], &mut grad_out[last]);

        *steps += 1;
        let rule = optimiser.for_kernels(&update, *steps);
        let keep_scale =
            if spec.dropout > 0.0 && dropout.is_on() { 1.0 / (1.0 - spec.dropout as f32) } else { 1.0 };
        for index in (0..layers.len()).rev() {
            let (grad_in, behind) = grad_out.split_at_mut(index);
            if let Some(grad_in) = grad_in.last_mut() {
                let units = &outputs[index - 1];
                grad_in.resize(units.len(), 0.0);
                layers[index].backward(&behind[0], units, keep_scale, grad_in, scratch);
            }
            let from: &[f32] = if index == 0 { inputs } else { &outputs[index - 1] };
            let own = KernelUpdate { rate: rule.rate * rates[index], ..rule };
            layers[index].learn(from, (index == 0).then_some(active), &behind[0], own, scratch);
            if let Some(max_norm) = update.max_norm {
                layers[index].clip(max_norm as f32);
            }
        }
    }

    /// Outputs of layer `index` for `n × 784` pixels, without dropout.
    fn outputs(&self, pixels: &[f32], index: usize) -> Vec<f32> {
        let width = self.layers[index].shape().1;
        let mut all = vec![0.0; pixels.len() / self.spec.widths[0] * width];
        let workspace = &mut *self.workspace.borrow_mut();
        let (mut values, mut next) = (Vec::new(), Vec::new());
        let chunks = pixels
            .chunks(INFERRED_AT_ONCE * self.spec.widths[0])
            .zip(all.chunks_mut(INFERRED_AT_ONCE * width));
        for (pixels, outputs) in chunks {
            values.clear();
            values.extend_from_slice(pixels);
            workspace.active.find(pixels, self.spec.widths[0]);
            for (place, layer) in self.layers[..=index].iter().enumerate() {
                let (from, to) = layer.shape();
                next.resize(values.len() / from * to, 0.0);
                let is_last = place + 1 == self.layers.len();
                let activation = if is_last { Activation::None } else { Activation::Relu };
                let active = (place == 0).then_some(&workspace.active);
                layer.forward(&values, active, activation, &mut next, &mut workspace.scratch);
                std::mem::swap(&mut values, &mut next);
            }
            outputs.copy_from_slice(&values);
        }
        all
    }

    /// The weights as they lie in the layout.
    pub(in crate::train) fn values(&self) -> Vec<f32> {
        self.layers.iter().flat_map(Dense::values).collect()
    }

    fn set_values(&mut self, weights: &[f32]) {
        let mut behind = weights;
        for layer in &mut self.layers {
            let (own, rest) = behind.split_at(layer.parameters());
            layer.set_values(own);
            behind = rest;
        }
    }
}

impl Backend for HostBackend {
    fn decay_rates(&mut self, decay: f64) {
        let above = (0..self.layers.len()).rev();
        self.rates = above.map(|above| decay.powi(above as i32) as f32).collect();
    }

    fn step(&mut self, inputs: &Inputs, step_inputs: StepInputs, digits: &PerTerm<f32>) {
        let StepInputs { hard, soft, imitated: _, optimiser, update, dropout } = step_inputs;
        let mut losses = PerTerm::default();
        self.learn(&inputs.batch.pixels, dropout, optimiser, update, |logits, gradient| {
            losses = match short_loss(inputs, hard, soft.as_ref(), logits, gradient) {
                Some(losses) => losses,
                None => long_loss(inputs, hard, soft, logits, gradient),
            };
        });
        self.loss_sums.add(&losses, digits);
    }

    fn logits(&self, pixels: Vec<f32>) -> Answer<'_, Vec<f32>> {
        self.layer(pixels, self.layers.len() - 1)
    }

    fn layer(&self, pixels: Vec<f32>, place: usize) -> Answer<'_, Vec<f32>> {
        Box::pin(async move { Ok(self.outputs(&pixels, place)) })
    }

    fn weights(&self) -> Answer<'_, Vec<f32>> {
        Box::pin(async { Ok(self.values()) })
    }

    fn set_weights(&mut self, weights: Vec<f32>) {
        self.set_values(&weights);
    }

    fn loss_sums(&self) -> Answer<'_, LossSums> {
        Box::pin(async { Ok(self.loss_sums.clone()) })
    }

    fn clear_losses(&mut self) {
        self.loss_sums = LossSums::default();
    }

    fn state(&self) -> Answer<'_, LearnerState> {
        let moments = self.layers.iter().map(Dense::moments);
        let (first, second): (Vec<_>, Vec<_>) = moments.map(|[first, second]| (first, second)).unzip();
        let told = |values: Vec<Vec<f32>>| (self.steps > 0).then(|| values.concat());
        let state = LearnerState {
            weights: self.values(),
            optimiser_steps: self.steps,
            first: told(first),
            second: told(second),
            loss_sums: self.loss_sums.clone(),
        };
        Box::pin(async { Ok(state) })
    }

    fn restore(&mut self, state: LearnerState) {
        self.set_values(&state.weights);
        self.steps = state.optimiser_steps;
        self.loss_sums = state.loss_sums;
        let zeros = vec![0.0; state.weights.len()];
        let mut first = state.first.as_deref().unwrap_or(&zeros);
        let mut second = state.second.as_deref().unwrap_or(&zeros);
        for layer in &mut self.layers {
            let parameters = layer.parameters();
            layer.set_moments([&first[..parameters], &second[..parameters]]);
            (first, second) = (&first[parameters..], &second[parameters..]);
        }
    }
}

/// The loss and its gradient by their formulas, where they have short ones and all outputs are of one task.
fn short_loss(
    inputs: &Inputs,
    hard: HardMix,
    soft: Option<&(Vec<Vec<f32>>, SoftMix)>,
    logits: &[f32],
    gradient: &mut [f32],
) -> Option<PerTerm<f32>> {
    let [task] = &inputs.tasks[..] else { return None };
    // A batch may ask one of several tasks alone: then the outputs of the others lie beside it.
    let is_only = task.one_hot.len() == logits.len();
    if !is_only || !has_closed_form(soft.map(|(_, mix)| *mix).filter(SoftMix::counts)) {
        return None;
    }
    let short = soft.filter(|(_, mix)| has_closed_form(Some(*mix)));
    let of_task = short.map(|(targets, mix)| (&targets[0][..], *mix));
    let rows = TaskRows { classes: task.head.outputs.len(), logits, one_hot: &task.one_hot, soft: of_task };
    let terms = closed_form(rows, hard, gradient);
    // What is only told may be of another form.
    let told = || soft.and_then(|soft| soft_alone(inputs, hard, soft.clone(), logits));
    Some(PerTerm {
        hard: terms.hard,
        soft: terms.soft.or_else(told).unwrap_or(0.0),
        total: terms.total,
        ..PerTerm::default()
    })
}

/// The soft term without a gradient.
fn soft_alone(inputs: &Inputs, hard: HardMix, soft: (Vec<Vec<f32>>, SoftMix), logits: &[f32]) -> Option<f32> {
    let n = inputs.batch.ids.len();
    let logits = matrix(logits.to_vec(), n, logits.len() / n, inputs.device()).autodiff();
    inputs.loss(&logits, hard, Some(soft), Vec::new()).soft.map(|soft| now(soft.inner())[0])
}

/// The loss and its gradient by burn's gradients.
fn long_loss(
    inputs: &Inputs,
    hard: HardMix,
    soft: Option<(Vec<Vec<f32>>, SoftMix)>,
    logits: &[f32],
    gradient: &mut [f32],
) -> PerTerm<f32> {
    let n = inputs.batch.ids.len();
    let logits = matrix(logits.to_vec(), n, logits.len() / n, inputs.device()).autodiff().require_grad();
    let terms = inputs.loss(&logits, hard, soft, Vec::new());
    let mut gradients = terms.total.backward();
    let values = logits.grad_remove(&mut gradients).map(now);
    gradient.copy_from_slice(&values.expect("every loss depends on the logits"));
    let soft = terms.soft.map_or(0.0, |soft| now(soft.inner())[0]);
    let (hard, total) = (now(terms.hard.inner())[0], now(terms.total.inner())[0]);
    PerTerm { hard, soft, total, ..PerTerm::default() }
}

/// The values of a tensor that lies in the host's memory.
fn now<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("tensors of the CPU engine hold f32")
}
