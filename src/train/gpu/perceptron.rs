//! One multi-layer perceptron in training on a GPU. Weights, moments and losses stay there; a step is one submission.

use std::sync::Arc;
use std::sync::Mutex;

use burn::tensor::wgpu::wgpu::{BindGroup, Buffer};

use super::Gpu;
use super::device::Dispatch;
use super::digits::{Brought, Gather};
use crate::data::PIXELS;
use crate::distill::{HardMix, SoftMix};
use crate::error::Result;
use crate::nets::{Dropout, Perceptron};
use crate::train::learner::{LearnerState, Moments};
use crate::train::{Adam, Inputs, Optimiser, Sgd, Update, optimiser::EPSILON};

/// Digits that are asked together without training.
const ASKED: usize = 512;
/// Rows and columns of a product that one workgroup works out.
const TILE: usize = 32;
/// Sums of hard, soft and total loss, and how often each was finite.
const LOSSES: usize = 6;
/// Words of the two structures of `common.wgsl`.
const STEP_WORDS: usize = 20;
const LAYER_WORDS: usize = 8;

/// What kernels are told of a step: `Step` of `common.wgsl`, word for word.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, bytemuck::NoUninit)]
struct Step {
    digits: u32,
    classes: u32,
    is_adam: u32,
    has_soft: u32,
    has_mask: u32,
    rate: f32,
    decay: f32,
    beta_1: f32,
    beta_2: f32,
    rest_1: f32,
    rest_2: f32,
    scale_2: f32,
    epsilon: f32,
    hard_weight: f32,
    smoothing: f32,
    labelled: f32,
    soft_factor: f32,
    temperature: f32,
    max_norm: f32,
    kept: f32,
}

/// What kernels are told of a layer: `Layer` of `common.wgsl`, word for word.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, bytemuck::NoUninit)]
struct LayerInfo {
    inputs: u32,
    outputs: u32,
    start: u32,
    mask_start: u32,
    is_hidden: u32,
    rate: f32,
    padding: [u32; 2],
}

/// The digits of one step, and what is said of them.
pub(in crate::train) struct GpuBatch<'a> {
    pub inputs: &'a Inputs,
    /// Labels as one-hot rows.
    pub one_hot: &'a [f32],
    pub hard: HardMix,
    pub soft: Option<(&'a [f32], SoftMix)>,
}

/// The network with its weights on the GPU.
pub(in crate::train) struct GpuPerceptron {
    gpu: Arc<Gpu>,
    spec: Perceptron,
    parameters: usize,
    steps: u32,
    step: Buffer,
    infos: Vec<LayerInfo>,
    layers: Vec<Buffer>,
    weights: Buffer,
    first: Buffer,
    second: Buffer,
    losses: Buffer,
    room: Mutex<Option<Room>>,
}

/// Buffers for so many digits, and the kernels' places with these in them.
struct Room {
    digits: usize,
    /// The shared buffer of digits it was made with.
    inputs: Buffer,
    mask: Buffer,
    targets: Buffer,
    outputs: Vec<Buffer>,
    forward: Vec<BindGroup>,
    backward: Vec<Option<BindGroup>>,
    learn: Vec<BindGroup>,
    limit: Vec<BindGroup>,
    loss: BindGroup,
}

impl GpuPerceptron {
    /// A network before its first step; `weights` lie as in its layout.
    pub(in crate::train) fn new(gpu: Arc<Gpu>, spec: Perceptron, weights: &[f32]) -> Self {
        let (mut start, mut mask_start) = (0, 0);
        let last = spec.widths.len() - 2;
        let infos: Vec<LayerInfo> = spec
            .widths
            .windows(2)
            .enumerate()
            .map(|(index, pair)| {
                let info = LayerInfo {
                    inputs: pair[0] as u32,
                    outputs: pair[1] as u32,
                    start,
                    mask_start,
                    is_hidden: u32::from(index < last),
                    rate: 1.0,
                    padding: [0; 2],
                };
                start += (info.inputs + 1) * info.outputs;
                mask_start += info.outputs;
                info
            })
            .collect();
        let parameters = weights.len();
        let own = Self {
            step: gpu.device.uniform(STEP_WORDS),
            layers: infos.iter().map(|_| gpu.device.uniform(LAYER_WORDS)).collect(),
            weights: gpu.device.storage(parameters),
            first: gpu.device.storage(parameters),
            second: gpu.device.storage(parameters),
            losses: gpu.device.storage(LOSSES),
            room: Mutex::new(None),
            steps: 0,
            infos,
            parameters,
            spec,
            gpu,
        };
        own.gpu.device.write(&own.weights, weights);
        own.write_layers();
        own
    }

