//! Seeded streams of random numbers, drawn on the host: never from a device's generator, so that one
//! seed gives one run on every engine and target.

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution};
use sha2::{Digest, Sha256};

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
