//! What a network takes, known before it is trained: what a small student saves, beside what it loses.

use serde::{Deserialize, Serialize};

use super::Net;

/// What a network takes, whatever it has learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Cost {
    /// Trainable weights, biases among them: all that a checkpoint holds. What only training needs beside the network,
    /// such as projections of imitated layers, is none of its.
    pub weights: u64,
    /// Bytes of the weights in f32, as they are trained; a checkpoint has a header beside them.
    pub bytes: u64,
    /// Multiplications of an activation with a weight or with another activation, each with the addition to its sum,
    /// for the logits of one digit. Outputs that stand for no class are left out; biases, divisions, means, ReLU,
    /// softmax and other functions of one value count for nothing.
    pub multiply_adds: u64,
}

impl Net {
    /// What it takes.
    pub fn cost(&self) -> Cost {
        let weights = self.layout().len();
        Cost {
            weights: weights as u64,
            bytes: (weights * size_of::<f32>()) as u64,
            multiply_adds: self.network().multiply_adds(),
        }
    }
}
