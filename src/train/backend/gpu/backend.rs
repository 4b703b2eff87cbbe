//! One multi-layer perceptron in training on a GPU. Weights, moments and losses stay there; a step is one submission.

use std::sync::{Arc, Mutex, MutexGuard};

use burn::tensor::wgpu::wgpu::{BindGroup, Buffer};

use super::Gpu;
use super::device::Dispatch;
use super::digits::{Brought, Gather};
use super::uniforms::{ASKED_WORDS, Asked, LAYER_WORDS, LayerInfo, STEP_WORDS, Step, labels_word};
use crate::data::PIXELS;
use crate::error::Result;
use crate::nets::{Layout, Perceptron};
use crate::train::backend::{Answer, Backend, Shown};
use crate::train::{Inputs, LearnerState, LossSums, PerTerm, StepInputs};

/// Digits whose outputs are worked out together without training.
const INFERRED_AT_ONCE: usize = 512;
/// Rows and columns of a product that one workgroup works out.
const TILE: usize = 32;
/// Values of `sums` in `loss.wgsl`, which are those of [`LossSums::to_device`].
const LOSSES: usize = 6;

/// The network with its weights on the GPU.
pub(in crate::train) struct GpuBackend {
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
    /// How many digits had each term, which the host counts.
    digits_of_terms: PerTerm<f32>,
    workspace: Mutex<Option<Workspace>>,
}

/// Buffers for so many digits, and the kernels' places with these in them.
struct Workspace {
    digits: usize,
    /// The shared buffer of digits it was made with.
    inputs: Buffer,
    mask: Buffer,
    asked: Buffer,
    targets: Buffer,
    outputs: Vec<Buffer>,
    forward: Vec<BindGroup>,
    backward: Vec<Option<BindGroup>>,
    learn: Vec<BindGroup>,
    clip: Vec<BindGroup>,
    loss: BindGroup,
}

impl GpuBackend {
    /// A network before its first step; `weights` lie as in its layout.
    pub(in crate::train) fn new(gpu: Arc<Gpu>, spec: Perceptron, layout: &Layout, weights: &[f32]) -> Self {
        let mut mask_start = 0;
        let last = spec.widths.len() - 2;
        let infos = layout.dense_layers().enumerate().map(|(index, layer)| {
            let info = LayerInfo {
                inputs: layer.from as u32,
                outputs: layer.to as u32,
                start: layer.range.start as u32,
                mask_start,
                is_hidden: u32::from(index < last),
                rate: 1.0,
                padding: [0; 2],
            };
            mask_start += info.outputs;
            info
        });
        let infos: Vec<LayerInfo> = infos.collect();
        let parameters = weights.len();
        let own = Self {
            step: gpu.device.uniform(STEP_WORDS),
            layers: infos.iter().map(|_| gpu.device.uniform(LAYER_WORDS)).collect(),
            weights: gpu.device.storage(parameters),
            first: gpu.device.storage(parameters),
            second: gpu.device.storage(parameters),
            losses: gpu.device.storage(LOSSES),
            digits_of_terms: PerTerm::default(),
            workspace: Mutex::new(None),
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

    /// The kernels of one step, in their order.
    fn dispatches<'a>(
        &'a self,
        workspace: &'a Workspace,
        digits: usize,
        is_clipped: bool,
    ) -> Vec<Dispatch<'a>> {
        let mut dispatches = self.forward(workspace, digits, self.infos.len());
        dispatches.push((&self.gpu.loss, &workspace.loss, [1, 1]));
        for (index, info) in self.infos.iter().enumerate().rev() {
            let (inputs, outputs) = (info.inputs as usize, info.outputs as usize);
            if let Some(backward) = &workspace.backward[index] {
                dispatches.push((&self.gpu.backward, backward, tiles(digits, inputs)));
            }
            dispatches.push((&self.gpu.learn, &workspace.learn[index], tiles(inputs + 1, outputs)));
            if is_clipped {
                dispatches.push((&self.gpu.clip, &workspace.clip[index], [outputs.div_ceil(64) as u32, 1]));
            }
        }
        dispatches
    }

