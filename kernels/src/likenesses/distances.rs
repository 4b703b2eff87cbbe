//! Distances between the digits of a batch over their mean (Park et al. 2019, section 3.2.1): d² = Gᵢᵢ + Gⱼⱼ − 2 Gᵢⱼ, of
//! inner products G. Each pair of digits stands in both orders, so that a row has nothing but whole lanes.

use super::gram::{Gram, LANES, ROUNDING, SMALLEST};
use crate::lanes::{Isa, Lanes, with_isa};
use crate::product::Scratch;

/// What tells numbers above 0 from others is multiplied by so much.
const HUGE: f32 = 1e38;
/// The least length that is none of digits which coincide.
const APART: f32 = 1.001e-6;

/// Huber loss of distances over their mean, mean over all ordered pairs of the `n` digits.
///
/// # Panics
/// When lengths are no multiples of `n`.
pub fn distances(isa: Isa, student: &[f32], teacher: &[f32], n: usize, gradient: &mut [f32]) -> f32 {
    let mut scratch = Scratch::default();
    let [own, told] = [student, teacher].map(|layer| Gram::new(isa, layer, n, &mut scratch));
    let padded = own.padded;
    let count = (n * n.saturating_sub(1)).max(1) as f32;
    let [(own_lengths, own_mean), (mut slopes, told_mean)] = [&own, &told].map(|gram| {
        let mut lengths = vec![0.0; n * padded];
        let sum = lengths_of(isa, gram, &mut lengths);
        (lengths, sum / count + SMALLEST)
    });
    let scales = [1.0 / own_mean, 1.0 / told_mean];
    let mut sums = [[0.0; LANES]; 2];
    let (lengths, to, lanes) = (&own_lengths[..], &mut slopes[..], &mut sums);
    with_isa!(isa, huber(lengths: &[f32], scales: [f32; 2], to: &mut [f32], lanes: &mut [[f32; LANES]; 2]));
    let [sum, along] = sums.map(|sums| sums.iter().sum::<f32>());
    // Of the mean in each length that it is made of.
    let in_mean = along * scales[0] * scales[0] / count;
    let share = 1.0 / (n * n) as f32;
    let [scale, shift] = [2.0 * share * scales[0], 2.0 * share * in_mean];
    for (row, to) in slopes.chunks_exact_mut(padded).enumerate() {
        let (lengths, mut lanes) = (&own_lengths[row * padded..][..padded], [0.0; LANES]);
        let sums = &mut lanes;
        with_isa!(
            isa,
            in_products(lengths: &[f32], scale: f32, shift: f32, to: &mut [f32], sums: &mut [f32; LANES])
        );
        to[row] = -lanes.iter().sum::<f32>();
    }
    own.handed_down_of_both(isa, &slopes, gradient, &mut scratch);
    sum * share
}

/// The distances of all digits `[n, padded]`, 0 from themselves and from what fills their rows up; answers their sum.
fn lengths_of(isa: Isa, gram: &Gram, lengths: &mut [f32]) -> f32 {
    let (n, padded) = (gram.n, gram.padded);
    let mut squares = vec![0.0; padded];
    (0..n).for_each(|digit| squares[digit] = gram.row(digit)[digit]);
    let mut is_other = vec![0.0; padded];
    is_other[..n].fill(1.0);
    let mut lanes = [0.0; LANES];
    for (row, to) in lengths.chunks_exact_mut(padded).enumerate() {
        is_other[row] = 0.0;
        let (own, products, all, others, sums) =
            (squares[row], gram.row(row), &squares[..], &is_other[..], &mut lanes);
        with_isa!(
            isa,
            lengths_from(
                own: f32,
                products: &[f32],
                all: &[f32],
                others: &[f32],
                to: &mut [f32],
                sums: &mut [f32; LANES],
            )
        );
        is_other[row] = 1.0;
    }
    lanes.iter().sum()
}

/// 1 for numbers above 0, 0 for others; what is no number may become any.
///
/// # Safety
/// As [`Lanes`].
#[inline(always)]
unsafe fn is_above<S: Lanes>(value: S::V) -> S::V {
    // SAFETY: handed on.
    unsafe { S::max(S::clamp(S::mul(value, S::splat(HUGE)), 1.0), S::splat(0.0)) }
}

