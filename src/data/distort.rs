//! Digits distorted for a trained model: how much of it can the model bear? Nothing is learned from these; changes of
//! digits during training are in `augment`.

use serde::{Deserialize, Serialize};

use super::{Batch, PIXELS, SIDE, SampleId};
use crate::bounds::Bounds;
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::report::Report;

/// What is done to a digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Distortion {
    /// Moved by whole pixels, `strength` of them in a direction drawn for each digit; paper comes in at the edges.
    Shift,
    /// Turned about its middle by `strength` degrees, to the left or to the right.
    Tilt,
    /// Every pixel changed by up to `strength` of full ink either way, drawn evenly, and kept between paper and ink.
    Noise,
    /// Strokes made thicker by `strength` pixels on every side.
    Thicken,
}

/// A distortion of some strength.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Distorted {
    pub by: Distortion,
    /// Pixels, degrees or shares of full ink, see [`Distortion`]: 0 leaves a digit as it is.
    pub strength: f64,
    /// Seed of directions and of noise; what a digit gets does not depend on those it comes with.
    #[serde(default)]
    pub seed: u32,
}

/// Middle of the picture, in pixels from the middle of its first.
const MIDDLE: f64 = (SIDE as f64 - 1.0) / 2.0;

impl Distortion {
    /// The name of its stream of random numbers, and the strongest that there is.
    fn named(self) -> (&'static str, f64) {
        match self {
            Distortion::Shift => ("distorted by a shift", SIDE as f64),
            Distortion::Tilt => ("distorted by a tilt", 180.0),
            Distortion::Noise => ("distorted by noise", 2.0),
            Distortion::Thicken => ("distorted by ink", 5.0),
        }
    }
}

impl Distorted {
    /// Refuses a strength that is out of its range.
    ///
    /// # Errors
    /// [`Error::Config`] with the range.
    pub fn check(&self) -> Result<()> {
        let mut report = Report::default();
        let (_, max) = self.by.named();
        report.number("strength", self.strength, Bounds { min: 0.0, max });
        if report.problems.is_empty() { Ok(()) } else { Err(Error::Config { problems: report.problems }) }
    }

    /// Distorts every digit of a batch.
    pub fn apply(&self, batch: &mut Batch) {
        batch.as_loaded = false;
        for (&id, digit) in batch.ids.iter().zip(batch.pixels.chunks_exact_mut(PIXELS)) {
            self.distort(id, digit);
        }
    }

    fn distort(&self, id: SampleId, digit: &mut [f32]) {
        let (domain, _) = self.by.named();
        let mut stream = Stream::new(self.seed, domain, &[id.split as u64, id.index.into()]);
        let before = digit.to_vec();
        match self.by {
            Distortion::Shift => {
                let angle = f64::from(stream.uniform(0.0, std::f32::consts::TAU));
                let (dx, dy) = ((self.strength * angle.cos()).round(), (self.strength * angle.sin()).round());
                each(digit, |x, y| ink_at(&before, x - dx, y - dy));
            }
            Distortion::Tilt => {
                let side = if stream.below(2) == 0 { -1.0 } else { 1.0 };
                let (sin, cos) = (side * self.strength).to_radians().sin_cos();
                each(digit, |x, y| {
                    let (dx, dy) = (x - MIDDLE, y - MIDDLE);
                    ink_at(&before, MIDDLE + cos * dx + sin * dy, MIDDLE - sin * dx + cos * dy)
                });
            }
            Distortion::Noise => {
                let most = self.strength as f32;
                let noisy = |pixel: &mut f32| *pixel = (*pixel + stream.uniform(-most, most)).clamp(0.0, 1.0);
                digit.iter_mut().for_each(noisy);
            }
            Distortion::Thicken => each(digit, |x, y| thickest(&before, x, y, self.strength)),
        }
    }
}

/// Sets every pixel to what its column and row say.
fn each(digit: &mut [f32], ink: impl Fn(f64, f64) -> f64) {
    for (at, pixel) in digit.iter_mut().enumerate() {
        *pixel = ink((at % SIDE) as f64, (at / SIDE) as f64) as f32;
    }
}

/// Ink of a pixel; beyond the picture there is paper.
fn pixel_at(digit: &[f32], x: f64, y: f64) -> f64 {
    let within = |at: f64| (0.0..SIDE as f64).contains(&at);
    if within(x) && within(y) { f64::from(digit[y as usize * SIDE + x as usize]) } else { 0.0 }
}

/// Ink between pixels: the mean of the four around, weighted by nearness.
fn ink_at(digit: &[f32], x: f64, y: f64) -> f64 {
    let (left, top) = (x.floor(), y.floor());
    let (right, down) = (x - left, y - top);
    let row = |y: f64| (1.0 - right) * pixel_at(digit, left, y) + right * pixel_at(digit, left + 1.0, y);
    (1.0 - down) * row(top) + down * row(top + 1.0)
}

/// The most ink within a distance of a pixel, less of it from the last pixel's breadth.
fn thickest(digit: &[f32], x: f64, y: f64, distance: f64) -> f64 {
    let reach = distance.ceil() as i32;
    let mut most = 0.0_f64;
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let (dx, dy) = (f64::from(dx), f64::from(dy));
            let share = (distance + 1.0 - dx.hypot(dy)).clamp(0.0, 1.0);
            most = most.max(share * pixel_at(digit, x + dx, y + dy));
        }
    }
    most
}
