//! The vision transformer.

use burn::tensor::{
    Tensor,
    activation::{relu, softmax},
    module::{layer_norm, linear},
};

use super::{Pass, Weights};
use crate::nets::Vit;
use crate::nets::vit::{GRID, PATCH, TOKENS};

/// Keeps the layer norm of equal values finite.
const EPSILON: f64 = 1e-5;

/// Parameters of the embedding, in front of the first block's.
const EMBEDDING_PARAMETERS: usize = 3;
/// Parameters of a block.
const BLOCK_PARAMETERS: usize = 12;

/// Weights of a block or of the output, taken one after another in the order of the layout.
struct Next<'a> {
    weights: &'a Weights,
    index: usize,
}

impl Next<'_> {
    fn take<const D: usize>(&mut self) -> Tensor<D> {
        self.index += 1;
        self.weights.get::<D>(self.index - 1)
    }

    /// `x · W + b`, each row by itself.
    fn linear(&mut self, values: Tensor<2>) -> Tensor<2> {
        let weight = self.take::<2>();
        linear(values, weight, Some(self.take::<1>()))
    }

    fn norm(&mut self, values: Tensor<2>) -> Tensor<2> {
        let gain = self.take::<1>();
        layer_norm(values, gain, Some(self.take::<1>()), EPSILON)
    }
}

impl Vit {
    /// See [`Net::forward`](crate::nets::Net::forward).
    pub(super) fn forward(&self, weights: &Weights, digits: Tensor<2>, pass: &mut Pass) -> Tensor<2> {
        let ([n, _], (width, ..)) = (digits.dims(), self.sizes());
        let digits = pass.drop(digits, self.input_dropout);
        let mut next = Next { weights, index: 0 };
        let mut tokens = pass.drop(self.embed(&mut next, digits), self.dropout);
        for block in 0..self.depth as usize {
            if pass.leaves_out(self.layer_drop) {
                continue;
            }
            let stored = block % self.stored_blocks() as usize;
            next.index = EMBEDDING_PARAMETERS + stored * BLOCK_PARAMETERS;
            tokens = tokens.clone() + self.attend(&mut next, tokens, block, pass);
            tokens = tokens.clone() + self.think(&mut next, tokens, pass);
            pass.show(&format!("block.{block}"), &tokens.clone().reshape([n, TOKENS, width]));
        }
        next.index = EMBEDDING_PARAMETERS + self.stored_blocks() as usize * BLOCK_PARAMETERS;
        let mean = next.norm(tokens).reshape([n, TOKENS, width]).mean_dim(1).reshape([n, width]);
        next.linear(mean)
    }

    /// Tokens `[n · 16, width]` of digits `[n, 784]`, with their positions.
    fn embed(&self, next: &mut Next, digits: Tensor<2>) -> Tensor<2> {
        let ([n, _], (width, ..)) = (digits.dims(), self.sizes());
        let patches = digits.reshape([n, GRID, PATCH, GRID, PATCH]).permute([0, 1, 3, 2, 4]);
        let tokens = next.linear(patches.reshape([n * TOKENS, PATCH * PATCH]));
        (tokens.reshape([n, TOKENS, width]) + next.take::<3>()).reshape([n * TOKENS, width])
    }

    /// Multi-head self-attention (Vaswani et al. 2017, eq. 1) over `[n · 16, width]`, behind its layer norm.
    fn attend(&self, next: &mut Next, tokens: Tensor<2>, block: usize, pass: &mut Pass) -> Tensor<2> {
        let ([rows, _], (width, heads, _)) = (tokens.dims(), self.sizes());
        let (n, head) = (rows / TOKENS, width / heads);
        let normed = next.norm(tokens);
        let all = next.linear(normed).reshape([n, TOKENS, 3, heads, head]).permute([2, 0, 3, 1, 4]);
        let part =
            |index: usize| -> Tensor<4> { all.clone().narrow(0, index, 1).reshape([n, heads, TOKENS, head]) };
        let (queries, keys, values) = (part(0), part(1), part(2));
        let scores = queries.matmul(keys.transpose()).div_scalar((head as f64).sqrt());
        pass.show(&format!("scores.{block}"), &scores);
        let attention = softmax(scores, 3);
        pass.show(&format!("attention.{block}"), &attention);
        pass.show(&format!("values.{block}"), &values);
        let seen = attention.matmul(values).swap_dims(1, 2).reshape([rows, width]);
        pass.drop(next.linear(seen), self.dropout)
    }

    /// The perceptron of each token, behind its layer norm.
    fn think(&self, next: &mut Next, tokens: Tensor<2>, pass: &mut Pass) -> Tensor<2> {
        let normed = next.norm(tokens);
        let hidden = pass.drop(relu(next.linear(normed)), self.dropout);
        pass.drop(next.linear(hidden), self.dropout)
    }
}
