//! How a layer's weights are spread.

use serde::Serialize;

/// Bins of a histogram: an odd number, so that one has its middle at zero.
const BINS: usize = 61;

/// Weights counted by their size. Those that are exactly zero stand by themselves: in a pruned layer they are nearly all, and
/// the others would not be seen beside them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Histogram {
    /// The middle of the last bin; that of the first is its negative, and the others lie evenly between them.
    pub edge: f32,
    /// Weights other than zero, from the lowest bin on.
    pub bins: Vec<u32>,
    /// Weights that are zero.
    pub zeros: u32,
}

impl Histogram {
    /// Of weights none of which is farther from zero than `edge`; what is counts in the outermost bin.
    pub fn of(weights: &[f32], edge: f32) -> Self {
        let mut histogram = Self { edge, bins: vec![0; BINS], zeros: 0 };
        let middle = (BINS / 2) as f32;
        for weight in weights {
            if *weight == 0.0 {
                histogram.zeros += 1;
            } else {
                let place = (weight / edge).clamp(-1.0, 1.0) * middle + middle;
                histogram.bins[place.round() as usize] += 1;
            }
        }
        histogram
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_counts_once_in_the_bin_around_it() {
        let histogram = Histogram::of(&[0.0, -0.0, 2.0, -2.0, 0.01, 0.4, 9.0], 2.0);
        let full: Vec<(usize, u32)> =
            histogram.bins.iter().copied().enumerate().filter(|(_, count)| *count > 0).collect();
        assert_eq!(full, [(0, 1), (30, 1), (36, 1), (60, 2)]);
        assert_eq!(histogram.zeros, 2);
    }

    #[test]
    fn weights_that_are_all_zero_fill_no_bin() {
        let histogram = Histogram::of(&[0.0; 5], 0.0);
        assert_eq!((histogram.bins.iter().sum::<u32>(), histogram.zeros), (0, 5));
    }
}
