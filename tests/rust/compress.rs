//! Models whose weights are held small while they learn, and what is made of trained ones.

use crate::common::{advance, config, digits, finish, session, weights};
use distillery::compress::{Compression, Held, Per, Quantise, unpack};
use distillery::data::{Batch, PIXELS, SampleId, Split, Task, heads};
use distillery::distill::HardMix;
use distillery::experiment::{CheckpointStore, Session};
use distillery::nets::{Cnn, Dropout, Mlp, Net};
use distillery::random::Stream;
use distillery::train::{Engine, Inputs, Learner, Optimiser, Requirements, Sgd, StepInputs, Update};
use pollster::block_on;

fn batch() -> Batch {
    let n = 12;
    let mut stream = Stream::new(1, "batch", &[]);
    Batch {
        ids: (0..n as u32).map(|index| SampleId { split: Split::Train, index }).collect(),
        pixels: (0..n * PIXELS).map(|_| stream.uniform(0.0, 1.0)).collect(),
        labels: (0..n as u8).map(|index| index % 10).collect(),
        labelled: vec![true; n],
        tasks: vec![0; n],
        as_loaded: false,
        mix: None,
    }
}

fn descent() -> StepInputs {
    StepInputs {
        hard: HardMix { weight: 1.0, label_smoothing: 0.0 },
        soft: None,
        imitated: Vec::new(),
        optimiser: Optimiser::Sgd(Sgd { momentum: 0.0 }),
        update: Update { learning_rate: 0.5, weight_decay: 0.0, max_norm: None },
        dropout: Dropout::off(),
        progress: 1.0,
    }
}

#[test]
fn the_gradient_passes_straight_through_the_rounding() {
    let net = Net::Mlp(Mlp { hidden: vec![5], ..Mlp::default() });
    let learnt = net.layout().initial_weights(&mut Stream::new(1, "weights", &[]));
    let way = Compression::Quantise(Quantise { bits: 3, per: Per::Channel, ..Quantise::default() });
    let held = Held::new(&[way], &net, 1, true).unwrap();
    let computed = held.computed(&learnt);
    let engine = Engine::cpu();
    let inputs = || Inputs::new(batch(), &heads([Task::Digit]));
    // By definition: the gradient is that of the rounded weights, and the learnt ones are changed by it.
    let mut plain = Learner::new(net.clone(), computed.clone(), &engine);
    plain.step(&inputs(), descent());
    let after = block_on(plain.weights()).unwrap();
    let changes = after.iter().zip(&computed).map(|(after, computed)| after - computed);
    let expected: Vec<f32> = learnt.iter().zip(changes).map(|(learnt, change)| learnt + change).collect();

    let requirements = Requirements { held: Some(held.clone()), ..Requirements::default() };
    let mut quantised = Learner::meeting(requirements, net, learnt.clone(), &engine);
    assert_eq!(block_on(quantised.weights()).unwrap(), computed);
    quantised.step(&inputs(), descent());
    assert_eq!(block_on(quantised.state()).unwrap().weights, expected);
    assert_eq!(block_on(quantised.weights()).unwrap(), held.computed(&expected));
    assert_ne!(expected, learnt);
}

/// The mean cross-entropy of logits `n × 10` with the batch's labels, and its gradient in them.
fn cross_entropy(logits: &[f64], labels: &[u8]) -> (f64, Vec<f64>) {
    let n = labels.len() as f64;
    let (mut loss, mut gradient) = (0.0, Vec::new());
    for (logits, label) in logits.chunks_exact(10).zip(labels) {
        let sum: f64 = logits.iter().map(|logit| logit.exp()).sum();
        loss += (sum.ln() - logits[usize::from(*label)]) / n;
        let target = |class: usize| if class == usize::from(*label) { 1.0 } else { 0.0 };
        gradient
            .extend(logits.iter().enumerate().map(|(class, logit)| (logit.exp() / sum - target(class)) / n));
    }
    (loss, gradient)
}

