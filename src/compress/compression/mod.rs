//! Ways to hold a model's weights small while it learns and afterwards, whoever teaches it.
//!
//! A new one is a file of its own here, a variant of [`Compression`] with its line in `named`, and its test.

mod groups;
mod prune;
mod quantise;
mod ternarise;

pub(super) use groups::Groups;
pub use groups::Per;
pub use prune::{Prune, Ranking, Scope};
pub use quantise::Quantise;
pub use ternarise::Ternarise;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::error::Allowed;
use crate::nets::{Layout, Net, Parameter, ParameterKind};
use crate::report::Report;

/// How weights are held small. Biases, norms and positions stay as they are: they are few.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// Some are zero, and stay zero (Zhu and Gupta 2018; Gordon et al. 2020).
    Prune(Prune),
    /// They are whole multiples of a scale, of a few bits (Zafrir et al. 2019, section 3.1; Shen et al. 2020).
    Quantise(Quantise),
    /// They are −a, 0 or a (Li and Liu 2016, section 2).
    Ternarise(Ternarise),
}

/// When weights are held.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Moment {
    /// Share of all training steps that has been taken.
    progress: f64,
    seed: u32,
}

/// The arithmetic of one way.
trait Compresses {
    /// Reports settings that are out of range.
    fn check(&self, path: &str, report: &mut Report);

    /// The model whose trained weights it looks at, with the field that names it.
    fn looks_at(&self) -> Option<(&'static str, &str)> {
        None
    }

    /// Brings the weights to what they are held to at this moment.
    fn hold(&self, layout: &Layout, weights: &mut [f32], moment: Moment);

    /// Of weights before their first step, what is left by those of the model that it looks at.
    fn begin(&self, _layout: &Layout, _weights: &mut [f32], _others: &[f32]) {}

    /// How a parameter that it holds is written in few bits; none where it leaves numbers as they are. The network then
    /// computes with rounded weights, and the gradient goes to those behind them as if there were no rounding
    /// (straight-through, Bengio et al. 2013, section 4).
    fn codes(&self, _parameter: &Parameter, _weights: &[f32]) -> Option<Codes> {
        None
    }

    /// Whether it rounds.
    fn rounds(&self) -> bool {
        false
    }

    /// Whether a network is asked in whole numbers.
    fn answers_in_whole_numbers(&self) -> bool {
        false
    }
}

/// Weights of one parameter as whole multiples of scales.
pub(super) struct Codes {
    /// Bits of each: the multiples go from −(2^(bits − 1) − 1) to 2^(bits − 1) − 1.
    pub bits: u8,
    /// One for each group of weights.
    pub scales: Vec<f32>,
    pub groups: Groups,
}

/// A layer's weights as whole multiples, in the order of its layout.
#[derive(Debug, Clone, PartialEq)]
pub struct WholeNumbers {
    pub multiples: Vec<i8>,
    /// What those into each output are multiples of.
    pub scales: Vec<f32>,
}

impl Codes {
    /// Each weight as a multiple of its group's scale.
    pub fn multiples(&self, weights: &[f32]) -> Vec<f32> {
        let mut multiples = weights.to_vec();
        self.groups.map(&mut multiples, &self.scales, |scale, weight| match *scale > 0.0 {
            true => (weight / scale).round_ties_even(),
            false => 0.0,
        });
        multiples
    }

    /// The largest multiple.
    pub fn most(&self) -> i32 {
        (1 << (self.bits - 1)) - 1
    }
}

/// Whether weights of this kind are held small: those that products are made with.
pub(crate) fn is_held(parameter: &Parameter) -> bool {
    use ParameterKind::{Convolution, Dense, Recurrent};
    matches!(parameter.kind, Dense | Convolution | Recurrent)
}

/// The parameters of a network that are held small, where they lie.
fn held_parameters(layout: &Layout) -> impl Iterator<Item = (&Parameter, Range<usize>)> {
    layout.iter().filter(|(parameter, _)| is_held(parameter))
}

impl Compression {
    /// The one list of kinds.
    fn named(&self) -> (&'static str, &dyn Compresses) {
        match self {
            Compression::Prune(prune) => ("prune", prune),
            Compression::Quantise(quantise) => ("quantise", quantise),
            Compression::Ternarise(ternarise) => ("ternarise", ternarise),
        }
    }

    /// Reports settings that are out of range.
    pub fn check(&self, path: &str, report: &mut Report) {
        let (name, compresses) = self.named();
        compresses.check(&format!("{path}.{name}"), report);
    }

    /// The model whose trained weights it looks at before the first step, with the path of the field below its own.
    pub fn looks_at(&self) -> Option<(String, &str)> {
        let (name, compresses) = self.named();
        compresses.looks_at().map(|(field, model)| (format!("{name}.{field}"), model))
    }

