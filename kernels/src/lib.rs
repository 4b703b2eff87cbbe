//! What a fully connected layer costs in training, in explicit SIMD, on plain slices:
//! - [`lanes`]: the vectors of each instruction set behind one trait;
//! - [`product`]: the matrix product, with what is done to each value of it before it is written;
//! - [`dense`]: the three products of a layer in a training step, each in one pass over its result;
//! - [`update`]: the optimiser's rule for one weight.
//!
//! A crate of its own because it is compiled for speed where the page's other code is compiled for size, and because
//! intrinsics need `unsafe`, which the other code does without.

pub mod dense;
pub mod lanes;
pub mod product;
pub mod update;

pub use dense::{Layer, Scratch};
pub use lanes::Level;
pub use update::{Moments, Rule, Update};
