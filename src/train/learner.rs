//! A learner: one network, its weights and its optimiser, and the training step.

use burn::tensor::{Device, Tensor, TensorData, Transaction};

#[cfg(feature = "webgpu")]
use super::gpu::{GpuBatch, GpuPerceptron};
use super::inputs::{Inputs, matrix};
use super::perceptron::HostPerceptron;
use super::{Engine, EngineKind, Optimiser, OptimiserState, Update};
use crate::data::PIXELS;
use crate::distill::{
    Compared, HardMix, LossTensors, Plan, SoftMix, TaskRows, TaskTensors, closed_form, has_closed_form, loss,
};
use crate::error::{Error, Result};
use crate::nets::{Dropout, Layer, LayerKind, Layout, Net, Parameter, Pass, Weights};
use crate::random::Stream;

/// What one step is told beside the batch.
pub struct Lesson {
    pub hard: HardMix,
    /// For each task asked in the batch its soft targets `digits × classes`, and how they count; none for labels alone.
    pub soft: Option<(Vec<Vec<f32>>, SoftMix)>,
    /// For each of the learner's imitations: its weight, and the teacher's layer `n × width` for each of its pairs.
    pub imitated: Vec<(f64, Vec<Vec<f32>>)>,
    pub optimiser: Optimiser,
    pub update: Update,
    /// The masks of this step.
    pub dropout: Dropout,
}

/// One network in training, or trained.
pub struct Learner {
    net: Net,
    /// The network's parameters, and after them the projections of what it imitates.
    layout: Layout,
    net_parameters: usize,
    plans: Vec<Plan>,
    /// Learning rate of each weight against the output layer's; none when they are equal.
    rates: Option<Tensor<1>>,
    device: Device,
    /// Whether tensors lie in the host's memory, so that looking at one costs nothing.
    is_on_host: bool,
    /// The network where kernels of our own train it; the tensors below are empty then.
    host: Option<HostPerceptron>,
    #[cfg(feature = "webgpu")]
    gpu: Option<GpuPerceptron>,
    weights: Tensor<1>,
    optimiser: OptimiserState,
    /// Sums of hard, soft and total loss and of each imitation, and how often each was finite, over the steps since [`Learner::clear_losses`]; stays on the engine
    /// until someone wants to see it.
    loss_sums: Tensor<1>,
}

/// Hard, soft and total: the terms that every loss has.
const TERMS: usize = 3;

/// Sums over steps of hard, soft and total loss, then of each imitation.
#[derive(Debug, Clone, PartialEq)]
pub struct LossSums {
    pub sums: Vec<f32>,
    /// In how many of the steps each was a finite number.
    pub finite_steps: Vec<f32>,
}

/// What an optimiser remembers, on the host.
pub(super) struct Moments {
    pub steps: u32,
    pub first: Option<Vec<f32>>,
    pub second: Option<Vec<f32>>,
}

/// Everything a learner is, on the host.
#[derive(Debug, Clone, PartialEq)]
pub struct LearnerState {
    pub weights: Vec<f32>,
    pub optimiser_steps: u32,
    pub first: Option<Vec<f32>>,
    pub second: Option<Vec<f32>>,
    pub loss_sums: Vec<f32>,
}

impl Learner {
    /// A network with the given weights (flat, in the order of its layout).
    pub fn new(net: Net, weights: Vec<f32>, engine: &Engine) -> Self {
        let layout = net.layout();
        let perceptron = net.network().perceptron().filter(|_| engine.has_kernels);
        #[cfg(feature = "webgpu")]
        let gpu = engine.gpu.clone().zip(perceptron.clone());
        #[cfg(feature = "webgpu")]
        let gpu = gpu.map(|(gpu, perceptron)| GpuPerceptron::new(gpu, perceptron, &weights));
        let on_host = perceptron.filter(|_| engine.kind == EngineKind::Cpu);
        let host = on_host.map(|perceptron| HostPerceptron::new(perceptron, engine.level, &weights));
        let is_held = host.is_some();
        #[cfg(feature = "webgpu")]
        let is_held = is_held || gpu.is_some();
        let weights = if is_held { Vec::new() } else { weights };
        Self {
            host,
            #[cfg(feature = "webgpu")]
            gpu,
            net_parameters: layout.len(),
            layout,
            net,
            plans: Vec::new(),
            rates: None,
            weights: vector(weights, &engine.device),
            optimiser: OptimiserState::default(),
            loss_sums: no_losses(0, &engine.device),
            device: engine.device.clone(),
            is_on_host: engine.kind == EngineKind::Cpu,
        }
    }

