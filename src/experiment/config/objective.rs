//! Who teaches a model, and what it minimises.

use serde::{Deserialize, Serialize};

use super::is_zero;
use crate::distill::{Ablation, Imitation, Schedule, SoftTerm};
use crate::ranges::ranges;

/// One teacher of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Name of the teacher.
    pub model: String,
    /// Its share when several teachers are averaged.
    #[serde(default = "one")]
    pub weight: f64,
}

ranges!(Source {
    weight: 0.001..=1000.0;
});

fn one() -> f64 {
    1.0
}

/// What a taught model minimises: `hard_weight · hard + soft_weight · T² · soft + Σ weight · imitation`
/// (Hinton et al. 2015, section 2). A model without teachers minimises the hard term alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Objective {
    /// Weight of the labels against the soft targets, 0 to 1, constant or changing over training.
    pub hard_weight: Schedule,
    /// Weight of the soft targets; left out: one minus `hard_weight`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soft_weight: Option<Schedule>,
    /// The kind of soft term.
    pub soft: SoftTerm,
    /// Temperature T of the soft targets, constant or changing over training.
    pub temperature: Schedule,
    /// Whether the soft term is multiplied by T², so that its gradients keep their size as T changes.
    pub t_squared: bool,
    /// What is taken away from the soft targets, to see whether it was what helped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ablation: Option<Ablation>,
    /// Layers of a teacher that it imitates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub imitates: Vec<Imitation>,
    /// Share of each label that is spread evenly over the ten classes: a teacher that knows nothing.
    #[serde(skip_serializing_if = "is_zero")]
    pub label_smoothing: f64,
}

ranges!(Objective {
    hard_weight: 0.0..=1.0;
    soft_weight: 0.0..=100.0;
    temperature: 0.1..=100.0;
    label_smoothing: 0.0..=0.9;
});

impl Default for Objective {
    fn default() -> Self {
        Self {
            hard_weight: Schedule::Constant(0.1),
            soft_weight: None,
            soft: SoftTerm::default(),
            temperature: Schedule::Constant(4.0),
            t_squared: true,
            ablation: None,
            imitates: Vec::new(),
            label_smoothing: 0.0,
        }
    }
}
