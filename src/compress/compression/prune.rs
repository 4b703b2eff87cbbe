//! Pruning: weights that are zero and stay zero, at once or ever more of them as training goes on (Zhu and Gupta 2018,
//! section 3; Gordon et al. 2020). With another model's ranking and one's own first weights it is a lottery ticket
//! (Frankle and Carbin 2019, section 1).

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Compresses, Moment, held_parameters};
use crate::distill::Schedule;
use crate::nets::Layout;
use crate::random::Stream;
use crate::ranges::{Ranges, ranges};
use crate::report::Report;

/// Weights that are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Prune {
    /// Share of the weights that is kept, constant or falling over training; the number of them is rounded up. What was
    /// left out once stays out.
    pub kept: Schedule,
    /// Among which weights those that stay are chosen.
    pub scope: Scope,
    /// Which ones stay.
    pub by: Ranking,
}

ranges!(Prune {
    kept: 0.001..=1.0;
});

impl Default for Prune {
    fn default() -> Self {
        Self { kept: Schedule::Constant(0.5), scope: Scope::default(), by: Ranking::default() }
    }
}

/// Among which weights those that stay are chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All of the network's: a layer may keep more than another.
    #[default]
    Global,
    /// Each layer's by themselves: every layer keeps the same share.
    Layer,
}

/// Which weights stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ranking {
    /// Those of the largest magnitude.
    #[default]
    Magnitude,
    /// Those that have the largest magnitude in the named model once it is trained.
    MagnitudeOf(String),
    /// Drawn from the experiment's seed.
    Random,
}

/// Leaves out all but the `kept` weights of the best scores; among equals the earlier one stays. Weights that are zero
/// are left out already and take no place.
fn keep(weights: &mut [f32], score: impl Fn(usize, f32) -> f32, kept: usize) {
    let places = weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0);
    let mut ranked: Vec<(f32, u32)> =
        places.map(|(place, weight)| (score(place, *weight), place as u32)).collect();
    if ranked.len() <= kept {
        return;
    }
    let best_first = |a: &(f32, u32), b: &(f32, u32)| match b.0.total_cmp(&a.0) {
        Ordering::Equal => a.1.cmp(&b.1),
        order => order,
    };
    ranked.select_nth_unstable_by(kept, best_first);
    for (_, place) in &ranked[kept..] {
        weights[*place as usize] = 0.0;
    }
}

impl Prune {
    /// Leaves weights out by a score of place and weight, places counted over all weights that are held.
    fn keep(&self, layout: &Layout, weights: &mut [f32], share: f64, score: impl Fn(usize, f32) -> f32) {
        let ranges: Vec<_> = held_parameters(layout).map(|(_, range)| range).collect();
        let count = |weights: usize| (share * weights as f64).ceil() as usize;
        match self.scope {
            Scope::Global => {
                let mut all: Vec<f32> =
                    ranges.iter().flat_map(|range| &weights[range.clone()]).copied().collect();
                let kept = count(all.len());
                keep(&mut all, score, kept);
                let mut behind = &all[..];
                for range in ranges {
                    let (own, rest) = behind.split_at(range.len());
                    weights[range].copy_from_slice(own);
                    behind = rest;
                }
            }
            Scope::Layer => {
                let mut first = 0;
                for range in ranges {
                    let kept = count(range.len());
                    let length = range.len();
                    keep(&mut weights[range], |place, weight| score(first + place, weight), kept);
                    first += length;
                }
            }
        }
    }
}

impl Compresses for Prune {
    fn check(&self, path: &str, report: &mut Report) {
        self.check_ranges(path, report);
    }

    fn looks_at(&self) -> Option<(&'static str, &str)> {
        match &self.by {
            Ranking::MagnitudeOf(model) => Some(("by.magnitude_of", model)),
            Ranking::Magnitude | Ranking::Random => None,
        }
    }

