//! Warnings: what stops a model, as a code with typed parameters, and the same in English.

use std::fmt;

use serde::Serialize;

/// Why a model was stopped.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Warning {
    /// A loss is not finite since a step, counted from 1; the learning rate is that of the step.
    LossNotFinite { term: LossTerm, step: u32, learning_rate: f64 },
    /// A model that it depends on was stopped.
    TeacherStopped { other: String },
}

/// One term of the loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LossTerm {
    Hard,
    Soft,
    Total,
    /// That of an imitation, by its place in `imitates`.
    Imitated(u32),
}

impl Warning {
    /// Stable name, for programs and translations; it stands in the record.
    pub fn code(&self) -> &'static str {
        match self {
            Warning::LossNotFinite { .. } => "loss_not_finite",
            Warning::TeacherStopped { .. } => "teacher_stopped",
        }
    }
}

impl fmt::Display for LossTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LossTerm::Hard => f.write_str("hard"),
            LossTerm::Soft => f.write_str("soft"),
            LossTerm::Total => f.write_str("total"),
            LossTerm::Imitated(index) => write!(f, "imitates[{index}]"),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::LossNotFinite { term, step, learning_rate } => {
                let or_weight = match term {
                    LossTerm::Imitated(_) => ", or a smaller weight of that term",
                    LossTerm::Hard | LossTerm::Soft | LossTerm::Total => "",
                };
                write!(
                    f,
                    "{term} loss is not finite since step {step}; try a learning rate below {learning_rate:.3e}{or_weight}"
                )
            }
            Warning::TeacherStopped { other } => {
                write!(f, "{other}, which it depends on, was stopped; mend that first")
            }
        }
    }
}
