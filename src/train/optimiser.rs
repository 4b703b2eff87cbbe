//! Optimisers: the rule that turns a gradient into a change of the weights, over one flat vector.

use distillery_kernels::{Rule, Update as KernelUpdate};
use serde::{Deserialize, Serialize};

use crate::ranges::{Ranges, ranges};
use crate::report::Report;

/// An optimiser and its settings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Optimiser {
    /// Stochastic gradient descent with momentum.
    Sgd(Sgd),
    /// Adam (Kingma and Ba 2015, algorithm 1).
    Adam(Adam),
}

/// Settings of stochastic gradient descent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Sgd {
    /// Share of the last change that is kept; 0 is plain descent.
    pub momentum: f64,
}

ranges!(Sgd {
    momentum: 0.0..=0.999;
});

impl Default for Sgd {
    fn default() -> Self {
        Self { momentum: 0.9 }
    }
}

/// Settings of Adam.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Adam {
    /// Decay of the mean of gradients.
    pub beta_1: f64,
    /// Decay of the mean of squared gradients.
    pub beta_2: f64,
}

ranges!(Adam {
    beta_1: 0.0..=0.999;
    beta_2: 0.0..=0.999;
});

impl Default for Adam {
    fn default() -> Self {
        Self { beta_1: 0.9, beta_2: 0.999 }
    }
}

impl Default for Optimiser {
    fn default() -> Self {
        Optimiser::Adam(Adam::default())
    }
}

/// The numbers of one update, whatever the optimiser.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Update {
    pub learning_rate: f64,
    /// This times each weight is added to its gradient first (L2).
    pub weight_decay: f64,
    /// Longest that the vector of weights into one unit may be afterwards: a longer one is multiplied by this over its
    /// length (Hinton et al. 2012, appendix A.1). Of fully connected weights `[from, to]` and of projections.
    pub max_norm: Option<f64>,
}

/// Keeps Adam's quotient finite (Kingma and Ba 2015, algorithm 1).
pub(super) const EPSILON: f32 = 1e-8;

impl Optimiser {
    /// Reports settings that are out of range.
    pub fn check(&self, path: &str, report: &mut Report) {
        match self {
            Optimiser::Sgd(sgd) => sgd.check_ranges(&format!("{path}.sgd"), report),
            Optimiser::Adam(adam) => adam.check_ranges(&format!("{path}.adam"), report),
        }
    }

    /// The rule of step number `steps`, from 1, in the numbers that kernels take, rounded as burn rounds them.
    pub(super) fn for_kernels(&self, update: &Update, steps: u32) -> KernelUpdate {
        let decay = update.weight_decay as f32;
        match *self {
            Optimiser::Sgd(Sgd { momentum }) => KernelUpdate {
                rule: Rule::Sgd { momentum: momentum as f32 },
                rate: update.learning_rate as f32,
                decay,
            },
            Optimiser::Adam(adam) => {
                let AdamStep { one_minus_beta1, one_minus_beta2, rate, bias_correction2 } =
                    adam.at(steps, update.learning_rate);
                let rule = Rule::Adam {
                    beta1: adam.beta_1 as f32,
                    beta2: adam.beta_2 as f32,
                    one_minus_beta1: one_minus_beta1 as f32,
                    one_minus_beta2: one_minus_beta2 as f32,
                    root_scale: (1.0 / bias_correction2.sqrt()) as f32,
                    epsilon: EPSILON,
                };
                KernelUpdate { rule, rate: rate as f32, decay }
            }
        }
    }
}

/// The numbers of one step of Adam, for burn's tensors and for kernels alike.
pub(super) struct AdamStep {
    pub one_minus_beta1: f64,
    pub one_minus_beta2: f64,
    /// The learning rate over 1 − β₁ᵗ, which corrects the mean for its start at 0.
    pub rate: f64,
    /// 1 − β₂ᵗ, by which the mean of squares is divided.
    pub bias_correction2: f64,
}

impl Adam {
    /// Step number `step`, from 1.
    pub(super) fn at(&self, step: u32, learning_rate: f64) -> AdamStep {
        let bias_correction = |beta: f64| 1.0 - beta.powi(step as i32);
        AdamStep {
            one_minus_beta1: 1.0 - self.beta_1,
            one_minus_beta2: 1.0 - self.beta_2,
            rate: learning_rate / bias_correction(self.beta_1),
            bias_correction2: bias_correction(self.beta_2),
        }
    }
}
