//! What kernels are told of a step and of a layer: the structures of `common.wgsl`, word for word.

use crate::train::{Adam, Optimiser, Sgd, Update, optimiser::EPSILON};

/// Words of the two structures.
pub const STEP_WORDS: usize = 20;
pub const LAYER_WORDS: usize = 8;

/// A step: `Step`.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, bytemuck::NoUninit)]
pub struct Step {
    pub digits: u32,
    pub classes: u32,
    pub is_adam: u32,
    pub has_soft: u32,
    pub has_mask: u32,
    pub rate: f32,
    pub decay: f32,
    pub beta_1: f32,
    pub beta_2: f32,
    pub rest_1: f32,
    pub rest_2: f32,
    pub scale_2: f32,
    pub epsilon: f32,
    pub hard_weight: f32,
    pub smoothing: f32,
    pub labelled: f32,
    pub soft_factor: f32,
    pub temperature: f32,
    pub max_norm: f32,
    pub kept: f32,
}

/// A layer: `Layer`.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, bytemuck::NoUninit)]
pub struct LayerInfo {
    pub inputs: u32,
    pub outputs: u32,
    pub start: u32,
    pub mask_start: u32,
    pub is_hidden: u32,
    pub rate: f32,
    pub padding: [u32; 2],
}

/// The numbers of an optimiser's step.
pub fn optimiser_step(optimiser: &Optimiser, update: &Update, steps: u32) -> Step {
    let (rate, decay) = (update.learning_rate, update.weight_decay as f32);
    match *optimiser {
        Optimiser::Sgd(Sgd { momentum }) => {
            Step { beta_1: momentum as f32, rate: rate as f32, decay, ..Step::default() }
        }
        Optimiser::Adam(Adam { beta_1, beta_2 }) => {
            let left = |beta: f64| 1.0 - beta.powi(steps as i32);
            Step {
                is_adam: 1,
                rate: (rate / left(beta_1)) as f32,
                decay,
                beta_1: beta_1 as f32,
                beta_2: beta_2 as f32,
                rest_1: (1.0 - beta_1) as f32,
                rest_2: (1.0 - beta_2) as f32,
                scale_2: (1.0 / left(beta_2).sqrt()) as f32,
                epsilon: EPSILON,
                ..Step::default()
            }
        }
    }
}
