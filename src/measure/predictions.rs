//! First choices, and what is counted over them.

use crate::data::CLASSES;

/// What stands for the prediction of a digit that has none, as one of its logits is no number. It equals no class.
pub const NO_PREDICTION: u8 = u8::MAX;

/// The class of the largest logit of each `classes`; the lower class where two are equal, [`NO_PREDICTION`] where one
/// is no number.
pub fn predictions(logits: &[f32], classes: usize) -> Vec<u8> {
    let larger =
        |logits: &[f32], best: usize, class: usize| if logits[class] > logits[best] { class } else { best };
    let prediction = |logits: &[f32]| match logits.iter().any(|logit| logit.is_nan()) {
        true => NO_PREDICTION,
        false => (1..classes).fold(0, |best, class| larger(logits, best, class)) as u8,
    };
    logits.chunks_exact(classes).map(prediction).collect()
}

/// Places where the prediction is not the label, rising; no prediction is no label.
pub fn wrong(predictions: &[u8], labels: &[u8]) -> Vec<u32> {
    let pairs = (0..).zip(predictions.iter().zip(labels));
    pairs.filter(|(_, (prediction, label))| prediction != label).map(|(at, _)| at).collect()
}

/// How many predictions of two models are the same. Where neither has one they agree on nothing.
pub fn agreement(a: &[u8], b: &[u8]) -> u32 {
    a.iter().zip(b).filter(|(a, b)| a == b && **a != NO_PREDICTION).count() as u32
}

/// Counts by label (row) and prediction (column); digits without a prediction are in no column.
pub fn confusion(predictions: &[u8], labels: &[u8]) -> [[u32; CLASSES]; CLASSES] {
    let mut counts = [[0; CLASSES]; CLASSES];
    for (&prediction, &label) in predictions.iter().zip(labels) {
        if let Some(count) = counts[usize::from(label)].get_mut(usize::from(prediction)) {
            *count += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_choices_and_what_is_counted_over_them() {
        let mut logits = vec![-1.0; 4 * CLASSES];
        logits[3] = 2.0;
        logits[CLASSES + 9] = -0.5;
        // Equal logits: the lower class, always.
        logits[2 * CLASSES + 4] = 7.0;
        logits[2 * CLASSES + 6] = 7.0;
        let chosen = predictions(&logits, CLASSES);
        assert_eq!(chosen, [3, 9, 4, 0]);
        let labels = [3, 1, 4, 1];
        assert_eq!(wrong(&chosen, &labels), [1, 3]);
        assert_eq!(agreement(&chosen, &labels), 2);
        let counts = confusion(&chosen, &labels);
        assert_eq!((counts[3][3], counts[1][9], counts[4][4], counts[1][0]), (1, 1, 1, 1));
        assert_eq!(counts.as_flattened().iter().sum::<u32>(), 4);
    }

    #[test]
    fn logits_that_are_no_numbers_are_no_prediction_of_class_0() {
        let mut logits = vec![0.0; 4 * CLASSES];
        logits[..CLASSES].fill(f32::NAN);
        // One is enough, wherever it stands; what is infinite is still larger or smaller.
        logits[2 * CLASSES - 1] = f32::NAN;
        logits[2 * CLASSES + 6] = f32::INFINITY;
        logits[3 * CLASSES] = f32::NEG_INFINITY;
        let chosen = predictions(&logits, CLASSES);
        assert_eq!(chosen, [NO_PREDICTION, NO_PREDICTION, 6, 1]);
        assert_eq!(wrong(&chosen, &[0, 0, 6, 1]), [0, 1]);
        assert_eq!(agreement(&chosen, &chosen), 2);
        assert_eq!(confusion(&chosen, &[0; 4]).as_flattened().iter().sum::<u32>(), 2);
    }
}
