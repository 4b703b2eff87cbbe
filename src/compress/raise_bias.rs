//! A trained model that favours some classes more, or less (Hinton et al. 2015, section 3: a class that the transfer
//! set lacked has a bias that is much too low).

use serde::{Deserialize, Serialize};

use super::Derives;
use crate::data::CLASSES;
use crate::error::Allowed;
use crate::nets::{Checkpoint, Net};
use crate::ranges::{Ranges, ranges};
use crate::report::Report;

/// Which classes are favoured, and by how much.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RaiseBias {
    /// Classes whose bias in the output layer is raised.
    pub classes: Vec<u8>,
    /// By how much each is raised, in logits; a negative number lowers it.
    pub by: f64,
}

ranges!(RaiseBias {
    classes: 0.0..=9.0, entries 1.0..=f64::INFINITY;
    by: -100.0..=100.0, unit "logits";
});

impl Derives for RaiseBias {
    fn check(&self, path: &str, report: &mut Report) {
        self.check_ranges(path, report);
    }

    fn check_networks(&self, path: &str, net: &Net, source: &Net, report: &mut Report) {
        if net.outputs() != CLASSES {
            report.add(path, &net.outputs(), Allowed::DigitsAlone { outputs: CLASSES as u32 });
        }
        if net != source {
            let network = serde_json::to_string(source).unwrap_or_default();
            report.add(path, net, Allowed::NetworkOf { network });
        }
    }

    /// The source's weights, whatever was drawn.
    fn derive(&self, net: &Net, _drawn: Vec<f32>, source: &Checkpoint) -> Vec<f32> {
        let mut weights = source.weights.clone();
        let bias = &mut weights[net.output_bias()];
        for (class, bias) in (0..).zip(bias) {
            if self.classes.contains(&class) {
                *bias += self.by as f32;
            }
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::Mlp;

    fn mlp(hidden: &[u32], auxiliary: u32) -> Net {
        Net::Mlp(Mlp { hidden: hidden.to_vec(), auxiliary, ..Mlp::default() })
    }

    #[test]
    fn only_the_output_biases_of_the_classes_move() {
        // Auxiliary outputs lie behind the ten, so the classes are not the vector's last values.
        for net in [mlp(&[4], 0), mlp(&[4], 3), mlp(&[], 0)] {
            let weights: Vec<f32> = (0..net.layout().len()).map(|i| i as f32).collect();
            let source = Checkpoint { net: net.clone(), weights: weights.clone() };
            // A class named twice is raised once.
            let raise = RaiseBias { classes: vec![7, 0, 7], by: -1.5 };
            let made = raise.derive(&net, vec![0.0; weights.len()], &source);
            let moved: Vec<(usize, f32)> =
                (0..weights.len()).map(|i| (i, made[i] - weights[i])).filter(|(_, by)| *by != 0.0).collect();
            let first = net.layout().iter().last().unwrap().1.start;
            assert_eq!(moved, [(first, -1.5), (first + 7, -1.5)], "{net:?}");
        }
    }

    #[test]
    fn another_network_and_what_is_out_of_range_are_refused() {
        let problems = |raise: RaiseBias, net: &Net| {
            let mut report = Report::default();
            raise.check("x", &mut report);
            raise.check_networks("x", net, &mlp(&[4], 0), &mut report);
            report.problems.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let fits = RaiseBias { classes: vec![0, 9], by: -100.0 };
        assert_eq!(problems(fits.clone(), &mlp(&[4], 0)), Vec::<String>::new());

        let told = problems(fits, &mlp(&[5], 0));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("x: {\"mlp\":{\"hidden\":[5]"), "{told:?}");
        assert!(told[0].contains("the model it is made of, {\"mlp\":{\"hidden\":[4]"), "{told:?}");

        let told = problems(RaiseBias { classes: vec![0], by: 1.0 }, &mlp(&[4], 0).with_outputs(12));
        assert!(told[0].contains("x: 12") && told[0].contains("digits alone"), "{told:?}");

        let told = problems(RaiseBias { classes: vec![3, 10], by: 100.5 }, &mlp(&[4], 0));
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(
            told[0].contains("x.classes[1]: 10 is not allowed; allowed: a whole number from 0 to 9"),
            "{told:?}"
        );
        assert!(told[1].contains("x.by: 100.5 is not allowed; allowed: -100 to 100"), "{told:?}");
        let told = problems(RaiseBias { classes: vec![], by: 1.0 }, &mlp(&[4], 0));
        assert!(told[0].contains("x.classes: []") && told[0].contains("at least 1 entry"), "{told:?}");
    }
}
