//! A start from all of a trained model's weights, as they are: to learn on, or to be pruned or quantised.

use super::Derives;
use crate::error::Allowed;
use crate::nets::{Checkpoint, Net};
use crate::report::Report;

/// A choice without settings.
pub(super) struct Copy;

impl Derives for Copy {
    /// Dropout is of training alone: what must agree is names and shapes.
    fn check_networks(&self, path: &str, net: &Net, source: &Net, report: &mut Report) {
        if net.layout() != source.layout() {
            let network = serde_json::to_string(source).unwrap_or_default();
            report.add(path, net, Allowed::NetworkOf { network });
        }
    }

    fn derive(&self, _net: &Net, _drawn: Vec<f32>, source: &Checkpoint) -> Vec<f32> {
        source.weights.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::Mlp;

    #[test]
    fn another_network_is_refused_and_the_same_gives_its_weights() {
        let mlp =
            |hidden: &[u32], dropout| Net::Mlp(Mlp { hidden: hidden.to_vec(), dropout, ..Mlp::default() });
        let told = |net: &Net| {
            let mut report = Report::default();
            Copy.check_networks("x", net, &mlp(&[4], 0.0), &mut report);
            report.problems.len()
        };
        assert_eq!([told(&mlp(&[4], 0.5)), told(&mlp(&[5], 0.0)), told(&mlp(&[4, 4], 0.0))], [0, 1, 1]);
        let source = Checkpoint { net: mlp(&[4], 0.0), weights: vec![0.5; mlp(&[4], 0.0).layout().len()] };
        assert_eq!(Copy.derive(&source.net, Vec::new(), &source), source.weights);
    }
}
