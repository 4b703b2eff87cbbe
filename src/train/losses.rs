//! Sums of the loss over digits: what its means are made of, however the digits were cut into batches.

use super::{Inputs, StepInputs};
use crate::archive::{Array, Dtype};

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

/// One value for each term of a loss.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PerTerm<T> {
    pub hard: T,
    pub soft: T,
    pub total: T,
    /// In the order of the learner's imitations.
    pub imitated: Vec<T>,
}

/// Sums of every term of a loss over some steps.
pub type LossSums = PerTerm<TermSum>;

impl<T> PerTerm<T> {
    /// Of hard, soft, total and each imitation, in this order; none of fewer than three.
    fn of(mut terms: impl Iterator<Item = T>) -> Option<Self> {
        let (hard, soft, total) = (terms.next()?, terms.next()?, terms.next()?);
        Some(Self { hard, soft, total, imitated: terms.collect() })
    }

    /// Hard, soft, total and each imitation. A list, since every use of a chained iterator is code of its own in the
    /// package.
    pub(super) fn iter(&self) -> std::vec::IntoIter<&T> {
        let mut terms = vec![&self.hard, &self.soft, &self.total];
        terms.extend(&self.imitated);
        terms.into_iter()
    }

    pub(super) fn iter_mut(&mut self) -> std::vec::IntoIter<&mut T> {
        let mut terms = vec![&mut self.hard, &mut self.soft, &mut self.total];
        terms.extend(&mut self.imitated);
        terms.into_iter()
    }

    /// The same of each term.
    #[cfg(feature = "tensors")]
    pub(super) fn map<U>(&self, of: impl Fn(&T) -> U) -> PerTerm<U> {
        let imitated = self.imitated.iter().map(&of).collect();
        PerTerm { hard: of(&self.hard), soft: of(&self.soft), total: of(&self.total), imitated }
    }
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
    /// Of a learner with so many imitations, before its first step.
    pub(super) fn none(imitations: usize) -> Self {
        Self { imitated: vec![TermSum::default(); imitations], ..Self::default() }
    }

    /// Adds a step: what each term was in the mean, and how many digits had it.
    pub(super) fn add(&mut self, means: &PerTerm<f32>, digits: &PerTerm<f32>) {
        for ((sum, mean), digits) in self.iter_mut().zip(means.iter()).zip(digits.iter()) {
            sum.sum += mean * digits;
            sum.finite_steps += f32::from(u8::from(mean.is_finite()));
            sum.digits += digits;
        }
    }

    /// As a device adds them up: the sums of hard, soft, total and each imitation, and behind them their finite steps.
    pub(super) fn to_device(&self) -> Vec<f32> {
        self.iter().map(|term| term.sum).chain(self.iter().map(|term| term.finite_steps)).collect()
    }

    /// From what a device added up, and the digits, which the host counts.
    pub(super) fn from_device(values: &[f32], digits: &PerTerm<f32>) -> Self {
        let (sums, finite) = values.split_at(values.len() / 2);
        let terms = sums.iter().zip(finite).zip(digits.iter());
        let terms = terms.map(|((&sum, &finite_steps), &digits)| TermSum { sum, digits, finite_steps });
        Self::of(terms).expect("a device adds up all terms")
    }

    /// As they lie in a snapshot: as on a device, and behind that the digits.
    pub fn to_values(&self) -> Vec<f32> {
        let mut values = self.to_device();
        values.extend(self.iter().map(|term| term.digits));
        values
    }

    /// From the values of a snapshot; none when they are not as many as some terms have.
    pub fn from_values(values: &[f32]) -> Option<Self> {
        let (on_device, digits) = values.split_at(values.len() / 3 * 2);
        let is_whole = on_device.len() == 2 * digits.len();
        Some(Self::from_device(on_device, &PerTerm::of(digits.iter().copied()).filter(|_| is_whole)?))
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

/// By [`LossSums::to_values`].
impl Array for LossSums {
    const DTYPE: Dtype = Dtype::F32;

    fn to_bytes(&self) -> Option<Vec<u8>> {
        self.to_values().to_bytes()
    }

    fn from_bytes(bytes: Option<Vec<u8>>) -> Option<Self> {
        Self::from_values(&<Vec<f32>>::from_bytes(bytes)?)
    }
}

/// How many digits of a batch have each term: hard, soft and total, then each imitation. Where nothing is worked out,
/// for want of labels and of teachers, nothing is minimised: no digit has a total.
pub(super) fn digits_of_terms(inputs: &Inputs, step_inputs: &StepInputs) -> PerTerm<f32> {
    let all = inputs.batch.ids.len() as f32;
    let labelled = inputs.batch.labelled.iter().filter(|is_seen| **is_seen).count() as f32;
    let is_taught = step_inputs.soft.is_some() || !step_inputs.imitated.is_empty();
    let all_if = |is_there: bool| if is_there { all } else { 0.0 };
    PerTerm {
        hard: labelled,
        soft: all_if(step_inputs.soft.is_some()),
        total: all_if(is_taught || labelled > 0.0),
        imitated: vec![all; step_inputs.imitated.len()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_over_the_digits_that_have_the_term_and_none_where_none_has() {
        // Hard, soft, total and one imitation: sums, finite steps, digits.
        let at = |sums: [f32; 4], digits: [f32; 4]| {
            LossSums::from_values(&[sums, [2.0; 4], digits].concat()).expect("four terms")
        };
        let earlier = at([4.0, 0.0, 4.0, 1.0], [2.0, 0.0, 2.0, 2.0]);
        let now = at([10.0, 0.0, 8.0, 7.0], [4.0, 0.0, 6.0, 6.0]);
        let recent = now.since(&earlier);
        assert_eq!([recent.hard.mean(), recent.soft.mean()], [Some(3.0), None]);
        assert_eq!([recent.total.mean(), recent.imitated[0].mean()], [Some(1.0), Some(1.5)]);
        assert_eq!(now.since(&LossSums::default()), now);
        let lost = at([f32::NAN, f32::INFINITY, 0.0, 1.0], [1.0; 4]);
        assert_eq!([lost.hard.mean(), lost.soft.mean(), lost.total.mean()], [None, None, Some(0.0)]);
    }
    #[test]
    fn the_values_of_a_snapshot_give_the_sums_back_and_others_are_none() {
        let mut sums = LossSums::none(2);
        let term =
            |hard, imitated: [f32; 2]| PerTerm { hard, soft: 2.0, total: 3.0, imitated: imitated.into() };
        sums.add(&term(1.5, [4.0, f32::NAN]), &term(10.0, [20.0, 30.0]));
        assert_eq!(sums.hard, TermSum { sum: 15.0, digits: 10.0, finite_steps: 1.0 });
        assert_eq!(sums.imitated[1].finite_steps, 0.0);
        sums.imitated[1].sum = 0.5;
        let values = sums.to_values();
        assert_eq!(LossSums::from_values(&values), Some(sums));
        for length in [0, 6, 14, 16] {
            assert_eq!(LossSums::from_values(&vec![0.0; length]), None, "{length}");
        }
    }
}