    fn forward<'a>(&'a self, workspace: &'a Workspace, digits: usize, layers: usize) -> Vec<Dispatch<'a>> {
        let layers = self.infos.iter().zip(&workspace.forward).take(layers);
        layers.map(|(info, group)| (&self.gpu.forward, group, tiles(digits, info.outputs as usize))).collect()
    }

    /// Buffers for this many digits, made anew when they are too small or the shared digits have moved.
    fn workspace_for(&self, digits: usize, inputs: Buffer) -> MutexGuard<'_, Option<Workspace>> {
        let mut workspace = self.workspace.lock().expect("nothing panics while it holds the lock");
        if workspace.as_ref().is_none_or(|workspace| workspace.digits < digits || workspace.inputs != inputs)
        {
            let digits = digits.max(workspace.as_ref().map_or(0, |workspace| workspace.digits));
            *workspace = Some(self.new_workspace(digits, inputs));
        }
        workspace
    }

    fn new_workspace(&self, digits: usize, inputs: Buffer) -> Workspace {
        let gpu = &self.gpu;
        let widths = &self.spec.widths[1..];
        let hidden: usize = widths[..widths.len() - 1].iter().sum();
        let mask = gpu.device.storage(if self.spec.dropout > 0.0 { digits * hidden } else { 0 });
        let asked = gpu.device.storage(digits * ASKED_WORDS);
        let targets = gpu.device.storage(digits * widths[widths.len() - 1]);
        let outputs: Vec<Buffer> = widths.iter().map(|width| gpu.device.storage(digits * width)).collect();
        let grads: Vec<Buffer> = widths.iter().map(|width| gpu.device.storage(digits * width)).collect();
        let (step, weights) = (&self.step, &self.weights);
        let inputs_of = |index: usize| if index == 0 { &inputs } else { &outputs[index - 1] };
        let (mut forward, mut backward, mut learn, mut clip) = (vec![], vec![], vec![], vec![]);
        for (index, layer) in self.layers.iter().enumerate() {
            let buffers = [step, layer, weights, inputs_of(index), &mask, &outputs[index]];
            forward.push(gpu.device.bind(&gpu.forward, &buffers));
            backward.push((index > 0).then(|| {
                let buffers = [step, layer, weights, &grads[index], inputs_of(index), &grads[index - 1]];
                gpu.device.bind(&gpu.backward, &buffers)
            }));
            let buffers = [step, layer, weights, inputs_of(index), &grads[index], &self.first, &self.second];
            learn.push(gpu.device.bind(&gpu.learn, &buffers));
            clip.push(gpu.device.bind(&gpu.clip, &[step, layer, weights]));
        }
        let last = widths.len() - 1;
        let buffers = [step, &outputs[last], &asked, &targets, &grads[last], &self.losses];
        let loss = gpu.device.bind(&gpu.loss, &buffers);
        Workspace { digits, mask, asked, targets, forward, backward, learn, clip, loss, outputs, inputs }
    }

    /// Outputs of the layers of these numbers for `n × 784` pixels, without dropout.
    async fn outputs(&self, pixels: Vec<f32>, places: Vec<usize>) -> Result<Vec<Vec<f32>>> {
        let all = pixels.len() / PIXELS;
        let values: Vec<usize> = places.iter().map(|place| all * self.spec.widths[place + 1]).collect();
        let staging = self.gpu.device.staging(values.iter().sum());
        let behind = places.iter().max().map_or(0, |place| place + 1);
        let mut done = 0;
        for pixels in pixels.chunks(INFERRED_AT_ONCE * PIXELS) {
            let digits = pixels.len() / PIXELS;
            let inputs = self.gpu.digits().upload(&self.gpu.device, pixels);
            let workspace = self.workspace_for(digits, inputs);
            let workspace = workspace.as_ref().expect("it was just made");
            self.gpu.device.write(&self.step, &[Step { digits: digits as u32, ..Step::default() }]);
            let bytes = |values: usize| 4 * values as u64;
            self.gpu.device.run(&self.forward(workspace, digits, behind), |encoder| {
                let mut first = 0;
                for (place, values) in places.iter().zip(&values) {
                    let width = values / all;
                    let (from, to) = (&workspace.outputs[*place], bytes(first + done * width));
                    encoder.copy_buffer_to_buffer(from, 0, &staging, to, bytes(digits * width));
                    first += values;
                }
            });
            done += digits;
        }
        let mut read = self.gpu.device.read(&staging).await?;
        let split = values.into_iter().map(|values| {
            let behind = read.split_off(values);
            std::mem::replace(&mut read, behind)
        });
        Ok(split.collect())
    }

    /// Reads buffers, each from its beginning, one behind the other: with each how many of its values.
    async fn read(&self, buffers: &[(&Buffer, usize)]) -> Result<Vec<f32>> {
        let staging = self.gpu.device.staging(buffers.iter().map(|(_, values)| values).sum());
        self.gpu.device.run(&[], |encoder| {
            let mut place = 0;
            for (buffer, values) in buffers {
                let bytes = 4 * *values as u64;
                encoder.copy_buffer_to_buffer(buffer, 0, &staging, place, bytes);
                place += bytes;
            }
        });
        self.gpu.device.read(&staging).await
    }
}

