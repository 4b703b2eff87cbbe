//! The loss, soft terms and likenesses in burn's tensors: what the formulas on slices are compared with, and what trains
//! where there are no kernels. The page's CPU package is made without.

mod imitation;
mod soft;

pub use imitation::Compared;
pub use soft::SoftInputs;

use burn::tensor::{Tensor, activation::log_softmax};

use super::{HardMix, SoftMix};

/// The loss and its terms, each `[1]`, means over the digits of a batch.
pub struct LossTensors {
    /// Cross-entropy with the labels at T = 1; mean over the digits with a label, 0 where none has one.
    pub hard: Tensor<1>,
    /// The soft term, without weight or T²; none for a model that hears no soft targets.
    pub soft: Option<Tensor<1>>,
    /// The terms of imitation, without weights.
    pub imitated: Vec<Tensor<1>>,
    /// What is minimised.
    pub total: Tensor<1>,
}

/// Cross-entropy with labels given as one-hot rows `[n, 10]`, a row of zeros for a digit without a label; mean over the
/// digits with one, `[1]`, in nats. The labels are smoothed first.
pub fn hard_cross_entropy(logits: Tensor<2>, one_hot: Tensor<2>, smoothing: f64) -> Tensor<1> {
    let [_, classes] = logits.dims();
    let is_labelled = one_hot.clone().sum_dim(1);
    let labelled = is_labelled.clone().sum().clamp_min(1.0);
    let targets = match smoothing {
        0.0 => one_hot,
        share => one_hot.mul_scalar(1.0 - share) + is_labelled.mul_scalar(share / classes as f64),
    };
    (targets * log_softmax(logits, 1)).sum().neg() / labelled
}

/// What one task says of a batch: the digits it is asked for, and its own outputs.
pub struct TaskTensors {
    /// Logits `[n, classes]`.
    pub logits: Tensor<2>,
    /// Labels as one-hot rows `[n, classes]`.
    pub one_hot: Tensor<2>,
    /// Soft targets `[n, classes]`; none for a model that nobody teaches.
    pub targets: Option<Tensor<2>>,
    /// Its share of the batch's digits; 1 where it is the only task.
    pub share: f64,
    /// How many of its digits have a label.
    pub labelled: usize,
}

/// The loss of a student against labels and, for a taught one, soft targets, and of its terms of imitation with their
/// weights. The targets are constants: no gradient reaches a teacher. Of several tasks each digit is asked one, so
/// their terms are added by their shares (Clark et al. 2019, section 3.1). What is minimised of labels is therefore
/// each task's mean over its labelled digits, by the task's share of all digits; what is told is the mean over all
/// labelled ones.
pub fn loss(
    tasks: Vec<TaskTensors>,
    hard_mix: HardMix,
    soft_mix: Option<SoftMix>,
    imitated: Vec<(Tensor<1>, f64)>,
) -> LossTensors {
    let (mut hard, mut minimised, mut soft) = (None, None, None);
    let all_labelled = tasks.iter().map(|task| task.labelled).sum::<usize>().max(1);
    for TaskTensors { logits, one_hot, targets, share, labelled } in tasks {
        let term = hard_cross_entropy(logits.clone(), one_hot.clone(), hard_mix.label_smoothing);
        hard = Some(added(hard, term.clone(), labelled as f64 / all_labelled as f64));
        minimised = Some(added(minimised, term, share));
        if let (Some(mix), Some(targets)) = (soft_mix, targets) {
            let inputs = SoftInputs { logits, targets, one_hot, temperature: mix.softening() };
            soft = Some(added(soft, mix.term.term(inputs), share));
        }
    }
    let (hard, minimised) = hard.zip(minimised).expect("a batch has digits, and every digit a task");
    let mut total = match hard_mix.weight {
        1.0 => minimised,
        weight => minimised.mul_scalar(weight),
    };
    // Without a weight it is told and not minimised.
    if let (Some(soft), Some(mix)) = (&soft, soft_mix.filter(SoftMix::counts)) {
        total = total + soft.clone().mul_scalar(mix.factor());
    }
    for (term, weight) in &imitated {
        total = total + term.clone().mul_scalar(*weight);
    }
    LossTensors { hard, soft, imitated: imitated.into_iter().map(|(term, _)| term).collect(), total }
}

fn added(sum: Option<Tensor<1>>, term: Tensor<1>, share: f64) -> Tensor<1> {
    let term = if share == 1.0 { term } else { term.mul_scalar(share) };
    match sum {
        Some(sum) => sum + term,
        None => term,
    }
}
