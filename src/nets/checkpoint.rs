//! Checkpoints: weights as safetensors.

use std::collections::HashMap;

use half::f16;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::{Net, Parameter};
use crate::data::sha256_hex;
use crate::error::{CheckpointFault, Error, Result};

/// How a checkpoint's numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// As they were trained.
    F32,
    /// Rounded to 11 bits: half the bytes, for checkpoints that are shipped (see [`Checkpoint::rounded`]).
    F16,
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

impl Storage {
    fn dtype(self) -> Dtype {
        match self {
            Storage::F32 => Dtype::F32,
            Storage::F16 => Dtype::F16,
        }
    }

    fn bytes_of(self, values: &[f32]) -> Vec<u8> {
        match self {
            Storage::F32 => bytes_of(values),
            Storage::F16 => values.iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()).collect(),
        }
    }
}

impl Checkpoint {
    /// The same with its weights as they come back from [`Storage::F16`].
    #[must_use]
    pub fn rounded(&self) -> Self {
        let weights = self.weights.iter().map(|value| f16::from_f32(*value).to_f32()).collect();
        Self { net: self.net.clone(), weights }
    }

    /// The weights as a safetensors file: one tensor a parameter, fully connected weights as `[from, to]`
    /// (a layer computes `x · W + b`), the network's spec in the metadata under `net`.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] if the weights do not fill the network.
    pub fn to_safetensors(&self, name: &str, storage: Storage) -> Result<Vec<u8>> {
        let refuse = |fault| Error::Checkpoint { name: name.to_owned(), fault };
        let layout = self.net.layout();
        if layout.len() != self.weights.len() {
            let (expected, found) = (layout.len() as u64, self.weights.len() as u64);
            return Err(refuse(CheckpointFault::Weights { found, expected }));
        }
        let parts: Vec<(String, Vec<usize>, Vec<u8>)> = layout
            .iter()
            .map(|(p, range)| (p.name.clone(), p.shape.clone(), storage.bytes_of(&self.weights[range])))
            .collect();
        let views = parts
            .iter()
            .map(|(name, shape, bytes)| {
                Ok((name.as_str(), TensorView::new(storage.dtype(), shape.clone(), bytes)?))
            })
            .collect::<std::result::Result<Vec<_>, safetensors::SafeTensorError>>()
            .map_err(|error| refuse(CheckpointFault::Format { detail: error.to_string() }))?;
        let net = serde_json::to_string(&self.net)
            .map_err(|error| refuse(CheckpointFault::Format { detail: error.to_string() }))?;
        let metadata = HashMap::from([("net".to_owned(), net)]);
        safetensors::serialize(views, Some(metadata))
            .map_err(|error| refuse(CheckpointFault::Format { detail: error.to_string() }))
    }

    /// Reads a safetensors file that holds the weights of `net`, in f32 or f16.
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
            let data = tensor.data();
            match tensor.dtype() {
                _ if tensor.shape() != parameter.shape => return Err(refuse(unlike(parameter, &tensor))),
                Dtype::F32 => {
                    weights.extend(data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])))
                }
                Dtype::F16 => {
                    weights.extend(data.chunks_exact(2).map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32()));
                }
                _ => return Err(refuse(unlike(parameter, &tensor))),
            }
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

/// A tensor that is not what a parameter needs.
fn unlike(parameter: &Parameter, tensor: &TensorView) -> CheckpointFault {
    CheckpointFault::Tensor {
        tensor: parameter.name.clone(),
        found: format!("{:?} {:?}", tensor.dtype(), tensor.shape()),
        expected: format!("F32 or F16 {:?}", parameter.shape),
    }
}
