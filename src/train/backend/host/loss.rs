//! The loss of outputs that lie on the host, and its gradient in them.

use burn::tensor::Tensor;

use crate::distill::{HardMix, SoftMix};
use crate::train::backend::closed_form::{TaskRows, closed_form, has_closed_form};
use crate::train::inputs::matrix;
use crate::train::{Inputs, PerTerm};

/// The loss of logits `n × outputs`, imitation aside; writes its gradient in them.
pub(super) fn loss(
    inputs: &Inputs,
    hard: HardMix,
    soft: Option<(Vec<Vec<f32>>, SoftMix)>,
    logits: &[f32],
    gradient: &mut [f32],
) -> PerTerm<f32> {
    match short_loss(inputs, hard, soft.as_ref(), logits, gradient) {
        Some(losses) => losses,
        None => long_loss(inputs, hard, soft, logits, gradient),
    }
}

/// The loss and its gradient by their formulas, where they have short ones and all outputs are of one task.
fn short_loss(
    inputs: &Inputs,
    hard: HardMix,
    soft: Option<&(Vec<Vec<f32>>, SoftMix)>,
    logits: &[f32],
    gradient: &mut [f32],
) -> Option<PerTerm<f32>> {
    let [task] = &inputs.tasks[..] else { return None };
    // A batch may ask one of several tasks alone: then the outputs of the others lie beside it.
    let is_only = task.one_hot.len() == logits.len();
    if !is_only || !has_closed_form(soft.map(|(_, mix)| *mix).filter(SoftMix::counts)) {
        return None;
    }
    let short = soft.filter(|(_, mix)| has_closed_form(Some(*mix)));
    let of_task = short.map(|(targets, mix)| (&targets[0][..], *mix));
    let rows = TaskRows { classes: task.head.outputs.len(), logits, one_hot: &task.one_hot, soft: of_task };
    let terms = closed_form(rows, hard, gradient);
    // What is only told may be of another form.
    let told = || soft.and_then(|soft| soft_alone(inputs, hard, soft.clone(), logits));
    Some(PerTerm {
        hard: terms.hard,
        soft: terms.soft.or_else(told).unwrap_or(0.0),
        total: terms.total,
        ..PerTerm::default()
    })
}

/// The soft term without a gradient.
fn soft_alone(inputs: &Inputs, hard: HardMix, soft: (Vec<Vec<f32>>, SoftMix), logits: &[f32]) -> Option<f32> {
    let n = inputs.batch.ids.len();
    let logits = matrix(logits.to_vec(), n, logits.len() / n, inputs.device()).autodiff();
    inputs.loss(&logits, hard, Some(soft), Vec::new()).soft.map(|soft| now(soft.inner())[0])
}

/// The loss and its gradient by burn's gradients.
fn long_loss(
    inputs: &Inputs,
    hard: HardMix,
    soft: Option<(Vec<Vec<f32>>, SoftMix)>,
    logits: &[f32],
    gradient: &mut [f32],
) -> PerTerm<f32> {
    let n = inputs.batch.ids.len();
    let logits = matrix(logits.to_vec(), n, logits.len() / n, inputs.device()).autodiff().require_grad();
    let terms = inputs.loss(&logits, hard, soft, Vec::new());
    let mut gradients = terms.total.backward();
    let values = logits.grad_remove(&mut gradients).map(now);
    gradient.copy_from_slice(&values.expect("every loss depends on the logits"));
    let soft = terms.soft.map_or(0.0, |soft| now(soft.inner())[0]);
    let (hard, total) = (now(terms.hard.inner())[0], now(terms.total.inner())[0]);
    PerTerm { hard, soft, total, ..PerTerm::default() }
}

/// The values of a tensor that lies in the host's memory.
pub(super) fn now<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("tensors of the CPU engine hold f32")
}
