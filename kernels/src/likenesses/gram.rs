//! The inner products of the digits of a batch, from which their relations follow: nothing is of the layers' widths any
//! more. What is known of the products is known of the layer.

use crate::lanes::Isa;
use crate::matrix::{Matrix, Store, multiply};
use crate::product::Scratch;

/// Lanes of the widest vectors: digits are filled up to a multiple.
pub(super) const LANES: usize = 16;
/// Keeps the square root's slope finite where two digits coincide.
pub(super) const SMALLEST: f32 = 1e-12;
/// Share of two digits' squares below which what lies between them is rounding.
pub(super) const ROUNDING: f32 = 1e-6;

/// The digits of a layer and their inner products.
pub(super) struct Gram {
    pub n: usize,
    /// Digits with zeros behind them, to whole lanes.
    pub padded: usize,
    width: usize,
    /// The layer around the digits' mean, `[n, width]`: relations do not see where it is, sums of products do.
    centred: Vec<f32>,
    /// `[n, padded]`.
    pub products: Vec<f32>,
}

impl Gram {
    pub fn new(isa: Isa, layer: &[f32], n: usize, scratch: &mut Scratch) -> Self {
        let (width, padded) = (layer.len() / n, n.next_multiple_of(LANES));
        let mut mean = vec![0.0_f32; width];
        for row in layer.chunks_exact(width) {
            mean.iter_mut().zip(row).for_each(|(mean, value)| *mean += value / n as f32);
        }
        let rows = layer.chunks_exact(width);
        let centred: Vec<f32> =
            rows.flat_map(|row| row.iter().zip(&mean).map(|(value, mean)| value - mean)).collect();
        let mut products = vec![0.0; n * padded];
        let values = Matrix::new(&centred, width);
        multiply(isa, values, values.transposed(), &mut products, padded, Store::Set, scratch);
        Self { n, padded, width, centred, products }
    }

    pub fn row(&self, row: usize) -> &[f32] {
        &self.products[row * self.padded..][..self.padded]
    }

    /// The gradient in the layer of one in the inner products, `slopes [n, padded]`: (S + Sᵀ) · layer.
    pub fn handed_down(&self, isa: Isa, slopes: &[f32], gradient: &mut [f32], scratch: &mut Scratch) {
        self.handed_down_of_both(isa, slopes, gradient, scratch);
        let slopes = Matrix::strided(slopes, self.n, self.n, self.padded).transposed();
        let layer = Matrix::new(&self.centred, self.width);
        multiply(isa, slopes, layer, gradient, self.width, Store::Add, scratch);
    }

    /// The same of slopes that stand in both orders of each pair: S · layer.
    pub fn handed_down_of_both(&self, isa: Isa, slopes: &[f32], gradient: &mut [f32], scratch: &mut Scratch) {
        let slopes = Matrix::strided(slopes, self.n, self.n, self.padded);
        let layer = Matrix::new(&self.centred, self.width);
        multiply(isa, slopes, layer, gradient, self.width, Store::Set, scratch);
    }
}
