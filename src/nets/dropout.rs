//! Dropout with masks drawn on the host (Srivastava et al. 2014), inverted: what stays is scaled up,
//! so that nothing changes at evaluation.

use burn::tensor::{Device, Tensor, TensorData};

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

    /// Drops each value of `[n, width]` with probability `rate`.
    pub fn apply(&mut self, values: Tensor<2>, rate: f64) -> Tensor<2> {
        let Some(stream) = self.stream.as_mut().filter(|_| rate > 0.0) else { return values };
        let [rows, width] = values.dims();
        let device: Device = values.device();
        let rate = rate as f32;
        let kept = 1.0 / (1.0 - rate);
        let mask: Vec<f32> =
            (0..rows * width).map(|_| if stream.uniform(0.0, 1.0) < rate { 0.0 } else { kept }).collect();
        values * Tensor::<2>::from_data(TensorData::new(mask, [rows, width]), &device)
    }
}
