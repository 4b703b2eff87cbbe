//! Ternary weights: −a, 0 or a, with a threshold of 0.7 times the mean magnitude and a the mean magnitude of what lies
//! above it (Li and Liu 2016, eq. 5 and 6).

use serde::{Deserialize, Serialize};

use super::groups::{Groups, Per, short};
use super::{Codes, Compresses, Moment, held_parameters};
use crate::nets::{Layout, Parameter};
use crate::report::Report;

/// Weights of three values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Ternarise {
    /// What has a scale of its own.
    pub per: Per,
}

/// Of the mean magnitude: below it a weight becomes zero.
const THRESHOLD: f64 = 0.7;

/// The sum of some magnitudes, and how many they are.
#[derive(Clone, Copy, Default)]
struct Sum {
    magnitudes: f64,
    count: u32,
}

impl Sum {
    fn add(&mut self, magnitude: f32) {
        self.magnitudes += f64::from(magnitude);
        self.count += 1;
    }

    fn mean(&self) -> f64 {
        self.magnitudes / f64::from(self.count.max(1))
    }
}

impl Ternarise {
    fn thresholds(groups: &Groups, weights: &[f32]) -> Vec<f32> {
        let sums = groups.fold(weights, Sum::default(), |sum, weight| sum.add(weight.abs()));
        sums.iter().map(|sum| (THRESHOLD * sum.mean()) as f32).collect()
    }
}

impl Compresses for Ternarise {
    /// A choice without numbers.
    fn check(&self, _path: &str, _report: &mut Report) {}

    fn hold(&self, layout: &Layout, weights: &mut [f32], _moment: Moment) {
        for (parameter, range) in held_parameters(layout) {
            let weights = &mut weights[range];
            let Some(codes) = self.codes(parameter, weights) else { continue };
            let thresholds = Self::thresholds(&codes.groups, weights);
            let both: Vec<(f32, f32)> = thresholds.into_iter().zip(codes.scales).collect();
            codes.groups.map(weights, &both, |(threshold, scale), weight| match weight.abs() > *threshold {
                true => scale.copysign(weight),
                // What is no number stays none.
                false => 0.0 * weight,
            });
        }
    }

    fn codes(&self, parameter: &Parameter, weights: &[f32]) -> Option<Codes> {
        let groups = Groups::of(parameter, self.per);
        let mut above = weights.to_vec();
        let outside = |threshold: &f32, weight: f32| if weight.abs() > *threshold { weight } else { 0.0 };
        groups.map(&mut above, &Self::thresholds(&groups, weights), outside);
        let sums = groups.fold(&above, Sum::default(), |sum, weight| {
            if weight != 0.0 {
                sum.add(weight.abs());
            }
        });
        Some(Codes { bits: 2, scales: sums.iter().map(|sum| short(sum.mean() as f32)).collect(), groups })
    }

    fn rounds(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::{Compression, Held};
    use crate::nets::{Mlp, Net};

    #[test]
    fn weights_below_the_threshold_are_zero_and_the_others_their_mean() {
        let net = Net::Mlp(Mlp { hidden: vec![], ..Mlp::default() });
        let mut weights = vec![0.0; net.layout().len()];
        weights[..7840].fill(0.1);
        (weights[0], weights[1], weights[2]) = (0.3, -0.5, 0.06);
        let held = Held::new(&[Compression::Ternarise(Ternarise::default())], &net, 1, true).unwrap();
        let made = held.computed(&weights);
        // The mean magnitude is 0.1 and a little, so that 0.06 is below 0.7 of it.
        let scale = (7837.0 * 0.1 + 0.8) / 7839.0;
        let expected = [scale, -scale, 0.0, scale];
        assert!(made[..4].iter().zip(expected).all(|(a, b)| (a - b as f32).abs() < 2e-5), "{:?}", &made[..4]);
    }
}
