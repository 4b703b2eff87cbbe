//! A perceptron's training step on a GPU in as few dispatches as it has products, by kernels of our own in WGSL.
//!
//! burn with fusion takes 46 dispatches for what are nine here: a product and what is done to its values are one kernel,
//! the loss and its gradient another. They run on the device and the queue that burn runs on.

mod device;
mod perceptron;

pub use device::Gpu;
pub(super) use perceptron::{GpuBatch, GpuPerceptron};
