//! Changes of digits during training: what they do, how often, and from where.

use distillery::data::{
    Augmentation, Batch, Change, Digits, IdxImages, IdxLabels, Others, PIXELS, SIDE, SampleId, Split,
};
use distillery::random::Stream;

/// 200 training digits of noise without a blank pixel, each class in turn.
fn digits() -> Digits {
    let mut stream = Stream::new(1, "test-digits", &[]);
    let pixels = (0..200 * PIXELS).map(|_| stream.uniform(1.0, 256.0) as u8).collect();
    let labels = (0..200).map(|index| index % 10).collect();
    let images = IdxImages::from_pixels("test", pixels).unwrap();
    let mut digits = Digits::empty();
    digits.insert(Split::Train, 0, images, IdxLabels::from_labels("test", labels).unwrap()).unwrap();
    digits
}

/// Others of the first `pool` digits, under seed 1, with every label to be seen.
fn others(digits: &Digits, pool: u32) -> Others<'_> {
    Others { digits, pool, unlabelled: 0.0, label_noise: 0.0, seed: 1 }
}

fn id(index: u32) -> SampleId {
    SampleId { split: Split::Train, index }
}

/// The digits before and after one change.
fn changed(by: Change, share: f64, indices: &[u32]) -> (Batch, Batch) {
    let digits = digits();
    let before = Batch::gather(&digits, &indices.iter().copied().map(id).collect::<Vec<_>>()).unwrap();
    let mut after = before.clone();
    Augmentation { by, share }.apply(&mut after, &others(&digits, 200), 1, 0);
    (before, after)
}

const ALL: [Change; 4] = [Change::MaskPatch, Change::SwapPatch, Change::Crop, Change::Noise];

/// Side lengths of the box around the pixels of a row for which `pick` holds.
fn extent(row: &[bool]) -> (usize, usize) {
    let span = |of: fn(usize) -> usize| {
        let at = || row.iter().enumerate().filter(|(_, picked)| **picked).map(|(pixel, _)| of(pixel));
        at().max().map_or(0, |max| max - at().min().unwrap_or(0) + 1)
    };
    (span(|pixel| pixel % SIDE), span(|pixel| pixel / SIDE))
}

#[test]
fn each_change_happens_to_its_share_and_not_by_the_batch() {
    let indices: Vec<u32> = (0..200).collect();
    for by in ALL {
        let count = |share: f64| {
            let (before, after) = changed(by, share, &indices);
            let rows = before.pixels.chunks(PIXELS).zip(after.pixels.chunks(PIXELS));
            rows.filter(|(before, after)| before != after).count()
        };
        assert_eq!((count(0.0), count(1.0)), (0, 200), "{by:?}");
        // 60 expected of 200, standard deviation 6.5; five of them.
        assert!((28..=92).contains(&count(0.3)), "{by:?}: {}", count(0.3));
        let (_, all) = changed(by, 0.5, &indices);
        let (_, some) = changed(by, 0.5, &[42, 7]);
        assert_eq!(some.pixels[PIXELS..], all.pixels[7 * PIXELS..8 * PIXELS], "{by:?}");
    }
}

#[test]
fn a_mask_is_a_blank_square_and_a_crop_leaves_one() {
    let indices: Vec<u32> = (0..50).collect();
    for (by, side) in [(Change::MaskPatch, 9), (Change::Crop, 18)] {
        let (before, after) = changed(by, 1.0, &indices);
        for (before, after) in before.pixels.chunks(PIXELS).zip(after.pixels.chunks(PIXELS)) {
            let picked: Vec<bool> = match by {
                Change::Crop => after.iter().map(|&pixel| pixel > 0.0).collect(),
                _ => before.iter().zip(after).map(|(before, after)| before != after).collect(),
            };
            assert_eq!(extent(&picked), (side, side), "{by:?}");
            assert!(before.iter().zip(after).all(|(before, after)| after == before || *after == 0.0));
        }
    }
}

#[test]
fn noise_leaves_nothing_and_is_even() {
    let (_, after) = changed(Change::Noise, 1.0, &(0..20).collect::<Vec<_>>());
    let mean = after.pixels.iter().sum::<f32>() / after.pixels.len() as f32;
    // Standard error: 0.289 / √15,680 = 0.0023; five of them.
    assert!((mean - 0.5).abs() < 0.012, "{mean}");
}

