//! Own pictures that come as others write them: a shipped teacher tells how they have to be read, and takes them then.

use crate::common::teacher::{checkpoint_store, test_digits};
use distillery::data::{Digits, IdxImages, IdxLabels, PIXELS, Reading, Split};
use distillery::experiment::{CheckpointStore, OwnLook, look_at_own};
use distillery::train::Engine;

fn look(images: IdxImages, labels: IdxLabels) -> OwnLook {
    let mut digits = Digits::empty();
    digits.replace_own(Split::OwnTest, images, labels).unwrap();
    pollster::block_on(look_at_own(Split::OwnTest, &digits, &Engine::cpu(), &checkpoint_store())).unwrap()
}

fn reading(words: &str) -> Reading {
    words.parse().unwrap()
}

/// The same, with 0 and 1 in place of 256 levels.
fn zeros_and_ones(images: &IdxImages) -> IdxImages {
    let pixels = images.pixels().iter().map(|grey| u8::from(*grey >= 128)).collect();
    IdxImages::from_pixels("test", pixels).unwrap()
}

#[test]
fn own_pictures_transposed_inverted_or_0_1_as_emnist_has_them_are_told_how_to_be_read() {
    let (images, labels) = test_digits(1_000);
    // What was done to them, and what has to be done, where that is not the same.
    let cases = [
        ("transposed", "transposed"),
        ("inverted", "inverted"),
        ("turned_left", "turned_right"),
        ("upside_down", "upside_down"),
        ("transposed+inverted", "transposed+inverted"),
    ];
    let mut came: Vec<(IdxImages, Reading)> =
        cases.iter().map(|(done, needed)| (reading(done).apply(&images), reading(needed))).collect();
    came.push((zeros_and_ones(&images), reading("stretched")));
    came.push((zeros_and_ones(&reading("transposed").apply(&images)), reading("transposed+stretched")));
    let inverted = zeros_and_ones(&reading("inverted").apply(&images));
    came.push((inverted, reading("inverted+stretched")));
    for (pictures, needed) in came {
        let told = look(pictures.clone(), labels.clone());
        assert_eq!((told.teacher.as_str(), told.looked_at), ("mnist-cnn", 300));
        let better = told.better.unwrap_or_else(|| panic!("{needed}: agreed with {} of 300", told.agreed));
        assert_eq!(better.reading, needed);
        // Right on more than 95 % once they are read so, and there is nothing more to tell.
        let after = look(better.reading.apply(&pictures), labels.clone());
        assert_eq!((after.agreed, after.better), (better.agreed, None));
        assert!(after.agreed > 285, "{needed}: {} of 300", after.agreed);
    }
}

#[test]
fn digits_that_stand_as_mnist_s_do_are_agreed_with_and_no_hint_is_given() {
    let (images, labels) = test_digits(1_000);
    let told = look(images.clone(), labels.clone());
    assert!(told.agreed > 290, "{}", told.agreed);
    assert_eq!(told.better, None);
    // Labels that say something else are told, and no reading helps.
    let others = labels.labels().iter().map(|label| 9 - label).collect();
    let told = look(images, IdxLabels::from_labels("test", others).unwrap());
    assert!(told.agreed < 30 && told.better.is_none(), "{told:?}");
}

#[test]
fn a_few_pictures_are_too_few_for_a_hint() {
    let (images, labels) = test_digits(5);
    let pixels = reading("inverted").apply(&images).pixels().to_vec();
    assert_eq!(pixels.len(), 5 * PIXELS);
    let told = look(IdxImages::from_pixels("test", pixels).unwrap(), labels);
    assert_eq!((told.looked_at, told.better), (5, None));
}

#[test]
fn no_pictures_and_no_teacher_are_refused_by_name() {
    let ask = |digits: &Digits, store: &CheckpointStore| {
        pollster::block_on(look_at_own(Split::Own, digits, &Engine::cpu(), store)).unwrap_err()
    };
    assert_eq!(ask(&Digits::empty(), &checkpoint_store()).code(), "digits_missing");
    assert_eq!(ask(&Digits::empty(), &CheckpointStore::default()).code(), "unknown_name");
}
