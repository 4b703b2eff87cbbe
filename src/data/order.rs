//! The order of batches.

use super::SampleId;
use crate::random::Stream;

/// The batches of one epoch: a pure function of the seed, the epoch and the transfer set, so models
/// that share these learn from the same batches in the same order.
#[derive(Debug, Clone)]
pub struct BatchOrder {
    ids: Vec<SampleId>,
    order: Vec<SampleId>,
    batch_size: usize,
}

impl BatchOrder {
    /// Batches of `batch_size` (at least 1) from these digits, not shuffled yet. The last one is
    /// shorter when the digits do not divide evenly.
    pub fn new(ids: Vec<SampleId>, batch_size: usize) -> Self {
        Self { order: ids.clone(), ids, batch_size: batch_size.max(1) }
    }

    /// Batches in an epoch.
    pub fn steps(&self) -> usize {
        self.ids.len().div_ceil(self.batch_size)
    }

    /// The order of this epoch, always from the unshuffled one, whatever was shuffled before.
    pub fn shuffle(&mut self, seed: u32, epoch: u32) {
        self.order.copy_from_slice(&self.ids);
        Stream::new(seed, "batches", &[epoch.into()]).shuffle(&mut self.order);
    }

    /// The digits of one step, `step` from 0; empty past the last one.
    pub fn batch(&self, step: usize) -> &[SampleId] {
        self.order.chunks(self.batch_size).nth(step).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::data::Split;

    fn ids(count: u32) -> Vec<SampleId> {
        (0..count).map(|index| SampleId { split: Split::Train, index }).collect()
    }

    fn all(order: &BatchOrder) -> Vec<SampleId> {
        (0..order.steps()).flat_map(|step| order.batch(step).to_vec()).collect()
    }

    #[test]
    fn batches_cut_the_digits_in_order_until_shuffled() {
        let order = BatchOrder::new(ids(7), 3);
        assert_eq!(order.steps(), 3);
        assert_eq!(order.batch(0), &ids(7)[..3]);
        assert_eq!(order.batch(2), &ids(7)[6..]);
        assert!(order.batch(3).is_empty());
    }

    proptest! {
        #[test]
        fn an_epoch_meets_every_digit_once_in_an_order_of_its_own(seed: u32, epoch: u32, count in 0_u32..200, batch_size in 1_usize..64) {
            let mut order = BatchOrder::new(ids(count), batch_size);
            order.shuffle(seed, epoch);
            let first = all(&order);
            let mut sorted = first.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, ids(count));
            // Another epoch between leaves no trace; the size of batches does not change the order.
            order.shuffle(seed, epoch.wrapping_add(1));
            if count > 20 {
                prop_assert_ne!(&all(&order), &first);
            }
            let mut again = BatchOrder::new(ids(count), 64);
            again.shuffle(seed, epoch);
            prop_assert_eq!(all(&again), first);
        }
    }
}
