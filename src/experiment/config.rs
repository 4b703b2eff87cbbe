//! The experiment's config: one typed structure, JSON outside. Defaults, ranges, units and documentation
//! stand here once; the JSON schema, the page's controls, the command line's help and the
//! validation derive from it.

use std::fmt;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

use indexmap::IndexMap;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::compress::{Compression, Held, Theseus, Transform};
use crate::data::{Augmentation, FASHION_PICTURES, Head, Split, Task, heads};
use crate::distill::{Ablation, Combine, Imitation, Schedule, SoftTerm};
use crate::json::Entry;
use crate::nets::Net;
use crate::ranges::ranges;
use crate::train::{Optimiser, Requirements};

/// The config's version that this crate reads and writes.
pub const VERSION: u32 = 1;

/// One whole experiment: a family tree of models and what they learn on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Version of this format; 1.
    pub version: u32,
    /// Seed of everything random: initial weights, order of batches, dropout, jitter.
    #[serde(default)]
    pub seed: u32,
    /// Which digits there are and how they are split.
    #[serde(default)]
    pub data: Data,
    /// The digits that every model learns on, unless it names its own.
    #[serde(default)]
    pub transfer_set: TransferSet,
    /// How every model is trained, unless it names its own way.
    #[serde(default)]
    pub training: Training,
    /// The models, by a short name; their order is the order of training within a step.
    pub models: IndexMap<String, Model>,
}

/// The data set and its split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Data {
    /// The set of digits, which says where the test digits come from.
    pub set: DataSet,
    /// How many of the training digits, the last ones, are held out for validation.
    pub validation: u32,
    /// Which digits the measures are taken on: `test` to report; `validation` to tune, the test digits shut until they
    /// are opened at the end.
    pub evaluate_on: EvaluateOn,
    /// How many of those digits, and of the test digits when they are opened, from the first on; more than there are
    /// means all.
    pub evaluated: u32,
    /// How many of the digits that each model learns on, from the first on, it is measured on as well after every epoch,
    /// as they are before jitter and other changes: with them a curve tells over-fitting. Left out: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training_evaluated: Option<u32>,
}

ranges!(Data {
    validation: 0.0..=30_000.0, unit "digits";
    evaluated: 1.0..=30_000.0, unit "digits";
    training_evaluated: TRANSFER_DIGITS, unit "digits";
});

impl Default for Data {
    fn default() -> Self {
        Self {
            set: DataSet::Mnist,
            validation: 5_000,
            evaluate_on: EvaluateOn::Test,
            evaluated: 10_000,
            training_evaluated: None,
        }
    }
}

/// A set of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DataSet {
    /// MNIST: 60,000 training and 10,000 test digits of 28×28 grey pixels.
    Mnist,
    /// MNIST to learn on and to validate with; in place of its test digits the pair of idx files that the user gave to
    /// test on, labels 0 to 9.
    Own,
    /// Fashion-MNIST (Xiao et al. 2017): 20,000 training and 10,000 test pictures of ten classes of clothes.
    Fashion,
}

impl DataSet {
    /// The pictures that it has to learn on; the last of them are held out.
    pub fn learnt(self) -> Split {
        if self == DataSet::Fashion { Split::FashionTrain } else { Split::Train }
    }

    /// How many of those there are.
    pub fn learnt_count(self) -> u32 {
        if self == DataSet::Fashion { FASHION_PICTURES } else { 60_000 }
    }
}

/// The digits that measures are taken on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EvaluateOn {
    /// The test digits: for reporting.
    Test,
    /// The held-out validation digits: for tuning.
    Validation,
}

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
pub const TRANSFER_DIGITS: RangeInclusive<f64> = 1.0..=60_000.0;

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

impl Config {
    /// The transfer set of a model: its own, or the experiment's.
    pub fn transfer_set_of<'a>(&'a self, model: &'a Model) -> &'a TransferSet {
        model.transfer_set.as_ref().unwrap_or(&self.transfer_set)
    }

    /// Whether a model that is trained learns on these pictures.
    pub fn learns_on(&self, split: Split) -> bool {
        let mut trained =
            self.models.values().filter(|model| !matches!(model.init, Some(Init::Pretrained(_))));
        trained.any(|model| self.transfer_set_of(model).pictures.split(self.data.set) == split)
    }
}

fn is_zero(number: &f64) -> bool {
    *number == 0.0
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

/// How a model is trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Training {
    /// Times through the transfer set.
    pub epochs: u32,
    /// Digits in one step.
    pub batch_size: u32,
    /// The rule that turns gradients into changes of weights.
    pub optimiser: Optimiser,
    /// Step size, constant or changing over training.
    pub learning_rate: Schedule,
    /// Weight decay: this times each weight is added to its gradient (L2).
    pub weight_decay: f64,
    /// Each layer's learning rate is this times that of the layer above it, up to the output's.
    #[serde(skip_serializing_if = "is_one")]
    pub layer_decay: f64,
    /// Longest that the vector of weights into one fully connected unit may be (Hinton et al. 2012, appendix A.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_norm: Option<f64>,
    /// Stop when the errors on the validation digits have not fallen for this many epochs. The weights of the last
    /// epoch count, not those of the best.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub early_stop: Option<u32>,
}

