//! What several test files need: made-up digits that small networks can learn in seconds.

#[cfg(feature = "cli")]
pub mod teacher;

use distillery::data::{Digits, IdxImages, IdxLabels, PIXELS, Split};
use distillery::experiment::{Advance, Budget, CheckpointStore, Config, Event, Session};
use distillery::random::Stream;
use distillery::train::Engine;

/// Digits whose class shows as a bright band of rows under noise: learnable, not trivial.
fn banded(count: u32, seed: u32) -> (IdxImages, IdxLabels) {
    let mut stream = Stream::new(seed, "test-digits", &[]);
    let mut pixels = Vec::with_capacity(count as usize * PIXELS);
    let mut labels = Vec::with_capacity(count as usize);
    for index in 0..count {
        let class = (index % 10) as usize;
        labels.push(class as u8);
        for pixel in 0..PIXELS {
            let band = if pixel / 28 / 2 == class + 2 { 110.0 } else { 0.0 };
            pixels.push((band + stream.uniform(0.0, 145.0)) as u8);
        }
    }
    (IdxImages::from_pixels("test", pixels).unwrap(), IdxLabels::from_labels("test", labels).unwrap())
}

/// `train` training and `test` test digits.
pub fn digits(train: u32, test: u32) -> Digits {
    let mut digits = Digits::empty();
    for (split, count, seed) in [(Split::Train, train, 1), (Split::Test, test, 2)] {
        let (images, labels) = banded(count, seed);
        digits.insert(split, 0, images, labels).unwrap();
    }
    digits
}

/// `count` pictures and labels, each class in turn, for a set beside the digits; the labels are `label` of the class.
pub fn pictures(count: u32, label: impl Fn(u8) -> u8) -> (IdxImages, IdxLabels) {
    let (images, labels) = banded(count, 7);
    let labels = labels.labels().iter().map(|class| label(*class)).collect();
    (images, IdxLabels::from_labels("test", labels).unwrap())
}

/// A config from JSON text.
pub fn config(text: &str) -> Config {
    Config::from_json(text).unwrap()
}

/// A session on the CPU without shipped teachers.
pub fn session(text: &str, digits: &Digits) -> Session {
    Session::new(1, config(text), digits, &Engine::cpu(), &CheckpointStore::default()).unwrap()
}

/// One call of `advance`.
pub fn advance(session: &mut Session, digits: &Digits, steps: u32) -> Advance {
    pollster::block_on(session.advance(digits, Budget { ms: f64::INFINITY, steps })).unwrap()
}

/// Runs a session to its end and gives every event.
pub fn finish(session: &mut Session, digits: &Digits) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let advance = advance(session, digits, 0);
        events.extend(advance.events);
        if advance.finished {
            return events;
        }
    }
}

/// A model's flat weights.
pub fn weights(session: &Session, model: &str) -> Vec<f32> {
    pollster::block_on(session.checkpoint(model)).unwrap().weights
}

/// A session broken off after so many steps and gone on with, from its snapshot, to its end.
pub fn resumed_after(steps: u32, text: &str, digits: &Digits) -> Session {
    let mut broken = session(text, digits);
    advance(&mut broken, digits, steps);
    let bytes = pollster::block_on(broken.snapshot()).unwrap();
    let mut resumed =
        Session::resume(2, config(text), &bytes, digits, &Engine::cpu(), &CheckpointStore::default())
            .unwrap();
    finish(&mut resumed, digits);
    resumed
}
