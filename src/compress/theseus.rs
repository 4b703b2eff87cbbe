//! Module replacing (BERT-of-Theseus, Xu et al. 2020, section 3): a shallow transformer learns in the place of a trained
//! deeper one, block by block. In each training step each of its blocks stands in with some probability for the blocks of
//! the other, its predecessor, that it is to replace; else those work, and do not learn. What is learnt is the task
//! alone. In the paper embedding and output are the predecessor's and fixed; here they are the model's own and learn,
//! and begin as its start says.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::distill::Schedule;
use crate::error::Allowed;
use crate::nets::{Layout, Net, Vit};
use crate::random::Stream;
use crate::ranges::{Ranges, ranges};
use crate::report::Report;

/// A trained model whose blocks are replaced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Theseus {
    /// Name of the predecessor: a vision transformer with a whole multiple of this model's blocks, and the same
    /// otherwise.
    pub model: String,
    /// Probability that a block stands in for those that it replaces, constant or rising to 1: from then on the model
    /// learns by itself, as in the paper's second stage.
    #[serde(default = "rising")]
    pub probability: Schedule,
}

ranges!(Theseus {
    probability: 0.0..=1.0;
});

/// From one half to 1 by three quarters of all steps.
fn rising() -> Schedule {
    use crate::distill::{Point, Ramp};
    Schedule::Ramp(Ramp::Points(vec![Point { at: 0.0, value: 0.5 }, Point { at: 0.75, value: 1.0 }]))
}

impl Theseus {
    /// Reports settings that are out of range.
    pub fn check(&self, path: &str, report: &mut Report) {
        self.check_ranges(path, report);
    }

    /// Reports why a network cannot stand in for the other.
    pub fn check_networks(&self, path: &str, net: &Net, predecessor: &Net, report: &mut Report) {
        if Mixed::new(net, predecessor).is_none() {
            let network = serde_json::to_string(net).unwrap_or_default();
            report.add(format!("{path}.model"), &self.model, Allowed::PredecessorOf { network });
        }
    }

    /// Which of so many blocks stand in, in step number `step`.
    pub fn replaced(&self, blocks: usize, seed: u32, step: u32, progress: f64) -> Vec<bool> {
        let probability = self.probability.at(progress) as f32;
        let mut stream = Stream::new(seed, "theseus", &[u64::from(step)]);
        (0..blocks).map(|_| stream.uniform(0.0, 1.0) < probability).collect()
    }
}

/// Both networks in one: for each block of the model's the predecessor's that it replaces, and then itself; embedding and
/// output are the model's.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixed {
    pub net: Net,
    /// The model's blocks.
    pub blocks: usize,
    /// The predecessor's for each of them.
    each: usize,
    own: Vec<(Range<usize>, Range<usize>)>,
    theirs: Vec<(Range<usize>, Range<usize>)>,
}

/// Where the layer of another layout lies that is this one's.
fn layer_in(layout: &Layout, layer: usize) -> Range<usize> {
    let mut ranges = layout.iter().filter(|(p, _)| p.layer == Some(layer as u32)).map(|(_, range)| range);
    let first = ranges.next().unwrap_or_default();
    first.start..ranges.last().map_or(first.end, |last| last.end)
}

impl Mixed {
    /// None where one cannot stand in for the other.
    pub fn new(net: &Net, predecessor: &Net) -> Option<Self> {
        let (Net::Vit(own), Net::Vit(theirs)) = (net, predecessor) else { return None };
        // Dropout is of training alone, and the predecessor's does not count.
        let alike = Vit {
            depth: own.depth,
            dropout: own.dropout,
            input_dropout: own.input_dropout,
            ..theirs.clone()
        };
        let whole = own.depth > 0 && theirs.depth.is_multiple_of(own.depth);
        if alike != *own || !whole || own.shared || own.layer_drop > 0.0 {
            return None;
        }
        let (blocks, each) = (own.depth as usize, (theirs.depth / own.depth) as usize);
        let mixed = Net::Vit(Vit { depth: own.depth + theirs.depth, ..own.clone() });
        let layouts = [net.layout(), predecessor.layout(), mixed.layout()];
        let pair =
            |of: usize, layer: usize, to: usize| (layer_in(&layouts[of], layer), layer_in(&layouts[2], to));
        let module = each + 1;
        // Layer 0 is the embedding, the one behind all blocks the output.
        let mut pairs = vec![pair(0, 0, 0)];
        pairs.extend((1..=blocks).map(|block| pair(0, block, block * module)));
        pairs.push(pair(0, blocks + 1, blocks * module + 1));
        let their = |block: usize| pair(1, block + 1, block / each * module + block % each + 1);
        let theirs = (0..blocks * each).map(their).collect();
        Some(Self { net: mixed, blocks, each, own: pairs, theirs })
    }

