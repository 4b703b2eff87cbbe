//! Which weights of a parameter share a scale.

use serde::{Deserialize, Serialize};

use crate::nets::{Parameter, ParameterKind};

/// What has a scale of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Each layer's weights as a whole (Zafrir et al. 2019, section 3.1).
    #[default]
    Tensor,
    /// The weights into each unit, each kernel's output channel, each gate of a recurrent unit (group-wise, Shen et al.
    /// 2020, section 3.3, with groups of one output).
    Channel,
}

/// The groups of a parameter whose weights lie as `[repeats, outer, channels, inner]`: one for each of `repeats ×
/// channels`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Groups {
    repeats: usize,
    channels: usize,
    inner: usize,
    /// Weights of one repeat.
    repeated: usize,
}

impl Groups {
    /// How a parameter's weights are grouped.
    pub fn of(parameter: &Parameter, per: Per) -> Self {
        let all = parameter.len();
        let (repeats, channels, inner) = match (per, parameter.kind, &parameter.shape[..]) {
            (Per::Channel, ParameterKind::Dense, [_, to]) => (1, *to, 1),
            (Per::Channel, ParameterKind::Convolution, [to, kernel @ ..]) => {
                (1, *to, kernel.iter().product())
            }
            (Per::Channel, ParameterKind::Recurrent, [directions, _, gates]) => (*directions, *gates, 1),
            _ => (1, 1, all),
        };
        Self { repeats, channels, inner, repeated: all / repeats.max(1) }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.repeats * self.channels
    }

    /// Folds each group's weights, in the order in which they lie.
    pub fn fold<T: Clone>(&self, weights: &[f32], first: T, fold: impl Fn(&mut T, f32)) -> Vec<T> {
        let mut folded = vec![first; self.count()];
        let repeats = weights.chunks(self.repeated.max(1)).zip(folded.chunks_mut(self.channels.max(1)));
        for (weights, folded) in repeats {
            for weights in weights.chunks(self.channels * self.inner) {
                for (weights, folded) in weights.chunks(self.inner).zip(folded.iter_mut()) {
                    weights.iter().for_each(|weight| fold(folded, *weight));
                }
            }
        }
        folded
    }

    /// Changes each weight by what its group has.
    pub fn map<T>(&self, weights: &mut [f32], of_groups: &[T], map: impl Fn(&T, f32) -> f32) {
        let repeats = weights.chunks_mut(self.repeated.max(1)).zip(of_groups.chunks(self.channels.max(1)));
        for (weights, of_groups) in repeats {
            for weights in weights.chunks_mut(self.channels * self.inner) {
                for (weights, of_group) in weights.chunks_mut(self.inner).zip(of_groups) {
                    weights.iter_mut().for_each(|weight| *weight = map(of_group, *weight));
                }
            }
        }
    }
}

/// A scale with so few digits that its products with multiples of up to seven bits are exact in f32: rounding what is
/// rounded already changes nothing, and a file gives back the very weights.
pub fn short(scale: f32) -> f32 {
    /// Of the 23 bits behind the point, those that are dropped.
    const DROPPED: u32 = 7;
    let half = 1 << (DROPPED - 1);
    f32::from_bits((scale.to_bits() + half) >> DROPPED << DROPPED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_what_leads_to_one_output() {
        let of = |kind, shape: &[usize]| {
            let parameter = Parameter::new(0, "weight", kind, shape);
            let groups = Groups::of(&parameter, Per::Channel);
            let mut weights = vec![0.0; parameter.len()];
            let numbers: Vec<f32> = (0..groups.count()).map(|group| group as f32).collect();
            groups.map(&mut weights, &numbers, |group, _| *group);
            let counts = groups.fold(&weights, 0, |count, _| *count += 1);
            assert!(counts.iter().all(|count| count * groups.count() == parameter.len()));
            assert_eq!(Groups::of(&parameter, Per::Tensor).count(), 1);
            weights
        };
        assert_eq!(of(ParameterKind::Dense, &[2, 3]), [0.0, 1.0, 2.0, 0.0, 1.0, 2.0]);
        assert_eq!(of(ParameterKind::Convolution, &[2, 1, 1, 3]), [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
        assert_eq!(of(ParameterKind::Recurrent, &[2, 2, 2]), [0.0, 1.0, 0.0, 1.0, 2.0, 3.0, 2.0, 3.0]);
    }

    #[test]
    fn a_short_scale_is_near_and_its_multiples_are_exact() {
        let mut scale = 1e-6_f32;
        while scale < 10.0 {
            let short = short(scale);
            assert!((short - scale).abs() <= scale / 65_536.0);
            for multiple in 1..=127_u16 {
                let product = f64::from(short) * f64::from(multiple);
                assert_eq!(f64::from(short * f32::from(multiple)), product);
            }
            scale *= 1.37;
        }
    }
}