    fn write_layers(&self) {
        for (buffer, info) in self.layers.iter().zip(&self.infos) {
            self.gpu.device.write(buffer, std::slice::from_ref(info));
        }
    }

    /// Layers learn the slower the farther they lie from the output.
    pub(in crate::train) fn decay_rates(&mut self, decay: f64) {
        for (above, info) in self.infos.iter_mut().rev().enumerate() {
            info.rate = decay.powi(above as i32) as f32;
        }
        self.write_layers();
    }

    /// One step: its loss joins the sums.
    pub(in crate::train) fn step(
        &mut self,
        batch: GpuBatch,
        mut dropout: Dropout,
        optimiser: Optimiser,
        update: Update,
    ) {
        let pixels = &batch.inputs.batch.pixels;
        let digits = pixels.len() / PIXELS;
        // Pixels that are dropped make the batch this learner's own.
        let brought = match dropout.mask(pixels.len(), self.spec.input_dropout) {
            Some(mask) => {
                let dropped: Vec<f32> = pixels.iter().zip(mask).map(|(pixel, kept)| pixel * kept).collect();
                let digits = self.gpu.digits().upload(&self.gpu.device, &dropped);
                Brought { digits, gather: None }
            }
            None => self.gpu.digits().bring(&self.gpu.device, batch.inputs),
        };
        self.steps += 1;
        let room = self.room_for(digits, brought.digits);
        let room = room.as_ref().expect("it was just made");
        let hidden = &self.spec.widths[1..self.spec.widths.len() - 1];
        let masks: Vec<f32> = hidden
            .iter()
            .filter_map(|width| dropout.mask(digits * width, self.spec.dropout))
            .flatten()
            .collect();
        let has_mask = !masks.is_empty();
        if has_mask {
            self.gpu.device.write(&room.mask, &masks);
        }
        let mut targets = batch.one_hot.to_vec();
        targets.extend(batch.soft.map_or(batch.one_hot, |(targets, _)| targets));
        self.gpu.device.write(&room.targets, &targets);
        let mix = batch.soft.map(|(_, mix)| mix);
        let kept = if has_mask { 1.0 / (1.0 - self.spec.dropout as f32) } else { 1.0 };
        let step = Step {
            digits: digits as u32,
            classes: (batch.one_hot.len() / digits) as u32,
            has_soft: u32::from(mix.is_some()),
            has_mask: u32::from(has_mask),
            hard_weight: batch.hard.weight as f32,
            smoothing: batch.hard.label_smoothing as f32,
            labelled: batch.one_hot.iter().sum::<f32>().max(1.0),
            soft_factor: mix.map_or(0.0, |mix| mix.factor() as f32),
            temperature: mix.map_or(1.0, |mix| mix.temperature as f32),
            max_norm: update.max_norm.unwrap_or(0.0) as f32,
            kept,
            ..optimiser_step(&optimiser, &update, self.steps)
        };
        self.gpu.device.write(&self.step, &[step]);
        let mut dispatches: Vec<Dispatch> = brought.gather.iter().map(Gather::dispatch).collect();
        dispatches.extend(self.dispatches(room, digits, update.max_norm.is_some()));
        self.gpu.device.run(&dispatches, |_| ());
    }

    /// The kernels of one step, in their order.
    fn dispatches<'a>(&'a self, room: &'a Room, digits: usize, is_limited: bool) -> Vec<Dispatch<'a>> {
        let mut dispatches = self.forward(room, digits, self.infos.len());
        dispatches.push((&self.gpu.loss, &room.loss, [1, 1]));
        for (index, info) in self.infos.iter().enumerate().rev() {
            let (inputs, outputs) = (info.inputs as usize, info.outputs as usize);
            if let Some(backward) = &room.backward[index] {
                dispatches.push((&self.gpu.backward, backward, tiles(digits, inputs)));
            }
            dispatches.push((&self.gpu.learn, &room.learn[index], tiles(inputs + 1, outputs)));
            if is_limited {
                dispatches.push((&self.gpu.limit, &room.limit[index], [outputs.div_ceil(64) as u32, 1]));
            }
        }
        dispatches
    }

