//! The vision transformer in training.
//!
//! Digits are worked on in groups of [`TOGETHER`]. All that a group leaves behind lies with a row for each value of a
//! token and a column for each of the group's tokens, [`COLUMNS`] of them: layer norms and softmaxes are then sums of
//! rows, products read both sides where they lie, and widths need not be those of vectors. A last group that is not
//! full has its last digit more than once; the gradient in what is too much is zero. Groups know nothing of each other
//! but the sums of their gradients: they are split over all cores.
//!
//! What is called from several places and goes through whole layers is a function of its own: a call costs nothing
//! there, and visitors of the page load it once.

mod attention;
mod elementwise;
mod group;

use std::ops::Range;

use self::elementwise::{add, apply, masked, rectify, rectify_backward};
use self::group::{Group, Work, add_heads, arrange, digit, show_heads};
use super::linear::Linear;
use super::norm::{normalise, normalise_backward};
use super::{COLUMNS, Masks, Network, TOGETHER};
use crate::aligned::Aligned;
use crate::lanes::Isa;
use crate::parallel::{self, Rows, Workspaces};

/// Side of a digit, in pixels.
const SIDE: usize = 28;
const PIXELS: usize = SIDE * SIDE;
/// Side of a patch, in pixels.
const PATCH: usize = 7;
/// Patches along a side of the digit.
const GRID: usize = SIDE / PATCH;
pub(super) const TOKENS: usize = GRID * GRID;
/// Layers that a block shows: scores, attention, values and the tokens behind it.
const SHOWN: usize = 4;

/// Sizes of a vision transformer, and what it drops in training.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct VitShape {
    /// Values of a token; a multiple of `heads`.
    pub width: usize,
    /// How many blocks a digit passes through.
    pub depth: usize,
    /// Whether all of them have the weights of one (Lan et al. 2020, section 3.1).
    pub shared: bool,
    pub heads: usize,
    /// Hidden units of each block's perceptron.
    pub mlp_width: usize,
    pub outputs: usize,
    pub dropout: f64,
    pub input_dropout: f64,
    /// Probability that a block is left out of a training step (Fan et al. 2020, section 3.1).
    pub layer_drop: f64,
}

/// A vision transformer (Dosovitskiy et al. 2021) of digits `[n, 784]`. Its weights, in their order: the embedding of
/// patches `[49, width]` with biases, positions `[16, width]`, for each block, or once for all that share them, the
/// gains and biases of a norm, queries, keys and values `[width, 3 · width]`, the output of attention `[width, width]`, a
/// norm, the hidden layer `[width, mlp_width]` and the output `[mlp_width, width]` of the perceptron; a norm and the
/// output `[width, outputs]`. Biases lie behind their weights. For each block it shows scores and attention `[heads, 16, 16]`,
/// values `[heads, 16, width / heads]` and tokens `[16, width]`.
#[derive(Debug)]
pub struct Vit {
    plan: Plan,
    n: usize,
    /// Copies of the weights, see [`Linear`], and positions `[width, 16]`.
    copies: Aligned,
    positions: Aligned,
    groups: Vec<Group>,
    /// Of all groups, `[groups, TOGETHER, outputs]`: with those of a last group that is not full.
    outputs: Vec<f32>,
    works: Workspaces<Work>,
    /// Gradients in the copies, and behind them in positions `[width, 16]`.
    sums: Aligned,
}

/// Where everything lies.
#[derive(Debug)]
struct Plan {
    isa: Isa,
    shape: VitShape,
    embedding: Linear,
    /// Of positions in the weights.
    positions: usize,
    /// Of each block, or of the one whose weights all have.
    blocks: Vec<[Linear; 4]>,
    output: Linear,
    weights: usize,
    copies: usize,
    /// Blocks that tokens pass by in this pass; they leave nothing behind.
    is_left_out: Vec<bool>,
}

/// Groups and their outputs, of some of them.
type Split<'a> = (Rows<'a, Group>, Rows<'a, f32>);

