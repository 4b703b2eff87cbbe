//! A convolution without padding, 2×2 max-pooling and ReLU: one layer, forward and backward.
//!
//! Pictures are `[side, side, channels]`: channels lie innermost and fill SIMD lanes. Forward the four outputs that are
//! pooled into one are worked out together, pooled while they are at hand, and written once, with which of them it was.
//! Backward only that one has a gradient, and none where the ReLU is shut: an eighth of all outputs or so. Each of these
//! adds its window of the picture to the weights' gradient, and its weights to the picture's.

use std::ops::Range;

use crate::lanes::{Isa, Kernel, Lanes, with_isa};
use crate::parallel::{self, Rows};
use crate::relu::relu;

/// Values behind each picture, which vectors at its end may read, and add zeros to.
const MARGIN: usize = 16;
/// Most vectors of channels that are worked out together, of four outputs each: eight sums, so many that none waits for
/// another, fit the fifteen registers of V8 on x86-64 with what they are sums of.
const VECTORS: usize = 2;
/// Lanes of the widest vectors.
const LANES: usize = 16;
/// Vectors of the weights' gradient that are kept in registers together.
const TOGETHER: usize = 10;
/// In place of the pooled output's number: the ReLU is shut.
const SHUT: u8 = 4;
/// Values of pictures that are gone through for one channel after another, so that they stay in the nearest cache.
const NEAR: usize = 6144;

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

fn stride(side: usize, channels: usize) -> usize {
    side * side * channels + MARGIN
}

/// Pictures of one size, `[n, side, side, channels]`, with room behind each.
#[derive(Debug, Default)]
pub struct Pictures {
    values: Vec<f32>,
    stride: usize,
}

impl Pictures {
    /// Becomes `n` pictures; those that are there already keep their values.
    fn resize(&mut self, n: usize, stride: usize) {
        self.stride = stride;
        self.values.resize(n * stride, 0.0);
    }

    /// Takes pictures `[n, channels, side, side]`.
    pub fn set_planes(&mut self, planes: &[f32], channels: usize, side: usize) {
        let size = side * side * channels;
        self.resize(planes.len() / size, stride(side, channels));
        for (picture, planes) in self.values.chunks_exact_mut(self.stride).zip(planes.chunks_exact(size)) {
            for (channel, plane) in planes.chunks_exact(side * side).enumerate() {
                let places = picture[channel..size].iter_mut().step_by(channels);
                places.zip(plane).for_each(|(to, value)| *to = *value);
            }
        }
    }

    /// Appends the pictures as `[n, channels, side, side]`.
    pub fn planes(&self, channels: usize, to: &mut Vec<f32>) {
        for picture in self.values.chunks_exact(self.stride.max(1)) {
            let picture = &picture[..self.stride - MARGIN];
            for channel in 0..channels {
                to.extend(picture.iter().skip(channel).step_by(channels));
            }
        }
    }

    /// Adds pictures `[n, channels, side, side]`.
    pub fn add_planes(&mut self, planes: &[f32], channels: usize) {
        let size = self.stride - MARGIN;
        for (picture, planes) in self.values.chunks_exact_mut(self.stride).zip(planes.chunks_exact(size)) {
            for (channel, plane) in planes.chunks_exact(size / channels).enumerate() {
                let places = picture[channel..size].iter_mut().step_by(channels);
                places.zip(plane).for_each(|(to, value)| *to += value);
            }
        }
    }

