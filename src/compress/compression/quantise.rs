//! Quantisation: weights as whole multiples of a scale, symmetric around zero (Zafrir et al. 2019, eq. 1 and 2).

use serde::{Deserialize, Serialize};

use super::groups::{Groups, Per, short};
use super::{Codes, Compresses, Moment, held_parameters};
use crate::nets::{Layout, Parameter};
use crate::ranges::{Ranges, ranges};
use crate::report::Report;

/// Weights of few bits. After training in a model that is derived and frozen; in training with straight-through
/// gradients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Quantise {
    /// Bits of each weight. The largest weight of a group becomes 2^(bits − 1) − 1 times its scale, so that 2 bits are
    /// three levels.
    pub bits: u8,
    /// What has a scale of its own.
    pub per: Per,
    /// Bits of single layers in place of `bits`, from the input on; layers beyond the list have `bits`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<u8>,
    /// Whether what enters a layer is rounded as well, digit by digit: a model is asked in products and sums of whole
    /// numbers. For perceptrons and CNNs. Training goes on in f32, with the same rounded values; gradients pass as if there
    /// were no rounding.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub activations: bool,
}

ranges!(Quantise {
    bits: 2.0..=8.0, unit "bits";
    layers: 2.0..=8.0, entries 0.0..=16.0, unit "bits";
});

impl Default for Quantise {
    fn default() -> Self {
        Self { bits: 8, per: Per::default(), layers: Vec::new(), activations: false }
    }
}

impl Compresses for Quantise {
    fn check(&self, path: &str, report: &mut Report) {
        self.check_ranges(path, report);
    }

    fn hold(&self, layout: &Layout, weights: &mut [f32], _moment: Moment) {
        for (parameter, range) in held_parameters(layout) {
            let weights = &mut weights[range];
            if let Some(codes) = self.codes(parameter, weights) {
                let most = codes.most() as f32;
                codes.groups.map(weights, &codes.scales, |scale, weight| match *scale > 0.0 {
                    true => (weight / scale).round_ties_even().clamp(-most, most) * scale,
                    false => 0.0 * weight,
                });
            }
        }
    }

    fn codes(&self, parameter: &Parameter, weights: &[f32]) -> Option<Codes> {
        let layer = parameter.layer.and_then(|layer| self.layers.get(layer as usize));
        let codes = Codes {
            bits: *layer.unwrap_or(&self.bits),
            scales: Vec::new(),
            groups: Groups::of(parameter, self.per),
        };
        let largest =
            codes.groups.fold(weights, 0.0_f32, |largest, weight| *largest = largest.max(weight.abs()));
        let most = codes.most() as f32;
        Some(Codes { scales: largest.into_iter().map(|largest| short(largest / most)).collect(), ..codes })
    }

    fn rounds(&self) -> bool {
        true
    }

    fn answers_in_whole_numbers(&self) -> bool {
        self.activations
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::{Compression, Held};
    use crate::nets::{Mlp, Net};

    #[test]
    fn weights_are_the_nearest_multiples_of_the_largest_over_the_levels() {
        let net = Net::Mlp(Mlp { hidden: vec![], ..Mlp::default() });
        let mut weights = vec![0.0; net.layout().len()];
        // Two units of the first pixel, one of the second; the biases lie behind.
        (weights[0], weights[1], weights[10]) = (0.7, -0.26, 0.06);
        let held = |bits, per| {
            let way = Compression::Quantise(Quantise { bits, per, ..Quantise::default() });
            Held::new(&[way], &net, 1, true).unwrap().computed(&weights)
        };
        let near = |made: &[f32], expected: [f32; 3]| {
            let found = [made[0], made[1], made[10]];
            let is_near = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 2e-5);
            assert!(is_near, "{found:?} {expected:?}");
        };
        near(&held(4, Per::Tensor), [0.7, -0.3, 0.1]);
        near(&held(2, Per::Tensor), [0.7, 0.0, 0.0]);
        near(&held(4, Per::Channel), [0.7, -0.26, 0.1]);
        near(&held(8, Per::Tensor), [0.7, -47.0 * 0.7 / 127.0, 11.0 * 0.7 / 127.0]);
    }

    #[test]
    fn layers_have_their_own_bits() {
        let net = Net::Mlp(Mlp { hidden: vec![3], ..Mlp::default() });
        let weights: Vec<f32> = (0..net.layout().len()).map(|i| (i as f32 * 0.37).sin()).collect();
        let held = Held::new(
            &[Compression::Quantise(Quantise { bits: 8, layers: vec![2], ..Quantise::default() })],
            &net,
            1,
            true,
        );
        let made = held.unwrap().computed(&weights);
        let levels = |range: std::ops::Range<usize>| {
            let mut levels: Vec<u32> = made[range].iter().map(|weight| (weight + 0.0).to_bits()).collect();
            levels.sort_unstable();
            levels.dedup();
            levels.len()
        };
        assert_eq!(levels(0..784 * 3), 3);
        let second = net.layout().iter().nth(2).unwrap().1;
        assert!(levels(second) > 20);
    }
}
