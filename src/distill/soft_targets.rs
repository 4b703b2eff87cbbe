//! Soft targets: what teachers say at a temperature. Worked out on the host from logits that were fetched once.

use serde::{Deserialize, Serialize};

use crate::measure::softened;

/// How the outputs of several teachers become one target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// The weighted arithmetic mean of their softened probabilities.
    #[default]
    MeanOfProbabilities,
    /// The weighted mean of their logits, softened afterwards.
    MeanOfLogits,
}

impl Combine {
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// One row of logits a digit: the weighted mean of the teachers'.
pub fn combined_logits(teachers: &[(Vec<f32>, f64)]) -> Vec<f32> {
    let all: f64 = teachers.iter().map(|(_, weight)| *weight).sum();
    let length = teachers.first().map_or(0, |(logits, _)| logits.len());
    let mean =
        |i: usize| teachers.iter().map(|(logits, weight)| f64::from(logits[i]) * weight / all).sum::<f64>();
    (0..length).map(|i| mean(i) as f32).collect()
}

/// One soft target a digit, `n × classes`, from the logits of several teachers (`n × classes` each) and their weights.
pub fn combined_targets(
    teachers: &[(Vec<f32>, f64)],
    classes: usize,
    combine: Combine,
    temperature: f64,
) -> Vec<f32> {
    let all: f64 = teachers.iter().map(|(_, weight)| *weight).sum();
    let length = teachers.first().map_or(0, |(logits, _)| logits.len());
    let mut targets = Vec::with_capacity(length);
    for start in (0..length).step_by(classes) {
        let digit = start..start + classes;
        let mut mean = vec![0.0_f64; classes];
        for (logits, weight) in teachers {
            let share = *weight / all;
            let logits = &logits[digit.clone()];
            let values = match combine {
                Combine::MeanOfProbabilities => softened(logits, temperature),
                Combine::MeanOfLogits => logits.iter().map(|&z| f64::from(z)).collect(),
            };
            mean.iter_mut().zip(values).for_each(|(sum, value)| *sum += share * value);
        }
        match combine {
            Combine::MeanOfProbabilities => targets.extend(mean.iter().map(|p| *p as f32)),
            Combine::MeanOfLogits => {
                let mean: Vec<f32> = mean.iter().map(|z| *z as f32).collect();
                targets.extend(softened(&mean, temperature).into_iter().map(|p| p as f32));
            }
        }
    }
    targets
}
