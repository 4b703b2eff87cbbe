//! What a network on the host imitates: its layers go through their projections here, and burn compares them.

use distillery_kernels::{Isa, Matrix, Scratch, Store, multiply};

use super::flat::FlatWeights;
use super::loss::now;
use super::trained::{Step, Trained};
use crate::distill::{Compared, Plan};
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
                let width = seen.len() / n;
                let student = matrix(seen, n, width, inputs.device()).autodiff().require_grad();
                let teacher = matrix(teacher, n, pair.teacher.width(), inputs.device()).autodiff();
                let (student_layer, teacher_layer) = (&pair.student, &pair.teacher);
                let compared = Compared { student: student.clone(), teacher, student_layer, teacher_layer };
                let own = plan.by.compare(compared);
                term += now(own.clone().inner())[0];
                let mut by_burn = own.mul_scalar(weight).backward();
                // Of a term that does not see the layer there is no gradient.
                let Some(gradient) = student.grad_remove(&mut by_burn).map(now) else { continue };
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
