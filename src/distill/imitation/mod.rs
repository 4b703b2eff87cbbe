//! Imitation: layers of a student brought near to layers of its teacher, beside the soft targets.
//!
//! A new likeness is a file of its own here, with its formula and the gradient of that, a variant of [`Likeness`] with its
//! line in `named`, the same in tensors beside the others (`distill/tensors/imitation.rs`), and its test.

mod attention;
mod auxiliary_logits;
mod cosine;
mod hidden_states;
mod hint;
mod patient;
mod projected_weights;
mod relational;
mod value_relations;

use distillery_kernels::Isa;
use serde::{Deserialize, Serialize};

use super::Schedule;
use crate::error::Allowed;
use crate::nets::{Layer, LayerKind, Net, Parameter};
use crate::ranges::ranges;
use crate::report::Report;

/// Something a student imitates in the inside of its teacher.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Imitation {
    /// How layers are compared.
    pub by: Likeness,
    /// The teacher, by name; may be left out by a student of one teacher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Which layer of the student is brought near to which of the teacher; the terms of several are added.
    #[cfg_attr(feature = "cli", schemars(length(min = 1)))]
    pub layers: Vec<LayerPair>,
    /// Weight of the term in the loss, constant or changing over training.
    #[serde(default = "one")]
    pub weight: Schedule,
}

ranges!(Imitation {
    weight: 0.0..=10_000.0;
});

fn one() -> Schedule {
    Schedule::Constant(1.0)
}

/// Names of two layers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LayerPair {
    pub teacher: String,
    pub student: String,
}

/// How two layers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// Half the squared distance, through a learned projection of the student's layer (FitNets, Romero et al. 2015, eq.
    /// 3).
    Hint,
    /// Squared distance of the layers scaled to length 1 (BERT-PKD, Sun et al. 2019, eq. 7).
    Patient,
    /// One minus the cosine of the angle between the layers (DistilBERT, Sanh et al. 2019, section 2).
    Cosine,
    /// Mean squared error through a learned projection (TinyBERT, Jiao et al. 2020, eq. 8).
    HiddenStates,
    /// Mean squared error of attention scores, before the softmax (TinyBERT, Jiao et al. 2020, eq. 7).
    AttentionScores,
    /// Divergence of attention maps (MiniLM, Wang et al. 2020, eq. 5).
    AttentionDivergence,
    /// Divergence of the relations between values (MiniLM, Wang et al. 2020, eq. 6 and 7).
    ValueRelations,
    /// Distances between the digits of a batch (RKD-D, Park et al. 2019, section 3.2.1).
    Distances,
    /// Angles between three digits of a batch (RKD-A, Park et al. 2019, section 3.2.2).
    Angles,
    /// Half the squared distance of outputs that stand for no class (after Cloud et al. 2025, section 6).
    AuxiliaryLogits,
    /// Squared distance of weights, the student's through learned projections that all pairs share (Zhao et al. 2019,
    /// section 3.2).
    ProjectedWeights,
}

/// Two layers of one batch of `n` digits that lie on the host, `n × width` (weights: one row); the student's after its
/// projection, if it has one.
pub struct ComparedRows<'a> {
    pub student: &'a [f32],
    pub teacher: &'a [f32],
    pub n: usize,
    pub student_layer: &'a Layer,
    pub teacher_layer: &'a Layer,
    /// The instructions that kernels may use.
    pub isa: Isa,
}

/// The arithmetic of one likeness.
trait Compare {
    /// The kinds of layers it compares.
    fn kinds(&self) -> &'static [LayerKind] {
        &[LayerKind::Hidden]
    }

    /// What must hold between the two layers' shapes; `None` if it does.
    fn refuses(&self, student: &Layer, teacher: &Layer) -> Option<Allowed>;

    /// What of the student's layer goes through a learned projection.
    fn projects(&self, _student: &Layer, _teacher: &Layer) -> Projects {
        Projects::Nothing
    }

    /// Most digits that a batch may have.
    fn largest_batch(&self) -> Option<u32> {
        None
    }

    /// Mean over digits (or pairs of digits); writes its gradient in the student's layer.
    fn compare_rows(&self, rows: &ComparedRows, gradient: &mut [f32]) -> f32;
}

/// What of a student's layer goes through a learned projection before it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Projects {
    Nothing,
    /// Its features, by a projection of each pair's own.
    Features,
    /// Rows and columns of weights, where their number is not the teacher's; by one projection for all pairs of the
    /// same numbers.
    RowsAndColumns,
}

impl Likeness {
    /// The one list of kinds.
    fn named(self) -> &'static dyn Compare {
        match self {
            Likeness::Hint => &hint::Hint,
            Likeness::Patient => &patient::Patient,
            Likeness::Cosine => &cosine::Cosine,
            Likeness::HiddenStates => &hidden_states::HiddenStates,
            Likeness::AttentionScores => &attention::Scores,
            Likeness::AttentionDivergence => &attention::Divergence,
            Likeness::ValueRelations => &value_relations::ValueRelations,
            Likeness::Distances => &relational::Distances,
            Likeness::Angles => &relational::Angles,
            Likeness::AuxiliaryLogits => &auxiliary_logits::AuxiliaryLogits,
            Likeness::ProjectedWeights => &projected_weights::ProjectedWeights,
        }
    }

    /// Its name in a config.
    fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Most digits that a batch may have; none: as many as any batch.
    pub fn largest_batch(self) -> Option<u32> {
        self.named().largest_batch()
    }

    /// The term of one pair on the host, mean over digits; writes its gradient in the student's layer. The teacher's is a
    /// constant.
    pub fn compare_rows(self, rows: &ComparedRows, gradient: &mut [f32]) -> f32 {
        self.named().compare_rows(rows, gradient)
    }
}

