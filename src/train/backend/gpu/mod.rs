//! A perceptron's training step on a GPU in as few dispatches as it has products, by kernels of our own in WGSL.
//!
//! burn with fusion takes 46 dispatches for what are nine here, and a tenth that brings the digits of a batch together:
//! a product and what is done to its values are one kernel, the loss and its gradient another. They run on the device
//! and the queue that burn runs on.

mod backend;
mod device;
mod digits;
mod uniforms;

use std::sync::{Mutex, MutexGuard};

use burn::tensor::wgpu::{WgpuSetup, wgpu::ComputePipeline};

use crate::error::Result;
pub(super) use backend::GpuBackend;
use device::GpuDevice;
use digits::DigitsOnGpu;

const COMMON: &str = include_str!("wgsl/common.wgsl");
const PRODUCT: &str = include_str!("wgsl/product.wgsl");

/// What learners on one GPU share: the compiled kernels, and the digits that are there.
#[derive(Debug)]
pub struct Gpu {
    device: GpuDevice,
    forward: ComputePipeline,
    backward: ComputePipeline,
    learn: ComputePipeline,
    loss: ComputePipeline,
    clip: ComputePipeline,
    digits: Mutex<DigitsOnGpu>,
}

impl Gpu {
    /// Compiles the kernels for a device of burn's, one after another.
    ///
    /// # Errors
    /// [`crate::error::Error::Engine`] with a kernel's name and what is wrong with it.
    pub async fn new(setup: &WgpuSetup) -> Result<Self> {
        let device = GpuDevice::new(setup);
        let product = |kernel: &'static str| [COMMON, kernel, PRODUCT];
        let forward = device.compiled("forward", &product(include_str!("wgsl/forward.wgsl"))).await?;
        let backward = device.compiled("backward", &product(include_str!("wgsl/backward.wgsl"))).await?;
        let learn = device.compiled("learn", &product(include_str!("wgsl/learn.wgsl"))).await?;
        let loss = device.compiled("loss", &[COMMON, include_str!("wgsl/loss.wgsl")]).await?;
        let clip = device.compiled("clip", &[COMMON, include_str!("wgsl/clip.wgsl")]).await?;
        let gather = device.compiled("gather", &[include_str!("wgsl/gather.wgsl")]).await?;
        let digits = Mutex::new(DigitsOnGpu::new(&device, gather));
        Ok(Self { device, forward, backward, learn, loss, clip, digits })
    }

    fn digits(&self) -> MutexGuard<'_, DigitsOnGpu> {
        self.digits.lock().expect("nothing panics while it holds the lock")
    }
}
