//! The three products of a fully connected layer in a training step.

use crate::lanes::{Lanes, Level, Portable};
use crate::product::{Packed, Sink, View, product};
use crate::update::{Moments, Update};

/// Room that kernels need, kept from call to call so that a step allocates nothing.
#[derive(Debug, Default)]
pub struct Scratch {
    packed: Packed,
    bias: Vec<f32>,
}

/// A fully connected layer: `from` inputs, `to` outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layer {
    pub from: usize,
    pub to: usize,
}

/// What becomes of a layer's sums.
#[derive(Debug, Clone, Copy)]
pub enum Activation<'a> {
    /// They are the outputs.
    None,
    /// Those below 0 become 0.
    Relu,
    /// The same, and then each is multiplied by its value of the mask `[n, to]`.
    Masked(&'a [f32]),
}

/// Runs a kernel with the instructions of a level.
macro_rules! at_level {
    ($level:expr, $name:ident($($argument:ident: $type:ty),* $(,)?) => $generic:ident) => {{
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma")]
        unsafe fn avx2($($argument: $type),*) {
            // SAFETY: the caller knows that the instructions are there.
            unsafe { $generic::<crate::lanes::Avx2>($($argument),*) }
        }
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        #[target_feature(enable = "relaxed-simd")]
        unsafe fn relaxed($($argument: $type),*) {
            // SAFETY: as above.
            unsafe { $generic::<crate::lanes::Relaxed>($($argument),*) }
        }
        // SAFETY: a level is only ever made where its instructions are; the lengths were checked by the caller.
        unsafe {
            match $level {
                Level::Portable => $generic::<Portable>($($argument),*),
                #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
                Level::Relaxed => relaxed($($argument),*),
                #[cfg(target_arch = "x86_64")]
                Level::Avx2 => avx2($($argument),*),
            }
        }
    }};
}

impl Layer {
    /// Number of its weights, without biases.
    pub fn weights(&self) -> usize {
        self.from * self.to
    }

    /// `outputs [n, to] = activation(inputs [n, from] · weights [from, to] + bias [to])`.
    ///
    /// # Panics
    /// When a slice is of another length.
    pub fn forward(
        self,
        level: Level,
        inputs: &[f32],
        weights: &[f32],
        bias: &[f32],
        activation: Activation,
        outputs: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let n = self.rows(inputs, outputs);
        assert_eq!((weights.len(), bias.len()), (self.weights(), self.to), "weights and biases of a layer");
        if let Activation::Masked(mask) = activation {
            assert_eq!(mask.len(), outputs.len(), "values of a mask");
        }
        let layer = self;
        at_level!(level, forward(
            layer: Layer, n: usize, inputs: &[f32], weights: &[f32], bias: &[f32], activation: Activation,
            outputs: &mut [f32], scratch: &mut Scratch,
        ) => forward);
    }

    /// What a layer hands down: `below [n, from] = after [n, to] · weightsᵀ`, multiplied by `kept` where the unit below,
    /// `units [n, from]`, is above 0, and 0 elsewhere: the gradient of its ReLU and of its dropout, which scaled it by `kept`.
    ///
    /// # Panics
    /// When a slice is of another length.
    pub fn backward(
        self,
        level: Level,
        after: &[f32],
        weights: &[f32],
        units: &[f32],
        kept: f32,
        below: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let n = self.rows(below, after);
        assert_eq!((weights.len(), units.len()), (self.weights(), below.len()), "weights and units of a layer");
        let layer = self;
        at_level!(level, backward(
            layer: Layer, n: usize, after: &[f32], weights: &[f32], units: &[f32], kept: f32, below: &mut [f32],
            scratch: &mut Scratch,
        ) => backward);
    }

    /// One step of the optimiser on `weights`, the layer's weights and behind them its biases: the gradient is
    /// `inputsᵀ · after`, and each value of it is used where it is worked out.
    ///
    /// # Panics
    /// When a slice is of another length.
    pub fn learn(
        self,
        level: Level,
        inputs: &[f32],
        after: &[f32],
        update: Update,
        weights: &mut [f32],
        moments: Moments,
        scratch: &mut Scratch,
    ) {
        let n = self.rows(inputs, after);
        let all = self.weights() + self.to;
        assert_eq!((weights.len(), moments.first.len()), (all, all), "weights, biases and moments of a layer");
        assert!(moments.second.len() == all || !needs_second(&update), "second moments of a layer");
        let layer = self;
        at_level!(level, learn(
            layer: Layer, n: usize, inputs: &[f32], after: &[f32], update: Update, weights: &mut [f32],
            moments: Moments, scratch: &mut Scratch,
        ) => learn);
    }

