//! A square of another digit of the same class, among those whose label may be seen.

use super::{Patch, Subject};
use crate::data::SampleId;

const SIDE_PX: usize = 9;
/// Digits looked at to find one of the class; one in ten is, where no label is hidden. A digit that finds none stays as
/// it is.
const TRIES: u32 = 100;

pub(super) fn apply(subject: Subject) {
    let Subject { digit, id: own, label, stream, others } = subject;
    let other = (0..TRIES)
        .map(|_| SampleId { split: own.split, index: stream.below(others.pool) })
        .find(|id| *id != own && label.is_some() && others.label(*id) == label);
    let patch = Patch::drawn(SIDE_PX, stream);
    if let Some(other) = other.and_then(|id| others.digits.pixels(id)) {
        patch.pixels().for_each(|pixel| digit[pixel] = f32::from(other[pixel]) / 255.0);
    }
}
