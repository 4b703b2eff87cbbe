//! A trained network with fewer of its layers, without training again (LayerDrop, Fan et al. 2020, section 3.2): those that
//! stay are spread evenly, as when every other one is left out.

use super::{CopyLayers, Derives};
use crate::nets::{Checkpoint, Mlp, Net, Vit};

/// The same network of this depth, blocks of a vision transformer or hidden layers of a perceptron; none where layers
/// differ in shape, so that none can stand in for another, or where there are no fewer than that.
pub fn shallower(deep: &Checkpoint, depth: u32) -> Option<Checkpoint> {
    let (net, layers) = match &deep.net {
        Net::Vit(vit) if !(1..=vit.depth).contains(&depth) => return None,
        // One block's weights are all blocks'.
        Net::Vit(vit) if vit.shared => (Net::Vit(Vit { depth, ..vit.clone() }), vec![0, 1, 2]),
        Net::Vit(vit) => {
            let kept = spread(vit.depth, depth)?.into_iter().map(|block| 1 + block);
            let layers = [0].into_iter().chain(kept).chain([1 + vit.depth]).collect();
            (Net::Vit(Vit { depth, ..vit.clone() }), layers)
        }
        Net::Mlp(mlp) if mlp.hidden.iter().all(|width| *width == mlp.hidden[0]) => {
            let count = mlp.hidden.len() as u32;
            // The first layer, from pixels on, has no like.
            let kept =
                spread(count.checked_sub(1)?, depth.checked_sub(1)?)?.into_iter().map(|layer| 1 + layer);
            let layers = [0].into_iter().chain(kept).chain([count]).collect();
            let hidden = vec![mlp.hidden[0]; depth as usize];
            (Net::Mlp(Mlp { hidden, ..mlp.clone() }), layers)
        }
        _ => return None,
    };
    let layers: Vec<u32> = layers;
    let copy = CopyLayers { layers: layers.into_iter().map(Some).collect() };
    let weights = copy.derive(&net, vec![0.0; net.layout().len()], deep);
    Some(Checkpoint { net, weights })
}

/// `kept` of so many places, from 0 on, evenly; none where there are not as many.
fn spread(count: u32, kept: u32) -> Option<Vec<u32>> {
    (kept <= count).then(|| (0..kept).map(|place| place * count / kept).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::Cnn;

    /// A checkpoint whose weights say in which layer they are.
    fn numbered(net: Net) -> Checkpoint {
        let layout = net.layout();
        let weights = layout
            .iter()
            .flat_map(|(parameter, range)| vec![parameter.layer.unwrap() as f32; range.len()])
            .collect();
        Checkpoint { net, weights }
    }

    /// Which layers of the deep network are left, in order.
    fn left(deep: &Checkpoint, depth: u32) -> Option<Vec<f32>> {
        let Checkpoint { net, mut weights } = shallower(deep, depth)?;
        assert_eq!(weights.len(), net.layout().len());
        weights.dedup();
        Some(weights)
    }

    #[test]
    fn every_other_block_is_left_out_and_a_perceptron_keeps_its_first_layer() {
        let vit = numbered(Net::Vit(Vit { depth: 4, width: 8, heads: 2, mlp_width: 8, ..Vit::default() }));
        assert_eq!(left(&vit, 4).unwrap(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(left(&vit, 3).unwrap(), [0.0, 1.0, 2.0, 3.0, 5.0]);
        assert_eq!(left(&vit, 2).unwrap(), [0.0, 1.0, 3.0, 5.0]);
        assert_eq!(left(&vit, 1).unwrap(), [0.0, 1.0, 5.0]);
        assert_eq!(left(&vit, 5), None);
        let mlp = numbered(Net::Mlp(Mlp { hidden: vec![6; 3], ..Mlp::default() }));
        assert_eq!(left(&mlp, 3).unwrap(), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(left(&mlp, 2).unwrap(), [0.0, 1.0, 3.0]);
        assert_eq!(left(&mlp, 1).unwrap(), [0.0, 3.0]);
        assert_eq!(left(&mlp, 0), None);
    }

    #[test]
    fn layers_that_differ_in_shape_stand_in_for_nobody() {
        let others = [
            Net::Mlp(Mlp { hidden: vec![6, 4], ..Mlp::default() }),
            Net::Mlp(Mlp { hidden: vec![], ..Mlp::default() }),
            Net::Cnn(Cnn::default()),
        ];
        for net in others {
            let weights = vec![0.0; net.layout().len()];
            assert!(shallower(&Checkpoint { net, weights }, 1).is_none());
        }
    }
}
