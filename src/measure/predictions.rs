//! First choices, and what is counted over them.

use crate::data::CLASSES;

/// The class of the largest logit of each `classes`; the lower class where two are equal.
pub fn predictions(logits: &[f32], classes: usize) -> Vec<u8> {
    logits
        .chunks_exact(classes)
        .map(|logits| {
            let best =
                (1..classes).fold(0, |best, class| if logits[class] > logits[best] { class } else { best });
            best as u8
        })
        .collect()
}

/// Places where the prediction is not the label, rising.
pub fn wrong(predictions: &[u8], labels: &[u8]) -> Vec<u32> {
    let pairs = (0..).zip(predictions.iter().zip(labels));
    pairs.filter(|(_, (prediction, label))| prediction != label).map(|(at, _)| at).collect()
}

/// How many predictions of two models are the same.
pub fn agreement(a: &[u8], b: &[u8]) -> u32 {
    a.iter().zip(b).filter(|(a, b)| a == b).count() as u32
}

/// Counts by label (row) and prediction (column).
pub fn confusion(predictions: &[u8], labels: &[u8]) -> [[u32; CLASSES]; CLASSES] {
    let mut counts = [[0; CLASSES]; CLASSES];
    for (&prediction, &label) in predictions.iter().zip(labels) {
        counts[usize::from(label)][usize::from(prediction)] += 1;
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
}
