//! Ranges of every number in the config. The validation and the JSON schema (and with it the page's
//! controls) read them from here.

/// An inclusive range that a number must lie in.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub min: f64,
    pub max: f64,
}

const fn between(min: f64, max: f64) -> Bounds {
    Bounds { min, max }
}

pub const EPOCHS: Bounds = between(1.0, 500.0);
pub const BATCH_SIZE: Bounds = between(1.0, 2048.0);
pub const LEARNING_RATE: Bounds = between(0.0, 10.0);
pub const WEIGHT_DECAY: Bounds = between(0.0, 1.0);
pub const MOMENTUM: Bounds = between(0.0, 0.999);
pub const PATIENCE: Bounds = between(1.0, 100.0);
pub const TEMPERATURE: Bounds = between(0.1, 100.0);
pub const HARD_WEIGHT: Bounds = between(0.0, 1.0);
pub const TEACHER_WEIGHT: Bounds = between(0.001, 1000.0);
pub const TRANSFER_DIGITS: Bounds = between(1.0, 60_000.0);
pub const JITTER_PX: Bounds = between(0.0, 2.0);
pub const VALIDATION_DIGITS: Bounds = between(0.0, 30_000.0);
pub const EVALUATED_DIGITS: Bounds = between(1.0, 30_000.0);
pub const HIDDEN_WIDTH: Bounds = between(1.0, 2048.0);
pub const HIDDEN_LAYERS: Bounds = between(0.0, 6.0);
pub const CHANNELS: Bounds = between(1.0, 128.0);
pub const CONV_LAYERS: Bounds = between(1.0, 3.0);
pub const KERNEL: Bounds = between(1.0, 7.0);
/// A single value per token would be all that the layer norm takes away.
pub const TOKEN_WIDTH: Bounds = between(2.0, 512.0);
pub const BLOCKS: Bounds = between(1.0, 12.0);
pub const HEADS: Bounds = between(1.0, 16.0);
pub const RECURRENT_UNITS: Bounds = between(1.0, 512.0);
pub const DROPOUT: Bounds = between(0.0, 0.95);
pub const AUXILIARY: Bounds = between(0.0, 64.0);
pub const IMITATION_WEIGHT: Bounds = between(0.0, 10_000.0);
pub const SOFT_WEIGHT: Bounds = between(0.0, 100.0);
pub const DECOUPLED_WEIGHT: Bounds = between(0.0, 100.0);
pub const LABEL_SMOOTHING: Bounds = between(0.0, 0.9);
pub const SHARE: Bounds = between(0.0, 1.0);
pub const LAYER_DECAY: Bounds = between(0.01, 1.0);
/// Logits by which the bias of a class is raised.
pub const BIAS_RAISE: Bounds = between(-100.0, 100.0);
pub const CLASS: Bounds = between(0.0, 9.0);
pub const MAX_NORM: Bounds = between(0.01, 1000.0);
pub const PROGRESS: Bounds = between(0.0, 1.0);
pub const MODELS: Bounds = between(1.0, 64.0);
