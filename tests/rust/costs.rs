//! What networks take: the sums by hand, and what training and checkpoints hold.

use std::collections::BTreeSet;

use crate::common::{digits, finish, session};
use distillery::experiment::{Event, recipes};
use distillery::nets::{Checkpoint, Cnn, Cost, Mlp, Net, Network, ParameterKind, Rnn, Storage, Vit};
use distillery::random::Stream;
use distillery::train::{Engine, Learner};

#[track_caller]
fn takes(net: Net, weights: u64, multiply_adds: u64) {
    assert_eq!(net.cost(), Cost { weights, bytes: 4 * weights, multiply_adds });
}

#[test]
fn a_perceptron_takes_a_multiply_add_for_each_weight_that_is_no_bias() {
    let products = 784 * 128 + 128 * 64 + 64 * 10;
    assert_eq!((products, products + 128 + 64 + 10), (109_184, 109_386));
    takes(Net::Mlp(Mlp { hidden: vec![128, 64], ..Mlp::default() }), 109_386, 109_184);
    takes(Net::Mlp(Mlp { hidden: vec![], ..Mlp::default() }), 7_850, 7_840);
}

#[test]
fn thin_layers_take_a_multiply_add_for_each_weight_of_either_factor() {
    let products = (784 * 16 + 16 * 128) + (128 * 16 + 16 * 64) + 64 * 10;
    assert_eq!((products, products + 128 + 64 + 10), (18_304, 18_506));
    takes(Net::Mlp(Mlp { hidden: vec![128, 64], rank: Some(16), ..Mlp::default() }), 18_506, 18_304);
}

#[test]
fn auxiliary_outputs_are_held_and_told_for_no_digit() {
    let net = Mlp { hidden: vec![6], auxiliary: 3, ..Mlp::default() };
    takes(Net::Mlp(net), 784 * 6 + 6 + 6 * 13 + 13, 784 * 6 + 6 * 10);
}

/// The shipped teacher's network: its kernels are used at 24² places, then at 8².
#[test]
fn a_convolution_takes_each_of_its_weights_at_every_place() {
    let weights = (12 * 25 + 12) + (24 * 12 * 25 + 24) + (24 * 16 * 96 + 96) + (96 * 10 + 10);
    let multiply_adds = 24 * 24 * 12 * 25 + 8 * 8 * 24 * 12 * 25 + 24 * 16 * 96 + 96 * 10;
    assert_eq!((weights, multiply_adds), (45_466, 671_424));
    takes(Net::Cnn(Cnn::default()), weights, multiply_adds);
}

/// 16 tokens of 32 values, two blocks. Attention's own products are of queries with keys and of attention with values.
#[test]
fn a_transformer_takes_its_products_for_every_token_and_those_of_attention() {
    let norm = 2 * 32;
    let block = norm + (32 * 96 + 96) + (32 * 32 + 32) + norm + (32 * 64 + 64) + (64 * 32 + 32);
    let weights = (49 * 32 + 32) + 16 * 32 + 2 * block + norm + (32 * 10 + 10);
    let norms = 2 * 16 * 32;
    let block = 2 * norms + 16 * (32 * 96 + 32 * 32 + 32 * 64 + 64 * 32) + 2 * 16 * 16 * 32;
    let multiply_adds = 16 * 49 * 32 + 2 * block + norms + 32 * 10;
    assert_eq!((weights, multiply_adds), (19_594, 325_440));
    takes(Net::Vit(Vit::default()), weights, multiply_adds);
}

/// The same with four blocks: they take four times a block's products, and one block's weights.
#[test]
fn blocks_that_share_their_weights_take_as_many_products_and_the_weights_of_one() {
    let norm = 2 * 32;
    let block = norm + (32 * 96 + 96) + (32 * 32 + 32) + norm + (32 * 64 + 64) + (64 * 32 + 32);
    let weights = (49 * 32 + 32) + 16 * 32 + block + norm + (32 * 10 + 10);
    assert_eq!(weights, 11_050);
    let shared = Vit { depth: 4, shared: true, ..Vit::default() };
    let apart = Net::Vit(Vit { shared: false, ..shared.clone() }).cost();
    assert_eq!(apart.weights, weights + 3 * block);
    takes(Net::Vit(shared.clone()), weights, apart.multiply_adds);
    // What leaving weights out would save: as often as each is used.
    let products = |vit: &Vit| -> u64 {
        let parameters = vit.parameters().into_iter().filter(|p| p.kind == ParameterKind::Dense);
        parameters.map(|parameter| parameter.len() as u64 * vit.uses(&parameter)).sum()
    };
    assert_eq!(products(&shared), products(&Vit { shared: false, ..shared.clone() }));
}