    /// Rows of a matrix of inputs, which must be those of one of outputs.
    fn rows(&self, inputs: &[f32], outputs: &[f32]) -> usize {
        let n = inputs.len() / self.from;
        assert_eq!((inputs.len(), outputs.len()), (n * self.from, n * self.to), "rows of a layer");
        n
    }
}

fn needs_second(update: &Update) -> bool {
    matches!(update.rule, crate::update::Rule::Adam { .. })
}

#[allow(clippy::too_many_arguments, reason = "what a product is made of")]
#[inline(always)]
unsafe fn forward<S: Lanes>(
    layer: Layer,
    n: usize,
    inputs: &[f32],
    weights: &[f32],
    bias: &[f32],
    activation: Activation,
    outputs: &mut [f32],
    scratch: &mut Scratch,
) {
    let (left, right) = (View::rows(inputs, layer.from), View::rows(weights, layer.to));
    let sizes = (n, layer.from, layer.to);
    let mut sink = Outputs { width: layer.to, bias, activation, outputs };
    // SAFETY: the lengths were checked.
    unsafe { product::<S>(sizes, left, right, &mut scratch.packed, &mut sink) }
}

#[allow(clippy::too_many_arguments, reason = "what a product is made of")]
#[inline(always)]
unsafe fn backward<S: Lanes>(
    layer: Layer,
    n: usize,
    after: &[f32],
    weights: &[f32],
    units: &[f32],
    kept: f32,
    below: &mut [f32],
    scratch: &mut Scratch,
) {
    let (left, right) = (View::rows(after, layer.to), View::rows(weights, layer.to).transposed());
    let sizes = (n, layer.to, layer.from);
    let mut sink = Below { width: layer.from, units, kept, below };
    // SAFETY: the lengths were checked.
    unsafe { product::<S>(sizes, left, right, &mut scratch.packed, &mut sink) }
}

#[allow(clippy::too_many_arguments, reason = "what a product is made of")]
#[inline(always)]
unsafe fn learn<S: Lanes>(
    layer: Layer,
    n: usize,
    inputs: &[f32],
    after: &[f32],
    update: Update,
    weights: &mut [f32],
    moments: Moments,
    scratch: &mut Scratch,
) {
    let (left, right) = (View::rows(inputs, layer.from).transposed(), View::rows(after, layer.to));
    let mut sink = Learning { width: layer.to, update, weights, moments };
    // SAFETY: the lengths were checked.
    unsafe { product::<S>((layer.from, n, layer.to), left, right, &mut scratch.packed, &mut sink) }
    scratch.bias.clear();
    scratch.bias.resize(layer.to, 0.0);
    for row in after.chunks_exact(layer.to) {
        scratch.bias.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    // Biases lie behind the weights, as one row more.
    let mut column = 0;
    while column < layer.to {
        let count = S::N.min(layer.to - column);
        // SAFETY: there is one row of biases.
        unsafe {
            let gradient = some::<S>(&scratch.bias[column..column + count]);
            match count == S::N {
                true => Sink::<S>::put(&mut sink, layer.from, column, gradient),
                false => Sink::<S>::put_some(&mut sink, layer.from, column, gradient, count),
            }
        }
        column += count;
    }
}

/// At most as many lanes as a vector of any kind has.
const MOST: usize = 8;

/// A vector of a few values, zeros behind them.
#[inline(always)]
unsafe fn some<S: Lanes>(values: &[f32]) -> S::V {
    let mut padded = [0.0; MOST];
    padded[..values.len()].copy_from_slice(values);
    // SAFETY: no vector is longer.
    unsafe { S::load(padded.as_ptr()) }
}

/// Writes the first of a vector's values.
#[inline(always)]
unsafe fn store_some<S: Lanes>(to: &mut [f32], values: S::V) {
    let mut padded = [0.0; MOST];
    // SAFETY: no vector is longer.
    unsafe { S::store(padded.as_mut_ptr(), values) }
    to.copy_from_slice(&padded[..to.len()]);
}

struct Outputs<'a> {
    width: usize,
    bias: &'a [f32],
    activation: Activation<'a>,
    outputs: &'a mut [f32],
}

