//! Distorted digits: what each distortion does, to what extent, and that it depends on nothing but the digit and the seed.

use distillery::data::{
    Batch, Digits, Distorted, Distortion, IdxImages, IdxLabels, PIXELS, SIDE, SampleId, Split,
};
use distillery::random::Stream;

const ALL: [Distortion; 4] = [Distortion::Shift, Distortion::Tilt, Distortion::Noise, Distortion::Thicken];

/// 40 test digits: one pixel of ink in the middle of the first, a bar of three by eleven in the others, a little noise
/// around it.
fn digits() -> Digits {
    let mut stream = Stream::new(1, "test-digits", &[]);
    let mut pixels = vec![0_u8; 40 * PIXELS];
    pixels[14 * SIDE + 14] = 255;
    for digit in pixels.chunks_exact_mut(PIXELS).skip(1) {
        for y in 8..19 {
            digit[y * SIDE + 13..][..3].fill(255);
        }
        digit[stream.below(PIXELS as u32) as usize] = 90;
    }
    let images = IdxImages::from_pixels("test", pixels).unwrap();
    let labels = IdxLabels::from_labels("test", vec![1; 40]).unwrap();
    let mut digits = Digits::empty();
    digits.insert(Split::Test, 0, images, labels).unwrap();
    digits
}

fn batch(indices: &[u32]) -> Batch {
    let ids: Vec<SampleId> = indices.iter().map(|&index| SampleId { split: Split::Test, index }).collect();
    Batch::gather(&digits(), &ids).unwrap()
}

fn distorted(by: Distortion, strength: f64, indices: &[u32]) -> Batch {
    let mut batch = batch(indices);
    Distorted { by, strength, seed: 5 }.apply(&mut batch);
    batch
}

fn all() -> Vec<u32> {
    (0..40).collect()
}

/// Column and row of the centre of mass.
fn centre(digit: &[f32]) -> (f64, f64) {
    let mass: f64 = digit.iter().map(|&ink| f64::from(ink)).sum();
    let mean = |of: fn(usize) -> usize| {
        digit.iter().enumerate().map(|(at, &ink)| of(at) as f64 * f64::from(ink)).sum::<f64>() / mass
    };
    (mean(|at| at % SIDE), mean(|at| at / SIDE))
}

#[test]
fn no_strength_leaves_every_digit_as_it_is_bit_for_bit() {
    for by in ALL {
        assert_eq!(distorted(by, 0.0, &all()).pixels, batch(&all()).pixels, "{by:?}");
    }
}

#[test]
fn a_digit_gets_the_same_whatever_it_comes_with_and_another_under_another_seed() {
    for by in ALL {
        let together = distorted(by, 2.0, &all());
        let alone = distorted(by, 2.0, &[17]);
        assert_eq!(together.pixels[17 * PIXELS..18 * PIXELS], alone.pixels, "{by:?}");
        assert!(!together.as_loaded);
        let mut other = batch(&all());
        Distorted { by, strength: 2.0, seed: 6 }.apply(&mut other);
        assert_eq!(other.pixels != together.pixels, by != Distortion::Thicken, "{by:?}");
        let grey = |pixel: &f32| (0.0..=1.0).contains(pixel);
        assert!(together.pixels.iter().all(grey), "{by:?}");
    }
}

#[test]
fn a_shift_moves_the_ink_by_whole_pixels_about_as_far_as_it_says_in_every_direction() {
    let batch = distorted(Distortion::Shift, 5.0, &[0]);
    let moved = batch.pixels.iter().position(|&ink| ink == 1.0).unwrap();
    assert_eq!(batch.pixels.iter().filter(|&&ink| ink > 0.0).count(), 1);
    let (dx, dy) = ((moved % SIDE) as f64 - 14.0, (moved / SIDE) as f64 - 14.0);
    // Each part rounded: half a pixel either way.
    assert!((dx.hypot(dy) - 5.0).abs() < 0.8, "{dx}, {dy}");
    let before = batch_centres(0.0);
    let quarters = batch_centres(5.0).iter().zip(&before).skip(1).fold([0; 4], |mut counts, (now, then)| {
        counts[usize::from(now.0 > then.0) + 2 * usize::from(now.1 > then.1)] += 1;
        counts
    });
    assert!(quarters.iter().all(|&count| count > 0), "{quarters:?}");
}