impl Plan {
    fn new(isa: Isa, shape: VitShape) -> Self {
        let VitShape { width, heads, mlp_width, .. } = shape;
        assert!(width.is_multiple_of(heads), "heads share the width");
        let (mut weight, mut copy) = (0, 0);
        let places = (&mut weight, &mut copy);
        let embedding = Linear::new(PATCH * PATCH, width, places.0, places.1);
        let positions = *places.0;
        *places.0 += TOKENS * width;
        let blocks = (0..if shape.shared { 1 } else { shape.depth }).map(|_| {
            let mut projection = Linear::normed(width, 3 * width, places.0, places.1);
            projection.scaled = (width, 1.0 / ((width / heads) as f32).sqrt());
            [
                projection,
                Linear::new(width, width, places.0, places.1),
                Linear::normed(width, mlp_width, places.0, places.1),
                Linear::new(mlp_width, width, places.0, places.1),
            ]
        });
        let blocks = blocks.collect();
        let output = Linear::normed(width, shape.outputs, places.0, places.1);
        let is_left_out = vec![false; shape.depth];
        Self { isa, shape, embedding, positions, blocks, output, weights: weight, copies: copy, is_left_out }
    }

    /// Where the weights of a block lie.
    fn block(&self, index: usize) -> &[Linear; 4] {
        &self.blocks[index % self.blocks.len()]
    }

    fn linears(&self) -> impl Iterator<Item = &Linear> {
        [&self.embedding].into_iter().chain(self.blocks.iter().flatten()).chain([&self.output])
    }

    fn positions(&self) -> Range<usize> {
        self.positions..self.positions + TOKENS * self.shape.width
    }

    /// Of gradients, in copies and positions.
    fn sums(&self) -> usize {
        self.copies + TOKENS * self.shape.width
    }
}

impl Plan {
    /// The pixels of each patch, times their mask, if there is one.
    fn cut(&self, inputs: &[f32], mask: Option<&[f32]>, group: usize, n: usize, patches: &mut [f32]) {
        for place in 0..TOGETHER {
            let pixels = digit(group, place, n) * PIXELS;
            for row in 0..SIDE {
                let start = pixels + row * SIDE;
                let mut line = [0.0; SIDE];
                line.copy_from_slice(&inputs[start..start + SIDE]);
                if let Some(mask) = mask {
                    apply(&mut line, &mask[start..]);
                }
                let first = place * TOKENS + row / PATCH * GRID;
                let lines = patches[row % PATCH * PATCH * COLUMNS..].chunks_exact_mut(COLUMNS);
                for (column, to) in lines.take(PATCH).enumerate() {
                    let to: &mut [f32] = &mut to[first..first + GRID];
                    to.copy_from_slice(&std::array::from_fn::<f32, GRID, _>(|patch| {
                        line[patch * PATCH + column]
                    }));
                }
            }
        }
    }

    /// All of a group but its outputs.
    fn forward(&self, copies: &[f32], positions: &[f32], group: &mut Group, work: &mut Work) {
        let (isa, width) = (self.isa, self.shape.width);
        let Group { patches, mask, blocks, norm, means } = group;
        let Work { tokens, branch, attention: scores, .. } = work;
        self.embedding.forward(isa, copies, patches, COLUMNS, tokens);
        for (tokens, positions) in tokens.chunks_exact_mut(COLUMNS).zip(positions.chunks_exact(TOKENS)) {
            for tokens in tokens.chunks_exact_mut(TOKENS) {
                tokens.iter_mut().zip(positions).for_each(|(token, position)| *token += position);
            }
        }
        apply(tokens, mask);
        for (index, block) in blocks.iter_mut().enumerate().filter(|(index, _)| !self.is_left_out[*index]) {
            let [projection, attention_output, hidden, mlp_output] = self.block(index);
            normalise(isa, tokens, &mut block.attention_norm);
            projection.forward(isa, copies, &block.attention_norm.values, COLUMNS, &mut block.projected);
            self.attend(block, scores);
            attention_output.forward(isa, copies, &block.seen, COLUMNS, branch);
            add(tokens, branch, &block.attention_mask);
            normalise(isa, tokens, &mut block.mlp_norm);
            hidden.forward(isa, copies, &block.mlp_norm.values, COLUMNS, &mut block.hidden);
            rectify(&mut block.hidden, &block.hidden_mask);
            mlp_output.forward(isa, copies, &block.hidden, COLUMNS, branch);
            add(tokens, branch, &block.mlp_mask);
            block.tokens.copy_from_slice(tokens);
        }
        normalise(isa, tokens, norm);
        for (row, values) in norm.values.chunks_exact(COLUMNS).enumerate() {
            for (place, values) in values.chunks_exact(TOKENS).enumerate() {
                means[place * width + row] = values.iter().sum::<f32>() / TOKENS as f32;
            }
        }
    }