ranges!(Training {
    epochs: 1.0..=500.0, unit "epochs";
    batch_size: 1.0..=2048.0, unit "digits";
    learning_rate: 0.0..=10.0;
    weight_decay: 0.0..=1.0;
    layer_decay: 0.01..=1.0;
    max_norm: 0.01..=1000.0;
    early_stop: 1.0..=100.0, unit "epochs";
});

impl Default for Training {
    fn default() -> Self {
        Self {
            epochs: 10,
            batch_size: 128,
            optimiser: Optimiser::default(),
            learning_rate: Schedule::Constant(0.001),
            weight_decay: 0.0,
            layer_decay: 1.0,
            max_norm: None,
            early_stop: None,
        }
    }
}

fn is_one(number: &f64) -> bool {
    *number == 1.0
}

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
    pub(super) fn requirements(&self, net: &Net, seed: u32) -> Requirements {
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

/// A network, or another model's.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum NetChoice {
    /// The same network as the named model.
    SameAs(SameAs),
    /// A network of its own.
    Own(Net),
}

/// What a network may be, by name.
const NET_CHOICES: [&str; Net::KINDS.len() + 1] = {
    let mut names = [SAME_AS; Net::KINDS.len() + 1];
    let mut kind = 0;
    while kind < Net::KINDS.len() {
        names[kind] = Net::KINDS[kind];
        kind += 1;
    }
    names
};
const SAME_AS: &str = "same_as";

/// By the name of its one entry: what is wrong in that is told, which an untagged choice would not do.
impl<'de> Deserialize<'de> for NetChoice {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(OneNet)
    }
}

struct OneNet;

impl<'de> Visitor<'de> for OneNet {
    type Value = NetChoice;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a network or same_as")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<NetChoice, A::Error> {
        let entry = Entry::first(map)?;
        match entry.name.as_str() {
            SAME_AS => entry.value(PhantomData).map(|same_as| NetChoice::SameAs(SameAs { same_as })),
            name if NET_CHOICES.contains(&name) => Net::deserialize(entry).map(NetChoice::Own),
            name => Err(A::Error::unknown_variant(name, &NET_CHOICES)),
        }
    }
}

/// A reference to another model of the experiment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct SameAs {
    /// Name of the other model.
    pub same_as: String,
}

/// Where first weights come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Init {
    /// Drawn from this seed (together with the experiment's).
    Seed(u32),
    /// The first weights of another model: an equal start, for a fair race.
    SameAs(String),
    /// A checkpoint that ships with Distillery; the model is not trained further.
    Pretrained(String),
    /// Weights of another model, once it is trained, changed by a transform.
    Derive(Derive),
}

/// First weights made of another model's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Derive {
    /// Name of the other model.
    pub from: String,
    /// How they are made.
    pub by: Transform,
    /// Whether it stays what the transform made of it: it is measured and can teach, and does not train.
    #[serde(default, skip_serializing_if = "is_false")]
    pub frozen: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// One teacher of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Name of the teacher.
    pub model: String,
    /// Its share when several teachers are averaged.
    #[serde(default = "one")]
    pub weight: f64,
}

ranges!(Source {
    weight: 0.001..=1000.0;
});

fn one() -> f64 {
    1.0
}

/// What a taught model minimises: `hard_weight · hard + soft_weight · T² · soft + Σ weight · imitation`
/// (Hinton et al. 2015, section 2). A model without teachers minimises the hard term alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Objective {
    /// Weight of the labels against the soft targets, 0 to 1, constant or changing over training.
    pub hard_weight: Schedule,
    /// Weight of the soft targets; left out: one minus `hard_weight`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soft_weight: Option<Schedule>,
    /// The kind of soft term.
    pub soft: SoftTerm,
    /// Temperature T of the soft targets, constant or changing over training.
    pub temperature: Schedule,
    /// Whether the soft term is multiplied by T², so that its gradients keep their size as T changes.
    pub t_squared: bool,
    /// What is taken away from the soft targets, to see whether it was what helped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ablation: Option<Ablation>,
    /// Layers of a teacher that it imitates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub imitates: Vec<Imitation>,
    /// Share of each label that is spread evenly over the ten classes: a teacher that knows nothing.
    #[serde(skip_serializing_if = "is_zero")]
    pub label_smoothing: f64,
}

ranges!(Objective {
    hard_weight: 0.0..=1.0;
    soft_weight: 0.0..=100.0;
    temperature: 0.1..=100.0;
    label_smoothing: 0.0..=0.9;
});

impl Default for Objective {
    fn default() -> Self {
        Self {
            hard_weight: Schedule::Constant(0.1),
            soft_weight: None,
            soft: SoftTerm::default(),
            temperature: Schedule::Constant(4.0),
            t_squared: true,
            ablation: None,
            imitates: Vec::new(),
            label_smoothing: 0.0,
        }
    }
}
