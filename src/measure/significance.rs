//! How sure a count of errors and a difference between two of them are.

use statrs::distribution::{Binomial, DiscreteCDF};

/// The normal distribution's 97.5 % point.
const Z: f64 = 1.959_963_984_540_054;

/// Ends of the 95 % Wilson score interval of an error count among `n` digits, as counts
/// (Wilson 1927). Both 0 when nothing was evaluated.
pub fn wilson_interval(errors: u32, n: u32) -> [f64; 2] {
    if n == 0 {
        return [0.0; 2];
    }
    let (errors, n) = (f64::from(errors), f64::from(n));
    let rate = errors / n;
    let shrink = 1.0 + Z * Z / n;
    let middle = (rate + Z * Z / (2.0 * n)) / shrink;
    let half = Z * (rate * (1.0 - rate) / n + Z * Z / (4.0 * n * n)).sqrt() / shrink;
    // At 0 and at n errors the interval ends exactly there; rounding must not move it beyond.
    let low = if errors == 0.0 { 0.0 } else { (middle - half) * n };
    let high = if errors == n { n } else { (middle + half) * n };
    [low, high]
}

/// McNemar's exact test of two models on the same digits, two-sided: the probability, were both
/// equally good, of a split of the digits that one alone gets wrong at least this uneven
/// (McNemar 1947; a binomial with p = ½ on the discordant pairs). 1 when there are none.
pub fn mcnemar(only_a_wrong: u32, only_b_wrong: u32) -> f64 {
    let discordant = u64::from(only_a_wrong) + u64::from(only_b_wrong);
    let fewer = u64::from(only_a_wrong.min(only_b_wrong));
    match Binomial::new(0.5, discordant) {
        Ok(fair) if discordant > 0 => (2.0 * fair.cdf(fewer)).min(1.0),
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn near(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance, "{found}, expected {expected}");
    }

    #[test]
    fn wilson_agrees_with_published_intervals() {
        // Newcombe, Statistics in Medicine 17 (1998), table I, method 3, to its four decimals.
        let published = [
            (81, 263, [0.2553, 0.3662]),
            (15, 148, [0.0624, 0.1605]),
            (0, 20, [0.0, 0.1611]),
            (1, 29, [0.0061, 0.1718]),
        ];
        for (errors, n, expected) in published {
            let [low, high] = wilson_interval(errors, n);
            near(low / f64::from(n), expected[0], 5e-5);
            near(high / f64::from(n), expected[1], 5e-5);
        }
        assert_eq!(wilson_interval(0, 0), [0.0, 0.0]);
        assert_eq!(wilson_interval(20, 20)[1], 20.0);
    }

    #[test]
    fn mcnemar_agrees_with_sums_done_by_hand() {
        // 1 against 9: 2 · (1 + 10) / 2^10. 0 against 5: 2 / 2^5. 2 against 6: 2 · (1 + 8 + 28) / 2^8.
        near(mcnemar(1, 9), 22.0 / 1024.0, 1e-12);
        near(mcnemar(0, 5), 0.0625, 1e-12);
        near(mcnemar(2, 6), 74.0 / 256.0, 1e-12);
        assert_eq!(mcnemar(0, 0), 1.0);
        assert_eq!(mcnemar(4, 4), 1.0);
    }

    #[test]
    fn mcnemar_agrees_with_the_textbook_example() {
        // Agresti, Categorical Data Analysis (1990), section 10.1: approval ratings, 150 against 86.
        near(mcnemar(150, 86), 3.716e-5, 5e-8);
    }

    #[test]
    fn a_large_difference_is_small_but_not_lost() {
        // 2 · 2^-1000: far below what 1 − cdf could hold.
        let p = mcnemar(0, 1000);
        near(p.log2(), -999.0, 1e-6);
    }

    proptest! {
        #[test]
        fn mcnemar_is_a_symmetric_probability_that_falls_with_the_difference(a in 0_u32..3_000, b in 0_u32..3_000) {
            let p = mcnemar(a, b);
            prop_assert!((0.0..=1.0).contains(&p));
            prop_assert_eq!(p, mcnemar(b, a));
            let (low, high) = (a.min(b), a.max(b));
            prop_assert!(mcnemar(low, high + 1) <= p + 1e-12);
        }

        #[test]
        fn wilson_holds_the_count_and_stays_in_range(errors in 0_u32..10_000, more in 0_u32..10_000) {
            let n = errors + more;
            let [low, high] = wilson_interval(errors, n);
            prop_assert!(0.0 <= low && low <= f64::from(errors));
            prop_assert!(f64::from(errors) <= high && high <= f64::from(n));
        }
    }
}
