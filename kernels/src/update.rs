//! The optimiser's rule for one weight, in a vector of them at a time.

use crate::lanes::{Isa, Lanes, with_isa};

/// How a gradient changes a weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// Momentum: the change is the rate times the running sum.
    Sgd { momentum: f32 },
    /// Adam (Kingma and Ba 2015, algorithm 1); `root_scale` is 1 / √(1 − β₂ᵗ), and the rate is already divided
    /// by 1 − β₁ᵗ: what corrects both means for their start at 0.
    Adam { beta1: f32, beta2: f32, one_minus_beta1: f32, one_minus_beta2: f32, root_scale: f32, epsilon: f32 },
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

/// What an optimiser does to some weights whose gradient is known; `first` and `second` are what it remembers of each.
///
/// # Panics
/// When they are not as many.
pub fn apply(
    isa: Isa,
    update: Update,
    weights: &mut [f32],
    first: &mut [f32],
    second: &mut [f32],
    gradient: &[f32],
) {
    assert!([first.len(), second.len(), gradient.len()] == [weights.len(); 3], "values of an update");
    with_isa!(
        isa,
        whole(update: Update, weights: &mut [f32], first: &mut [f32], second: &mut [f32], gradient: &[f32])
    );
}

#[inline(always)]
unsafe fn whole<S: Lanes, const R: usize, const W: usize>(
    update: Update,
    weights: &mut [f32],
    first: &mut [f32],
    second: &mut [f32],
    gradient: &[f32],
) {
    let even = weights.len() / S::N * S::N;
    let (weights, weights_rest) = weights.split_at_mut(even);
    let (first, first_rest) = first.split_at_mut(even);
    let (second, second_rest) = second.split_at_mut(even);
    let (gradient, gradient_rest) = gradient.split_at(even);
    // What does not fill a vector goes into one of its own.
    let mut rest = [[0.0_f32; 16]; 4];
    let places = [&*weights_rest, &*first_rest, &*second_rest, gradient_rest];
    rest.iter_mut().zip(places).for_each(|(rest, values)| rest[..values.len()].copy_from_slice(values));
    let [weights_padded, first_padded, second_padded, gradient_padded] = &mut rest;
    // SAFETY: `with_isa` runs this where the instructions of `S` are; all slices of a call are as long, and that a
    // multiple of `N`.
    unsafe {
        S::update(update, weights, first, second, gradient);
        let [weights, first, second] =
            [weights_padded, first_padded, second_padded].map(|values| &mut values[..S::N]);
        S::update(update, weights, first, second, &gradient_padded[..S::N]);
    }
    for (to, rest) in [weights_rest, first_rest, second_rest].into_iter().zip(&rest) {
        to.copy_from_slice(&rest[..to.len()]);
    }
}

impl Update {
    /// Updates some neighbouring weights whose gradient is known.
    ///
    /// # Safety
    /// As [`Lanes`]; and all of them are as many, a multiple of its lanes.
    #[inline(always)]
    pub(crate) unsafe fn apply<S: Lanes>(
        &self,
        weights: &mut [f32],
        first: &mut [f32],
        second: &mut [f32],
        gradient: &[f32],
    ) {
        debug_assert!([first.len(), second.len(), gradient.len()] == [weights.len(); 3]);
        // SAFETY: `at` is a multiple of `S::N` below the length that all four have, itself such a multiple: `S::N`
        // values lie there.
        unsafe {
            let rate = S::splat(self.rate);
            let decayed = |at: usize, before: S::V| {
                let gradient = S::load(gradient.as_ptr().add(at));
                match self.decay == 0.0 {
                    true => gradient,
                    false => S::mul_add(before, S::splat(self.decay), gradient),
                }
            };
            let places = (0..weights.len()).step_by(S::N);
            match self.rule {
                Rule::Sgd { momentum } => {
                    let momentum = S::splat(momentum);
                    for at in places {
                        let before = S::load(weights.as_ptr().add(at));
                        let gradient = decayed(at, before);
                        let velocity = S::mul_add(S::load(first.as_ptr().add(at)), momentum, gradient);
                        S::store(first.as_mut_ptr().add(at), velocity);
                        S::store(weights.as_mut_ptr().add(at), S::sub(before, S::mul(velocity, rate)));
                    }
                }
                Rule::Adam { beta1, beta2, one_minus_beta1, one_minus_beta2, root_scale, epsilon } => {
                    let [beta1, beta2] = [beta1, beta2].map(|beta| S::splat(beta));
                    let [one_minus_beta1, one_minus_beta2] =
                        [one_minus_beta1, one_minus_beta2].map(|rest| S::splat(rest));
                    let (root_scale, epsilon) = (S::splat(root_scale), S::splat(epsilon));
                    for at in places {
                        let before = S::load(weights.as_ptr().add(at));
                        let gradient = decayed(at, before);
                        let mean = S::mul(gradient, one_minus_beta1);
                        let mean = S::mul_add(S::load(first.as_ptr().add(at)), beta1, mean);
                        let square = S::mul(S::mul(gradient, gradient), one_minus_beta2);
                        let square = S::mul_add(S::load(second.as_ptr().add(at)), beta2, square);
                        S::store(first.as_mut_ptr().add(at), mean);
                        S::store(second.as_mut_ptr().add(at), square);
                        let root = S::mul_add(S::sqrt(square), root_scale, epsilon);
                        let change = S::div(S::mul(mean, rate), root);
                        S::store(weights.as_mut_ptr().add(at), S::sub(before, change));
                    }
                }
            }
        }
    }
}
