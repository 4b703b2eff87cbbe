//! Soft terms: how the student's logits are compared with what its teachers say.
//!
//! A new one is a file of its own here, with its formula and the gradient of that, a variant of [`SoftTerm`] with its line
//! in `named`, the same in tensors beside the others (`distill/tensors/soft.rs`) and in the loss kernel of the GPU, and its
//! test.

mod cross_entropy;
mod decoupled;
mod divergence;
mod jensen_shannon;
mod logit_mse;
mod reverse;
mod teacher_labels;

pub use decoupled::Decoupled;
pub use jensen_shannon::JensenShannon;

use serde::{Deserialize, Serialize};

use self::cross_entropy::CrossEntropy;
use super::loss::log_softmax;
use crate::report::Report;

/// The kind of soft term.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SoftTerm {
    /// Cross-entropy of the softened probabilities (Hinton et al. 2015, section 2).
    #[default]
    CrossEntropy,
    /// Kullback–Leibler divergence of the student's softened probabilities from the teacher's: the cross-entropy
    /// without the teacher's own entropy, so the gradient is the same.
    Kl,
    /// Half the squared distance of the logits (Ba and Caruana 2014, eq. 1); temperature and T² play no part.
    #[cfg_attr(feature = "cli", schemars(extend("x-compares-logits" = true, "x-without-temperature" = true)))]
    LogitMse,
    /// Target and non-target classes apart (Zhao et al. 2022, eq. 7); needs labels.
    Decoupled(Decoupled),
    /// Kullback–Leibler divergence of the teacher's softened probabilities from the student's: the other direction.
    ReverseKl,
    /// Generalised Jensen–Shannon divergence, between the two directions (Agarwal et al. 2024, section 2).
    JensenShannon(JensenShannon),
    /// Cross-entropy with the teacher's first choice in place of the label; temperature and T² play no part (Touvron et al.
    /// 2021, section 4).
    #[cfg_attr(feature = "cli", schemars(extend("x-without-temperature" = true)))]
    TeacherLabels,
}

/// What a soft term compares on the host, in rows of `classes` values.
pub struct SoftRows<'a> {
    pub classes: usize,
    /// The student's logits.
    pub logits: &'a [f32],
    /// Soft targets, as [`SoftTerm::prepare`] leaves them: probabilities at T, or logits where
    /// [`SoftTerm::compares_logits`].
    pub targets: &'a [f32],
    /// Labels as one-hot rows.
    pub one_hot: &'a [f32],
    pub temperature: f32,
}

/// The row of one digit.
struct SoftRow<'a> {
    logits: &'a [f32],
    targets: &'a [f32],
    one_hot: &'a [f32],
    temperature: f32,
    /// The student's probabilities, softmax(z / T), and log Σ exp(z / T).
    q: &'a [f32],
    log_sum: f32,
}

/// The arithmetic of one soft term.
trait Term {
    /// Adds the term of one digit to `sum`, and writes its gradient in z / T, times `weight`, to `slopes`.
    fn compare_row(&self, row: &SoftRow, weight: f32, slopes: &mut [f32], sum: &mut f32);

    /// True when targets are logits.
    fn compares_logits(&self) -> bool {
        false
    }

    /// Whether temperature and T² play a part.
    fn has_temperature(&self) -> bool {
        true
    }

    /// Makes of the teachers' probabilities what the student is compared with.
    fn prepare(&self, _targets: &mut [f32], _classes: usize) {}

    /// True when every digit must have a label.
    fn needs_labels(&self) -> bool {
        false
    }

    /// Whether anything is learnt from it at all.
    fn weighs(&self) -> bool {
        true
    }

    /// Reports settings that are out of range.
    fn check(&self, _path: &str, _report: &mut Report) {}
}

