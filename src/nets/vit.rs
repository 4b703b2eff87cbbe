//! The vision transformer.

use distillery_kernels::VitShape;
use serde::{Deserialize, Serialize};

use super::{DIGITS, DROPOUT, HIDDEN_WIDTH, Layer, LayerKind, Network, Parameter, ParameterKind, is_digits};
use crate::data::SIDE;
use crate::error::Allowed;
use crate::ranges::{Ranges, ranges};
use crate::report::Report;

/// Side of a patch, in pixels.
pub(super) const PATCH: usize = 7;
/// Patches along a side of the digit.
pub(super) const GRID: usize = SIDE / PATCH;
pub(super) const TOKENS: usize = GRID * GRID;
/// First values of positions: standard deviation 0.02, as is usual since BERT.
const POSITION_BOUND: f32 = 0.034_641_016;

fn is_off(choice: &bool) -> bool {
    !choice
}

fn is_never(probability: &f64) -> bool {
    *probability == 0.0
}

/// A vision transformer (Dosovitskiy et al. 2021, eq. 1–4): 16 patches of 7×7 pixels become tokens, blocks of
/// self-attention and of a perceptron for each token follow, both behind a layer norm and beside a residual path.
/// The logits come of the mean over tokens, not of a class token: as good (appendix D.3), and every token is
/// a place in the picture, which attention maps can be drawn on. The perceptron has a ReLU
/// (Vaswani et al. 2017, eq. 2), cheaper on the CPU engine than a GELU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Vit {
    /// Values of a token; a multiple of `heads`.
    pub width: u32,
    /// Blocks, one behind the other.
    pub depth: u32,
    /// Whether all blocks have the same weights (ALBERT, Lan et al. 2020, section 3.1): as many multiply-adds, a fraction
    /// of the weights.
    #[serde(skip_serializing_if = "is_off")]
    pub shared: bool,
    /// Heads of self-attention in each block.
    pub heads: u32,
    /// Hidden units of each block's perceptron.
    pub mlp_width: u32,
    /// Probability that a value is dropped in a training step: of a token after its position is added, and behind every
    /// fully connected layer but those of queries, keys and values (Dosovitskiy et al. 2021, appendix B.1).
    pub dropout: f64,
    /// Probability that a pixel is dropped in a training step.
    pub input_dropout: f64,
    /// Probability that a block is left out of a training step, with both its branches (LayerDrop, Fan et al. 2020,
    /// section 3.1).
    #[serde(skip_serializing_if = "is_never")]
    pub layer_drop: f64,
    /// Outputs: one for each class of the model's tasks, which it follows from.
    #[cfg_attr(feature = "cli", schemars(skip))]
    #[serde(skip_serializing_if = "is_digits")]
    pub outputs: u32,
}

ranges!(Vit {
    // A single value per token would be all that the layer norm takes away.
    width: 2.0..=512.0, unit "units";
    depth: 1.0..=12.0;
    heads: 1.0..=16.0;
    mlp_width: HIDDEN_WIDTH, unit "units";
    dropout: DROPOUT;
    input_dropout: DROPOUT;
    layer_drop: DROPOUT;
});

impl Default for Vit {
    fn default() -> Self {
        Self {
            width: 32,
            depth: 2,
            shared: false,
            heads: 4,
            mlp_width: 64,
            dropout: 0.0,
            input_dropout: 0.0,
            layer_drop: 0.0,
            outputs: DIGITS,
        }
    }
}

impl Vit {
    /// Width, heads and units of a block's perceptron.
    pub(super) fn sizes(&self) -> (usize, usize, usize) {
        (self.width as usize, self.heads as usize, self.mlp_width as usize)
    }

    /// Blocks with weights of their own.
    pub(super) fn stored_blocks(&self) -> u32 {
        if self.shared { 1 } else { self.depth }
    }

    /// What its passes on the host are made of.
    pub fn shape(&self) -> VitShape {
        let (width, heads, mlp_width) = self.sizes();
        VitShape {
            width,
            depth: self.depth as usize,
            shared: self.shared,
            heads,
            mlp_width,
            outputs: self.outputs as usize,
            dropout: self.dropout,
            input_dropout: self.input_dropout,
            layer_drop: self.layer_drop,
        }
    }
}