/// 32 units each way, 28 rows; four gates of a row and the state before, and three products of gates.
#[test]
fn a_recurrent_network_takes_its_gates_in_every_row_and_direction() {
    let weights = 2 * ((28 + 32) * 128 + 128) + (64 * 10 + 10);
    let multiply_adds = 2 * 28 * ((28 + 32) * 128 + 3 * 32) + 64 * 10;
    assert_eq!((weights, multiply_adds), (16_266, 436_096));
    takes(Net::Rnn(Rnn::default()), weights, multiply_adds);
}

#[test]
fn every_network_of_every_recipe_holds_as_many_weights_and_bytes_as_it_says() {
    let mut seen = BTreeSet::new();
    for recipe in recipes() {
        let costs = recipe.config.costs();
        for (name, net) in recipe.config.nets() {
            let cost = costs[&name];
            assert_eq!(cost, net.cost(), "{name} of {}", recipe.name);
            if !seen.insert(serde_json::to_string(&net).unwrap()) {
                continue;
            }
            let drawn = net.layout().initial_weights(&mut Stream::new(1, "test", &[]));
            let learner = Learner::new(net.clone(), drawn, &Engine::cpu());
            let weights = pollster::block_on(learner.weights()).unwrap();
            assert_eq!(cost.weights, weights.len() as u64, "{name} of {}", recipe.name);
            let file = Checkpoint { net, weights }.to_safetensors(&name, Storage::F32).unwrap();
            // A safetensors file: the length of its header, the header, the weights.
            let header = u64::from_le_bytes(file[..8].try_into().unwrap());
            assert_eq!(cost.bytes, file.len() as u64 - 8 - header, "{name} of {}", recipe.name);
        }
    }
    let is_seen = |kind: &str| seen.iter().any(|net| net.starts_with(&format!("{{\"{kind}\"")));
    assert!(Net::KINDS.into_iter().all(is_seen), "{seen:?}");
}

const RACE: &str = r#"{"version": 1, "data": {"evaluated": 50}, "transfer_set": {"digits": 100},
    "training": {"epochs": 1, "batch_size": 50}, "models": {
      "teacher": {"net": {"mlp": {"hidden": [24]}}},
      "student": {"net": {"mlp": {"hidden": [8]}}, "learns_from": [{"model": "teacher"}]},
      "lifted": {"net": {"same_as": "student"},
        "init": {"derive": {"from": "student", "by": {"raise_bias": {"classes": [3], "by": 1}}, "frozen": true}}}}}"#;

#[test]
fn a_run_tells_what_each_model_takes_and_times_it_once() {
    let digits = digits(100, 50);
    let mut session = session(RACE, &digits);
    let untimed = session.record();
    assert!(untimed.costs.values().all(|cost| cost.microseconds_a_digit.is_none()), "{:?}", untimed.costs);
    let events = finish(&mut session, &digits);
    let Event::Started { models, .. } = &events[0] else { panic!("a session begins with an event") };
    let record = session.record();
    assert_eq!(models.len(), 3);
    for model in models {
        let cost = &record.costs[&model.name];
        assert_eq!((cost.net.weights, cost.net), (record.models[&model.name].parameters, model.cost));
        let timed = events.iter().filter_map(|event| match event {
            Event::Timed { model: timed, microseconds_a_digit, .. } if *timed == model.name => {
                Some(*microseconds_a_digit)
            }
            _ => None,
        });
        assert_eq!(timed.collect::<Vec<f64>>(), [cost.microseconds_a_digit.unwrap()], "{}", model.name);
        assert!(cost.microseconds_a_digit > Some(0.0));
    }
    assert_eq!(record.costs["lifted"].net, record.costs["student"].net);
}
