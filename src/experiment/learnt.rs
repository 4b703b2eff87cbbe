//! Digits as a model learns from them: changed and labelled as its transfer set says.

use serde::Serialize;

use super::config::{Config, TransferSet};
use super::samples::transfer_ids;
use crate::data::{Batch, Digits, Others, PIXELS, SampleId};
use crate::error::{Error, Named, Result};

/// When a batch is learnt from. What is drawn for its digits depends on this and on their names alone.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub seed: u32,
    pub epoch: u32,
    /// From 0 in each epoch.
    pub step: u32,
}

/// Gathers a batch and changes its digits and labels; `tasks` are the places of the tasks that they are asked for.
///
/// # Errors
/// [`Error::DigitsMissing`].
pub(super) fn learnt(
    set: &TransferSet,
    digits: &Digits,
    ids: &[SampleId],
    tasks: &[u8],
    moment: Moment,
) -> Result<Batch> {
    let Moment { seed, epoch, step } = moment;
    let mut batch = Batch::gather(digits, ids)?;
    batch.tasks.copy_from_slice(tasks);
    batch.hide_labels(set.unlabelled, seed);
    batch.mislabel(set.label_noise, seed);
    let (unlabelled, label_noise) = (set.unlabelled, set.label_noise);
    let others = Others { digits, pool: set.digits, unlabelled, label_noise, seed };
    for (place, augmentation) in set.augment.iter().enumerate() {
        augmentation.apply(&mut batch, &others, epoch, place);
    }
    batch.jitter(set.jitter_px, seed, epoch);
    batch.mix_up(set.mixup_alpha, seed, epoch, step);
    Ok(batch)
}

/// A digit as a model sees it while it learns.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Example {
    /// 784 grey values, row by row, 0 (paper) to 1 (ink).
    pub pixels: Vec<f32>,
    /// What it is; of pictures without labels no class.
    pub class: u8,
    /// What the model is told that it is; null where it is not told.
    pub label: Option<u8>,
    /// The label of the digit that is mixed into it, and its share, 0 to 1; null where none is.
    pub mixed: Option<(u8, f32)>,
}

/// The first digits of a model's transfer set, as it sees them in its first epoch; of a valid config.
///
/// # Errors
/// [`Error::Unknown`] for a model that the config lacks, [`Error::DigitsMissing`].
pub fn examples(config: &Config, model: &str, most: usize, digits: &Digits) -> Result<Vec<Example>> {
    let Some(learner) = config.models.get(model) else {
        return Err(Error::unknown(Named::Model, model, config.models.keys().map(String::as_str)));
    };
    let set = config.transfer_set_of(learner);
    let mut ids = transfer_ids(set, config.data.set, digits)?;
    ids.truncate(most);
    let classes = Batch::gather(digits, &ids)?.labels;
    let moment = Moment { seed: config.seed, epoch: 1, step: 0 };
    let batch = learnt(set, digits, &ids, &vec![0; ids.len()], moment)?;
    let example = |(row, pixels): (usize, &[f32])| Example {
        pixels: pixels.to_vec(),
        class: classes[row],
        label: batch.labelled[row].then_some(batch.labels[row]),
        mixed: batch.mix.as_ref().map(|mix| (batch.labels[mix.others[row]], 1.0 - mix.share)),
    };
    Ok(batch.pixels.chunks_exact(PIXELS).enumerate().map(example).collect())
}
