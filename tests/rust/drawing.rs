//! Strokes as a visitor draws them, and what gets between them and the teacher: ink is what a person sees as ink.

use crate::common::teacher::{TEACHER, checkpoint_store};
use distillery::data::{PIXELS, centre};
use distillery::random::Stream;
use distillery::train::Engine;

/// Side of the page's pad, and the width of its pen.
const PAD: usize = 280;
const PEN: f32 = 22.0;

type Stroke = &'static [(f32, f32)];

const SEVEN: &[Stroke] = &[&[(80.0, 70.0), (140.0, 68.0), (195.0, 66.0), (160.0, 140.0), (120.0, 225.0)]];
/// A five whose bar is a stroke of its own.
const FIVE: &[Stroke] = &[
    &[(110.0, 75.0), (105.0, 130.0), (150.0, 125.0), (180.0, 160.0), (165.0, 205.0), (110.0, 215.0)],
    &[(135.0, 72.0), (185.0, 68.0)],
];

/// Strokes as a pad paints them: white on black with round ends, the edges as grey as they are covered.
fn painted(strokes: &[Stroke]) -> Vec<f32> {
    let mut ink = vec![0.0_f32; PAD * PAD];
    for stroke in strokes {
        for pair in stroke.windows(2) {
            for (at, value) in ink.iter_mut().enumerate() {
                let middle = ((at % PAD) as f32 + 0.5, (at / PAD) as f32 + 0.5);
                let covered = (0.5 + PEN / 2.0 - distance(middle, pair[0], pair[1])).clamp(0.0, 1.0);
                *value = value.max((covered * 255.0).round());
            }
        }
    }
    ink
}

fn distance(from: (f32, f32), a: (f32, f32), b: (f32, f32)) -> f32 {
    let (x, y) = (b.0 - a.0, b.1 - a.1);
    let share = ((from.0 - a.0) * x + (from.1 - a.1) * y) / (x * x + y * y);
    let share = share.clamp(0.0, 1.0);
    (from.0 - a.0 - share * x).hypot(from.1 - a.1 - share * y)
}

/// What the teacher takes a drawing for, and how sure it is.
fn taken_for(ink: &[f32]) -> (usize, f32) {
    let pixels = centre(ink, PAD, PAD).expect("there is ink").to_vec();
    let learner = checkpoint_store().learner(TEACHER, &Engine::cpu()).unwrap();
    let logits = pollster::block_on(learner.logits(pixels)).unwrap();
    let exponentials: Vec<f32> = logits.iter().map(|logit| logit.exp()).collect();
    let best = (0..10).fold(0, |best, class| if logits[class] > logits[best] { class } else { best });
    (best, exponentials[best] / exponentials.iter().sum::<f32>())
}

/// The largest difference of two drawings as the networks see them.
fn difference(a: &[f32], b: &[f32]) -> f32 {
    let (a, b) = (centre(a, PAD, PAD).unwrap(), centre(b, PAD, PAD).unwrap());
    (0..PIXELS).map(|at| (a[at] - b[at]).abs()).fold(0.0, f32::max)
}

fn with(ink: &[f32], change: impl FnOnce(&mut [f32])) -> Vec<f32> {
    let mut changed = ink.to_vec();
    change(&mut changed);
    changed
}

#[test]
fn a_drawn_7_and_one_pixel_of_1_of_255_in_a_corner_is_7_with_p_1_0000() {
    let clean = painted(SEVEN);
    for corner in [0, PAD - 1, PAD * (PAD - 1), PAD * PAD - 1] {
        let dotted = with(&clean, |ink| ink[corner] = 1.0);
        assert_eq!(difference(&clean, &dotted), 0.0);
        let (digit, p) = taken_for(&dotted);
        assert!(digit == 7 && p >= 0.99995, "{digit}, p = {p}");
    }
}

#[test]
fn levels_that_a_browser_adds_to_every_pixel_change_nothing_that_counts() {
    for strokes in [SEVEN, FIVE] {
        let clean = painted(strokes);
        let (digit, p) = taken_for(&clean);
        for most in [1.0, 3.0, 8.0] {
            let mut levels = Stream::new(1, "levels", &[most as u64]);
            let noisy = with(&clean, |ink| {
                ink.iter_mut().for_each(|value| *value = (*value + levels.uniform(-most, most)).round());
            });
            let worst = difference(&clean, &noisy);
            // The largest change of a level, and what a stroke's edge moves by when its greys cross the threshold.
            assert!(worst < 0.1, "{worst} at {most} levels");
            let (taken, sure) = taken_for(&noisy);
            assert!(taken == digit && (sure - p).abs() < 0.01, "{taken}, p = {sure}; {digit}, p = {p}");
        }
    }
}

#[test]
fn a_stray_tap_a_speck_and_a_faint_smear_are_no_part_of_a_digit() {
    for strokes in [SEVEN, FIVE] {
        let clean = painted(strokes);
        let tapped: Vec<Stroke> = [strokes, &[&[(20.0, 262.0), (20.01, 262.0)]]].concat();
        let soiled = with(&painted(&tapped), |ink| {
            ink[5 * PAD + 270] = 255.0;
            for y in 20..260 {
                ink[y * PAD + 245..][..30].fill(50.0);
            }
        });
        assert_eq!(difference(&clean, &soiled), 0.0);
    }
    assert_eq!(taken_for(&painted(FIVE)).0, 5, "the bar of a five is a part of it");
}
