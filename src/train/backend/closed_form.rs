//! The loss and its gradient by their formulas, on the host, for the terms that have short ones: cross-entropy with
//! labels and with soft targets. What a session mostly trains by; everything else goes through burn's gradients.

use crate::distill::{HardMix, SoftMix, SoftTerm};

/// What a batch says of one task, rows of `classes` values.
pub(super) struct TaskRows<'a> {
    pub classes: usize,
    pub logits: &'a [f32],
    /// Labels as one-hot rows, a row of zeros for a digit without a label.
    pub one_hot: &'a [f32],
    /// Soft targets and how they count; none for a model that nobody teaches.
    pub soft: Option<(&'a [f32], SoftMix)>,
}

/// Hard and soft term, and what is minimised, as [`crate::distill::loss`] has them for one task without imitation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Terms {
    pub hard: f32,
    pub soft: Option<f32>,
    pub total: f32,
}

/// True for terms that have a closed form here.
pub(super) fn has_closed_form(soft: Option<SoftMix>) -> bool {
    soft.is_none_or(|mix| mix.term == SoftTerm::CrossEntropy)
}

/// Writes the gradient of the loss in the logits, and answers the loss. With q = softmax(z / T) the gradient of
/// −Σ pᵢ log qᵢ is (q Σ p − p) / T (Hinton et al. 2015, eq. 2).
pub(super) fn closed_form(rows: TaskRows, hard: HardMix, gradient: &mut [f32]) -> Terms {
    let TaskRows { classes, logits, one_hot, soft } = rows;
    let digits = (logits.len() / classes) as f32;
    let labelled = one_hot.iter().sum::<f32>().max(1.0);
    let smoothing = hard.label_smoothing as f32;
    let (mut hard_sum, mut soft_sum) = (0.0, 0.0);
    let mut q = vec![0.0_f32; classes];
    for (row, gradient) in gradient.chunks_exact_mut(classes).enumerate() {
        let row = row * classes..(row + 1) * classes;
        let (logits, one_hot) = (&logits[row.clone()], &one_hot[row.clone()]);
        let is_labelled: f32 = one_hot.iter().sum();
        let spread = is_labelled * smoothing / classes as f32;
        let log_sum = log_softmax(logits, 1.0, &mut q);
        let weight = hard.weight as f32 / labelled;
        for ((gradient, label), (log_q, logit)) in
            gradient.iter_mut().zip(one_hot).zip(q.iter_mut().zip(logits))
        {
            let target = label * (1.0 - smoothing) + spread;
            hard_sum -= target * (logit - log_sum);
            *gradient = weight * (*log_q * is_labelled - target);
        }
        if let Some((targets, mix)) = soft {
            let (targets, temperature) = (&targets[row], mix.temperature as f32);
            let log_sum = log_softmax(logits, temperature, &mut q);
            let all: f32 = targets.iter().sum();
            let weight = mix.factor() as f32 / (digits * temperature);
            for ((gradient, target), (q, logit)) in gradient.iter_mut().zip(targets).zip(q.iter().zip(logits))
            {
                soft_sum -= target * (logit / temperature - log_sum);
                if mix.counts() {
                    *gradient += weight * (q * all - target);
                }
            }
        }
    }
    let (hard_term, soft_term) = (hard_sum / labelled, soft_sum / digits);
    let counted = soft.filter(|(_, mix)| mix.counts());
    let taught = counted.map_or(0.0, |(_, mix)| mix.factor() as f32 * soft_term);
    Terms { hard: hard_term, soft: soft.map(|_| soft_term), total: hard.weight as f32 * hard_term + taught }
}

/// Fills `q` with softmax(z / T) and answers log Σ exp(z / T).
fn log_softmax(logits: &[f32], temperature: f32, q: &mut [f32]) -> f32 {
    // By comparison: `f32::max` is a call into the mathematics library in WebAssembly.
    let larger = |largest: f32, logit: &f32| if *logit > largest { *logit } else { largest };
    let largest = logits.iter().fold(f32::NEG_INFINITY, larger) / temperature;
    let mut sum = 0.0;
    for (q, logit) in q.iter_mut().zip(logits) {
        *q = (logit / temperature - largest).exp();
        sum += *q;
    }
    q.iter_mut().for_each(|q| *q /= sum);
    largest + sum.ln()
}