    /// Outputs `[TOGETHER, outputs]` of a group.
    fn put_out(&self, copies: &[f32], group: &Group, outputs: &mut [f32]) {
        let VitShape { width, outputs: each, .. } = self.shape;
        let (rows, biases) = copies[self.output.place()].split_at(width * self.output.stride);
        for (means, outputs) in group.means.chunks_exact(width).zip(outputs.chunks_exact_mut(each)) {
            outputs.copy_from_slice(&biases[..each]);
            for (mean, row) in means.iter().zip(rows.chunks_exact(self.output.stride)) {
                outputs.iter_mut().zip(row).for_each(|(output, weight)| *output += mean * weight);
            }
        }
    }

    /// Adds to `sums` the gradient in the output's copy of that in the outputs of a group's digits; `seen` becomes that
    /// in the last norm.
    fn hand_back(&self, copies: &[f32], group: &Group, grads: &[f32], seen: &mut [f32], sums: &mut [f32]) {
        let VitShape { width, outputs, .. } = self.shape;
        let stride = self.output.stride;
        let (sums, biases) = sums[self.output.place()].split_at_mut(width * stride);
        seen.fill(0.0);
        for (place, grad) in grads.chunks_exact(outputs).enumerate() {
            let means = &group.means[place * width..][..width];
            for (sums, mean) in sums.chunks_exact_mut(stride).zip(means) {
                sums.iter_mut().zip(grad).for_each(|(sum, grad)| *sum += mean * grad);
            }
            biases.iter_mut().zip(grad).for_each(|(sum, grad)| *sum += grad);
            let rows = copies[self.output.place()].chunks_exact(stride);
            for (row, tokens) in rows.zip(seen.chunks_exact_mut(COLUMNS)) {
                let sum: f32 = row.iter().zip(grad).map(|(weight, grad)| weight * grad).sum();
                tokens[place * TOKENS..][..TOKENS].fill(sum / TOKENS as f32);
            }
        }
    }

    /// Adds the gradient of a group to `sums`; `work.seen` holds that in the last norm.
    fn backward(&self, copies: &[f32], group: &Group, shown: Shown, work: &mut Work, sums: &mut [f32]) {
        let (isa, width) = (self.isa, self.shape.width);
        work.tokens.fill(0.0);
        normalise_backward(isa, &group.norm, &work.seen, &mut work.tokens);
        let blocks = group.blocks.iter().enumerate().filter(|(index, _)| !self.is_left_out[*index]);
        for (index, block) in blocks.rev() {
            let [projection, attention_output, hidden, mlp_output] = self.block(index);
            let shown = Shown { first: index * SHOWN, ..shown };
            shown.of(3, TOKENS * width).for_each(|shown| add_heads(shown, 1, width, &mut work.tokens));
            let Work { tokens, branch, seen, hidden: grad_hidden, turned, .. } = work;
            let grad = masked(tokens, &block.mlp_mask, branch);
            mlp_output.learn(isa, &block.hidden, grad, COLUMNS, turned, &mut sums[mlp_output.place()]);
            mlp_output.backward(isa, copies, grad, COLUMNS, grad_hidden);
            rectify_backward(grad_hidden, &block.hidden, &block.hidden_mask);
            hidden.learn(
                isa,
                &block.mlp_norm.values,
                grad_hidden,
                COLUMNS,
                turned,
                &mut sums[hidden.place()],
            );
            hidden.backward(isa, copies, grad_hidden, COLUMNS, seen);
            normalise_backward(isa, &block.mlp_norm, seen, tokens);
            let grad = masked(tokens, &block.attention_mask, branch);
            attention_output.learn(
                isa,
                &block.seen,
                grad,
                COLUMNS,
                turned,
                &mut sums[attention_output.place()],
            );
            attention_output.backward(isa, copies, grad, COLUMNS, seen);
            self.attend_backward(block, shown, work);
            let Work { tokens, seen, projected, turned, .. } = work;
            projection.learn(
                isa,
                &block.attention_norm.values,
                projected,
                COLUMNS,
                turned,
                &mut sums[projection.place()],
            );
            projection.backward(isa, copies, projected, COLUMNS, seen);
            normalise_backward(isa, &block.attention_norm, seen, tokens);
        }
        let Work { tokens, turned, .. } = work;
        apply(tokens, &group.mask);
        let (sums, positions) = sums.split_at_mut(self.copies);
        for (sums, tokens) in positions.chunks_exact_mut(TOKENS).zip(tokens.chunks_exact(COLUMNS)) {
            for tokens in tokens.chunks_exact(TOKENS) {
                sums.iter_mut().zip(tokens).for_each(|(sum, token)| *sum += token);
            }
        }
        self.embedding.learn(isa, &group.patches, tokens, COLUMNS, turned, &mut sums[self.embedding.place()]);
    }
}

