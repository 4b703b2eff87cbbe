//! The recurrent network.

use burn::tensor::{
    Tensor,
    activation::{sigmoid, tanh},
    module::linear,
};
use distillery_kernels::{Isa, Network as Passes, RnnShape};
use serde::{Deserialize, Serialize};

use super::{DIGITS, DROPOUT, Layer, LayerKind, Network, Parameter, ParameterKind, Pass, Weights, is_digits};
use crate::data::SIDE;
use crate::ranges::{Ranges, ranges};
use crate::report::Report;

/// A bidirectional LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000), as in Tang et al.
/// (2019): one direction reads the digit's 28 rows from the top, the other from the bottom; the last states of
/// both are concatenated and give the logits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Rnn {
    /// Units of each direction.
    pub units: u32,
    /// Probability that a unit of the last states is dropped in a training step.
    pub dropout: f64,
    /// Probability that a pixel is dropped in a training step.
    pub input_dropout: f64,
    /// Outputs: one for each class of the model's tasks, which it follows from.
    #[cfg_attr(feature = "cli", schemars(skip))]
    #[serde(skip_serializing_if = "is_digits")]
    pub outputs: u32,
}

ranges!(Rnn {
    units: 1.0..=512.0, unit "units";
    dropout: DROPOUT;
    input_dropout: DROPOUT;
});

impl Default for Rnn {
    fn default() -> Self {
        Self { units: 32, dropout: 0.0, input_dropout: 0.0, outputs: DIGITS }
    }
}

/// Places of the parameters in the weight vector.
const WEIGHT: usize = 0;
const FORGET_BIAS: usize = 1;
const BIAS: usize = 2;
const OUTPUT_WEIGHT: usize = 3;
const OUTPUT_BIAS: usize = 4;

impl Rnn {
    fn units(&self) -> usize {
        self.units as usize
    }

    fn outputs(&self) -> usize {
        self.outputs as usize
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

impl Network for Rnn {
    fn check(&self, path: &str, report: &mut Report) {
        self.check_ranges(path, report);
    }

    /// The first axis is the direction, downwards and upwards. Rows of `layers.0.weight` are 28 pixels, then the state
    /// before; its columns the forget gate, the input gate, the output gate and the candidate.
    fn parameters(&self) -> Vec<Parameter> {
        let (units, inputs) = (self.units(), SIDE + self.units());
        vec![
            Parameter::new(0, "weight", ParameterKind::Recurrent, &[2, inputs, 4 * units]).linear(inputs),
            // An open gate from the start, so that the first rows reach the last (Gers et al. 2000; Jozefowicz et al.
            // 2015).
            Parameter::new(0, "forget_bias", ParameterKind::Bias, &[2, 1, units]).constant(1.0),
            Parameter::new(0, "bias", ParameterKind::Bias, &[2, 1, 3 * units]),
            Parameter::new(1, "weight", ParameterKind::Dense, &[2 * units, self.outputs()]).linear(2 * units),
            Parameter::bias(1, "bias", self.outputs()),
        ]
    }

    fn forward(&self, weights: &Weights, digits: Tensor<2>, pass: &mut Pass) -> Tensor<2> {
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

    fn layers(&self) -> Vec<Layer> {
        let both = 2 * self.units();
        vec![
            Layer::new("rows", LayerKind::Hidden, &[SIDE, both]),
            Layer::new("final", LayerKind::Hidden, &[both]),
        ]
    }

    fn multiply_adds(&self) -> u64 {
        let units = self.units();
        // Each gate multiplies once: the cell before, the candidate, the cell after.
        let step = (SIDE + units) * 4 * units + 3 * units;
        (2 * SIDE * step + 2 * units * self.outputs()) as u64
    }

    /// The layer that recurs is used at every row.
    fn uses(&self, parameter: &Parameter) -> u64 {
        if parameter.kind == ParameterKind::Recurrent { SIDE as u64 } else { 1 }
    }

    fn passes(&self, isa: Isa) -> Option<Box<dyn Passes>> {
        let shape = RnnShape {
            units: self.units(),
            outputs: self.outputs(),
            dropout: self.dropout,
            input_dropout: self.input_dropout,
        };
        Some(Box::new(distillery_kernels::Rnn::new(isa, shape)))
    }
}
