//! What kernels are told of a step and of a layer: the structures of `common.wgsl`, word for word.

use distillery_kernels::{Rule, Update};

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
    pub beta1: f32,
    pub beta2: f32,
    pub one_minus_beta1: f32,
    pub one_minus_beta2: f32,
    pub root_scale: f32,
    pub epsilon: f32,
    pub hard_weight: f32,
    pub smoothing: f32,
    pub labelled: f32,
    pub soft_factor: f32,
    pub temperature: f32,
    pub max_norm: f32,
    pub keep_scale: f32,
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

impl Step {
    /// A step with the numbers of its optimiser; momentum takes the place of Adam's first decay.
    pub fn updating(Update { rule, rate, decay }: Update) -> Self {
        match rule {
            Rule::Sgd { momentum } => Self { beta1: momentum, rate, decay, ..Self::default() },
            Rule::Adam { beta1, beta2, one_minus_beta1, one_minus_beta2, root_scale, epsilon } => Self {
                is_adam: 1,
                rate,
                decay,
                beta1,
                beta2,
                one_minus_beta1,
                one_minus_beta2,
                root_scale,
                epsilon,
                ..Self::default()
            },
        }
    }
}
