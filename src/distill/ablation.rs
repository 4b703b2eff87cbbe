//! Ablations of a teacher: what is left of its soft targets when one thing is taken away tells what helped
//! (Furlanello et al. 2018, "Dark Knowledge Under the Light").

use serde::{Deserialize, Serialize};

use crate::data::SampleId;
use crate::random::Stream;

/// What is taken away from the soft targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ablation {
    /// The probabilities of all classes but the first choice are permuted, anew for each digit: softness stays,
    /// similarity goes ("dark knowledge with permuted predictions", DKPP).
    PermuteWrongClasses,
    /// The targets are the labels, each digit weighted by the probability of the teacher's first choice over its mean
    /// in the batch: confidence stays, everything else goes ("confidence-weighted by teacher max", CWTM). Needs labels.
    ConfidenceOnly,
}

impl Ablation {
    /// True when every digit must have a label.
    pub fn needs_labels(self) -> bool {
        self == Ablation::ConfidenceOnly
    }

    /// Soft targets `n × classes` of a batch, changed; labels are classes too.
    pub fn apply(self, targets: &mut [f32], ids: &[SampleId], labels: &[u8], seed: u32) {
        let classes = targets.len() / ids.len().max(1);
        match self {
            Ablation::PermuteWrongClasses => {
                for (row, id) in targets.chunks_exact_mut(classes).zip(ids) {
                    let first = largest(row);
                    let mut others: Vec<f32> = without(row, first).collect();
                    let numbers = [id.split as u64, u64::from(id.index)];
                    Stream::new(seed, "permuted classes", &numbers).shuffle(&mut others);
                    let places = (0..classes).filter(|class| *class != first);
                    places.zip(others).for_each(|(class, p)| row[class] = p);
                }
            }
            Ablation::ConfidenceOnly => {
                let confidence: Vec<f32> =
                    targets.chunks_exact(classes).map(|row| row[largest(row)]).collect();
                let mean = confidence.iter().sum::<f32>() / confidence.len().max(1) as f32;
                for ((row, &label), confidence) in
                    targets.chunks_exact_mut(classes).zip(labels).zip(confidence)
                {
                    row.fill(0.0);
                    row[usize::from(label)] = confidence / mean;
                }
            }
        }
    }
}

fn largest(row: &[f32]) -> usize {
    (1..row.len()).fold(0, |best, class| if row[class] > row[best] { class } else { best })
}

fn without(row: &[f32], first: usize) -> impl Iterator<Item = f32> {
    row.iter().enumerate().filter(move |(class, _)| *class != first).map(|(_, p)| *p)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{CLASSES, Split};

    fn ids(n: u32) -> Vec<SampleId> {
        (0..n).map(|index| SampleId { split: Split::Train, index }).collect()
    }

    fn rows(n: usize) -> Vec<f32> {
        let mut stream = Stream::new(1, "test", &[]);
        let rows = (0..n).flat_map(|_| {
            let row: Vec<f32> = (0..CLASSES).map(|_| stream.uniform(0.01, 1.0)).collect();
            let sum: f32 = row.iter().sum();
            row.into_iter().map(move |p| p / sum).collect::<Vec<f32>>()
        });
        rows.collect()
    }

    #[test]
    fn permuting_keeps_the_first_choice_and_the_probabilities_but_not_their_places() {
        let before = rows(200);
        let mut after = before.clone();
        Ablation::PermuteWrongClasses.apply(&mut after, &ids(200), &[0; 200], 3);
        let mut moved = 0;
        for (old, new) in before.chunks(CLASSES).zip(after.chunks(CLASSES)) {
            assert_eq!(largest(old), largest(new));
            assert_eq!(old[largest(old)], new[largest(new)]);
            let sorted = |row: &[f32]| {
                let mut row = row.to_vec();
                row.sort_by(f32::total_cmp);
                row
            };
            assert_eq!(sorted(old), sorted(new));
            moved += old.iter().zip(new).filter(|(old, new)| old != new).count();
        }
        // Of nine places each, eight ninths move on average.
        assert!((1400..1800).contains(&moved), "{moved}");
        let mut again = before.clone();
        Ablation::PermuteWrongClasses.apply(&mut again, &ids(200), &[0; 200], 3);
        assert_eq!(after, again);
    }

    #[test]
    fn confidence_weighs_labels_with_mean_one() {
        // First choices 0.6 and 0.2: weights 0.6 / 0.4 and 0.2 / 0.4.
        let mut targets = vec![0.6, 0.4, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        targets.extend([0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05]);
        Ablation::ConfidenceOnly.apply(&mut targets, &ids(2), &[7, 0], 0);
        let mut expected = [0.0; 20];
        (expected[7], expected[10]) = (1.5, 0.5);
        targets.iter().zip(expected).for_each(|(a, b)| assert!((a - b).abs() < 1e-6, "{targets:?}"));
    }
}
