//! A batch on an engine.

use std::cell::OnceCell;

use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::data::PIXELS;
use crate::distill::{HardMix, LossTensors, SoftMix, TaskTensors, loss};
use crate::train::{Inputs, TaskBatch};

/// What of a batch lies on the engine; brought there when a learner asks for it first.
#[derive(Default)]
pub(in crate::train) struct InputTensors {
    digits: OnceCell<Tensor<2>>,
    tasks: OnceCell<Vec<TaskOnEngine>>,
}

struct TaskOnEngine {
    /// Its rows, unless they are the whole batch.
    rows: Option<Tensor<1, Int>>,
    /// Its labels `[digits, classes]`.
    one_hot: Tensor<2>,
}

impl Inputs {
    /// Digits `[n, 784]`.
    pub(super) fn digits(&self, device: &Device) -> Tensor<2> {
        let upload = || matrix(self.batch.pixels.clone(), self.batch.ids.len(), PIXELS, device);
        self.tensors.digits.get_or_init(upload).clone()
    }

    /// The loss of the batch's logits `[n, outputs]`; `soft` and `imitated` as [`crate::train::StepInputs`] and [`loss`]
    /// have them.
    pub(super) fn loss(
        &self,
        logits: &Tensor<2>,
        hard: HardMix,
        soft: Option<(Vec<Vec<f32>>, SoftMix)>,
        imitated: Vec<(Tensor<1>, f64)>,
    ) -> LossTensors {
        let ([n, _], device) = (logits.dims(), logits.device());
        let (mut targets, mix) = match soft {
            Some((targets, mix)) => (targets.into_iter(), Some(mix)),
            None => (Vec::new().into_iter(), None),
        };
        let tasks = self.tasks.iter().zip(self.tasks_on(&device)).map(|(task, on_engine)| {
            let (digits, classes) = (task.rows.len(), task.head.outputs.len());
            let targets = targets.next().map(|values| matrix(values, digits, classes, &device).autodiff());
            TaskTensors {
                logits: task.part(logits, on_engine.rows.as_ref()),
                one_hot: on_engine.one_hot.clone().autodiff(),
                targets,
                share: digits as f64 / n as f64,
                labelled: task.labelled(),
            }
        });
        loss(tasks.collect(), hard, mix, imitated)
    }

    fn tasks_on(&self, device: &Device) -> &[TaskOnEngine] {
        let n = self.batch.ids.len();
        let upload = |task: &TaskBatch| {
            let digits = task.rows.len();
            let rows = (digits < n).then(|| {
                let rows: Vec<i32> = task.rows.iter().map(|&row| row as i32).collect();
                Tensor::from_data(TensorData::new(rows, [digits]), device)
            });
            TaskOnEngine {
                rows,
                one_hot: matrix(task.one_hot.clone(), digits, task.head.outputs.len(), device),
            }
        };
        self.tensors.tasks.get_or_init(|| self.tasks.iter().map(upload).collect())
    }
}

impl TaskBatch {
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
pub(in crate::train) fn matrix(values: Vec<f32>, rows: usize, columns: usize, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}