/// Gradients in shown layers, for one group and one block.
#[derive(Clone, Copy)]
struct Shown<'a> {
    all: &'a [(usize, Vec<f32>)],
    /// The group's digits.
    start: usize,
    end: usize,
    /// Place of the block's first layer.
    first: usize,
}

impl<'a> Shown<'a> {
    /// Those in a layer of this width, `[digits of the group, width]`.
    fn of(self, layer: usize, width: usize) -> impl Iterator<Item = &'a [f32]> {
        let found = self.all.iter().filter(move |(place, _)| *place == self.first + layer);
        found.map(move |(_, values)| &values[self.start * width..self.end * width])
    }
}

impl Vit {
    /// A transformer of this shape, before its first pass.
    ///
    /// # Panics
    /// When the heads do not share the width evenly.
    pub fn new(isa: Isa, shape: VitShape) -> Self {
        let plan = Plan::new(isa, shape);
        let (copies, positions) = (Aligned::zeros(plan.copies), Aligned::zeros(TOKENS * shape.width));
        let (groups, outputs) = (Vec::new(), Vec::new());
        let (works, sums) = (Workspaces::default(), Aligned::default());
        Self { plan, n: 0, copies, positions, groups, outputs, works, sums }
    }

    /// Number of its weights.
    pub fn weights(&self) -> usize {
        self.plan.weights
    }

    /// Draws which blocks are left out, and masks for all groups.
    fn draw(&mut self, masks: &mut dyn Masks) -> Option<Vec<f32>> {
        let VitShape { width, mlp_width, dropout, input_dropout, layer_drop, .. } = self.plan.shape;
        let n = self.n;
        let input = masks.mask(n * PIXELS, input_dropout);
        let (groups, is_left_out) = (&mut self.groups, &mut self.plan.is_left_out);
        let mut draw = |masks: &mut dyn Masks, rows: usize, of: &dyn Fn(&mut Group) -> &mut Aligned| {
            let mask = masks.mask(n * TOKENS * rows, dropout);
            for (index, group) in groups.iter_mut().enumerate() {
                let to = of(group);
                match &mask {
                    Some(mask) => arrange(mask, rows, index, n, to),
                    None => to.clear(),
                }
            }
        };
        draw(masks, width, &|group| &mut group.mask);
        for (block, is_left_out) in is_left_out.iter_mut().enumerate() {
            *is_left_out = masks.leaves_out(layer_drop);
            if !*is_left_out {
                draw(masks, width, &|group| &mut group.blocks[block].attention_mask);
                draw(masks, mlp_width, &|group| &mut group.blocks[block].hidden_mask);
                draw(masks, width, &|group| &mut group.blocks[block].mlp_mask);
            }
        }
        input
    }
}