/// Distances of one digit from all; 0 where they are rounding, but no less than has a slope.
#[inline(always)]
unsafe fn lengths_from<S: Lanes, const R: usize, const W: usize>(
    own: f32,
    products: &[f32],
    squares: &[f32],
    is_other: &[f32],
    to: &mut [f32],
    sums: &mut [f32; LANES],
) {
    let padded = to.len();
    assert!(
        padded.is_multiple_of(LANES)
            && [products, squares, is_other].iter().all(|values| values.len() == padded),
        "distances of a digit"
    );
    // SAFETY: `with_isa` runs this where the instructions of `S` are; `LANES` is a multiple of `N`, all have `padded`
    // values, a multiple of `LANES`.
    unsafe {
        let load = |values: &[f32], at: usize| S::load(values.as_ptr().add(at));
        let mut sum = S::load(sums.as_ptr());
        for at in (0..padded).step_by(S::N) {
            let both = S::add(S::splat(own), load(squares, at));
            let square = S::mul_add(load(products, at), S::splat(-2.0), both);
            let is_more = is_above::<S>(S::mul_add(both, S::splat(-ROUNDING), square));
            let square = S::max(S::mul(square, is_more), S::splat(SMALLEST));
            let length = S::mul(S::sqrt(square), load(is_other, at));
            S::store(to.as_mut_ptr().add(at), length);
            sum = S::add(sum, length);
        }
        S::store(sums.as_mut_ptr(), sum);
    }
}

/// The Huber loss of lengths, each times its scale, against those in `to`, whose place its slope takes. Sums of the loss,
/// and of slopes times lengths.
#[inline(always)]
unsafe fn huber<S: Lanes, const R: usize, const W: usize>(
    lengths: &[f32],
    [own, told]: [f32; 2],
    to: &mut [f32],
    sums: &mut [[f32; LANES]; 2],
) {
    assert!(lengths.len() == to.len() && to.len().is_multiple_of(LANES), "distances of two layers");
    // SAFETY: as in `lengths_from`.
    unsafe {
        let (mut value, mut along) = (S::splat(0.0), S::splat(0.0));
        for at in (0..to.len()).step_by(S::N) {
            let (length, to) = (S::load(lengths.as_ptr().add(at)), to.as_mut_ptr().add(at));
            let difference = S::sub(S::mul(length, S::splat(own)), S::mul(S::load(to), S::splat(told)));
            let slope = S::clamp(difference, 1.0);
            value = S::mul_add(slope, S::sub(difference, S::mul(slope, S::splat(0.5))), value);
            along = S::mul_add(slope, length, along);
            S::store(to, slope);
        }
        let [values, alongs] = sums;
        S::store(values.as_mut_ptr(), value);
        S::store(alongs.as_mut_ptr(), along);
    }
}

/// The gradient in a row of inner products of both orders, from slopes of the loss in scaled lengths; sums of the row.
#[inline(always)]
unsafe fn in_products<S: Lanes, const R: usize, const W: usize>(
    lengths: &[f32],
    scale: f32,
    shift: f32,
    slopes: &mut [f32],
    sums: &mut [f32; LANES],
) {
    assert!(lengths.len() == slopes.len() && slopes.len().is_multiple_of(LANES), "distances of a digit");
    // SAFETY: as in `lengths_from`.
    unsafe {
        let mut sum = S::splat(0.0);
        for at in (0..slopes.len()).step_by(S::N) {
            let (length, to) = (S::load(lengths.as_ptr().add(at)), slopes.as_mut_ptr().add(at));
            // Where digits coincide a distance has no slope.
            let is_apart = is_above::<S>(S::sub(length, S::splat(APART)));
            let inverse = S::div(is_apart, S::max(length, S::splat(APART)));
            let slope = S::sub(S::splat(shift), S::mul(S::load(to), S::splat(scale)));
            let slope = S::mul(slope, inverse);
            S::store(to, slope);
            sum = S::add(sum, slope);
        }
        S::store(sums.as_mut_ptr(), sum);
    }
}
