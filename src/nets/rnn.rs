//! The recurrent network.

use distillery_kernels::RnnShape;
use serde::{Deserialize, Serialize};

use super::{DIGITS, DROPOUT, Layer, LayerKind, Network, Parameter, ParameterKind, is_digits};
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

impl Rnn {
    pub(super) fn units(&self) -> usize {
        self.units as usize
    }

    fn outputs(&self) -> usize {
        self.outputs as usize
    }

    /// What its passes on the host are made of.
    pub fn shape(&self) -> RnnShape {
        RnnShape {
            units: self.units(),
            outputs: self.outputs(),
            dropout: self.dropout,
            input_dropout: self.input_dropout,
        }
    }
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
}
