//! Checkpoints: weights as safetensors, and the card that comes with a shipped teacher.

use std::collections::HashMap;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use super::Net;
use crate::data::sha256_hex;
use crate::error::{CheckpointFault, Error, Result};

/// What is told beside a shipped checkpoint: how it was made and how good it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The name that a config's `init: {pretrained: …}` uses.
    pub name: String,
    /// The network.
    pub net: Net,
    /// Trainable weights.
    pub parameters: u64,
    /// Seed of the run that made it.
    pub seed: u32,
    /// Errors on the 10,000 test digits.
    pub test_errors: u32,
    /// Errors on the 5,000 held-out validation digits, on which it was chosen.
    pub validation_errors: u32,
    /// SHA-256 of the weights as little-endian f32, hexadecimal.
    pub weights_digest: String,
    /// The command that makes it again.
    pub command: String,
}

/// A network with its weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    pub net: Net,
    /// Flat weights in the order of the network's layout.
    pub weights: Vec<f32>,
}

/// SHA-256 of weights as little-endian f32, hexadecimal.
pub fn weights_digest(weights: &[f32]) -> String {
    sha256_hex(&bytes_of(weights))
}

fn bytes_of(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

impl Checkpoint {
    /// The weights as a safetensors file: f32, one tensor a parameter, fully connected weights as `[from, to]`
    /// (a layer computes `x · W + b`), the network's spec in the metadata under `net`.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] if the weights do not fill the network.
    pub fn to_safetensors(&self, name: &str) -> Result<Vec<u8>> {
        let refuse = |fault| Error::Checkpoint { name: name.to_owned(), fault };
        let layout = self.net.layout();
        if layout.len() != self.weights.len() {
            let (expected, found) = (layout.len() as u64, self.weights.len() as u64);
            return Err(refuse(CheckpointFault::Weights { found, expected }));
        }
        let parts: Vec<(String, Vec<usize>, Vec<u8>)> = layout
            .iter()
            .map(|(p, range)| (p.name.clone(), p.shape.clone(), bytes_of(&self.weights[range])))
            .collect();
        let views = parts
            .iter()
            .map(|(name, shape, bytes)| {
                Ok((name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes)?))
            })
            .collect::<std::result::Result<Vec<_>, safetensors::SafeTensorError>>()
            .map_err(|error| refuse(CheckpointFault::Format { detail: error.to_string() }))?;
        let net = serde_json::to_string(&self.net)
            .map_err(|error| refuse(CheckpointFault::Format { detail: error.to_string() }))?;
        let metadata = HashMap::from([("net".to_owned(), net)]);
        safetensors::serialize(views, Some(metadata))
            .map_err(|error| refuse(CheckpointFault::Format { detail: error.to_string() }))
    }

    /// Reads a safetensors file that holds the weights of `net`, in f32.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming the tensor that is missing, too many, or of another shape or type.
    pub fn from_safetensors(name: &str, net: Net, bytes: &[u8]) -> Result<Self> {
        let refuse = |fault| Error::Checkpoint { name: name.to_owned(), fault };
        let file = SafeTensors::deserialize(bytes)
            .map_err(|error| refuse(CheckpointFault::Format { detail: error.to_string() }))?;
        let layout = net.layout();
        let mut weights = Vec::with_capacity(layout.len());
        for (parameter, _) in layout.iter() {
            let tensor = file
                .tensor(&parameter.name)
                .map_err(|_| refuse(CheckpointFault::TensorMissing { tensor: parameter.name.clone() }))?;
            if tensor.shape() != parameter.shape || tensor.dtype() != Dtype::F32 {
                let found = format!("{:?} {:?}", tensor.dtype(), tensor.shape());
                let (tensor, expected) = (parameter.name.clone(), format!("F32 {:?}", parameter.shape));
                return Err(refuse(CheckpointFault::Tensor { tensor, found, expected }));
            }
            weights
                .extend(tensor.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])));
        }
        let expected = layout.iter().count();
        if file.len() != expected {
            let (found, expected) = (file.len() as u64, expected as u64);
            return Err(refuse(CheckpointFault::Tensors { found, expected }));
        }
        if let Some(index) = weights.iter().position(|weight| !weight.is_finite()) {
            return Err(refuse(CheckpointFault::NotFinite { index: index as u64 }));
        }
        Ok(Self { net, weights })
    }
}
