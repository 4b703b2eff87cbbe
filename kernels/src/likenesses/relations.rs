//! Relations between the digits of a batch (Park et al. 2019): distances and angles.
//!
//! Both follow from the digits' inner products alone, with which nothing is of the layers' widths any more: an angle at
//! j between i and k is (Gᵢₖ − Gᵢⱼ − Gⱼₖ + Gⱼⱼ) / (dᵢⱼ dₖⱼ), and d² = Gᵢᵢ + Gⱼⱼ − 2 Gᵢⱼ. The gradient goes back the same
//! way: what is known of G is known of the layer.

use super::at_least;
use crate::lanes::{Isa, Lanes, with_isa};
use crate::matrix::{Matrix, Store, multiply};
use crate::product::Scratch;

/// Lanes of the widest vectors: digits are filled up to a multiple.
const LANES: usize = 16;
/// Keeps the square root's slope finite where two digits coincide.
const SMALLEST: f32 = 1e-12;
/// Share of two digits' squares below which what lies between them is rounding.
const ROUNDING: f32 = 1e-6;

/// The digits of a layer and their inner products.
struct Gram {
    n: usize,
    /// Digits with zeros behind them, to whole lanes.
    padded: usize,
    width: usize,
    /// The layer around the digits' mean, `[n, width]`: relations do not see where it is, sums of products do.
    centred: Vec<f32>,
    /// `[n, padded]`.
    products: Vec<f32>,
}

impl Gram {
    fn new(isa: Isa, layer: &[f32], n: usize, scratch: &mut Scratch) -> Self {
        let (width, padded) = (layer.len() / n, n.next_multiple_of(LANES));
        let mut mean = vec![0.0_f32; width];
        for row in layer.chunks_exact(width) {
            mean.iter_mut().zip(row).for_each(|(mean, value)| *mean += value / n as f32);
        }
        let rows = layer.chunks_exact(width);
        let centred: Vec<f32> =
            rows.flat_map(|row| row.iter().zip(&mean).map(|(value, mean)| value - mean)).collect();
        let mut products = vec![0.0; n * padded];
        let values = Matrix::new(&centred, width);
        multiply(isa, values, values.transposed(), &mut products, padded, Store::Set, scratch);
        Self { n, padded, width, centred, products }
    }

    fn row(&self, row: usize) -> &[f32] {
        &self.products[row * self.padded..][..self.padded]
    }

    /// Squared distance of two digits; 0 where it is rounding.
    fn square(&self, i: usize, j: usize) -> f32 {
        let [own, other, both] = [(i, i), (j, j), (i, j)].map(|(i, j)| self.products[i * self.padded + j]);
        let square = own + other - 2.0 * both;
        if square <= ROUNDING * (own + other) { 0.0 } else { square }
    }

    /// The gradient in the layer of one in the inner products, `slopes [n, padded]`: (S + Sᵀ) · layer.
    fn handed_down(&self, isa: Isa, slopes: &[f32], gradient: &mut [f32], scratch: &mut Scratch) {
        let slopes = Matrix::strided(slopes, self.n, self.n, self.padded);
        let layer = Matrix::new(&self.centred, self.width);
        multiply(isa, slopes, layer, gradient, self.width, Store::Set, scratch);
        multiply(isa, slopes.transposed(), layer, gradient, self.width, Store::Add, scratch);
    }

    /// Adds to `slopes` what the slope in the squared distance of two digits is in the inner products.
    fn add_slope(&self, slopes: &mut [f32], (i, j): (usize, usize), slope: f32) {
        slopes[i * self.padded + i] += slope;
        slopes[j * self.padded + j] += slope;
        slopes[i * self.padded + j] -= 2.0 * slope;
    }
}

/// Distances over their mean (section 3.2.1), Huber loss, mean over all ordered pairs of the `n` digits.
///
/// # Panics
/// When lengths are no multiples of `n`.
pub fn distances(isa: Isa, student: &[f32], teacher: &[f32], n: usize, gradient: &mut [f32]) -> f32 {
    let mut scratch = Scratch::default();
    let [own, told] = [student, teacher].map(|layer| Gram::new(isa, layer, n, &mut scratch));
    // Each pair of digits once; both orders are the same.
    let pairs = || (0..n).flat_map(|i| (0..i).map(move |j| (i, j)));
    let count = (n * n.saturating_sub(1)).max(1) as f32;
    let [(own_lengths, own_mean), (told_lengths, told_mean)] = [&own, &told].map(|gram| {
        let lengths: Vec<f32> = pairs().map(|(i, j)| at_least(SMALLEST, gram.square(i, j)).sqrt()).collect();
        let mean = 2.0 * lengths.iter().sum::<f32>() / count + SMALLEST;
        (lengths, mean)
    });
    let share = 2.0 / (n * n) as f32;
    let (own_scale, told_scale) = (1.0 / own_mean, 1.0 / told_mean);
    let (mut sum, mut along) = (0.0, 0.0);
    let mut huber_slopes = own_lengths.clone();
    for (slope, told) in huber_slopes.iter_mut().zip(&told_lengths) {
        let length = *slope;
        let difference = length * own_scale - told * told_scale;
        *slope = clamped(difference);
        sum += *slope * (difference - *slope / 2.0);
        along += *slope * length;
    }
    // Of the mean in each length that it is made of.
    let in_mean = 2.0 * along * own_scale * own_scale / count;
    let mut slopes = vec![0.0; n * own.padded];
    for (pair, (slope, length)) in pairs().zip(huber_slopes.iter().zip(&own_lengths)) {
        if length * length > SMALLEST {
            let slope = (slope * own_scale - in_mean) * share;
            own.add_slope(&mut slopes, pair, slope / (2.0 * length));
        }
    }
    own.handed_down(isa, &slopes, gradient, &mut scratch);
    sum * share
}

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

/// A number from −1 to 1; what is none stays none. On bits, since the compiler may make relaxed minima and maxima of
/// comparisons, which the module without relaxed SIMD traps at (see [`crate::relu`]).
fn clamped(value: f32) -> f32 {
    const ONE: u32 = 1.0_f32.to_bits();
    let size = value.to_bits() & 0x7fff_ffff;
    let is_beyond = (ONE..=f32::INFINITY.to_bits()).contains(&size);
    if is_beyond { 1.0_f32.copysign(value) } else { value }
}

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
