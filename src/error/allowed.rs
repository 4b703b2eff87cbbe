//! What may stand in a place of a config: a code with typed parameters, for whoever words it, and the same in English.

use serde::Serialize;

/// What is allowed where something was refused.
#[derive(Debug, Clone, PartialEq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Allowed {
    /// A number.
    #[error("{min} to {max}")]
    Range { min: f64, max: f64 },
    /// A whole number.
    #[error("a whole number from {min} to {max}")]
    Whole { min: u64, max: u64 },
    /// A number, or a schedule of numbers.
    #[error("a number from {min} to {max}, or a schedule of such numbers")]
    RangeOrSchedule { min: f64, max: f64 },
    /// A list or a map with so many entries; `max` is null where there is no limit.
    #[error("{}; there are {found}", entries(.min, .max))]
    Entries { min: u64, max: Option<u64>, found: u64 },
    /// The version of the format.
    #[error("{version}, the version of this format")]
    Version { version: u32 },
    /// One of some names.
    #[error("one of {}", .names.join(", "))]
    OneOf { names: Vec<String> },
    /// One of some layers, by name; each has the shape of its values for one digit, weights their own.
    #[error("one of {}", with_shapes(.names, .shapes))]
    OneLayerOf { names: Vec<String>, shapes: Vec<Vec<u64>> },
    /// A value of another kind.
    #[error("{kind}")]
    Kind { kind: Kind },
    /// Settings under a name that stood there alone.
    #[error("the name with its settings, as in {{\"{name}\": {{}}}}")]
    Settings { name: String },
    /// A name that stood there with settings.
    #[error("the name alone, \"{name}\"")]
    NameAlone { name: String },
    /// Another field: there is none of this name.
    #[error("no field of this name, but one of {}", .names.join(", "))]
    KnownField { names: Vec<String> },
    /// Something: the field is missing.
    #[error("a value, as this field has no default")]
    Present,
    /// The name given once.
    #[error("each name once; this is the second of the same name")]
    Once,
    /// A value that can be read; for what no other code says more about.
    #[error("a value of another form")]
    Readable,
    /// A name for a model.
    #[error("names of 1 to 32 of a–z, 0–9, - and _, a letter first")]
    ModelName,
    /// References that lead to no circle.
    #[error("references without a cycle: no model may depend on itself")]
    WithoutCycle,
    /// The test digits, or some that are held out.
    #[error("test, or data.validation of 1 or more: no digits are held out")]
    HeldOut,
    /// No early stop, as no digits are held out.
    #[error("absent, as data.validation holds no digits out")]
    AbsentWithoutHeldOut,
    /// No classes, as these pictures have none that are digits.
    #[error("empty, as the labels of these pictures are no digits")]
    EmptyWithoutDigitLabels,
    /// 0: there are no labels to replace.
    #[error("0, as the labels of these pictures are no digits")]
    ZeroWithoutDigitLabels,
    /// 0: a batch of one digit has none to mix it with.
    #[error("0, as training.batch_size is 1: digits are mixed with others of their batch")]
    ZeroInBatchesOfOne,
    /// Fewer classes: one has to be left.
    #[error("at most nine classes")]
    NineClasses,
    /// Pictures with labels that are digits.
    #[error("of_set, mnist or own for a model that learns from labels alone")]
    DigitLabels,
    /// No shipped teacher: those know digits.
    #[error("a start from anything but a shipped teacher: those have learnt digits, and data.set is fashion")]
    TrainedForClothes,
    /// A smaller share, so that some labels can be seen.
    #[error("below 1 for a model that learns from labels alone")]
    SomeLabels,
    /// Something that needs no labels.
    #[error("one that needs no labels, as {why}")]
    WithoutLabels { why: Unlabelled },
    /// A weight above 0 at some time.
    #[error(
        "above 0 at some time, or a soft_weight above 0, or an imitation of weight above 0: else there is nothing to learn from"
    )]
    SomeWeight,
    /// Classes that leave something to learn on.
    #[error("classes that leave some of the first {of} pictures to learn on: none is left")]
    PicturesLeft { of: u32 },
    /// A share that leaves some labels to learn from.
    #[error("a share that leaves some of the {of} labels to learn from: by this seed all are hidden")]
    LabelsLeft { of: u32 },
    /// No ablation.
    #[error("absent, as logit_mse compares logits, not probabilities")]
    AbsentForLogits,
    /// No ablation.
    #[error("absent, as teacher_labels keeps the teacher's first choice alone")]
    AbsentForFirstChoice,
    /// The mean of logits.
    #[error("mean_of_logits, as logit_mse compares logits")]
    MeanOfLogits,
    /// No checkpoint.
    #[error("absent, as a model that learns from others is trained here")]
    AbsentForTaught,
    /// No compression.
    #[error("empty, as a shipped model stays as it is; derive one from it by copy")]
    EmptyForPretrained,
    /// Not frozen.
    #[error("false, as a model that learns from others is trained")]
    FalseForTaught,
    /// No imitation.
    #[error("no imitation, as this model learns from nobody")]
    AbsentForUntaught,
    /// One of the model's own teachers.
    #[error("one of its teachers: {}", .names.join(", "))]
    TeacherOfIt { names: Vec<String> },
    /// Smaller batches, or another likeness.
    #[error("another likeness, or training.batch_size of at most {max}")]
    LargestBatch { max: u32 },
    /// A model with the same network.
    #[error("a model with the same network")]
    SameNetwork,
    /// The network of the model that this one is made of, as JSON text.
    #[error("the network of the model it is made of, {network}")]
    NetworkOf { network: String },
    /// The network of the model that this one is made of, with as many units in each layer or fewer; as JSON text.
    #[error("a perceptron without a rank or a CNN, as {network} with as many units in each layer, or fewer")]
    NarrowerThan { network: String },
    /// A model that this one can replace block by block; its own network as JSON text.
    #[error(
        "a model whose network is {network} with a whole multiple of its depth, without shared blocks and layer_drop"
    )]
    PredecessorOf { network: String },
    /// Nothing that only training needs.
    #[error("absent, as this model is not trained here")]
    AbsentForUntrained,
    /// No imitation.
    #[error("no imitation, as this model learns in the place of another's blocks")]
    AbsentForReplacing,
    /// Not in whole numbers.
    #[error(
        "false: only CNNs, and perceptrons without rank and auxiliary outputs, are asked in whole numbers"
    )]
    FalseForNetwork,
    /// A perceptron with a rank and one without; the source's network as JSON text.
    #[error(
        "a perceptron with a rank, made of one of the same hidden widths without a rank, not of {network}"
    )]
    Factorable { network: String },
    /// No number of outputs: they follow.
    #[error("absent: {outputs} follow from the model's tasks")]
    OutputsOfTasks { outputs: u32 },
    /// A model that tells digits and nothing else.
    #[error("a model that tells digits alone, {outputs} outputs")]
    DigitsAlone { outputs: u32 },
    /// Another task.
    #[error("a task that is not there already")]
    NewTask,
    /// A model that tells one of these tasks.
    #[error("a model that tells {}: {}", .tasks.join(" or "), listed(.models))]
    ModelWithTask { tasks: Vec<String>, models: Vec<String> },
    /// A task that a teacher can tell.
    #[error("tasks that a teacher of it tells: {}", .tasks.join(", "))]
    TaughtTask { tasks: Vec<String> },
    /// Another network, with a layer of the kind that is compared.
    #[error("another network: this one has no layer that {likeness} can compare")]
    NoLayer { likeness: String },
    /// Weights, or a network that leaves nothing out in training.
    #[error("weights, or a network whose layer_drop is 0: a block that is left out shows no layers")]
    ShownInEveryStep,
    /// A layer with so many places.
    #[error("a layer with {places} places, as the teacher's")]
    Places { places: u64 },
    /// A layer of a shape.
    #[error("a layer of shape {shape:?}, as the teacher's")]
    Shape { shape: Vec<u64> },
    /// A layer with so many heads and tokens.
    #[error("as many heads and tokens as the teacher: {heads} and {tokens}")]
    HeadsAndTokens { heads: u64, tokens: u64 },
    /// A layer of a shape, by number.
    #[error("a layer of the same shape {shape:?}: {}", listed(.layers))]
    LayerOfShape { shape: Vec<u64>, layers: Vec<u32> },
    /// At most so many layers.
    #[error("at most {max} layers, as this model has")]
    MostLayers { max: u32 },
    /// A rank that matrices of these sides can have.
    #[error("at most {max}, the smallest side of the hidden layers' weights")]
    LargestRank { max: u32 },
    /// A divisor of the width.
    #[error("a number that divides the width, {width}")]
    Divides { width: u32 },
    /// Smaller kernels.
    #[error("kernels small enough that each layer leaves a picture")]
    SmallerKernel,
    /// A time not before another.
    #[error("{at} or later: points go on in time")]
    NotBefore { at: f64 },
    /// Another field: a sweep sets this one by itself.
    #[error("other fields; how many seeds, and which digits measure, are set apart")]
    SetApart,
    /// A shorter path.
    #[error("no field below this one")]
    NoFieldBelow,
    /// Fewer cells; `found` is null where they are too many to count.
    #[error("at most {max} cells; {} were asked for", .found.map_or_else(|| "too many to count".to_owned(), |found| found.to_string()))]
    Cells { max: u32, found: Option<u64> },
    /// A file whose name ends so, as the command line takes it.
    #[error("a file called NAME{ending}")]
    FileName { ending: String },
    /// A field's path and values, as the command line takes them.
    #[error("PATH=V1,V2,… with values as JSON and commas between them; quote text, as in '\"adam\"'")]
    Assignment,
}

/// The kinds of JSON values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[error("a text")]
    Text,
    #[error("true or false")]
    Boolean,
    #[error("a number")]
    Number,
    #[error("a list")]
    List,
    #[error("an object")]
    Object,
}

/// Why a model lacks a label of each digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unlabelled {
    #[error("transfer_set.unlabelled hides some")]
    Hidden,
    #[error("transfer_set.mixup_alpha mixes two of them")]
    Mixed,
    #[error("the labels of transfer_set.pictures are no digits")]
    NoDigits,
}

fn entries(min: &u64, max: &Option<u64>) -> String {
    let noun = |count: u64| if count == 1 { "entry" } else { "entries" };
    match max {
        Some(max) if min == max => format!("{max} {}", noun(*max)),
        Some(max) => format!("{min} to {max} entries"),
        None => format!("at least {min} {}", noun(*min)),
    }
}

fn with_shapes(names: &[String], shapes: &[Vec<u64>]) -> String {
    let layers = names.iter().zip(shapes);
    listed(&layers.map(|(name, shape)| format!("{name} {shape:?}")).collect::<Vec<_>>())
}

fn listed(items: &[impl ToString]) -> String {
    match items.is_empty() {
        true => "there is none".to_owned(),
        false => items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}
