//! A batch as learners take it: on the host, and on the engine for those who ask.

use std::cell::OnceCell;
use std::sync::atomic::{AtomicU64, Ordering};

use burn::tensor::{Device, Int, Tensor, TensorData};

use super::Engine;
use crate::data::{Batch, Head, PIXELS};
use crate::distill::{HardMix, LossTensors, SoftMix, TaskTensors, loss};

/// A batch for an engine; learners that train on the same batch share it. What lies on the engine is brought there when
/// a learner asks for it first.
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
    digits: OnceCell<Tensor<2>>,
    device: Device,
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
    #[cfg_attr(not(feature = "webgpu"), allow(dead_code, reason = "the GPU makes its rows of them"))]
    pub labels: Vec<Option<[u8; 2]>>,
    /// The same as one-hot rows `[digits, classes]`, of mixed digits two of them by their shares; a row of zeros for a
    /// digit whose label is not to be seen.
    pub one_hot: Vec<f32>,
    on_engine: OnceCell<(Option<Tensor<1, Int>>, Tensor<2>)>,
}

impl Inputs {
    /// A batch for a model with these heads.
    pub fn new(batch: Batch, heads: &[Head], engine: &Engine) -> Self {
        let tasks = heads.iter().enumerate().filter_map(|(place, head)| {
            let rows = batch.rows_of(place);
            (!rows.is_empty()).then(|| TaskBatch::new(&batch, place, head.clone(), rows))
        });
        let tasks = tasks.collect();
        let number = BATCHES.fetch_add(1, Ordering::Relaxed);
        Self { tasks, batch, number, digits: OnceCell::new(), device: engine.device.clone() }
    }

    /// Digits `[n, 784]`.
    pub(super) fn digits(&self) -> Tensor<2> {
        let upload = || matrix(self.batch.pixels.clone(), self.batch.ids.len(), PIXELS, &self.device);
        self.digits.get_or_init(upload).clone()
    }

    /// Where its tensors lie.
    pub(super) fn device(&self) -> &Device {
        &self.device
    }

    /// The loss of the batch's logits `[n, outputs]`; `soft` and `imitated` as [`super::StepInputs`] and [`loss`] have
    /// them.
    pub(super) fn loss(
        &self,
        logits: &Tensor<2>,
        hard: HardMix,
        soft: Option<(Vec<Vec<f32>>, SoftMix)>,
        imitated: Vec<(Tensor<1>, f64)>,
    ) -> LossTensors {
        let [n, _] = logits.dims();
        let (mut targets, mix) = match soft {
            Some((targets, mix)) => (targets.into_iter(), Some(mix)),
            None => (Vec::new().into_iter(), None),
        };
        let tasks = self.tasks.iter().map(|task| {
            let (rows, one_hot) = task.on_engine(n, &self.device);
            let (digits, classes) = (task.rows.len(), task.head.outputs.len());
            let targets =
                targets.next().map(|values| matrix(values, digits, classes, &self.device).autodiff());
            TaskTensors {
                logits: task.part(logits, rows.as_ref()),
                one_hot: one_hot.clone().autodiff(),
                targets,
                share: digits as f64 / n as f64,
                labelled: task.rows.iter().filter(|row| self.batch.labelled[**row]).count(),
            }
        });
        loss(tasks.collect(), hard, mix, imitated)
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
        Self { place, labels: labels.collect(), head, rows, one_hot, on_engine: OnceCell::new() }
    }

    /// Its rows, unless they are the whole batch, and its labels `[digits, classes]`.
    fn on_engine(&self, n: usize, device: &Device) -> &(Option<Tensor<1, Int>>, Tensor<2>) {
        self.on_engine.get_or_init(|| {
            let digits = self.rows.len();
            let rows = (digits < n).then(|| {
                let rows: Vec<i32> = self.rows.iter().map(|&row| row as i32).collect();
                Tensor::from_data(TensorData::new(rows, [digits]), device)
            });
            (rows, matrix(self.one_hot.clone(), digits, self.head.outputs.len(), device))
        })
    }

    /// What of a batch's logits `[n, outputs]` belongs to it.
    fn part(&self, logits: &Tensor<2>, rows: Option<&Tensor<1, Int>>) -> Tensor<2> {
        let [n, outputs] = logits.dims();
        let columns = match self.head.outputs.len() == outputs {
            true => logits.clone(),
            false => logits.clone().slice([0..n, self.head.outputs.clone()]),
        };
        match rows {
            Some(rows) => columns.select(0, rows.clone()),
            None => columns,
        }
    }
}

/// Rows of values as a tensor.
pub(super) fn matrix(values: Vec<f32>, rows: usize, columns: usize, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}