impl Backend for GpuBackend {
    fn decay_rates(&mut self, decay: f64) {
        for (above, info) in self.infos.iter_mut().rev().enumerate() {
            info.rate = decay.powi(above as i32) as f32;
        }
        self.write_layers();
    }

    fn step(&mut self, inputs: &Inputs, step_inputs: StepInputs, digits_of_terms: &PerTerm<f32>) {
        let StepInputs { hard, soft, imitated: _, optimiser, update, mut dropout, progress: _ } = step_inputs;
        let pixels = &inputs.batch.pixels;
        let digits = pixels.len() / PIXELS;
        // Pixels that are dropped make the batch this learner's own.
        let brought = match dropout.mask(pixels.len(), self.spec.input_dropout) {
            Some(mask) => {
                let dropped: Vec<f32> = pixels.iter().zip(mask).map(|(pixel, mask)| pixel * mask).collect();
                let digits = self.gpu.digits().upload(&self.gpu.device, &dropped);
                Brought { digits, gather: None }
            }
            None => self.gpu.digits().bring(&self.gpu.device, inputs),
        };
        self.digits_of_terms.iter_mut().zip(digits_of_terms.iter()).for_each(|(sum, digits)| *sum += digits);
        self.steps += 1;
        let workspace = self.workspace_for(digits, brought.digits);
        let workspace = workspace.as_ref().expect("it was just made");
        let hidden = &self.spec.widths[1..self.spec.widths.len() - 1];
        let masks: Vec<f32> = hidden
            .iter()
            .filter_map(|width| dropout.mask(digits * width, self.spec.dropout))
            .flatten()
            .collect();
        let has_mask = !masks.is_empty();
        if has_mask {
            self.gpu.device.write(&workspace.mask, &masks);
        }
        self.gpu.device.write(&workspace.asked, &asked(inputs));
        let outputs = self.spec.widths[self.spec.widths.len() - 1];
        let keep_scale = if has_mask { 1.0 / (1.0 - self.spec.dropout as f32) } else { 1.0 };
        let mut step = Step {
            digits: digits as u32,
            outputs: outputs as u32,
            has_mask: u32::from(has_mask),
            hard_weight: hard.weight as f32,
            smoothing: hard.label_smoothing as f32,
            labelled: digits_of_terms.hard.max(1.0),
            own_share: inputs.batch.mix.as_ref().map_or(1.0, |mix| mix.share),
            max_norm: update.max_norm.unwrap_or(0.0) as f32,
            keep_scale,
            ..Step::updating(optimiser.for_kernels(&update, self.steps))
        };
        if let Some((targets, mix)) = soft {
            self.gpu.device.write(&workspace.targets, &beside_logits(inputs, &targets, outputs));
            step = step.comparing(mix);
        }
        self.gpu.device.write(&self.step, &[step]);
        let mut dispatches: Vec<Dispatch> = brought.gather.iter().map(Gather::dispatch).collect();
        dispatches.extend(self.dispatches(workspace, digits, update.max_norm.is_some()));
        self.gpu.device.run(&dispatches, |_| ());
    }