/// Rows as what enters a layer of whole numbers.
fn entering(values: &[f64], width: usize) -> Vec<f64> {
    let mut rounded: Vec<f32> = values.iter().map(|value| *value as f32).collect();
    distillery_kernels::round_rows(&mut rounded, width);
    rounded.into_iter().map(f64::from).collect()
}

/// The gradient of a batch's mean cross-entropy in a perceptron's weights, by definition: each layer reads rounded values,
/// and what it hands down passes the rounding as if there were none.
fn gradient_through_rounded_layers(net: &Net, weights: &[f32], batch: &Batch) -> Vec<f64> {
    let layers: Vec<_> =
        net.layout().dense_layers().map(|layer| (layer.from, layer.to, layer.range)).collect();
    let n = batch.labels.len();
    let mut values: Vec<f64> = batch.pixels.iter().map(|pixel| f64::from(*pixel)).collect();
    let (mut read, mut shown) = (Vec::new(), Vec::new());
    for (from, to, range) in &layers {
        let (own, biases) = weights[range.clone()].split_at(from * to);
        let rows = entering(&values, *from);
        let output = |at: usize| {
            let products = (0..*from).map(|i| rows[at / to * from + i] * f64::from(own[i * to + at % to]));
            products.sum::<f64>() + f64::from(biases[at % to])
        };
        values = (0..n * to).map(output).collect();
        shown.push(values.clone());
        values.iter_mut().for_each(|value| *value = value.max(0.0));
        read.push(rows);
    }
    let (_, mut above) = cross_entropy(shown.last().unwrap(), &batch.labels);
    let mut gradient = vec![0.0; weights.len()];
    for (place, (from, to, range)) in layers.iter().enumerate().rev() {
        let own = &weights[range.clone()];
        let mut below = vec![0.0; n * from];
        for digit in 0..n {
            for j in 0..*to {
                let above = above[digit * to + j];
                gradient[range.start + from * to + j] += above;
                for i in 0..*from {
                    gradient[range.start + i * to + j] += above * read[place][digit * from + i];
                    below[digit * from + i] += above * f64::from(own[i * to + j]);
                }
            }
        }
        if place > 0 {
            let is_open = shown[place - 1].iter().map(|value| *value > 0.0);
            below.iter_mut().zip(is_open).for_each(|(below, is_open)| *below *= f64::from(u8::from(is_open)));
        }
        above = below;
    }
    gradient
}

/// What is asked in whole numbers has been trained with what it will be asked with.
#[test]
fn training_meets_the_activations_that_answers_are_made_of() {
    let nets = [
        Net::Mlp(Mlp { hidden: vec![9, 7], ..Mlp::default() }),
        Net::Cnn(Cnn { channels: vec![3, 4], kernel: 3, hidden: vec![8], ..Cnn::default() }),
    ];
    for net in nets {
        let stream = &mut Stream::new(1, "weights", &[]);
        let mut learnt = net.layout().initial_weights(stream);
        // Without biases outputs are multiples of one number, and as often as not exactly between two roundings.
        for (_, range) in net.layout().iter().filter(|(parameter, _)| parameter.name.ends_with("bias")) {
            learnt[range].iter_mut().for_each(|bias| *bias = stream.uniform(-0.1, 0.1));
        }
        let way = |activations| {
            let quantise = Quantise { bits: 4, per: Per::Channel, activations, ..Quantise::default() };
            Held::new(&[Compression::Quantise(quantise)], &net, 1, true).unwrap()
        };
        let step = |held: Held| {
            let requirements = Requirements { held: Some(held), ..Requirements::default() };
            let mut learner = Learner::meeting(requirements, net.clone(), learnt.clone(), &Engine::cpu());
            let logits: Vec<f64> =
                block_on(learner.logits(batch().pixels)).unwrap().into_iter().map(f64::from).collect();
            learner.step(&Inputs::new(batch(), &heads([Task::Digit])), descent());
            let state = block_on(learner.state()).unwrap();
            let loss = f64::from(state.loss_sums.hard.sum / state.loss_sums.hard.digits);
            (cross_entropy(&logits, &batch().labels).0, loss, state.weights)
        };
        let (asked, met, after) = step(way(true));
        let (plain, met_plain, after_plain) = step(way(false));
        assert!((asked - met).abs() < 1e-6, "{asked} {met}");
        assert!((plain - met_plain).abs() < 1e-6, "{plain} {met_plain}");
        assert!((asked - plain).abs() > 1e-5, "rounded or not, {plain}");
        assert_ne!(after, after_plain);
        if matches!(net, Net::Mlp(_)) {
            let expected = gradient_through_rounded_layers(&net, &way(true).computed(&learnt), &batch());
            for (place, expected) in expected.into_iter().enumerate() {
                let found = f64::from(learnt[place] - after[place]) / 0.5;
                assert!((found - expected).abs() < 1e-5, "{place}: {found} {expected}");
            }
        }
    }
}

