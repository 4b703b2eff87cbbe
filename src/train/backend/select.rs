//! Which backend trains a model: the one place that knows what each of them can do.

#[cfg(feature = "webgpu")]
use super::gpu::GpuBackend;
use super::held::HeldBackend;
use super::tensors::TensorBackend;
use super::{Backend, HostBackend};
use crate::compress::Held;
use crate::distill::Plan;
use crate::nets::Net;
use crate::train::{Engine, EngineKind};

/// What a model's training asks of its backend, beside its network.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Requirements {
    /// Whether it imitates layers.
    pub imitates: bool,
    /// What its weights are held to, if to anything.
    pub held: Option<Held>,
}

/// The fastest backend of an engine that can train a network so. On the host kernels of our own train whatever has
/// passes there and imitates what they show; on a GPU fully connected layers with ReLU between them that imitate nothing.
/// Both take any loss. Weights that are held small lie on the host whatever the engine, for they are gone through after
/// every step. All else is left to burn's tensors. Behind the network's `weights` lie those of its plans' projections.
pub(in crate::train) fn select(
    net: &Net,
    weights: Vec<f32>,
    plans: Vec<Plan>,
    requirements: Requirements,
    engine: &Engine,
) -> Box<dyn Backend> {
    if let Some(held) = &requirements.held
        && let Some(backend) = HostBackend::new(net, &weights, &plans, engine.isa)
    {
        return Box::new(HeldBackend::new(backend, held.clone(), engine.isa));
    }
    if engine.has_kernels
        && engine.kind == EngineKind::Cpu
        && let Some(backend) = HostBackend::new(net, &weights, &plans, engine.isa)
    {
        return Box::new(backend);
    }
    #[cfg(feature = "webgpu")]
    if engine.has_kernels
        && let Some(gpu) = &engine.gpu
        && let Some(spec) = net.network().perceptron().filter(|spec| spec.auxiliary == 0)
        && spec.is_rectified()
        && !requirements.imitates
        && plans.is_empty()
    {
        return Box::new(GpuBackend::new(gpu.clone(), spec, &net.layout(), &weights));
    }
    Box::new(TensorBackend::new(net.clone(), weights, plans, engine))
}
