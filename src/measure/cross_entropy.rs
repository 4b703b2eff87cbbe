//! The loss of a trained model: how far its probabilities are from the labels.

/// Mean cross-entropy −ln p(label) of `n × classes` logits at T = 1 with their labels, in nats; none for no digits, and
/// where it is no finite number.
pub fn cross_entropy(logits: &[f32], classes: usize, labels: &[u8]) -> Option<f64> {
    let rows = logits.chunks_exact(classes).zip(labels);
    let sum: f64 = rows.map(|(logits, &label)| one(logits, usize::from(label))).sum();
    Some(sum / labels.len() as f64).filter(|mean| mean.is_finite())
}

/// ln Σ exp z − z(label), the largest logit taken off first, so that nothing overflows.
fn one(logits: &[f32], label: usize) -> f64 {
    let largest = f64::from(logits.iter().copied().fold(f32::NEG_INFINITY, f32::max));
    let sum: f64 = logits.iter().map(|&logit| (f64::from(logit) - largest).exp()).sum();
    sum.ln() + largest - logits.get(label).map_or(f64::NAN, |&logit| f64::from(logit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_logits_cost_the_logarithm_of_the_classes_and_two_classes_their_closed_form() {
        assert!((cross_entropy(&[3.0; 20], 10, &[0, 9]).unwrap() - 10_f64.ln()).abs() < 1e-14);
        // ln (1 + e^(b − a)) and ln (1 + e^(a − b)).
        let expected = (f64::exp(-3.0).ln_1p() + f64::exp(3.0).ln_1p()) / 2.0;
        assert!((cross_entropy(&[2.0, -1.0, 2.0, -1.0], 2, &[0, 1]).unwrap() - expected).abs() < 1e-14);
    }

    #[test]
    fn large_logits_do_not_overflow_and_what_is_no_number_has_no_loss() {
        assert_eq!(cross_entropy(&[1e30, 0.0], 2, &[0]), Some(0.0));
        assert_eq!(cross_entropy(&[1e30, 0.0], 2, &[1]), Some(1e30_f32.into()));
        assert_eq!(cross_entropy(&[f32::INFINITY, 0.0], 2, &[1]), None);
        assert_eq!(cross_entropy(&[f32::NAN, 0.0], 2, &[1]), None);
        assert_eq!(cross_entropy(&[], 10, &[]), None);
    }
}
