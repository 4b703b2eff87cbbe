//! Angles between the digits of a batch (Park et al. 2019, section 3.2.2): that at j between i and k has the cosine
//! (Gᵢₖ − Gᵢⱼ − Gⱼₖ + Gⱼⱼ) / (dᵢⱼ dₖⱼ), of inner products G and distances d.

use super::gram::{Gram, LANES, SMALLEST};
use crate::lanes::{Isa, Lanes, with_isa};
use crate::product::Scratch;

/// Cosines of the angle at the middle digit of three (section 3.2.2), Huber loss, mean over all ordered triples of the
/// `n` digits.
///
/// # Panics
/// When lengths are no multiples of `n`.
pub fn angles(isa: Isa, student: &[f32], teacher: &[f32], n: usize, gradient: &mut [f32]) -> f32 {
    let mut scratch = Scratch::default();
    let [own, told] = [student, teacher].map(|layer| Gram::new(isa, layer, n, &mut scratch));
    let padded = own.padded;
    let mut slopes = vec![0.0; n * padded];
    let (mut own_at, mut told_at) = (At::new(padded), At::new(padded));
    let mut sums = [vec![0.0; padded], vec![0.0; padded]];
    let mut sum = 0.0;
    let share = 1.0 / (n * n * n) as f32;
    for middle in 0..n {
        own_at.set(&own, middle);
        told_at.set(&told, middle);
        let (own_products, told_products) = (&own.products[..], &told.products[..]);
        let (own_at, told_at) = (&own_at, &told_at);
        let mut value = [0.0; LANES];
        sums.iter_mut().for_each(|sums| sums.fill(0.0));
        let (to, sums, slopes_to) = (&mut value, &mut sums, &mut slopes[..]);
        with_isa!(
            isa,
            at_middle(
                own_products: &[f32],
                told_products: &[f32],
                own_at: &At,
                told_at: &At,
                slopes_to: &mut [f32],
                sums: &mut [Vec<f32>; 2],
                to: &mut [f32; LANES],
            )
        );
        // Each pair of sides once; both orders are the same.
        sum += 2.0 * value.iter().sum::<f32>() + own_at.alone(told_at);
        let [in_products, in_lengths] = &*sums;
        slopes[middle * padded + middle] += in_products.iter().sum::<f32>();
        for (i, ((in_products, in_lengths), inverse)) in
            in_products.iter().zip(in_lengths).zip(&own_at.inverse).enumerate().take(n)
        {
            slopes[i * padded + middle] -= 2.0 * in_products;
            own.add_slope(&mut slopes, (i, middle), -in_lengths * inverse * inverse);
        }
    }
    slopes.iter_mut().for_each(|slope| *slope *= share);
    own.handed_down(isa, &slopes, gradient, &mut scratch);
    sum * share
}

/// By a side's place in its lanes: 1 for those behind it, which make pairs with it, 0 up to itself.
const TURNS: [[f32; LANES]; LANES] = {
    let mut turns = [[0.0; LANES]; LANES];
    let mut place = 0;
    while place < LANES * LANES {
        if place % LANES > place / LANES {
            turns[place / LANES][place % LANES] = 1.0;
        }
        place += 1;
    }
    turns
};

/// What angles at one digit need of all others.
struct At {
    /// One over the distance, and 0 for the digit itself and what coincides with it.
    inverse: Vec<f32>,
    /// Gⱼₖ, and Gⱼₖ − Gⱼⱼ.
    products: Vec<f32>,
    beyond: Vec<f32>,
}

impl At {
    fn new(padded: usize) -> Self {
        let zeros = || vec![0.0; padded];
        Self { inverse: zeros(), products: zeros(), beyond: zeros() }
    }

    /// What digits add whose angle with themselves, whose cosine is 1, only one of both layers has: the other has them at
    /// the middle digit itself.
    fn alone(&self, told: &Self) -> f32 {
        let sides = self.inverse.iter().zip(&told.inverse);
        0.5 * sides.filter(|(own, told)| (**own == 0.0) != (**told == 0.0)).count() as f32
    }

