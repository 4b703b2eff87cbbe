//! The networks against their definition, their gradients against finite differences, and checkpoints.

use burn::tensor::{Tensor, TensorData};
use distillery::data::{Batch, PIXELS, SampleId, Split};
use distillery::distill::HardMix;
use distillery::nets::{Checkpoint, Cnn, Dropout, Mlp, Net, Pass};
use distillery::random::Stream;
use distillery::train::{Engine, Inputs, Learner, Lesson, Optimiser, Sgd, Update};

fn small_nets() -> Vec<Net> {
    vec![
        Net::Mlp(Mlp { hidden: vec![7, 5], ..Mlp::default() }),
        Net::Mlp(Mlp { hidden: vec![], ..Mlp::default() }),
        Net::Cnn(Cnn { channels: vec![2, 3], kernel: 5, hidden: vec![6], ..Cnn::default() }),
        // Channels that fill SIMD lanes, and some that do not; odd sides, whose last row pooling leaves out.
        Net::Cnn(Cnn { channels: vec![13, 6], kernel: 4, hidden: vec![], ..Cnn::default() }),
        Net::Cnn(Cnn { channels: vec![4, 20, 8], kernel: 2, hidden: vec![5, 7], ..Cnn::default() }),
    ]
}

fn first_weights(net: &Net) -> Vec<f32> {
    let mut stream = Stream::new(1, "test-weights", &[]);
    // Biases get values too, so that a misplaced one shows.
    net.layout().first_weights(&mut stream).iter().map(|w| w + stream.uniform(-0.1, 0.1)).collect()
}

fn batch(n: usize) -> Batch {
    let mut stream = Stream::new(2, "test-pixels", &[]);
    Batch {
        ids: (0..n as u32).map(|index| SampleId { split: Split::Train, index }).collect(),
        pixels: (0..n * PIXELS).map(|_| stream.uniform(0.0, 1.0)).collect(),
        labels: (0..n).map(|i| (i * 3 % 10) as u8).collect(),
        labelled: vec![true; n],
    }
}

/// Logits by the definition, in f64, one digit.
fn by_definition(net: &Net, weights: &[f32], pixels: &[f32]) -> Vec<f64> {
    let layout = net.layout();
    let part: Vec<(Vec<usize>, Vec<f64>)> = layout
        .iter()
        .map(|(p, range)| (p.shape.clone(), weights[range].iter().map(|&w| f64::from(w)).collect()))
        .collect();
    let mut values: Vec<f64> = pixels.iter().map(|&v| f64::from(v)).collect();
    let (mut side, mut channels) = (28, 1);
    let last = part.len() / 2 - 1;
    for (layer, pair) in part.chunks(2).enumerate() {
        let (shape, w, b) = (&pair[0].0, &pair[0].1, &pair[1].1);
        if shape.len() == 4 {
            let (to, k) = (shape[0], shape[2]);
            let wide = side - k + 1;
            let mut next = Vec::new();
            for o in 0..to {
                for (y, x) in (0..wide / 2).flat_map(|y| (0..wide / 2).map(move |x| (y, x))) {
                    let at = |dy: usize, dx: usize| {
                        let mut sum = b[o];
                        for c in 0..channels {
                            for (ky, kx) in (0..k).flat_map(|ky| (0..k).map(move |kx| (ky, kx))) {
                                let pixel = values[(c * side + 2 * y + dy + ky) * side + 2 * x + dx + kx];
                                sum += w[((o * channels + c) * k + ky) * k + kx] * pixel;
                            }
                        }
                        sum.max(0.0)
                    };
                    next.push(at(0, 0).max(at(0, 1)).max(at(1, 0)).max(at(1, 1)));
                }
            }
            (values, side, channels) = (next, wide / 2, to);
        } else {
            let to = shape[1];
            values = (0..to)
                .map(|o| b[o] + values.iter().enumerate().map(|(i, v)| v * w[i * to + o]).sum::<f64>())
                .map(|v| if layer < last { v.max(0.0) } else { v })
                .collect();
        }
    }
    values
}

#[test]
fn logits_equal_the_definition() {
    for net in small_nets() {
        let weights = first_weights(&net);
        let batch = batch(3);
        let engine = Engine::cpu();
        let learner = Learner::new(net.clone(), weights.clone(), &engine);
        let found = pollster::block_on(learner.logits(batch.pixels.clone())).unwrap();
        let vector = Tensor::from_data(TensorData::new(weights.clone(), [weights.len()]), &engine.device);
        let digits = Tensor::from_data(TensorData::new(batch.pixels.clone(), [3, PIXELS]), &engine.device);
        let forward =
            net.network().forward(&net.layout().split(&vector), digits, &mut Pass::evaluation()).into_data();
        // Once as the CPU engine infers, once as every engine trains.
        for found in [found, forward.try_into_vec().unwrap()] {
            for (row, pixels) in found.chunks(10).zip(batch.pixels.chunks(PIXELS)) {
                for (z, expected) in row.iter().zip(by_definition(&net, &weights, pixels)) {
                    // Sums of up to 784 products of size 1 in f32.
                    assert!((f64::from(*z) - expected).abs() < 1e-4 * (1.0 + expected.abs()), "{net:?}");
                }
            }
        }
    }
}

