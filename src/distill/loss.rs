//! The loss: hard_weight · hard + soft_weight · T² · soft + Σ weight · imitation (Hinton et al. 2015, section 2, and
//! the methods that add terms of their own).

use super::{SoftRows, SoftTerm};

/// The hard term of one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HardMix {
    /// Weight of the labels.
    pub weight: f64,
    /// Share of each label that is spread evenly over the ten classes (Szegedy et al. 2016, section 7).
    pub label_smoothing: f64,
}

/// The soft term of one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SoftMix {
    pub term: SoftTerm,
    /// Weight beside T².
    pub weight: f64,
    /// Temperature of the soft targets, above 0.
    pub temperature: f64,
    /// Whether the soft term is multiplied by T².
    pub t_squared: bool,
}

impl SoftMix {
    /// False where it has no weight: then it is told, and nothing of it is minimised.
    pub fn counts(&self) -> bool {
        self.weight != 0.0
    }

    /// The temperature that both sides are softened at: 1 for a term in which it plays no part.
    pub fn softening(&self) -> f64 {
        if self.term.has_temperature() { self.temperature } else { 1.0 }
    }

    /// What the soft term is multiplied by.
    pub fn factor(&self) -> f64 {
        match self.t_squared && self.term.has_temperature() {
            true => self.weight * self.temperature * self.temperature,
            false => self.weight,
        }
    }
}

/// What a batch says of one task: the digits it is asked for, and its own outputs, in rows of `classes` values.
pub struct TaskRows<'a> {
    pub classes: usize,
    pub logits: &'a [f32],
    /// Labels as one-hot rows, a row of zeros for a digit without a label.
    pub one_hot: &'a [f32],
    /// Soft targets and how they count; none for a model that nobody teaches.
    pub soft: Option<(&'a [f32], SoftMix)>,
}

/// The terms of a loss, means over digits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossTerms {
    /// Cross-entropy with the labels at T = 1; mean over the digits with a label, 0 where none has one.
    pub hard: f32,
    /// The soft term, without weight or T²; none for a model that hears no soft targets.
    pub soft: Option<f32>,
    /// What is minimised.
    pub total: f32,
}

/// The loss of one task by its formula. Writes its gradient in the logits; that of the hard term is q Σ y − y by the
/// smoothed labels y.
pub fn task_loss(rows: &TaskRows, hard: HardMix, gradient: &mut [f32]) -> LossTerms {
    let &TaskRows { classes, logits, one_hot, soft } = rows;
    let labelled = one_hot.iter().sum::<f32>().max(1.0);
    let smoothing = hard.label_smoothing as f32;
    let weight = hard.weight as f32 / labelled;
    let mut hard_sum = 0.0;
    let mut q = vec![0.0_f32; classes];
    let all = logits.chunks_exact(classes).zip(one_hot.chunks_exact(classes));
    for ((logits, one_hot), gradient) in all.zip(gradient.chunks_exact_mut(classes)) {
        let is_labelled: f32 = one_hot.iter().sum();
        let spread = is_labelled * smoothing / classes as f32;
        let log_sum = log_softmax(logits, 1.0, &mut q);
        for ((gradient, label), (q, logit)) in gradient.iter_mut().zip(one_hot).zip(q.iter().zip(logits)) {
            let target = label * (1.0 - smoothing) + spread;
            hard_sum -= target * (logit - log_sum);
            *gradient = weight * (q * is_labelled - target);
        }
    }
    let hard_term = hard_sum / labelled;
    let mut total = hard.weight as f32 * hard_term;
    let soft = soft.map(|(targets, mix)| {
        let rows = SoftRows { classes, logits, targets, one_hot, temperature: mix.softening() as f32 };
        // Without a weight it is told and not minimised.
        let weight = mix.counts().then(|| mix.factor() as f32);
        let term = mix.term.compare_rows(&rows, weight, gradient);
        total += weight.map_or(0.0, |weight| weight * term);
        term
    });
    LossTerms { hard: hard_term, soft, total }
}

/// Fills `q` with softmax(z / T) and answers log Σ exp(z / T).
pub fn log_softmax(logits: &[f32], temperature: f32, q: &mut [f32]) -> f32 {
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
    use crate::distill::{Combine, JensenShannon, combined_targets};
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
        let terms = task_loss(&rows, HardMix { weight: 0.0, label_smoothing: 0.0 }, &mut gradient);
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