    /// The same learner before its first step, which will imitate; first projections are drawn from the stream. What is
    /// imitated are layers, which burn's gradients reach: on a GPU the engine must be [`Engine::fitting`].
    pub fn imitating(self, plans: Vec<Plan>, stream: &mut Stream, engine: &Engine) -> Self {
        if plans.is_empty() {
            return self;
        }
        let projections: Vec<Parameter> =
            plans.iter().enumerate().flat_map(|(index, plan)| plan.parameters(index)).collect();
        let first = Layout::new(projections.clone()).first_weights(stream);
        let weights = match &self.host {
            Some(host) => vector(host.weights(), &engine.device),
            None => self.weights,
        };
        let weights = match first.is_empty() {
            true => weights,
            false => Tensor::cat(vec![weights, vector(first, &engine.device)], 0),
        };
        let parameters = self.net.network().parameters().into_iter().chain(projections).collect();
        let loss_sums = no_losses(plans.len(), &engine.device);
        Self { layout: Layout::new(parameters), plans, weights, loss_sums, host: None, ..self }
    }

    /// The same learner, whose layers learn the slower the farther they lie from the output: `decay` to the power of the
    /// layers between (Howard and Ruder 2018, section 3.2; BERT students after Clark et al. 2019).
    pub fn with_layer_decay(mut self, decay: f64) -> Self {
        #[cfg(feature = "webgpu")]
        if let Some(gpu) = &mut self.gpu {
            gpu.decay_rates(decay);
            return self;
        }
        if let Some(host) = &mut self.host {
            host.decay_rates(decay);
        } else if decay != 1.0 {
            let depth = |name: &str| {
                name.strip_prefix("layers.").and_then(|rest| rest.split('.').next()?.parse::<u32>().ok())
            };
            let deepest = self.layout.iter().filter_map(|(p, _)| depth(&p.name)).max().unwrap_or(0);
            let rates = self.layout.iter().flat_map(|(parameter, range)| {
                let above = deepest - depth(&parameter.name).unwrap_or(deepest);
                std::iter::repeat_n(decay.powi(above as i32) as f32, range.len())
            });
            self.rates = Some(vector(rates.collect(), &self.device));
        }
        self
    }

    /// Becomes what it was when `state` was taken.
    pub fn restore(&mut self, state: LearnerState) {
        #[cfg(feature = "webgpu")]
        if let Some(gpu) = &mut self.gpu {
            return gpu.restore(&state);
        }
        let device = &self.device;
        if let Some(host) = &mut self.host {
            host.restore(&state);
            self.loss_sums = vector(state.loss_sums, device);
            return;
        }
        self.optimiser = OptimiserState {
            steps: state.optimiser_steps,
            first: state.first.map(|values| vector(values, device)),
            second: state.second.map(|values| vector(values, device)),
        };
        (self.weights, self.loss_sums) = (vector(state.weights, device), vector(state.loss_sums, device));
    }

    /// Gives the network other weights; for a learner before its first step.
    pub fn set_weights(&mut self, weights: Vec<f32>) {
        #[cfg(feature = "webgpu")]
        if let Some(gpu) = &self.gpu {
            return gpu.set_weights(&weights);
        }
        if let Some(host) = &mut self.host {
            return host.set_weights(&weights);
        }
        let weights = vector(weights, &self.device);
        self.weights = match self.layout.len() > self.net_parameters {
            true => {
                let behind = self.net_parameters..self.layout.len();
                let projections = self.weights.clone().slice([behind]);
                Tensor::cat(vec![weights, projections], 0)
            }
            false => weights,
        };
    }