    /// As many pictures of zeros.
    pub fn clear(&mut self, like: &Self) {
        self.stride = like.stride;
        self.values.clear();
        self.values.resize(like.values.len(), 0.0);
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

/// A gradient in one output before pooling: where its window begins in the pictures at hand.
#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    window: u32,
    gradient: f32,
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

/// What some digits of a batch add to the gradient.
#[derive(Debug, Default)]
struct Part {
    /// By channel `[to, entries]`, and how many of them there are.
    entries: Vec<Entry>,
    counts: Vec<usize>,
    /// `[to, vectors of a window]`.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

/// A batch is learnt from in as many parts, whose sums are added in their order, whatever the number of threads.
const PARTS: usize = 8;

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

impl Part {
    fn begin(&mut self, shape: ConvolutionShape, isa: Isa) {
        self.weights.clear();
        self.weights.resize(shape.to * vectors(shape, isa.lanes()) * isa.lanes(), 0.0);
        self.bias.clear();
        self.bias.resize(shape.to, 0.0);
    }

    /// Goes through some digits, few enough at a time that their pictures stay near.
    fn add(
        &mut self,
        shape: ConvolutionShape,
        isa: Isa,
        read: &Read,
        digits: Range<usize>,
        mut grad_pictures: Option<&mut [f32]>,
    ) {
        let Read { rows, pictures, grad_pooled, picks } = *read;
        let at_once = (NEAR / shape.stride()).max(1);
        for first in digits.clone().step_by(at_once) {
            let some = first..(first + at_once).min(digits.end);
            self.list(shape, grad_pooled, picks, some.clone());
            let pictures = &pictures[some.start * shape.stride()..some.end * shape.stride()];
            let within =
                (some.start - digits.start) * shape.stride()..(some.end - digits.start) * shape.stride();
            let grad_pictures = grad_pictures.as_deref_mut().map(|values| &mut values[within]);
            let part = &mut *self;
            with_isa!(
                isa,
                learn(
                    shape: ConvolutionShape,
                    part: &mut Part,
                    rows: &[f32],
                    pictures: &[f32],
                    grad_pictures: Option<&mut [f32]>,
                )
            );
        }
    }

    /// Lists by channel where these digits have a gradient before pooling.
    fn list(&mut self, shape: ConvolutionShape, grad_pooled: &[f32], picks: &[u8], digits: Range<usize>) {
        let ConvolutionShape { from, to, .. } = shape;
        let half = shape.pooled_side();
        let room = digits.len() * half * half;
        self.entries.resize(to * room, Entry::default());
        self.counts.clear();
        self.counts.resize(to, 0);
        for (place, digit) in digits.enumerate() {
            let grad_pooled = &grad_pooled[digit * shape.pooled_stride()..][..shape.pooled()];
            let picks = &picks[digit * shape.pooled()..][..shape.pooled()];
            let places = grad_pooled.chunks_exact(to).zip(picks.chunks_exact(to));
            for (at, (grad_pooled, picks)) in places.enumerate() {
                let window = place * shape.stride() + 2 * (at / half) * shape.line() + 2 * (at % half) * from;
                let windows = [0, from, shape.line(), shape.line() + from, 0].map(|by| (window + by) as u32);
                let channels = grad_pooled.iter().zip(picks).zip(&mut self.counts).enumerate();
                for (channel, ((gradient, pick), count)) in channels {
                    // Written in any case, and kept by counting it: without a branch that nobody can foresee.
                    let window = windows[usize::from(*pick)];
                    self.entries[channel * room + *count] = Entry { window, gradient: *gradient };
                    *count += usize::from(*pick != SHUT && *gradient != 0.0);
                }
            }
        }
    }

    fn add_to(&self, shape: ConvolutionShape, isa: Isa, gradient: &mut [f32]) {
        let ConvolutionShape { from, kernel, to, .. } = shape;
        let row = shape.run().next_multiple_of(isa.lanes());
        let (weights, bias) = gradient.split_at_mut(to * from * kernel * kernel);
        let windows = self.weights.chunks_exact(vectors(shape, isa.lanes()) * isa.lanes());
        for (weights, window) in weights.chunks_exact_mut(from * kernel * kernel).zip(windows) {
            for (at, weight) in weights.iter_mut().enumerate() {
                let (input, y, x) = (at / (kernel * kernel), at / kernel % kernel, at % kernel);
                *weight += window[y * row + x * from + input];
            }
        }
        bias.iter_mut().zip(&self.bias).for_each(|(to, value)| *to += value);
    }
}

/// Vectors of a window, row by row, filled up to whole blocks of them.
fn vectors(shape: ConvolutionShape, lanes: usize) -> usize {
    (shape.kernel * shape.run().div_ceil(lanes)).next_multiple_of(TOGETHER)
}

/// One picture.
#[inline(always)]
unsafe fn convolve<S: Lanes, const R: usize, const W: usize>(
    shape: ConvolutionShape,
    taps: &[u32],
    blocks: &[Block],
    picture: &[f32],
    pooled: &mut [f32],
    picks: &mut [u8],
) {
    for block in blocks {
        // SAFETY: `with_isa` runs this where the instructions of `S` are.
        unsafe {
            match block.vectors {
                2 => convolve_block::<S, 4, 2>(shape, taps, block, picture, pooled, picks),
                // Eight sums again, where there are as many outputs.
                _ if shape.pooled_side() > 1 => {
                    convolve_block::<S, 8, 1>(shape, taps, block, picture, pooled, picks)
                }
                _ => convolve_block::<S, 4, 1>(shape, taps, block, picture, pooled, picks),
            }
        }
    }
}

/// One block of channels. `P` outputs are worked out together: two by two or, side by side, two by four.
#[inline(always)]
unsafe fn convolve_block<S: Lanes, const P: usize, const V: usize>(
    shape: ConvolutionShape,
    taps: &[u32],
    block: &Block,
    picture: &[f32],
    pooled: &mut [f32],
    picks: &mut [u8],
) {
    let row = shape.pooled_side() * shape.to;
    for (y, (pooled, picks)) in pooled.chunks_exact_mut(row).zip(picks.chunks_exact_mut(row)).enumerate() {
        let picture = &picture[2 * y * shape.line()..];
        // SAFETY: see `Row`: outputs up to `2 · half` in both directions, all of which the picture has.
        unsafe { S::run(Row::<P, V> { shape, taps, block, picture, pooled, picks }) };
    }
}

/// Pooled outputs of a block's channels.
struct Outputs {
    values: [f32; VECTORS * LANES],
    picks: [u8; VECTORS * LANES],
}

impl Outputs {
    /// The largest of each four sums, through the ReLU, and which it was: the first of equal ones; what is no number
    /// counts as the largest. Without branches, and on bits where the compiler might take an instruction of relaxed
    /// SIMD that does otherwise (see [`relu`]).
    #[inline(always)]
    fn pool(&mut self, four: [&[f32; VECTORS * LANES]; 4], bias: &[f32]) {
        for (lane, bias) in bias.iter().enumerate() {
            let (mut largest, mut pick) = (four[0][lane].to_bits(), 0_u32);
            for (place, sums) in four.iter().enumerate().skip(1) {
                let sum = sums[lane];
                let takes_over = (sum > f32::from_bits(largest)) | sum.is_nan();
                let mask = u32::from(takes_over).wrapping_neg();
                largest = (sum.to_bits() & mask) | (largest & !mask);
                pick = (place as u32 & mask) | (pick & !mask);
            }
            let value = relu(f32::from_bits(largest) + bias);
            let shut = u32::from(value == 0.0).wrapping_neg();
            self.values[lane] = value;
            self.picks[lane] = ((u32::from(SHUT) & shut) | (pick & !shut)) as u8;
        }
    }
}

/// A row of pooled outputs of `V` vectors of channels, `P` outputs at a time, in two rows of `P / 2`.
///
/// # Safety
/// From `picture` on there are `kernel` rows and one more; the block's weights are `[taps, V]` vectors.
struct Row<'a, const P: usize, const V: usize> {
    shape: ConvolutionShape,
    /// Where the values of a window lie behind its first: one list, since rows may be as short as a kernel.
    taps: &'a [u32],
    block: &'a Block,
    picture: &'a [f32],
    pooled: &'a mut [f32],
    picks: &'a mut [u8],
}

impl<S: Lanes, const P: usize, const V: usize> Kernel<S> for Row<'_, P, V> {
    #[inline(always)]
    unsafe fn run(self) {
        let Self { shape, taps, block, picture, pooled, picks } = self;
        let ConvolutionShape { from, to, .. } = shape;
        let (line, half, across, width) = (shape.line(), shape.pooled_side(), P / 4, V * S::N);
        let bias = &block.bias[..width];
        let channels = width.min(to - block.first);
        let mut sums = [[0.0_f32; VECTORS * LANES]; P];
        let mut outputs = Outputs { values: [0.0; VECTORS * LANES], picks: [0; VECTORS * LANES] };
        for x in (0..half).step_by(across) {
            // The last pair begins one earlier, where it would leave the picture.
            let x = x.min(half - across);
            // SAFETY: see `Row`; `P / 2` outputs from `2 · x` on are in the row, and each output of `sums` has room for
            // `V` vectors.
            unsafe {
                let window = picture.as_ptr().add(2 * x * from);
                let mut tile = [[S::splat(0.0); V]; P];
                let mut weights = block.weights.as_ptr();
                for tap in taps {
                    let upper = window.add(*tap as usize);
                    let lower = upper.add(line);
                    let columns: [S::V; V] =
                        std::array::from_fn(|vector| S::load(weights.add(vector * S::N)));
                    weights = weights.add(width);
                    for (output, tile) in tile.iter_mut().enumerate() {
                        let row = if output < P / 2 { upper } else { lower };
                        let value = S::splat(*row.add(output % (P / 2) * from));
                        for (tile, column) in tile.iter_mut().zip(columns) {
                            *tile = S::mul_add(value, column, *tile);
                        }
                    }
                }
                for (sums, tile) in sums.iter_mut().zip(tile) {
                    for (vector, tile) in tile.into_iter().enumerate() {
                        S::store(sums.as_mut_ptr().add(vector * S::N), tile);
                    }
                }
            }
            for pair in 0..across {
                outputs.pool([0, 1, P / 2, P / 2 + 1].map(|place| &sums[place + 2 * pair]), bias);
                let at = (x + pair) * to + block.first;
                let (pooled, picks) = (&mut pooled[at..at + channels], &mut picks[at..at + channels]);
                pooled.iter_mut().zip(&outputs.values).for_each(|(to, value)| *to = *value);
                picks.iter_mut().zip(&outputs.picks).for_each(|(to, value)| *to = *value);
            }
        }
    }
}

/// Adds what a part's entries say to its sums, and to the gradient in their pictures.
#[inline(always)]
unsafe fn learn<S: Lanes, const R: usize, const W: usize>(
    shape: ConvolutionShape,
    part: &mut Part,
    rows: &[f32],
    pictures: &[f32],
    mut grad_pictures: Option<&mut [f32]>,
) {
    let Part { entries, counts, weights, bias } = part;
    let row = shape.run().next_multiple_of(S::N);
    let room = entries.len() / shape.to;
    let (wide, taken) = (weights.len() / shape.to, row / S::N * shape.kernel);
    for (channel, count) in counts.iter().enumerate() {
        let entries = &entries[channel * room..][..*count];
        bias[channel] += entries.iter().map(|entry| entry.gradient).sum::<f32>();
        let sums = &mut weights[channel * wide..][..wide];
        for (block, sums) in sums.chunks_exact_mut(TOGETHER * S::N).enumerate() {
            // Those that fill the last block up add the window's first values to sums that nobody reads.
            let offsets: [usize; TOGETHER] = std::array::from_fn(|place| {
                let vector = Some(block * TOGETHER + place).filter(|vector| *vector < taken).unwrap_or(0);
                vector * S::N / row * shape.line() + vector * S::N % row
            });
            // SAFETY: `with_isa` runs this where the instructions of `S` are. An entry's window begins where that of an
            // output does; its last vector ends at most `N − 1` values behind the window: inside the margin.
            unsafe { S::run(WindowSums { entries, pictures, offsets, sums }) };
        }
        if let Some(grad_pictures) = grad_pictures.as_deref_mut() {
            let rows = &rows[channel * shape.kernel * row..][..shape.kernel * row];
            // SAFETY: as above, of pictures of the same size; rows are whole vectors.
            unsafe {
                let (entries, line) = (entries, shape.line());
                S::run(Scatter { entries, rows, row, line, grad_pictures });
            }
        }
    }
}

/// Adds to some vectors of the gradient of one channel's weights, for each entry, the same vectors of its window.
///
/// # Safety
/// `offsets` behind each entry's window there are `N` values of `pictures`; `sums` has room for `TOGETHER` vectors.
struct WindowSums<'a> {
    entries: &'a [Entry],
    pictures: &'a [f32],
    offsets: [usize; TOGETHER],
    sums: &'a mut [f32],
}

