//! Which backend trains a model: the one place that knows what each of them can do.

use super::Backend;
#[cfg(feature = "webgpu")]
use super::gpu::GpuBackend;
#[cfg(feature = "cpu")]
use super::host::HostBackend;
#[cfg(feature = "tensors")]
use super::tensors::TensorBackend;
use crate::distill::Plan;
use crate::nets::Net;
use crate::train::Engine;
#[cfg(all(feature = "cpu", feature = "tensors"))]
use crate::train::EngineKind;

/// What a model's training asks of its backend, beside its network.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Requirements {
    /// Whether it imitates layers.
    pub imitates: bool,
}

/// The fastest backend of an engine that can train a network so. On the host kernels of our own train everything; on a
/// GPU fully connected layers that imitate nothing, by any loss, and burn's tensors all else. Behind the network's
/// `weights` lie those of its plans' projections.
#[cfg(feature = "tensors")]
#[cfg_attr(not(feature = "webgpu"), expect(unused_variables, reason = "the host imitates as well"))]
pub(in crate::train) fn select(
    net: &Net,
    weights: Vec<f32>,
    plans: Vec<Plan>,
    requirements: Requirements,
    engine: &Engine,
) -> Box<dyn Backend> {
    #[cfg(feature = "cpu")]
    if engine.has_kernels && engine.kind == EngineKind::Cpu {
        return Box::new(HostBackend::new(net, &weights, plans, engine.isa));
    }
    #[cfg(feature = "webgpu")]
    if engine.has_kernels
        && let Some(gpu) = &engine.gpu
        && let Some(spec) = net.network().perceptron().filter(|spec| spec.auxiliary == 0)
        && !requirements.imitates
        && plans.is_empty()
    {
        return Box::new(GpuBackend::new(gpu.clone(), spec, &net.layout(), &weights));
    }
    Box::new(TensorBackend::new(net.clone(), weights, plans, engine))
}

/// The same where there is but the host.
#[cfg(not(feature = "tensors"))]
pub(in crate::train) fn select(
    net: &Net,
    weights: Vec<f32>,
    plans: Vec<Plan>,
    _requirements: Requirements,
    engine: &Engine,
) -> Box<dyn Backend> {
    Box::new(HostBackend::new(net, &weights, plans, engine.isa))
}
