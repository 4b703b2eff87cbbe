//! A batch as learners take it.

use std::sync::atomic::{AtomicU64, Ordering};

#[cfg(feature = "tensors")]
use super::backend::tensors::InputTensors;
use crate::data::{Batch, Head};

/// A batch; learners that train on the same one share it.
pub struct Inputs {
    pub batch: Batch,
    /// For each task that is asked in the batch, what belongs to it.
    pub tasks: Vec<TaskBatch>,
    /// Tells it from every other batch of the program.
    #[cfg_attr(
        not(feature = "webgpu"),
        allow(dead_code, reason = "the GPU asks whether it has the batch already")
    )]
    pub(super) number: u64,
    #[cfg(feature = "tensors")]
    pub(super) tensors: InputTensors,
}

static BATCHES: AtomicU64 = AtomicU64::new(0);

/// The digits of a batch that one task is asked for.
pub struct TaskBatch {
    /// The task's place among the model's.
    pub place: usize,
    pub head: Head,
    /// Their rows in the batch.
    pub rows: Vec<usize>,
    /// Of each digit the class of its label and that of the digit mixed into it, its own where none is; none where labels
    /// are not to be seen.
    pub labels: Vec<Option<[u8; 2]>>,
    /// The same as one-hot rows `[digits, classes]`, of mixed digits two of them by their shares; a row of zeros for a
    /// digit whose label is not to be seen.
    pub one_hot: Vec<f32>,
}

impl Inputs {
    /// A batch for a model with these heads.
    pub fn new(batch: Batch, heads: &[Head]) -> Self {
        let tasks = heads.iter().enumerate().filter_map(|(place, head)| {
            let rows = batch.rows_of(place);
            (!rows.is_empty()).then(|| TaskBatch::new(&batch, place, head.clone(), rows))
        });
        let tasks = tasks.collect();
        let number = BATCHES.fetch_add(1, Ordering::Relaxed);
        Self {
            tasks,
            batch,
            number,
            #[cfg(feature = "tensors")]
            tensors: InputTensors::default(),
        }
    }
}

impl TaskBatch {
    fn new(batch: &Batch, place: usize, head: Head, rows: Vec<usize>) -> Self {
        let classes = head.outputs.len();
        let class_of = head.task.classes_of(&batch.labels);
        let mut one_hot = vec![0.0_f32; rows.len() * classes];
        let labels = rows.iter().zip(one_hot.chunks_exact_mut(classes)).map(|(&row, one_hot)| {
            let sources = batch.labelled[row].then(|| batch.sources(row));
            sources.map(|sources| {
                sources.map(|(source, share)| {
                    one_hot[usize::from(class_of[source])] += share;
                    class_of[source]
                })
            })
        });
        Self { place, labels: labels.collect(), head, rows, one_hot }
    }

    /// How many of its digits have a label that is to be seen.
    pub fn labelled(&self) -> usize {
        self.labels.iter().flatten().count()
    }
}
