//! A network in training by burn's tensors and gradients: any network, any loss, any imitation, any engine.

mod inputs;
mod optimiser;

pub(in crate::train) use inputs::{InputTensors, matrix};
pub use optimiser::OptimiserState;

use burn::tensor::{Device, Tensor, TensorData, Transaction, activation::softmax};

use super::{Answer, Backend, Shown};
use crate::data::PIXELS;
use crate::distill::{Compared, Plan};
use crate::error::{EngineFault, Error, Result};
use crate::nets::{Layer, LayerKind, Layout, Net, Pass, Weights};
use crate::train::{Engine, Inputs, LearnerState, LossSums, PerTerm, StepInputs};

/// The network, its weights and its optimiser, and what it imitates.
pub(in crate::train) struct TensorBackend {
    net: Net,
    /// The network's parameters, and after them the projections of what it imitates.
    layout: Layout,
    net_parameters: usize,
    plans: Vec<Plan>,
    /// Learning rate of each weight against the output layer's; none when they are equal.
    rates: Option<Tensor<1>>,
    device: Device,
    weights: Tensor<1>,
    optimiser: OptimiserState,
    /// Stays on the engine until someone wants to see it; how many digits had each term is counted here.
    loss_sums: Tensor<1>,
    digits: PerTerm<f32>,
}

impl TensorBackend {
    /// A network before its first step; behind its weights lie those of its plans' projections.
    pub(in crate::train) fn new(net: Net, weights: Vec<f32>, plans: Vec<Plan>, engine: &Engine) -> Self {
        let mut parameters = net.network().parameters();
        parameters.extend(plans.iter().enumerate().flat_map(|(index, plan)| plan.parameters(index)));
        let no_losses = LossSums::none(plans.len());
        Self {
            layout: Layout::new(parameters),
            net_parameters: net.layout().len(),
            net,
            rates: None,
            weights: vector(weights, &engine.device),
            optimiser: OptimiserState::default(),
            loss_sums: vector(no_losses.to_device(), &engine.device),
            digits: no_losses.map(|term| term.digits),
            plans,
            device: engine.device.clone(),
        }
    }

    /// Written even where they are zeros, not filled: a GPU would compile a kernel for that.
    fn set_losses(&mut self, sums: &LossSums) {
        self.loss_sums = vector(sums.to_device(), &self.device);
        self.digits = sums.map(|term| term.digits);
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

    /// What the student itself has of a layer it brings near to its teacher's, `[rows, width]`: of a batch of `n`
    /// digits, or its weights as one row.
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

    /// The network's answer to `n × 784` pixels, without dropout.
    fn forward(&self, pixels: Vec<f32>, pass: &mut Pass) -> Tensor<2> {
        let n = pixels.len() / PIXELS;
        let digits = matrix(pixels, n, PIXELS, &self.device);
        self.net.forward(&self.layout.split(&self.weights), digits, pass)
    }
}

impl Backend for TensorBackend {
    fn decay_rates(&mut self, decay: f64) {
        if decay == 1.0 {
            return;
        }
        let deepest = self.layout.iter().filter_map(|(p, _)| p.layer).max().unwrap_or(0);
        let rates = self.layout.iter().flat_map(|(parameter, range)| {
            let above = deepest - parameter.layer.unwrap_or(deepest);
            std::iter::repeat_n(decay.powi(above as i32) as f32, range.len())
        });
        self.rates = Some(vector(rates.collect(), &self.device));
    }

    fn step(&mut self, inputs: &Inputs, step_inputs: StepInputs, digits: &PerTerm<f32>) {
        let weights = self.layout.split(&self.weights).tracked();
        let pixels = inputs.digits(&self.device).autodiff();
        let [n, _] = pixels.dims();
        let wanted = self.plans.iter().flat_map(|plan| &plan.pairs).map(|pair| pair.student.name.clone());
        let mut pass = Pass::training(step_inputs.dropout).showing(wanted);
        let logits = self.net.forward(&weights, pixels, &mut pass);
        let imitated = self.imitated(&weights, &pass, n, step_inputs.imitated);
        let terms = inputs.loss(&logits, step_inputs.hard, step_inputs.soft, imitated);

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
        let imitated = terms.imitated.into_iter().map(|term| term.inner()).collect();
        let losses = PerTerm { hard, soft, total: terms.total.inner(), imitated };
        let over_digits = losses.iter().zip(digits.iter());
        let sums =
            Tensor::cat(over_digits.map(|(mean, digits)| mean.clone().mul_scalar(*digits)).collect(), 0);
        let losses = Tensor::cat(losses.iter().cloned().collect(), 0);
        // What is infinite or no number is no zero after being taken from itself.
        let is_finite = (losses.clone() - losses).equal_elem(0.0).float();
        self.loss_sums = self.loss_sums.clone() + Tensor::cat(vec![sums, is_finite], 0);
        self.digits.iter_mut().zip(digits.iter()).for_each(|(sum, digits)| *sum += digits);

        drop((weights, pass));
        let before = std::mem::replace(&mut self.weights, Tensor::empty([1], &self.device));
        let rates = self.rates.as_ref();
        self.weights =
            step_inputs.optimiser.update(&mut self.optimiser, before, gradient, step_inputs.update, rates);
        if let Some(max_norm) = step_inputs.update.max_norm {
            self.weights = self.layout.clipped(&self.weights, max_norm);
        }
    }

