//! Softened probabilities and their measures, in nats.

/// `softmax(logits / t)` (Hinton et al. 2015, eq. 1) of one digit, for t above 0.
pub fn softened(logits: &[f32], t: f64) -> Vec<f64> {
    // The largest is taken off before exp, so nothing overflows at small t.
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f64> =
        logits.iter().map(|&logit| ((f64::from(logit) - f64::from(largest)) / t).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// Entropy −Σ p ln p in nats; a probability of 0 adds nothing.
pub fn entropy(p: &[f64]) -> f64 {
    p.iter().filter(|&&p| p != 0.0).map(|p| -p * p.ln()).sum()
}

/// Kullback–Leibler divergence KL(p‖q) = Σ p ln(p/q) in nats; infinite where q is 0 and p is not.
pub fn kl(p: &[f64], q: &[f64]) -> f64 {
    let sum: f64 = p.iter().zip(q).filter(|&(&p, _)| p != 0.0).map(|(p, q)| p * (p / q).ln()).sum();
    // Rounding can bring equal distributions a hair below 0. By comparison: of no number `max` would make 0.
    if sum < 0.0 { 0.0 } else { sum }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn softening_agrees_with_its_closed_form() {
        // Two classes: p = 1 / (1 + e^((b − a)/t)).
        let p = softened(&[2.0, -1.0], 4.0);
        let expected = 1.0 / (1.0 + (-3.0_f64 / 4.0).exp());
        assert!((p[0] - expected).abs() < 1e-15 && (p[1] - (1.0 - expected)).abs() < 1e-15);
        assert_eq!(softened(&[1e30, 0.0], 0.1), [1.0, 0.0]);
    }

    #[test]
    fn a_probability_of_next_to_nothing_is_right_at_a_small_t() {
        // Worked out with 50 decimal digits (Python's decimal); the logits are exact in binary. T is not, and the
        // exponent 27.5 makes 3e-15 of that.
        let p = softened(&[0.5, 0.25, -1.4375, -2.25], 0.1);
        let expected =
            [9.241418166891026e-1, 7.585817975121231e-2, 3.5586316361073533e-9, 1.053514142083187e-12];
        for (p, expected) in p.iter().zip(expected) {
            assert!((p / expected - 1.0).abs() < 1e-14, "{p} {expected}");
        }
    }

    #[test]
    fn entropy_and_divergence_in_known_cases() {
        assert!((entropy(&[0.1; 10]) - 10_f64.ln()).abs() < 1e-14);
        assert_eq!(entropy(&[0.0, 1.0]), 0.0);
        // KL of a fair coin from one that falls 3 : 1: ½ ln(½/¾) + ½ ln(½/¼) = ½ ln(4/3).
        let divergence = kl(&[0.5, 0.5], &[0.75, 0.25]);
        assert!((divergence - 0.5 * (4.0_f64 / 3.0).ln()).abs() < 1e-15);
        assert_eq!(kl(&[0.5, 0.5], &[1.0, 0.0]), f64::INFINITY);
        assert_eq!(kl(&[0.0, 1.0], &[0.0, 1.0]), 0.0);
    }

    proptest! {
        #[test]
        fn softening_gives_probabilities_that_spread_as_t_rises(
            logits in prop::collection::vec(-20.0_f32..20.0, 10), t in 0.5_f64..20.0,
        ) {
            let (sharp, soft) = (softened(&logits, t), softened(&logits, t * 2.0));
            prop_assert!((sharp.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            prop_assert!(entropy(&soft) >= entropy(&sharp) - 1e-12);
            prop_assert!(kl(&sharp, &soft) >= 0.0);
            prop_assert!(kl(&sharp, &sharp) < 1e-12);
        }
    }
}
