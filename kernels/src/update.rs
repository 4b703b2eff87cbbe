//! The optimiser's rule for one weight, in a vector of them at a time.

use crate::lanes::Lanes;

/// How a gradient changes a weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// Momentum: the change is the rate times the running sum.
    Sgd { momentum: f32 },
    /// Adam (Kingma and Ba 2015, algorithm 1); `correction_2` is 1 − β₂ᵗ, and the rate is already divided by 1 − β₁ᵗ.
    Adam { beta_1: f32, beta_2: f32, rest_1: f32, rest_2: f32, correction_2: f32, epsilon: f32 },
}

/// One update of some weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Update {
    pub rule: Rule,
    /// What a change is multiplied by.
    pub rate: f32,
    /// This times each weight is added to its gradient first.
    pub decay: f32,
}

/// What the optimiser remembers of each weight.
#[derive(Debug)]
pub struct Moments<'a> {
    /// Momentum, or the mean of gradients.
    pub first: &'a mut [f32],
    /// The mean of squared gradients; empty for a rule without one.
    pub second: &'a mut [f32],
}

impl Update {
    /// Updates `S::N` weights whose gradient is known.
    ///
    /// # Safety
    /// As [`Lanes`]; `second` is only looked at by Adam.
    #[inline(always)]
    pub(crate) unsafe fn apply<S: Lanes>(
        &self,
        weight: *mut f32,
        first: *mut f32,
        second: *mut f32,
        gradient: S::V,
    ) {
        // SAFETY: the caller's word.
        unsafe {
            let before = S::load(weight);
            let gradient = match self.decay == 0.0 {
                true => gradient,
                false => S::mul_add(before, S::splat(self.decay), gradient),
            };
            let change = match self.rule {
                Rule::Sgd { momentum } => {
                    let velocity = S::mul_add(S::load(first), S::splat(momentum), gradient);
                    S::store(first, velocity);
                    S::mul(velocity, S::splat(self.rate))
                }
                Rule::Adam { beta_1, beta_2, rest_1, rest_2, correction_2, epsilon } => {
                    let mean = S::mul(gradient, S::splat(rest_1));
                    let mean = S::mul_add(S::load(first), S::splat(beta_1), mean);
                    let square = S::mul(S::mul(gradient, gradient), S::splat(rest_2));
                    let square = S::mul_add(S::load(second), S::splat(beta_2), square);
                    S::store(first, mean);
                    S::store(second, square);
                    let root = S::sqrt(S::div(square, S::splat(correction_2)));
                    S::div(S::mul(mean, S::splat(self.rate)), S::add(root, S::splat(epsilon)))
                }
            };
            S::store(weight, S::sub(before, change));
        }
    }
}
