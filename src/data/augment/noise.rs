//! Pure noise.

use super::Subject;

pub(super) fn apply(subject: Subject) {
    subject.digit.iter_mut().for_each(|pixel| *pixel = subject.stream.uniform(0.0, 1.0));
}
