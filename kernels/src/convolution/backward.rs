//! Backward: each output that became a pooled one, and whose ReLU is open, adds its window to the gradient.

use std::ops::Range;

use super::{ConvolutionShape, Read, SHUT};
use crate::lanes::{Isa, Kernel, Lanes, with_isa};

/// Vectors of the weights' gradient that are kept in registers together.
const TOGETHER: usize = 10;
/// Values of pictures that are gone through for one channel after another, so that they stay in the nearest cache.
const NEAR: usize = 6144;

/// A gradient in one output before pooling: where its window begins in the pictures at hand.
#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    window: u32,
    gradient: f32,
}

/// What some digits of a batch add to the gradient.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// By channel `[to, entries]`, and how many of them there are.
    entries: Vec<Entry>,
    counts: Vec<usize>,
    /// `[to, vectors of a window]`.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Part {
    pub(super) fn begin(&mut self, shape: ConvolutionShape, isa: Isa) {
        self.weights.clear();
        self.weights.resize(shape.to * vectors(shape, isa.lanes()) * isa.lanes(), 0.0);
        self.bias.clear();
        self.bias.resize(shape.to, 0.0);
    }

    /// Goes through some digits, few enough at a time that their pictures stay near.
    pub(super) fn add(
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

    pub(super) fn add_to(&self, shape: ConvolutionShape, isa: Isa, gradient: &mut [f32]) {
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
