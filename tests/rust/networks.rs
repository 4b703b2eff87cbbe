//! The networks against their definition, their gradients against finite differences, and checkpoints.

use crate::definitions::by_definition;
use burn::tensor::{Tensor, TensorData};
use distillery::compress::{RaiseBias, Transform};
use distillery::data::{Batch, Head, PIXELS, SampleId, Split, Task, heads};
use distillery::distill::HardMix;
use distillery::nets::{Checkpoint, Cnn, Dropout, LayerKind, Mlp, Net, Pass, Rnn, Storage, Vit};
use distillery::random::Stream;
use distillery::report::Report;
use distillery::train::{Engine, Inputs, Learner, Optimiser, Sgd, StepInputs, Update};

fn small_nets() -> Vec<Net> {
    vec![
        Net::Mlp(Mlp { hidden: vec![7, 5], ..Mlp::default() }),
        Net::Mlp(Mlp { hidden: vec![], ..Mlp::default() }),
        Net::Cnn(Cnn { channels: vec![2, 3], kernel: 5, hidden: vec![6], ..Cnn::default() }),
        // Channels that fill SIMD lanes, and some that do not; odd sides, whose last row pooling leaves out.
        Net::Cnn(Cnn { channels: vec![13, 6], kernel: 4, hidden: vec![], ..Cnn::default() }),
        Net::Cnn(Cnn { channels: vec![4, 20, 8], kernel: 2, hidden: vec![5, 7], ..Cnn::default() }),
        // Auxiliary outputs beside the logits.
        Net::Mlp(Mlp { hidden: vec![6], auxiliary: 3, ..Mlp::default() }),
        Net::Vit(Vit { width: 6, depth: 2, heads: 3, mlp_width: 5, ..Vit::default() }),
        Net::Vit(Vit { width: 4, depth: 1, heads: 1, mlp_width: 3, ..Vit::default() }),
        Net::Rnn(Rnn { units: 3, ..Rnn::default() }),
        Net::Mlp(Mlp { hidden: vec![7, 5], rank: Some(3), ..Mlp::default() }),
        Net::Vit(Vit { width: 6, depth: 3, shared: true, heads: 2, mlp_width: 5, ..Vit::default() }),
    ]
}

fn initial_weights(net: &Net) -> Vec<f32> {
    let mut stream = Stream::new(1, "test-weights", &[]);
    // Biases get values too, so that a misplaced one shows.
    net.layout().initial_weights(&mut stream).iter().map(|w| w + stream.uniform(-0.1, 0.1)).collect()
}

fn batch(n: usize) -> Batch {
    let mut stream = Stream::new(2, "test-pixels", &[]);
    Batch {
        ids: (0..n as u32).map(|index| SampleId { split: Split::Train, index }).collect(),
        pixels: (0..n * PIXELS).map(|_| stream.uniform(0.0, 1.0)).collect(),
        labels: (0..n).map(|i| (i * 3 % 10) as u8).collect(),
        labelled: vec![true; n],
        tasks: vec![0; n],
        as_loaded: false,
        mix: None,
    }
}

