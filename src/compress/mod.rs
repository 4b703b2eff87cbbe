//! Ways to make a model small: transforms, which make its first weights out of a trained model's, and compressions, to
//! which its weights are held from then on. Any of them goes with any teacher, and with any network that has what it
//! needs.
//!
//! A new transform is a file of its own here, a variant of [`Transform`] with its line in `named`, and its test.

mod compression;
mod copy;
mod copy_layers;
mod eigen;
mod factorise;
mod packed;
mod raise_bias;
mod shallower;
mod strongest_units;
mod theseus;

pub(crate) use compression::is_held;
pub use compression::{Compression, Held, Per, Prune, Quantise, Ranking, Scope, Ternarise, WholeNumbers};
pub use copy_layers::CopyLayers;
pub use packed::{Stored, pack, unpack};
pub use raise_bias::RaiseBias;
pub use shallower::shallower;
pub use theseus::{Mixed, Theseus};

use copy::Copy;
use factorise::Factorise;
use strongest_units::StrongestUnits;

use serde::{Deserialize, Serialize};

use crate::nets::{Checkpoint, Net};
use crate::report::Report;

/// How first weights are made of a trained model's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Transform {
    /// All of them, as they are.
    Copy,
    /// Those of the strongest units and channels, for a network that has fewer (Li et al. 2017, section 3.1).
    StrongestUnits,
    /// Some of its layers (DistilBERT, Sanh et al. 2019, section 3).
    CopyLayers(CopyLayers),
    /// All of them, with the bias of some classes raised (Hinton et al. 2015, section 3).
    RaiseBias(RaiseBias),
    /// All of a perceptron's, with each hidden layer's weights as the nearest product of two thin matrices.
    Factorise,
}

/// The arithmetic of one transform.
trait Derives {
    /// Reports settings that are out of range.
    fn check(&self, _path: &str, _report: &mut Report) {}

    /// Reports why these weights cannot be made of that network's.
    fn check_networks(&self, path: &str, net: &Net, source: &Net, report: &mut Report);

    /// The first weights of `net`; `drawn` are those it would have without the transform.
    fn derive(&self, net: &Net, drawn: Vec<f32>, source: &Checkpoint) -> Vec<f32>;
}

impl Transform {
    /// The one list of kinds, each with where its settings stand.
    fn named(&self) -> (&'static str, &dyn Derives) {
        match self {
            Transform::Copy => ("", &Copy),
            Transform::StrongestUnits => ("", &StrongestUnits),
            Transform::CopyLayers(copy) => (".copy_layers", copy),
            Transform::RaiseBias(raise) => (".raise_bias", raise),
            Transform::Factorise => ("", &Factorise),
        }
    }

    /// Reports settings that are out of range.
    pub fn check(&self, path: &str, report: &mut Report) {
        let (settings, derives) = self.named();
        derives.check(&format!("{path}{settings}"), report);
    }

    /// Reports why these weights cannot be made of that network's, whose own settings are within their ranges.
    pub fn check_networks(&self, path: &str, net: &Net, source: &Net, report: &mut Report) {
        let (settings, derives) = self.named();
        derives.check_networks(&format!("{path}{settings}"), net, source, report);
    }

    /// The first weights of `net`; `drawn` are those it would have without the transform. For a valid config.
    pub fn derive(&self, net: &Net, drawn: Vec<f32>, source: &Checkpoint) -> Vec<f32> {
        self.named().1.derive(net, drawn, source)
    }
}
