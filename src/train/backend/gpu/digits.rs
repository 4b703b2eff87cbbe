//! The digits of a batch on a GPU. Learners of a race take turns on the same batch, which is brought there once; and
//! a digit that is learnt as it was loaded crosses once in all, as bytes, and is taken from there in every later epoch.

use std::collections::HashMap;

use burn::tensor::wgpu::wgpu::{BindGroup, Buffer, ComputePipeline};

use super::device::{Dispatch, GpuDevice};
use crate::data::{Batch, GREY, PIXELS, SampleId};
use crate::train::Inputs;

/// Digits that are kept at the most: all that there are to learn on, 51 MB.
const MOST_KEPT: usize = 1 << 16;
/// Room for so many at first.
const FIRST_KEPT: usize = 1 << 10;
/// Threads of a workgroup of the kernel, each for so many pixels.
const THREADS: usize = 64;
const PIXELS_A_THREAD: usize = 4;

/// What is on the GPU of digits.
#[derive(Debug)]
pub(super) struct DigitsOnGpu {
    gather: ComputePipeline,
    shares: Buffer,
    /// The digits that were brought together or uploaded last, `n × 784`.
    digits: Buffer,
    /// The batch they are.
    batch: Option<u64>,
    kept: Buffer,
    places: HashMap<SampleId, u32>,
    places_of_batch: Buffer,
}

/// A batch's digits, and the kernel that has to run before whatever reads them, unless it has.
pub(super) struct Brought {
    pub digits: Buffer,
    pub gather: Option<Gather>,
}

/// The kernel that brings a batch together.
pub(super) struct Gather {
    pipeline: ComputePipeline,
    group: BindGroup,
    digits: usize,
}

impl Gather {
    pub(super) fn dispatch(&self) -> Dispatch<'_> {
        let groups = (self.digits * PIXELS).div_ceil(THREADS * PIXELS_A_THREAD);
        (&self.pipeline, &self.group, [groups as u32, 1])
    }
}

impl DigitsOnGpu {
    /// `gather` is the compiled kernel.
    pub(super) fn new(gpu: &GpuDevice, gather: ComputePipeline) -> Self {
        let shares = gpu.storage(GREY.len());
        gpu.write(&shares, &GREY);
        Self {
            gather,
            shares,
            digits: gpu.storage(0),
            batch: None,
            kept: gpu.storage(FIRST_KEPT * PIXELS / 4),
            places: HashMap::new(),
            places_of_batch: gpu.storage(0),
        }
    }

    /// Uploads pixels that belong to no batch of others.
    pub(super) fn upload(&mut self, gpu: &GpuDevice, pixels: &[f32]) -> Buffer {
        self.make_room(gpu, pixels.len());
        gpu.write(&self.digits, pixels);
        self.batch = None;
        self.digits.clone()
    }

    /// Brings a batch's digits together, unless they are.
    pub(super) fn bring(&mut self, gpu: &GpuDevice, inputs: &Inputs) -> Brought {
        let batch = &inputs.batch;
        self.make_room(gpu, batch.pixels.len());
        let mut gather = None;
        if self.batch != Some(inputs.number) {
            match may_be_kept(batch) {
                true => gather = Some(self.gather(gpu, batch)),
                false => gpu.write(&self.digits, &batch.pixels),
            }
            self.batch = Some(inputs.number);
        }
        Brought { digits: self.digits.clone(), gather }
    }

    /// Buffers that had to grow are others.
    fn make_room(&mut self, gpu: &GpuDevice, values: usize) {
        if self.digits.size() < 4 * values as u64 {
            self.digits = gpu.storage(values);
            self.batch = None;
        }
    }

    fn gather(&mut self, gpu: &GpuDevice, batch: &Batch) -> Gather {
        self.keep(gpu, batch);
        let mut places = vec![batch.ids.len() as u32];
        places.extend(batch.ids.iter().map(|id| self.places[id]));
        if self.places_of_batch.size() < 4 * places.len() as u64 {
            self.places_of_batch = gpu.storage(places.len());
        }
        gpu.write(&self.places_of_batch, &places);
        let buffers = [&self.kept, &self.places_of_batch, &self.shares, &self.digits];
        let group = gpu.bind(&self.gather, &buffers);
        Gather { pipeline: self.gather.clone(), group, digits: batch.ids.len() }
    }

    /// Uploads the digits of a batch that are not kept yet.
    fn keep(&mut self, gpu: &GpuDevice, batch: &Batch) {
        if self.places.len() + batch.ids.len() > MOST_KEPT {
            self.places.clear();
        }
        let first = self.places.len();
        let mut grey = Vec::new();
        for (id, pixels) in batch.ids.iter().zip(batch.pixels.chunks_exact(PIXELS)) {
            let next = self.places.len() as u32;
            self.places.entry(*id).or_insert_with(|| {
                grey.extend(pixels.iter().map(|share| (share * 255.0).round() as u8));
                next
            });
        }
        let needed = (self.places.len() * PIXELS) as u64;
        if self.kept.size() < needed {
            let larger = gpu.storage((self.places.len().next_power_of_two() * PIXELS) / 4);
            gpu.copy(&self.kept, &larger, (first * PIXELS) as u64);
            self.kept = larger;
        }
        if !grey.is_empty() {
            gpu.write_at(&self.kept, (first * PIXELS) as u64, &grey);
        }
    }
}

/// Digits that their ids stand for. A user's own pictures may be replaced by others of the same ids.
fn may_be_kept(batch: &Batch) -> bool {
    batch.as_loaded && batch.ids.len() <= MOST_KEPT && batch.ids.iter().all(|id| !id.split.is_own())
}
