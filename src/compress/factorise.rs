//! A start from a trained perceptron whose hidden layers are made thin: each weight becomes the product of two matrices,
//! by its largest singular values. No other product of that rank is nearer to it (Eckart, Young 1936).

use std::ops::Range;

use super::Derives;
use super::eigen::{Eigen, dot, eigen};
use crate::error::Allowed;
use crate::nets::{Checkpoint, FIRST_FACTOR, Layout, Mlp, Net, SECOND_FACTOR};
use crate::report::Report;

/// Takes a perceptron without a rank to one of the same widths with a rank.
pub(super) struct Factorise;

/// Where a parameter lies, by its layer and its name within.
fn place(layout: &Layout, layer: u32, part: &str) -> Option<Range<usize>> {
    layout.iter().find(|(p, _)| p.layer == Some(layer) && p.part == part).map(|(_, range)| range)
}

/// What of a perceptron must agree: what its weights are multiplied to, dropout apart.
fn whole(net: &Net) -> Option<Mlp> {
    let Net::Mlp(mlp) = net else { return None };
    Some(Mlp { rank: None, dropout: 0.0, input_dropout: 0.0, ..mlp.clone() })
}

fn rank(net: &Net) -> Option<u32> {
    if let Net::Mlp(mlp) = net { mlp.rank } else { None }
}

impl Derives for Factorise {
    fn check_networks(&self, path: &str, net: &Net, source: &Net, report: &mut Report) {
        let is_same = whole(net).is_some() && whole(net) == whole(source);
        if !is_same || rank(net).is_none() || rank(source).is_some() {
            let network = serde_json::to_string(source).unwrap_or_default();
            report.add(path, net, Allowed::Factorable { network });
        }
    }

    fn derive(&self, net: &Net, mut drawn: Vec<f32>, source: &Checkpoint) -> Vec<f32> {
        let (own, theirs) = (net.layout(), source.net.layout());
        let rank = rank(net).unwrap_or_default() as usize;
        for (parameter, range) in own.iter() {
            let layer = parameter.layer.unwrap_or_default();
            if parameter.part == SECOND_FACTOR {
                let places = [place(&own, layer, FIRST_FACTOR), place(&theirs, layer, "weight")];
                if let [Some(first), Some(weight)] = places {
                    let weight = &source.weights[weight];
                    let [left, right] = factors(weight, weight.len() / parameter.shape[1], rank);
                    drawn[first].copy_from_slice(&left);
                    drawn[range].copy_from_slice(&right);
                }
            } else if let Some(from) = place(&theirs, layer, &parameter.part) {
                drawn[range].copy_from_slice(&source.weights[from]);
            }
        }
        drawn
    }
}

