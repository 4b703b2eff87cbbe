//! Relations between the values of self-attention (Wang et al. 2020, eq. 6 and 7), head by head.
//!
//! V Vᵀ is the same along its rows as along its columns: a token's relations lie in one lane, one below the other, so
//! that what is summed up lies in different rows. Tokens are filled up to whole lanes with zeros, whose relations are the
//! same on both sides and add nothing.

use crate::aligned::LINE;
use crate::lanes::{Isa, Lanes, with_isa};
use crate::networks::functions::exp;
use crate::networks::in_place::{Left, Right, Start, multiply};

/// The values of one head, and how its tokens are related.
struct Head {
    isa: Isa,
    tokens: usize,
    /// Tokens with zeros behind them.
    padded: usize,
    width: usize,
    /// `[width, padded]`.
    turned: Vec<f32>,
    /// V Vᵀ / √width, and e to their power below the largest of a lane, `[tokens, padded]`.
    scores: Vec<f32>,
    powers: Vec<f32>,
    /// For each lane one over the sum of its powers, and the logarithm of the sum of all e to the power of a score.
    inverse: Vec<f32>,
    log_sums: Vec<f32>,
}

impl Head {
    fn new(isa: Isa, tokens: usize, width: usize) -> Self {
        let padded = tokens.next_multiple_of(LINE);
        let [turned, scores, powers] = [width, tokens, tokens].map(|rows| vec![0.0; rows * padded]);
        let [inverse, log_sums] = [(); 2].map(|()| vec![0.0; padded]);
        Self { isa, tokens, padded, width, turned, scores, powers, inverse, log_sums }
    }

    fn right<'a>(&self, values: &'a [f32]) -> Right<'a> {
        Right { values, stride: self.padded }
    }

    /// Relates the tokens of `values [tokens, width]`.
    fn relate(&mut self, values: &[f32]) {
        for (token, row) in values.chunks_exact(self.width).enumerate() {
            row.iter().enumerate().for_each(|(unit, value)| self.turned[unit * self.padded + token] = *value);
        }
        let mut scores = std::mem::take(&mut self.scores);
        let left = Left { values: &self.turned, row: 1, step: self.padded };
        let sizes = [self.tokens, self.width, self.padded];
        multiply(self.isa, sizes, left, self.right(&self.turned), Start::Zero, &mut scores, self.padded);
        self.scores = scores;
        let scale = 1.0 / (self.width as f32).sqrt();
        let (scores, powers, largest, sums) =
            (&mut self.scores[..], &mut self.powers[..], &mut self.log_sums[..], &mut self.inverse[..]);
        with_isa!(
            self.isa,
            raise(
                scale: f32,
                scores: &mut [f32],
                powers: &mut [f32],
                largest: &mut [f32],
                sums: &mut [f32],
            )
        );
        for (log_sum, inverse) in self.log_sums.iter_mut().zip(&mut self.inverse) {
            *log_sum += inverse.ln();
            *inverse = 1.0 / *inverse;
        }
    }

    /// The gradient `[tokens, width]` of one in the scores, `slopes [tokens, padded]`: (S + Sᵀ) V. Room for the product
    /// stands in `turned_gradient [width, padded]`.
    fn hand_down(&self, slopes: &mut [f32], turned_gradient: &mut [f32], gradient: &mut [f32]) {
        for row in 0..self.tokens {
            for column in 0..=row {
                let [here, there] = [row * self.padded + column, column * self.padded + row];
                let both = slopes[here] + slopes[there];
                (slopes[here], slopes[there]) = (both, both);
            }
        }
        let left = Left { values: &self.turned, row: self.padded, step: 1 };
        let sizes = [self.width, self.tokens, self.padded];
        multiply(self.isa, sizes, left, self.right(slopes), Start::Zero, turned_gradient, self.padded);
        for (token, row) in gradient.chunks_exact_mut(self.width).enumerate() {
            row.iter_mut()
                .enumerate()
                .for_each(|(unit, to)| *to = turned_gradient[unit * self.padded + token]);
        }
    }
}