    /// The network.
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// Number of the network's weights.
    pub fn parameters(&self) -> usize {
        self.net_parameters
    }

    /// Lengths that a [`LearnerState`] of this learner has: of its weights and of its loss sums.
    pub fn state_lengths(&self) -> (usize, usize) {
        (self.layout.len(), 2 * (TERMS + self.plans.len()))
    }

    /// One training step on a batch; its loss joins the sums.
    pub fn step(&mut self, inputs: &Inputs, lesson: Lesson) {
        #[cfg(feature = "webgpu")]
        if let Some(gpu) = &mut self.gpu {
            return step_on_gpu(gpu, inputs, lesson);
        }
        match self.host.take() {
            Some(mut host) => {
                self.step_on_host(&mut host, inputs, lesson);
                self.host = Some(host);
            }
            None => self.step_on_engine(inputs, lesson),
        }
    }

    /// The step by kernels of our own, and by burn what is left: the loss, where it has no short formula.
    fn step_on_host(&mut self, host: &mut HostPerceptron, inputs: &Inputs, lesson: Lesson) {
        let Lesson { hard, soft, imitated: _, optimiser, update, dropout } = lesson;
        let n = inputs.batch.ids.len();
        let mut sums = Vec::new();
        host.step(&inputs.batch.pixels, dropout, optimiser, update, |logits, gradient| {
            let mix = soft.as_ref().map(|(_, mix)| *mix);
            if let [asked] = &inputs.asked[..]
                && has_closed_form(mix)
            {
                let soft = soft.as_ref().map(|(targets, mix)| (&targets[0][..], *mix));
                let classes = asked.head.outputs.len();
                let rows = TaskRows { classes, logits, one_hot: &asked.one_hot, soft };
                let terms = closed_form(rows, hard, gradient);
                sums.extend([terms.hard, terms.soft.unwrap_or(0.0), terms.total]);
                return;
            }
            let outputs = logits.len() / n;
            let logits = matrix(logits.to_vec(), n, outputs, &self.device).autodiff().require_grad();
            let terms = self.loss(&logits, inputs, hard, soft, Vec::new());
            let mut gradients = terms.total.backward();
            let values = logits.grad_remove(&mut gradients).map(now);
            gradient.copy_from_slice(&values.expect("every loss depends on the logits"));
            let soft = terms.soft.map_or(0.0, |soft| now(soft.inner())[0]);
            sums.extend([now(terms.hard.inner())[0], soft, now(terms.total.inner())[0]]);
        });
        let is_finite: Vec<f32> = sums.iter().map(|loss| f32::from(u8::from(loss.is_finite()))).collect();
        sums.extend(is_finite);
        self.loss_sums = self.loss_sums.clone() + vector(sums, &self.device);
    }

    /// The loss of a batch's logits.
    fn loss(
        &self,
        logits: &Tensor<2>,
        inputs: &Inputs,
        hard: HardMix,
        soft: Option<(Vec<Vec<f32>>, SoftMix)>,
        imitated: Vec<(Tensor<1>, f64)>,
    ) -> LossTensors {
        let [n, _] = logits.dims();
        let (mut targets, mix) = match soft {
            Some((targets, mix)) => (targets.into_iter(), Some(mix)),
            None => (Vec::new().into_iter(), None),
        };
        let tasks = inputs.asked.iter().map(|asked| {
            let (rows, one_hot) = asked.on_engine(n, &self.device);
            let (digits, classes) = (asked.rows.len(), asked.head.outputs.len());
            let targets =
                targets.next().map(|values| matrix(values, digits, classes, &self.device).autodiff());
            TaskTensors {
                logits: asked.part(logits, rows.as_ref()),
                one_hot: one_hot.clone().autodiff(),
                targets,
                share: digits as f64 / n as f64,
            }
        });
        loss(tasks.collect(), hard, mix, imitated)
    }