/// Every way at once, and each with a teacher.
const SHELF: &str = r#"{"version": 1, "seed": 5, "data": {"evaluated": 100}, "transfer_set": {"digits": 200},
    "training": {"epochs": 2, "batch_size": 32, "learning_rate": 0.01},
    "models": {
      "dense": {"net": {"mlp": {"hidden": [12]}}},
      "eight": {"net": {"same_as": "dense"}, "init": {"derive": {"from": "dense", "by": "copy", "frozen": true}},
                "compress": [{"quantise": {"bits": 8}}]},
      "four": {"net": {"same_as": "dense"}, "init": {"derive": {"from": "dense", "by": "copy"}},
               "learns_from": [{"model": "dense"}], "compress": [{"quantise": {"bits": 4, "per": "channel"}}]},
      "three": {"net": {"same_as": "dense"}, "compress": [{"ternarise": {}}]},
      "growing": {"net": {"same_as": "dense"}, "learns_from": [{"model": "dense"}],
                  "compress": [{"quantise": {"bits": 4}}, {"prune": {"kept": {"linear": {"from": 1, "to": 0.2}}}}]},
      "ticket": {"net": {"same_as": "dense"}, "init": {"same_as": "dense"},
                 "compress": [{"prune": {"kept": 0.3, "by": {"magnitude_of": "dense"}}}]},
      "second": {"net": {"same_as": "dense"}, "init": {"same_as": "dense"},
                 "compress": [{"prune": {"kept": 0.1, "by": {"magnitude_of": "ticket"}}}]},
      "drawn": {"net": {"same_as": "dense"}, "init": {"same_as": "dense"},
                "compress": [{"prune": {"kept": 0.3, "by": "random", "scope": "layer"}}]},
      "narrow": {"net": {"mlp": {"hidden": [6]}}, "init": {"derive": {"from": "dense", "by": "strongest_units"}},
                 "learns_from": [{"model": "dense"}]}}}"#;

/// Of the weights that may be left out, how many are there.
fn left(weights: &[f32]) -> usize {
    let (first, last) = (&weights[..784 * 12], &weights[784 * 12 + 12..784 * 12 + 12 + 120]);
    first.iter().chain(last).filter(|weight| **weight != 0.0).count()
}

const ALL: usize = 784 * 12 + 120;

fn share(of: f64) -> usize {
    (of * ALL as f64).ceil() as usize
}