impl SoftRow<'_> {
    /// log q of a class.
    fn log_q(&self, class: usize) -> f32 {
        self.logits[class] / self.temperature - self.log_sum
    }

    /// The gradient of −Σ pᵢ log qᵢ in z / T, q Σ p − p (Hinton et al. 2015, eq. 2), times a weight.
    fn towards_targets(&self, weight: f32, slopes: &mut [f32]) {
        let all: f32 = self.targets.iter().sum();
        for ((slope, q), target) in slopes.iter_mut().zip(self.q).zip(self.targets) {
            *slope = weight * (q * all - target);
        }
    }

    /// The gradient of a divergence that is a mean over the student's probabilities, qᵢ (sᵢ − Σ q s), times a weight; in
    /// place of its slopes s.
    fn by_students_slopes(&self, weight: f32, slopes: &mut [f32]) {
        let mean: f32 = self.q.iter().zip(&*slopes).map(|(q, slope)| q * slope).sum();
        slopes.iter_mut().zip(self.q).for_each(|(slope, q)| *slope = weight * q * (*slope - mean));
    }
}

impl SoftTerm {
    /// The one list of kinds.
    fn named(&self) -> &dyn Term {
        match self {
            SoftTerm::CrossEntropy => &CrossEntropy,
            SoftTerm::Kl => &divergence::Divergence,
            SoftTerm::LogitMse => &logit_mse::LogitMse,
            SoftTerm::Decoupled(decoupled) => decoupled,
            SoftTerm::ReverseKl => &reverse::ReverseKl,
            SoftTerm::JensenShannon(jensen_shannon) => jensen_shannon,
            SoftTerm::TeacherLabels => &teacher_labels::TeacherLabels,
        }
    }

    /// The term on the host as a mean over digits, without weight or T². Where it has a weight, that times its gradient
    /// is added to `gradient`, as long as the logits; the targets are constants.
    pub fn compare_rows(&self, rows: &SoftRows, weight: Option<f32>, gradient: &mut [f32]) -> f32 {
        let &SoftRows { classes, logits, targets, one_hot, temperature } = rows;
        let digits = (logits.len() / classes) as f32;
        let scale = weight.unwrap_or(0.0) / (digits * temperature);
        let (mut q, mut slopes, mut sum) = (vec![0.0; classes], vec![0.0; classes], 0.0);
        for (digit, gradient) in gradient.chunks_exact_mut(classes).enumerate() {
            let [logits, targets, one_hot] =
                [logits, targets, one_hot].map(|all| &all[digit * classes..(digit + 1) * classes]);
            let log_sum = log_softmax(logits, temperature, &mut q);
            let row = SoftRow { logits, targets, one_hot, temperature, q: &q, log_sum };
            self.named().compare_row(&row, scale, &mut slopes, &mut sum);
            if weight.is_some() {
                gradient.iter_mut().zip(&slopes).for_each(|(gradient, slope)| *gradient += slope);
            }
        }
        sum / digits
    }

    /// True when targets are logits.
    pub fn compares_logits(&self) -> bool {
        self.named().compares_logits()
    }

    /// Whether temperature and T² play a part.
    pub fn has_temperature(&self) -> bool {
        self.named().has_temperature()
    }

    /// Makes of the teachers' probabilities, rows of `classes`, what the student is compared with.
    pub fn prepare(&self, targets: &mut [f32], classes: usize) {
        self.named().prepare(targets, classes);
    }

    /// True when every digit must have a label.
    pub fn needs_labels(&self) -> bool {
        self.named().needs_labels()
    }

    /// Whether anything is learnt from it at all.
    pub fn weighs(&self) -> bool {
        self.named().weighs()
    }

    /// Reports settings that are out of range.
    pub fn check(&self, path: &str, report: &mut Report) {
        self.named().check(path, report);
    }
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_schema_says_which_terms_compare_logits_and_which_have_no_temperature() {
        let schema = schemars::schema_for!(SoftTerm).to_value();
        let variants = schema["oneOf"].as_array().unwrap();
        let mut comparing = 0;
        for variant in variants {
            let value = match (&variant["const"], variant["required"][0].as_str()) {
                (Value::String(name), _) => json!(name),
                (_, Some(name)) => json!({ name: {} }),
                _ => panic!("{variant}"),
            };
            let term: SoftTerm = serde_json::from_value(value).unwrap();
            assert_eq!(variant["x-compares-logits"] == true, term.compares_logits(), "{term:?}");
            assert_eq!(variant["x-without-temperature"] != true, term.has_temperature(), "{term:?}");
            comparing += u32::from(term.compares_logits());
        }
        assert_eq!((variants.len() > 3, comparing > 0), (true, true));
    }
}