#[test]
fn logits_equal_the_definition() {
    for net in small_nets() {
        let weights = initial_weights(&net);
        let batch = batch(3);
        let engine = Engine::cpu();
        let learner = Learner::new(net.clone(), weights.clone(), &engine);
        let found = pollster::block_on(learner.logits(batch.pixels.clone())).unwrap();
        let vector = Tensor::from_data(TensorData::new(weights.clone(), [weights.len()]), &engine.device);
        let digits = Tensor::from_data(TensorData::new(batch.pixels.clone(), [3, PIXELS]), &engine.device);
        let forward = net.forward(&net.layout().split(&vector), digits, &mut Pass::evaluation()).into_data();
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

#[test]
fn raising_the_output_bias_of_a_class_raises_its_logit_alone() {
    for net in small_nets() {
        let (weights, batch, engine) = (initial_weights(&net), batch(2), Engine::cpu());
        let logits = |weights: Vec<f32>| {
            let learner = Learner::new(net.clone(), weights, &engine);
            pollster::block_on(learner.logits(batch.pixels.clone())).unwrap()
        };
        let source = Checkpoint { net: net.clone(), weights: weights.clone() };
        let raise = Transform::RaiseBias(RaiseBias { classes: vec![3, 9], by: 2.5 });
        let raised = logits(raise.derive(&net, weights.clone(), &source));
        for (place, (after, before)) in raised.iter().zip(logits(weights)).enumerate() {
            let by = if [3, 9].contains(&(place % 10)) { 2.5 } else { 0.0 };
            // Sums of up to 784 products of size 1 in f32, from another number on.
            assert!((after - before - by).abs() < 1e-4, "logit {place} of {net:?}");
        }
    }
}

/// Cross-entropy of each digit by the head of the task it is asked for, mean over digits.
fn mean_loss(net: &Net, heads: &[Head], weights: &[f32], batch: &Batch) -> f64 {
    let rows = batch.pixels.chunks(PIXELS).zip(&batch.labels).zip(&batch.tasks);
    let sum: f64 = rows
        .map(|((pixels, &label), &task)| {
            let Head { task, outputs } = &heads[usize::from(task)];
            let z = &by_definition(net, weights, pixels)[outputs.clone()];
            z.iter().map(|z| z.exp()).sum::<f64>().ln() - z[usize::from(task.classes_of(&[label])[0])]
        })
        .sum();
    sum / batch.labels.len() as f64
}

#[test]
fn a_step_follows_the_gradient_of_finite_differences() {
    for net in small_nets() {
        follows_the_gradient(net, &[Task::Digit]);
    }
}

#[test]
fn a_step_of_several_tasks_follows_the_gradient_of_finite_differences() {
    for net in small_nets() {
        follows_the_gradient(net, &[Task::Parity, Task::Digit, Task::BelowFive]);
    }
}

fn follows_the_gradient(net: Net, tasks: &[Task]) {
    let heads = heads(tasks.iter().copied());
    let net = net.with_outputs(heads.last().unwrap().outputs.end);
    let weights = initial_weights(&net);
    let mut batch = batch(5);
    // Not in turn, so that rows and their labels could be mixed up.
    let places = [0, 1, 0, 0, 2].map(|place: u8| place.min(tasks.len() as u8 - 1));
    batch.tasks.copy_from_slice(&places);
    let engine = Engine::cpu();
    let mut learner = Learner::new(net.clone(), weights.clone(), &engine);
    let step_inputs = StepInputs {
        hard: HardMix { weight: 1.0, label_smoothing: 0.0 },
        soft: None,
        imitated: Vec::new(),
        optimiser: Optimiser::Sgd(Sgd { momentum: 0.0 }),
        update: Update { learning_rate: 1.0, weight_decay: 0.0, max_norm: None },
        dropout: Dropout::off(),
        progress: 1.0,
    };
    learner.step(&Inputs::new(batch.clone(), &heads), step_inputs);
    let after = pollster::block_on(learner.weights()).unwrap();
    let found = |i: usize| f64::from(weights[i] - after[i]);
    // Three weights of every parameter, so that each part of the vector is seen: the ends, and the one that counts
    // most.
    for (parameter, range) in net.layout().iter() {
        let most = range.clone().max_by(|&a, &b| found(a).abs().total_cmp(&found(b).abs())).unwrap();
        // Large enough that a gradient of zero would not pass below.
        let speaks = found(most).abs() > 1e-3;
        assert!(speaks, "{} of {net:?}: {}", parameter.name, found(most));
        for i in [range.start, most, range.end - 1] {
            let at = |shift: f32| {
                let mut moved = weights.clone();
                moved[i] += shift;
                (f64::from(moved[i]), mean_loss(&net, &heads, &moved, &batch))
            };
            let ((low, below), (high, above)) = (at(-1e-4), at(1e-4));
            let expected = (above - below) / (high - low);
            // Gradients in f32 from sums of up to 784 products, and kinks of ReLU and pooling within the shift.
            assert!(
                (found(i) - expected).abs() < 1e-4,
                "{} [{i}] of {net:?}: {} against {expected}",
                parameter.name,
                found(i)
            );
        }
    }
}

fn shown(net: &Net, weights: &[f32], batch: &Batch, name: &str) -> Vec<f64> {
    let learner = Learner::new(net.clone(), weights.to_vec(), &Engine::cpu());
    let values = pollster::block_on(learner.layer(batch.pixels.clone(), name)).unwrap();
    values.into_iter().map(f64::from).collect()
}

#[test]
fn every_promised_layer_is_shown_in_its_shape() {
    for net in small_nets() {
        let (weights, batch) = (initial_weights(&net), batch(3));
        for layer in net.network().layers() {
            let values = shown(&net, &weights, &batch, &layer.name);
            assert_eq!(values.len(), 3 * layer.width(), "{} of {net:?}", layer.name);
            if layer.kind == LayerKind::Attention {
                for row in values.chunks(layer.features()) {
                    // Sixteen f32 that sum to 1.
                    assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-5, "{} of {net:?}", layer.name);
                    assert!(row.iter().all(|p| *p > 0.0));
                }
            }
        }
    }
}

#[test]
fn shown_layers_equal_the_definition() {
    let mut compared = 0;
    for net in small_nets() {
        let (weights, batch) = (initial_weights(&net), batch(2));
        let expected: Vec<_> = batch
            .pixels
            .chunks(PIXELS)
            .map(|pixels| crate::definitions::layers(&net, &weights, pixels))
            .collect();
        for name in expected[0].keys() {
            let expected: Vec<f64> = expected.iter().flat_map(|layers| layers[name].clone()).collect();
            let found = shown(&net, &weights, &batch, name);
            assert_eq!(found.len(), expected.len(), "{name} of {net:?}");
            for (found, expected) in found.iter().zip(&expected) {
                // As for logits: sums in f32.
                assert!((found - expected).abs() < 1e-4 * (1.0 + expected.abs()), "{name} of {net:?}");
            }
            compared += 1;
        }
    }
    // Four a block of the transformers, two of the recurrent network.
    assert_eq!(compared, 4 * (2 + 1 + 3) + 2);
}

#[test]
fn multiply_adds_are_those_worked_out_by_hand() {
    let nets = small_nets();
    let found = |index: usize| nets[index].network().multiply_adds();
    // 784·7 + 7·5 + 5·10, and 784·10.
    assert_eq!((found(0), found(1)), (5573, 7840));
    // 24² places · 2 kernels of 25, 8² places · 3 kernels of 2·25, then 4²·3 values: 48·6 + 6·10.
    assert_eq!(found(2), 28_800 + 9_600 + 288 + 60);
    // Embedding 16·49·4; two norms 2·(2·16·4); queries, keys, values 16·4·12, with each other 2·16²·4 and output 16·4²;
    // perceptron 16·2·12; last norm 2·16·4; output 4·10.
    let transformer = 3136 + 256 + 768 + 2048 + 256 + 384 + 128 + 40;
    assert_eq!(found(7), transformer);
    // Two directions · 28 rows · ((28 + 3) inputs · 12 sums + 9 products of gates), output 6·10.
    assert_eq!(found(8), 2 * 28 * (372 + 9) + 60);
}

#[test]
fn only_what_should_begins_at_one() {
    for net in small_nets() {
        let first = net.layout().initial_weights(&mut Stream::new(3, "test-first", &[]));
        for (parameter, range) in net.layout().iter() {
            let begins_at_one = parameter.name.ends_with(".gain") || parameter.name.ends_with(".forget_bias");
            let is_drawn =
                [".weight", ".positions", "_factor"].iter().any(|end| parameter.name.ends_with(end));
            let values = &first[range];
            match is_drawn {
                true => assert!(values.windows(2).any(|pair| pair[0] != pair[1]), "{}", parameter.name),
                false => {
                    let expected = if begins_at_one { 1.0 } else { 0.0 };
                    assert!(values.iter().all(|value| *value == expected), "{}", parameter.name);
                }
            }
        }
    }
}

#[test]
fn heads_that_do_not_divide_the_width_are_refused_by_name() {
    let mut report = Report::default();
    let check = |json: &str, report: &mut Report| {
        serde_json::from_str::<Net>(json).unwrap().check("net", report);
    };
    check(r#"{"vit": {}}"#, &mut report);
    check(r#"{"rnn": {}}"#, &mut report);
    assert!(report.problems.is_empty(), "{report:?}");
    check(r#"{"vit": {"width": 30, "heads": 4}}"#, &mut report);
    check(r#"{"vit": {"width": 1, "depth": 0, "heads": 0, "mlp_width": 0, "dropout": 1}}"#, &mut report);
    check(r#"{"rnn": {"units": 0}}"#, &mut report);
    let paths: Vec<&str> = report.problems.iter().map(|problem| problem.path.as_str()).collect();
    let vit =
        ["heads", "width", "depth", "heads", "mlp_width", "dropout"].map(|name| format!("net.vit.{name}"));
    assert_eq!(paths[..6], vit);
    assert_eq!(paths[6..], ["net.rnn.units"]);
    assert_eq!(
        (report.problems[0].value.as_str(), report.problems[0].allowed.to_string().as_str()),
        ("4", "a number that divides the width, 30")
    );
}

#[test]
fn a_rank_that_no_matrix_of_a_hidden_layer_can_have_is_refused() {
    let problems = |json: &str| {
        let mut report = Report::default();
        serde_json::from_str::<Net>(json).unwrap().check("net", &mut report);
        report.problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(problems(r#"{"mlp": {"hidden": [30, 20], "rank": 20}}"#), Vec::<String>::new());
    assert_eq!(
        problems(r#"{"mlp": {"hidden": [30, 20], "rank": 21}}"#),
        [
            "net.mlp.rank: 21 is not allowed; allowed: at most 20, the smallest side of the hidden layers' weights"
        ]
    );
    let told = problems(r#"{"mlp": {"hidden": [1000], "rank": 785}}"#);
    assert!(told[0].contains("at most 784"), "{told:?}");
    let told = problems(r#"{"mlp": {"rank": 0}}"#);
    assert!(
        told[0].contains("net.mlp.rank: 0 is not allowed; allowed: a whole number from 1 to"),
        "{told:?}"
    );
}

/// He et al. 2015: weights before a ReLU begin with the variance 2 / from.
#[test]
fn the_product_of_two_factors_begins_with_the_variance_of_one_matrix() {
    for (hidden, rank) in [(256, 32), (64, 64), (300, 8)] {
        let net = Net::Mlp(Mlp { hidden: vec![hidden], rank: Some(rank), ..Mlp::default() });
        let first = net.layout().initial_weights(&mut Stream::new(4, "test-variance", &[]));
        let (hidden, rank) = (hidden as usize, rank as usize);
        let (left, right) = first.split_at(784 * rank);
        let at = |i: usize, o: usize| -> f32 {
            (0..rank).map(|inner| left[i * rank + inner] * right[inner * hidden + o]).sum()
        };
        let squares = (0..784 * hidden).map(|place| f64::from(at(place / hidden, place % hidden)).powi(2));
        let variance = squares.sum::<f64>() / (784 * hidden) as f64;
        // Of rank · (784 + hidden) numbers drawn: a standard deviation of 1 % at rank 8.
        assert!((variance * 784.0 / 2.0 - 1.0).abs() < 0.05, "{hidden}, {rank}: {variance}");
    }
}

#[test]
fn each_rate_of_dropout_changes_a_training_pass_alone() {
    for kind in ["mlp", "cnn", "vit", "rnn"] {
        let logits = |rates: &str, dropout: Dropout| -> Vec<f32> {
            let net: Net = serde_json::from_str(&format!(r#"{{"{kind}": {{{rates}}}}}"#)).unwrap();
            let weights = initial_weights(&net);
            let device = Engine::cpu().device;
            let vector = Tensor::from_data(TensorData::new(weights.clone(), [weights.len()]), &device);
            let digits = Tensor::from_data(TensorData::new(batch(2).pixels, [2, PIXELS]), &device).autodiff();
            let weights = net.layout().split(&vector).tracked();
            let logits = net.forward(&weights, digits, &mut Pass::training(dropout));
            logits.into_data().try_into_vec().unwrap()
        };
        let plain = logits("", Dropout::off());
        for rates in [r#""dropout": 0.5"#, r#""input_dropout": 0.5"#] {
            assert_eq!(logits(rates, Dropout::off()), plain, "{kind} {rates}");
            let dropped = logits(rates, Dropout::training(1, 1));
            assert_ne!(dropped, plain, "{kind} {rates}");
            assert!(dropped.iter().all(|z| z.is_finite()), "{kind} {rates}");
        }
    }
}

#[test]
fn a_part_is_left_out_as_often_as_asked_and_in_training_alone() {
    let mut training = Dropout::training(1, 5);
    let left_out = (0..20_000).filter(|_| training.leaves_out(0.3)).count() as f64 / 20_000.0;
    // One standard deviation is 0.0032.
    assert!((left_out - 0.3).abs() < 0.02, "{left_out}");
    assert!((0..1000).all(|_| !Dropout::off().leaves_out(0.95)));
    // What is never left out takes nothing from the stream that masks are drawn from.
    let mask = |mut dropout: Dropout| {
        assert!(!dropout.leaves_out(0.0));
        dropout.mask(50, 0.5)
    };
    assert_eq!(mask(Dropout::training(1, 6)), Dropout::training(1, 6).mask(50, 0.5));
}

#[test]
fn dropout_keeps_the_mean_and_is_equal_for_equal_steps() {
    let ones = || Tensor::<2>::ones([200, 100], &Engine::cpu().device);
    let dropped = |seed, step| -> Vec<f32> {
        Pass::training(Dropout::training(seed, step)).drop(ones(), 0.4).into_data().try_into_vec().unwrap()
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
        let checkpoint = Checkpoint { weights: initial_weights(&net), net: net.clone() };
        let bytes = checkpoint.to_safetensors("a", Storage::F32).unwrap();
        assert_eq!(Checkpoint::from_safetensors("a", net.clone(), &bytes).unwrap(), checkpoint);
        // In half precision as they are rounded: to 11 bits, where they are normal numbers.
        let halves = checkpoint.to_safetensors("a", Storage::F16).unwrap();
        assert!(halves.len() < bytes.len());
        let rounded = Checkpoint::from_safetensors("a", net, &halves).unwrap();
        assert_eq!(rounded, checkpoint.rounded());
        for (rounded, weight) in rounded.weights.iter().zip(&checkpoint.weights) {
            assert!(
                (rounded - weight).abs() <= weight.abs() / 2048.0 + 2.0_f32.powi(-25),
                "{weight}: {rounded}"
            );
        }
    }
}

#[test]
fn a_checkpoint_of_another_network_is_refused_by_name() {
    let net = |width| Net::Mlp(Mlp { hidden: vec![width], ..Mlp::default() });
    let checkpoint = Checkpoint { weights: initial_weights(&net(4)), net: net(4) };
    let bytes = checkpoint.to_safetensors("a", Storage::F32).unwrap();
    let error = Checkpoint::from_safetensors("a", net(5), &bytes).unwrap_err().to_string();
    assert!(error.contains("layers.0.weight") && error.contains("[784, 5]"), "{error}");
    let deeper = Net::Mlp(Mlp { hidden: vec![4, 4], ..Mlp::default() });
    assert!(Checkpoint::from_safetensors("a", deeper, &bytes).is_err());
    assert!(Checkpoint::from_safetensors("a", net(4), &bytes[..bytes.len() - 1]).is_err());
    let broken = Checkpoint { weights: vec![f32::NAN; checkpoint.weights.len()], net: net(4) };
    let error = Checkpoint::from_safetensors("a", net(4), &broken.to_safetensors("a", Storage::F32).unwrap())
        .unwrap_err();
    assert!(error.to_string().contains("finite"), "{error}");
}
