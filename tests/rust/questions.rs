//! What a sweep's engines share: the questions to shipped models are known beforehand, and answers of one engine serve
//! another.

use distillery::data::{Digits, IdxImages, IdxLabels, PIXELS, SampleId, Split};
use distillery::experiment::{
    Card, CheckpointStore, Config, DataSet, EvaluateOn, Question, questions, recipe,
};
use distillery::nets::{Checkpoint, Mlp, Net, Storage, weights_digest};
use distillery::random::Stream;
use distillery::train::Engine;

fn race(digits: u32) -> Config {
    let mut config = recipe("first-race").unwrap().config;
    config.transfer_set.digits = digits;
    config.data.evaluated = 300;
    config.data.evaluate_on = EvaluateOn::Test;
    config
}

fn of(split: Split, count: u32) -> Question {
    Question { model: "mnist-cnn".to_owned(), split, indices: (0..count).collect() }
}

#[test]
fn every_digit_is_asked_about_once_however_many_cells_need_it() {
    let configs = [race(500), race(800), race(200)];
    assert_eq!(questions(&configs, &Digits::empty()), [of(Split::Train, 800), of(Split::Test, 300)]);
}

#[test]
fn digits_that_are_changed_for_the_student_are_not_asked_about() {
    let mut config = race(500);
    config.transfer_set.jitter_px = 1;
    assert_eq!(questions(&[config], &Digits::empty()), [of(Split::Test, 300)]);
}

#[test]
fn own_test_pictures_are_asked_about_as_far_as_they_are_there() {
    let mut config = race(500);
    config.data.set = DataSet::Own;
    let mut digits = Digits::empty();
    assert_eq!(questions(&[config.clone()], &digits), [of(Split::Train, 500)]);
    let images = IdxImages::from_pixels("test", vec![0; 20 * PIXELS]).unwrap();
    digits.replace_own(Split::OwnTest, images, IdxLabels::from_labels("test", vec![1; 20]).unwrap()).unwrap();
    assert_eq!(questions(&[config], &digits), [of(Split::Train, 500), of(Split::OwnTest, 20)]);
}

#[test]
fn answers_are_kept_in_place_of_being_worked_out() {
    let net = Net::Mlp(Mlp { hidden: vec![5], ..Mlp::default() });
    let weights = net.layout().initial_weights(&mut Stream::new(1, "weights", &[]));
    let card = Card {
        name: "small".to_owned(),
        net: net.clone(),
        cost: net.cost(),
        test_errors: 0,
        validation_errors: 0,
        test_calibration_error: None,
        brings_logits: false,
        file_bytes: 0,
        validation_calibration_error: None,
        weights_digest: weights_digest(&weights),
        command: String::new(),
        config: race(1),
    };
    let mut store = CheckpointStore::default();
    store.add(card, &Checkpoint { net, weights }.to_safetensors("small", Storage::F32).unwrap()).unwrap();
    let ids = [3, 7].map(|index| SampleId { split: Split::Test, index });
    let answers: Vec<f32> = (0..20).map(|number| number as f32).collect();
    store.keep("small", &ids, &answers).unwrap();
    // No digits are loaded: what is not kept could not be worked out.
    let digits = Digits::empty();
    let (turned, engine) = ([ids[1], ids[0]], Engine::cpu());
    let found = pollster::block_on(store.logits_of("small", &digits, &turned, &engine)).unwrap();
    assert_eq!(found, [&answers[10..], &answers[..10]].concat());

    let refused = store.keep("small", &ids, &answers[1..]).unwrap_err();
    assert_eq!(refused.code(), "checkpoint_invalid");
    assert!(refused.to_string().contains("19 logits; expected 20"), "{refused}");
    assert_eq!(store.keep("other", &ids, &answers).unwrap_err().code(), "unknown_name");
}
