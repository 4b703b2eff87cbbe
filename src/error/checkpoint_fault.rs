//! What is wrong with a checkpoint, or with a session's snapshot.

use serde::Serialize;

/// What is wrong with a checkpoint, or with a session's snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum CheckpointFault {
    #[error("the network has {expected} weights, not {found}")]
    Weights { found: u64, expected: u64 },
    /// `detail` is the reader's.
    #[error("it is not in safetensors' form: {detail}")]
    Format { detail: String },
    #[error("no tensor `{tensor}`")]
    TensorMissing { tensor: String },
    /// `found` and `expected` are a type and a shape, as in `F16 [784, 30]`.
    #[error("tensor `{tensor}` is {found}; allowed: {expected}")]
    Tensor { tensor: String, found: String, expected: String },
    #[error("{found} tensors; allowed: {expected}")]
    Tensors { found: u64, expected: u64 },
    #[error("weight {index} is not finite")]
    NotFinite { index: u64 },
    /// `found` and `expected` are networks as JSON text.
    #[error("its network is {found}; models.{model}.net says {expected}")]
    OtherNetwork { model: String, found: String, expected: String },
    #[error("its weights have the digest {found}; its card or record says {expected}")]
    Digest { found: String, expected: String },
    #[error("{found} logits; expected {expected}")]
    Logits { found: u64, expected: u64 },
    /// Logits that came with a checkpoint for the digits of a sheet.
    #[error("its logits of {sheet} are not what it answers")]
    OtherLogits { sheet: String },
    #[error("its metadata holds no session")]
    NoHeader,
    #[error("it was taken from another config")]
    OtherConfig,
    #[error("no model `{model}`")]
    ModelMissing { model: String },
    #[error("the state of `{model}` does not fill its network")]
    State { model: String },
}
