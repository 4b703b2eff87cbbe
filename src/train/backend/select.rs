//! Which backend trains a model: the one place that knows what each of them can do.

#[cfg(feature = "webgpu")]
use super::gpu::GpuBackend;
use super::tensors::TensorBackend;
use super::{Backend, HostBackend};
use crate::distill::{Plan, SoftTerm};
use crate::nets::Net;
use crate::train::{Engine, EngineKind};

/// What a model's training asks of its backend, beside its network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Requirements {
    /// How its soft targets are compared; none for labels alone.
    pub soft: Option<SoftTerm>,
    /// Tasks that its digits are asked.
    pub tasks: usize,
    /// Whether it imitates layers.
    pub imitates: bool,
}

impl Default for Requirements {
    /// Those of one task's labels.
    fn default() -> Self {
        Self { soft: None, tasks: 1, imitates: false }
    }
}

#[cfg(feature = "webgpu")]
impl Requirements {
    /// True for the loss that the kernels of a GPU have: cross-entropies of one task.
    fn are_cross_entropies(self) -> bool {
        self.tasks == 1 && matches!(self.soft, None | Some(SoftTerm::CrossEntropy))
    }
}

/// The fastest backend of an engine that can train a network so. On the host kernels of our own train whatever has
/// passes there, with any loss and any layers to imitate; those of a GPU train fully connected layers that imitate
/// nothing, with cross-entropies. All else is left to burn's tensors. Behind the network's `weights` lie those of its
/// plans' projections.
pub(in crate::train) fn select(
    net: &Net,
    weights: Vec<f32>,
    plans: Vec<Plan>,
    requirements: Requirements,
    engine: &Engine,
) -> Box<dyn Backend> {
    if engine.has_kernels && engine.kind == EngineKind::Cpu {
        if let Some(backend) = HostBackend::new(net, &weights, &plans, engine.isa) {
            return Box::new(backend);
        }
    }
    #[cfg(feature = "webgpu")]
    if let Some(gpu) = engine.gpu.as_ref().filter(|_| engine.has_kernels)
        && let Some(spec) = net.network().perceptron().filter(|spec| spec.auxiliary == 0)
        && !requirements.imitates
        && plans.is_empty()
        && requirements.are_cross_entropies()
    {
        return Box::new(GpuBackend::new(gpu.clone(), spec, &net.layout(), &weights));
    }
    #[cfg(not(feature = "webgpu"))]
    let _ = requirements;
    Box::new(TensorBackend::new(net.clone(), weights, plans, engine))
}
