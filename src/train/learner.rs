//! A learner: one network, its weights and its optimiser, and the training step.

use burn::tensor::{Device, Tensor, TensorData, Transaction};

use super::{Engine, EngineKind, Optimiser, OptimiserState};
use crate::data::{Batch, CLASSES, PIXELS};
use crate::distill::{Mix, loss};
use crate::error::{Error, Result};
use crate::nets::{Dropout, Layout, Net};

/// A batch on the engine; learners that train on the same batch share it.
pub struct Inputs {
    /// Digits `[n, 784]`.
    pub digits: Tensor<2>,
    /// Labels as one-hot rows `[n, 10]`.
    pub one_hot: Tensor<2>,
}

impl Inputs {
    /// Uploads a batch.
    pub fn upload(batch: &Batch, engine: &Engine) -> Self {
        let n = batch.ids.len();
        let mut one_hot = vec![0.0_f32; n * CLASSES];
        for (row, &label) in batch.labels.iter().enumerate() {
            one_hot[row * CLASSES + usize::from(label)] = 1.0;
        }
        Self {
            digits: matrix(batch.pixels.clone(), n, PIXELS, &engine.device),
            one_hot: matrix(one_hot, n, CLASSES, &engine.device),
        }
    }
}

fn matrix(values: Vec<f32>, rows: usize, columns: usize, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}

/// What one step is told beside the batch.
pub struct Lesson {
    /// Soft targets `n × 10` and how they are mixed with the labels; none for labels alone.
    pub taught: Option<(Vec<f32>, Mix)>,
    pub optimiser: Optimiser,
    pub learning_rate: f64,
    pub weight_decay: f64,
    /// The masks of this step.
    pub dropout: Dropout,
}

/// One network in training, or trained.
pub struct Learner {
    net: Net,
    layout: Layout,
    device: Device,
    /// Whether tensors lie in the host's memory, so that looking at one costs nothing.
    is_on_host: bool,
    weights: Tensor<1>,
    optimiser: OptimiserState,
    /// Sums of hard, soft and total loss over the steps since [`Learner::clear_losses`]; stays on the engine
    /// until someone wants to see it.
    loss_sums: Tensor<1>,
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
        Self {
            layout: net.layout(),
            net,
            weights: vector(weights, &engine.device),
            optimiser: OptimiserState::default(),
            loss_sums: Tensor::zeros([3], &engine.device),
            device: engine.device.clone(),
            is_on_host: engine.kind == EngineKind::Cpu,
        }
    }

    /// A learner as it was when `state` was taken.
    pub fn restore(net: Net, state: LearnerState, engine: &Engine) -> Self {
        let device = &engine.device;
        let optimiser = OptimiserState {
            steps: state.optimiser_steps,
            first: state.first.map(|values| vector(values, device)),
            second: state.second.map(|values| vector(values, device)),
        };
        let loss_sums = vector(state.loss_sums, device);
        Self { optimiser, loss_sums, ..Self::new(net, state.weights, engine) }
    }

    /// The network.
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// Number of weights.
    pub fn parameters(&self) -> usize {
        self.layout.len()
    }

    /// One training step on a batch; its loss joins the sums.
    pub fn step(&mut self, inputs: &Inputs, mut lesson: Lesson) {
        let weights = self.layout.split(&self.weights).tracked();
        let digits = inputs.digits.clone().autodiff();
        let [n, _] = digits.dims();
        let logits = self.net.network().forward(&weights, digits, &mut lesson.dropout);
        let one_hot = inputs.one_hot.clone().autodiff();
        let taught =
            lesson.taught.map(|(targets, mix)| (matrix(targets, n, CLASSES, &self.device).autodiff(), mix));
        let terms = loss(logits, one_hot, taught);

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
        let losses = Tensor::cat(vec![hard, soft, terms.total.inner()], 0);
        self.loss_sums = self.loss_sums.clone() + losses;

        drop(weights);
        let before = std::mem::replace(&mut self.weights, Tensor::empty([1], &self.device));
        self.weights = lesson.optimiser.update(
            &mut self.optimiser,
            before,
            gradient,
            lesson.learning_rate,
            lesson.weight_decay,
        );
    }

    /// Logits `n × 10` of `n × 784` pixels.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails.
    pub async fn logits(&self, pixels: Vec<f32>) -> Result<Vec<f32>> {
        if self.is_on_host
            && let Some(logits) = self.net.network().host_logits(&self.weights().await?, &pixels)
        {
            return Ok(logits);
        }
        let n = pixels.len() / PIXELS;
        let digits = matrix(pixels, n, PIXELS, &self.device);
        let weights = self.layout.split(&self.weights);
        let logits = self.net.network().forward(&weights, digits, &mut Dropout::off());
        read(vec![logits.reshape([n * CLASSES])]).await.map(|mut all| all.remove(0))
    }

    /// The sums of hard, soft and total loss so far.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails.
    pub async fn loss_sums(&self) -> Result<[f32; 3]> {
        let sums = read(vec![self.loss_sums.clone()]).await?.remove(0);
        Ok([sums[0], sums[1], sums[2]])
    }

    /// Starts the sums of losses anew.
    pub fn clear_losses(&mut self) {
        self.loss_sums = Tensor::zeros([3], &self.device);
    }

    /// The flat weights.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails.
    pub async fn weights(&self) -> Result<Vec<f32>> {
        Ok(read(vec![self.weights.clone()]).await?.remove(0))
    }

    /// Everything this learner is, read in one go.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails.
    pub async fn state(&self) -> Result<LearnerState> {
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

fn vector(values: Vec<f32>, device: &Device) -> Tensor<1> {
    let length = values.len();
    Tensor::from_data(TensorData::new(values, [length]), device)
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