    fn forward<'a>(&'a self, room: &'a Room, digits: usize, layers: usize) -> Vec<Dispatch<'a>> {
        let layers = self.infos.iter().zip(&room.forward).take(layers);
        layers.map(|(info, group)| (&self.gpu.forward, group, tiles(digits, info.outputs as usize))).collect()
    }

    /// Buffers for this many digits, made anew when they are too small or the shared digits have moved.
    fn room_for(&self, digits: usize, inputs: Buffer) -> std::sync::MutexGuard<'_, Option<Room>> {
        let mut room = self.room.lock().expect("nothing panics while it holds the lock");
        if room.as_ref().is_none_or(|room| room.digits < digits || room.inputs != inputs) {
            let digits = digits.max(room.as_ref().map_or(0, |room| room.digits));
            *room = Some(self.make_room(digits, inputs));
        }
        room
    }

    fn make_room(&self, digits: usize, inputs: Buffer) -> Room {
        let gpu = &self.gpu;
        let widths = &self.spec.widths[1..];
        let hidden: usize = widths[..widths.len() - 1].iter().sum();
        let mask = gpu.device.storage(if self.spec.dropout > 0.0 { digits * hidden } else { 0 });
        let targets = gpu.device.storage(2 * digits * widths[widths.len() - 1]);
        let outputs: Vec<Buffer> = widths.iter().map(|width| gpu.device.storage(digits * width)).collect();
        let after: Vec<Buffer> = widths.iter().map(|width| gpu.device.storage(digits * width)).collect();
        let (step, weights) = (&self.step, &self.weights);
        let below = |index: usize| if index == 0 { &inputs } else { &outputs[index - 1] };
        let (mut forward, mut backward, mut learn, mut limit) = (vec![], vec![], vec![], vec![]);
        for (index, layer) in self.layers.iter().enumerate() {
            let buffers = [step, layer, weights, below(index), &mask, &outputs[index]];
            forward.push(gpu.device.bind(&gpu.forward, &buffers));
            backward.push((index > 0).then(|| {
                let buffers = [step, layer, weights, &after[index], below(index), &after[index - 1]];
                gpu.device.bind(&gpu.backward, &buffers)
            }));
            let buffers = [step, layer, weights, below(index), &after[index], &self.first, &self.second];
            learn.push(gpu.device.bind(&gpu.learn, &buffers));
            limit.push(gpu.device.bind(&gpu.limit, &[step, layer, weights]));
        }
        let last = widths.len() - 1;
        let buffers = [step, &outputs[last], &targets, &after[last], &self.losses];
        let loss = gpu.device.bind(&gpu.loss, &buffers);
        Room { digits, mask, targets, forward, backward, learn, limit, loss, outputs, inputs }
    }

    /// Outputs of layer `index` for `n × 784` pixels, without dropout.
    ///
    /// # Errors
    /// [`crate::error::Error::Engine`] when the device is lost.
    pub(in crate::train) async fn outputs(&self, pixels: &[f32], index: usize) -> Result<Vec<f32>> {
        let (all, width) = (pixels.len() / PIXELS, self.spec.widths[index + 1]);
        let staging = self.gpu.device.staging(all * width);
        let mut done = 0;
        for pixels in pixels.chunks(ASKED * PIXELS) {
            let digits = pixels.len() / PIXELS;
            let inputs = self.gpu.digits().upload(&self.gpu.device, pixels);
            let room = self.room_for(digits, inputs);
            let room = room.as_ref().expect("it was just made");
            self.gpu.device.write(&self.step, &[Step { digits: digits as u32, ..Step::default() }]);
            let bytes = |values: usize| 4 * values as u64;
            self.gpu.device.run(&self.forward(room, digits, index + 1), |encoder| {
                let (from, to) = (&room.outputs[index], bytes(done * width));
                encoder.copy_buffer_to_buffer(from, 0, &staging, to, bytes(digits * width));
            });
            done += digits;
        }
        let mut values = self.gpu.device.read(&staging).await?;
        values.truncate(all * width);
        Ok(values)
    }

    /// Logits of `n × 784` pixels.
    ///
    /// # Errors
    /// As [`GpuPerceptron::outputs`].
    pub(in crate::train) async fn logits(&self, pixels: &[f32]) -> Result<Vec<f32>> {
        self.outputs(pixels, self.infos.len() - 1).await
    }

    async fn read(&self, buffers: &[&Buffer], values: usize) -> Result<Vec<f32>> {
        let staging = self.gpu.device.staging(buffers.len() * values);
        self.gpu.device.run(&[], |encoder| {
            for (place, buffer) in buffers.iter().enumerate() {
                let bytes = 4 * values as u64;
                encoder.copy_buffer_to_buffer(buffer, 0, &staging, place as u64 * bytes, bytes);
            }
        });
        self.gpu.device.read(&staging).await
    }

    /// Weights as they lie in the layout.
    ///
    /// # Errors
    /// As [`GpuPerceptron::outputs`].
    pub(in crate::train) async fn weights(&self) -> Result<Vec<f32>> {
        self.read(&[&self.weights], self.parameters).await
    }

    /// Takes other weights.
    pub(in crate::train) fn set_weights(&self, weights: &[f32]) {
        self.gpu.device.write(&self.weights, weights);
    }

    /// Sums of losses, and how often each was finite.
    ///
    /// # Errors
    /// As [`GpuPerceptron::outputs`].
    pub(in crate::train) async fn loss_sums(&self) -> Result<Vec<f32>> {
        self.read(&[&self.losses], LOSSES).await
    }

    /// Starts the sums of losses anew.
    pub(in crate::train) fn clear_losses(&self) {
        self.gpu.device.write(&self.losses, &[0.0_f32; LOSSES]);
    }

    /// What the optimiser remembers.
    ///
    /// # Errors
    /// As [`GpuPerceptron::outputs`].
    pub(in crate::train) async fn moments(&self) -> Result<Moments> {
        let mut first = self.read(&[&self.first, &self.second], self.parameters).await?;
        let second = first.split_off(self.parameters);
        let kept = |values| (self.steps > 0).then_some(values);
        Ok(Moments { steps: self.steps, first: kept(first), second: kept(second) })
    }

    /// Becomes what it was when `state` was taken.
    pub(in crate::train) fn restore(&mut self, state: &LearnerState) {
        let zeros = vec![0.0; self.parameters];
        self.steps = state.optimiser_steps;
        self.gpu.device.write(&self.weights, &state.weights);
        self.gpu.device.write(&self.first, state.first.as_deref().unwrap_or(&zeros));
        self.gpu.device.write(&self.second, state.second.as_deref().unwrap_or(&zeros));
        self.gpu.device.write(&self.losses, &state.loss_sums);
    }
}

/// Workgroups of a product with so many rows and columns.
fn tiles(rows: usize, columns: usize) -> [u32; 2] {
    [columns.div_ceil(TILE) as u32, rows.div_ceil(TILE) as u32]
}

/// The numbers of an optimiser's step.
fn optimiser_step(optimiser: &Optimiser, update: &Update, steps: u32) -> Step {
    let (rate, decay) = (update.learning_rate, update.weight_decay as f32);
    match *optimiser {
        Optimiser::Sgd(Sgd { momentum }) => {
            Step { beta_1: momentum as f32, rate: rate as f32, decay, ..Step::default() }
        }
        Optimiser::Adam(Adam { beta_1, beta_2 }) => {
            let left = |beta: f64| 1.0 - beta.powi(steps as i32);
            Step {
                is_adam: 1,
                rate: (rate / left(beta_1)) as f32,
                decay,
                beta_1: beta_1 as f32,
                beta_2: beta_2 as f32,
                rest_1: (1.0 - beta_1) as f32,
                rest_2: (1.0 - beta_2) as f32,
                scale_2: (1.0 / left(beta_2).sqrt()) as f32,
                epsilon: EPSILON,
                ..Step::default()
            }
        }
    }
}