fn batch_centres(strength: f64) -> Vec<(f64, f64)> {
    distorted(Distortion::Shift, strength, &all()).pixels.chunks(PIXELS).map(centre).collect()
}

#[test]
fn a_tilt_turns_about_the_middle_and_a_right_angle_is_exact() {
    let (before, after) = (batch(&all()), distorted(Distortion::Tilt, 90.0, &all()));
    let mut turned = [0, 0];
    for (before, after) in before.pixels.chunks(PIXELS).zip(after.pixels.chunks(PIXELS)).skip(1) {
        let quarter = |clockwise: bool| -> Vec<f32> {
            let from = |x: usize, y: usize| if clockwise { (y, SIDE - 1 - x) } else { (SIDE - 1 - y, x) };
            (0..PIXELS).map(|at| from(at % SIDE, at / SIDE)).map(|(x, y)| before[y * SIDE + x]).collect()
        };
        let near = |one: &[f32]| one.iter().zip(after).all(|(a, b)| (a - b).abs() < 1e-5);
        let sides = [near(&quarter(true)), near(&quarter(false))];
        assert!(sides[0] || sides[1]);
        turned[usize::from(sides[1])] += 1;
    }
    // 39 digits, each way equally likely: fewer than 7 one way is less likely than 1 in 10,000.
    assert!(turned.iter().all(|&count| count >= 7), "{turned:?}");
}

#[test]
fn noise_is_even_within_its_strength() {
    let before = batch(&all());
    let after = distorted(Distortion::Noise, 0.4, &all());
    let changes: Vec<f64> = before
        .pixels
        .iter()
        .zip(&after.pixels)
        // Where neither end cuts it off: nowhere in these digits but on the grey pixels.
        .filter(|(before, _)| (0.3..0.6).contains(*before))
        .map(|(before, after)| f64::from(after - before))
        .collect();
    assert!(changes.len() >= 30 && changes.iter().all(|change| change.abs() <= 0.4));
    // Half of the changes of paper are cut off, the others are even from 0 to 0.4: a mean of 0.1.
    let paper = before.pixels.iter().zip(&after.pixels).filter(|(before, _)| **before == 0.0);
    let (count, sum) = paper.fold((0, 0.0), |(count, sum), (_, after)| (count + 1, sum + f64::from(*after)));
    // 30,000 pixels of a standard deviation of 0.13: 0.0008 for the mean, five of them.
    assert!((sum / f64::from(count) - 0.1).abs() < 0.004, "{}", sum / f64::from(count));
}

#[test]
fn a_dot_thickened_by_two_pixels_is_a_disc_of_them_and_thickening_never_takes_ink_away() {
    let disc = distorted(Distortion::Thicken, 2.0, &[0]);
    for (at, &ink) in disc.pixels.iter().enumerate() {
        let away = ((at % SIDE) as f64 - 14.0).hypot((at / SIDE) as f64 - 14.0);
        let expected = (3.0 - away).clamp(0.0, 1.0);
        assert!((f64::from(ink) - expected).abs() < 1e-6, "{away} away: {ink}");
    }
    let [thin, thick] = [0.5, 1.5].map(|strength| distorted(Distortion::Thicken, strength, &all()).pixels);
    let before = batch(&all()).pixels;
    assert!(before.iter().zip(&thin).all(|(before, thin)| before <= thin));
    assert!(thin.iter().zip(&thick).all(|(thin, thick)| thin <= thick));
}

#[test]
fn a_strength_out_of_range_is_refused_with_the_range() {
    for by in ALL {
        for strength in [-0.1, 1e9, f64::NAN] {
            assert!(Distorted { by, strength, seed: 0 }.check().is_err(), "{by:?} by {strength}");
        }
        assert!(Distorted { by, strength: 1.0, seed: 0 }.check().is_ok());
    }
}
