//! A network with fewer units, made of the strongest ones of a trained one: those into which the largest weights lead,
//! by the sum of their magnitudes (Li et al. 2017, section 3.1, who remove whole channels so). It really is smaller:
//! products of fewer rows and columns.

use std::ops::Range;

use super::Derives;
use crate::error::Allowed;
use crate::nets::{Checkpoint, Net, Parameter, ParameterKind};
use crate::report::Report;

/// A choice without settings.
pub(super) struct StrongestUnits;

/// The weights and biases between two layers of units.
struct Between {
    weights: Range<usize>,
    biases: Range<usize>,
    is_convolution: bool,
    from: usize,
    to: usize,
    /// Weights between one unit and the next: of a kernel, or of the places of a channel.
    each: usize,
}

impl Between {
    fn index(&self, from: usize, place: usize, to: usize) -> usize {
        let within = match self.is_convolution {
            true => (to * self.from + from) * self.each + place,
            false => (from * self.each + place) * self.to + to,
        };
        self.weights.start + within
    }

    /// The sums of magnitudes into each unit.
    fn strengths(&self, weights: &[f32]) -> Vec<f64> {
        let into = |to| {
            let places = (0..self.from).flat_map(|from| (0..self.each).map(move |place| (from, place)));
            places.map(|(from, place)| f64::from(weights[self.index(from, place, to)].abs())).sum()
        };
        (0..self.to).map(into).collect()
    }
}

/// A network's layers of units one after another, with one matrix between two; none for one that is made otherwise.
fn layers(net: &Net) -> Option<Vec<Between>> {
    let is_made_so = match net {
        Net::Mlp(mlp) => mlp.rank.is_none(),
        Net::Cnn(_) => true,
        Net::Vit(_) | Net::Rnn(_) => false,
    };
    if !is_made_so {
        return None;
    }
    let layout = net.layout();
    let parameters: Vec<(&Parameter, Range<usize>)> = layout.iter().collect();
    let mut units = None;
    let layers = parameters.chunks_exact(2).map(|pair| {
        let (weights, biases) = (pair[0].0, pair[1].1.clone());
        let is_convolution = weights.kind == ParameterKind::Convolution;
        let to = biases.len();
        let from = units.unwrap_or(weights.shape[usize::from(is_convolution)]);
        units = Some(to);
        let each = weights.len() / (from * to).max(1);
        Between { weights: pair[0].1.clone(), biases, is_convolution, from, to, each }
    });
    Some(layers.collect())
}

/// Whether a network is another with fewer units at most.
fn is_narrower(net: &Net, source: &Net) -> bool {
    let (Some(own), Some(theirs)) = (layers(net), layers(source)) else { return false };
    let last = own.len().saturating_sub(1);
    own.len() == theirs.len()
        && own.iter().zip(&theirs).enumerate().all(|(index, (own, theirs))| {
            let fits = if index < last { own.to <= theirs.to } else { own.to == theirs.to };
            own.is_convolution == theirs.is_convolution && own.each == theirs.each && fits
        })
}

impl Derives for StrongestUnits {
    fn check_networks(&self, path: &str, net: &Net, source: &Net, report: &mut Report) {
        if !is_narrower(net, source) {
            let network = serde_json::to_string(source).unwrap_or_default();
            report.add(path, net, Allowed::NarrowerThan { network });
        }
    }

    fn derive(&self, net: &Net, mut drawn: Vec<f32>, source: &Checkpoint) -> Vec<f32> {
        let (Some(own), Some(theirs)) = (layers(net), layers(&source.net)) else { return drawn };
        let last = own.len().saturating_sub(1);
        let mut stayed: Option<Vec<usize>> = None;
        for (index, (own, theirs)) in own.iter().zip(&theirs).enumerate() {
            let from = stayed.unwrap_or_else(|| (0..own.from).collect());
            let mut to: Vec<usize> = (0..theirs.to).collect();
            if index < last {
                let strengths = theirs.strengths(&source.weights);
                to.sort_by(|a, b| strengths[*b].total_cmp(&strengths[*a]));
                to.truncate(own.to);
                to.sort_unstable();
            }
            for (new, old) in to.iter().enumerate() {
                drawn[own.biases.start + new] = source.weights[theirs.biases.start + old];
                for (new_from, old_from) in from.iter().enumerate() {
                    for place in 0..own.each {
                        drawn[own.index(new_from, place, new)] =
                            source.weights[theirs.index(*old_from, place, *old)];
                    }
                }
            }
            stayed = Some(to);
        }
        drawn
    }
}

