//! Dropout with masks drawn on the host (Srivastava et al. 2014), inverted: what stays is scaled up,
//! so that nothing changes at evaluation.

use std::collections::VecDeque;

use distillery_kernels::Masks;

use crate::random::Stream;

/// The dropout of one pass: masks while training, nothing while evaluating.
pub struct Dropout {
    stream: Option<Stream>,
    /// Parts of the network that are left out, in their order, where that is decided beforehand.
    left_out: VecDeque<bool>,
}

impl Dropout {
    /// For evaluation: every unit stays.
    pub fn off() -> Self {
        Self { stream: None, left_out: VecDeque::new() }
    }

    /// For one training step; the masks are a function of seed and step alone, so that equal networks
    /// drop equal units.
    pub fn training(seed: u32, step: u32) -> Self {
        Self { stream: Some(Stream::new(seed, "dropout", &[u64::from(step)])), left_out: VecDeque::new() }
    }

    /// Decides which parts of the network are left out, in their order.
    pub fn leave_out(&mut self, parts: Vec<bool>) {
        self.left_out = parts.into();
    }

    /// True while training.
    pub fn is_on(&self) -> bool {
        self.stream.is_some()
    }

    /// See [`Masks`].
    pub fn mask(&mut self, values: usize, rate: f64) -> Option<Vec<f32>> {
        let stream = self.stream.as_mut().filter(|_| rate > 0.0)?;
        let rate = rate as f32;
        let mut mask = vec![0.0; values];
        stream.choose(rate, [0.0, 1.0 / (1.0 - rate)], &mut mask);
        Some(mask)
    }

    /// Whether a part of the network is left out of this pass, with probability `rate`.
    pub fn leaves_out(&mut self, rate: f64) -> bool {
        Masks::leaves_out(self, rate)
    }
}

impl Masks for Dropout {
    fn mask(&mut self, values: usize, rate: f64) -> Option<Vec<f32>> {
        Dropout::mask(self, values, rate)
    }

    fn leaves_out(&mut self, rate: f64) -> bool {
        match self.left_out.pop_front() {
            Some(is_left_out) => is_left_out,
            None => self.mask(1, rate).is_some_and(|mask| mask[0] == 0.0),
        }
    }
}
