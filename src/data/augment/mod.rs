//! Changes of digits during training, seeded by the epoch and the digit's name, so that they do not depend on the
//! batch.
//!
//! A new one is a file of its own here, a variant of [`Augmentation`] with its line in `named`, and its test.

mod crop;
mod mask_patch;
mod noise;
mod swap_patch;

use serde::{Deserialize, Serialize};

use super::labels::{is_label_hidden, told_label};
use super::{Batch, Digits, PIXELS, SIDE, SampleId};
use crate::random::Stream;
use crate::ranges::{Ranges, ranges};
use crate::report::Report;

/// One change, and the share of digits it happens to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Augmentation {
    pub by: Change,
    /// Probability that it happens to a digit in an epoch.
    #[serde(default = "always")]
    pub share: f64,
}

ranges!(Augmentation {
    share: 0.0..=1.0;
});

fn always() -> f64 {
    1.0
}

/// How a digit is changed. The first three stand for what Tang et al. (2019, section 4) do to sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A square of it is blank (their masking of words).
    MaskPatch,
    /// A square of it comes from another digit of its class (their replacing of words by others of the same kind).
    /// A digit whose label is hidden stays as it is, and none is taken from.
    SwapPatch,
    /// Only a window of it is left (their sampling of n-grams).
    Crop,
    /// Every pixel is drawn evenly from 0 to 1: nothing of the digit is left.
    Noise,
}

/// What a change has to work with.
struct Subject<'a> {
    /// 784 pixels, 0 to 1.
    digit: &'a mut [f32],
    id: SampleId,
    /// None if it is not to be seen.
    label: Option<u8>,
    stream: &'a mut Stream,
    others: &'a Others<'a>,
}

/// The pictures that a change may take others from, and what may be known of them.
#[derive(Clone, Copy)]
pub struct Others<'a> {
    pub digits: &'a Digits,
    /// How many of the picture's split, from the first on: not more than every run has loaded.
    pub pool: u32,
    /// Share of the labels that are hidden, as for [`Batch::hide_labels`].
    pub unlabelled: f64,
    /// Share of the labels that are wrong, as for [`Batch::mislabel`].
    pub label_noise: f64,
    /// The experiment's seed.
    pub seed: u32,
}

impl Others<'_> {
    /// What is told of a picture's label, unless it is hidden.
    fn label(&self, id: SampleId) -> Option<u8> {
        let is_seen = !is_label_hidden(id, self.unlabelled, self.seed);
        let told = |label| told_label(id, label, self.label_noise, self.seed);
        if is_seen { self.digits.label(id).map(told) } else { None }
    }
}

impl Change {
    /// The one list of changes, with the names of their streams.
    fn named(self) -> (&'static str, fn(Subject)) {
        match self {
            Change::MaskPatch => ("mask patch", mask_patch::apply),
            Change::SwapPatch => ("swap patch", swap_patch::apply),
            Change::Crop => ("crop", crop::apply),
            Change::Noise => ("noise", noise::apply),
        }
    }
}

impl Augmentation {
    /// Changes the digits of a batch. `place` is this change's among all that happen to them: the same change twice
    /// draws anew.
    pub fn apply(&self, batch: &mut Batch, others: &Others, epoch: u32, place: usize) {
        let (domain, change) = self.by.named();
        batch.as_loaded = false;
        for (row, (&id, digit)) in batch.ids.iter().zip(batch.pixels.chunks_exact_mut(PIXELS)).enumerate() {
            let numbers = [place as u64, epoch.into(), id.split as u64, id.index.into()];
            let stream = &mut Stream::new(others.seed, domain, &numbers);
            if f64::from(stream.uniform(0.0, 1.0)) < self.share {
                let label = batch.labelled[row].then_some(batch.labels[row]);
                change(Subject { digit, id, label, stream, others });
            }
        }
    }

    /// Reports a share out of range.
    pub fn check(&self, path: &str, report: &mut Report) {
        self.check_ranges(path, report);
    }
}

/// A square of the picture.
struct Patch {
    x: usize,
    y: usize,
    side: usize,
}

impl Patch {
    /// Anywhere within the picture.
    fn drawn(side: usize, stream: &mut Stream) -> Self {
        let mut place = || stream.below((SIDE - side + 1) as u32) as usize;
        Self { x: place(), y: place(), side }
    }

    fn contains(&self, pixel: usize) -> bool {
        let within = |at: usize, from: usize| (from..from + self.side).contains(&at);
        within(pixel % SIDE, self.x) && within(pixel / SIDE, self.y)
    }

    /// The pixels it covers.
    fn pixels(&self) -> impl Iterator<Item = usize> {
        (0..PIXELS).filter(|&pixel| self.contains(pixel))
    }
}
