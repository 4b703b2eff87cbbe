//! A blank square.

use super::{Patch, Subject};

/// A third of the picture's side, about a half of a digit's width.
const SIDE_PX: usize = 9;

pub(super) fn apply(subject: Subject) {
    let patch = Patch::drawn(SIDE_PX, subject.stream);
    patch.pixels().for_each(|pixel| subject.digit[pixel] = 0.0);
}