    fn step_on_engine(&mut self, inputs: &Inputs, lesson: Lesson) {
        let weights = self.layout.split(&self.weights).tracked();
        let digits = inputs.digits().autodiff();
        let [n, _] = digits.dims();
        let wanted = self.plans.iter().flat_map(|plan| &plan.pairs).map(|pair| pair.student.name.clone());
        let mut pass = Pass::training(lesson.dropout).showing(wanted);
        let logits = self.net.network().forward(&weights, digits, &mut pass);
        let imitated = self.imitated(&weights, &pass, n, lesson.imitated);
        let terms = self.loss(&logits, inputs, lesson.hard, lesson.soft, imitated);

        let mut gradients = terms.total.backward();
        let parts = weights
            .parts()
            .iter()
            .zip(self.layout.iter())
            .map(|(part, (_, range))| {
                // A part that no output depends on (a network with nothing behind it) has no gradient.
                part.grad_remove(&mut gradients).unwrap_or_else(|| Tensor::zeros([range.len()], &self.device))
            })
            .collect();
        let gradient = Tensor::cat(parts, 0);

        let hard = terms.hard.inner();
        let soft = terms.soft.map_or_else(|| Tensor::zeros([1], &self.device), |soft| soft.inner());
        let mut losses = vec![hard, soft, terms.total.inner()];
        losses.extend(terms.imitated.into_iter().map(|term| term.inner()));
        let losses = Tensor::cat(losses, 0);
        // What is infinite or no number is no zero after being taken from itself.
        let is_finite = (losses.clone() - losses.clone()).equal_elem(0.0).float();
        self.loss_sums = self.loss_sums.clone() + Tensor::cat(vec![losses, is_finite], 0);

        drop((weights, pass));
        let before = std::mem::replace(&mut self.weights, Tensor::empty([1], &self.device));
        let rates = self.rates.as_ref();
        self.weights = lesson.optimiser.update(&mut self.optimiser, before, gradient, lesson.update, rates);
        if let Some(largest) = lesson.update.max_norm {
            self.weights = self.layout.limited(&self.weights, largest);
        }
    }

    /// The terms of imitation with their weights.
    fn imitated(
        &self,
        weights: &Weights,
        pass: &Pass,
        n: usize,
        told: Vec<(f64, Vec<Vec<f32>>)>,
    ) -> Vec<(Tensor<1>, f64)> {
        let mut first = self.net.network().parameters().len();
        let mut terms = Vec::new();
        for (plan, (weight, layers)) in self.plans.iter().zip(told) {
            let mut sum: Option<Tensor<1>> = None;
            for (pair, teacher) in plan.pairs.iter().zip(layers) {
                let Some((student, rows)) = self.imitating_layer(&pair.student, weights, pass, n) else {
                    continue;
                };
                let student = pair.project(student, |place| weights.get::<2>(first + place));
                let teacher = matrix(teacher, rows, pair.teacher.width(), &self.device).autodiff();
                let (student_layer, teacher_layer) = (&pair.student, &pair.teacher);
                let term = plan.by.compare(Compared { student, teacher, student_layer, teacher_layer });
                sum = Some(sum.map_or_else(|| term.clone(), |sum| sum + term.clone()));
            }
            first += plan.parameters(0).len();
            let zero = || Tensor::zeros([1], &self.device).autodiff();
            terms.push((sum.unwrap_or_else(zero), weight));
        }
        terms
    }

    /// What the student itself has of a layer it brings near to its teacher's, `[rows, width]`: of a batch of `n` digits, or
    /// its weights as one row.
    fn imitating_layer(
        &self,
        layer: &Layer,
        weights: &Weights,
        pass: &Pass,
        n: usize,
    ) -> Option<(Tensor<2>, usize)> {
        if layer.kind != LayerKind::Weights {
            return pass.shown(&layer.name).map(|values| (values, n));
        }
        let place = self.layout.iter().position(|(parameter, _)| parameter.name == layer.name)?;
        Some((weights.parts()[place].clone().reshape([1, layer.width()]), 1))
    }

