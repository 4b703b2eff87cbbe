//! The networks by their definition: plain loops in f64, one digit at a time, no tensors.

mod layered;
mod rnn;
mod vit;

use std::collections::BTreeMap;

use distillery::nets::Net;

/// Values of a network's layers by name, and its logits under the name `logits`.
type Layers = BTreeMap<String, Vec<f64>>;

/// Values of a network's parameters by name.
struct Parameters(BTreeMap<String, Vec<f64>>);

impl Parameters {
    fn new(net: &Net, weights: &[f32]) -> Self {
        let values = |range: std::ops::Range<usize>| weights[range].iter().map(|&w| f64::from(w)).collect();
        Self(net.layout().iter().map(|(p, range)| (p.name.clone(), values(range))).collect())
    }

    fn get(&self, name: &str) -> &[f64] {
        &self.0[name]
    }

    /// `x · W + b` of the parameters `path.weight` and `path.bias`.
    fn linear(&self, path: &str, x: &[f64]) -> Vec<f64> {
        let (w, b) = (self.get(&format!("{path}.weight")), self.get(&format!("{path}.bias")));
        let to = b.len();
        assert_eq!(w.len(), x.len() * to, "{path}");
        (0..to).map(|o| b[o] + (0..x.len()).map(|i| x[i] * w[i * to + o]).sum::<f64>()).collect()
    }
}

fn all(net: &Net, weights: &[f32], pixels: &[f32]) -> Layers {
    let parameters = Parameters::new(net, weights);
    let pixels64: Vec<f64> = pixels.iter().map(|&v| f64::from(v)).collect();
    match net {
        Net::Vit(vit) => vit::layers(vit, &parameters, &pixels64),
        Net::Rnn(rnn) => rnn::layers(rnn, &parameters, &pixels64),
        _ => BTreeMap::from([("logits".to_owned(), layered::logits(net, weights, pixels))]),
    }
}

/// Logits of one digit.
pub fn by_definition(net: &Net, weights: &[f32], pixels: &[f32]) -> Vec<f64> {
    all(net, weights, pixels).remove("logits").unwrap()
}

/// Layers of one digit by name, of those networks whose definition here keeps them.
pub fn layers(net: &Net, weights: &[f32], pixels: &[f32]) -> BTreeMap<String, Vec<f64>> {
    let mut layers = all(net, weights, pixels);
    layers.remove("logits");
    layers
}