    fn hold(&self, layout: &Layout, weights: &mut [f32], moment: Moment) {
        let share = self.kept.at(moment.progress);
        match self.by {
            Ranking::Magnitude => self.keep(layout, weights, share, |_, weight| weight.abs()),
            Ranking::Random => {
                let mut stream = Stream::new(moment.seed, "prune", &[]);
                let all: usize = held_parameters(layout).map(|(_, range)| range.len()).sum();
                let scores: Vec<f32> = (0..all).map(|_| stream.uniform(0.0, 1.0)).collect();
                self.keep(layout, weights, share, |place, _| scores[place]);
            }
            // Decided before the first step.
            Ranking::MagnitudeOf(_) => {}
        }
    }

    /// What the other model has left out is out here too; of the rest, the largest there stay.
    fn begin(&self, layout: &Layout, weights: &mut [f32], others: &[f32]) {
        let theirs: Vec<f32> =
            held_parameters(layout).flat_map(|(_, range)| &others[range]).copied().collect();
        let share = self.kept.at(1.0);
        for (_, range) in held_parameters(layout) {
            let pairs = weights[range.clone()].iter_mut().zip(&others[range]);
            pairs.for_each(|(weight, other)| *weight = if *other == 0.0 { 0.0 } else { *weight });
        }
        self.keep(layout, weights, share, |place, _| theirs[place].abs());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::{Mlp, Net};

    fn layout() -> Layout {
        Net::Mlp(Mlp { hidden: vec![2], ..Mlp::default() }).layout()
    }

    /// Magnitudes rise with the place, so that the output layer's are the largest.
    fn rising() -> Vec<f32> {
        (1..=layout().len())
            .map(|place| if place % 2 == 0 { -(place as f32) } else { place as f32 })
            .collect()
    }

    fn held(prune: &Prune, mut weights: Vec<f32>) -> Vec<usize> {
        prune.hold(&layout(), &mut weights, Moment { progress: 1.0, seed: 3 });
        left(&weights)
    }

    /// Weights that are left of each layer.
    fn left(weights: &[f32]) -> Vec<usize> {
        let layout = layout();
        held_parameters(&layout)
            .map(|(_, range)| weights[range].iter().filter(|weight| **weight != 0.0).count())
            .collect()
    }

    #[test]
    fn the_largest_stay_of_all_or_of_each_layer() {
        let all = 784 * 2 + 20;
        let prune = |scope, by| Prune { kept: Schedule::Constant(0.1), scope, by };
        let global = held(&prune(Scope::Global, Ranking::Magnitude), rising());
        assert_eq!(global, [(0.1_f64 * all as f64).ceil() as usize - 20, 20]);
        assert_eq!(held(&prune(Scope::Layer, Ranking::Magnitude), rising()), [157, 2]);
        assert_eq!(held(&prune(Scope::Layer, Ranking::Random), rising()), [157, 2]);
        let random = held(&prune(Scope::Global, Ranking::Random), rising());
        assert_eq!(random[0] + random[1], 159);
        assert!(random[1] < 12, "{random:?}");
    }

    #[test]
    fn another_models_largest_stay_and_what_it_left_out_is_out() {
        let mut others = rising();
        // The other model has pruned its whole output layer.
        let output = held_parameters(&layout()).nth(1).unwrap().1;
        others[output].fill(0.0);
        let prune = Prune {
            kept: Schedule::Constant(0.01),
            scope: Scope::Global,
            by: Ranking::MagnitudeOf("other".to_owned()),
        };
        let mut weights = vec![0.5; layout().len()];
        prune.begin(&layout(), &mut weights, &others);
        assert_eq!(left(&weights), [16, 0]);
        assert!(weights[784 * 2 - 16..784 * 2].iter().all(|weight| *weight == 0.5));
        let before = weights.clone();
        prune.hold(&layout(), &mut weights, Moment { progress: 1.0, seed: 1 });
        assert_eq!(weights, before);
    }

    #[test]
    fn of_equals_the_earlier_stays() {
        let mut weights = [1.0, -1.0, 1.0, 0.5];
        keep(&mut weights, |_, weight| weight.abs(), 2);
        assert_eq!(weights, [1.0, -1.0, 0.0, 0.0]);
    }
}