#[test]
fn a_swapped_patch_is_of_another_digit_of_the_class_within_the_pool() {
    let digits = digits();
    let ids: Vec<SampleId> = (0..50).map(id).collect();
    let before = Batch::gather(&digits, &ids).unwrap();
    let mut after = before.clone();
    after.labelled[3] = false;
    let pool = 60;
    Augmentation { by: Change::SwapPatch, share: 1.0 }.apply(&mut after, &others(&digits, pool), 1, 0);
    for (row, own) in ids.iter().enumerate() {
        let range = row * PIXELS..(row + 1) * PIXELS;
        let (old, new) = (&before.pixels[range.clone()], &after.pixels[range]);
        let moved: Vec<usize> = (0..PIXELS).filter(|&pixel| old[pixel] != new[pixel]).collect();
        let sources = (0..pool).map(id).filter(|other| {
            let pixels = digits.pixels(*other).unwrap();
            moved.iter().all(|&pixel| new[pixel] == f32::from(pixels[pixel]) / 255.0)
        });
        if row == 3 {
            assert!(moved.is_empty(), "its label is hidden, so its class is not known");
            continue;
        }
        // 81 pixels of noise agree with no digit but the one they are of.
        let sources: Vec<SampleId> = sources.collect();
        assert_eq!(sources.len(), 1, "digit {row}");
        assert_ne!(sources[0], *own);
        assert_eq!(digits.label(sources[0]), digits.label(*own));
    }
}

#[test]
fn the_same_change_twice_draws_anew() {
    let digits = digits();
    let mut batch = Batch::gather(&digits, &[id(0)]).unwrap();
    let mask = Augmentation { by: Change::MaskPatch, share: 1.0 };
    mask.apply(&mut batch, &others(&digits, 200), 1, 0);
    let once = batch.clone();
    mask.apply(&mut batch, &others(&digits, 200), 1, 1);
    assert_ne!(once, batch);
}

#[test]
fn a_swapped_patch_comes_from_the_set_of_the_picture() {
    let mut digits = digits();
    let own = IdxImages::from_pixels("test", vec![0; 200 * PIXELS]).unwrap();
    let labels = (0..200).map(|index| index % 10).collect();
    digits.replace_own(Split::Own, own, IdxLabels::from_labels("test", labels).unwrap()).unwrap();
    let ids: Vec<SampleId> = (0..100).map(|index| SampleId { split: Split::Own, index }).collect();
    let mut batch = Batch::gather(&digits, &ids).unwrap();
    Augmentation { by: Change::SwapPatch, share: 1.0 }.apply(&mut batch, &others(&digits, 200), 1, 0);
    // No training digit has a blank pixel.
    assert!(batch.pixels.iter().all(|&pixel| pixel == 0.0));
}

#[test]
fn a_swapped_patch_comes_from_no_digit_whose_label_is_hidden() {
    let digits = digits();
    let ids: Vec<SampleId> = (0..200).map(id).collect();
    let before = Batch::gather(&digits, &ids).unwrap();
    let mut after = before.clone();
    after.hide_labels(0.7, 1);
    let seen = after.labelled.clone();
    let others = Others { unlabelled: 0.7, ..others(&digits, 200) };
    Augmentation { by: Change::SwapPatch, share: 1.0 }.apply(&mut after, &others, 1, 0);
    let mut swapped = 0;
    for (row, (old, new)) in before.pixels.chunks(PIXELS).zip(after.pixels.chunks(PIXELS)).enumerate() {
        let moved: Vec<usize> = (0..PIXELS).filter(|&pixel| old[pixel] != new[pixel]).collect();
        if moved.is_empty() {
            continue;
        }
        swapped += 1;
        let is_source =
            |other: &usize| moved.iter().all(|&pixel| new[pixel] == before.pixels[other * PIXELS + pixel]);
        let source = (0..200).find(is_source).unwrap();
        assert!(seen[row] && seen[source], "digit {row} from {source}");
        assert_eq!(before.labels[row], before.labels[source]);
    }
    // About sixty may be seen, six of each class; nearly all of them find another.
    assert!(swapped > 40, "{swapped}");
}

#[test]
fn a_swapped_patch_comes_from_a_digit_that_is_told_to_be_of_the_class() {
    let digits = digits();
    let ids: Vec<SampleId> = (0..200).map(id).collect();
    let mut before = Batch::gather(&digits, &ids).unwrap();
    before.mislabel(0.5, 1);
    let mut after = before.clone();
    let others = Others { label_noise: 0.5, ..others(&digits, 200) };
    Augmentation { by: Change::SwapPatch, share: 1.0 }.apply(&mut after, &others, 1, 0);
    let mut wrong = 0;
    for (row, (old, new)) in before.pixels.chunks(PIXELS).zip(after.pixels.chunks(PIXELS)).enumerate() {
        let moved: Vec<usize> = (0..PIXELS).filter(|&pixel| old[pixel] != new[pixel]).collect();
        let is_source =
            |other: &usize| moved.iter().all(|&pixel| new[pixel] == before.pixels[other * PIXELS + pixel]);
        let source = (0..200).find(is_source).unwrap();
        assert_eq!(before.labels[row], before.labels[source]);
        wrong += u32::from(digits.label(ids[row]) != digits.label(ids[source]));
    }
    // Two digits that are told to be of one class are of one in truth where neither is mislabelled, a quarter of them.
    assert!(wrong > 100, "{wrong}");
}
