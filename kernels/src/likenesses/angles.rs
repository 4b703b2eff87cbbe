//! Angles between the digits of a batch (Park et al. 2019, section 3.2.2): that at j between i and k has the cosine
//! (Gᵢₖ − Gᵢⱼ − Gⱼₖ + Gⱼⱼ) / (dᵢⱼ dₖⱼ), of inner products G and distances d.

use super::gram::{Gram, LANES, ROUNDING, SMALLEST};
use crate::lanes::{Isa, Lanes, with_isa};
use crate::product::Scratch;

/// Cosines of the angle at the middle digit of three (section 3.2.2), Huber loss, mean over all ordered triples of the
/// `n` digits.
///
/// # Panics
/// When lengths are no multiples of `n`.
pub fn angles(isa: Isa, student: &[f32], teacher: &[f32], n: usize, gradient: &mut [f32]) -> f32 {
    let mut scratch = Scratch::default();
    let [own, told] = [student, teacher].map(|layer| Sides::new(Gram::new(isa, layer, n, &mut scratch)));
    let padded = own.gram.padded;
    let (both, mut room) = ([&own, &told], Room::new(n, padded));
    {
        let to = &mut room;
        with_isa!(isa, lay_out(both: [&Sides; 2], to: &mut Room));
    }
    let mut sum = 0.0;
    let share = 1.0 / (n * n * n) as f32;
    for middle in 0..n {
        let mut value = [0.0; LANES];
        let (at, to) = (&mut room, &mut value);
        with_isa!(
            isa,
            at_middle(both: [&Sides; 2], middle: usize, at: &mut Room, to: &mut [f32; LANES])
        );
        // Each pair of sides once; both orders are the same.
        sum += value.iter().sum::<f32>() + own.alone(&told, middle);
        let Room { slopes, sums: [in_products, in_lengths], .. } = &mut room;
        slopes[middle * padded + middle] += in_products.iter().sum::<f32>();
        let inverses = own.inverses(middle);
        for (i, ((in_products, in_lengths), inverse)) in
            in_products.iter().zip(in_lengths).zip(inverses).enumerate().take(n)
        {
            slopes[i * padded + middle] -= 2.0 * *in_products;
            let slope = -*in_lengths * inverse * inverse;
            slopes[i * padded + i] += slope;
            slopes[middle * padded + middle] += slope;
            slopes[i * padded + middle] -= 2.0 * slope;
        }
    }
    room.slopes.iter_mut().for_each(|slope| *slope *= share);
    own.gram.handed_down(isa, &room.slopes, gradient, &mut scratch);
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

/// The sides between the digits of a layer.
struct Sides {
    gram: Gram,
    /// One over each distance, `[n, padded]`; 0 for a digit itself and what coincides with it.
    inverses: Vec<f32>,
}

impl Sides {
    fn new(gram: Gram) -> Self {
        let Gram { n, padded, .. } = gram;
        let mut lengths = vec![0.0; padded];
        (0..n).for_each(|digit| lengths[digit] = gram.row(digit)[digit]);
        let mut inverses = vec![0.0; n * padded];
        for (row, inverses) in inverses.chunks_exact_mut(padded).enumerate() {
            let own = lengths[row];
            for ((inverse, both), other) in inverses.iter_mut().zip(gram.row(row)).zip(&lengths).take(n) {
                let square = own + other - 2.0 * both;
                let is_rounding = square <= ROUNDING * (own + other);
                *inverse = if is_rounding { 0.0 } else { 1.0 / (square + SMALLEST).sqrt() };
            }
            inverses[row] = 0.0;
        }
        Self { gram, inverses }
    }

    fn inverses(&self, row: usize) -> &[f32] {
        &self.inverses[row * self.gram.padded..][..self.gram.padded]
    }

    /// What digits add whose angle with themselves, whose cosine is 1, only one of both layers has: the other has them
    /// at the middle digit itself.
    fn alone(&self, told: &Self, middle: usize) -> f32 {
        let sides = self.inverses(middle).iter().zip(told.inverses(middle));
        0.5 * sides.filter(|(own, told)| (**own == 0.0) != (**told == 0.0)).count() as f32
    }
}

/// Of each digit's side to the middle one, vectors side by side: of both layers one over its length, and its inner
/// product with the middle digit beyond that digit's own; the sums of slopes, and of slopes times cosines, of its
/// pairs.
const OF_SIDES: usize = 6;
/// The first of the sums.
const SUMS: usize = 4;

/// What is read and written for each pair of sides. What is read together lies side by side, vector by vector: in
/// WebAssembly a place at a fixed distance from another costs no instruction of its own.
struct Room {
    /// Inner products of both layers, `[n, padded / N, 2, N]`.
    products: Vec<f32>,
    /// `[padded / N, OF_SIDES, N]`.
    sides: Vec<f32>,
    /// In the student's inner products, `[n, padded]`.
    slopes: Vec<f32>,
    /// Both sums of each digit's pairs, `[padded]`.
    sums: [Vec<f32>; 2],
    /// Slope of the Huber loss, at most. V8 makes a constant of a vector anew where it is used, by three instructions:
    /// what is read stays.
    largest: f32,
}

impl Room {
    fn new(n: usize, padded: usize) -> Self {
        let zeros = |values: usize| vec![0.0; values];
        let sums = [zeros(padded), zeros(padded)];
        Self {
            products: zeros(2 * n * padded),
            sides: zeros(OF_SIDES * padded),
            slopes: zeros(n * padded),
            sums,
            largest: 1.0,
        }
    }
}

/// Puts the inner products of both layers side by side.
#[inline(always)]
unsafe fn lay_out<S: Lanes, const R: usize, const W: usize>([own, told]: [&Sides; 2], room: &mut Room) {
    let from = [own, told].map(|sides| &sides.gram.products);
    assert!(from.iter().all(|from| 2 * from.len() == room.products.len()), "inner products");
    for first in (0..from[0].len()).step_by(S::N) {
        for (layer, from) in from.iter().enumerate() {
            // SAFETY: `with_isa` runs this where the instructions of `S` are; there are whole vectors of inner
            // products, and room for those of both layers.
            unsafe {
                let to = room.products.as_mut_ptr().add(2 * first + layer * S::N);
                S::store(to, S::load(from.as_ptr().add(first)));
            }
        }
    }
}

/// All pairs of sides around one digit: adds their slopes in the inner products, and for each digit its slopes and its
/// slopes times cosines.
#[inline(always)]
unsafe fn at_middle<S: Lanes, const R: usize, const W: usize>(
    both: [&Sides; 2],
    middle: usize,
    room: &mut Room,
    value: &mut [f32; LANES],
) {
    let (n, padded) = (both[0].gram.n, both[0].gram.padded);
    assert!(
        both.iter().all(|sides| sides.gram.n == n && sides.gram.padded == padded)
            && room.products.len() == 2 * n * padded
            && room.slopes.len() == n * padded
            && room.sides.len() == OF_SIDES * padded
            && room.sums.iter().all(|sums| sums.len() == padded),
        "pairs of sides"
    );
    let at = room.sides.as_mut_ptr();
    // SAFETY: `with_isa` runs this where the instructions of `S` are. `padded` is a multiple of `LANES`, which is one
    // of `N`: a row of either layer has whole vectors, and `room` a vector of each kind for each of them, as was
    // asserted.
    unsafe {
        let from = both.map(|sides| {
            let products = sides.gram.row(middle);
            (products.as_ptr(), S::splat(products[middle]), sides.inverses(middle).as_ptr())
        });
        for first in (0..padded).step_by(S::N) {
            let to = at.add(first * OF_SIDES);
            for (layer, (products, own, inverses)) in from.into_iter().enumerate() {
                S::store(to.add(2 * layer * S::N), S::load(inverses.add(first)));
                S::store(to.add((2 * layer + 1) * S::N), S::sub(S::load(products.add(first)), own));
            }
            for kind in [SUMS, SUMS + 1] {
                S::store(to.add(kind * S::N), S::splat(0.0));
            }
        }
        let mut values = S::splat(0.0);
        for i in 0..n {
            values = add_pairs::<S>(both, middle, i, room, values);
        }
        S::store(value.as_mut_ptr(), values);
        for (kind, sums) in (SUMS..).zip(&mut room.sums) {
            for first in (0..padded).step_by(S::N) {
                let sum = S::load(at.add(first * OF_SIDES + kind * S::N));
                S::store(sums.as_mut_ptr().add(first), sum);
            }
        }
    }
}

/// The pairs of digit `i` with all digits behind it; adds twice their losses to `values`.
///
/// # Safety
/// As [`Lanes`]; and what [`at_middle`] asserts.
#[inline(always)]
unsafe fn add_pairs<S: Lanes>(
    both: [&Sides; 2],
    middle: usize,
    i: usize,
    room: &mut Room,
    values: S::V,
) -> S::V {
    let padded = both[0].gram.padded;
    let first = i / S::N * S::N;
    // SAFETY: `first` is the place of a vector, of row `i` and of `sides`; behind it are `padded - first` values.
    unsafe {
        let [own, told] = both;
        let own =
            Side { inverse: S::splat(own.inverses(middle)[i]), product: S::splat(own.gram.row(middle)[i]) };
        let told =
            Side { inverse: S::splat(told.inverses(middle)[i]), product: S::splat(told.gram.row(middle)[i]) };
        let zero = S::splat(0.0);
        let mut pairs =
            Pairs::<S> { own, told, largest: room.largest, values, in_products: zero, in_lengths: zero };
        let mut at = room.sides.as_mut_ptr().add(first * OF_SIDES);
        let mut products = room.products.as_ptr().add(2 * (i * padded + first));
        let mut slopes = room.slopes.as_mut_ptr().add(i * padded + first);
        // Up to the side itself they have had their turn.
        let turn = S::load(TURNS[i % S::N].as_ptr());
        pairs.add(|scale| S::mul(scale, turn), at, products, slopes);
        for _ in 1..(padded - first) / S::N {
            at = at.add(OF_SIDES * S::N);
            products = products.add(2 * S::N);
            slopes = slopes.add(S::N);
            pairs.add(|scale| scale, at, products, slopes);
        }
        for (kind, sum) in (SUMS..).zip([pairs.in_products, pairs.in_lengths]) {
            let mut lanes = [0.0; LANES];
            S::store(lanes.as_mut_ptr(), sum);
            room.sides[first * OF_SIDES + kind * S::N + i % S::N] += lanes.iter().sum::<f32>();
        }
        pairs.values
    }
}

/// What a digit's own side gives to all of its pairs, of a layer.
struct Side<V> {
    inverse: V,
    /// With the middle digit.
    product: V,
}

/// The pairs of one digit, on their way.
struct Pairs<S: Lanes> {
    own: Side<S::V>,
    told: Side<S::V>,
    largest: f32,
    values: S::V,
    in_products: S::V,
    in_lengths: S::V,
}

impl<S: Lanes> Pairs<S> {
    /// A vector of pairs.
    ///
    /// # Safety
    /// As [`Lanes`]; `OF_SIDES`, two and one vector lie there.
    #[inline(always)]
    unsafe fn add(
        &mut self,
        turn: impl Fn(S::V) -> S::V,
        at: *mut f32,
        products: *const f32,
        slopes: *mut f32,
    ) {
        // SAFETY: so many vectors lie there.
        unsafe {
            let side = |kind: usize| S::load(at.add(kind * S::N));
            let scale = |layer: usize, side_of: &Side<S::V>| turn(S::mul(side(2 * layer), side_of.inverse));
            let cosine = |layer: usize, side_of: &Side<S::V>, scale: S::V| {
                let product = S::sub(S::load(products.add(layer * S::N)), side_of.product);
                S::mul(S::sub(product, side(2 * layer + 1)), scale)
            };
            let own_scale = scale(0, &self.own);
            let own = cosine(0, &self.own, own_scale);
            let difference = S::sub(own, cosine(1, &self.told, scale(1, &self.told)));
            let slope = S::clamp(difference, self.largest);
            let twice = S::add(S::sub(difference, slope), difference);
            self.values = S::mul_add(slope, twice, self.values);
            let in_product = S::mul(slope, own_scale);
            S::store(slopes, S::add(S::load(slopes), S::add(in_product, in_product)));
            S::store(at.add(SUMS * S::N), S::add(side(SUMS), in_product));
            S::store(at.add((SUMS + 1) * S::N), S::mul_add(slope, own, side(SUMS + 1)));
            self.in_products = S::add(self.in_products, in_product);
            self.in_lengths = S::mul_add(slope, own, self.in_lengths);
        }
    }
}
