//! What is told of a digit's label: some are hidden, some are wrong. Which ones is a function of the seed and the digit's
//! name, so that it is the same in every epoch and in every batch.

use super::{CLASSES, SampleId};
use crate::random::Stream;

/// Whether a picture's label is not to be seen: it is no class of the experiment, or among the hidden ones, about this share of all.
pub(crate) fn is_label_hidden(id: SampleId, share: f64, seed: u32) -> bool {
    let drawn = || Stream::new(seed, "unlabelled", &[id.split as u64, id.index.into()]).uniform(0.0, 1.0);
    !id.split.labels_are_classes() || (share > 0.0 && f64::from(drawn()) < share)
}

/// The label that is told in place of the true one, 0 to 9: of about this share of all digits one of the nine other
/// classes, each as likely (symmetric noise). Digits that are mislabelled at a share are so at every larger one, in
/// the same way.
pub(crate) fn told_label(id: SampleId, label: u8, share: f64, seed: u32) -> u8 {
    if share == 0.0 {
        return label;
    }
    let mut stream = Stream::new(seed, "label noise", &[id.split as u64, id.index.into()]);
    match f64::from(stream.uniform(0.0, 1.0)) < share {
        true => (label + 1 + stream.below(CLASSES as u32 - 1) as u8) % CLASSES as u8,
        false => label,
    }
}
