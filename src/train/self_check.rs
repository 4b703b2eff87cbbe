//! A short comparison of an engine with plain formulas before it is trusted: a shader that fails validation can be
//! skipped without a word (<https://github.com/tracel-ai/cubecl/issues/1641>), and then every number is wrong; so it is
//! where a browser's vector instructions are not what they should be.

use distillery_kernels::{Matrix, Scratch, Store, multiply};
use serde::{Deserialize, Serialize};

#[cfg(feature = "tensors")]
use super::EngineKind;
#[cfg(feature = "tensors")]
use super::backend::tensors;
use super::{Engine, Inputs, Learner, Optimiser, Sgd, StepInputs, Update};
use crate::data::{Batch, CLASSES, PIXELS, SampleId, Split, Task, heads};
use crate::distill::{Combine, HardMix, SoftMix, SoftTerm, combined_targets, log_softmax};
use crate::error::Result;
use crate::nets::{Dropout, Mlp, Net};
use crate::random::Stream;

/// Largest difference that is taken for rounding. Sums of up to 784 products of numbers below 1 differ by
/// about 1e-5 in f32 with the order they are added in; a skipped shader leaves differences above 1e-2.
pub const TOLERANCE: f32 = 1e-4;

/// Largest absolute differences from the formulas.
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
    /// Compares an engine with formulas written out.
    ///
    /// # Errors
    /// [`crate::error::Error::Engine`] when the engine fails outright.
    pub async fn run(engine: &Engine) -> Result<Self> {
        let (product, probabilities) = algebra(engine).await?;
        let expected = product_by_definition();
        let differences = Differences {
            matrix_product: largest_difference(&product, &expected),
            softmax: largest_difference(&probabilities, &softmax_by_definition(&expected)),
            training_step: largest_difference(&trained(engine).await?, &trained_by_definition()),
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

/// A product `[rows, classes]` and its softmax, as the engine works them out.
async fn algebra(engine: &Engine) -> Result<(Vec<f32>, Vec<f32>)> {
    let ((rows, inner), (a, b)) = (SHAPE, factors());
    #[cfg(feature = "tensors")]
    if engine.kind == EngineKind::Webgpu {
        return tensors::product_and_softmax(a, b, [rows, inner, CLASSES], &engine.device).await;
    }
    let mut product = vec![0.0; rows * CLASSES];
    let (a, b) = (Matrix::new(&a, inner), Matrix::new(&b, CLASSES));
    multiply(engine.isa, a, b, &mut product, CLASSES, Store::Set, &mut Scratch::default());
    let mut probabilities = vec![0.0; product.len()];
    for (logits, q) in product.chunks(CLASSES).zip(probabilities.chunks_mut(CLASSES)) {
        log_softmax(logits, 1.0, q);
    }
    Ok((product, probabilities))
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

/// One distilling step of a small network on made-up digits, by plain descent: Adam would turn the rounding of a
/// vanishing gradient into a whole step.
struct Trial {
    net: Net,
    weights: Vec<f32>,
    batch: Batch,
    step_inputs: StepInputs,
}

const HARD: HardMix = HardMix { weight: 0.3, label_smoothing: 0.0 };
const SOFT: SoftMix =
    SoftMix { term: SoftTerm::CrossEntropy, weight: 0.7, temperature: 2.0, t_squared: true };
const UPDATE: Update = Update { learning_rate: 0.1, weight_decay: 0.0, max_norm: None };
/// Digits and hidden units of the trial.
const DIGITS: usize = 16;
const HIDDEN: usize = 12;

fn trial() -> Trial {
    let n = DIGITS;
    let ids = (0..n as u32).map(|index| SampleId { split: Split::Train, index }).collect();
    let pixels = numbers("check-pixels", n * PIXELS).into_iter().map(f32::abs).collect();
    let labels = (0..n).map(|i| (i % CLASSES) as u8).collect();
    let (labelled, tasks) = (vec![true; n], vec![0; n]);
    let batch = Batch { ids, pixels, labels, labelled, tasks, as_loaded: false, mix: None };
    let net = Net::Mlp(Mlp { hidden: vec![HIDDEN as u32], ..Mlp::default() });
    let weights = net.layout().initial_weights(&mut Stream::new(0, "check-weights", &[]));
    let targets = combined_targets(
        &[(numbers("check-teacher", n * CLASSES), 1.0)],
        CLASSES,
        Combine::default(),
        SOFT.temperature,
    );
    let step_inputs = StepInputs {
        hard: HARD,
        soft: Some((vec![targets], SOFT)),
        imitated: Vec::new(),
        optimiser: Optimiser::Sgd(Sgd::default()),
        update: UPDATE,
        dropout: Dropout::off(),
        progress: 1.0,
    };
    Trial { net, weights, batch, step_inputs }
}

/// Weights after the trial on an engine.
async fn trained(engine: &Engine) -> Result<Vec<f32>> {
    let Trial { net, weights, batch, step_inputs } = trial();
    let mut learner = Learner::new(net, weights, engine);
    learner.step(&Inputs::new(batch, &heads([Task::Digit])), step_inputs);
    learner.weights().await
}

/// The same by the chain rule, digit by digit, one number after another. The gradient in a logit is
/// w (softmax(z) − y) + (1 − w) T (softmax(z / T) − p), mean over digits (Hinton et al. 2015, eq. 2).
fn trained_by_definition() -> Vec<f32> {
    let Trial { mut weights, batch, step_inputs, .. } = trial();
    let targets = step_inputs.soft.map(|(mut targets, _)| targets.swap_remove(0)).unwrap_or_default();
    let temperature = SOFT.temperature as f32;
    // Where the parameters begin in the vector.
    let bias = PIXELS * HIDDEN;
    let output = bias + HIDDEN;
    let output_bias = output + HIDDEN * CLASSES;
    let mut gradient = vec![0.0_f32; weights.len()];
    for (digit, pixels) in batch.pixels.chunks(PIXELS).enumerate() {
        let mut hidden = weights[bias..output].to_vec();
        for (pixel, row) in pixels.iter().zip(weights.chunks(HIDDEN)) {
            hidden.iter_mut().zip(row).for_each(|(unit, weight)| *unit += pixel * weight);
        }
        hidden.iter_mut().for_each(|unit| *unit = unit.max(0.0));
        let mut logits = weights[output_bias..].to_vec();
        for (unit, row) in hidden.iter().zip(weights[output..].chunks(CLASSES)) {
            logits.iter_mut().zip(row).for_each(|(logit, weight)| *logit += unit * weight);
        }
        let plain = softmax_by_definition(&logits);
        let soft: Vec<f32> = logits.iter().map(|logit| logit / temperature).collect();
        let soft = softmax_by_definition(&soft);
        for class in 0..CLASSES {
            let label = f32::from(u8::from(usize::from(batch.labels[digit]) == class));
            let slope = (HARD.weight as f32 * (plain[class] - label)
                + SOFT.weight as f32 * temperature * (soft[class] - targets[digit * CLASSES + class]))
                / DIGITS as f32;
            gradient[output_bias + class] += slope;
            for (unit, value) in hidden.iter().enumerate().filter(|(_, value)| **value > 0.0) {
                let place = output + unit * CLASSES + class;
                gradient[place] += value * slope;
                let below = weights[place] * slope;
                gradient[bias + unit] += below;
                for (row, pixel) in pixels.iter().enumerate() {
                    gradient[row * HIDDEN + unit] += pixel * below;
                }
            }
        }
    }
    let rate = UPDATE.learning_rate as f32;
    weights.iter_mut().zip(gradient).for_each(|(weight, slope)| *weight -= rate * slope);
    weights
}
