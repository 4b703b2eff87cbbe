//! How long things take on an engine: an experiment's steps, found out by taking a few on made-up digits, which the
//! automatic choice of an engine goes by; and a trained model's answers.

use web_time::Instant;

use super::config::{Config, Init, Model};
use super::initial_weights;
use super::session::milliseconds_since;
use crate::data::{Batch, PIXELS, SampleId, Split};
use crate::distill::{HardMix, SoftMix, combined_logits, combined_targets};
use crate::error::Result;
use crate::nets::Dropout;
use crate::random::Stream;
use crate::train::{Engine, Inputs, Learner, StepInputs, Update};

/// Steps that are not counted: in them shaders are compiled, buffers made, and a browser puts its optimised code in the
/// place of its quick one, which takes it some calls and some time.
const WARM_UP: u32 = 2;
const WARM_UP_MS: f64 = 60.0;
/// At least so long is measured, so that a coarse clock does no harm, and at most so many steps.
const MEASURED_MS: f64 = 60.0;
const MOST_STEPS: u32 = 40;
/// Answers are timed so often.
const LEAST_RUNS: u32 = 3;
const MOST_RUNS: u32 = 20;
/// A GPU takes orders much faster than it follows them: after so many steps it is waited for.
const READ_EVERY: u32 = 4;

/// Milliseconds that one step of every model in training takes together. What is imitated and what augmentation costs
/// is left out: it is the same work on any engine.
///
/// # Errors
/// [`crate::error::Error::Config`] with every problem; [`crate::error::Error::Engine`] when the engine fails.
pub async fn time_steps(config: &Config, engine: &Engine) -> Result<f64> {
    config.validate()?;
    let mut sum = 0.0;
    for (name, model) in &config.models {
        if !matches!(model.init, Some(Init::Pretrained(_))) {
            sum += time_model(config, name, model, engine).await?;
        }
    }
    Ok(sum)
}

/// Milliseconds that one step of a model takes.
pub(super) async fn time_model(config: &Config, name: &str, model: &Model, engine: &Engine) -> Result<f64> {
    let net = config.nets()[name].clone();
    let training = model.training.as_ref().unwrap_or(&config.training);
    let weights = initial_weights::drawn(name, &net, config);
    let requirements = model.requirements(&net, config.seed);
    let mut learner = Learner::meeting(requirements, net, weights, engine);
    let batch = made_up(training.batch_size as usize, model.heads().len());
    let inputs = Inputs::new(batch, &model.heads());
    let mut take = async |least: u32, ms: f64| -> Result<f64> {
        let (start, mut steps) = (Instant::now(), 0);
        while steps < least || (steps < MOST_STEPS && milliseconds_since(start) < ms) {
            learner.step(&inputs, step_inputs(model, training, &inputs, steps));
            steps += 1;
            // Reading waits for a GPU to have done what it was told.
            if steps.is_multiple_of(READ_EVERY) {
                learner.loss_sums().await?;
            }
        }
        learner.loss_sums().await?;
        Ok(milliseconds_since(start) / f64::from(steps))
    };
    take(WARM_UP, WARM_UP_MS).await?;
    take(1, MEASURED_MS).await
}

/// Microseconds that a model takes for the logits of one digit, of so many at once (`n × 784` pixels): those of the fastest
/// of some runs, since whatever else a machine does only adds to them. `None` where the clock is too coarse to tell.
///
/// # Errors
/// [`crate::error::Error::Engine`] when the engine fails.
pub(super) async fn time_answers(learner: &Learner, pixels: &[f32]) -> Result<Option<f64>> {
    learner.logits(pixels.to_vec()).await?;
    let (mut sum, mut fastest) = (0.0, f64::INFINITY);
    for run in 1..=MOST_RUNS {
        let pixels = pixels.to_vec();
        let start = Instant::now();
        learner.logits(pixels).await?;
        let ms = milliseconds_since(start);
        (sum, fastest) = (sum + ms, fastest.min(ms));
        if run >= LEAST_RUNS && sum >= MEASURED_MS {
            break;
        }
    }
    let digits = (pixels.len() / PIXELS) as f64;
    Ok((fastest > 0.0).then_some(1_000.0 * fastest / digits))
}

/// Digits of noise, each asked one of the tasks in turn.
fn made_up(digits: usize, tasks: usize) -> Batch {
    let mut stream = Stream::new(0, "timing", &[]);
    Batch {
        ids: (0..digits as u32).map(|index| SampleId { split: Split::Train, index }).collect(),
        pixels: (0..digits * PIXELS).map(|_| stream.uniform(-1.0, 1.0).max(0.0)).collect(),
        labels: (0..digits).map(|digit| (digit % 10) as u8).collect(),
        labelled: vec![true; digits],
        tasks: (0..digits).map(|digit| (digit % tasks.max(1)) as u8).collect(),
        as_loaded: false,
        mix: None,
    }
}

fn step_inputs(model: &Model, training: &super::Training, inputs: &Inputs, step: u32) -> StepInputs {
    let objective = &model.objective;
    let mix = SoftMix {
        term: objective.soft,
        weight: 0.5,
        temperature: objective.temperature.at(0.0),
        t_squared: objective.t_squared,
    };
    let soft = (!model.learns_from.is_empty()).then(|| {
        let targets = inputs.tasks.iter().map(|task| {
            let classes = task.head.outputs.len();
            let logits: Vec<f32> = (0..task.rows.len() * classes).map(|i| (i % 7) as f32).collect();
            match mix.term.compares_logits() {
                true => combined_logits(&[(logits, 1.0)]),
                false => combined_targets(&[(logits, 1.0)], classes, model.combine, mix.softening()),
            }
        });
        (targets.collect(), mix)
    });
    StepInputs {
        hard: HardMix { weight: 0.5, label_smoothing: objective.label_smoothing },
        soft,
        imitated: Vec::new(),
        optimiser: training.optimiser,
        update: Update {
            learning_rate: training.learning_rate.at(0.0),
            weight_decay: training.weight_decay,
            max_norm: training.max_norm,
        },
        dropout: Dropout::training(0, step),
        progress: 0.5,
    }
}
