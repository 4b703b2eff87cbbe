//! Soft terms: how the student's logits are compared with what its teachers say.
//!
//! A new one is a file of its own here, a variant of [`SoftTerm`] with its line in `named`, its formulas in the loss kernel
//! of the GPU, and its test.

mod cross_entropy;
mod decoupled;
mod divergence;
mod jensen_shannon;
mod logit_mse;
mod reverse;
mod teacher_labels;

pub use decoupled::Decoupled;
pub use jensen_shannon::JensenShannon;

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use self::cross_entropy::CrossEntropy;
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

/// What a soft term compares, all of one batch.
pub struct SoftInputs {
    /// The student's logits `[n, 10]`.
    pub logits: Tensor<2>,
    /// Soft targets `[n, 10]`, as [`SoftTerm::prepare`] leaves them: probabilities at T, or logits where
    /// [`SoftTerm::compares_logits`].
    pub targets: Tensor<2>,
    /// Labels as one-hot rows `[n, 10]`.
    pub one_hot: Tensor<2>,
    pub temperature: f64,
}

/// The arithmetic of one soft term.
trait Term {
    /// Mean over digits, `[1]`.
    fn term(&self, inputs: SoftInputs) -> Tensor<1>;

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

    /// The term as a mean over digits `[1]`, without weight or T². The targets are constants: no gradient reaches a
    /// teacher.
    pub fn term(&self, inputs: SoftInputs) -> Tensor<1> {
        self.named().term(SoftInputs { targets: inputs.targets.detach(), ..inputs })
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
