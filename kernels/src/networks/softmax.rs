//! The softmax of attention. Scores lie as `[heads, keys, COLUMNS]`, a column for each query: what is summed up lies
//! in different rows.

use super::{COLUMNS, VECTORS, functions::exp};
use crate::lanes::{Isa, Lanes, with_isa};

/// `attention = softmax(scores)` over each head's `keys` rows.
///
/// # Panics
/// When the slices are of different lengths, or not of whole heads.
pub fn softmax(isa: Isa, keys: usize, scores: &[f32], attention: &mut [f32]) {
    assert!(scores.len() == attention.len() && scores.len().is_multiple_of(keys * COLUMNS), "scores");
    with_isa!(isa, forward(keys: usize, scores: &[f32], attention: &mut [f32]));
}

/// The gradient in the scores in place of that in the attention, `grad`.
///
/// # Panics
/// As [`softmax`].
pub fn softmax_backward(isa: Isa, keys: usize, attention: &[f32], grad: &mut [f32]) {
    assert!(
        grad.len() == attention.len() && grad.len().is_multiple_of(keys * COLUMNS),
        "gradients of attention"
    );
    with_isa!(isa, backward(keys: usize, attention: &[f32], grad: &mut [f32]));
}

#[inline(always)]
unsafe fn forward<S: Lanes, const R: usize, const W: usize>(
    keys: usize,
    scores: &[f32],
    attention: &mut [f32],
) {
    let heads = scores.chunks_exact(keys * COLUMNS).zip(attention.chunks_exact_mut(keys * COLUMNS));
    for (scores, attention) in heads {
        for first in (0..COLUMNS).step_by(VECTORS * S::N) {
            // SAFETY: `with_isa` runs this where the instructions of `S` are; a place is in one of the `keys` rows of
            // `COLUMNS` values, and `N` values lie there.
            unsafe {
                let score = |row: usize, vector: usize| {
                    S::load(scores.as_ptr().add(row * COLUMNS + first + vector * S::N))
                };
                let mut largest: [S::V; VECTORS] = std::array::from_fn(|vector| score(0, vector));
                for row in 1..keys {
                    for (vector, largest) in largest.iter_mut().enumerate() {
                        *largest = S::max(*largest, score(row, vector));
                    }
                }
                let mut sums = [S::splat(0.0); VECTORS];
                for row in 0..keys {
                    for (vector, sum) in sums.iter_mut().enumerate() {
                        let power = exp::<S>(S::sub(score(row, vector), largest[vector]));
                        *sum = S::add(*sum, power);
                        S::store(attention.as_mut_ptr().add(row * COLUMNS + first + vector * S::N), power);
                    }
                }
                let factors = sums.map(|sum| S::div(S::splat(1.0), sum));
                for row in 0..keys {
                    for (vector, factor) in factors.iter().enumerate() {
                        let at = attention.as_mut_ptr().add(row * COLUMNS + first + vector * S::N);
                        S::store(at, S::mul(S::load(at), *factor));
                    }
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn backward<S: Lanes, const R: usize, const W: usize>(
    keys: usize,
    attention: &[f32],
    grad: &mut [f32],
) {
    let heads = attention.chunks_exact(keys * COLUMNS).zip(grad.chunks_exact_mut(keys * COLUMNS));
    for (attention, grad) in heads {
        for first in (0..COLUMNS).step_by(VECTORS * S::N) {
            // SAFETY: as in `forward`.
            unsafe {
                let mut sums = [S::splat(0.0); VECTORS];
                for row in 0..keys {
                    for (vector, sum) in sums.iter_mut().enumerate() {
                        let at = row * COLUMNS + first + vector * S::N;
                        *sum = S::mul_add(
                            S::load(attention.as_ptr().add(at)),
                            S::load(grad.as_ptr().add(at)),
                            *sum,
                        );
                    }
                }
                for row in 0..keys {
                    for (vector, sum) in sums.iter().enumerate() {
                        let at = row * COLUMNS + first + vector * S::N;
                        let from_mean = S::sub(S::load(grad.as_ptr().add(at)), *sum);
                        S::store(
                            grad.as_mut_ptr().add(at),
                            S::mul(S::load(attention.as_ptr().add(at)), from_mean),
                        );
                    }
                }
            }
        }
    }
}
