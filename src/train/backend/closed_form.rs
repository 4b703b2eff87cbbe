//! The loss and its gradient by their formulas, on the host, for the terms that have short ones: cross-entropy with
//! labels and with soft targets, and divergences from the student's side. What a session mostly trains by; everything
//! else goes through burn's gradients.

use crate::distill::{HardMix, JensenShannon, SoftMix, SoftTerm};

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
    soft.is_none_or(|mix| match mix.term {
        SoftTerm::CrossEntropy
        | SoftTerm::TeacherLabels
        | SoftTerm::ReverseKl
        | SoftTerm::JensenShannon(_) => true,
        SoftTerm::Kl | SoftTerm::LogitMse | SoftTerm::Decoupled(_) => false,
    })
}

/// Writes the gradient of the loss in the logits, and answers the loss. With q = softmax(z / T) the gradient of
/// −Σ pᵢ log qᵢ is (q Σ p − p) / T (Hinton et al. 2015, eq. 2).
pub(super) fn closed_form(rows: TaskRows, hard: HardMix, gradient: &mut [f32]) -> Terms {
    let TaskRows { classes, logits, one_hot, soft } = rows;
    let digits = (logits.len() / classes) as f32;
    let labelled = one_hot.iter().sum::<f32>().max(1.0);
    let smoothing = hard.label_smoothing as f32;
    let (mut hard_sum, mut soft_sum) = (0.0, 0.0);
    let (mut q, mut slopes) = (vec![0.0_f32; classes], vec![0.0_f32; classes]);
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
            let (targets, temperature) = (&targets[row], mix.softening() as f32);
            let log_sum = log_softmax(logits, temperature, &mut q);
            let weight = mix.factor() as f32 / (digits * temperature);
            if let Some(side) = StudentsSide::of(mix.term) {
                let log_q = |class: usize| logits[class] / temperature - log_sum;
                soft_sum += side.divergence(targets, &q, log_q, &mut slopes);
                let mean: f32 = q.iter().zip(&slopes).map(|(q, slope)| q * slope).sum();
                if mix.counts() {
                    let terms = q.iter().zip(&slopes).map(|(q, slope)| weight * q * (slope - mean));
                    gradient.iter_mut().zip(terms).for_each(|(gradient, term)| *gradient += term);
                }
                continue;
            }
            let all: f32 = targets.iter().sum();
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

/// Divergences whose slope lies in the student's probabilities.
enum StudentsSide {
    Reverse,
    JensenShannon { beta: f32 },
}

/// As `distill::soft` has it.
const SMALLEST: f32 = 1e-30;

/// log p, finite for a probability of zero; by comparison, for of no number `f32::max` would make one.
fn log_of(p: f32) -> f32 {
    if p < SMALLEST { SMALLEST.ln() } else { p.ln() }
}

impl StudentsSide {
    fn of(term: SoftTerm) -> Option<Self> {
        match term {
            SoftTerm::ReverseKl => Some(Self::Reverse),
            SoftTerm::JensenShannon(JensenShannon { beta }) => {
                Some(Self::JensenShannon { beta: beta as f32 })
            }
            _ => None,
        }
    }

    /// The divergence of one digit; writes s, of which its gradient in the logits is qᵢ (sᵢ − Σ q s) / T: log (q / p), or
    /// (1 − β) log (q / m) with m = β p + (1 − β) q.
    fn divergence(&self, p: &[f32], q: &[f32], log_q: impl Fn(usize) -> f32, slopes: &mut [f32]) -> f32 {
        let mut sum = 0.0;
        for (class, slope) in slopes.iter_mut().enumerate() {
            let (p, q) = (p[class], q[class]);
            *slope = match *self {
                Self::Reverse => log_q(class) - log_of(p),
                Self::JensenShannon { beta } => {
                    let log_m = log_of(beta * p + (1.0 - beta) * q);
                    sum += beta * p * (log_of(p) - log_m);
                    (1.0 - beta) * (log_q(class) - log_m)
                }
            };
            sum += q * *slope;
        }
        sum
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distill::{Combine, combined_targets};
    use crate::measure::softened;
    use crate::random::Stream;

    const TERMS: [SoftTerm; 4] = [
        SoftTerm::ReverseKl,
        SoftTerm::JensenShannon(JensenShannon { beta: 0.5 }),
        SoftTerm::JensenShannon(JensenShannon { beta: 0.05 }),
        SoftTerm::TeacherLabels,
    ];

    /// Loss and gradient of the soft term alone, times T².
    fn by_formula(term: SoftTerm, student: &[f32], teacher: &[f32], temperature: f64) -> (f32, Vec<f32>) {
        let mix = SoftMix { term, weight: 1.0, temperature, t_squared: true };
        let mut targets =
            combined_targets(&[(teacher.to_vec(), 1.0)], 10, Combine::default(), mix.softening());
        term.prepare(&mut targets, 10);
        let rows =
            TaskRows { classes: 10, logits: student, one_hot: &[0.0; 10], soft: Some((&targets, mix)) };
        let mut gradient = vec![0.0; 10];
        let terms = closed_form(rows, HardMix { weight: 0.0, label_smoothing: 0.0 }, &mut gradient);
        (terms.total, gradient)
    }

    /// The same in f64 from the definition, probabilities of the teacher that are below 1e-30 taken for that.
    fn by_definition(term: SoftTerm, student: &[f32], teacher: &[f32], temperature: f64) -> (f64, Vec<f64>) {
        let t = if term.has_temperature() { temperature } else { 1.0 };
        let largest = f64::from(student.iter().copied().fold(f32::NEG_INFINITY, f32::max)) / t;
        let below: Vec<f64> = student.iter().map(|z| f64::from(*z) / t - largest).collect();
        let log_sum = below.iter().map(|z| z.exp()).sum::<f64>().ln();
        let (p, q) = (softened(teacher, t), softened(student, t));
        let ln = |p: f64| p.max(1e-30).ln();
        let (mut loss, mut slopes) = (0.0, vec![0.0; 10]);
        let first = (1..10).fold(0, |best, class| if teacher[class] > teacher[best] { class } else { best });
        for class in 0..10 {
            let (p, q, log_q) = (p[class], q[class], below[class] - log_sum);
            slopes[class] = match term {
                SoftTerm::ReverseKl => log_q - ln(p),
                SoftTerm::JensenShannon(JensenShannon { beta }) => {
                    let m = beta * p + (1.0 - beta) * q;
                    loss += if p > 0.0 { beta * p * (p / m).ln() } else { 0.0 };
                    (1.0 - beta) * if m > 0.0 { log_q - ln(m) } else { 0.0 }
                }
                _ => 0.0,
            };
            loss += q * slopes[class];
        }
        let mean: f64 = q.iter().zip(&slopes).map(|(q, slope)| q * slope).sum();
        let mut gradient: Vec<f64> = q.iter().zip(&slopes).map(|(q, slope)| t * q * (slope - mean)).collect();
        if term == SoftTerm::TeacherLabels {
            loss = log_sum - below[first];
            gradient = q;
            gradient[first] -= 1.0;
        }
        (if term.has_temperature() { t * t * loss } else { loss }, gradient)
    }

    #[test]
    fn divergences_and_their_slopes_are_those_of_f64_also_where_probabilities_vanish() {
        let mut cases = vec![
            // Of opposite opinion and sure of it: e^-80 and e^-800 are zero in f32.
            (vec![40.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -40.0], 0.5),
            (vec![40.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -40.0], 0.1),
            (vec![0.0; 10], 4.0),
        ];
        let mut stream = Stream::new(1, "divergences", &[]);
        for (size, temperature) in [(3.0, 1.0), (3.0, 4.0), (30.0, 1.0), (0.01, 2.0), (30.0, 20.0)] {
            cases.push(((0..10).map(|_| stream.uniform(-size, size)).collect(), temperature));
        }
        for term in TERMS {
            for (student, temperature) in &cases {
                let turned: Vec<f32> = student.iter().rev().copied().collect();
                for teacher in [student.clone(), turned, vec![0.0; 10]] {
                    let (loss, gradient) = by_formula(term, student, &teacher, *temperature);
                    let (expected, slopes) = by_definition(term, student, &teacher, *temperature);
                    let scale = if term.has_temperature() { temperature * temperature } else { 1.0 };
                    // Logarithms of up to 700 in f32, and T² times them.
                    let near = |found: f32, expected: f64, scale: f64| {
                        (f64::from(found) - expected).abs() < 2e-6 * (scale + 10.0 * expected.abs())
                    };
                    assert!(
                        near(loss, expected, scale),
                        "{term:?} {student:?} at {temperature}: {loss}, {expected}"
                    );
                    for (found, expected) in gradient.iter().zip(slopes) {
                        assert!(
                            near(*found, expected, scale / temperature * 10.0),
                            "{term:?} {student:?} at {temperature}: {found}, {expected}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_stays_none() {
        let sane: Vec<f32> = (0..10).map(|class| class as f32).collect();
        for term in TERMS {
            for place in [0, 9] {
                let mut lost = sane.clone();
                lost[place] = f32::NAN;
                assert!(by_formula(term, &lost, &sane, 2.0).0.is_nan(), "{term:?}");
                assert!(by_formula(term, &sane, &lost, 2.0).0.is_nan(), "{term:?}");
            }
        }
    }

    #[test]
    fn of_equal_choices_of_a_teacher_the_lower_class_is_its_label() {
        let mut teacher = vec![0.0; 10];
        (teacher[4], teacher[7]) = (3.0, 3.0);
        let (loss, gradient) = by_formula(SoftTerm::TeacherLabels, &[0.0; 10], &teacher, 4.0);
        assert!((loss - 10_f32.ln()).abs() < 1e-6, "{loss}");
        let lowest = gradient.iter().position(|slope| *slope < 0.0);
        assert_eq!((lowest, gradient.iter().filter(|slope| **slope < 0.0).count()), (Some(4), 1));
    }
}