    /// Reports why a network's weights cannot be held so, `other` being the network of the model that it looks at.
    pub fn check_network(&self, path: &str, net: &Net, other: Option<&Net>, report: &mut Report) {
        let perceptron = net.network().perceptron();
        let is_plain = perceptron.is_some_and(|spec| spec.auxiliary == 0 && spec.is_rectified());
        if self.named().1.answers_in_whole_numbers() && !is_plain && !matches!(net, Net::Cnn(_)) {
            let path = format!("{path}.{}.activations", self.named().0);
            report.add(path, &true, Allowed::FalseForNetwork);
        }
        if let (Some((field, model)), Some(other)) = (self.looks_at(), other)
            && other.layout() != net.layout()
        {
            report.add(format!("{path}.{field}"), &model, Allowed::SameNetwork);
        }
    }

    /// Of a model's weights before its first step, what is left by the trained weights of the model that it looks at.
    pub fn begin(&self, layout: &Layout, weights: &mut [f32], others: &[f32]) {
        self.named().1.begin(layout, weights, others);
    }

    /// How a parameter's weights are written in few bits, if it rounds them.
    pub(super) fn codes(&self, parameter: &Parameter, weights: &[f32]) -> Option<Codes> {
        self.named().1.codes(parameter, weights)
    }
}

/// What the weights of one model are held to. What is learnt are weights of full precision; where the model rounds, the
/// network computes with others, made of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    ways: Vec<Compression>,
    layout: Layout,
    seed: u32,
    /// Share of all training steps that has been taken when it begins: 1 for a model that is not trained.
    begins_at: f64,
}

impl Held {
    /// None for a model whose weights are not held to anything.
    pub fn new(ways: &[Compression], net: &Net, seed: u32, is_trained: bool) -> Option<Self> {
        let begins_at = if is_trained { 0.0 } else { 1.0 };
        (!ways.is_empty()).then(|| Self { ways: ways.to_vec(), layout: net.layout(), seed, begins_at })
    }

    fn moment(&self, progress: f64) -> Moment {
        Moment { progress, seed: self.seed }
    }

    fn leaving_numbers(&self) -> impl Iterator<Item = &dyn Compresses> {
        self.ways.iter().map(|way| way.named().1).filter(|way| !way.rounds())
    }

    /// Brings weights that a model begins with to what they are held to.
    pub fn begin(&self, learnt: &mut [f32]) {
        for way in self.leaving_numbers() {
            way.hold(&self.layout, learnt, self.moment(self.begins_at));
        }
    }

    /// Brings weights that have taken a step to what they are held to, `before` being those before it. A weight that was
    /// left out stays out.
    pub fn after_step(&self, before: &[f32], learnt: &mut [f32], progress: f64) {
        for way in self.leaving_numbers() {
            for (_, range) in held_parameters(&self.layout) {
                let pairs = learnt[range.clone()].iter_mut().zip(&before[range]);
                pairs.for_each(|(weight, before)| *weight = if *before == 0.0 { 0.0 } else { *weight });
            }
            way.hold(&self.layout, learnt, self.moment(progress));
        }
    }

    /// Whether the network computes with other weights than those that are learnt.
    pub fn rounds(&self) -> bool {
        self.ways.iter().any(|way| way.named().1.rounds())
    }

    /// The network's layout.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Whether the network, a perceptron or a convolutional one, is asked in whole numbers.
    pub fn answers_in_whole_numbers(&self) -> bool {
        self.ways.iter().any(|way| way.named().1.answers_in_whole_numbers())
    }

    /// The weights that lie in this range, one layer's, as they are computed with.
    pub fn whole_numbers(&self, weights: &[f32], range: Range<usize>) -> WholeNumbers {
        let parameter = self.layout.iter().find(|(_, own)| *own == range).map(|(parameter, _)| parameter);
        let weights = &weights[range];
        let codes = parameter.and_then(|own| self.ways.iter().rev().find_map(|way| way.codes(own, weights)));
        let codes = codes.expect("what answers in whole numbers rounds");
        let outputs = parameter.map_or(0, |parameter| match parameter.kind {
            ParameterKind::Convolution => parameter.shape[0],
            _ => parameter.shape[1],
        });
        let multiples = codes.multiples(weights).into_iter().map(|multiple| multiple as i8).collect();
        let scales = codes.scales.iter().copied().cycle().take(outputs).collect();
        WholeNumbers { multiples, scales }
    }

