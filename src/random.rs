//! Seeded streams of random numbers, drawn on the host: never from a device's generator, so that one
//! seed gives one run on every engine and target.

use distillery_kernels::parallel::{Rows, for_each, parts};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution};
use sha2::{Digest, Sha256};

/// Bytes of one of the stream's words; a number of `uniform` takes one.
const WORD: usize = 4;
/// Bytes that are drawn before they are used, so that their use is a loop of its own, which has vectors.
const BYTES_AT_ONCE: usize = 1024;
/// Multiplications that a drawn number counts for where work is split.
const COST_OF_A_DRAW: usize = 8;

/// The number in 0 to 1 that `rand` makes of a word: its upper 24 bits, so many as a float has.
fn unit_interval(word: u32) -> f32 {
    (word >> 8) as f32 * (1.0 / (1 << 24) as f32)
}

/// A stream of random numbers of its own for each use: ChaCha8 (the same on every target), keyed by
/// SHA-256 over the seed, the use's name and its numbers. Streams of different uses share nothing, so
/// drawing more from one never moves another.
#[derive(Debug, Clone)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream of `domain` (what it is used for) and `numbers` (which one: an epoch, a digit)
    /// under the experiment's seed.
    pub fn new(seed: u32, domain: &str, numbers: &[u64]) -> Self {
        let mut key = Sha256::new();
        key.update(seed.to_le_bytes());
        // The length keeps "ab" + [..] apart from "a" + a number that begins with "b".
        key.update((domain.len() as u64).to_le_bytes());
        key.update(domain.as_bytes());
        for number in numbers {
            key.update(number.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key.finalize().into()))
    }

    /// A number in `low..high`, evenly distributed.
    pub fn uniform(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.0.random::<f32>()
    }

    /// For each value one of two, the first with probability `rate`: the same as a draw of `uniform(0.0, 1.0)` for each,
    /// in their order, below `rate` or not. Every thread draws its part from where the stream would have come to.
    pub fn choose(&mut self, rate: f32, [below, other]: [f32; 2], values: &mut [f32]) {
        let (start, count) = (self.0.get_word_pos(), values.len());
        let mut workspaces = vec![(); parts(COST_OF_A_DRAW * count, count)];
        let stream = &self.0;
        for_each(count, Rows(values, 1), &mut workspaces, &|range, Rows(values, _), ()| {
            let mut stream = stream.clone();
            stream.set_word_pos(start + range.start as u128);
            let mut bytes = [0; BYTES_AT_ONCE];
            for values in values.chunks_mut(BYTES_AT_ONCE / WORD) {
                stream.fill_bytes(&mut bytes[..WORD * values.len()]);
                for (value, word) in values.iter_mut().zip(bytes.as_chunks().0) {
                    *value = if unit_interval(u32::from_le_bytes(*word)) < rate { below } else { other };
                }
            }
        });
        self.0.set_word_pos(start + count as u128);
    }

    /// A whole number in `0..n`, evenly distributed; 0 when `n` is 0.
    pub fn below(&mut self, n: u32) -> u32 {
        if n == 0 { 0 } else { self.0.random_range(0..n) }
    }

    /// A number of the symmetric beta distribution Beta(α, α), 0 to 1; 1 where α is not above 0.
    pub fn beta(&mut self, alpha: f64) -> f32 {
        Beta::new(alpha, alpha).map_or(1.0, |beta| beta.sample(&mut self.0) as f32)
    }

    /// Puts the items into a random order, every order equally likely.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        items.shuffle(&mut self.0);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn streams_differ_by_seed_domain_and_numbers() {
        let draws = |seed, domain, numbers: &[u64]| {
            let mut stream = Stream::new(seed, domain, numbers);
            [(); 4].map(|()| stream.below(u32::MAX))
        };
        let base = draws(1, "jitter", &[2, 3]);
        assert_eq!(base, draws(1, "jitter", &[2, 3]));
        assert_ne!(base, draws(2, "jitter", &[2, 3]));
        assert_ne!(base, draws(1, "dropout", &[2, 3]));
        assert_ne!(base, draws(1, "jitter", &[3, 2]));
        assert_ne!(base, draws(1, "jitter", &[2]));
    }

    /// Records and the shipped teacher depend on these draws: an update of a library that changes
    /// them has to be noticed. The values are this crate's own, at first writing.
    #[test]
    fn draws_stay_the_same_from_version_to_version() {
        let mut stream = Stream::new(1, "pinned", &[7]);
        let mut order = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        stream.shuffle(&mut order);
        assert_eq!(order, [4, 3, 6, 2, 5, 0, 7, 8, 1, 9]);
        assert_eq!([stream.below(100), stream.below(100)], [29, 43]);
        assert_eq!(stream.uniform(-1.0, 1.0).to_bits(), 0xbf21_2bea);
    }

    #[test]
    fn chosen_values_are_those_of_draws_one_by_one() {
        for (count, rate) in [(0, 0.5), (1, 0.5), (257, 0.1), (1_200 * 128, 0.3), (500_000, 0.9)] {
            // A draw before, so that the stream is not where a block begins, and one behind.
            let [mut one, mut other] = [(); 2].map(|()| Stream::new(1, "chosen", &[count as u64]));
            assert_eq!(one.below(7), other.below(7));
            let expected: Vec<f32> =
                (0..count).map(|_| if one.uniform(0.0, 1.0) < rate { 2.0 } else { 3.0 }).collect();
            let mut chosen = vec![0.0; count];
            other.choose(rate, [2.0, 3.0], &mut chosen);
            assert!(chosen == expected, "{count} at {rate}");
            assert_eq!(one.below(1_000_000), other.below(1_000_000), "{count} at {rate}");
        }
    }

    #[test]
    fn uniform_fills_its_range_evenly() {
        let mut stream = Stream::new(1, "even", &[]);
        let draws: Vec<f32> = (0..20_000).map(|_| stream.uniform(-3.0, 5.0)).collect();
        let mean = draws.iter().sum::<f32>() / draws.len() as f32;
        // Standard error of the mean: 8/√12/√20,000 = 0.016; five of them.
        assert!((mean - 1.0).abs() < 0.08, "mean {mean}");
        assert!(draws.iter().all(|draw| (-3.0..5.0).contains(draw)));
    }

    #[test]
    fn beta_has_the_mean_and_the_variance_of_its_distribution() {
        for alpha in [0.1, 0.4, 1.0, 8.0, 32.0] {
            let mut stream = Stream::new(1, "beta", &[]);
            let draws: Vec<f64> = (0..20_000).map(|_| f64::from(stream.beta(alpha))).collect();
            assert!(draws.iter().all(|draw| (0.0..=1.0).contains(draw)));
            let moment = |power: i32| {
                draws.iter().map(|draw| (draw - 0.5).powi(power)).sum::<f64>() / draws.len() as f64
            };
            // Var = 1 / (4 (2α + 1)); its standard error is below √2 Var / √20,000 for tails no heavier than a normal
            // distribution's, the mean's √Var / √20,000; five of each.
            let variance = 0.25 / (2.0 * alpha + 1.0);
            assert!(moment(1).abs() < 5.0 * (variance / 20_000.0).sqrt(), "{alpha}: {}", moment(1));
            let off = (moment(2) - variance).abs();
            assert!(off < 5.0 * variance * (2.0 / 20_000.0_f64).sqrt(), "{alpha}: {off}");
        }
        assert_eq!(Stream::new(1, "beta", &[]).beta(0.0), 1.0);
    }

    proptest! {
        #[test]
        fn shuffle_is_a_permutation_and_equal_for_equal_seeds(seed: u32, epoch: u64, n in 0_u32..300) {
            let sorted: Vec<u32> = (0..n).collect();
            let mut once = sorted.clone();
            Stream::new(seed, "shuffle", &[epoch]).shuffle(&mut once);
            let mut again = sorted.clone();
            Stream::new(seed, "shuffle", &[epoch]).shuffle(&mut again);
            prop_assert_eq!(&once, &again);
            once.sort_unstable();
            prop_assert_eq!(once, sorted);
        }

        #[test]
        fn below_stays_below(seed: u32, n: u32) {
            let draw = Stream::new(seed, "below", &[]).below(n);
            prop_assert!(draw < n.max(1));
        }
    }
}
