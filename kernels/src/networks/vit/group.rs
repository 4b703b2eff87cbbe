//! What a group of digits leaves behind, and how its values lie: a row for each value of a token, a column for each of
//! the group's tokens.

use super::{PATCH, TOKENS, VitShape};
use crate::aligned::Aligned;
use crate::networks::in_place::Right;
use crate::networks::linear::stride;
use crate::networks::norm::Norm;
use crate::networks::{COLUMNS, TOGETHER};

/// What a group of digits leaves behind. Masks are empty where nothing is dropped.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// `[49, COLUMNS]`, times their mask.
    pub patches: Aligned,
    /// `[width, COLUMNS]`.
    pub mask: Aligned,
    pub blocks: Vec<Block>,
    pub norm: Norm,
    /// Of each digit's tokens, behind the norm, `[TOGETHER, width]`.
    pub means: Vec<f32>,
}

impl Group {
    pub fn resize(&mut self, shape: &VitShape) {
        let VitShape { width, depth, heads, mlp_width, .. } = *shape;
        self.patches.resize(PATCH * PATCH * COLUMNS);
        self.blocks.resize_with(depth, Block::default);
        for block in &mut self.blocks {
            block.attention_norm.resize(width);
            block.mlp_norm.resize(width);
            let sizes = [
                (&mut block.projected, 3 * width),
                (&mut block.attention, heads * TOKENS),
                (&mut block.seen, width),
                (&mut block.hidden, mlp_width),
                (&mut block.tokens, width),
            ];
            sizes.into_iter().for_each(|(values, rows)| values.resize(rows * COLUMNS));
        }
        self.norm.resize(width);
        self.means.resize(TOGETHER * width, 0.0);
    }
}

/// What a block leaves behind, each `[…, COLUMNS]`.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub attention_norm: Norm,
    /// Queries, keys and values, `3 · width`.
    pub projected: Aligned,
    /// `heads · 16`, of each head a row for each key and a column for each query.
    pub attention: Aligned,
    /// What attention makes of the values, `width`.
    pub seen: Aligned,
    pub attention_mask: Aligned,
    pub mlp_norm: Norm,
    /// `mlp_width`, times their mask.
    pub hidden: Aligned,
    pub hidden_mask: Aligned,
    pub mlp_mask: Aligned,
    /// `width`.
    pub tokens: Aligned,
}

/// Room for what does not outlast a group.
#[derive(Debug, Clone, Default)]
pub(super) struct Work {
    pub tokens: Aligned,
    pub branch: Aligned,
    pub seen: Aligned,
    pub projected: Aligned,
    pub hidden: Aligned,
    /// Scores, and the gradient in attention.
    pub attention: Aligned,
    pub turned: Aligned,
}

impl Work {
    pub fn resize(&mut self, shape: &VitShape) {
        let VitShape { width, heads, mlp_width, .. } = *shape;
        let sizes = [
            (&mut self.tokens, width),
            (&mut self.branch, width),
            (&mut self.seen, width),
            (&mut self.projected, 3 * width),
            (&mut self.hidden, mlp_width),
            (&mut self.attention, heads * TOKENS),
            // Attention of a head, turned round, needs 16.
            (&mut self.turned, stride(mlp_width.max(3 * width).max(TOKENS))),
        ];
        sizes.into_iter().for_each(|(values, rows)| values.resize(rows * COLUMNS));
    }
}

/// The digit that a group has in this place, of `n`.
pub(super) fn digit(group: usize, place: usize, n: usize) -> usize {
    (group * TOGETHER + place).min(n - 1)
}

/// A group's values `[rows, COLUMNS]` of `from [n, 16, rows]`.
#[inline(never)]
pub(super) fn arrange(from: &[f32], rows: usize, group: usize, n: usize, to: &mut Aligned) {
    to.resize(rows * COLUMNS);
    for place in 0..TOGETHER {
        let from = &from[digit(group, place, n) * TOKENS * rows..][..TOKENS * rows];
        for (token, values) in from.chunks_exact(rows).enumerate() {
            let column = place * TOKENS + token;
            values.iter().enumerate().for_each(|(row, value)| to[row * COLUMNS + column] = *value);
        }
    }
}

/// Adds `from [places, heads, 16, depth]` to `to [heads, depth, COLUMNS]`.
#[inline(never)]
pub(super) fn add_heads(from: &[f32], heads: usize, depth: usize, to: &mut [f32]) {
    for (place, digit) in from.chunks_exact(heads * TOKENS * depth).enumerate() {
        for (head, values) in digit.chunks_exact(TOKENS * depth).enumerate() {
            for (at, value) in values.iter().enumerate() {
                let (token, row) = (at / depth, at % depth);
                to[(head * depth + row) * COLUMNS + place * TOKENS + token] += value;
            }
        }
    }
}

/// The opposite of [`add_heads`], for one digit: appends `[heads, 16, depth]`.
#[inline(never)]
pub(super) fn show_heads(from: &[f32], heads: usize, depth: usize, place: usize, to: &mut Vec<f32>) {
    for head in 0..heads {
        for column in place * TOKENS..(place + 1) * TOKENS {
            to.extend((0..depth).map(|row| from[(head * depth + row) * COLUMNS + column]));
        }
    }
}

pub(super) fn right(values: &[f32]) -> Right<'_> {
    Right { values, stride: COLUMNS }
}