impl Network for Vit {
    fn forward(&mut self, weights: &[f32], inputs: &[f32], masks: &mut dyn Masks) {
        assert_eq!(weights.len(), self.plan.weights, "weights of a vision transformer");
        assert!(inputs.len().is_multiple_of(PIXELS), "pixels of digits");
        self.n = inputs.len() / PIXELS;
        self.groups.resize_with(self.n.div_ceil(TOGETHER), Group::default);
        self.groups.iter_mut().for_each(|group| group.resize(&self.plan.shape));
        let mask = self.draw(masks);
        let Self { plan, n, copies, positions, groups, outputs, works, .. } = self;
        plan.linears().for_each(|linear| linear.copy(weights, copies));
        let width = plan.shape.width;
        for (token, values) in weights[plan.positions()].chunks_exact(width).enumerate() {
            values.iter().enumerate().for_each(|(row, value)| positions[row * TOKENS + token] = *value);
        }
        let each = TOGETHER * plan.shape.outputs;
        outputs.resize(groups.len() * each, 0.0);
        let (all, mask) = (groups.len(), mask.as_deref());
        let works = works.of(parallel::parts(*n * TOKENS * plan.weights, all));
        let (plan, n, copies, positions) = (&*plan, *n, &copies[..], &positions[..]);
        let split = (Rows(groups, 1), Rows(outputs, each));
        let run = |some: Range<usize>, (Rows(groups, _), Rows(outputs, _)): Split<'_>, work: &mut Work| {
            work.resize(&plan.shape);
            for ((index, group), outputs) in some.zip(groups).zip(outputs.chunks_exact_mut(each)) {
                plan.cut(inputs, mask, index, n, &mut group.patches);
                plan.forward(copies, positions, group, work);
                plan.put_out(copies, group, outputs);
            }
        };
        parallel::for_each(all, split, works, &run);
    }

    fn outputs(&self) -> &[f32] {
        &self.outputs[..self.n * self.plan.shape.outputs]
    }

    fn layer(&self, place: usize, to: &mut Vec<f32>) {
        let VitShape { width, heads, .. } = self.plan.shape;
        for digit in 0..self.n {
            let block = &self.groups[digit / TOGETHER].blocks[place / SHOWN];
            let digit = digit % TOGETHER;
            match place % SHOWN {
                0 => self.plan.show_scores(&block.projected, digit, to),
                1 => show_heads(&block.attention, heads, TOKENS, digit, to),
                2 => show_heads(&block.projected[2 * width * COLUMNS..], heads, width / heads, digit, to),
                _ => show_heads(&block.tokens, 1, width, digit, to),
            }
        }
    }

    fn backward(
        &mut self,
        weights: &[f32],
        _inputs: &[f32],
        grad_outputs: &[f32],
        grad_layers: &[(usize, Vec<f32>)],
        gradient: &mut [f32],
    ) {
        let Self { plan, n, copies, groups, works, sums, .. } = self;
        let (plan, n, copies, groups) = (&*plan, *n, &copies[..], &groups[..]);
        let VitShape { width, outputs, .. } = plan.shape;
        assert_eq!(grad_outputs.len(), n * outputs, "gradients in outputs");
        assert_eq!([weights.len(), gradient.len()], [plan.weights; 2], "weights of a vision transformer");
        // Of two groups at least: to begin a sum and to add it costs as well.
        let (parts, size) = (parallel::sums(groups.len() / 2), plan.sums());
        let run = |part: usize, sums: &mut [f32], work: &mut Work| {
            work.resize(&plan.shape);
            for index in parallel::share(part, parts, groups.len()) {
                let (group, start) = (&groups[index], index * TOGETHER);
                let shown = Shown { all: grad_layers, start, end: n.min(start + TOGETHER), first: 0 };
                let grads = &grad_outputs[start * outputs..shown.end * outputs];
                plan.hand_back(copies, group, grads, &mut work.seen, sums);
                plan.backward(copies, group, shown, work, sums);
            }
        };
        let works = works.of(parallel::parts(2 * n * TOKENS * plan.weights, parts));
        parallel::sum_up([1, parts, size], sums, works, &run);
        plan.linears().for_each(|linear| linear.add_gradient(weights, &mut sums[linear.place()], gradient));
        for (token, values) in gradient[plan.positions()].chunks_exact_mut(width).enumerate() {
            let sums = sums[plan.copies..size].iter().skip(token).step_by(TOKENS);
            values.iter_mut().zip(sums).for_each(|(value, sum)| *value += sum);
        }
    }
}
