//! One error enum for the whole crate. Every error is a stable `code` with typed parameters, which whoever speaks to
//! the reader words; the text as it stands here is the command line's. What others word (a driver, a file system) is a
//! `detail`.

mod allowed;
mod checkpoint_fault;
mod data_fault;
mod engine_fault;
mod problem;

pub use allowed::{Allowed, Kind, Unlabelled};
pub use checkpoint_fault::CheckpointFault;
pub use data_fault::DataFault;
pub use engine_fault::{EngineFault, StoppedModel};
pub use problem::Problem;

use serde::Serialize;

use crate::split::Split;

/// Everything that can go wrong, by cause.
#[derive(Debug, Clone, PartialEq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema), schemars(rename = "Failure"))]
#[serde(tag = "code")]
pub enum Error {
    /// The config cannot be run; every problem of the first layer of checks that fails is listed.
    #[error("the config has {} problem(s):\n{}", .problems.len(), lines(.problems))]
    #[serde(rename = "config_invalid")]
    Config { problems: Vec<Problem> },
    /// The text is not of the expected form at all.
    #[error("{what}: {fault}")]
    #[serde(rename = "parse_failed")]
    Parse { what: String, fault: ParseFault },
    /// An idx file, or a sheet of them, is malformed, truncated or fails its checksum.
    #[error("{name}: {fault}")]
    #[serde(rename = "data_corrupt")]
    Data { name: String, fault: DataFault },
    /// Digits that have not been loaded (yet) were asked for: the first `needed` are needed.
    #[error("the first {needed} {} are needed, but {loaded} are loaded{}", .split.pictures(), where_from(.split))]
    #[serde(rename = "digits_missing")]
    DigitsMissing { split: Split, needed: u32, loaded: u32 },
    /// A checkpoint does not hold the network it should.
    #[error("checkpoint `{name}`: {fault}")]
    #[serde(rename = "checkpoint_invalid")]
    Checkpoint { name: String, fault: CheckpointFault },
    /// A name that stands for nothing: a model, a recipe, a checkpoint.
    #[error("unknown {kind} `{name}`; expected one of {}", .known.join(", "))]
    #[serde(rename = "unknown_name")]
    Unknown { kind: Named, name: String, known: Vec<String> },
    /// There is no session to ask.
    #[error("no session is running; call start first")]
    #[serde(rename = "no_session")]
    NoSession,
    /// The engine failed, or there is none of this kind.
    #[error("engine {engine}: {fault}")]
    #[serde(rename = "engine_failed")]
    Engine { engine: &'static str, fault: EngineFault },
    /// Reading or writing a file failed; `detail` is the system's.
    #[error("{path}: {detail}")]
    #[serde(rename = "file_failed")]
    File { path: String, detail: String },
}

/// What a text lacks to be read.
#[derive(Debug, Clone, PartialEq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ParseFault {
    /// Lines and columns are counted from 1.
    #[error("it is not JSON at line {line}, column {column}")]
    NotJson { line: u64, column: u64 },
    #[error("something follows its end at line {line}, column {column}")]
    Trailing { line: u64, column: u64 },
    #[error("{} problem(s):\n{}", .problems.len(), lines(.problems))]
    Fields { problems: Vec<Problem> },
}

/// What a name is meant to be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Named {
    #[error("recipe")]
    Recipe,
    #[error("sheet")]
    Sheet,
    #[error("model")]
    Model,
    #[error("model that tells digits")]
    DigitModel,
    #[error("checkpoint")]
    Checkpoint,
    #[error("layer")]
    Layer,
    #[error("parameter")]
    Parameter,
    #[error("type")]
    Type,
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("  - {problem}")).collect::<Vec<_>>().join("\n")
}

/// What a user of the command line can do about pictures that are missing.
fn where_from(split: &Split) -> &'static str {
    match split {
        Split::Own => "; give them by --own-images FILE --own-labels FILE",
        Split::OwnTest => "; give them by --own-test-images FILE --own-test-labels FILE",
        Split::Train | Split::Test | Split::Fashion | Split::FashionTrain | Split::FashionTest => "",
    }
}

impl Error {
    /// Stable name of the cause, for programs and translations.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Config { .. } => "config_invalid",
            Error::Parse { .. } => "parse_failed",
            Error::Data { .. } => "data_corrupt",
            Error::DigitsMissing { .. } => "digits_missing",
            Error::Checkpoint { .. } => "checkpoint_invalid",
            Error::Unknown { .. } => "unknown_name",
            Error::NoSession => "no_session",
            Error::Engine { .. } => "engine_failed",
            Error::File { .. } => "file_failed",
        }
    }

    /// The list of problems, empty for every cause that has none.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Error::Config { problems } => problems,
            Error::Parse { fault: ParseFault::Fields { problems }, .. } => problems,
            _ => &[],
        }
    }

    /// A config with one problem.
    pub fn config(problem: Problem) -> Self {
        Error::Config { problems: vec![problem] }
    }

    /// A name that stands for nothing, and those that stand for something.
    pub fn unknown<'a>(kind: Named, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known = known.into_iter().map(str::to_owned).collect();
        Error::Unknown { kind, name: name.to_owned(), known }
    }
}

/// An error as it is thrown: its code and parameters, and beside them always `message` and `problems`.
#[derive(Serialize)]
pub struct Thrown<'a> {
    #[serde(flatten)]
    error: &'a Error,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    problems: Option<&'a [Problem]>,
}

impl<'a> From<&'a Error> for Thrown<'a> {
    fn from(error: &'a Error) -> Self {
        // Those of a config stand among its parameters already.
        let problems = (!matches!(error, Error::Config { .. })).then(|| error.problems());
        Self { error, message: error.to_string(), problems }
    }
}

/// The crate's result type.
pub type Result<T> = std::result::Result<T, Error>;
