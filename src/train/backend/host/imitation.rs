//! What a network on the host imitates: its layers and weights go through their projections and are compared here.

use std::ops::Range;

use distillery_kernels::{Isa, Scratch};

use super::flat::FlatWeights;
use super::projection::{Projected, Projection};
use super::trained::{Imitated, Step, Trained};
use crate::distill::{ComparedRows, Plan};
use crate::nets::{Layer, LayerKind, Layout, Net};
use crate::train::PerTerm;

/// The plans, and the projections that learn beside the network.
pub(super) struct Imitations {
    isa: Isa,
    plans: Vec<Plan>,
    /// For each plan and each of its pairs where the student's layer is.
    sources: Vec<Vec<Source>>,
    /// For each plan its projections.
    own: Vec<Vec<Projection>>,
    projections: FlatWeights,
    scratch: Scratch,
}

/// Where a network has what it brings near to its teacher's.
enum Source {
    /// A layer, by its place among those that the network shows.
    Shown(usize),
    /// Weights, by their place among all.
    Weights(Range<usize>),
}

impl Imitations {
    pub(super) fn new(net: &Net, plans: Vec<Plan>, isa: Isa, projections: &[f32]) -> Self {
        let layers = net.network().layers();
        let weights = net.layout();
        let source = |layer: &Layer| match layer.kind {
            LayerKind::Weights => {
                let mut found = weights.iter().filter(|(parameter, _)| parameter.name == layer.name);
                found.next().map(|(_, range)| Source::Weights(range))
            }
            _ => layers.iter().position(|shown| shown.name == layer.name).map(Source::Shown),
        };
        let source = |layer: &Layer| source(layer).expect("a plan is of what its network has");
        let sources = plans.iter().map(|plan| plan.pairs.iter().map(|pair| source(&pair.student)).collect());
        let parameters = plans.iter().enumerate().flat_map(|(index, plan)| plan.parameters(index));
        let layout = Layout::new(parameters.collect());
        let mut all = layout.iter().map(|(parameter, range)| {
            let (from, to) = (parameter.shape[0], parameter.shape[1]);
            Projection { range, from, to }
        });
        let own = plans.iter().map(|plan| all.by_ref().take(plan.parameters(0).len()).collect());
        Self {
            isa,
            sources: sources.collect(),
            own: own.collect(),
            plans,
            projections: FlatWeights::new(&layout, isa, projections),
            scratch: Scratch::default(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.plans.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.plans.len()
    }

    pub(super) fn projections(&self) -> &FlatWeights {
        &self.projections
    }

    pub(super) fn projections_mut(&mut self) -> &mut FlatWeights {
        &mut self.projections
    }

    /// Compares layers of the network's last pass, and its weights, with `told`: for each plan its weight and the
    /// teacher's layer `n × width` for each of its pairs. The terms join the losses, projections learn; answers the
    /// gradient in the network.
    pub(super) fn learn(
        &mut self,
        network: &dyn Trained,
        told: Vec<(f64, Vec<Vec<f32>>)>,
        step: &Step,
        n: usize,
        losses: &mut PerTerm<f32>,
    ) -> Imitated {
        let Self { isa, plans, sources, own, projections, scratch } = self;
        let mut imitated = Imitated::default();
        let (values, gradients) = projections.begin();
        for (((plan, sources), own), (weight, teachers)) in plans.iter().zip(sources).zip(own).zip(told) {
            let mut term = 0.0;
            for ((pair, source), teacher) in plan.pairs.iter().zip(sources).zip(teachers) {
                let (layer, n) = match source {
                    Source::Shown(place) => (network.layer(*place), n),
                    Source::Weights(range) => (network.values()[range.clone()].to_vec(), 1),
                };
                let projected = Projected {
                    isa: *isa,
                    columns: pair.columns().map(|place| &own[place]),
                    rows: pair.rows().map(|place| &own[place]),
                    layer: &layer,
                    features: pair.student.features(),
                };
                let seen = projected.seen(values, scratch);
                let (student_layer, teacher_layer) = (&pair.student, &pair.teacher);
                let rows = ComparedRows {
                    student: &seen,
                    teacher: &teacher,
                    n,
                    student_layer,
                    teacher_layer,
                    isa: *isa,
                };
                let mut gradient = vec![0.0; seen.len()];
                term += plan.by.compare_rows(&rows, &mut gradient);
                gradient.iter_mut().for_each(|value| *value *= weight as f32);
                let gradient = projected.hand_down(values, gradient, gradients, scratch);
                match source {
                    Source::Shown(place) => add(&mut imitated.layers, place, gradient),
                    Source::Weights(range) => add(&mut imitated.weights, range, gradient),
                }
            }
            losses.total += weight as f32 * term;
            losses.imitated.push(term);
        }
        projections.take(step);
        imitated
    }
}

/// Adds a gradient to what there is at the same place.
fn add<P: PartialEq + Clone>(sums: &mut Vec<(P, Vec<f32>)>, place: &P, gradient: Vec<f32>) {
    match sums.iter_mut().find(|(there, _)| there == place) {
        Some((_, sum)) => sum.iter_mut().zip(gradient).for_each(|(sum, value)| *sum += value),
        None => sums.push((place.clone(), gradient)),
    }
}
