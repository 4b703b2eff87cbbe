//! How a model is trained.

use serde::{Deserialize, Serialize};

use crate::distill::Schedule;
use crate::ranges::ranges;
use crate::train::Optimiser;

/// How a model is trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Training {
    /// Times through the transfer set.
    pub epochs: u32,
    /// Digits in one step.
    pub batch_size: u32,
    /// The rule that turns gradients into changes of weights.
    pub optimiser: Optimiser,
    /// Step size, constant or changing over training.
    pub learning_rate: Schedule,
    /// Weight decay: this times each weight is added to its gradient (L2).
    pub weight_decay: f64,
    /// Each layer's learning rate is this times that of the layer above it, up to the output's.
    #[serde(skip_serializing_if = "is_one")]
    pub layer_decay: f64,
    /// Longest that the vector of weights into one fully connected unit may be (Hinton et al. 2012, appendix A.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_norm: Option<f64>,
    /// Stop when the errors on the validation digits have not fallen for this many epochs. The weights of the last
    /// epoch count, not those of the best.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub early_stop: Option<u32>,
}

ranges!(Training {
    epochs: 1.0..=500.0, unit "epochs";
    batch_size: 1.0..=2048.0, unit "digits";
    learning_rate: 0.0..=10.0;
    weight_decay: 0.0..=1.0;
    layer_decay: 0.01..=1.0;
    max_norm: 0.01..=1000.0;
    early_stop: 1.0..=100.0, unit "epochs";
});

impl Default for Training {
    fn default() -> Self {
        Self {
            epochs: 10,
            batch_size: 128,
            optimiser: Optimiser::default(),
            learning_rate: Schedule::Constant(0.001),
            weight_decay: 0.0,
            layer_decay: 1.0,
            max_norm: None,
            early_stop: None,
        }
    }
}

fn is_one(number: &f64) -> bool {
    *number == 1.0
}