    fn set(&mut self, gram: &Gram, middle: usize) {
        self.products.copy_from_slice(gram.row(middle));
        for place in 0..gram.n {
            self.beyond[place] = self.products[place] - self.products[middle];
            let square = if place == middle { 0.0 } else { gram.square(place, middle) };
            self.inverse[place] = if square == 0.0 { 0.0 } else { 1.0 / (square + SMALLEST).sqrt() };
        }
    }
}

/// All pairs of sides around one digit: adds their slopes in the inner products, and for each digit its slopes and its
/// slopes times cosines.
#[inline(always)]
unsafe fn at_middle<S: Lanes, const R: usize, const W: usize>(
    own: &[f32],
    told: &[f32],
    own_at: &At,
    told_at: &At,
    slopes: &mut [f32],
    sums: &mut [Vec<f32>; 2],
    value: &mut [f32; LANES],
) {
    let padded = own_at.inverse.len();
    let inputs = [own.len(), told.len(), slopes.len()].map(|values| values / padded * padded);
    let vectors = [&own_at.inverse, &own_at.beyond, &told_at.inverse, &told_at.beyond, &sums[0], &sums[1]];
    assert!(
        inputs == [inputs[0]; 3] && vectors.iter().all(|values| values.len() == padded),
        "pairs of sides"
    );
    let [to_products, to_lengths] = sums.each_mut().map(|sums| sums.as_mut_ptr());
    // SAFETY: `with_isa` runs this where the instructions of `S` are. `LANES` is a multiple of `N`, `padded` one of
    // `LANES`; a row has `padded` values, and so have all vectors, as was asserted.
    unsafe {
        let load = |values: &[f32], at: usize| S::load(values.as_ptr().add(at));
        let mut values = S::splat(0.0);
        for i in 0..inputs[0] / padded {
            let row = i * padded;
            let [own_inverse, own_product, told_inverse, told_product] =
                [&own_at.inverse, &own_at.products, &told_at.inverse, &told_at.products]
                    .map(|of| S::splat(of[i]));
            let (mut in_products, mut in_lengths) = (S::splat(0.0), S::splat(0.0));
            let first = i / S::N * S::N;
            for k in (first..padded).step_by(S::N) {
                let (mut scale, mut told_scale) = (
                    S::mul(load(&own_at.inverse, k), own_inverse),
                    S::mul(load(&told_at.inverse, k), told_inverse),
                );
                if k == first {
                    // Up to the side itself they have had their turn.
                    let turn = load(&TURNS[i % S::N], 0);
                    (scale, told_scale) = (S::mul(scale, turn), S::mul(told_scale, turn));
                }
                let beyond = |product: S::V, own: S::V, beyond: S::V| S::sub(S::sub(product, own), beyond);
                let own = S::mul(beyond(load(own, row + k), own_product, load(&own_at.beyond, k)), scale);
                let told =
                    S::mul(beyond(load(told, row + k), told_product, load(&told_at.beyond, k)), told_scale);
                let difference = S::sub(own, told);
                let slope = S::clamp(difference, 1.0);
                values = S::mul_add(slope, S::sub(difference, S::mul(slope, S::splat(0.5))), values);
                let in_product = S::mul(slope, scale);
                let to = slopes.as_mut_ptr().add(row + k);
                S::store(to, S::add(S::load(to), S::add(in_product, in_product)));
                S::store(to_products.add(k), S::add(S::load(to_products.add(k)), in_product));
                S::store(to_lengths.add(k), S::mul_add(slope, own, S::load(to_lengths.add(k))));
                in_products = S::add(in_products, in_product);
                in_lengths = S::mul_add(slope, own, in_lengths);
            }
            for (to, sums) in [(to_products.add(i), in_products), (to_lengths.add(i), in_lengths)] {
                let mut lanes = [0.0; LANES];
                S::store(lanes.as_mut_ptr(), sums);
                *to += lanes.iter().sum::<f32>();
            }
        }
        S::store(value.as_mut_ptr(), values);
    }
}
