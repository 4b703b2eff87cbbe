//! Mixup: every picture of a batch becomes λ times itself and 1 − λ times another, and its label likewise (Zhang et al.
//! 2018, section 2). Teacher and student see the same mixed picture (Beyer et al. 2022, "function matching").

use super::{Batch, PIXELS};
use crate::random::Stream;

/// How the digits of a batch were mixed.
#[derive(Debug, Clone, PartialEq)]
pub struct Mix {
    /// λ, the share of the digit itself, 0 to 1: one for the batch, as in the paper's own code.
    pub share: f32,
    /// For each digit the row of the other one, which may be itself.
    pub others: Vec<usize>,
}

impl Batch {
    /// Mixes the digits pairwise, λ of Beta(α, α); what was changed in them before is mixed with them. Digits that are
    /// asked the same task are mixed with one another, those whose label may be seen among themselves: so each digit
    /// has a target exactly if it had one. Drawn from the seed, the epoch and the step, 0 for the first of an epoch.
    pub fn mix_up(&mut self, alpha: f64, seed: u32, epoch: u32, step: u32) {
        if alpha == 0.0 {
            return;
        }
        self.as_loaded = false;
        let mut stream = Stream::new(seed, "mixup", &[epoch.into(), step.into()]);
        let share = stream.beta(alpha);
        let others = self.others(&mut stream);
        let before = self.pixels.clone();
        for (digit, &other) in self.pixels.chunks_exact_mut(PIXELS).zip(&others) {
            for (pixel, other) in digit.iter_mut().zip(&before[other * PIXELS..]) {
                *pixel = share * *pixel + (1.0 - share) * other;
            }
        }
        self.mix = Some(Mix { share, others });
    }

    /// For each digit the row of one like it, by a random order of those alike.
    fn others(&self, stream: &mut Stream) -> Vec<usize> {
        let mut others: Vec<usize> = (0..self.ids.len()).collect();
        let kind = |row: usize| (self.tasks[row], self.labelled[row]);
        let mut kinds: Vec<(u8, bool)> = others.iter().map(|&row| kind(row)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for one in kinds {
            let rows: Vec<usize> = (0..self.ids.len()).filter(|&row| kind(row) == one).collect();
            let mut shuffled = rows.clone();
            stream.shuffle(&mut shuffled);
            rows.into_iter().zip(shuffled).for_each(|(row, other)| others[row] = other);
        }
        others
    }

    /// The rows whose labels make up a digit's target, each with its share; of an unmixed digit its own alone.
    pub fn sources(&self, row: usize) -> [(usize, f32); 2] {
        match &self.mix {
            Some(Mix { share, others }) => [(row, *share), (others[row], 1.0 - share)],
            None => [(row, 1.0), (row, 0.0)],
        }
    }
}