#[cfg(test)]
mod tests {
    use pollster::block_on;

    use super::*;
    use crate::data::PIXELS;
    use crate::nets::{Cnn, Mlp, Vit};
    use crate::random::Stream;
    use crate::train::{Engine, Learner};

    fn mlp(hidden: &[u32]) -> Net {
        Net::Mlp(Mlp { hidden: hidden.to_vec(), ..Mlp::default() })
    }

    fn cnn(channels: &[u32], hidden: &[u32]) -> Net {
        Net::Cnn(Cnn { channels: channels.to_vec(), hidden: hidden.to_vec(), kernel: 5, ..Cnn::default() })
    }

    /// A network whose weak units do nothing answers as it did without them.
    #[test]
    fn what_is_left_answers_the_same_where_the_weak_units_were_silent() {
        let cases = [
            (mlp(&[6, 5]), mlp(&[4, 3])),
            (mlp(&[6]), mlp(&[6])),
            (cnn(&[3, 4], &[6]), cnn(&[2, 3], &[4])),
            (cnn(&[3], &[]), cnn(&[2], &[])),
        ];
        for (source, net) in cases {
            let mut weights = source.layout().initial_weights(&mut Stream::new(1, "strongest", &[]));
            let (theirs, own) = (layers(&source).unwrap(), layers(&net).unwrap());
            for (theirs, own) in theirs.iter().zip(&own).take(own.len() - 1) {
                for silent in (0..theirs.to).step_by(2).take(theirs.to - own.to) {
                    for (from, place) in
                        (0..theirs.from).flat_map(|from| (0..theirs.each).map(move |place| (from, place)))
                    {
                        weights[theirs.index(from, place, silent)] = 0.0;
                    }
                }
            }
            let checkpoint = Checkpoint { net: source.clone(), weights: weights.clone() };
            let drawn = vec![f32::NAN; net.layout().len()];
            let made = StrongestUnits.derive(&net, drawn, &checkpoint);
            let mut stream = Stream::new(2, "digits", &[]);
            let pixels: Vec<f32> = (0..3 * PIXELS).map(|_| stream.uniform(0.0, 1.0)).collect();
            let logits = |net: Net, weights| {
                block_on(Learner::new(net, weights, &Engine::cpu()).logits(pixels.clone())).unwrap()
            };
            for (a, b) in logits(net, made).into_iter().zip(logits(source, weights)) {
                assert!((a - b).abs() < 1e-5, "{a} {b}");
            }
        }
    }

    #[test]
    fn wider_ones_and_other_kinds_are_refused() {
        let told = |net: &Net, source: &Net| {
            let mut report = Report::default();
            StrongestUnits.check_networks("x", net, source, &mut report);
            report.problems.len()
        };
        assert_eq!(told(&mlp(&[4, 3]), &mlp(&[4, 4])), 0);
        assert_eq!(told(&mlp(&[5]), &mlp(&[4])), 1);
        assert_eq!(told(&mlp(&[4]), &mlp(&[4, 4])), 1);
        assert_eq!(told(&mlp(&[4]), &cnn(&[4], &[])), 1);
        let vit = Net::Vit(Vit::default());
        let thin = Net::Mlp(Mlp { hidden: vec![4], rank: Some(2), ..Mlp::default() });
        assert_eq!([told(&vit, &vit), told(&thin, &thin)], [1, 1]);
    }
}