    /// The weights that the network computes with.
    pub fn computed(&self, learnt: &[f32]) -> Vec<f32> {
        let mut weights = learnt.to_vec();
        for way in self.ways.iter().map(|way| way.named().1).filter(|way| way.rounds()) {
            way.hold(&self.layout, &mut weights, self.moment(1.0));
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::distill::Schedule;
    use crate::nets::{Cnn, Mlp, Rnn, Vit};
    use crate::random::Stream;

    fn nets() -> Vec<Net> {
        vec![
            Net::Mlp(Mlp { hidden: vec![6, 4], ..Mlp::default() }),
            Net::Cnn(Cnn { channels: vec![3, 4], hidden: vec![5], ..Cnn::default() }),
            Net::Vit(Vit { width: 8, heads: 2, mlp_width: 6, depth: 1, ..Vit::default() }),
            Net::Rnn(Rnn { units: 5, ..Rnn::default() }),
        ]
    }

    fn weights(net: &Net, seed: u32) -> Vec<f32> {
        net.layout().initial_weights(&mut Stream::new(seed, "held", &[]))
    }

    fn prune(kept: f64, scope: Scope, by: Ranking) -> Compression {
        Compression::Prune(Prune { kept: Schedule::Constant(kept), scope, by })
    }

    fn rounding() -> Vec<Compression> {
        let mut ways: Vec<Compression> = [8, 5, 4, 3, 2]
            .into_iter()
            .flat_map(|bits| [Per::Tensor, Per::Channel].map(|per| (bits, per)))
            .map(|(bits, per)| Compression::Quantise(Quantise { bits, per, ..Quantise::default() }))
            .collect();
        ways.extend([Per::Tensor, Per::Channel].map(|per| Compression::Ternarise(Ternarise { per })));
        ways
    }

    #[test]
    fn what_is_rounded_twice_is_rounded_once_bit_for_bit() {
        for net in nets() {
            for way in rounding() {
                for seed in 0..5 {
                    let held = Held::new(std::slice::from_ref(&way), &net, 1, true).unwrap();
                    let once = held.computed(&weights(&net, seed));
                    let again = held.computed(&once);
                    let bits = |values: &[f32]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
                    assert_eq!(bits(&once), bits(&again), "{net:?} {way:?}");
                    assert_ne!(once, weights(&net, seed));
                }
            }
        }
    }

    #[test]
    fn biases_norms_and_positions_stay_as_they_are() {
        for net in nets() {
            let before: Vec<f32> = weights(&net, 1).iter().map(|weight| weight + 0.25).collect();
            let mut ways = rounding();
            ways.push(prune(0.01, Scope::Global, Ranking::Magnitude));
            for way in ways {
                let held = Held::new(&[way], &net, 1, true).unwrap();
                let mut learnt = before.clone();
                held.begin(&mut learnt);
                let after = held.computed(&learnt);
                for (parameter, range) in net.layout().iter().filter(|(parameter, _)| !is_held(parameter)) {
                    assert_eq!(after[range.clone()], before[range], "{}", parameter.name);
                }
            }
        }
    }

    #[test]
    fn a_model_that_is_not_trained_is_held_to_the_end_of_a_schedule() {
        let net = &nets()[0];
        let kept: Schedule = serde_json::from_str(r#"{"linear": {"from": 1.0, "to": 0.1}}"#).unwrap();
        let way = Compression::Prune(Prune { kept, ..Prune::default() });
        let left = |is_trained: bool| {
            let mut learnt = weights(net, 1);
            Held::new(std::slice::from_ref(&way), net, 1, is_trained).unwrap().begin(&mut learnt);
            let held = net.layout();
            let of: usize = held_parameters(&held).map(|(p, _)| p.len()).sum();
            let zeros = held_parameters(&held).flat_map(|(_, range)| &learnt[range]).filter(|w| **w == 0.0);
            (of - zeros.count(), of)
        };
        let (all, of) = left(true);
        assert_eq!(all, of);
        assert_eq!(left(false).0, (0.1 * of as f64).ceil() as usize);
    }

    proptest! {
        #[test]
        fn a_mask_never_revives_and_keeps_no_more_than_its_share(
            seed: u32, kept in 0.01_f64..0.9, layer: bool, random: bool, steps in 1_usize..6
        ) {
            let scope = if layer { Scope::Layer } else { Scope::Global };
            let by = if random { Ranking::Random } else { Ranking::Magnitude };
            let kept: Schedule =
                serde_json::from_str(&format!(r#"{{"linear": {{"from": 1.0, "to": {kept}}}}}"#)).unwrap();
            let way = Compression::Prune(Prune { kept: kept.clone(), scope, by });
            for net in nets() {
                let held = Held::new(std::slice::from_ref(&way), &net, seed, true).unwrap();
                let mut learnt = weights(&net, seed);
                held.begin(&mut learnt);
                for step in 1..=steps {
                    let before = learnt.clone();
                    let moved = weights(&net, seed.wrapping_add(step as u32));
                    learnt.iter_mut().zip(moved).for_each(|(weight, by)| *weight += 0.1 * by);
                    let progress = step as f64 / steps as f64;
                    held.after_step(&before, &mut learnt, progress);
                    let layout = net.layout();
                    let (mut all, mut most, mut left) = (0, 0, 0);
                    for (parameter, range) in held_parameters(&layout) {
                        let pairs = before[range.clone()].iter().zip(&learnt[range]);
                        prop_assert!(pairs.clone().all(|(before, after)| *before != 0.0 || *after == 0.0));
                        all += parameter.len();
                        most += (kept.at(progress) * parameter.len() as f64).ceil() as usize;
                        left += pairs.filter(|(_, after)| **after != 0.0).count();
                    }
                    if scope == Scope::Global { most = (kept.at(progress) * all as f64).ceil() as usize; }
                    prop_assert!(left <= most, "{left} of {all}, at most {most}");
                }
            }
        }
    }
}
