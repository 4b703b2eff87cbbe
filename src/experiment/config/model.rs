//! One node of the family tree: its network, what it tells, where it begins, who teaches it what.

use serde::{Deserialize, Serialize};

use super::{Init, NetChoice, Objective, Source, TRANSFER_DIGITS, Training, TransferSet};
use crate::compress::{Compression, Held, Theseus};
use crate::data::{Head, Task, heads};
use crate::distill::Combine;
use crate::nets::Net;
use crate::ranges::ranges;
use crate::train::Requirements;

/// One node of the family tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The network, or `same_as` another model's.
    pub net: NetChoice,
    /// What it tells of a digit; of several, each with outputs of its own, a digit of a batch is asked one (BAM, Clark
    /// et al. 2019). Errors are those of the first.
    #[serde(default = "digit_alone", skip_serializing_if = "is_digit_alone")]
    #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
    pub tasks: Vec<TaskSet>,
    /// Where its first weights come from; left out: from the experiment's seed and the model's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub init: Option<Init>,
    /// Who teaches it; nobody: it learns from labels alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub learns_from: Vec<Source>,
    /// How several teachers become one.
    #[cfg_attr(feature = "cli", schemars(extend("default" = Combine::default())))]
    #[serde(default, skip_serializing_if = "Combine::is_default")]
    pub combine: Combine,
    /// What it learns from its teachers, and how much labels count beside them.
    #[serde(default)]
    pub objective: Objective,
    /// What its weights are held to while it learns and afterwards; of several, weights are left out before others are
    /// rounded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compress: Vec<Compression>,
    /// A trained transformer in whose place it learns, block by block (Xu et al. 2020).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Theseus>,
    /// Its own transfer set, in place of the experiment's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer_set: Option<TransferSet>,
    /// Its own way of training, in place of the experiment's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<Training>,
}

/// One task of a model, and how many digits it is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TaskSet {
    pub task: Task,
    /// How many digits of the transfer set, the first ones that it keeps, it is asked of; left out, or more than there
    /// are: all. A task of more digits is asked
    /// more often: in proportion to their number to the power ¾ (Clark et al. 2019, section 3.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digits: Option<u32>,
}

ranges!(TaskSet {
    digits: TRANSFER_DIGITS, unit "digits";
});

fn digit_alone() -> Vec<TaskSet> {
    vec![TaskSet { task: Task::Digit, digits: None }]
}

fn is_digit_alone(tasks: &[TaskSet]) -> bool {
    tasks == digit_alone()
}

impl Model {
    /// Where each of its tasks lies among its outputs.
    pub fn heads(&self) -> Vec<Head> {
        heads(self.tasks.iter().map(|set| set.task))
    }

    /// Whether others teach it.
    pub fn is_taught(&self) -> bool {
        !self.learns_from.is_empty()
    }

    /// Whether it is trained here: it comes from no checkpoint, and does not stay what a transform made of it.
    pub fn is_trained(&self) -> bool {
        match &self.init {
            Some(Init::Pretrained(_)) => false,
            Some(Init::Derive(derive)) => !derive.frozen,
            _ => true,
        }
    }

    /// What it asks of the backend that trains it; `net` is its network, `seed` the experiment's.
    pub(in crate::experiment) fn requirements(&self, net: &Net, seed: u32) -> Requirements {
        Requirements {
            imitates: !self.objective.imitates.is_empty(),
            held: Held::new(&self.compress, net, seed, self.is_trained()),
            replaces: self.replaces.clone().map(|theseus| (theseus, seed)),
        }
    }

    /// Whether it learns anything from teachers at any time: soft targets or layers have a weight.
    pub fn learns_from_teachers(&self) -> bool {
        let objective = &self.objective;
        let soft = match &objective.soft_weight {
            Some(weight) => weight.is_ever_positive(),
            None => objective.hard_weight.is_ever_below_one(),
        };
        let imitates = objective.imitates.iter().any(|imitation| imitation.weight.is_ever_positive());
        self.is_taught() && ((soft && objective.soft.weighs()) || imitates)
    }

    /// Whether labels are all that it learns from.
    pub fn needs_labels(&self) -> bool {
        let learns_labels = !self.is_taught() || self.objective.hard_weight.is_ever_positive();
        self.is_trained() && learns_labels && !self.learns_from_teachers()
    }

    /// True when one of its tasks is this.
    pub fn tells(&self, task: Task) -> bool {
        self.tasks.iter().any(|set| set.task == task)
    }
}
