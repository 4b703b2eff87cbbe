//! The weights of a fully connected layer, in a copy whose rows begin at different places of the cache, so that they do
//! not push each other out of it.

use std::ops::Range;

use super::{
    LINE,
    in_place::{self, Left, Right, Start},
    turn::turn_and_sum,
};
use crate::lanes::Isa;

/// Distance of rows of this many values: whole cache lines, an odd number of them.
pub fn stride(width: usize) -> usize {
    (width.div_ceil(LINE) | 1) * LINE
}

/// Where the gains and biases of a layer norm lie in the flat weights, one behind the other.
#[derive(Debug, Clone, Copy)]
pub struct NormPlace(pub usize);

/// Where a layer's numbers lie.
#[derive(Debug, Clone)]
pub struct Linear {
    pub from: usize,
    pub to: usize,
    /// Of weights `[from, to]` in the flat weights.
    pub weight: usize,
    /// Of biases `[to]`, which may lie in two places.
    pub biases: [Range<usize>; 2],
    /// The norm in front of it, whose gains and biases the copy has in its weights and biases.
    pub norm: Option<NormPlace>,
    /// These first outputs are multiplied by this number.
    pub scaled: (usize, f32),
    /// Of the copy `[from + 1, stride]`, biases last.
    pub copy: usize,
    /// Of the copy's rows.
    pub stride: usize,
}

impl Linear {
    /// Takes the places from `weight` and from `copy` on, biases behind weights, and moves both on behind it.
    pub fn new(from: usize, to: usize, weight: &mut usize, copy: &mut usize) -> Self {
        let stride = stride(to);
        let start = *weight;
        *weight += (from + 1) * to;
        let biases = [*weight - to..*weight, 0..0];
        let linear =
            Self { from, to, weight: start, biases, norm: None, scaled: (0, 1.0), copy: *copy, stride };
        *copy += (from + 1) * stride;
        linear
    }

    /// The same, behind a layer norm over its inputs.
    pub fn normed(from: usize, to: usize, weight: &mut usize, copy: &mut usize) -> Self {
        let norm = NormPlace(*weight);
        *weight += 2 * from;
        Self { norm: Some(norm), ..Self::new(from, to, weight, copy) }
    }

    /// Of the copy.
    pub fn place(&self) -> Range<usize> {
        self.copy..self.copy + (self.from + 1) * self.stride
    }

    fn rows(&self) -> Range<usize> {
        self.weight..self.weight + self.from * self.to
    }

    /// Copies its weights, so that `(gain ⊙ x + shift) · W + b` is `x · W' + b'`: each input's gain into its row, and
    /// what the shifts come to into the biases.
    pub fn copy(&self, weights: &[f32], copies: &mut [f32]) {
        let (rows, biases) = copies[self.place()].split_at_mut(self.from * self.stride);
        let [first, second] = self.biases.clone().map(|part| &weights[part]);
        biases[..first.len()].copy_from_slice(first);
        biases[first.len()..self.to].copy_from_slice(second);
        let sources = weights[self.rows()].chunks_exact(self.to);
        for (input, (copy, source)) in rows.chunks_exact_mut(self.stride).zip(sources).enumerate() {
            copy[..self.to].copy_from_slice(source);
            if let Some(NormPlace(at)) = self.norm {
                let (gain, shift) = (weights[at + input], weights[at + self.from + input]);
                for ((copy, bias), weight) in copy.iter_mut().zip(biases.iter_mut()).zip(source) {
                    *copy *= gain;
                    *bias += shift * weight;
                }
            }
            self.scale(copy);
        }
        self.scale(biases);
    }

    /// Adds the gradient in the weights, in their order, of that in the copy, `sums`; changes the latter.
    pub fn add_gradient(&self, weights: &[f32], sums: &mut [f32], gradient: &mut [f32]) {
        let (rows, biases) = sums.split_at_mut(self.from * self.stride);
        self.scale(biases);
        let sources = weights[self.rows()].chunks_exact(self.to);
        for (input, (copy, source)) in rows.chunks_exact_mut(self.stride).zip(sources).enumerate() {
            self.scale(copy);
            let row = self.weight + input * self.to;
            let Some(NormPlace(at)) = self.norm else {
                gradient[row..row + self.to].iter_mut().zip(&*copy).for_each(|(to, value)| *to += value);
                continue;
            };
            let (gain, shift) = (weights[at + input], weights[at + self.from + input]);
            let (mut gain_gradient, mut shift_gradient) = (0.0, 0.0);
            let values = copy.iter().zip(&*biases).zip(source);
            for (to, ((value, bias), weight)) in gradient[row..row + self.to].iter_mut().zip(values) {
                *to += gain * value + shift * bias;
                gain_gradient += weight * value;
                shift_gradient += weight * bias;
            }
            gradient[at + input] += gain_gradient;
            gradient[at + self.from + input] += shift_gradient;
        }
        let mut biases = biases.iter();
        for part in self.biases.clone() {
            gradient[part].iter_mut().zip(&mut biases).for_each(|(to, value)| *to += value);
        }
    }

    fn scale(&self, row: &mut [f32]) {
        let (outputs, scale) = self.scaled;
        row[..outputs].iter_mut().for_each(|value| *value *= scale);
    }

    /// `outputs [to, columns] = W'ᵀ · inputs [from, columns] + b'`, of the copy.
    pub fn forward(&self, isa: Isa, copies: &[f32], inputs: &[f32], columns: usize, outputs: &mut [f32]) {
        let (rows, biases) = copies[self.place()].split_at(self.from * self.stride);
        in_place::multiply(
            isa,
            [self.to, self.from, columns],
            Left { values: rows, row: 1, step: self.stride },
            Right { values: inputs, stride: columns },
            Start::Bias(biases),
            outputs,
            columns,
        );
    }

    /// The gradient in the inputs, `grad_in [from, columns] = W' · grad_out [to, columns]`.
    #[inline(never)]
    pub fn backward(&self, isa: Isa, copies: &[f32], grad_out: &[f32], columns: usize, grad_in: &mut [f32]) {
        in_place::multiply(
            isa,
            [self.from, self.to, columns],
            Left { values: &copies[self.place()], row: self.stride, step: 1 },
            Right { values: grad_out, stride: columns },
            Start::Zero,
            grad_in,
            columns,
        );
    }

    /// Adds the gradient in the copy to `sums`, as long as that; `turned` is room for `columns` rows of its stride.
    pub fn learn(
        &self,
        isa: Isa,
        inputs: &[f32],
        grad_out: &[f32],
        columns: usize,
        turned: &mut [f32],
        sums: &mut [f32],
    ) {
        let (rows, biases) = sums.split_at_mut(self.from * self.stride);
        turn_and_sum(grad_out, self.to, columns, [columns, self.stride], turned, biases);
        in_place::multiply(
            isa,
            [self.from, columns, self.to.next_multiple_of(LINE)],
            Left { values: inputs, row: columns, step: 1 },
            Right { values: turned, stride: self.stride },
            Start::There,
            rows,
            self.stride,
        );
    }
}
