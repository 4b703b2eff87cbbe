//! What networks cost on the host, in explicit SIMD, on plain slices:
//! - [`lanes`]: the vectors of each instruction set behind one trait;
//! - [`product`]: the innermost loop of a matrix product, and the orders its sides lie in;
//! - [`parallel`]: work on all cores, split so that results do not depend on how many they are;
//! - [`aligned`]: values that begin at a cache line;
//! - [`matrix`]: the product of any two matrices, turned round or not;
//! - [`transpose`]: rows and columns changed round;
//! - [`active_columns`]: the inputs of a batch that a product cannot do without;
//! - [`dense`]: a fully connected layer and its three products in a training step, each in one pass over its result;
//! - [`integers`]: a trained fully connected layer in whole numbers of 8 bits;
//! - [`update`]: the optimiser's rule for one weight;
//! - [`relu`]: the rectifier, which keeps what is no number;
//! - [`convolution`]: a convolution of a trained network with its pooling and ReLU;
//! - [`likenesses`]: how far layers are from others, and the gradient of that;
//! - [`networks`]: whole networks in training, forward and backward, and what they are made of.
//!
//! A crate of its own because it is compiled for speed where the page's other code is compiled for size, and because
//! intrinsics need `unsafe`, which the other code does without.

#![allow(
    clippy::extra_unused_type_parameters,
    reason = "what `with_isa` runs takes lanes, rows and columns, whether it needs all of them or not"
)]
#![allow(unsafe_code, reason = "intrinsics, and slices whose bounds their callers have checked")]

pub mod active_columns;
pub mod aligned;
pub mod convolution;
pub mod dense;
pub mod integers;
pub mod lanes;
pub mod likenesses;
pub mod matrix;
pub mod networks;
pub mod parallel;
pub mod product;
pub mod relu;
pub mod transpose;
pub mod update;

pub use active_columns::ActiveColumns;
pub use convolution::{Convolution, ConvolutionShape, Pictures};
pub use dense::{Activation, Dense};
pub use integers::{IntegerDense, Rounded, round_rows};
pub use lanes::Isa;
pub use matrix::{Matrix, Store, multiply};
pub use networks::{Cnn, CnnShape, Masks, Network, NoMasks, Rnn, RnnShape, Vit, VitShape};
pub use product::Scratch;
pub use relu::relu;
pub use update::{Rule, Update, apply};
