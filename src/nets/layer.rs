//! The layers of a network that can be shown, and imitated.

use serde::Serialize;

/// What a layer's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerKind {
    /// Activations; the last axis is the units, axes before it are places (tokens, pixels).
    Hidden,
    /// Scores of attention `[heads, tokens, tokens]`, before the softmax.
    Scores,
    /// Attention probabilities `[heads, tokens, tokens]`; the last axis sums to 1.
    Attention,
    /// Values of self-attention `[heads, tokens, width]`.
    Values,
    /// Outputs that stand for no class.
    Auxiliary,
    /// Weights of a fully connected layer `[from, to]`: the same for every digit.
    Weights,
}

/// A layer that a network can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Its name, as in `hidden.0`.
    pub name: String,
    pub kind: LayerKind,
    /// Shape of its values for one digit.
    pub shape: Vec<usize>,
}

impl Layer {
    pub(super) fn new(name: impl Into<String>, kind: LayerKind, shape: &[usize]) -> Self {
        Self { name: name.into(), kind, shape: shape.to_vec() }
    }

    /// Values for one digit.
    pub fn width(&self) -> usize {
        self.shape.iter().product()
    }

    /// Length of the last axis.
    pub fn features(&self) -> usize {
        self.shape.last().copied().unwrap_or(1)
    }
}
