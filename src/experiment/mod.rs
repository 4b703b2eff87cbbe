//! An experiment is a family tree of models: its config, its recipes, the session that trains it, and the
//! record it leaves behind.

mod card;
mod checkpoint_store;
mod config;
mod event;
mod grid;
mod initial_weights;
mod learnable;
mod learnt;
mod outputs;
mod own_pictures;
mod questions;
mod recipes;
mod record;
mod samples;
mod session;
mod timing;
mod tree;
mod validate;
mod warning;

pub use card::{Card, brings_logits};
pub use checkpoint_store::CheckpointStore;
pub use config::{
    Config, Data, DataSet, EvaluateOn, Init, Model, NetChoice, Objective, Pictures, SameAs, Source, TaskSet,
    Training, TransferSet, VERSION,
};
pub use event::{Advance, Ended, Event, LossTerms, StartedModel};
pub use grid::{Cell, Grid, SEEDS, plain};
pub use learnt::{Example, examples};
pub use own_pictures::{BetterReading, OwnLook, look_at_own};
pub use questions::{Question, questions};
pub use recipes::{Compare, Recipe, Text, recipe, recipes};
pub use record::{
    Comparison, Environment, EpochMeasures, ModelCost, ModelRecord, Record, TaskErrors, TestMeasures,
    TestResults,
};
pub use session::{Budget, Compressed, CompressedLayer, Session, rehearse};
pub use timing::time_steps;
#[cfg(feature = "cli")]
pub use validate::RANGES;
pub use warning::{LossTerm, Warning};
