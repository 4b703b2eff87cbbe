//! Which backend trains a model: the one place that knows what each of them can do.

#[cfg(feature = "webgpu")]
use super::gpu::GpuBackend;
use super::held::HeldBackend;
use super::tensors::TensorBackend;
use super::theseus::TheseusBackend;
use super::{Backend, Host, HostBackend};
use crate::compress::{Held, Theseus};
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
    /// How it replaces another's blocks, if it does, by the experiment's seed.
    pub replaces: Option<(Theseus, u32)>,
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
    if let Some(host) = on_host(&requirements, net, &weights, &plans, engine) {
        return match requirements.held {
            Some(held) => Box::new(HeldBackend::new(host, held, engine.isa)),
            None => host,
        };
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

/// The backend of a model that is trained on the host whatever the engine.
fn on_host(
    requirements: &Requirements,
    net: &Net,
    weights: &[f32],
    plans: &[Plan],
    engine: &Engine,
) -> Option<Box<dyn Host>> {
    match &requirements.replaces {
        Some((theseus, seed)) => {
            let backend = TheseusBackend::new(net, weights, theseus.clone(), *seed, engine.isa)?;
            Some(Box::new(backend))
        }
        None if requirements.held.is_some() => {
            let backend = HostBackend::new(net, weights, plans, engine.isa)?;
            Some(Box::new(backend))
        }
        None => None,
    }
}
