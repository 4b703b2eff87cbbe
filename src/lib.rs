//! Distillery: knowledge distillation on real handwritten digits.
//!
//! The map of the crate, from the ground up; each layer uses only what stands above it here:
//! - [`split`]: the files that pictures come from;
//! - [`error`]: one error enum with stable codes and typed parameters;
//! - [`bounds`]: the range of every number in a config;
//! - [`json`]: reading JSON, one way for everything that is read;
//! - [`archive`]: structures in safetensors files, their numbers as tensors;
//! - [`report`]: what a validation found;
//! - [`random`]: seeded streams on the host, the only source of chance;
//! - [`data`]: idx files, the digits and their split, sheets, batches, jitter, drawings;
//! - [`nets`]: what can be trained: specs, forward passes, weights, checkpoints;
//! - [`measure`]: errors, agreement, calibration, statistics;
//! - [`distill`]: soft targets, the loss and its terms, schedules;
//! - [`compress`]: ways to make a model small, and the file of the fewest bytes;
//! - [`train`]: the engine, the optimisers and one training step;
//! - [`experiment`]: config, recipes, the family tree, the session that drives it, the record;
//! - `web`: the boundary to the page (wasm32 only), and `cli`: the command line (native only).

#![forbid(unsafe_code)]
// A panic that nobody expects says at least what was taken for certain; what tests take for certain is what they test.
#![cfg_attr(not(test), warn(clippy::unwrap_used))]

#[cfg(not(any(feature = "cpu", feature = "webgpu")))]
compile_error!("an engine has to be chosen: feature `cpu`, `webgpu` or both");

pub mod archive;
pub mod bounds;
pub mod compress;
pub mod data;
pub mod distill;
pub mod error;
pub mod experiment;
pub mod json;
pub mod measure;
pub mod nets;
pub mod random;
pub mod ranges;
pub mod report;
pub mod split;
pub mod train;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(target_arch = "wasm32")]
pub mod web;