    fn show(&self, pixels: Vec<f32>, asked: Vec<Shown>) -> Answer<'_, Vec<Vec<f32>>> {
        let last = self.infos.len() - 1;
        let place = |asked| match asked {
            Shown::Logits => last,
            Shown::Layer(place) => place,
        };
        let places = asked.into_iter().map(place).collect();
        Box::pin(self.outputs(pixels, places))
    }

    fn weights(&self) -> Answer<'_, Vec<f32>> {
        Box::pin(async { self.read(&[(&self.weights, self.parameters)]).await })
    }

    fn set_weights(&mut self, weights: Vec<f32>) {
        self.gpu.device.write(&self.weights, &weights);
    }

    fn loss_sums(&self) -> Answer<'_, LossSums> {
        Box::pin(async {
            let values = self.read(&[(&self.losses, LOSSES)]).await?;
            Ok(LossSums::from_device(&values, &self.digits_of_terms))
        })
    }

    fn clear_losses(&mut self) {
        self.digits_of_terms = PerTerm::default();
        self.gpu.device.write(&self.losses, &[0.0_f32; LOSSES]);
    }

    fn state(&self) -> Answer<'_, LearnerState> {
        Box::pin(async {
            let all = [&self.weights, &self.first, &self.second].map(|buffer| (buffer, self.parameters));
            let mut weights = self.read(&[all[0], all[1], all[2], (&self.losses, LOSSES)]).await?;
            let losses = weights.split_off(3 * self.parameters);
            let loss_sums = LossSums::from_device(&losses, &self.digits_of_terms);
            let second = weights.split_off(2 * self.parameters);
            let first = weights.split_off(self.parameters);
            let told = |values| (self.steps > 0).then_some(values);
            let (first, second) = (told(first), told(second));
            Ok(LearnerState { weights, optimiser_steps: self.steps, first, second, loss_sums })
        })
    }

    fn restore(&mut self, state: LearnerState) {
        let zeros = vec![0.0; self.parameters];
        self.steps = state.optimiser_steps;
        self.gpu.device.write(&self.weights, &state.weights);
        self.gpu.device.write(&self.first, state.first.as_deref().unwrap_or(&zeros));
        self.gpu.device.write(&self.second, state.second.as_deref().unwrap_or(&zeros));
        self.gpu.device.write(&self.losses, &state.loss_sums.to_device());
        self.digits_of_terms = state.loss_sums.map(|term| term.digits);
    }
}

/// What each digit of a batch is asked, in the order of its rows.
fn asked(inputs: &Inputs) -> Vec<Asked> {
    let digits = inputs.batch.ids.len();
    let mut asked = vec![Asked::default(); digits];
    for task in &inputs.tasks {
        let share = task.rows.len() as f32 / digits as f32;
        let weight = share / (task.labels.iter().flatten().count() as f32).max(1.0);
        let (first, classes) = (task.head.outputs.start as u32, task.head.outputs.len() as u32);
        for (&row, labels) in task.rows.iter().zip(&task.labels) {
            asked[row] = Asked { first, classes, labels: labels_word(*labels), weight };
        }
    }
    asked
}

/// The soft targets of each task that is asked in a batch, `digits × classes`, where its logits lie among those of all
/// tasks, `n × outputs`.
fn beside_logits(inputs: &Inputs, targets: &[Vec<f32>], outputs: usize) -> Vec<f32> {
    let mut values = vec![0.0; inputs.batch.ids.len() * outputs];
    for (task, targets) in inputs.tasks.iter().zip(targets) {
        let own = &task.head.outputs;
        for (&row, target) in task.rows.iter().zip(targets.chunks_exact(own.len())) {
            values[row * outputs..][own.clone()].copy_from_slice(target);
        }
    }
    values
}

/// Workgroups of a product with so many rows and columns.
fn tiles(rows: usize, columns: usize) -> [u32; 2] {
    [columns.div_ceil(TILE) as u32, rows.div_ceil(TILE) as u32]
}