    /// Logits `n × outputs` of `n × 784` pixels.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails.
    pub async fn logits(&self, pixels: Vec<f32>) -> Result<Vec<f32>> {
        #[cfg(feature = "webgpu")]
        if let Some(gpu) = &self.gpu {
            return gpu.logits(&pixels).await;
        }
        if let Some(host) = &self.host {
            return Ok(host.logits(&pixels));
        }
        if self.is_on_host
            && let Some(logits) = self.net.network().host_logits(&self.weights().await?, &pixels)
        {
            return Ok(logits);
        }
        let n = pixels.len() / PIXELS;
        let digits = matrix(pixels, n, PIXELS, &self.device);
        let weights = self.layout.split(&self.weights);
        let logits = self.net.network().forward(&weights, digits, &mut Pass::evaluation());
        read(vec![logits.reshape([n * self.net.outputs()])]).await.map(|mut all| all.remove(0))
    }

    /// A layer `n × width` of `n × 784` pixels, by its name.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the layers there are; [`Error::Engine`] when the engine fails.
    pub async fn layer(&self, pixels: Vec<f32>, name: &str) -> Result<Vec<f32>> {
        let hidden = self.net.network().layers().iter().position(|layer| layer.name == name);
        #[cfg(feature = "webgpu")]
        if let Some(gpu) = &self.gpu {
            let index = hidden.ok_or_else(|| self.no_layer(name))?;
            return gpu.outputs(&pixels, index).await;
        }
        if let Some(host) = &self.host {
            return hidden.map(|index| host.outputs(&pixels, index)).ok_or_else(|| self.no_layer(name));
        }
        let n = pixels.len() / PIXELS;
        let digits = matrix(pixels, n, PIXELS, &self.device);
        let weights = self.layout.split(&self.weights);
        let mut pass = Pass::evaluation().showing([name.to_owned()]);
        self.net.network().forward(&weights, digits, &mut pass);
        let values = pass.shown(name).ok_or_else(|| self.no_layer(name))?;
        let [n, width] = values.dims();
        read(vec![values.reshape([n * width])]).await.map(|mut all| all.remove(0))
    }

    fn no_layer(&self, name: &str) -> Error {
        let layers = self.net.network().layers();
        let known = layers.iter().map(|layer| layer.name.as_str()).collect::<Vec<_>>().join(", ");
        Error::Unknown { kind: "layer", name: name.to_owned(), known }
    }

    /// The sums of the loss terms so far.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails.
    pub async fn loss_sums(&self) -> Result<LossSums> {
        let mut sums = self.summed_losses().await?;
        let finite_steps = sums.split_off(sums.len() / 2);
        Ok(LossSums { sums, finite_steps })
    }

    async fn summed_losses(&self) -> Result<Vec<f32>> {
        #[cfg(feature = "webgpu")]
        if let Some(gpu) = &self.gpu {
            return gpu.loss_sums().await;
        }
        read(vec![self.loss_sums.clone()]).await.map(|mut all| all.remove(0))
    }

    /// Starts the sums of losses anew.
    pub fn clear_losses(&mut self) {
        #[cfg(feature = "webgpu")]
        if let Some(gpu) = &self.gpu {
            return gpu.clear_losses();
        }
        self.loss_sums = no_losses(self.plans.len(), &self.device);
    }

    /// The network's flat weights.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails.
    pub async fn weights(&self) -> Result<Vec<f32>> {
        #[cfg(feature = "webgpu")]
        if let Some(gpu) = &self.gpu {
            return gpu.weights().await;
        }
        if let Some(host) = &self.host {
            return Ok(host.weights());
        }
        let mut weights = read(vec![self.weights.clone()]).await?.remove(0);
        weights.truncate(self.net_parameters);
        Ok(weights)
    }

