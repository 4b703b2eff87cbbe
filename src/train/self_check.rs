//! A short comparison of an engine with the CPU before it is trusted: a shader that fails validation can be
//! skipped without a word (<https://github.com/tracel-ai/cubecl/issues/1641>), and then every number is wrong.

use burn::tensor::{Tensor, activation::softmax};
use distillery_kernels::Isa;
use serde::{Deserialize, Serialize};

use super::backend::{Backend, HostBackend};
use super::inputs::matrix;
use super::losses::digits_of_terms;
use super::{Engine, EngineKind, Inputs, Learner, Optimiser, Sgd, StepInputs, Update};
use crate::data::{Batch, CLASSES, PIXELS, SampleId, Split, Task, heads};
use crate::distill::{Combine, HardMix, SoftMix, SoftTerm, combined_targets};
use crate::error::{EngineFault, Error, Result};
use crate::nets::{Dropout, Mlp, Net};
use crate::random::Stream;

/// Largest difference that is taken for rounding. Sums of up to 784 products of numbers below 1 differ by
/// about 1e-5 in f32 with the order they are added in; a skipped shader leaves differences above 1e-2.
pub const TOLERANCE: f32 = 1e-4;

/// Largest absolute differences from the CPU.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Differences {
    pub matrix_product: f32,
    pub softmax: f32,
    /// Of the weights after one distilling step of a small network.
    pub training_step: f32,
}

/// What the comparison found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct SelfCheck {
    pub passed: bool,
    pub differences: Differences,
    pub tolerance: f32,
}

impl SelfCheck {
    /// Compares an engine with formulas written out for the CPU, and with the kernels that train there.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails outright.
    pub async fn run(engine: &Engine) -> Result<Self> {
        let (product, probabilities) = algebra(engine).await?;
        let expected = product_by_definition();
        let weights = trained_on_host(engine);
        let mut training_step = largest_difference(&trained(engine).await?, &weights);
        if engine.kind == EngineKind::Cpu {
            // What its kernels leave to burn has to agree as well. On a GPU that would compile shaders that most never
            // need.
            let by_burn = trained(&engine.clone().plain()).await?;
            training_step = training_step.max(largest_difference(&by_burn, &weights));
        }
        let differences = Differences {
            matrix_product: largest_difference(&product, &expected),
            softmax: largest_difference(&probabilities, &softmax_by_definition(&expected)),
            training_step,
        };
        let all = [differences.matrix_product, differences.softmax, differences.training_step];
        let passed = all.iter().all(|&difference| difference <= TOLERANCE);
        Ok(Self { passed, differences, tolerance: TOLERANCE })
    }
}

/// Largest absolute difference; infinite where lengths differ or a value is not a number.
fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    if a.len() != b.len() {
        return f32::INFINITY;
    }
    let difference = |(a, b): (&f32, &f32)| match (a - b).abs() {
        d if d.is_nan() => f32::INFINITY,
        d => d,
    };
    a.iter().zip(b).map(difference).fold(0.0, f32::max)
}

fn numbers(domain: &str, n: usize) -> Vec<f32> {
    let mut stream = Stream::new(0, domain, &[]);
    (0..n).map(|_| stream.uniform(-1.0, 1.0)).collect()
}

/// Rows and inner length of the product.
const SHAPE: (usize, usize) = (48, 64);

fn factors() -> (Vec<f32>, Vec<f32>) {
    let (rows, inner) = SHAPE;
    (numbers("check-a", rows * inner), numbers("check-b", inner * CLASSES))
}

async fn algebra(engine: &Engine) -> Result<(Vec<f32>, Vec<f32>)> {
    let ((rows, inner), (a, b)) = (SHAPE, factors());
    let product = matrix(a, rows, inner, &engine.device).matmul(matrix(b, inner, CLASSES, &engine.device));
    let probabilities = softmax(product.clone(), 1);
    Ok((host(product).await?, host(probabilities).await?))
}

fn product_by_definition() -> Vec<f32> {
    let ((_, inner), (a, b)) = (SHAPE, factors());
    let sum = |row: &[f32], column: usize| -> f32 {
        row.iter().enumerate().map(|(place, value)| value * b[place * CLASSES + column]).sum()
    };
    a.chunks(inner).flat_map(|row| (0..CLASSES).map(move |column| sum(row, column))).collect()
}

fn softmax_by_definition(logits: &[f32]) -> Vec<f32> {
    let rows = logits.chunks(CLASSES).flat_map(|row| {
        let exponentials: Vec<f32> = row.iter().map(|logit| logit.exp()).collect();
        let sum: f32 = exponentials.iter().sum();
        exponentials.into_iter().map(move |value| value / sum)
    });
    rows.collect()
}

async fn host(tensor: Tensor<2>) -> Result<Vec<f32>> {
    let refuse = |detail| Error::Engine { engine: "tensor", fault: EngineFault::DeviceLost { detail } };
    let data = tensor.into_data_async().await.map_err(|error| refuse(format!("{error:?}")))?;
    data.try_into_vec().map_err(|error| refuse(format!("{error:?}")))
}

/// One distilling step of a small network on made-up digits, by plain descent: Adam would turn the rounding of a
/// vanishing gradient into a whole step.
struct Trial {
    net: Net,
    weights: Vec<f32>,
    batch: Batch,
    step_inputs: StepInputs,
}

fn trial() -> Trial {
    let n = 16;
    let ids = (0..n as u32).map(|index| SampleId { split: Split::Train, index }).collect();
    let pixels = numbers("check-pixels", n * PIXELS).into_iter().map(f32::abs).collect();
    let labels = (0..n).map(|i| (i % CLASSES) as u8).collect();
    let (labelled, tasks) = (vec![true; n], vec![0; n]);
    let batch = Batch { ids, pixels, labels, labelled, tasks, as_loaded: false, mix: None };
    let net = Net::Mlp(Mlp { hidden: vec![12], ..Mlp::default() });
    let weights = net.layout().initial_weights(&mut Stream::new(0, "check-weights", &[]));
    let targets =
        combined_targets(&[(numbers("check-teacher", n * CLASSES), 1.0)], CLASSES, Combine::default(), 2.0);
    let mix = SoftMix { term: SoftTerm::CrossEntropy, weight: 0.7, temperature: 2.0, t_squared: true };
    let step_inputs = StepInputs {
        hard: HardMix { weight: 0.3, label_smoothing: 0.0 },
        soft: Some((vec![targets], mix)),
        imitated: Vec::new(),
        optimiser: Optimiser::Sgd(Sgd::default()),
        update: Update { learning_rate: 0.1, weight_decay: 0.0, max_norm: None },
        dropout: Dropout::off(),
        progress: 1.0,
    };
    Trial { net, weights, batch, step_inputs }
}

/// Weights after the trial on an engine.
async fn trained(engine: &Engine) -> Result<Vec<f32>> {
    let Trial { net, weights, batch, step_inputs } = trial();
    let mut learner = Learner::new(net, weights, engine);
    learner.step(&Inputs::new(batch, &heads([Task::Digit]), engine), step_inputs);
    learner.weights().await
}

/// Weights after the trial by the kernels of the CPU. The engine is not asked for anything.
fn trained_on_host(engine: &Engine) -> Vec<f32> {
    let Trial { net, weights, batch, step_inputs } = trial();
    let mut host = HostBackend::new(&net, &weights, &[], Isa::detected()).expect("a perceptron has kernels");
    let inputs = Inputs::new(batch, &heads([Task::Digit]), engine);
    let digits = digits_of_terms(&inputs, &step_inputs);
    host.step(&inputs, step_inputs, &digits);
    host.values()
}
