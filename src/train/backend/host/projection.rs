//! A student's layer through its projections, and the gradient on its way back.

use std::ops::Range;

use distillery_kernels::{Isa, Matrix, Scratch, Store, multiply};

/// A projection `[from, to]`, by where it lies among the values of all.
pub(super) struct Projection {
    pub range: Range<usize>,
    pub from: usize,
    pub to: usize,
}

/// A student's layer, and what it goes through: weights as Uᵀ θ V, by the projections of rows and columns; other layers by
/// that of columns, their features at each place by themselves.
pub(super) struct Projected<'a> {
    pub isa: Isa,
    pub columns: Option<&'a Projection>,
    pub rows: Option<&'a Projection>,
    /// The student's layer, in rows of `features` values.
    pub layer: &'a [f32],
    pub features: usize,
}

impl Projected<'_> {
    /// θ V; the layer itself where there is no V.
    fn by_columns(&self, values: &[f32], scratch: &mut Scratch) -> Vec<f32> {
        match self.columns {
            Some(Projection { range, from, to }) => {
                let (layer, own) = (Matrix::new(self.layer, *from), Matrix::new(&values[range.clone()], *to));
                product(self.isa, layer, own, self.layer.len() / from * to, *to, scratch)
            }
            None => self.layer.to_vec(),
        }
    }

    /// Values of a row behind the projections.
    fn width(&self) -> usize {
        self.columns.map_or(self.features, |columns| columns.to)
    }

    /// The layer behind its projections, whose values these are.
    pub fn seen(&self, values: &[f32], scratch: &mut Scratch) -> Vec<f32> {
        let (wide, width) = (self.by_columns(values, scratch), self.width());
        match self.rows {
            Some(Projection { range, to, .. }) => {
                let own = Matrix::new(&values[range.clone()], *to).transposed();
                product(self.isa, own, Matrix::new(&wide, width), to * width, width, scratch)
            }
            None => wide,
        }
    }

    /// The gradient in the layer from that in what is seen of it; that in the projections is added to `gradients`.
    pub fn hand_down(
        &self,
        values: &[f32],
        seen: Vec<f32>,
        gradients: &mut [f32],
        scratch: &mut Scratch,
    ) -> Vec<f32> {
        let (isa, width) = (self.isa, self.width());
        let mut gradient = seen;
        if let Some(Projection { range, from, to }) = self.rows {
            let wide = self.by_columns(values, scratch);
            let grad_seen = Matrix::new(&gradient, width);
            let own = &mut gradients[range.clone()];
            multiply(isa, Matrix::new(&wide, width), grad_seen.transposed(), own, *to, Store::Add, scratch);
            let rows = Matrix::new(&values[range.clone()], *to);
            gradient = product(isa, rows, grad_seen, from * width, width, scratch);
        }
        if let Some(Projection { range, from, to }) = self.columns {
            let grad_wide = Matrix::new(&gradient, *to);
            let layer = Matrix::new(self.layer, *from).transposed();
            multiply(isa, layer, grad_wide, &mut gradients[range.clone()], *to, Store::Add, scratch);
            let turned = Matrix::new(&values[range.clone()], *to).transposed();
            gradient = product(isa, grad_wide, turned, self.layer.len(), *from, scratch);
        }
        gradient
    }
}

/// A product of `length` values, in rows of `columns`.
fn product(
    isa: Isa,
    left: Matrix,
    right: Matrix,
    length: usize,
    columns: usize,
    scratch: &mut Scratch,
) -> Vec<f32> {
    let mut to = vec![0.0; length];
    multiply(isa, left, right, &mut to, columns, Store::Set, scratch);
    to
}
