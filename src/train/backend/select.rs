//! Which backend trains a model: the one place that knows what each of them can do.

#[cfg(feature = "webgpu")]
use super::gpu::GpuBackend;
use super::tensors::TensorBackend;
use super::{Backend, HostBackend};
use crate::distill::Plan;
use crate::nets::Net;
use crate::train::{Engine, EngineKind};

/// What a model's training asks of its backend, beside its network.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Requirements {
    /// Whether it imitates layers.
    pub imitates: bool,
}

/// The fastest backend of an engine that can train a network so. Kernels of our own train fully connected layers that
/// imitate nothing, by whatever loss. All else is left to burn's tensors. Behind the network's `weights` lie those of its
/// plans' projections.
pub(in crate::train) fn select(
    net: &Net,
    weights: Vec<f32>,
    plans: Vec<Plan>,
    requirements: Requirements,
    engine: &Engine,
) -> Box<dyn Backend> {
    let has_kernels = engine.has_kernels && !requirements.imitates && plans.is_empty();
    match net.network().perceptron().filter(|_| has_kernels) {
        Some(spec) if engine.kind == EngineKind::Cpu => {
            Box::new(HostBackend::new(spec, &net.layout(), engine.isa, &weights))
        }
        #[cfg(feature = "webgpu")]
        Some(spec) if let Some(gpu) = &engine.gpu => {
            Box::new(GpuBackend::new(gpu.clone(), spec, &net.layout(), &weights))
        }
        _ => Box::new(TensorBackend::new(net.clone(), weights, plans, engine)),
    }
}
