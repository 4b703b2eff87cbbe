//! A convolution without padding, 2×2 max-pooling and ReLU: one layer, forward and backward.
//!
//! Pictures are `[side, side, channels]`: channels lie innermost and fill SIMD lanes. Forward the four outputs that are
//! pooled into one are worked out together, pooled while they are at hand, and written once, with which of them it was.
//! Backward only that one has a gradient, and none where the ReLU is shut: an eighth of all outputs or so. Each of these
//! adds its window of the picture to the weights' gradient, and its weights to the picture's.

mod backward;
mod forward;
mod pictures;

use std::ops::Range;

use self::backward::Part;
use self::forward::convolve;
pub use self::pictures::Pictures;
use self::pictures::stride;
use crate::lanes::{Isa, with_isa};
use crate::parallel::{self, Rows};

/// Most vectors of channels that are worked out together, of four outputs each: eight sums, so many that none waits for
/// another, fit the fifteen registers of V8 on x86-64 with what they are sums of.
const VECTORS: usize = 2;
/// Lanes of the widest vectors.
const LANES: usize = 16;
/// In place of the pooled output's number: the ReLU is shut.
const SHUT: u8 = 4;
/// A batch is learnt from in as many parts, whose sums are added in their order, whatever the number of threads.
const PARTS: usize = 8;

/// The layer's sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConvolutionShape {
    /// Channels of the picture.
    pub from: usize,
    /// Channels of its outputs.
    pub to: usize,
    /// Side of the square kernels.
    pub kernel: usize,
    /// Side of the picture.
    pub side: usize,
}

impl ConvolutionShape {
    /// Side of the picture that it becomes: an odd last row or column is left out.
    pub fn pooled_side(self) -> usize {
        (self.side + 1).saturating_sub(self.kernel) / 2
    }

    /// Weights `[to, from, kernel, kernel]`, and behind them biases `[to]`.
    pub fn parameters(self) -> usize {
        self.to * (self.from * self.kernel * self.kernel + 1)
    }

    /// Values of a picture, and of the margin behind it.
    fn stride(self) -> usize {
        stride(self.side, self.from)
    }

    fn pooled_stride(self) -> usize {
        stride(self.pooled_side(), self.to)
    }

    /// Outputs of a digit after pooling.
    fn pooled(self) -> usize {
        self.pooled_side() * self.pooled_side() * self.to
    }

    /// A row of a window: neighbouring values of a picture.
    fn run(self) -> usize {
        self.kernel * self.from
    }

    fn line(self) -> usize {
        self.side * self.from
    }
}

/// The layer with its weights in the orders in which they are read, and what a forward pass leaves for a backward one.
#[derive(Debug)]
pub struct Convolution {
    isa: Isa,
    shape: ConvolutionShape,
    taps: Vec<u32>,
    blocks: Vec<Block>,
    /// `[to, kernel, run]`, each row filled up with zeros to whole vectors.
    rows: Vec<f32>,
    /// Which of the four outputs became the pooled one `[n, pooled]`, or [`SHUT`].
    picks: Vec<u8>,
    parts: Vec<Part>,
    workspaces: Vec<()>,
}

/// Output channels that are worked out together; the last vector may be filled up with zeros.
#[derive(Debug)]
struct Block {
    first: usize,
    vectors: usize,
    /// `[kernel, run, vectors]`: in the order in which they are read.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

/// Pooled outputs and where they came from, of some digits.
type Split<'a> = (Rows<'a, f32>, Rows<'a, u8>);

/// What parts of a batch add to the gradient, and the gradient in their pictures, if that is asked for.
type SplitParts<'a> = (Rows<'a, Part>, Option<Rows<'a, f32>>);

/// What all parts of a batch read: the layer's weights, its pictures, the gradient in its outputs, and which those are.
#[derive(Clone, Copy)]
struct Read<'a> {
    rows: &'a [f32],
    pictures: &'a [f32],
    grad_pooled: &'a [f32],
    picks: &'a [u8],
}

impl Convolution {
    /// A layer without weights yet.
    pub fn new(isa: Isa, shape: ConvolutionShape) -> Self {
        let lanes = isa.lanes();
        let mut blocks = Vec::new();
        let mut first = 0;
        while first < shape.to {
            let vectors = (shape.to - first).div_ceil(lanes).min(VECTORS);
            let weights = vec![0.0; shape.kernel * shape.run() * vectors * lanes];
            blocks.push(Block { first, vectors, weights, bias: vec![0.0; vectors * lanes] });
            first += vectors * lanes;
        }
        let rows = vec![0.0; shape.to * shape.kernel * shape.run().next_multiple_of(lanes)];
        let taps = (0..shape.kernel)
            .flat_map(|row| (0..shape.run()).map(move |at| (row * shape.line() + at) as u32));
        Self {
            isa,
            shape,
            taps: taps.collect(),
            blocks,
            rows,
            picks: Vec::new(),
            parts: Vec::new(),
            workspaces: Vec::new(),
        }
    }

