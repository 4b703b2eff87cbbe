//! Dropout with masks drawn on the host (Srivastava et al. 2014), inverted: what stays is scaled up,
//! so that nothing changes at evaluation.

use distillery_kernels::Masks;

use crate::random::Stream;

/// The dropout of one pass: masks while training, nothing while evaluating.
pub struct Dropout {
    stream: Option<Stream>,
}

impl Dropout {
    /// For evaluation: every unit stays.
    pub fn off() -> Self {
        Self { stream: None }
    }

    /// For one training step; the masks are a function of seed and step alone, so that equal networks
    /// drop equal units.
    pub fn training(seed: u32, step: u32) -> Self {
        Self { stream: Some(Stream::new(seed, "dropout", &[u64::from(step)])) }
    }

    /// True while training.
    pub fn is_on(&self) -> bool {
        self.stream.is_some()
    }

    /// See [`Masks`].
    pub fn mask(&mut self, values: usize, rate: f64) -> Option<Vec<f32>> {
        let stream = self.stream.as_mut().filter(|_| rate > 0.0)?;
        let rate = rate as f32;
        let keep_scale = 1.0 / (1.0 - rate);
        Some((0..values).map(|_| if stream.uniform(0.0, 1.0) < rate { 0.0 } else { keep_scale }).collect())
    }
}

impl Masks for Dropout {
    fn mask(&mut self, values: usize, rate: f64) -> Option<Vec<f32>> {
        Dropout::mask(self, values, rate)
    }
}