    /// The weights of both in one.
    pub fn weights(&self, own: &[f32], theirs: &[f32]) -> Vec<f32> {
        let mut mixed = vec![0.0; self.net.layout().len()];
        for (weights, pairs) in [(own, &self.own), (theirs, &self.theirs)] {
            for (from, to) in pairs {
                mixed[to.clone()].copy_from_slice(&weights[from.clone()]);
            }
        }
        mixed
    }

    /// The model's own of them.
    pub fn own(&self, mixed: &[f32]) -> Vec<f32> {
        self.own.iter().flat_map(|(_, range)| &mixed[range.clone()]).copied().collect()
    }

    /// Where a block of the model's lies among its own weights.
    pub fn block(&self, block: usize) -> Range<usize> {
        self.own[block + 1].0.clone()
    }

    /// Which blocks of both are left out where these of the model's stand in.
    pub fn left_out(&self, replaced: &[bool]) -> Vec<bool> {
        let module = |replaced: &bool| std::iter::repeat_n(*replaced, self.each).chain([!replaced]);
        replaced.iter().flat_map(module).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::Mlp;

    fn vit(depth: u32) -> Vit {
        Vit { width: 4, heads: 2, mlp_width: 3, depth, ..Vit::default() }
    }

    #[test]
    fn every_weight_of_both_has_its_place_and_own_ones_come_back() {
        let (net, predecessor) = (Net::Vit(vit(2)), Net::Vit(vit(6)));
        let mixed = Mixed::new(&net, &predecessor).unwrap();
        let own: Vec<f32> = (0..net.layout().len()).map(|i| 1.0 + i as f32).collect();
        let theirs: Vec<f32> = (0..predecessor.layout().len()).map(|i| -1.0 - i as f32).collect();
        let all = mixed.weights(&own, &theirs);
        assert_eq!(mixed.own(&all), own);
        assert!(all.iter().all(|weight| *weight != 0.0));
        // The blocks are theirs, theirs, theirs, own, and again.
        let signs: Vec<bool> =
            (1..=8).map(|layer| all[layer_in(&mixed.net.layout(), layer)][0] > 0.0).collect();
        assert_eq!(signs, [false, false, false, true, false, false, false, true]);
        let left_out = mixed.left_out(&[true, false]);
        assert_eq!(left_out, [true, true, true, false, false, false, false, true]);
        assert_eq!(mixed.block(1), layer_in(&net.layout(), 2));
    }

    #[test]
    fn blocks_that_do_not_come_out_even_and_other_networks_are_refused() {
        let fits = |own: Vit, theirs: Vit| Mixed::new(&Net::Vit(own), &Net::Vit(theirs)).is_some();
        assert!(fits(vit(2), vit(4)) && fits(vit(3), vit(3)) && fits(Vit { dropout: 0.1, ..vit(1) }, vit(2)));
        assert!(!fits(vit(2), vit(5)) && !fits(vit(2), Vit { width: 8, ..vit(4) }));
        assert!(!fits(vit(2), vit(1)) && !fits(Vit { shared: true, ..vit(2) }, vit(4)));
        assert!(Mixed::new(&Net::Mlp(Mlp::default()), &Net::Vit(vit(2))).is_none());
    }

    #[test]
    fn blocks_stand_in_by_their_probability() {
        let theseus = Theseus { model: "deep".to_owned(), probability: Schedule::Constant(0.3) };
        let often = (0..2000).flat_map(|step| theseus.replaced(2, 1, step, 0.5)).filter(|is| *is).count();
        // Standard deviation √(4000 · 0.3 · 0.7) = 29; five of them.
        assert!((often as i32 - 1200).abs() < 145, "{often}");
        let rising = Theseus { model: "deep".to_owned(), probability: rising() };
        assert!((0..50).all(|step| rising.replaced(3, 1, step, 0.75) == [true; 3]));
    }
}