    fn show(&self, pixels: Vec<f32>, asked: Vec<Shown>) -> Answer<'_, Vec<Vec<f32>>> {
        Box::pin(async move {
            let layers = self.net.network().layers();
            let name = |asked: &Shown| match asked {
                Shown::Logits => None,
                Shown::Layer(place) => Some(layers[*place].name.clone()),
            };
            let names: Vec<Option<String>> = asked.iter().map(name).collect();
            let mut pass = Pass::evaluation().showing(names.iter().flatten().cloned());
            let logits = self.forward(pixels, &mut pass);
            let mut all = Vec::with_capacity(names.len());
            for name in &names {
                let values = match name {
                    None => logits.clone(),
                    Some(name) => pass.shown(name).expect("a network shows each of its layers"),
                };
                all.push(read_one(flat(values)).await?);
            }
            Ok(all)
        })
    }

    fn weights(&self) -> Answer<'_, Vec<f32>> {
        let weights = self.weights.clone();
        Box::pin(async move {
            let mut weights = read_one(weights).await?;
            weights.truncate(self.net_parameters);
            Ok(weights)
        })
    }

    fn set_weights(&mut self, weights: Vec<f32>) {
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

    fn loss_sums(&self) -> Answer<'_, LossSums> {
        Box::pin(async { Ok(LossSums::from_device(&read_one(self.loss_sums.clone()).await?, &self.digits)) })
    }

    fn clear_losses(&mut self) {
        self.set_losses(&LossSums::none(self.plans.len()));
    }

    fn state(&self) -> Answer<'_, LearnerState> {
        Box::pin(async move {
            let mut tensors = vec![self.weights.clone(), self.loss_sums.clone()];
            tensors.extend(self.optimiser.first.clone());
            tensors.extend(self.optimiser.second.clone());
            let mut values = read(tensors).await?.into_iter();
            Ok(LearnerState {
                optimiser_steps: self.optimiser.steps,
                weights: values.next().unwrap_or_default(),
                loss_sums: LossSums::from_device(&values.next().unwrap_or_default(), &self.digits),
                first: self.optimiser.first.as_ref().and_then(|_| values.next()),
                second: self.optimiser.second.as_ref().and_then(|_| values.next()),
            })
        })
    }

    fn restore(&mut self, state: LearnerState) {
        let device = &self.device;
        self.optimiser = OptimiserState {
            steps: state.optimiser_steps,
            first: state.first.map(|values| vector(values, device)),
            second: state.second.map(|values| vector(values, device)),
        };
        self.weights = vector(state.weights, device);
        self.set_losses(&state.loss_sums);
    }
}

fn vector(values: Vec<f32>, device: &Device) -> Tensor<1> {
    let length = values.len();
    Tensor::from_data(TensorData::new(values, [length]), device)
}

fn flat(values: Tensor<2>) -> Tensor<1> {
    let [rows, columns] = values.dims();
    values.reshape([rows * columns])
}

/// Reads tensors back in one transaction. Asynchronous, as a browser demands.
async fn read(tensors: Vec<Tensor<1>>) -> Result<Vec<Vec<f32>>> {
    let refuse = |detail| Error::Engine { engine: "tensor", fault: EngineFault::DeviceLost { detail } };
    let transaction =
        tensors.into_iter().fold(Transaction::default(), |transaction, tensor| transaction.register(tensor));
    let all = transaction.execute_async().await.map_err(|error| refuse(format!("{error:?}")))?;
    all.into_iter()
        .map(|data| data.try_into_vec::<f32>().map_err(|error| refuse(format!("{error:?}"))))
        .collect()
}

async fn read_one(tensor: Tensor<1>) -> Result<Vec<f32>> {
    read(vec![tensor]).await.map(|mut all| all.swap_remove(0))
}

/// `a [rows, inner] · b [inner, columns]` and the softmax of its rows, on an engine; `shape` is rows, inner and columns.
pub(in crate::train) async fn product_and_softmax(
    a: Vec<f32>,
    b: Vec<f32>,
    [rows, inner, columns]: [usize; 3],
    device: &Device,
) -> Result<(Vec<f32>, Vec<f32>)> {
    let product = matrix(a, rows, inner, device).matmul(matrix(b, inner, columns, device));
    let probabilities = softmax(product.clone(), 1);
    Ok((read_one(flat(product)).await?, read_one(flat(probabilities)).await?))
}
