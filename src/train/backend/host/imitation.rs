//! What a network on the host imitates: its layers go through their projections here, and burn compares them.

use burn::tensor::Device;
use distillery_kernels::{Isa, Matrix, Scratch, Store, multiply};

use super::flat::FlatWeights;
use super::loss::now;
use super::trained::{Step, Trained};
use crate::distill::{Compared, ComparedRows, Plan};
use crate::nets::{LayerKind, Layout, Net};
use crate::train::inputs::matrix;
use crate::train::{Inputs, PerTerm};

/// The plans, and the projections that learn beside the network.
pub(super) struct Imitations {
    isa: Isa,
    plans: Vec<Plan>,
    /// For each plan and each of its pairs the student's layer, by its place among those that the network shows.
    places: Vec<Vec<usize>>,
    projections: FlatWeights,
    layout: Layout,
    scratch: Scratch,
}

/// The gradient in layers, by their places.
type InLayers = Vec<(usize, Vec<f32>)>;

impl Imitations {
    /// None where a plan is not of what layers show.
    pub(super) fn new(net: &Net, plans: &[Plan], isa: Isa, projections: &[f32]) -> Option<Self> {
        let layers = net.network().layers();
        let place = |name: &str| layers.iter().position(|layer| layer.name == name);
        let places = plans.iter().map(|plan| {
            let students = plan.pairs.iter().map(|pair| &pair.student);
            students.map(|layer| place(&layer.name).filter(|_| layer.kind != LayerKind::Weights)).collect()
        });
        let parameters = plans.iter().enumerate().flat_map(|(index, plan)| plan.parameters(index));
        let layout = Layout::new(parameters.collect());
        Some(Self {
            isa,
            places: places.collect::<Option<_>>()?,
            plans: plans.to_vec(),
            projections: FlatWeights::new(&layout, isa, projections),
            layout,
            scratch: Scratch::default(),
        })
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

    /// Compares layers of the network's last pass with `told`: for each plan its weight and the teacher's layer
    /// `n × width` for each of its pairs. The terms join the losses, projections learn; answers the gradient in layers.
    pub(super) fn learn(
        &mut self,
        network: &dyn Trained,
        told: Vec<(f64, Vec<Vec<f32>>)>,
        step: &Step,
        inputs: &Inputs,
        losses: &mut PerTerm<f32>,
    ) -> InLayers {
        let Self { isa, plans, places, projections, layout, scratch } = self;
        let n = inputs.batch.ids.len();
        let ranges: Vec<_> =
            layout.iter().map(|(parameter, range)| (parameter.shape.clone(), range)).collect();
        let mut in_layers = InLayers::new();
        let (values, gradients) = projections.begin();
        let mut first = 0;
        for ((plan, places), (weight, teachers)) in plans.iter().zip(places).zip(told) {
            let mut term = 0.0;
            for ((pair, place), teacher) in plan.pairs.iter().zip(places).zip(teachers) {
                let layer = network.layer(*place);
                let projection = pair.projection().map(|place| &ranges[first + place]);
                let seen = match projection {
                    Some((shape, range)) => {
                        let mut seen = vec![0.0; layer.len() / shape[0] * shape[1]];
                        let (rows, columns) =
                            (Matrix::new(&layer, shape[0]), Matrix::new(&values[range.clone()], shape[1]));
                        multiply(*isa, rows, columns, &mut seen, shape[1], Store::Set, scratch);
                        seen
                    }
                    None => layer.clone(),
                };
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
                term += match plan.by.by_formula(&rows, &mut gradient) {
                    Some(own) => own,
                    None => by_burn(plan, &rows, inputs.device(), &mut gradient),
                };
                gradient.iter_mut().for_each(|value| *value *= weight as f32);
                let gradient = match projection {
                    Some((shape, range)) => {
                        let (from, to) = (shape[0], shape[1]);
                        let grad_out = Matrix::new(&gradient, to);
                        let layer = Matrix::new(&layer, from).transposed();
                        let own = &mut gradients[range.clone()];
                        multiply(*isa, layer, grad_out, own, to, Store::Add, scratch);
                        let mut handed_down = vec![0.0; gradient.len() / to * from];
                        let turned = Matrix::new(&values[range.clone()], to).transposed();
                        multiply(*isa, grad_out, turned, &mut handed_down, from, Store::Set, scratch);
                        handed_down
                    }
                    None => gradient,
                };
                match in_layers.iter_mut().find(|(there, _)| there == place) {
                    Some((_, sum)) => sum.iter_mut().zip(gradient).for_each(|(sum, value)| *sum += value),
                    None => in_layers.push((*place, gradient)),
                }
            }
            first += plan.parameters(0).len();
            losses.total += weight as f32 * term;
            losses.imitated.push(term);
        }
        projections.take(step);
        in_layers
    }
}

/// A term by burn's gradients.
fn by_burn(plan: &Plan, rows: &ComparedRows, device: &Device, gradient: &mut [f32]) -> f32 {
    let of = |values: &[f32]| matrix(values.to_vec(), rows.n, values.len() / rows.n, device).autodiff();
    let student = of(rows.student).require_grad();
    let (student_layer, teacher_layer) = (rows.student_layer, rows.teacher_layer);
    let teacher = of(rows.teacher);
    let term = plan.by.compare(Compared { student: student.clone(), teacher, student_layer, teacher_layer });
    // A term that does not see the layer has no gradient in it.
    if let Some(values) = student.grad_remove(&mut term.backward()).map(now) {
        gradient.copy_from_slice(&values);
    }
    now(term.inner())[0]
}
