//! Forward: the four outputs that are pooled into one are worked out together.

use super::{Block, ConvolutionShape, LANES, SHUT, VECTORS};
use crate::lanes::{Kernel, Lanes};
use crate::relu::relu;

/// One picture.
#[inline(always)]
pub(super) unsafe fn convolve<S: Lanes, const R: usize, const W: usize>(
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
