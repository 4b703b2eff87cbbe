//! The digits that a model learns on.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{DataSet, is_zero};
use crate::data::{Augmentation, MNIST_PICTURES, Split};
use crate::ranges::ranges;

/// The inputs a model learns on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TransferSet {
    /// The set its pictures come from.
    #[cfg_attr(feature = "cli", schemars(extend("default" = Pictures::default())))]
    #[serde(skip_serializing_if = "Pictures::is_default")]
    pub pictures: Pictures,
    /// How many of its pictures, from the first on (before classes are left out).
    pub digits: u32,
    /// Classes that are left out, as in Hinton et al. (2015), section 3, where the student never sees a 3. It is the
    /// set that is put together so, by all labels, whether a student may see them or not.
    pub leave_out: Vec<u8>,
    /// Every digit is shifted by up to this many pixels each way, anew each epoch.
    pub jitter_px: u8,
    /// Share of the digits whose label is hidden: only teachers speak of them.
    #[serde(skip_serializing_if = "is_zero")]
    pub unlabelled: f64,
    /// Share of the digits whose label is replaced by one of the nine other classes, the same in every epoch. Measures
    /// are taken by true labels.
    #[serde(skip_serializing_if = "is_zero")]
    pub label_noise: f64,
    /// How digits are changed, anew each epoch, one change after another.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub augment: Vec<Augmentation>,
    /// Mixup: the digits of a batch are mixed pairwise, pictures and labels alike, λ : 1 − λ with λ of Beta(α, α) anew for
    /// each batch; this is α, 0 for none (Zhang et al. 2018, section 2). Teachers see the mixed pictures too.
    #[serde(skip_serializing_if = "is_zero")]
    pub mixup_alpha: f64,
}

/// How many digits there may be to learn on.
pub const TRANSFER_DIGITS: RangeInclusive<f64> = 1.0..=MNIST_PICTURES as f64;

ranges!(TransferSet {
    digits: TRANSFER_DIGITS, unit "digits";
    jitter_px: 0.0..=2.0, unit "pixels";
    unlabelled: 0.0..=1.0;
    label_noise: 0.0..=1.0;
    mixup_alpha: 0.0..=32.0;
    leave_out: 0.0..=9.0;
});

impl TransferSet {
    /// True when its inputs are new each epoch, so that nothing of a teacher can be kept.
    pub fn changes_inputs(&self) -> bool {
        self.jitter_px > 0 || !self.augment.is_empty() || self.mixup_alpha > 0.0
    }
}

impl Default for TransferSet {
    fn default() -> Self {
        Self {
            pictures: Pictures::default(),
            digits: 10_000,
            leave_out: Vec::new(),
            jitter_px: 0,
            unlabelled: 0.0,
            label_noise: 0.0,
            augment: Vec::new(),
            mixup_alpha: 0.0,
        }
    }
}

/// A set that a transfer set takes its pictures from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Pictures {
    /// Those that `data.set` has to learn on.
    #[default]
    OfSet,
    /// The training digits of MNIST.
    Mnist,
    /// Clothes: 20,000 pictures of Fashion-MNIST (Xiao et al. 2017). Unless `data.set` is `fashion` too, their labels are
    /// never shown: they are no digits.
    Fashion,
    /// The pair of idx files that the user gave; labels 0 to 9 are taken as classes.
    Own,
}

impl Pictures {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// What they are to an experiment on that set.
    pub fn split(self, of: DataSet) -> Split {
        match self {
            Pictures::OfSet => of.learnt(),
            Pictures::Mnist => Split::Train,
            Pictures::Fashion if of == DataSet::Fashion => Split::FashionTrain,
            Pictures::Fashion => Split::Fashion,
            Pictures::Own => Split::Own,
        }
    }
}
