//! How an engine fails.

use serde::Serialize;

/// How an engine fails. Every `detail` is a driver's or a library's own text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum EngineFault {
    #[error("this build leaves it out")]
    LeftOut,
    #[error("no adapter is to be had: {detail}")]
    NoAdapter { detail: String },
    #[error("kernel {kernel}: {detail}")]
    Kernel { kernel: String, detail: String },
    #[error("its results cannot be read: {detail}")]
    DeviceLost { detail: String },
    #[error("its results differ from the CPU's: {detail}")]
    Differs { detail: String },
    #[error("{}", .models.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    ModelsStopped { models: Vec<StoppedModel> },
}

/// A model that an error stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[error("{name} was stopped ({stopped})")]
pub struct StoppedModel {
    pub name: String,
    /// The warning's code.
    pub stopped: String,
}
