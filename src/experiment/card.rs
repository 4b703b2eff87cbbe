//! What is told beside a shipped teacher.

use serde::{Deserialize, Serialize};

use super::Config;
use crate::nets::{Cost, Net};

/// How a shipped teacher was made and how good it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The name that a config's `init: {pretrained: …}` uses.
    pub name: String,
    /// The network.
    pub net: Net,
    /// What it takes.
    pub cost: Cost,
    /// Errors on the 10,000 test digits.
    pub test_errors: u32,
    /// Errors on the held-out validation digits, on which it was chosen.
    pub validation_errors: u32,
    /// Expected calibration error on the 10,000 test digits, 15 equal bins (Guo et al. 2017, eq. 3), 0 to 1.
    pub test_calibration_error: Option<f64>,
    /// The same on the validation digits.
    pub validation_calibration_error: Option<f64>,
    /// Whether its logits for the digits come with it; one that answers fast enough is asked itself.
    pub brings_logits: bool,
    /// Length of its safetensors file.
    pub file_bytes: u64,
    /// SHA-256 of the weights as little-endian f32, hexadecimal.
    pub weights_digest: String,
    /// The command that makes it again.
    pub command: String,
    /// The experiment that made it: its one model, its seed, what it learnt on.
    pub config: Config,
}

/// Multiply-adds a digit from which on a teacher brings its logits. With fewer it answers for the 10,000 digits of a sheet
/// within a second, and their 200 kB would be more than the teacher itself.
const BRINGS_LOGITS_FROM: u64 = 1_000_000;

/// Whether a network with this cost brings its logits.
pub fn brings_logits(cost: &Cost) -> bool {
    cost.multiply_adds >= BRINGS_LOGITS_FROM
}