#[test]
fn every_way_leaves_what_it_says_and_its_file_has_the_bytes_that_are_told() {
    let digits = digits(200, 100);
    let mut session = session(SHELF, &digits);
    finish(&mut session, &digits);
    let levels = |model: &str, layer: std::ops::Range<usize>| {
        let mut levels: Vec<u32> =
            weights(&session, model)[layer].iter().map(|w| (w + 0.0).to_bits()).collect();
        levels.sort_unstable();
        levels.dedup();
        levels.len()
    };
    let first = 0..784 * 12;
    assert!((100..=255).contains(&levels("eight", first.clone())));
    assert_eq!(levels("three", first.clone()), 3);
    assert!(levels("growing", first.clone()) <= 15);
    // Fifteen levels of each of twelve units, zero being one of all.
    assert!((30..=14 * 12 + 1).contains(&levels("four", first)));
    let kept = |model: &str| left(&weights(&session, model));
    assert!(kept("growing") <= share(0.2));
    assert_eq!([kept("ticket"), kept("second")], [share(0.3), share(0.1)]);
    assert_eq!(kept("drawn"), (0.3_f64 * 784.0 * 12.0).ceil() as usize + 36);

    let record = session.record();
    let agreed = |model: &str| record.models[model].epochs.last().unwrap().source_agreement;
    assert_eq!([agreed("dense"), agreed("three"), agreed("ticket")], [None; 3]);
    let ids: Vec<SampleId> = (0..100).map(|index| SampleId { split: Split::Test, index }).collect();
    let choices = |model: &str| {
        let logits = block_on(session.logits_of(model, &digits, &ids)).unwrap();
        let choice = |row: &[f32]| (0..10).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap();
        logits.chunks(10).map(choice).collect::<Vec<_>>()
    };
    let same = choices("eight").into_iter().zip(choices("dense")).filter(|(a, b)| a == b).count();
    assert_eq!(agreed("eight"), Some(same as u32));
    for (name, cost) in &record.costs {
        let stored = cost.stored.unwrap();
        let file = block_on(session.packed(name)).unwrap();
        assert_eq!(stored.file_bytes, file.len() as u64, "{name}");
        let again = unpack(name, &file).unwrap();
        assert_eq!(again.weights, weights(&session, name), "{name}");
        let nonzero = again.weights.iter().filter(|weight| **weight != 0.0).count();
        assert_eq!(stored.nonzero, nonzero as u64, "{name}");
        let is_narrow = name == "narrow";
        let products = if is_narrow { 784 * 6 + 60 } else { left(&again.weights) };
        assert!(is_narrow || stored.effective_multiply_adds == products as u64, "{name}");
    }
    let bytes = |model: &str| record.costs[model].stored.unwrap().file_bytes as usize;
    assert!(bytes("dense") > 4 * ALL && bytes("eight") < ALL + 800 && bytes("four") < ALL / 2 + 1000);
    assert!(bytes("growing") < bytes("four"));
}

#[test]
fn a_ticket_begins_with_its_sources_first_weights_where_the_source_ended_large() {
    let digits = digits(200, 100);
    // Nothing but the dense model moves.
    let still = r#""training": {"epochs": 1, "batch_size": 32, "learning_rate": 0.0}, "compress""#;
    let mut session = session(&SHELF.replace("\"compress\"", still), &digits);
    let mut begun = Vec::new();
    loop {
        if begun.is_empty() {
            begun = weights(&session, "dense");
        }
        if advance(&mut session, &digits, 1).finished {
            break;
        }
    }
    let (ended, ticket) = (weights(&session, "dense"), weights(&session, "ticket"));
    let mut magnitudes: Vec<f32> = (0..ALL + 12)
        .filter(|place| !(784 * 12..784 * 12 + 12).contains(place))
        .map(|place| ended[place].abs())
        .collect();
    magnitudes.sort_by(f32::total_cmp);
    let threshold = magnitudes[ALL - share(0.3)];
    for place in (0..784 * 12).chain(784 * 12 + 12..784 * 12 + 132) {
        let expected = if ended[place].abs() >= threshold { begun[place] } else { 0.0 };
        assert_eq!(ticket[place], expected, "{place}");
    }
}

#[test]
fn every_way_goes_on_from_a_snapshot_as_if_nothing_had_happened() {
    let digits = digits(200, 100);
    let mut whole = session(SHELF, &digits);
    finish(&mut whole, &digits);
    for steps in [3, 9, 40, 75] {
        let mut broken = session(SHELF, &digits);
        advance(&mut broken, &digits, steps);
        let bytes = block_on(broken.snapshot()).unwrap();
        let resumed =
            Session::resume(2, config(SHELF), &bytes, &digits, &Engine::cpu(), &CheckpointStore::default());
        let mut resumed = resumed.unwrap();
        finish(&mut resumed, &digits);
        assert_eq!(whole.record().digest, resumed.record().digest, "after {steps} steps");
    }
}

