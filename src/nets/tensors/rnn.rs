//! The recurrent network.

use burn::tensor::{
    Tensor,
    activation::{sigmoid, tanh},
    module::linear,
};

use super::{Pass, Weights};
use crate::data::SIDE;
use crate::nets::Rnn;

/// Places of the parameters in the weight vector.
const WEIGHT: usize = 0;
const FORGET_BIAS: usize = 1;
const BIAS: usize = 2;
const OUTPUT_WEIGHT: usize = 3;
const OUTPUT_BIAS: usize = 4;

impl Rnn {
    /// See [`Net::forward`](crate::nets::Net::forward).
    pub(super) fn forward(&self, weights: &Weights, digits: Tensor<2>, pass: &mut Pass) -> Tensor<2> {
        let [n, _] = digits.dims();
        let mut states = self.states(weights, pass.drop(digits, self.input_dropout));
        let last = states[SIDE - 1].clone().swap_dims(0, 1).reshape([n, 2 * self.units()]);
        if pass.wants("rows") {
            pass.show("rows", &by_row(std::mem::take(&mut states)));
        }
        pass.show("final", &last);
        let last = pass.drop(last, self.dropout);
        linear(last, weights.get::<2>(OUTPUT_WEIGHT), Some(weights.get::<1>(OUTPUT_BIAS)))
    }

    /// The state after each step `[2, n, units]`, both directions at once; `digits` is `[n, 784]`.
    fn states(&self, weights: &Weights, digits: Tensor<2>) -> Vec<Tensor<3>> {
        let (n, units) = (digits.dims()[0], self.units());
        let device = digits.device();
        let down = digits.reshape([n, SIDE, SIDE]);
        let up = down.clone().flip([1]);
        let steps = Tensor::stack::<4>(vec![down, up], 0).permute([2, 0, 1, 3]);
        let weight = weights.get::<3>(WEIGHT);
        let bias = Tensor::cat(vec![weights.get::<3>(FORGET_BIAS), weights.get::<3>(BIAS)], 2);
        let mut state = Tensor::<3>::zeros([2, n, units], &device);
        let mut cell = state.clone();
        let mut states = Vec::with_capacity(SIDE);
        for step in 0..SIDE {
            let rows = steps.clone().narrow(0, step, 1).reshape([2, n, SIDE]);
            let sums = Tensor::cat(vec![rows, state], 2).matmul(weight.clone()) + bias.clone();
            let gates = sigmoid(sums.clone().slice([0..2, 0..n, 0..3 * units]));
            let gate = |index: usize| gates.clone().slice([0..2, 0..n, index * units..(index + 1) * units]);
            let candidate = tanh(sums.slice([0..2, 0..n, 3 * units..4 * units]));
            cell = gate(0) * cell + gate(1) * candidate;
            state = gate(2) * tanh(cell.clone());
            states.push(state.clone());
        }
        states
    }
}

/// States of both directions by row, `[n, 28, 2, units]`, from those by step; step 0 upwards is the last row.
fn by_row(states: Vec<Tensor<3>>) -> Tensor<4> {
    let steps = Tensor::stack::<4>(states, 0);
    let [_, _, n, units] = steps.dims();
    let down = steps.clone().slice([0..SIDE, 0..1, 0..n, 0..units]);
    let up = steps.slice([0..SIDE, 1..2, 0..n, 0..units]).flip([0]);
    Tensor::cat(vec![down, up], 1).permute([2, 0, 1, 3])
}