    /// One of the network's parameters by its name, flat.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the parameters there are; [`Error::Engine`] when the engine fails.
    pub async fn parameter(&self, name: &str) -> Result<Vec<f32>> {
        let named = |(parameter, _): &(&Parameter, _)| parameter.name == name;
        let Some((_, range)) = self.layout.iter().find(named) else {
            let known = self.layout.iter().map(|(p, _)| p.name.as_str()).collect::<Vec<_>>().join(", ");
            return Err(Error::Unknown { kind: "parameter", name: name.to_owned(), known });
        };
        #[cfg(feature = "webgpu")]
        if let Some(gpu) = &self.gpu {
            return Ok(gpu.weights().await?[range].to_vec());
        }
        if let Some(host) = &self.host {
            return Ok(host.weights()[range].to_vec());
        }
        read(vec![self.weights.clone().slice([range])]).await.map(|mut all| all.remove(0))
    }

    /// Everything this learner is, read in one go.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails.
    pub async fn state(&self) -> Result<LearnerState> {
        #[cfg(feature = "webgpu")]
        if let Some(gpu) = &self.gpu {
            let (weights, loss_sums) = (gpu.weights().await?, gpu.loss_sums().await?);
            let Moments { steps, first, second } = gpu.moments().await?;
            return Ok(LearnerState { weights, optimiser_steps: steps, first, second, loss_sums });
        }
        if let Some(host) = &self.host {
            let loss_sums = self.summed_losses().await?;
            let Moments { steps, first, second } = host.moments();
            return Ok(LearnerState {
                weights: host.weights(),
                optimiser_steps: steps,
                first,
                second,
                loss_sums,
            });
        }
        let mut tensors = vec![self.weights.clone(), self.loss_sums.clone()];
        tensors.extend(self.optimiser.first.clone());
        tensors.extend(self.optimiser.second.clone());
        let mut values = read(tensors).await?.into_iter();
        Ok(LearnerState {
            optimiser_steps: self.optimiser.steps,
            weights: values.next().unwrap_or_default(),
            loss_sums: values.next().unwrap_or_default(),
            first: self.optimiser.first.as_ref().and_then(|_| values.next()),
            second: self.optimiser.second.as_ref().and_then(|_| values.next()),
        })
    }
}

#[cfg(feature = "webgpu")]
fn step_on_gpu(gpu: &mut GpuPerceptron, inputs: &Inputs, lesson: Lesson) {
    let [asked] = &inputs.asked[..] else {
        unreachable!("an engine that fits a model of several tasks has no kernels");
    };
    let batch = GpuBatch {
        inputs,
        one_hot: &asked.one_hot,
        hard: lesson.hard,
        soft: lesson.soft.as_ref().map(|(targets, mix)| (&targets[0][..], *mix)),
    };
    gpu.step(batch, lesson.dropout, lesson.optimiser, lesson.update);
}

/// Sums of losses before the first step. Written, not filled: a GPU would compile a kernel for that.
fn no_losses(imitations: usize, device: &Device) -> Tensor<1> {
    vector(vec![0.0; 2 * (TERMS + imitations)], device)
}

fn vector(values: Vec<f32>, device: &Device) -> Tensor<1> {
    let length = values.len();
    Tensor::from_data(TensorData::new(values, [length]), device)
}

/// The values of a tensor that lies in the host's memory.
fn now<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("tensors of the CPU engine hold f32")
}

/// Reads tensors back in one transaction. Asynchronous, as a browser demands.
async fn read(tensors: Vec<Tensor<1>>) -> Result<Vec<Vec<f32>>> {
    let refuse = |reason: String| Error::Engine { engine: "tensor", reason };
    let transaction =
        tensors.into_iter().fold(Transaction::default(), |transaction, tensor| transaction.register(tensor));
    let all = transaction.execute_async().await.map_err(|error| refuse(format!("{error:?}")))?;
    all.into_iter()
        .map(|data| data.try_into_vec::<f32>().map_err(|error| refuse(format!("{error:?}"))))
        .collect()
}
