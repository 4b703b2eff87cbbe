//! Which digits there are, how they are split, and which of them measures are taken on.

use serde::{Deserialize, Serialize};

use super::TRANSFER_DIGITS;
use crate::data::{FASHION_PICTURES, MNIST_PICTURES, Split};
use crate::ranges::ranges;

/// The data set and its split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Data {
    /// The set of digits, which says where the test digits come from.
    pub set: DataSet,
    /// How many of the training digits, the last ones, are held out for validation.
    pub validation: u32,
    /// Which digits the measures are taken on: `test` to report; `validation` to tune, the test digits shut until they
    /// are opened at the end.
    pub evaluate_on: EvaluateOn,
    /// How many of those digits, and of the test digits when they are opened, from the first on; more than there are
    /// means all.
    pub evaluated: u32,
    /// How many of the digits that each model learns on, from the first on, it is measured on as well after every epoch,
    /// as they are before jitter and other changes: with them a curve tells over-fitting. Left out: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training_evaluated: Option<u32>,
}

ranges!(Data {
    validation: 0.0..=30_000.0, unit "digits";
    evaluated: 1.0..=30_000.0, unit "digits";
    training_evaluated: TRANSFER_DIGITS, unit "digits";
});

impl Default for Data {
    fn default() -> Self {
        Self {
            set: DataSet::Mnist,
            validation: 5_000,
            evaluate_on: EvaluateOn::Test,
            evaluated: 10_000,
            training_evaluated: None,
        }
    }
}

/// A set of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DataSet {
    /// MNIST: 60,000 training and 10,000 test digits of 28×28 grey pixels.
    Mnist,
    /// MNIST to learn on and to validate with; in place of its test digits the pair of idx files that the user gave to
    /// test on, labels 0 to 9.
    Own,
    /// Fashion-MNIST (Xiao et al. 2017): 20,000 training and 10,000 test pictures of ten classes of clothes.
    Fashion,
}

impl DataSet {
    /// The pictures that it has to learn on; the last of them are held out.
    pub fn learnt(self) -> Split {
        if self == DataSet::Fashion { Split::FashionTrain } else { Split::Train }
    }

    /// How many of those there are.
    pub fn learnt_count(self) -> u32 {
        if self == DataSet::Fashion { FASHION_PICTURES } else { MNIST_PICTURES }
    }
}

/// The digits that measures are taken on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EvaluateOn {
    /// The test digits: for reporting.
    Test,
    /// The held-out validation digits: for tuning.
    Validation,
}
