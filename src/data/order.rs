//! The order of batches.

use super::SampleId;
use crate::random::Stream;

/// Tasks of a model are asked in proportion to the size of their sets to this power (Clark et al. 2019, section 3.3).
const TASK_POWER: f64 = 0.75;

/// The batches of one epoch: a pure function of the seed, the epoch and the transfer set, so models
/// that share these learn from the same batches in the same order.
#[derive(Debug, Clone)]
pub struct BatchOrder {
    /// The digits of each task.
    sets: Vec<Vec<SampleId>>,
    order: Vec<SampleId>,
    /// The task that each digit of the order is asked for.
    tasks: Vec<u8>,
    batch_size: usize,
}

impl BatchOrder {
    /// Batches of `batch_size` (at least 1) from the digits of each task, not shuffled yet. An epoch is as long as all
    /// sets together; the last batch is shorter when that does not divide evenly.
    pub fn new(sets: Vec<Vec<SampleId>>, batch_size: usize) -> Self {
        let order = sets.concat();
        let tasks = sets.iter().zip(0..).flat_map(|(set, task)| std::iter::repeat_n(task, set.len()));
        Self { order, tasks: tasks.collect(), sets, batch_size: batch_size.max(1) }
    }

    /// Batches in an epoch.
    pub fn steps(&self) -> usize {
        self.order.len().div_ceil(self.batch_size)
    }

    /// The order of this epoch, always from the unshuffled one, whatever was shuffled before.
    pub fn shuffle(&mut self, seed: u32, epoch: u32) {
        if let [set] = &self.sets[..] {
            self.order.copy_from_slice(set);
            Stream::new(seed, "batches", &[epoch.into()]).shuffle(&mut self.order);
            return;
        }
        let mut shuffled = self.sets.clone();
        for (set, task) in shuffled.iter_mut().zip(0_u64..) {
            Stream::new(seed, "batches", &[epoch.into(), task]).shuffle(set);
        }
        let weights: Vec<f64> = self.sets.iter().map(|set| (set.len() as f64).powf(TASK_POWER)).collect();
        let mut draws = Stream::new(seed, "tasks", &[epoch.into()]);
        let mut asked = vec![0; self.sets.len()];
        for place in 0..self.order.len() {
            let task = drawn(&weights, f64::from(draws.uniform(0.0, 1.0)));
            // A small set that is asked often begins again.
            self.order[place] = shuffled[task][asked[task] % shuffled[task].len()];
            self.tasks[place] = task as u8;
            asked[task] += 1;
        }
    }

    /// The digits of one step, `step` from 0; empty past the last one.
    pub fn batch(&self, step: usize) -> &[SampleId] {
        self.order.chunks(self.batch_size).nth(step).unwrap_or_default()
    }

    /// For each digit of a step, the place of the task it is asked for.
    pub fn tasks(&self, step: usize) -> &[u8] {
        self.tasks.chunks(self.batch_size).nth(step).unwrap_or_default()
    }
}

/// The place that `share`, 0 to 1, of the way through all weights falls into; never one without weight.
fn drawn(weights: &[f64], share: f64) -> usize {
    let mut left = share * weights.iter().sum::<f64>();
    let last = weights.iter().rposition(|weight| *weight > 0.0).unwrap_or(0);
    weights[..last]
        .iter()
        .position(|weight| {
            left -= weight;
            left < 0.0
        })
        .unwrap_or(last)
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
        let order = BatchOrder::new(vec![ids(7)], 3);
        assert_eq!(order.steps(), 3);
        assert_eq!(order.batch(0), &ids(7)[..3]);
        assert_eq!(order.batch(2), &ids(7)[6..]);
        assert!(order.batch(3).is_empty());
    }

    #[test]
    fn tasks_are_asked_in_proportion_to_their_size_to_the_power_of_three_quarters() {
        let mut order = BatchOrder::new(vec![ids(1_600), ids(8_100), Vec::new()], 97);
        order.shuffle(3, 1);
        let tasks: Vec<u8> = (0..order.steps()).flat_map(|step| order.tasks(step).to_vec()).collect();
        assert_eq!((tasks.len(), all(&order).len()), (9_700, 9_700));
        // 1,600^¾ = 253 to 8,100^¾ = 854 to nothing: 2,217 of 9,700, standard deviation 41; five of them. By size it
        // would be 1,600.
        let first = tasks.iter().filter(|task| **task == 0).count();
        assert!(first.abs_diff(2_217) < 205, "{first}");
        assert!(!tasks.contains(&2));
        // Within a task no digit comes twice before all have come.
        let mut seen: Vec<u32> =
            all(&order).iter().zip(&tasks).filter(|(_, task)| **task == 1).map(|(id, _)| id.index).collect();
        let asked = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), asked.min(8_100));
    }

    proptest! {
        #[test]
        fn an_epoch_meets_every_digit_once_in_an_order_of_its_own(seed: u32, epoch: u32, count in 0_u32..200, batch_size in 1_usize..64) {
            let mut order = BatchOrder::new(vec![ids(count)], batch_size);
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
            let mut again = BatchOrder::new(vec![ids(count)], 64);
            again.shuffle(seed, epoch);
            prop_assert_eq!(all(&again), first);
        }
    }
}