fn mean_loss(net: &Net, weights: &[f32], batch: &Batch) -> f64 {
    let rows = batch.pixels.chunks(PIXELS).zip(&batch.labels);
    let sum: f64 = rows
        .map(|(pixels, &label)| {
            let z: Vec<f32> = by_definition(net, weights, pixels).iter().map(|&z| z as f32).collect();
            -distillery::measure::softened(&z, 1.0)[usize::from(label)].ln()
        })
        .sum();
    sum / batch.labels.len() as f64
}

#[test]
fn a_step_follows_the_gradient_of_finite_differences() {
    for net in small_nets() {
        let weights = first_weights(&net);
        let batch = batch(4);
        let engine = Engine::cpu();
        let mut learner = Learner::new(net.clone(), weights.clone(), &engine);
        let lesson = Lesson {
            hard: HardMix { weight: 1.0, label_smoothing: 0.0 },
            soft: None,
            imitated: Vec::new(),
            optimiser: Optimiser::Sgd(Sgd { momentum: 0.0 }),
            update: Update { learning_rate: 1.0, weight_decay: 0.0, max_norm: None },
            dropout: Dropout::off(),
        };
        learner.step(&Inputs::upload(&batch, &engine), lesson);
        let after = pollster::block_on(learner.weights()).unwrap();
        // Two weights of every parameter, so that each part of the vector is seen.
        for (parameter, range) in net.layout().iter() {
            for i in [range.start, range.end - 1] {
                let at = |shift: f32| {
                    let mut moved = weights.clone();
                    moved[i] += shift;
                    mean_loss(&net, &moved, &batch)
                };
                let expected = (at(1e-3) - at(-1e-3)) / 2e-3;
                let found = f64::from(weights[i] - after[i]);
                // f32 logits behind the loss: 1e-6 / 2e-3, and kinks of ReLU and pooling.
                assert!(
                    (found - expected).abs() < 2e-3,
                    "{} [{i}]: {found} against {expected}",
                    parameter.name
                );
            }
        }
    }
}

#[test]
fn dropout_keeps_the_mean_and_is_equal_for_equal_steps() {
    let ones = || Tensor::<2>::ones([200, 100], &Engine::cpu().device);
    let dropped = |seed, step| -> Vec<f32> {
        Dropout::training(seed, step).apply(ones(), 0.4).into_data().try_into_vec().unwrap()
    };
    let values = dropped(1, 5);
    let zeros = values.iter().filter(|v| **v == 0.0).count() as f64 / values.len() as f64;
    // 20,000 draws: one standard deviation is 0.0035.
    assert!((zeros - 0.4).abs() < 0.02, "{zeros}");
    assert!(values.iter().all(|v| *v == 0.0 || (*v - 1.0 / 0.6).abs() < 1e-6));
    assert_eq!(values, dropped(1, 5));
    assert_ne!(values, dropped(1, 6));
    assert_ne!(values, dropped(2, 5));
}

#[test]
fn checkpoints_come_back_as_they_went() {
    for net in small_nets() {
        let checkpoint = Checkpoint { weights: first_weights(&net), net: net.clone() };
        let bytes = checkpoint.to_safetensors("a").unwrap();
        assert_eq!(Checkpoint::from_safetensors("a", net, &bytes).unwrap(), checkpoint);
    }
}

#[test]
fn a_checkpoint_of_another_network_is_refused_by_name() {
    let net = |width| Net::Mlp(Mlp { hidden: vec![width], ..Mlp::default() });
    let checkpoint = Checkpoint { weights: first_weights(&net(4)), net: net(4) };
    let bytes = checkpoint.to_safetensors("a").unwrap();
    let error = Checkpoint::from_safetensors("a", net(5), &bytes).unwrap_err().to_string();
    assert!(error.contains("layers.0.weight") && error.contains("[784, 5]"), "{error}");
    let deeper = Net::Mlp(Mlp { hidden: vec![4, 4], ..Mlp::default() });
    assert!(Checkpoint::from_safetensors("a", deeper, &bytes).is_err());
    assert!(Checkpoint::from_safetensors("a", net(4), &bytes[..bytes.len() - 1]).is_err());
    let broken = Checkpoint { weights: vec![f32::NAN; checkpoint.weights.len()], net: net(4) };
    let error = Checkpoint::from_safetensors("a", net(4), &broken.to_safetensors("a").unwrap()).unwrap_err();
    assert!(error.to_string().contains("finite"), "{error}");
}
