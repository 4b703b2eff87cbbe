//! Which pictures an experiment learns on, is measured on, and holds out.

use super::config::{Config, DataSet, EvaluateOn, TransferSet};
use crate::data::{Digits, FASHION_TEST_PICTURES, SampleId, Split};
use crate::error::{Error, Result};

fn first(split: Split, count: u32) -> impl Iterator<Item = SampleId> + Clone {
    (0..count).map(move |index| SampleId { split, index })
}

/// The digits that measures are taken on; of the user's own those that are loaded.
pub(super) fn evaluated_ids(config: &Config, digits: &Digits) -> Vec<SampleId> {
    match config.data.evaluate_on {
        EvaluateOn::Validation => {
            validation_ids(config).into_iter().take(config.data.evaluated as usize).collect()
        }
        EvaluateOn::Test => test_ids(config, digits),
    }
}

/// The test digits that measures are taken on, or will be; of the user's own those that are loaded.
pub(super) fn test_ids(config: &Config, digits: &Digits) -> Vec<SampleId> {
    let (split, count) = match config.data.set {
        DataSet::Mnist => (Split::Test, 10_000),
        DataSet::Own => (Split::OwnTest, digits.loaded(Split::OwnTest) as u32),
        DataSet::Fashion => (Split::FashionTest, FASHION_TEST_PICTURES),
    };
    first(split, count.min(config.data.evaluated)).collect()
}

/// Refuses to test on pictures of the user's own where there are none.
///
/// # Errors
/// [`Error::DigitsMissing`] with the way to give them.
pub(super) fn check_own_test(config: &Config, digits: &Digits) -> Result<()> {
    let loaded = digits.loaded(Split::OwnTest);
    if config.data.set != DataSet::Own || loaded > 0 {
        return Ok(());
    }
    Err(Error::DigitsMissing { split: Split::OwnTest, needed: config.data.evaluated, loaded: 0 })
}

/// The held-out digits: the last of the training digits.
pub(super) fn validation_ids(config: &Config) -> Vec<SampleId> {
    let (split, count) = (config.data.set.learnt(), config.data.set.learnt_count());
    (count.saturating_sub(config.data.validation)..count).map(|index| SampleId { split, index }).collect()
}

/// The pictures of a transfer set, those of classes that are left out among them; `of` is the experiment's data set.
pub(super) fn pictures_of(set: &TransferSet, of: DataSet) -> impl Iterator<Item = SampleId> + Clone {
    first(set.pictures.split(of), set.digits)
}

/// The pictures of a transfer set without the classes that are left out.
///
/// # Errors
/// [`Error::DigitsMissing`] when not all of the set are loaded.
pub(super) fn transfer_ids(set: &TransferSet, of: DataSet, digits: &Digits) -> Result<Vec<SampleId>> {
    let split = set.pictures.split(of);
    if digits.loaded(split) < set.digits as usize {
        return Err(digits.missing(split, set.digits));
    }
    let is_kept = |id: &SampleId| digits.label(*id).is_some_and(|label| !set.leave_out.contains(&label));
    Ok(pictures_of(set, of).filter(is_kept).collect())
}