impl<S: Lanes> Kernel<S> for WindowSums<'_> {
    #[inline(always)]
    unsafe fn run(self) {
        let Self { entries, pictures, offsets, sums } = self;
        let (pictures, sums) = (pictures.as_ptr(), sums.as_mut_ptr());
        // SAFETY: see `WindowSums`.
        unsafe {
            let mut tile: [S::V; TOGETHER] = std::array::from_fn(|place| S::load(sums.add(place * S::N)));
            for entry in entries {
                let (gradient, window) = (S::splat(entry.gradient), pictures.add(entry.window as usize));
                for (tile, offset) in tile.iter_mut().zip(offsets) {
                    *tile = S::mul_add(gradient, S::load(window.add(offset)), *tile);
                }
            }
            for (place, tile) in tile.into_iter().enumerate() {
                S::store(sums.add(place * S::N), tile);
            }
        }
    }
}

/// Adds one channel's weights, times each entry's gradient, to the gradient in its window.
///
/// # Safety
/// Behind each entry's window there are `kernel` rows of `grad_pictures`, `line` apart, of `row` values; `row` is a
/// multiple of `N`.
struct Scatter<'a> {
    entries: &'a [Entry],
    /// `[kernel, row]`.
    rows: &'a [f32],
    row: usize,
    line: usize,
    grad_pictures: &'a mut [f32],
}

impl<S: Lanes> Kernel<S> for Scatter<'_> {
    #[inline(always)]
    unsafe fn run(self) {
        let Self { entries, rows, row, line, grad_pictures } = self;
        let to = grad_pictures.as_mut_ptr();
        // SAFETY: see `Scatter`.
        unsafe {
            for entry in entries {
                let (gradient, window) = (S::splat(entry.gradient), to.add(entry.window as usize));
                for (y, weights) in rows.chunks_exact(row).enumerate() {
                    let (weights, to) = (weights.as_ptr(), window.add(y * line));
                    for at in (0..row).step_by(S::N) {
                        let sum = S::mul_add(gradient, S::load(weights.add(at)), S::load(to.add(at)));
                        S::store(to.add(at), sum);
                    }
                }
            }
        }
    }
}
