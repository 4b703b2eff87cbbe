//! The engine: where tensors live. On the CPU, or on a GPU when the machine has one: the page fetches a package for
//! each.

#[cfg(feature = "tensors")]
use burn::tensor::Device;
use distillery_kernels::Isa;
use serde::{Deserialize, Serialize};

use crate::error::{EngineFault, Error, Result};

/// The kind of engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EngineKind {
    /// Kernels of our own, with SIMD.
    Cpu,
    /// Kernels of our own, and burn, on wgpu: WebGPU in a browser; Vulkan, Metal or DirectX natively.
    Webgpu,
}

impl EngineKind {
    /// The name used in configs, records and messages.
    pub fn name(self) -> &'static str {
        match self {
            EngineKind::Cpu => "cpu",
            EngineKind::Webgpu => "webgpu",
        }
    }
}

/// An engine that is ready to run.
#[derive(Debug, Clone)]
pub struct Engine {
    pub kind: EngineKind,
    /// What the engine calls the thing it runs on.
    pub adapter: String,
    /// Where tensors are made; does not record gradients.
    #[cfg(feature = "tensors")]
    pub device: Device,
    /// Whether a backend may be one with kernels of our own.
    #[cfg(feature = "tensors")]
    pub(super) has_kernels: bool,
    /// The instructions that kernels on the host may use.
    pub(super) isa: Isa,
    /// The GPU, for kernels of our own.
    #[cfg(feature = "webgpu")]
    pub(super) gpu: Option<std::sync::Arc<super::backend::gpu::Gpu>>,
}

impl Engine {
    /// The CPU engine; in every build but the page's package for the GPU.
    #[cfg(feature = "cpu")]
    pub fn cpu() -> Self {
        Self::cpu_at(Isa::detected())
    }

    /// The CPU engine with these instructions.
    #[cfg(feature = "cpu")]
    pub fn cpu_at(isa: Isa) -> Self {
        let name = isa.name();
        let adapter = match cfg!(target_arch = "wasm32") {
            true => format!("one WebAssembly thread, {name}"),
            false => format!("{} native, {name}", std::env::consts::ARCH),
        };
        Self {
            kind: EngineKind::Cpu,
            adapter,
            #[cfg(feature = "tensors")]
            device: Device::flex(),
            #[cfg(feature = "tensors")]
            has_kernels: true,
            isa,
            #[cfg(feature = "webgpu")]
            gpu: None,
        }
    }

    /// The same engine by burn's tensors, without kernels of our own: what those are compared with.
    #[cfg(feature = "tensors")]
    pub fn plain(self) -> Self {
        Self { has_kernels: false, ..self }
    }

    /// The GPU engine. May be called once in the life of a program: the runtime behind it cannot be set up twice.
    ///
    /// # Errors
    /// [`Error::Engine`] when this package has none, or no adapter is to be had.
    #[cfg(feature = "webgpu")]
    pub async fn webgpu() -> Result<Self> {
        let refuse = |detail| Error::Engine { engine: "webgpu", fault: EngineFault::NoAdapter { detail } };
        let (device, setup) = Device::wgpu_options()
            .init_with_setup_async()
            .await
            .map_err(|error| refuse(error.to_string()))?;
        let info = setup.adapter.get_info();
        let adapter = match info.name.is_empty() {
            true => format!("{:?}", info.backend),
            false => format!("{} ({:?})", info.name, info.backend),
        };
        #[allow(clippy::arc_with_non_send_sync, reason = "natively it is both")]
        let gpu = Some(std::sync::Arc::new(super::backend::gpu::Gpu::new(&setup).await?));
        Ok(Self { kind: EngineKind::Webgpu, adapter, device, has_kernels: true, isa: Isa::detected(), gpu })
    }

    /// The GPU engine, which this build leaves out.
    ///
    /// # Errors
    /// Always [`Error::Engine`].
    #[cfg(not(feature = "webgpu"))]
    pub async fn webgpu() -> Result<Self> {
        Err(Error::Engine { engine: "webgpu", fault: EngineFault::LeftOut })
    }

    /// The engine of the given kind; the CPU's with these instructions.
    ///
    /// # Errors
    /// [`Error::Engine`] when this build leaves the engine out; those of [`Engine::webgpu`].
    #[cfg_attr(not(feature = "cpu"), expect(unused_variables, reason = "only the CPU engine is told"))]
    pub async fn create(kind: EngineKind, isa: Isa) -> Result<Self> {
        match kind {
            #[cfg(feature = "cpu")]
            EngineKind::Cpu => Ok(Self::cpu_at(isa)),
            #[cfg(not(feature = "cpu"))]
            EngineKind::Cpu => Err(Error::Engine { engine: "cpu", fault: EngineFault::LeftOut }),
            EngineKind::Webgpu => Self::webgpu().await,
        }
    }
}
