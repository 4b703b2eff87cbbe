//! A start from some of a trained model's layers (Sanh et al. 2019, section 3: every other layer of the teacher).

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Derives;
use crate::error::Allowed;
use crate::nets::{Checkpoint, Layout, Net, Parameter};
use crate::report::Report;

/// Which layers are copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CopyLayers {
    /// For each layer of this model from the input on, the layer of the other it starts from, counted from 0; null:
    /// drawn.
    pub layers: Vec<Option<u32>>,
}

impl CopyLayers {
    /// The layer of the source that a parameter is copied from.
    fn source_of(&self, parameter: &Parameter) -> Option<u32> {
        *self.layers.get(parameter.layer? as usize)?
    }
}

/// Where the same part of another layer lies, of the same shape.
fn part_of(layer: u32, like: &Parameter, layout: &Layout) -> Option<Range<usize>> {
    let is_it = |p: &Parameter| p.layer == Some(layer) && p.part == like.part && p.shape == like.shape;
    layout.iter().find(|(parameter, _)| is_it(parameter)).map(|(_, range)| range)
}

impl Derives for CopyLayers {
    fn check_networks(&self, path: &str, net: &Net, source: &Net, report: &mut Report) {
        let (own, theirs) = (net.layout(), source.layout());
        let count = own.iter().filter_map(|(p, _)| p.layer).map(|layer| layer + 1).max().unwrap_or(0);
        if self.layers.len() > count as usize {
            report.add(format!("{path}.layers"), &self.layers, Allowed::MostLayers { max: count });
        }
        let mut refused = Vec::new();
        for (parameter, _) in own.iter() {
            let (Some(from), Some(layer)) = (self.source_of(parameter), parameter.layer) else { continue };
            if part_of(from, parameter, &theirs).is_none() && !refused.contains(&layer) {
                refused.push(layer);
                let value = self.layers[layer as usize];
                let fit = theirs.iter().filter(|(p, _)| p.shape == parameter.shape);
                let layers = fit.filter_map(|(p, _)| p.layer).collect();
                let shape = parameter.shape.iter().map(|&length| length as u64).collect();
                report.add(
                    format!("{path}.layers[{layer}]"),
                    &value,
                    Allowed::LayerOfShape { shape, layers },
                );
            }
        }
    }

    fn derive(&self, net: &Net, mut drawn: Vec<f32>, source: &Checkpoint) -> Vec<f32> {
        let theirs = source.net.layout();
        for (parameter, range) in net.layout().iter() {
            let from = self.source_of(parameter).and_then(|from| part_of(from, parameter, &theirs));
            if let Some(from) = from {
                drawn[range].copy_from_slice(&source.weights[from]);
            }
        }
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::{Mlp, Vit};

    fn mlp(hidden: &[u32]) -> Net {
        Net::Mlp(Mlp { hidden: hidden.to_vec(), ..Mlp::default() })
    }

    #[test]
    fn named_layers_are_copied_and_the_others_stay() {
        let (net, source) = (mlp(&[4, 4]), mlp(&[4, 4, 4]));
        let weights: Vec<f32> = (0..source.layout().len()).map(|i| i as f32).collect();
        let copy = CopyLayers { layers: vec![Some(0), Some(2)] };
        let made =
            copy.derive(&net, vec![-1.0; net.layout().len()], &Checkpoint { net: source.clone(), weights });
        let find = |net: &Net, name: &str| net.layout().iter().find(|(p, _)| p.name == name).unwrap().1;
        assert_eq!(made[find(&net, "layers.0.weight")][0], 0.0);
        let second = find(&source, "layers.2.weight");
        assert_eq!(made[find(&net, "layers.1.weight")][0], second.start as f32);
        assert!(made[find(&net, "layers.2.weight")].iter().all(|w| *w == -1.0));
    }

    /// Without the named layers of `source`, which has one for each number of a layer, a network of `net`'s depth.
    fn copied(net: Vit, source: Vit, layers: &[u32]) -> Vec<f32> {
        let (net, source) = (Net::Vit(net), Net::Vit(source));
        let numbers = |(parameter, range): (&Parameter, Range<usize>)| {
            vec![parameter.layer.unwrap() as f32; range.len()]
        };
        let weights: Vec<f32> = source.layout().iter().flat_map(numbers).collect();
        let copy = CopyLayers { layers: layers.iter().copied().map(Some).collect() };
        let mut report = Report::default();
        copy.check_networks("x", &net, &source, &mut report);
        assert_eq!(report.problems, vec![], "{layers:?}");
        let made = copy.derive(&net, vec![-1.0; net.layout().len()], &Checkpoint { net: source, weights });
        let layout = net.layout();
        let firsts = layout.iter().map(|(parameter, range)| (parameter.layer.unwrap(), made[range][0]));
        let mut found: Vec<f32> = Vec::new();
        for (layer, value) in firsts {
            match found.get(layer as usize) {
                Some(before) => assert_eq!(*before, value, "all of a layer is copied"),
                None => found.push(value),
            }
        }
        found
    }

    #[test]
    fn a_transformer_takes_any_blocks_of_a_deeper_one_with_its_embedding_and_its_output() {
        let deep = Vit { depth: 4, layer_drop: 0.2, ..Vit::default() };
        let shallow = Vit { depth: 2, ..Vit::default() };
        // Blocks 0 and 2: the embedding is layer 0, the output the one behind the last block.
        assert_eq!(copied(shallow.clone(), deep.clone(), &[0, 1, 3, 5]), [0.0, 1.0, 3.0, 5.0]);
        assert_eq!(copied(Vit { depth: 1, ..Vit::default() }, deep, &[0, 4, 5]), [0.0, 4.0, 5.0]);
        // One block for all: any depth has the same layers, and may be taken apart again.
        let shared = Vit { depth: 4, shared: true, ..Vit::default() };
        let short = Vit { depth: 2, ..shared.clone() };
        assert_eq!(copied(short, shared.clone(), &[0, 1, 2]), [0.0, 1.0, 2.0]);
        assert_eq!(copied(shallow, shared, &[0, 1, 1, 2]), [0.0, 1.0, 1.0, 2.0]);
    }

    #[test]
    fn a_layer_of_another_shape_is_refused_with_those_that_fit() {
        let mut report = Report::default();
        let copy = CopyLayers { layers: vec![Some(1), Some(1), Some(3), None, None] };
        copy.check_networks("x", &mlp(&[4, 4]), &mlp(&[4, 4, 4]), &mut report);
        let problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].contains("at most 3 layers"), "{problems:?}");
        assert!(problems[1].contains("x.layers[0]") && problems[1].contains("[784, 4]: 0"), "{problems:?}");
    }
}