impl Outputs<'_> {
    #[inline(always)]
    unsafe fn activated<S: Lanes>(&self, sums: S::V, bias: S::V, mask: impl FnOnce(&[f32]) -> S::V) -> S::V {
        // SAFETY: the caller's word.
        unsafe {
            let sums = S::add(sums, bias);
            match self.activation {
                Activation::None => sums,
                Activation::Relu => S::relu(sums),
                Activation::Masked(values) => S::mul(S::relu(sums), mask(values)),
            }
        }
    }
}

impl<S: Lanes> Sink<S> for Outputs<'_> {
    #[inline(always)]
    unsafe fn put(&mut self, row: usize, column: usize, values: S::V) {
        let at = row * self.width + column;
        // SAFETY: the place is inside the product, whose size the outputs and a mask have.
        unsafe {
            let bias = S::load(self.bias.as_ptr().add(column));
            let values = self.activated::<S>(values, bias, |mask| S::load(mask.as_ptr().add(at)));
            S::store(self.outputs.as_mut_ptr().add(at), values);
        }
    }

    #[inline(always)]
    unsafe fn put_some(&mut self, row: usize, column: usize, values: S::V, count: usize) {
        let at = row * self.width + column;
        // SAFETY: as above.
        unsafe {
            let bias = some::<S>(&self.bias[column..column + count]);
            let values = self.activated::<S>(values, bias, |mask| some::<S>(&mask[at..at + count]));
            store_some::<S>(&mut self.outputs[at..at + count], values);
        }
    }
}

struct Below<'a> {
    width: usize,
    units: &'a [f32],
    kept: f32,
    below: &'a mut [f32],
}

impl<S: Lanes> Sink<S> for Below<'_> {
    #[inline(always)]
    unsafe fn put(&mut self, row: usize, column: usize, values: S::V) {
        let at = row * self.width + column;
        // SAFETY: the place is inside the product, whose size both have.
        unsafe {
            let gate = S::load(self.units.as_ptr().add(at));
            let values = S::mul(S::gated(gate, values), S::splat(self.kept));
            S::store(self.below.as_mut_ptr().add(at), values);
        }
    }

    #[inline(always)]
    unsafe fn put_some(&mut self, row: usize, column: usize, values: S::V, count: usize) {
        let at = row * self.width + column;
        // SAFETY: as above.
        unsafe {
            let gate = some::<S>(&self.units[at..at + count]);
            let values = S::mul(S::gated(gate, values), S::splat(self.kept));
            store_some::<S>(&mut self.below[at..at + count], values);
        }
    }
}

struct Learning<'a> {
    width: usize,
    update: Update,
    weights: &'a mut [f32],
    moments: Moments<'a>,
}

impl<S: Lanes> Sink<S> for Learning<'_> {
    #[inline(always)]
    unsafe fn put(&mut self, row: usize, column: usize, values: S::V) {
        let at = row * self.width + column;
        // SAFETY: the place is inside the product, whose size the weights and the moments that are looked at have.
        unsafe {
            let second = self.moments.second.as_mut_ptr().wrapping_add(at);
            let (weight, first) =
                (self.weights.as_mut_ptr().add(at), self.moments.first.as_mut_ptr().add(at));
            self.update.apply::<S>(weight, first, second, values);
        }
    }

    #[inline(always)]
    unsafe fn put_some(&mut self, row: usize, column: usize, values: S::V, count: usize) {
        let at = row * self.width + column;
        let range = at..at + count;
        let mut second = [0.0; MOST];
        let has_second = !self.moments.second.is_empty();
        if has_second {
            second[..count].copy_from_slice(&self.moments.second[range.clone()]);
        }
        let (mut weights, mut first) = ([0.0; MOST], [0.0; MOST]);
        weights[..count].copy_from_slice(&self.weights[range.clone()]);
        first[..count].copy_from_slice(&self.moments.first[range.clone()]);
        // SAFETY: no vector is longer than these.
        unsafe {
            self.update.apply::<S>(
                weights.as_mut_ptr(),
                first.as_mut_ptr(),
                second.as_mut_ptr(),
                values,
            );
        }
        self.weights[range.clone()].copy_from_slice(&weights[..count]);
        self.moments.first[range.clone()].copy_from_slice(&first[..count]);
        if has_second {
            self.moments.second[range].copy_from_slice(&second[..count]);
        }
    }
}
