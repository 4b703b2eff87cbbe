//! The layer norm of tokens, without its gains and biases: whoever reads the result has them in its weights.
//!
//! All matrices here are `[width, COLUMNS]`: a column is a token, so that sums over a token's values need nothing but
//! additions of vectors.

use super::{COLUMNS, VECTORS};
use crate::aligned::Aligned;
use crate::lanes::{Isa, Lanes, with_isa};

/// Keeps the layer norm of equal values finite.
const EPSILON: f32 = 1e-5;

/// What a layer norm leaves behind.
#[derive(Debug, Clone, Default)]
pub struct Norm {
    /// Tokens with mean 0 and variance 1, `[width, COLUMNS]`.
    pub values: Aligned,
    /// What they were multiplied by, `[COLUMNS]`.
    pub factors: Aligned,
}

impl Norm {
    pub fn resize(&mut self, width: usize) {
        self.values.resize(width * COLUMNS);
        self.factors.resize(COLUMNS);
    }
}

/// Normalises tokens.
///
/// # Panics
/// When there is other room than for them.
pub fn normalise(isa: Isa, tokens: &[f32], norm: &mut Norm) {
    assert!(norm.values.len() == tokens.len() && norm.factors.len() == COLUMNS, "room of a norm");
    with_isa!(isa, forward(tokens: &[f32], norm: &mut Norm));
}

/// Adds to `grad` the gradient in the tokens of a norm whose result has the gradient `from`.
///
/// # Panics
/// When slices are of different lengths.
pub fn normalise_backward(isa: Isa, norm: &Norm, from: &[f32], grad: &mut [f32]) {
    assert!(norm.factors.len() == COLUMNS, "factors of a norm");
    assert!([from.len(), grad.len()] == [norm.values.len(); 2], "gradients of a norm");
    with_isa!(isa, backward(norm: &Norm, from: &[f32], grad: &mut [f32]));
}

#[inline(always)]
unsafe fn forward<S: Lanes, const R: usize, const W: usize>(tokens: &[f32], norm: &mut Norm) {
    let width = tokens.len() / COLUMNS;
    for first in (0..COLUMNS).step_by(VECTORS * S::N) {
        // SAFETY: `with_isa` runs this where the instructions of `S` are; a place is in one of the rows of `COLUMNS`
        // values that all slices, whose lengths `normalise` has compared, have, and `N` values lie there.
        unsafe {
            let mut means = [S::splat(0.0); VECTORS];
            for row in 0..width {
                for (vector, mean) in means.iter_mut().enumerate() {
                    let at = row * COLUMNS + first + vector * S::N;
                    *mean = S::add(*mean, S::load(tokens.as_ptr().add(at)));
                }
            }
            let share = S::splat(1.0 / width as f32);
            let means = means.map(|sum| S::mul(sum, share));
            let mut squares = [S::splat(0.0); VECTORS];
            for row in 0..width {
                for (vector, square) in squares.iter_mut().enumerate() {
                    let at = row * COLUMNS + first + vector * S::N;
                    let from_mean = S::sub(S::load(tokens.as_ptr().add(at)), means[vector]);
                    *square = S::mul_add(from_mean, from_mean, *square);
                }
            }
            let factors = squares.map(|sum| {
                let variance = S::mul_add(sum, share, S::splat(EPSILON));
                S::div(S::splat(1.0), S::sqrt(variance))
            });
            for (vector, factor) in factors.iter().enumerate() {
                S::store(norm.factors.as_mut_ptr().add(first + vector * S::N), *factor);
            }
            for row in 0..width {
                for vector in 0..VECTORS {
                    let at = row * COLUMNS + first + vector * S::N;
                    let from_mean = S::sub(S::load(tokens.as_ptr().add(at)), means[vector]);
                    S::store(norm.values.as_mut_ptr().add(at), S::mul(from_mean, factors[vector]));
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn backward<S: Lanes, const R: usize, const W: usize>(norm: &Norm, from: &[f32], grad: &mut [f32]) {
    let width = grad.len() / COLUMNS;
    for first in (0..COLUMNS).step_by(VECTORS * S::N) {
        // SAFETY: as in `forward`; `normalise_backward` has compared the lengths.
        unsafe {
            let (mut means, mut products) = ([S::splat(0.0); VECTORS], [S::splat(0.0); VECTORS]);
            for row in 0..width {
                for vector in 0..VECTORS {
                    let at = row * COLUMNS + first + vector * S::N;
                    let from = S::load(from.as_ptr().add(at));
                    let value = S::load(norm.values.as_ptr().add(at));
                    means[vector] = S::add(means[vector], from);
                    products[vector] = S::mul_add(from, value, products[vector]);
                }
            }
            let share = S::splat(1.0 / width as f32);
            let [means, products] = [means, products].map(|sums| sums.map(|sum| S::mul(sum, share)));
            let factors: [S::V; VECTORS] =
                std::array::from_fn(|vector| S::load(norm.factors.as_ptr().add(first + vector * S::N)));
            for row in 0..width {
                for vector in 0..VECTORS {
                    let at = row * COLUMNS + first + vector * S::N;
                    let value = S::load(norm.values.as_ptr().add(at));
                    let from = S::sub(S::load(from.as_ptr().add(at)), means[vector]);
                    let from = S::sub(from, S::mul(value, products[vector]));
                    let grad = grad.as_mut_ptr().add(at);
                    S::store(grad, S::mul_add(from, factors[vector], S::load(grad)));
                }
            }
        }
    }
}