/// Gains and biases of a layer norm.
fn norm_parameters(layer: u32, path: &str, width: usize) -> [Parameter; 2] {
    let of = |part: &str, kind| Parameter::new(layer, &format!("{path}.{part}"), kind, &[width]);
    [of("gain", ParameterKind::NormScale).constant(1.0), of("bias", ParameterKind::NormBias)]
}

/// Weights `[from, to]` and biases `[to]` of a fully connected layer without a ReLU behind it; `path` ends with a
/// point, if there is one.
fn linear_parameters(layer: u32, path: &str, from: usize, to: usize) -> [Parameter; 2] {
    let weight = Parameter::new(layer, &format!("{path}weight"), ParameterKind::Dense, &[from, to]);
    [weight.linear(from), Parameter::bias(layer, &format!("{path}bias"), to)]
}

fn block_parameters(layer: u32, width: usize, mlp_width: usize) -> impl Iterator<Item = Parameter> {
    let hidden = Parameter::new(layer, "mlp.hidden.weight", ParameterKind::Dense, &[width, mlp_width]);
    [
        norm_parameters(layer, "attention.norm", width),
        linear_parameters(layer, "attention.queries_keys_values.", width, 3 * width),
        linear_parameters(layer, "attention.output.", width, width),
        norm_parameters(layer, "mlp.norm", width),
        [hidden.rectified(width), Parameter::bias(layer, "mlp.hidden.bias", mlp_width)],
        linear_parameters(layer, "mlp.output.", mlp_width, width),
    ]
    .into_iter()
    .flatten()
}

impl Network for Vit {
    fn check(&self, path: &str, report: &mut Report) {
        self.check_ranges(path, report);
        if self.heads >= 1 && !self.width.is_multiple_of(self.heads) {
            report.add(format!("{path}.heads"), &self.heads, Allowed::Divides { width: self.width });
        }
    }

    /// `layers.0` are the patches' embedding and the positions, then each block, or the one that all share, and last the
    /// output with its norm.
    fn parameters(&self) -> Vec<Parameter> {
        let (width, _, mlp_width) = self.sizes();
        let mut parameters = Vec::from(linear_parameters(0, "", PATCH * PATCH, width));
        let positions = Parameter::new(0, "positions", ParameterKind::Positions, &[1, TOKENS, width]);
        parameters.push(positions.uniform(POSITION_BOUND));
        let output = self.stored_blocks() + 1;
        parameters.extend((1..output).flat_map(|block| block_parameters(block, width, mlp_width)));
        parameters.extend(norm_parameters(output, "norm", width));
        parameters.extend(linear_parameters(output, "", width, self.outputs as usize));
        parameters
    }

    fn layers(&self) -> Vec<Layer> {
        let (width, heads, _) = self.sizes();
        let block = |index: u32| {
            [
                Layer::new(format!("scores.{index}"), LayerKind::Scores, &[heads, TOKENS, TOKENS]),
                Layer::new(format!("attention.{index}"), LayerKind::Attention, &[heads, TOKENS, TOKENS]),
                Layer::new(format!("values.{index}"), LayerKind::Values, &[heads, TOKENS, width / heads]),
                Layer::new(format!("block.{index}"), LayerKind::Hidden, &[TOKENS, width]),
            ]
        };
        (0..self.depth).flat_map(block).collect()
    }

    fn multiply_adds(&self) -> u64 {
        let (width, _, mlp_width) = self.sizes();
        // Squares for the variance, and the gains.
        let norm = 2 * TOKENS * width;
        let linear = TOKENS * (3 * width * width + width * width + 2 * width * mlp_width);
        // Queries with keys, and attention with values; heads share the width.
        let attention = 2 * TOKENS * TOKENS * width;
        let block = 2 * norm + linear + attention;
        let embedding = TOKENS * PATCH * PATCH * width;
        (embedding + self.depth as usize * block + norm + width * self.outputs as usize) as u64
    }

    /// Every layer but the output is used for each token, a block that all share in the place of each.
    fn uses(&self, parameter: &Parameter) -> u64 {
        match parameter.layer {
            Some(0) => TOKENS as u64,
            Some(layer) if layer <= self.stored_blocks() => {
                TOKENS as u64 * u64::from(self.depth / self.stored_blocks())
            }
            _ => 1,
        }
    }
}