/// An imitation with its layers looked up: what a learner works with.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub by: Likeness,
    pub pairs: Vec<PlannedPair>,
    projections: Vec<Projection>,
}

/// Two layers, and by their places in the plan the projections between them.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedPair {
    pub student: Layer,
    pub teacher: Layer,
    columns: Option<usize>,
    rows: Option<usize>,
}

/// A learned projection `[from, to]`.
#[derive(Debug, Clone, PartialEq)]
struct Projection {
    name: String,
    from: usize,
    to: usize,
}

impl Imitation {
    /// Looks the layers up; pairs that cannot be compared are left out (validation has refused them).
    pub fn plan(&self, student: &Net, teacher: &Net) -> Plan {
        let mut projections = Vec::new();
        let pairs = self.layers.iter().enumerate().filter_map(|(index, pair)| {
            let (student, teacher) = (student.layer(&pair.student)?, teacher.layer(&pair.teacher)?);
            let (mut columns, mut rows) = (None, None);
            match self.by.named().projects(&student, &teacher) {
                Projects::Nothing => {}
                Projects::Features => {
                    let (name, from, to) =
                        (format!("{index}.projection"), student.features(), teacher.features());
                    columns = Some(place_of(&mut projections, Projection { name, from, to }));
                }
                Projects::RowsAndColumns => {
                    let mut shared = |axis: usize, side: &str| {
                        let (from, to) = (student.shape[axis], teacher.shape[axis]);
                        let name = format!("{side}.{from}.{to}.projection");
                        (from != to).then(|| place_of(&mut projections, Projection { name, from, to }))
                    };
                    (rows, columns) = (shared(0, "rows"), shared(1, "columns"));
                }
            }
            Some(PlannedPair { student, teacher, columns, rows })
        });
        Plan { by: self.by, pairs: pairs.collect(), projections }
    }

    /// Reports layers that do not exist or cannot be compared.
    pub fn check(&self, path: &str, student: &Net, teacher: &Net, report: &mut Report) {
        for (index, pair) in self.layers.iter().enumerate() {
            let path = format!("{path}.layers[{index}]");
            let compare = self.by.named();
            let mut find = |side: &str, net: &Net, name: &str| {
                let found = net.layer(name).filter(|layer| compare.kinds().contains(&layer.kind));
                if found.is_none() {
                    let layers = net.layers();
                    let fit = layers.iter().filter(|layer| compare.kinds().contains(&layer.kind));
                    let (names, shapes): (Vec<_>, Vec<_>) =
                        fit.map(|layer| (layer.name.clone(), shape_of(layer))).unzip();
                    let allowed = match names.is_empty() {
                        true => Allowed::NoLayer { likeness: self.by.name() },
                        false => Allowed::OneLayerOf { names, shapes },
                    };
                    report.add(format!("{path}.{side}"), &name, allowed);
                }
                found
            };
            let teacher = find("teacher", teacher, &pair.teacher);
            let student_net = student;
            let student = find("student", student, &pair.student);
            if student_net.leaves_layers_out()
                && student.as_ref().is_some_and(|layer| layer.kind != LayerKind::Weights)
            {
                report.add(format!("{path}.student"), &pair.student, Allowed::ShownInEveryStep);
            }
            if let (Some(student), Some(teacher)) = (student, teacher)
                && let Some(allowed) = compare.refuses(&student, &teacher)
            {
                report.add(format!("{path}.student"), &pair.student, allowed);
            }
        }
    }
}

/// The place of a projection, which is added if it is not there yet.
fn place_of(projections: &mut Vec<Projection>, projection: Projection) -> usize {
    projections.iter().position(|there| *there == projection).unwrap_or_else(|| {
        projections.push(projection);
        projections.len() - 1
    })
}

impl Plan {
    /// The projections' parameters; `index` is the plan's place among the student's.
    pub fn parameters(&self, index: usize) -> Vec<Parameter> {
        let parameter = |projection: &Projection| {
            let Projection { name, from, to } = projection;
            Parameter::projection(format!("imitates.{index}.{name}"), *from, *to)
        };
        self.projections.iter().map(parameter).collect()
    }
}

impl PlannedPair {
    /// The projection of the student's features, or of the columns of its weights, by its place in the plan.
    pub fn columns(&self) -> Option<usize> {
        self.columns
    }

    /// The projection of the rows of its weights.
    pub fn rows(&self) -> Option<usize> {
        self.rows
    }
}

/// What must hold for layers that are compared value by value through a projection: equally many places.
fn same_places(student: &Layer, teacher: &Layer) -> Option<Allowed> {
    let places = |layer: &Layer| (layer.width() / layer.features().max(1)) as u64;
    (places(student) != places(teacher)).then(|| Allowed::Places { places: places(teacher) })
}

/// What must hold for layers that are compared value by value: equal shapes.
fn same_shape(student: &Layer, teacher: &Layer) -> Option<Allowed> {
    (student.shape != teacher.shape).then(|| Allowed::Shape { shape: shape_of(teacher) })
}

fn shape_of(layer: &Layer) -> Vec<u64> {
    layer.shape.iter().map(|&length| length as u64).collect()
}