    /// Its sizes.
    pub fn shape(&self) -> ConvolutionShape {
        self.shape
    }

    /// Takes weights `[to, from, kernel, kernel]` and behind them biases `[to]`.
    ///
    /// # Panics
    /// When they are fewer.
    pub fn set(&mut self, parameters: &[f32]) {
        let ConvolutionShape { from, to, kernel, .. } = self.shape;
        let (weights, bias) = parameters.split_at(to * from * kernel * kernel);
        let lanes = self.isa.lanes();
        let (run, row) = (self.shape.run(), self.shape.run().next_multiple_of(lanes));
        for (channel, weights) in weights.chunks_exact(from * kernel * kernel).enumerate() {
            let block = channel / (self.blocks[0].vectors * lanes);
            let Block { first, vectors, weights: packed, bias: biases } = &mut self.blocks[block];
            let place = channel - *first;
            biases[place] = bias[channel];
            for (at, weight) in weights.iter().enumerate() {
                let (input, y, x) = (at / (kernel * kernel), at / kernel % kernel, at % kernel);
                packed[(y * run + x * from + input) * *vectors * lanes + place] = *weight;
                self.rows[(channel * kernel + y) * row + x * from + input] = *weight;
            }
        }
    }

    /// Pictures `[n, side, side, from]` as `[n, half, half, to]`. For a [`Convolution::backward`] that follows it is
    /// noted which outputs were pooled.
    pub fn forward(&mut self, pictures: &Pictures, pooled: &mut Pictures) {
        let shape = self.shape;
        let n = pictures.values.len() / shape.stride();
        pooled.resize(n, shape.pooled_stride());
        self.picks.resize(n * shape.pooled(), SHUT);
        let (isa, taps, blocks, pictures) =
            (self.isa, &self.taps[..], &self.blocks[..], &pictures.values[..]);
        let outputs = shape.to * (2 * shape.pooled_side()).pow(2);
        self.workspaces.resize(parallel::parts(n * outputs * shape.kernel * shape.run(), n), ());
        let split = (Rows(&mut pooled.values, shape.pooled_stride()), Rows(&mut self.picks, shape.pooled()));
        let work = |digits: Range<usize>, (Rows(pooled, _), Rows(picks, _)): Split<'_>, _: &mut ()| {
            let pictures = pictures[digits.start * shape.stride()..].chunks_exact(shape.stride());
            let pooled = pooled.chunks_exact_mut(shape.pooled_stride());
            let picks = picks.chunks_exact_mut(shape.pooled());
            for ((picture, pooled), picks) in pictures.zip(pooled).zip(picks) {
                with_isa!(
                    isa,
                    convolve(
                        shape: ConvolutionShape,
                        taps: &[u32],
                        blocks: &[Block],
                        picture: &[f32],
                        pooled: &mut [f32],
                        picks: &mut [u8],
                    )
                );
            }
        };
        parallel::for_each(n, split, &mut self.workspaces, &work);
    }

    /// Adds to `gradient` (as [`Convolution::set`] takes them) that of the weights, and to `grad_pictures`, if asked
    /// for, that of the pictures; `grad_pooled [n, half, half, to]` is the gradient of the loss in what
    /// [`Convolution::forward`] answered to these pictures.
    pub fn backward(
        &mut self,
        pictures: &Pictures,
        grad_pooled: &Pictures,
        grad_pictures: Option<&mut Pictures>,
        gradient: &mut [f32],
    ) {
        let shape = self.shape;
        let n = pictures.values.len() / shape.stride();
        let digits = n.div_ceil(PARTS).max(1);
        self.parts.resize_with(n.div_ceil(digits), Part::default);
        let isa = self.isa;
        let read = Read {
            rows: &self.rows,
            pictures: &pictures.values,
            grad_pooled: &grad_pooled.values,
            picks: &self.picks,
        };
        let grad_pictures = grad_pictures.map(|pictures| Rows(&mut pictures.values, digits * shape.stride()));
        let work = |parts: Range<usize>, (Rows(sums, _), grad_pictures): SplitParts<'_>, _: &mut ()| {
            let mut grad_pictures = grad_pictures.map(|Rows(values, width)| values.chunks_mut(width));
            for (part, sums) in parts.zip(sums) {
                let digits = part * digits..n.min((part + 1) * digits);
                let grad_pictures = grad_pictures.as_mut().and_then(Iterator::next);
                sums.begin(shape, isa);
                sums.add(shape, isa, &read, digits, grad_pictures);
            }
        };
        let multiplications = self.parts.len() * digits * shape.pooled() * shape.kernel * shape.run();
        self.workspaces.resize(parallel::parts(multiplications, self.parts.len()), ());
        let split = (Rows(&mut self.parts, 1), grad_pictures);
        parallel::for_each(n.div_ceil(digits), split, &mut self.workspaces, &work);
        for part in &self.parts {
            part.add_to(shape, isa, gradient);
        }
    }
}
