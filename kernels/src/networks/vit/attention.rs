//! Multi-head self-attention, head by head and digit by digit of a group.

use super::group::{Block, Work, add_heads, right};
use super::{Plan, Shown, TOKENS, VitShape};
use crate::networks::in_place::{Left, Right, Start, multiply};
use crate::networks::softmax::{softmax, softmax_backward};
use crate::networks::turn::turn;
use crate::networks::{COLUMNS, TOGETHER};

impl Plan {
    /// Where the rows of a head begin among queries, keys and values (`part` 0 to 2), at a digit's columns.
    pub(super) fn at(&self, part: usize, head: usize, place: usize) -> usize {
        let VitShape { width, heads, .. } = self.shape;
        (part * width + head * (width / heads)) * COLUMNS + place * TOKENS
    }

    /// Each head of each digit of the group.
    fn heads(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.shape.heads).flat_map(|head| (0..TOGETHER).map(move |place| (head, place)))
    }

    /// The scores of a head and a digit of the group, `[16, 16]`, in rows that lie `stride` apart: a row for each key, a
    /// column for each query.
    fn score(&self, projected: &[f32], (head, place): (usize, usize), to: &mut [f32], stride: usize) {
        let depth = self.shape.width / self.shape.heads;
        let [queries, keys, _] = self.parts(projected, head, place);
        let keys = Left { values: keys, row: 1, step: COLUMNS };
        multiply(self.isa, [TOKENS, depth, TOKENS], keys, right(queries), Start::Zero, to, stride);
    }

    /// Appends the scores of a digit of the group, `[heads, 16, 16]`. They are worked out again: no gradient needs them,
    /// and of all that a block would leave behind they are a seventh.
    pub(super) fn show_scores(&self, projected: &[f32], place: usize, to: &mut Vec<f32>) {
        for head in 0..self.shape.heads {
            let mut scores = [0.0; TOKENS * TOKENS];
            self.score(projected, (head, place), &mut scores, TOKENS);
            (0..TOKENS).for_each(|query| to.extend(scores.iter().skip(query).step_by(TOKENS)));
        }
    }

    /// Multi-head self-attention (Vaswani et al. 2017, eq. 1); `scores` is room for them.
    pub(super) fn attend(&self, block: &mut Block, scores: &mut [f32]) {
        let (isa, depth) = (self.isa, self.shape.width / self.shape.heads);
        let Block { projected, attention, seen, .. } = block;
        for (head, place) in self.heads() {
            let to = &mut scores[head * TOKENS * COLUMNS + place * TOKENS..];
            self.score(projected, (head, place), to, COLUMNS);
        }
        softmax(isa, TOKENS, scores, attention);
        for (head, place) in self.heads() {
            let [_, _, values] = self.parts(projected, head, place);
            let values = Left { values, row: COLUMNS, step: 1 };
            let attention = right(&attention[head * TOKENS * COLUMNS + place * TOKENS..]);
            let to = &mut seen[self.at(0, head, place)..];
            multiply(isa, [depth, TOKENS, TOKENS], values, attention, Start::Zero, to, COLUMNS);
        }
    }

    pub(super) fn parts<'a>(&self, projected: &'a [f32], head: usize, place: usize) -> [&'a [f32]; 3] {
        [0, 1, 2].map(|part| &projected[self.at(part, head, place)..])
    }

    /// The gradient in queries, keys and values of a block, `work.projected`, of that in what attention saw,
    /// `work.seen`.
    pub(super) fn attend_backward(&self, block: &Block, shown: Shown, work: &mut Work) {
        let (isa, VitShape { width, heads, .. }) = (self.isa, self.shape);
        let depth = width / heads;
        let Work { seen: grad_seen, projected, attention, turned, .. } = work;
        for (head, place) in self.heads() {
            let [_, _, values] = self.parts(&block.projected, head, place);
            let values = Left { values, row: 1, step: COLUMNS };
            let to = &mut attention[head * TOKENS * COLUMNS + place * TOKENS..];
            let seen = right(&grad_seen[self.at(0, head, place)..]);
            multiply(isa, [TOKENS, depth, TOKENS], values, seen, Start::Zero, to, COLUMNS);
        }
        let square = heads * TOKENS * TOKENS;
        shown.of(1, square).for_each(|shown| add_heads(shown, heads, TOKENS, attention));
        let one = TOKENS * COLUMNS;
        for head in 0..heads {
            turn(&block.attention[head * one..], TOKENS, COLUMNS, [COLUMNS, TOKENS], turned);
            for place in 0..TOGETHER {
                let seen = Left { values: &grad_seen[self.at(0, head, place)..], row: COLUMNS, step: 1 };
                let attention = Right { values: &turned[place * TOKENS * TOKENS..], stride: TOKENS };
                let to = &mut projected[self.at(2, head, place)..];
                multiply(isa, [depth, TOKENS, TOKENS], seen, attention, Start::Zero, to, COLUMNS);
            }
        }
        let values = &mut projected[2 * width * COLUMNS..];
        shown.of(2, TOKENS * width).for_each(|shown| add_heads(shown, heads, depth, values));
        softmax_backward(isa, TOKENS, &block.attention, attention);
        shown.of(0, square).for_each(|shown| add_heads(shown, heads, TOKENS, attention));
        for head in 0..heads {
            let scores = &attention[head * one..][..one];
            turn(scores, TOKENS, COLUMNS, [COLUMNS, TOKENS], turned);
            for place in 0..TOGETHER {
                let [queries, keys, _] = self.parts(&block.projected, head, place);
                let [queries, keys] = [queries, keys].map(|values| Left { values, row: COLUMNS, step: 1 });
                let to = &mut projected[self.at(0, head, place)..];
                let scores = right(&scores[place * TOKENS..]);
                multiply(isa, [depth, TOKENS, TOKENS], keys, scores, Start::Zero, to, COLUMNS);
                let to = &mut projected[self.at(1, head, place)..];
                let scores = Right { values: &turned[place * TOKENS * TOKENS..], stride: TOKENS };
                multiply(isa, [depth, TOKENS, TOKENS], queries, scores, Start::Zero, to, COLUMNS);
            }
        }
    }
}
