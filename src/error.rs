//! One error enum for the whole crate. Every error has a stable `code`; the page turns codes into
//! sentences in the reader's language, the command line prints the text as it stands here.

use serde::Serialize;

/// One thing that is wrong with a config: where, what stands there, and what may stand there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Problem {
    /// Path of the field, as in `models.student.objective.temperature`.
    pub path: String,
    /// The value found there, as JSON text.
    pub value: String,
    /// What is allowed instead, in words.
    pub allowed: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} is not allowed; allowed: {}", self.path, self.value, self.allowed)
    }
}

/// Everything that can go wrong, by cause.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The config cannot be run; every problem is listed.
    #[error("the config has {} problem(s):\n{}", .0.len(), .0.iter().map(|p| format!("  - {p}")).collect::<Vec<_>>().join("\n"))]
    Config(Vec<Problem>),
    /// The text or message is not of the expected form at all.
    #[error("{what}: at `{path}`: {reason}")]
    Parse { what: String, path: String, reason: String },
    /// An idx file, or a sheet of them, is malformed, truncated or fails its checksum.
    #[error("{name}: {reason}")]
    Data { name: String, reason: String },
    /// A digit that has not been loaded (yet) was asked for.
    #[error("digits {needed} are needed, but only {loaded} are loaded")]
    DigitsMissing { needed: String, loaded: usize },
    /// A checkpoint does not hold the network it should.
    #[error("checkpoint `{name}`: {reason}")]
    Checkpoint { name: String, reason: String },
    /// A name that stands for nothing: a model, a recipe, a checkpoint.
    #[error("no {kind} is called `{name}`; there are: {known}")]
    Unknown { kind: &'static str, name: String, known: String },
    /// The engine failed, or there is none of this kind.
    #[error("engine {engine}: {reason}")]
    Engine { engine: &'static str, reason: String },
    /// Reading or writing a file failed.
    #[error("{path}: {reason}")]
    File { path: String, reason: String },
}

impl Error {
    /// Stable name of the cause, for programs and translations.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Config(_) => "config_invalid",
            Error::Parse { .. } => "parse_failed",
            Error::Data { .. } => "data_corrupt",
            Error::DigitsMissing { .. } => "digits_missing",
            Error::Checkpoint { .. } => "checkpoint_invalid",
            Error::Unknown { .. } => "unknown_name",
            Error::Engine { .. } => "engine_failed",
            Error::File { .. } => "file_failed",
        }
    }

    /// The list of config problems, empty for every other cause.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Error::Config(problems) => problems,
            _ => &[],
        }
    }
}

/// The crate's result type.
pub type Result<T> = std::result::Result<T, Error>;
