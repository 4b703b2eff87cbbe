//! A GPU's buffers, its queue, and how kernels are compiled and run.

use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use burn::tensor::wgpu::{WgpuSetup, wgpu};
use wgpu::{
    BindGroup, BindGroupEntry, Buffer, BufferDescriptor, BufferUsages, CommandEncoder, ComputePipeline,
    ComputePipelineDescriptor, Device, ErrorFilter, MapMode, Queue, ShaderModuleDescriptor, ShaderSource,
};

use crate::error::{EngineFault, Error, Result};

/// The device and the queue that burn runs on.
#[derive(Debug)]
pub(super) struct GpuDevice {
    device: Device,
    queue: Queue,
}

impl GpuDevice {
    pub(super) fn new(setup: &WgpuSetup) -> Self {
        Self { device: setup.device.clone(), queue: setup.queue.clone() }
    }

    /// Compiles a kernel of these parts, and waits until that is done: none is compiled while a network trains, and one
    /// that a browser refuses is an error, where it would be left out without a word otherwise.
    ///
    /// # Errors
    /// [`Error::Engine`] with the kernel's name and what is wrong with it.
    pub(super) async fn compiled(&self, label: &str, parts: &[&str]) -> Result<ComputePipeline> {
        let scope = self.device.push_error_scope(ErrorFilter::Validation);
        let module = self.device.create_shader_module(ShaderModuleDescriptor {
            label: Some(label),
            source: ShaderSource::Wgsl(parts.concat().into()),
        });
        let pipeline = self.device.create_compute_pipeline(&ComputePipelineDescriptor {
            label: Some(label),
            layout: None,
            module: &module,
            entry_point: Some("main"),
            compilation_options: Default::default(),
            cache: None,
        });
        match scope.pop().await {
            None => Ok(pipeline),
            Some(error) => {
                let fault = EngineFault::Kernel { kernel: label.to_owned(), detail: error.to_string() };
                Err(Error::Engine { engine: "webgpu", fault })
            }
        }
    }

    /// A buffer for this many `f32`.
    pub(super) fn storage(&self, values: usize) -> Buffer {
        storage(&self.device, values)
    }

    /// A buffer of these numbers that a kernel is told.
    pub(super) fn uniform(&self, words: usize) -> Buffer {
        let usage = BufferUsages::UNIFORM | BufferUsages::COPY_DST;
        self.device.create_buffer(&BufferDescriptor {
            label: None,
            size: 4 * words as u64,
            usage,
            mapped_at_creation: false,
        })
    }

    /// Writes before whatever is submitted next.
    pub(super) fn write<T: bytemuck::NoUninit>(&self, buffer: &Buffer, values: &[T]) {
        self.write_at(buffer, 0, values);
    }

    /// The same from a byte of the buffer on.
    pub(super) fn write_at<T: bytemuck::NoUninit>(&self, buffer: &Buffer, at: u64, values: &[T]) {
        self.queue.write_buffer(buffer, at, bytemuck::cast_slice(values));
    }

    /// Copies the first bytes of a buffer to another.
    pub(super) fn copy(&self, from: &Buffer, to: &Buffer, bytes: u64) {
        self.run(&[], |encoder| encoder.copy_buffer_to_buffer(from, 0, to, 0, bytes));
    }

    /// Buffers in the places of a kernel.
    pub(super) fn bind(&self, pipeline: &ComputePipeline, buffers: &[&Buffer]) -> BindGroup {
        let entries: Vec<BindGroupEntry> = (0..)
            .zip(buffers)
            .map(|(binding, buffer)| BindGroupEntry { binding, resource: buffer.as_entire_binding() })
            .collect();
        let layout = pipeline.get_bind_group_layout(0);
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &layout,
            entries: &entries,
        })
    }

    /// Runs kernels one after another, each with its buffers and its numbers of workgroups, and then whatever is to
    /// follow: one submission.
    pub(super) fn run(&self, dispatches: &[Dispatch], then: impl FnOnce(&mut CommandEncoder)) {
        let mut encoder = self.device.create_command_encoder(&Default::default());
        {
            let mut pass = encoder.begin_compute_pass(&Default::default());
            for (pipeline, group, [x, y]) in dispatches {
                pass.set_pipeline(pipeline);
                pass.set_bind_group(0, *group, &[]);
                pass.dispatch_workgroups(*x, *y, 1);
            }
        }
        then(&mut encoder);
        self.queue.submit([encoder.finish()]);
    }

    /// A buffer that the first values of others can be copied into and read from, one after the other.
    pub(super) fn staging(&self, values: usize) -> Buffer {
        self.device.create_buffer(&BufferDescriptor {
            label: None,
            size: 4 * values.max(1) as u64,
            usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        })
    }

    /// What lies in a staging buffer once everything submitted is done.
    ///
    /// # Errors
    /// [`Error::Engine`] when the device is lost.
    pub(super) async fn read(&self, staging: &Buffer) -> Result<Vec<f32>> {
        let refuse = |detail| Error::Engine { engine: "webgpu", fault: EngineFault::DeviceLost { detail } };
        type State = (Option<std::result::Result<(), wgpu::BufferAsyncError>>, Option<Waker>);
        let state: Arc<Mutex<State>> = Arc::default();
        let told = Arc::clone(&state);
        staging.map_async(MapMode::Read, .., move |result| {
            let mut state = told.lock().expect("nothing panics while it holds the lock");
            state.0 = Some(result);
            if let Some(waker) = state.1.take() {
                waker.wake();
            }
        });
        // A browser does this by itself.
        #[cfg(not(target_arch = "wasm32"))]
        self.device.poll(wgpu::PollType::wait_indefinitely()).map_err(|error| refuse(error.to_string()))?;
        let mapped = std::future::poll_fn(|context| {
            let mut state = state.lock().expect("nothing panics while it holds the lock");
            match state.0.take() {
                Some(result) => Poll::Ready(result),
                None => {
                    state.1 = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        });
        mapped.await.map_err(|error| refuse(error.to_string()))?;
        let values = {
            let range = staging.get_mapped_range(..).map_err(|error| refuse(error.to_string()))?;
            bytemuck::pod_collect_to_vec(&range)
        };
        staging.unmap();
        Ok(values)
    }
}

/// A kernel, its buffers, and how many workgroups it takes across and down.
pub(super) type Dispatch<'a> = (&'a ComputePipeline, &'a BindGroup, [u32; 2]);

fn storage(device: &Device, values: usize) -> Buffer {
    device.create_buffer(&BufferDescriptor {
        label: None,
        size: 4 * values.max(1) as u64,
        usage: BufferUsages::STORAGE | BufferUsages::COPY_DST | BufferUsages::COPY_SRC,
        mapped_at_creation: false,
    })
}
