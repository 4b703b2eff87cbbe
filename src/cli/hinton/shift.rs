//! A bias that is moved after training: what the model then gets wrong, and which shift does best.

use std::ops::RangeInclusive;

use crate::data::CLASSES;

/// Wrong digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Errors {
    pub all: u32,
    /// On digits of the classes whose bias is moved.
    pub on_moved: u32,
}

/// What is left of one digit's logits when only a shift of some of them is of interest.
struct Digit {
    label: u8,
    label_is_moved: bool,
    /// The best class among the moved ones, and among the others.
    moved: u8,
    other: u8,
    /// The shift at which the two are equally likely.
    even_at: f64,
}

/// Digits as one model sees them, for any shift of the biases of some classes.
pub struct Shiftable(Vec<Digit>);

impl Shiftable {
    /// Takes logits `n × 10`, the labels, and the classes whose bias is moved: at least one and not all ten.
    pub fn new(logits: &[f32], labels: &[u8], classes: &[u8]) -> Self {
        let digits = logits.chunks_exact(CLASSES).zip(labels).map(|(logits, &label)| {
            // Of equal logits the lower class is chosen, as everywhere.
            let best = |is_moved: bool| {
                let those = (0_u8..).zip(logits).filter(|(class, _)| classes.contains(class) == is_moved);
                let first = (0, f32::NEG_INFINITY);
                those.fold(first, |best, (class, &logit)| if logit > best.1 { (class, logit) } else { best })
            };
            let (moved, other) = (best(true), best(false));
            let even_at = f64::from(other.1) - f64::from(moved.1);
            let label_is_moved = classes.contains(&label);
            Digit { label, label_is_moved, moved: moved.0, other: other.0, even_at }
        });
        Self(digits.collect())
    }

    /// How many digits there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// How many digits are of the moved classes.
    pub fn of_moved(&self) -> usize {
        self.0.iter().filter(|digit| digit.label_is_moved).count()
    }

    /// What is wrong with the biases moved by `shift`.
    pub fn errors(&self, shift: f64) -> Errors {
        let mut errors = Errors { all: 0, on_moved: 0 };
        for digit in self.0.iter().filter(|digit| digit.choice(shift) != digit.label) {
            errors.all += 1;
            errors.on_moved += u32::from(digit.label_is_moved);
        }
        errors
    }

    /// The shift with the fewest errors among these tenths; of several the smallest, and up before down.
    pub fn best(&self, tenths: RangeInclusive<i32>) -> f64 {
        let rank = |tenths: &i32| (self.errors(of_tenths(*tenths)).all, tenths.abs(), *tenths < 0);
        of_tenths(tenths.min_by_key(rank).unwrap_or(0))
    }
}

/// The number nearest to so many tenths: 0.1 times them would be beside it.
pub fn of_tenths(tenths: i32) -> f64 {
    f64::from(tenths) / 10.0
}

impl Digit {
    fn choice(&self, shift: f64) -> u8 {
        match () {
            () if shift > self.even_at => self.moved,
            () if shift < self.even_at => self.other,
            () => self.moved.min(self.other),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Logits that are 0 but for these.
    fn logits(values: &[(usize, f32)]) -> Vec<f32> {
        let mut logits = vec![0.0; CLASSES];
        values.iter().for_each(|&(class, logit)| logits[class] = logit);
        logits
    }

    #[test]
    fn the_shift_that_gets_every_digit_right_is_found() {
        // A 3 that needs more than 2.5 to be known, and a 5 that is lost from 3 on (a tie goes to the lower class).
        let seen = [logits(&[(3, 1.5), (8, 4.25)]), logits(&[(3, 1.0), (5, 4.0)])].concat();
        let digits = Shiftable::new(&seen, &[3, 5], &[3]);
        assert_eq!((digits.count(), digits.of_moved()), (2, 1));
        assert_eq!(digits.errors(0.0), Errors { all: 1, on_moved: 1 });
        // Even at 2.75.
        assert_eq!(digits.errors(2.7), Errors { all: 1, on_moved: 1 });
        assert_eq!(digits.errors(2.75), Errors { all: 0, on_moved: 0 });
        assert_eq!(digits.errors(3.0), Errors { all: 1, on_moved: 0 });
        assert_eq!(digits.best(-100..=100), 2.8);
        // 8 is chosen down to −5, where 2, the lower class, is as likely.
        let digits = Shiftable::new(&logits(&[(7, 5.0), (8, 6.0), (2, 1.0)]), &[2], &[7, 8]);
        assert_eq!(digits.best(-200..=0), -5.0);
        assert_eq!(digits.best(-49..=0), 0.0, "no shift of the range helps");
    }

    #[test]
    fn of_shifts_that_do_as_well_the_smallest_is_taken_and_up_before_down() {
        let right = logits(&[(4, 9.0)]);
        assert_eq!(Shiftable::new(&right, &[4], &[3]).best(-100..=100), 0.0);
        assert_eq!(Shiftable::new(&right, &[4], &[3]).best(-100..=-20), -2.0);
        // Both wrong at 0; one is right from 1 on, the other from −1 down.
        let either = [logits(&[(3, 1.0), (9, 2.0)]), logits(&[(3, 2.0), (1, 1.0)])].concat();
        let digits = Shiftable::new(&either, &[3, 1], &[3]);
        assert_eq!((digits.errors(0.0).all, digits.errors(1.0).all, digits.errors(-1.0).all), (2, 1, 1));
        assert_eq!(digits.best(-100..=100), 1.0);
    }

    proptest! {
        /// Numbers of eighths, which f32 adds without rounding.
        #[test]
        fn errors_are_those_of_logits_with_the_shift_added(
            eighths in prop::collection::vec(-40_i32..40, 6 * CLASSES), shift in -60_i32..60, seven in any::<bool>(),
        ) {
            let classes: &[u8] = if seven { &[7, 8] } else { &[3] };
            let logits: Vec<f32> = eighths.iter().map(|&n| n as f32 / 8.0).collect();
            let labels = [3, 7, 8, 0, 9, 3];
            let wrong = |(row, label): (&[f32], &u8)| {
                let moved = |class: usize| row[class] + if classes.contains(&(class as u8)) { shift as f32 / 8.0 } else { 0.0 };
                let best = (0..CLASSES).fold(0, |best, class| if moved(class) > moved(best) { class } else { best });
                best as u8 != *label
            };
            let expected = logits.chunks(CLASSES).zip(&labels).filter(|pair| wrong(*pair)).count();
            let found = Shiftable::new(&logits, &labels, classes).errors(f64::from(shift) / 8.0);
            prop_assert_eq!(found.all as usize, expected);
        }
    }
}
