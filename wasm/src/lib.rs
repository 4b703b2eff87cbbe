//! The module that the page loads: `distillery` with its boundary `distillery::web`, linked.
//!
//! A crate of its own, since the crate that is linked says how the linker's optimiser goes over all of them: this one
//! asks for speed, so that the loops of the kernels become vector instructions, while `distillery` itself stays small.

#![forbid(unsafe_code)]

#[cfg(target_arch = "wasm32")]
pub use distillery::web;