#[test]
fn what_cannot_be_is_refused_by_its_field() {
    let problems = |from: &str, to: &str| {
        assert!(SHELF.contains(from), "{from}");
        let problems = config(&SHELF.replace(from, to)).problems();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    let cases = [
        (r#"{"bits": 8}"#, r#"{"bits": 9}"#, "models.eight.compress[0].quantise.bits: 9"),
        (r#""kept": 0.1,"#, r#""kept": 0.0,"#, "models.second.compress[0].prune.kept: 0"),
        (
            r#"{"magnitude_of": "ticket"}"#,
            r#"{"magnitude_of": "nobody"}"#,
            "compress[0].prune.by.magnitude_of",
        ),
        (r#"{"magnitude_of": "ticket"}"#, r#"{"magnitude_of": "second"}"#, "models.second"),
        (r#"{"magnitude_of": "ticket"}"#, r#"{"magnitude_of": "narrow"}"#, "a model with the same network"),
        (r#"{"mlp": {"hidden": [6]}}"#, r#"{"mlp": {"hidden": [13]}}"#, "or fewer"),
        (r#"{"mlp": {"hidden": [6]}}"#, r#"{"vit": {}}"#, "models.narrow.init.derive.by"),
        (
            r#"{"net": {"same_as": "dense"}, "compress": [{"ternarise"#,
            r#"{"net": {"same_as": "dense"}, "init": {"pretrained": "mnist"}, "compress": [{"ternarise"#,
            "models.three.compress",
        ),
    ];
    for (from, to, told) in cases {
        let found = problems(from, to);
        assert!(found.contains(told), "{found} does not have {told}");
    }
}

#[test]
fn networks_in_whole_numbers_answer_as_their_weights_do() {
    let digits = digits(200, 100);
    let cnn = SHELF.replace(
        r#""dense": {"net": {"mlp": {"hidden": [12]}}}"#,
        r#""dense": {"net": {"cnn": {"channels": [3, 5], "kernel": 3, "hidden": [9]}}}"#,
    );
    let cnn = cnn.replace(
        r#"{"mlp": {"hidden": [6]}}"#,
        r#"{"cnn": {"channels": [2, 5], "kernel": 3, "hidden": [9]}}"#,
    );
    for (text, per) in [(SHELF, "tensor"), (&*cnn, "tensor"), (&*cnn, "channel")] {
        let run = |activations: bool| {
            let way = format!(r#"{{"bits": 8, "per": "{per}", "activations": {activations}}}"#);
            let mut session = session(&text.replace(r#"{"bits": 8}"#, &way), &digits);
            finish(&mut session, &digits);
            session
        };
        let (plain, whole) = (run(false), run(true));
        assert_eq!(weights(&plain, "eight"), weights(&whole, "eight"));
        let ids: Vec<SampleId> = (0..100).map(|index| SampleId { split: Split::Test, index }).collect();
        let logits = |session: &Session| block_on(session.logits_of("eight", &digits, &ids)).unwrap();
        let (expected, found) = (logits(&plain), logits(&whole));
        assert_ne!(expected, found);
        let largest = expected.iter().fold(0.0_f32, |largest, logit| largest.max(logit.abs()));
        // Activations of 7 bits are off by up to 1 / 254 of the largest in each of up to four layers; tests/python has the
        // very numbers.
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).abs() < 0.05 * largest, "{found} {expected}");
        }
    }
}

/// A deep transformer, and shallow ones that begin with some of its blocks.
const THESEUS: &str = r#"{"version": 1, "seed": 5, "data": {"evaluated": 100}, "transfer_set": {"digits": 200},
    "training": {"epochs": 2, "batch_size": 32, "learning_rate": 0.01},
    "models": {
      "deep": {"net": {"vit": {"width": 8, "heads": 2, "mlp_width": 8, "depth": 4}}},
      "start": {"net": {"vit": {"width": 8, "heads": 2, "mlp_width": 8, "depth": 2}},
                "init": {"derive": {"from": "deep", "by": {"copy_layers": {"layers": [0, 1, 3, 5]}}, "frozen": true}}},
      "plain": {"net": {"same_as": "start"}, "init": {"derive": {"from": "start", "by": "copy"}}},
      "always": {"net": {"same_as": "start"}, "init": {"derive": {"from": "start", "by": "copy"}},
                 "replaces": {"model": "deep", "probability": 1.0}},
      "never": {"net": {"same_as": "start"}, "init": {"derive": {"from": "start", "by": "copy"}},
                "replaces": {"model": "deep", "probability": 0.0}},
      "rising": {"net": {"same_as": "start"}, "init": {"derive": {"from": "start", "by": "copy"}},
                 "replaces": {"model": "deep"}},
      "mixture": {"net": {"same_as": "start"}, "init": {"derive": {"from": "start", "by": "copy"}},
                  "replaces": {"model": "deep"}, "compress": [{"quantise": {"bits": 4}}],
                  "learns_from": [{"model": "deep"}]}}}"#;

#[test]
fn blocks_learn_in_the_place_of_others() {
    let digits = digits(200, 100);
    let mut session = session(THESEUS, &digits);
    finish(&mut session, &digits);
    let of = |model: &str| weights(&session, model);
    assert_eq!(of("always"), of("plain"));
    let net = block_on(session.checkpoint("start")).unwrap().net;
    let (start, never, rising) = (of("start"), of("never"), of("rising"));
    for (parameter, range) in net.layout().iter() {
        let is_block = [Some(1), Some(2)].contains(&parameter.layer);
        let moved = start[range.clone()] != never[range.clone()];
        // What stands in for nobody does not learn; embedding and output do.
        assert!(is_block != moved || !parameter.name.ends_with("weight"), "{}", parameter.name);
        assert!(!is_block || start[range.clone()] == never[range.clone()], "{}", parameter.name);
        assert!(
            !parameter.name.ends_with("weight") || start[range.clone()] != rising[range],
            "{}",
            parameter.name
        );
    }
    assert_ne!(rising, of("plain"));
    let held = Held::new(&config(THESEUS).models["mixture"].compress, &net, 5, true).unwrap();
    assert_eq!(held.computed(&of("mixture")), of("mixture"));
    assert!(block_on(session.packed("mixture")).unwrap().len() < of("mixture").len() * 4);
}

#[test]
fn replacing_goes_on_from_a_snapshot_as_if_nothing_had_happened() {
    let digits = digits(200, 100);
    let mut whole = session(THESEUS, &digits);
    finish(&mut whole, &digits);
    for steps in [5, 17, 20, 24] {
        let mut broken = session(THESEUS, &digits);
        advance(&mut broken, &digits, steps);
        let bytes = block_on(broken.snapshot()).unwrap();
        let resumed =
            Session::resume(2, config(THESEUS), &bytes, &digits, &Engine::cpu(), &CheckpointStore::default());
        let mut resumed = resumed.unwrap();
        // Also before a step has asked for the predecessor again.
        assert_eq!(block_on(resumed.snapshot()).unwrap().len(), bytes.len());
        finish(&mut resumed, &digits);
        assert_eq!(whole.record().digest, resumed.record().digest, "after {steps} steps");
    }
}

#[test]
fn what_cannot_stand_in_for_another_is_refused_by_its_field() {
    let problems = |from: &str, to: &str| {
        assert!(THESEUS.contains(from), "{from}");
        let problems = config(&THESEUS.replace(from, to)).problems();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    let cases = [
        (r#""depth": 4}"#, r#""depth": 5}"#, "models.always.replaces.model"),
        (r#""probability": 0.0"#, r#""probability": 1.5"#, "models.never.replaces.probability: 1.5"),
        (
            r#"{"model": "deep", "probability": 1.0}"#,
            r#"{"model": "nobody"}"#,
            "models.always.replaces.model",
        ),
        (r#"{"model": "deep", "probability": 1.0}"#, r#"{"model": "always"}"#, "models.always"),
        (
            r#""frozen": true}}}"#,
            r#""frozen": true}}, "replaces": {"model": "deep"}}"#,
            "models.start.replaces",
        ),
    ];
    for (from, to, told) in cases {
        let found = problems(from, to);
        assert!(found.contains(told), "{found} does not have {told}");
    }
}

#[test]
fn what_a_model_would_be_is_what_a_derived_and_frozen_one_is() {
    let digits = digits(200, 100);
    let mut session = session(SHELF, &digits);
    finish(&mut session, &digits);
    let before = weights(&session, "dense");
    let record = session.record();
    let ways = [Compression::Quantise(Quantise { bits: 8, ..Quantise::default() })];
    let asked = block_on(session.compressed("dense", &ways, None, &digits)).unwrap();
    let measures = record.models["eight"].epochs.last().unwrap();
    assert_eq!((asked.errors, asked.evaluated), (measures.errors, measures.evaluated));
    assert_eq!(Some(asked.stored), record.costs["eight"].stored);
    // Nothing happens to the model that was asked about.
    assert_eq!(weights(&session, "dense"), before);
    assert_eq!(session.record().digest, record.digest);

    // A tenth of them, and none of those further: the layers' weights are counted, pixel by pixel as well.
    let prune: Compression = serde_json::from_str(r#"{"prune": {"kept": 0.1}}"#).unwrap();
    let asked = block_on(session.compressed("dense", &[prune], None, &digits)).unwrap();
    let [first, last] = &asked.layers[..] else { panic!("two layers") };
    let zeros = first.after.zeros + last.after.zeros;
    assert_eq!(ALL - zeros as usize, share(0.1));
    let left = first.after.bins.iter().sum::<u32>();
    assert_eq!(first.before.bins.iter().sum::<u32>() + first.before.zeros, left + first.after.zeros);
    let of_pixels = first.kept_of_pixels.as_ref().unwrap();
    assert_eq!((of_pixels.len(), &last.kept_of_pixels), (784, &None));
    assert_eq!((of_pixels.iter().sum::<f32>() * 12.0).round(), left as f32);

    // A model keeps the ways that it has: few bits stay few when zeros come to them.
    let kept: Compression = serde_json::from_str(r#"{"prune": {"kept": 0.999}}"#).unwrap();
    let again = block_on(session.compressed("eight", &[kept], None, &digits)).unwrap();
    assert!(again.stored.file_bytes < record.costs["eight"].stored.unwrap().file_bytes + 2000);
    let refused = block_on(session.compressed(
        "dense",
        &[serde_json::from_str(r#"{"prune": {"kept": 0}}"#).unwrap()],
        None,
        &digits,
    ));
    assert!(refused.unwrap_err().to_string().contains("kept"));
}

#[test]
fn a_model_of_fewer_layers_is_what_one_derived_from_them_and_frozen_is() {
    let text = r#"{"version": 1, "seed": 1, "data": {"evaluated": 100}, "transfer_set": {"digits": 200},
        "training": {"epochs": 2, "batch_size": 32, "learning_rate": 0.005},
        "models": {
            "deep": {"net": {"vit": {"width": 8, "depth": 4, "heads": 2, "mlp_width": 8, "layer_drop": 0.3}}},
            "half": {"net": {"vit": {"width": 8, "depth": 2, "heads": 2, "mlp_width": 8}},
                "init": {"derive": {"from": "deep", "by": {"copy_layers": {"layers": [0, 1, 3, 5]}}, "frozen": true}}}}}"#;
    let digits = digits(200, 100);
    let mut session = session(text, &digits);
    finish(&mut session, &digits);
    let record = session.record();
    let asked = |depth| block_on(session.compressed("deep", &[], Some(depth), &digits));
    let [half, whole] = [2, 4].map(|depth| asked(depth).unwrap());
    let errors = |name: &str| record.models[name].epochs.last().unwrap().errors;
    assert_eq!([half.errors, whole.errors], [errors("half"), errors("deep")]);
    assert_eq!(half.stored.nonzero, record.costs["half"].stored.unwrap().nonzero);
    for depth in [0, 5, u32::MAX] {
        let refused = asked(depth).unwrap_err();
        assert_eq!(
            (refused.code(), refused.to_string().contains("depth")),
            ("config_invalid", true),
            "{refused}"
        );
    }
}
