//! One convolution of a trained network with its pooling and ReLU, on the host: what the CPU engine runs when no
//! gradient is wanted.
//!
//! burn's CPU engine spends most of a small convolutional network in the pooling and in lowering the
//! picture to a matrix. Here four neighbouring outputs are worked out together, pooled while they are still in
//! registers, and written once; channels lie innermost, so that they fill SIMD lanes.

use wide::f32x4;

use crate::relu::relu;

/// Channels in one SIMD vector.
const LANES: usize = 4;

/// A convolution without padding, then 2×2 max-pooling (an odd last row or column is left out), then ReLU. What is no
/// number stays none.
#[derive(Debug, Clone)]
pub struct Convolution {
    from: usize,
    to: usize,
    kernel: usize,
    blocks: Vec<Block>,
}

/// Output channels that are worked out together; the last vector may be filled up with zeros.
#[derive(Debug, Clone)]
struct Block {
    first: usize,
    vectors: usize,
    /// `[row, column, from, vectors]`: in the order in which they are read.
    weights: Vec<f32x4>,
    /// `[vectors]`.
    bias: Vec<f32x4>,
}

impl Convolution {
    /// Takes weights `[to, from, kernel, kernel]` and biases `[to]`.
    ///
    /// # Panics
    /// When the weights are fewer.
    pub fn new(weights: &[f32], bias: &[f32], from: usize, kernel: usize) -> Self {
        let (to, taps) = (bias.len(), kernel * kernel);
        let mut blocks = Vec::new();
        let mut first = 0;
        while first < to {
            // Three vectors for each of four outputs fill twelve of the sixteen SIMD registers.
            let vectors = (to - first).div_ceil(LANES).min(3);
            let vector = |index: usize, of: &dyn Fn(usize) -> f32| {
                f32x4::from(std::array::from_fn(|lane| match first + index * LANES + lane {
                    channel if channel < to => of(channel),
                    _ => 0.0,
                }))
            };
            let packed = (0..taps)
                .flat_map(|tap| (0..from).map(move |channel| (tap, channel)))
                .flat_map(|(tap, channel)| {
                    (0..vectors)
                        .map(move |index| vector(index, &|to| weights[(to * from + channel) * taps + tap]))
                })
                .collect();
            let bias = (0..vectors).map(|index| vector(index, &|to| bias[to])).collect();
            blocks.push(Block { first, vectors, weights: packed, bias });
            first += vectors * LANES;
        }
        Self { from, to, kernel, blocks }
    }

    /// Side of the picture that a picture of this side becomes.
    pub fn side(&self, side: usize) -> usize {
        (side + 1).saturating_sub(self.kernel) / 2
    }

    /// A picture `[side, side, from]` as `[half, half, to]`; `half` is [`Convolution::side`] of `side`.
    ///
    /// # Panics
    /// When the picture is smaller.
    pub fn run(&self, picture: &[f32], side: usize, pooled: &mut Vec<f32>) {
        let half = self.side(side);
        pooled.clear();
        pooled.resize(half * half * self.to, 0.0);
        for block in &self.blocks {
            match block.vectors {
                3 => self.run_block::<3>(block, picture, side, pooled),
                2 => self.run_block::<2>(block, picture, side, pooled),
                _ => self.run_block::<1>(block, picture, side, pooled),
            }
        }
    }

    fn run_block<const N: usize>(&self, block: &Block, picture: &[f32], side: usize, pooled: &mut [f32]) {
        let half = self.side(side);
        let channels = (N * LANES).min(self.to - block.first);
        for y in 0..half {
            for x in 0..half {
                let values = self.output::<N>(block, picture, side, y, x);
                let out = (y * half + x) * self.to + block.first;
                pooled[out..out + channels].copy_from_slice(&values.as_flattened()[..channels]);
            }
        }
    }

    /// One pooled output of a block's channels.
    fn output<const N: usize>(
        &self,
        block: &Block,
        picture: &[f32],
        side: usize,
        y: usize,
        x: usize,
    ) -> [[f32; LANES]; N] {
        let (line, run) = (side * self.from, self.kernel * self.from);
        let zeros = [f32x4::ZERO; N];
        let (mut a, mut b, mut c, mut d) = (zeros, zeros, zeros, zeros);
        for row in 0..self.kernel {
            let start = (2 * y + row) * line + 2 * x * self.from;
            let upper = &picture[start..start + run + self.from];
            let lower = &picture[start + line..start + line + run + self.from];
            let inputs = upper.iter().zip(&upper[self.from..]).zip(lower.iter().zip(&lower[self.from..]));
            let (weights, _) = block.weights[row * run * N..(row + 1) * run * N].as_chunks::<N>();
            for (((left, right), (below_left, below_right)), weights) in inputs.zip(weights) {
                let inputs = [left, right, below_left, below_right].map(|&input| f32x4::splat(input));
                for vector in 0..N {
                    a[vector] += inputs[0] * weights[vector];
                    b[vector] += inputs[1] * weights[vector];
                    c[vector] += inputs[2] * weights[vector];
                    d[vector] += inputs[3] * weights[vector];
                }
            }
        }
        std::array::from_fn(|vector| {
            let largest = larger(larger(a[vector], b[vector]), larger(c[vector], d[vector]));
            (largest + block.bias[vector]).to_array().map(relu)
        })
    }
}

/// The larger of each two lanes; no number where one of them is none. By comparison: of `fast_max` the compiler makes
/// an instruction of relaxed SIMD, since the module has others, and without those it would trap.
fn larger(a: f32x4, b: f32x4) -> f32x4 {
    // Where `b` is no number nothing is larger, and it is chosen.
    (a.simd_gt(b) | a.is_nan()).select(a, b)
}
