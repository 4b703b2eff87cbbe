//! What a shipped teacher makes of the user's own pictures, and whether it would agree with their labels far more if
//! they were read in another way: turned, inverted, or in another range of grey.

use serde::Serialize;

use super::checkpoint_store::CheckpointStore;
use crate::data::{CLASSES, Digits, IdxImages, PIXELS, Reading, SampleId, Split};
use crate::error::{Error, Result};
use crate::measure;
use crate::train::{Engine, Learner};

/// Pictures that are looked at, at most, spread evenly over the set.
const LOOKED_AT: usize = 300;
/// Every so many of those tell which other reading is the best, before it is tried on all of them.
const EVERY: usize = 3;
/// From this share of labels agreed with, no other reading is looked for.
const AGREED_ENOUGH: f64 = 0.9;
/// A difference that chance would bring less often than this, over all readings tried, speaks for another reading.
const SIGNIFICANT: f64 = 0.01;

/// What a shipped teacher makes of a set of the user's own.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct OwnLook {
    /// Name of the checkpoint that was asked.
    pub teacher: String,
    /// Pictures it was asked about, spread evenly over the set.
    pub looked_at: u32,
    /// Those of them whose label it agrees with.
    pub agreed: u32,
    /// How the pictures would have to be read for it to agree with far more of the labels, if there is such a way.
    pub better: Option<BetterReading>,
}

/// A reading of the pictures as they are taken now, with which a teacher agrees with far more of their labels.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct BetterReading {
    pub reading: Reading,
    /// Pictures, of those looked at, whose label it would agree with.
    pub agreed: u32,
}

/// Asks the best of the shipped teachers at hand about some pictures of a set of the user's own.
///
/// # Errors
/// [`Error::DigitsMissing`] when there are none; [`Error::Unknown`] when no teacher is at hand; [`Error::Engine`] when
/// the engine fails.
pub async fn look_at_own(
    split: Split,
    digits: &Digits,
    engine: &Engine,
    store: &CheckpointStore,
) -> Result<OwnLook> {
    let teacher = store.best().map(|card| card.name.clone()).unwrap_or_default();
    let learner = store.learner(&teacher, engine)?;
    let sample = Sample::of(split, digits)?;
    let as_taken = sample.agreed(&learner, Reading::default(), 1).await?;
    let looked_at = sample.labels.len();
    let agreed = count(&as_taken);
    let is_enough = f64::from(agreed) >= AGREED_ENOUGH * looked_at as f64;
    let better = if is_enough { None } else { sample.better(&learner, &as_taken).await? };
    Ok(OwnLook { teacher, looked_at: looked_at as u32, agreed, better })
}

/// Pictures of a set, spread evenly over it: it may be sorted.
struct Sample {
    images: IdxImages,
    labels: Vec<u8>,
}

impl Sample {
    fn of(split: Split, digits: &Digits) -> Result<Self> {
        let loaded = digits.loaded(split);
        let some = loaded.min(LOOKED_AT);
        let ids = (0..some).map(|at| SampleId { split, index: (at * loaded / some) as u32 });
        let found = ids.filter_map(|id| Some((digits.pixels(id)?, digits.label(id)?)));
        let (pixels, labels): (Vec<&[u8]>, Vec<u8>) = found.unzip();
        if labels.is_empty() {
            return Err(Error::DigitsMissing { split, needed: 1, loaded: 0 });
        }
        Ok(Self { images: IdxImages::from_pixels(split.pictures(), pixels.concat())?, labels })
    }

    /// For every so many of the pictures, read so, whether the teacher agrees with the label.
    async fn agreed(&self, learner: &Learner, reading: Reading, every: usize) -> Result<Vec<bool>> {
        let read = reading.apply(&self.images);
        let pictures = read.pixels().chunks_exact(PIXELS).step_by(every);
        let pixels = pictures.flatten().map(|grey| f32::from(*grey) / 255.0).collect();
        let choices = measure::predictions(&learner.logits(pixels).await?, CLASSES);
        let labels = self.labels.iter().step_by(every);
        Ok(choices.iter().zip(labels).map(|(choice, label)| choice == label).collect())
    }

    /// The reading that the teacher agrees with most, if that leaves at most half of what it disagrees with now and is
    /// no chance.
    async fn better(&self, learner: &Learner, as_taken: &[bool]) -> Result<Option<BetterReading>> {
        let candidates = Reading::candidates(&self.images);
        let mut best: Option<(Reading, u32)> = None;
        for &reading in &candidates {
            let agreed = count(&self.agreed(learner, reading, EVERY).await?);
            if best.is_none_or(|(_, most)| agreed > most) {
                best = Some((reading, agreed));
            }
        }
        let Some((reading, _)) = best.filter(|(reading, _)| *reading != Reading::default()) else {
            return Ok(None);
        };
        let read_so = self.agreed(learner, reading, 1).await?;
        let only = |these: &[bool], those: &[bool]| {
            these.iter().zip(those).filter(|(this, that)| **this && !**that).count() as u32
        };
        let p_value = measure::mcnemar(only(as_taken, &read_so), only(&read_so, as_taken));
        let left = |agreed: &[bool]| agreed.len() as u32 - count(agreed);
        let by_chance = p_value * candidates.len() as f64;
        let is_far_better = left(&read_so) * 2 <= left(as_taken) && by_chance < SIGNIFICANT;
        Ok(is_far_better.then(|| BetterReading { reading, agreed: count(&read_so) }))
    }
}

fn count(agreed: &[bool]) -> u32 {
    agreed.iter().filter(|agreed| **agreed).count() as u32
}
