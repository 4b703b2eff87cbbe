//! Which backend trains a model: the one place that knows what each of them can do.

use super::Backend;
#[cfg(feature = "webgpu")]
use super::gpu::GpuBackend;
use super::held::HeldBackend;
#[cfg(feature = "tensors")]
use super::tensors::TensorBackend;
use super::theseus::TheseusBackend;
use super::{Host, HostBackend};
use crate::compress::{Held, Theseus};
use crate::distill::Plan;
use crate::nets::Net;
use crate::train::Engine;
#[cfg(all(feature = "cpu", feature = "tensors"))]
use crate::train::EngineKind;

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

/// The fastest backend of an engine that can train a network so. On the host kernels of our own train everything; on a
/// GPU fully connected layers with ReLU between them that imitate nothing, by any loss, and burn's tensors all else. Weights
/// that are held small lie on the host whatever the engine, for they are gone through after every step. Behind the network's
/// `weights` lie those of its plans' projections.
#[cfg(feature = "tensors")]
pub(in crate::train) fn select(
    net: &Net,
    weights: Vec<f32>,
    plans: Vec<Plan>,
    requirements: Requirements,
    engine: &Engine,
) -> Box<dyn Backend> {
    if requirements.is_of_host() {
        return on_host(net, &weights, plans, requirements, engine);
    }
    #[cfg(feature = "cpu")]
    if engine.has_kernels && engine.kind == EngineKind::Cpu {
        return on_host(net, &weights, plans, requirements, engine);
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

/// The same where there is but the host.
#[cfg(not(feature = "tensors"))]
pub(in crate::train) fn select(
    net: &Net,
    weights: Vec<f32>,
    plans: Vec<Plan>,
    requirements: Requirements,
    engine: &Engine,
) -> Box<dyn Backend> {
    on_host(net, &weights, plans, requirements, engine)
}

impl Requirements {
    /// Whether the weights lie on the host, whatever the engine.
    #[cfg(feature = "tensors")]
    fn is_of_host(&self) -> bool {
        self.held.is_some() || self.replaces.is_some()
    }
}

/// The backend on the host.
fn on_host(
    net: &Net,
    weights: &[f32],
    plans: Vec<Plan>,
    requirements: Requirements,
    engine: &Engine,
) -> Box<dyn Backend> {
    let host: Box<dyn Host> = match requirements.replaces {
        Some((theseus, seed)) => Box::new(TheseusBackend::new(net, weights, theseus, seed, engine.isa)),
        None => {
            let rounds = requirements.held.as_ref().is_some_and(Held::answers_in_whole_numbers);
            Box::new(HostBackend::new(net, weights, plans, engine.isa, rounds))
        }
    };
    match requirements.held {
        Some(held) => Box::new(HeldBackend::new(host, held, engine.isa)),
        None => host,
    }
}
