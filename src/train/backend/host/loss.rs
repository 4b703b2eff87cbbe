//! The loss of outputs that lie on the host, and its gradient in them.

use crate::distill::{HardMix, LossTerms, SoftMix, TaskRows, task_loss};
use crate::train::{Inputs, PerTerm, TaskBatch};

/// The loss of logits `n × outputs`, imitation aside; writes its gradient in them, which starts at 0. Of several tasks
/// each digit is asked one, so their terms are added by their shares (Clark et al. 2019, section 3.1). What is minimised
/// of labels is therefore each task's mean over its labelled digits, by the task's share of all digits; what is told is
/// the mean over all labelled ones.
pub(super) fn loss(
    inputs: &Inputs,
    hard: HardMix,
    soft: Option<(Vec<Vec<f32>>, SoftMix)>,
    logits: &[f32],
    gradient: &mut [f32],
) -> PerTerm<f32> {
    let n = inputs.batch.ids.len();
    let all_labelled = inputs.tasks.iter().map(TaskBatch::labelled).sum::<usize>().max(1);
    let mut losses = PerTerm::default();
    for (place, task) in inputs.tasks.iter().enumerate() {
        let soft = soft.as_ref().map(|(targets, mix)| (&targets[place][..], *mix));
        let of_task = |logits: &[f32], gradient: &mut [f32]| {
            let rows = TaskRows { classes: task.head.outputs.len(), logits, one_hot: &task.one_hot, soft };
            task_loss(&rows, hard, gradient)
        };
        let share = task.rows.len() as f32 / n as f32;
        let terms = match task.one_hot.len() == logits.len() {
            true => of_task(logits, gradient),
            false => in_part(task, n, share, logits, gradient, of_task),
        };
        losses.hard += terms.hard * (task.labelled() as f32 / all_labelled as f32);
        losses.soft += terms.soft.unwrap_or(0.0) * share;
        losses.total += terms.total * share;
    }
    losses
}

/// The loss of a task that has not all rows and all columns of a batch's outputs; writes its gradient times its share.
fn in_part(
    task: &TaskBatch,
    n: usize,
    share: f32,
    logits: &[f32],
    gradient: &mut [f32],
    of_task: impl Fn(&[f32], &mut [f32]) -> LossTerms,
) -> LossTerms {
    let outputs = logits.len() / n;
    let columns = |row: usize| row * outputs + task.head.outputs.start..row * outputs + task.head.outputs.end;
    let own: Vec<f32> = task.rows.iter().flat_map(|row| &logits[columns(*row)]).copied().collect();
    let mut slopes = vec![0.0; own.len()];
    let terms = of_task(&own, &mut slopes);
    for (row, slopes) in task.rows.iter().zip(slopes.chunks_exact(task.head.outputs.len())) {
        gradient[columns(*row)].iter_mut().zip(slopes).for_each(|(to, slope)| *to = slope * share);
    }
    terms
}
