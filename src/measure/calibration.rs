//! Calibration: does a model that says "90 %" get nine of ten right?

use super::{predictions, softened};

/// Bins of confidence, as in Guo et al. 2017, section 3.
const BINS: usize = 15;

/// Expected calibration error of `n × classes` logits at T = 1: over 15 equal bins of confidence, the mean gap
/// between accuracy and confidence, weighted by the bin's share of digits (Guo et al., On Calibration of
/// Modern Neural Networks, 2017, eq. 3). 0 is perfect, 1 the worst; 0 for no digits, none where a probability is no
/// number.
pub fn expected_calibration_error(logits: &[f32], classes: usize, labels: &[u8]) -> Option<f64> {
    // Per bin: sum over its digits of (right ? 1 : 0) − confidence. The bin's count cancels out of
    // its share times its gap.
    let mut gaps = [0.0_f64; BINS];
    let chosen = predictions(logits, classes);
    for ((logits, &prediction), &label) in logits.chunks_exact(classes).zip(&chosen).zip(labels) {
        // No prediction, no confidence.
        let confidence = *softened(logits, 1.0).get(usize::from(prediction))?;
        let right = if prediction == label { 1.0 } else { 0.0 };
        gaps[bin(confidence)] += right - confidence;
    }
    let error = gaps.iter().map(|gap| gap.abs()).sum::<f64>() / labels.len().max(1) as f64;
    Some(error).filter(|error| error.is_finite())
}

/// The bin of a confidence; bin m, from 1, holds ((m − 1)/15, m/15].
fn bin(confidence: f64) -> usize {
    ((confidence * BINS as f64).ceil() as usize).clamp(1, BINS) - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::CLASSES;

    /// Logits of one digit whose probability of class 0 is `confidence`, the rest shared evenly.
    fn confident(confidence: f64) -> [f32; CLASSES] {
        let others = (1.0 - confidence) / 9.0;
        let mut logits = [others.ln() as f32; CLASSES];
        logits[0] = confidence.ln() as f32;
        logits
    }

    fn error(confidence: f64, right: usize, of: usize) -> f64 {
        let labels: Vec<u8> = (0..of).map(|at| u8::from(at >= right)).collect();
        expected_calibration_error(&confident(confidence).repeat(of), CLASSES, &labels).unwrap()
    }

    // Logits are f32, so a confidence made from them is off by about 1e-7.
    const TOLERANCE: f64 = 1e-6;

    #[test]
    fn a_model_as_good_as_it_says_has_no_error() {
        assert!(error(0.8, 80, 100) < TOLERANCE);
        assert!(error(0.5, 50, 100) < TOLERANCE);
    }

    #[test]
    fn the_error_is_the_gap_either_way() {
        assert!((error(0.9, 50, 100) - 0.4).abs() < TOLERANCE);
        assert!((error(0.6, 100, 100) - 0.4).abs() < TOLERANCE);
        assert!((error(0.999_999, 0, 10) - 1.0).abs() < 1e-5);
        assert_eq!(expected_calibration_error(&[], CLASSES, &[]), Some(0.0));
    }

    #[test]
    fn probabilities_that_are_no_numbers_have_no_calibration_error() {
        for value in [f32::NAN, f32::INFINITY] {
            let mut logits = confident(0.9).repeat(2);
            logits[3] = value;
            assert_eq!(expected_calibration_error(&logits, CLASSES, &[0, 0]), None, "{value}");
        }
    }

    #[test]
    fn gaps_of_different_bins_do_not_cancel_but_those_of_one_do() {
        // Confidence 0.95, all wrong at half the digits; 0.55, all right at the other half.
        let logits = [confident(0.95), confident(0.55)].concat();
        let apart = expected_calibration_error(&logits, CLASSES, &[1, 0]).unwrap();
        assert!((apart - (0.95 + 0.45) / 2.0).abs() < TOLERANCE);
        // 0.90 and 0.92 share the bin (13/15, 14/15]: |(1 − 0.90) + (0 − 0.92)| / 2.
        let logits = [confident(0.90), confident(0.92)].concat();
        let together = expected_calibration_error(&logits, CLASSES, &[0, 1]).unwrap();
        assert!((together - 0.41).abs() < TOLERANCE);
    }

    #[test]
    fn a_bin_ends_with_its_upper_edge() {
        assert_eq!([0.0, 1e-9, 0.2, 0.2 + 1e-9, 1.0].map(bin), [0, 0, 2, 3, 14]);
    }
}
