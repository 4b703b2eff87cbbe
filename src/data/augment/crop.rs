//! A window of the digit; the rest is blank.

use super::{Patch, Subject};
use crate::data::PIXELS;

/// Digits fill 20 pixels, so a window this large always leaves most of one.
const SIDE_PX: usize = 18;

pub(super) fn apply(subject: Subject) {
    let window = Patch::drawn(SIDE_PX, subject.stream);
    (0..PIXELS).filter(|&pixel| !window.contains(pixel)).for_each(|pixel| subject.digit[pixel] = 0.0);
}
