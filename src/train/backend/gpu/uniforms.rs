//! What kernels are told of a step, of a layer and of a digit: the structures of `common.wgsl` and `loss.wgsl`, word for
//! word.

use distillery_kernels::{Rule, Update};

use crate::distill::{Decoupled, SoftMix, SoftTerm};

/// Words of the structures.
pub const STEP_WORDS: usize = 24;
pub const LAYER_WORDS: usize = 8;
pub const ASKED_WORDS: usize = 4;

/// A step: `Step`.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, bytemuck::NoUninit)]
pub struct Step {
    pub digits: u32,
    pub outputs: u32,
    pub is_adam: u32,
    pub soft_term: u32,
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
    pub target_part: f32,
    pub non_target_part: f32,
    pub own_share: f32,
    pub padding: u32,
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

/// What a digit is asked: `Asked`.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, bytemuck::NoUninit)]
pub struct Asked {
    pub first: u32,
    pub classes: u32,
    pub labels: u32,
    pub weight: f32,
}

/// A digit's label in the lower half of a word and that of the digit mixed into it in the upper, `NO_LABEL` in both where
/// none is to be seen.
pub fn labels_word(labels: Option<[u8; 2]>) -> u32 {
    labels.map_or(u32::MAX, |[own, other]| u32::from(own) | u32::from(other) << 16)
}

impl Step {
    /// The same step with a soft term. Every kind has its number in `loss.wgsl`; a new one needs its formulas there.
    pub fn comparing(self, mix: SoftMix) -> Self {
        let (soft_term, target, non_target) = match mix.term {
            SoftTerm::CrossEntropy => (1, 0.0, 0.0),
            SoftTerm::Kl => (2, 0.0, 0.0),
            SoftTerm::LogitMse => (3, 0.0, 0.0),
            SoftTerm::Decoupled(Decoupled { target, non_target }) => (4, target, non_target),
        };
        Self {
            soft_term,
            soft_factor: mix.factor() as f32,
            temperature: mix.temperature as f32,
            target_part: target as f32,
            non_target_part: non_target as f32,
            ..self
        }
    }

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
