//! Sums of the loss over digits: what its means are made of, however the digits were cut into batches.

use super::{Inputs, Lesson};

/// Hard, soft and total: the terms that every loss has.
pub(super) const TERMS: usize = 3;

/// One term of the loss over some steps.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TermSum {
    /// Over the digits that have it.
    pub sum: f32,
    /// How many digits have it: of the hard term those with a label, of another all of a step that worked it out.
    pub digits: f32,
    /// In how many of the steps it was a finite number; a step without it counts.
    pub finite_steps: f32,
}

/// Sums of every term of a loss over some steps.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LossSums {
    pub hard: TermSum,
    pub soft: TermSum,
    pub total: TermSum,
    /// In the order of the learner's imitations.
    pub imitated: Vec<TermSum>,
}

impl TermSum {
    /// The mean over digits; none where no digit has the term, or where it is no finite number.
    pub fn mean(&self) -> Option<f64> {
        let mean = f64::from(self.sum) / f64::from(self.digits);
        Some(mean).filter(|mean| mean.is_finite())
    }

    fn since(self, earlier: Self) -> Self {
        Self {
            sum: self.sum - earlier.sum,
            digits: self.digits - earlier.digits,
            finite_steps: self.finite_steps - earlier.finite_steps,
        }
    }
}

impl LossSums {
    /// From the numbers of a [`super::LearnerState`]: of hard, soft, total and each imitation first the sums, behind those
    /// the finite steps, behind those the digits.
    pub fn from_values(values: &[f32]) -> Self {
        let terms = values.len() / 3;
        let term = |place: usize| TermSum {
            sum: values[place],
            finite_steps: values[terms + place],
            digits: values[2 * terms + place],
        };
        let imitated = (TERMS..terms).map(term).collect();
        Self { hard: term(0), soft: term(1), total: term(2), imitated }
    }

    /// Hard, soft, total, and each imitation.
    pub fn terms(&self) -> Vec<&TermSum> {
        [&self.hard, &self.soft, &self.total].into_iter().chain(&self.imitated).collect()
    }

    /// What was added since these sums were `earlier`; by default nothing had been.
    pub fn since(&self, earlier: &Self) -> Self {
        let before = earlier.imitated.iter().copied().chain(std::iter::repeat(TermSum::default()));
        Self {
            hard: self.hard.since(earlier.hard),
            soft: self.soft.since(earlier.soft),
            total: self.total.since(earlier.total),
            imitated: self.imitated.iter().zip(before).map(|(now, before)| now.since(before)).collect(),
        }
    }
}

/// How many digits of a batch have each term: hard, soft and total, then each imitation. Where nothing is worked out, for
/// want of labels and of teachers, nothing is minimised: no digit has a total.
pub(super) fn digits_of_terms(inputs: &Inputs, lesson: &Lesson) -> Vec<f32> {
    let all = inputs.batch.ids.len() as f32;
    let labelled = inputs.batch.labelled.iter().filter(|is_seen| **is_seen).count() as f32;
    let is_taught = lesson.soft.is_some() || !lesson.imitated.is_empty();
    let all_if = |is_there: bool| if is_there { all } else { 0.0 };
    let terms = [labelled, all_if(lesson.soft.is_some()), all_if(is_taught || labelled > 0.0)];
    terms.into_iter().chain(std::iter::repeat_n(all, lesson.imitated.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_over_the_digits_that_have_the_term_and_none_where_none_has() {
        // Hard, soft, total and one imitation: sums, finite steps, digits.
        let at = |sums: [f32; 4], digits: [f32; 4]| LossSums::from_values(&[sums, [2.0; 4], digits].concat());
        let earlier = at([4.0, 0.0, 4.0, 1.0], [2.0, 0.0, 2.0, 2.0]);
        let now = at([10.0, 0.0, 8.0, 7.0], [4.0, 0.0, 6.0, 6.0]);
        let recent = now.since(&earlier);
        assert_eq!([recent.hard.mean(), recent.soft.mean()], [Some(3.0), None]);
        assert_eq!([recent.total.mean(), recent.imitated[0].mean()], [Some(1.0), Some(1.5)]);
        assert_eq!(now.since(&LossSums::default()), now);
        let lost = at([f32::NAN, f32::INFINITY, 0.0, 1.0], [1.0; 4]);
        assert_eq!([lost.hard.mean(), lost.soft.mean(), lost.total.mean()], [None, None, Some(0.0)]);
    }
}