/// Divergence of the relations between values, softmax(V Vᵀ / √width); mean over rows. Values are
/// `[n, tokens, width]`, with heads among the `n`; widths may differ.
///
/// # Panics
/// When lengths are no multiples, or `n` differs.
pub fn value_relations(
    isa: Isa,
    student: &[f32],
    teacher: &[f32],
    tokens: usize,
    widths: [usize; 2],
    gradient: &mut [f32],
) -> f32 {
    let [own_values, told_values] = widths.map(|width| tokens * width);
    let n = student.len() / own_values;
    assert!(
        [student.len(), gradient.len()] == [n * own_values; 2] && teacher.len() == n * told_values,
        "values of two layers"
    );
    let share = 1.0 / (n * tokens) as f32;
    let slope = share / (widths[0] as f32).sqrt();
    let [mut own, mut told] = widths.map(|width| Head::new(isa, tokens, width));
    let mut slopes = vec![0.0; own.scores.len()];
    let mut turned_gradient = vec![0.0; own.turned.len()];
    let mut sum = 0.0;
    let all = student.chunks_exact(own_values).zip(teacher.chunks_exact(told_values));
    for ((student, teacher), gradient) in all.zip(gradient.chunks_exact_mut(own_values)) {
        own.relate(student);
        told.relate(teacher);
        let mut terms = [0.0; LINE];
        let (own_head, told_head, to, sums) = (&own, &told, &mut slopes[..], &mut terms);
        with_isa!(
            isa,
            compare(own_head: &Head, told_head: &Head, slope: f32, to: &mut [f32], sums: &mut [f32; LINE])
        );
        sum += terms.iter().sum::<f32>();
        own.hand_down(&mut slopes, &mut turned_gradient, gradient);
    }
    sum * share
}

/// Scales scores; says for each lane the largest, e to the power of each below that, and the sum of those.
#[inline(always)]
unsafe fn raise<S: Lanes, const R: usize, const W: usize>(
    scale: f32,
    scores: &mut [f32],
    powers: &mut [f32],
    largest: &mut [f32],
    sums: &mut [f32],
) {
    let padded = sums.len();
    let tokens = scores.len() / padded;
    assert!(
        scores.len() == tokens * padded && powers.len() == scores.len() && largest.len() == padded,
        "relations of tokens"
    );
    for first in (0..padded).step_by(S::N) {
        // SAFETY: `with_isa` runs this where the instructions of `S` are; `padded` is a multiple of `N`, and a row has so
        // many values, as was asserted.
        unsafe {
            let mut most = S::splat(f32::NEG_INFINITY);
            for row in 0..tokens {
                let at = scores.as_mut_ptr().add(row * padded + first);
                let score = S::mul(S::load(at), S::splat(scale));
                S::store(at, score);
                most = S::max(most, score);
            }
            let mut sum = S::splat(0.0);
            for row in 0..tokens {
                let at = row * padded + first;
                let power = exp::<S>(S::sub(S::load(scores.as_ptr().add(at)), most));
                S::store(powers.as_mut_ptr().add(at), power);
                sum = S::add(sum, power);
            }
            S::store(largest.as_mut_ptr().add(first), most);
            S::store(sums.as_mut_ptr().add(first), sum);
        }
    }
}

/// The divergence of a head's relations from the teacher's, lane by lane, and `slope` times its gradient in the scores.
#[inline(always)]
unsafe fn compare<S: Lanes, const R: usize, const W: usize>(
    own: &Head,
    told: &Head,
    slope: f32,
    to: &mut [f32],
    sums: &mut [f32; LINE],
) {
    let padded = own.padded;
    let all = own.tokens * padded;
    let values = [&own.scores, &own.powers, &told.scores, &told.powers];
    let lanes = [&own.inverse, &own.log_sums, &told.inverse, &told.log_sums];
    assert!(
        values.iter().all(|values| values.len() == all)
            && lanes.iter().all(|lanes| lanes.len() == padded)
            && to.len() == all,
        "relations of two heads"
    );
    // SAFETY: as in `raise`; `LINE` is a multiple of `N`.
    unsafe {
        let load = |values: &[f32], at: usize| S::load(values.as_ptr().add(at));
        let mut terms = S::splat(0.0);
        for first in (0..padded).step_by(S::N) {
            let [own_inverse, told_inverse] = [&own.inverse, &told.inverse].map(|values| load(values, first));
            let between = S::sub(load(&told.log_sums, first), load(&own.log_sums, first));
            for at in (first..all).step_by(padded) {
                let p = S::mul(load(&told.powers, at), told_inverse);
                let q = S::mul(load(&own.powers, at), own_inverse);
                let apart = S::sub(load(&told.scores, at), load(&own.scores, at));
                terms = S::mul_add(p, S::sub(apart, between), terms);
                S::store(to.as_mut_ptr().add(at), S::mul(S::sub(q, p), S::splat(slope)));
            }
        }
        S::store(sums.as_mut_ptr(), terms);
    }
}
