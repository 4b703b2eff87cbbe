//! One pass through a network: its dropout, and the layers it is asked to show.

use burn::tensor::{Tensor, TensorData};

use crate::nets::Dropout;

/// One pass through a network.
pub struct Pass {
    dropout: Dropout,
    wanted: Vec<String>,
    shown: Vec<(String, Tensor<2>)>,
}

impl Pass {
    /// For evaluation: every unit stays.
    pub fn evaluation() -> Self {
        Self::training(Dropout::off())
    }

    /// For one training step, with its masks.
    pub fn training(dropout: Dropout) -> Self {
        Self { dropout, wanted: Vec::new(), shown: Vec::new() }
    }

    /// The same pass, which keeps the layers of these names.
    pub fn showing(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.wanted.extend(names);
        self
    }

    /// Drops each value of `[n, width]` with probability `rate`.
    pub fn drop(&mut self, values: Tensor<2>, rate: f64) -> Tensor<2> {
        let ([rows, width], device) = (values.dims(), values.device());
        match self.dropout.mask(rows * width, rate) {
            Some(mask) => values * Tensor::<2>::from_data(TensorData::new(mask, [rows, width]), &device),
            None => values,
        }
    }

    /// Whether a part of the network is left out, with probability `rate`.
    pub fn leaves_out(&mut self, rate: f64) -> bool {
        self.dropout.leaves_out(rate)
    }

    /// Whether a layer was asked for; for one that is not at hand unless it is put together.
    pub fn wants(&self, name: &str) -> bool {
        self.wanted.iter().any(|wanted| wanted == name)
    }

    /// Offers a layer `[n, …]`; kept as `[n, width]` if it was asked for.
    pub fn show<const D: usize>(&mut self, name: &str, values: &Tensor<D>) {
        if self.wants(name) {
            let dims = values.dims();
            let flat = values.clone().reshape([dims[0], dims[1..].iter().product()]);
            self.shown.push((name.to_owned(), flat));
        }
    }

    /// A layer that was asked for and shown, `[n, width]`.
    pub fn shown(&self, name: &str) -> Option<Tensor<2>> {
        self.shown.iter().find(|(shown, _)| shown == name).map(|(_, values)| values.clone())
    }
}