/// Two matrices `[from, rank]` and `[rank, to]` whose product is nearest to `weight [from, to]`; each has the square roots
/// of the singular values. Of the smaller side the eigenvectors of its Gram matrix are one side's singular vectors, and the
/// weight's product with them the other's: in f64, as its eigenvalues are squares of what f32 holds.
fn factors(weight: &[f32], from: usize, rank: usize) -> [Vec<f32>; 2] {
    let to = weight.len() / from;
    let is_turned = from < to;
    let side = from.min(to);
    let at = |long: usize, short: usize| {
        f64::from(if is_turned { weight[short * to + long] } else { weight[long * to + short] })
    };
    let line = |long: usize| (0..side).map(|short| at(long, short)).collect();
    let lines: Vec<Vec<f64>> = (0..from.max(to)).map(line).collect();
    let mut gram = vec![0.0; side * side];
    for line in &lines {
        for (row, left) in gram.chunks_exact_mut(side).zip(line) {
            row.iter_mut().zip(line).for_each(|(sum, right)| *sum += left * right);
        }
    }
    let Eigen { values, vectors } = eigen(gram, side);
    let mut order: Vec<usize> = (0..side).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    // Of each singular value its two vectors, each times its square root: on the long side and on the short one.
    let (mut long, mut short) = (Vec::new(), Vec::new());
    for index in &order[..rank] {
        let vector = &vectors[index * side..][..side];
        let root = values[*index].max(0.0).powf(0.25);
        // Nothing of the weight lies along a vector without a singular value.
        let inverse = if root > 0.0 { root.recip() } else { 0.0 };
        long.extend(lines.iter().map(|line| (inverse * dot(line, vector)) as f32));
        short.extend(vector.iter().map(|part| (root * part) as f32));
    }
    let (columns, rows) = if is_turned { (short, long) } else { (long, short) };
    let first = (0..from * rank).map(|place| columns[place % rank * from + place / rank]);
    [first.collect(), rows]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;
    use crate::random::Stream;
    use crate::train::{Engine, Learner};

    fn net(rank: Option<u32>) -> Net {
        Net::Mlp(Mlp { hidden: vec![12, 20], rank, auxiliary: 3, ..Mlp::default() })
    }

    /// A network whose biases are no zeros.
    fn source() -> Checkpoint {
        let mut stream = Stream::new(5, "test-factorise", &[]);
        let weights = net(None).layout().initial_weights(&mut stream);
        let weights = weights.iter().map(|weight| weight + stream.uniform(-0.1, 0.1)).collect();
        Checkpoint { net: net(None), weights }
    }

    fn derived(rank: u32) -> Checkpoint {
        let thin = net(Some(rank));
        let drawn = vec![f32::NAN; thin.layout().len()];
        Checkpoint { weights: Factorise.derive(&thin, drawn, &source()), net: thin }
    }

    fn part<'a>(of: &'a Checkpoint, layer: u32, part: &str) -> &'a [f32] {
        &of.weights[place(&of.net.layout(), layer, part).unwrap()]
    }

    #[test]
    fn at_full_rank_a_network_answers_as_before() {
        let source = source();
        let pixels: Vec<f32> = {
            let mut stream = Stream::new(6, "test-pixels", &[]);
            (0..5 * PIXELS).map(|_| stream.uniform(0.0, 1.0)).collect()
        };
        let logits = |of: &Checkpoint| {
            let learner = Learner::new(of.net.clone(), of.weights.clone(), &Engine::cpu());
            pollster::block_on(learner.logits(pixels.clone())).unwrap()
        };
        let (found, expected) = (logits(&derived(12)), logits(&source));
        for (found, expected) in found.iter().zip(&expected) {
            // Sums of 784 products in f32.
            assert!((found - expected).abs() < 1e-4 * (1.0 + expected.abs()), "{found}: {expected}");
        }
        for layer in [0, 1, 2] {
            assert_eq!(part(&derived(12), layer, "bias"), part(&source, layer, "bias"));
        }
        assert_eq!(part(&derived(3), 2, "weight"), part(&source, 2, "weight"));
    }

    /// Matrices that are longer one way and the other, and of whatever rank: what is left out is the rest of the singular
    /// values, worked out from the Gram matrix of the other side.
    #[test]
    fn a_product_misses_what_the_singular_values_left_out_come_to() {
        let source = source();
        for (layer, from, to) in [(0, PIXELS, 12), (1, 12, 20)] {
            let weight = part(&source, layer, "weight");
            let squares = {
                let (long, short) = (from.max(to), from.min(to));
                let at = |i: usize, o: usize| f64::from(weight[i * to + o]);
                let along = |a: usize, b: usize| match from < to {
                    true => (0..from).map(|i| at(i, a) * at(i, b)).sum(),
                    false => (0..to).map(|o| at(a, o) * at(b, o)).sum(),
                };
                let gram = (0..long * long).map(|place| along(place / long, place % long)).collect();
                let mut squares = eigen(gram, long).values;
                squares.sort_by(|a, b| b.total_cmp(a));
                squares.truncate(short);
                squares
            };
            for rank in [1, 5, 11, 12] {
                let made = derived(rank);
                let (left, right) = (part(&made, layer, FIRST_FACTOR), part(&made, layer, SECOND_FACTOR));
                let rank = rank as usize;
                let product = |i: usize, o: usize| -> f64 {
                    (0..rank).map(|k| f64::from(left[i * rank + k]) * f64::from(right[k * to + o])).sum()
                };
                let error = |place: usize| f64::from(weight[place]) - product(place / to, place % to);
                let missed = (0..from * to).map(|place| error(place).powi(2)).sum::<f64>().sqrt();
                let expected = squares[rank..].iter().sum::<f64>().sqrt();
                let largest = squares[0].sqrt();
                assert!((missed - expected).abs() < 1e-6 * largest, "{layer}, {rank}: {missed}, {expected}");
                // Either factor has the square roots of the singular values.
                let length = right[..to].iter().map(|value| f64::from(*value).powi(2)).sum::<f64>();
                assert!((length - largest).abs() < 1e-5 * largest, "{layer}, {rank}: {length}, {largest}");
            }
        }
    }

    #[test]
    fn a_matrix_of_zeros_becomes_two_of_zeros() {
        assert_eq!(factors(&[0.0; 6], 3, 2), [vec![0.0; 6], vec![0.0; 4]]);
    }

    #[test]
    fn networks_that_are_no_perceptron_and_its_thin_one_are_refused() {
        let problems = |net: &Net, source: &Net| {
            let mut report = Report::default();
            Factorise.check_networks("x", net, source, &mut report);
            report.problems.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(problems(&net(Some(4)), &net(None)), Vec::<String>::new());
        let dropout = Net::Mlp(Mlp { dropout: 0.5, ..whole(&net(None)).unwrap() });
        assert_eq!(problems(&net(Some(4)), &dropout), Vec::<String>::new());
        let wider = Net::Mlp(Mlp { hidden: vec![12, 21], ..whole(&net(None)).unwrap() });
        let vit = Net::Vit(crate::nets::Vit::default());
        for (net, source) in [
            (net(None), net(None)),
            (net(Some(4)), net(Some(4))),
            (net(Some(4)), wider),
            (net(Some(4)), vit.clone()),
            (vit.clone(), vit),
        ] {
            let told = problems(&net, &source);
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].starts_with("x: ") && told[0].contains("a perceptron with a rank"), "{told:?}");
        }
    }
}
