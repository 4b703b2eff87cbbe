//! A network in training on the host, by the kernels of `distillery-kernels`.
//!
//! burn's CPU engine takes a training step apart into tensors: each of them is written, read and given back, the
//! weights are cut out of their vector and the gradients put together again. Here a network passes forward and backward
//! in buffers of its own, and losses and likenesses are formulas on slices.

mod flat;
mod imitation;
mod integers;
mod loss;
mod perceptron;
mod projection;
mod trained;

use std::cell::RefCell;

use distillery_kernels::{Cnn, CnnShape, Isa, Rnn, Vit};

use self::flat::ByPasses;
use self::imitation::Imitations;
pub(super) use self::integers::IntegerNetwork;
use self::perceptron::PanelLayers;
use self::trained::{Step, Trained};
use super::{Answer, Backend, Shown};
use crate::data::PIXELS;
use crate::distill::Plan;
use crate::nets::{Dropout, Net};
use crate::train::{Inputs, LearnerState, LossSums, PerTerm, StepInputs};

/// Digits whose outputs are worked out together without training.
const INFERRED_AT_ONCE: usize = 256;

/// The network, what it imitates, and what a step leaves behind.
pub(super) struct HostBackend {
    /// Also asking it changes its buffers.
    network: RefCell<Box<dyn Trained>>,
    imitations: Imitations,
    steps: u32,
    loss_sums: LossSums,
}

impl HostBackend {
    /// A network before its first step; behind its weights lie those of its plans' projections. Where it `rounds`, what
    /// enters a layer of a perceptron or a CNN is rounded as in an [`IntegerNetwork`].
    pub(super) fn new(net: &Net, weights: &[f32], plans: Vec<Plan>, isa: Isa, rounds: bool) -> Self {
        let layout = net.layout();
        let (own, projections) = weights.split_at(layout.len());
        let by_passes = |network| Box::new(ByPasses::new(network, &layout, isa, own));
        let network: Box<dyn Trained> = match net {
            Net::Mlp(mlp) => Box::new(PanelLayers::new(mlp.spec(), &layout, isa, own, rounds)),
            Net::Cnn(cnn) => by_passes(Box::new(Cnn::new(isa, CnnShape { rounds, ..cnn.shape() }))),
            Net::Vit(vit) => by_passes(Box::new(Vit::new(isa, vit.shape()))),
            Net::Rnn(rnn) => by_passes(Box::new(Rnn::new(isa, rnn.shape()))),
        };
        Self {
            network: RefCell::new(network),
            loss_sums: LossSums::none(plans.len()),
            imitations: Imitations::new(net, plans, isa, projections),
            steps: 0,
        }
    }

    /// Steps taken.
    pub(super) fn steps(&self) -> u32 {
        self.steps
    }

    /// The network's weights as they lie in the layout.
    pub(super) fn values(&self) -> Vec<f32> {
        self.network.borrow().values()
    }
}

impl Backend for HostBackend {
    fn decay_rates(&mut self, decay: f64) {
        self.network.get_mut().decay_rates(decay);
    }

    fn step(&mut self, inputs: &Inputs, step_inputs: StepInputs, digits: &PerTerm<f32>) {
        let StepInputs { hard, soft, imitated, optimiser, update, mut dropout, progress: _ } = step_inputs;
        let Self { network, imitations, steps, loss_sums } = self;
        let network = &mut **network.get_mut();
        let pixels = &inputs.batch.pixels;
        network.forward(pixels, &mut dropout, !imitations.is_empty());
        *steps += 1;
        let max_norm = update.max_norm.map(|max_norm| max_norm as f32);
        let step = Step { update: optimiser.for_kernels(&update, *steps), max_norm };
        let mut gradient = vec![0.0; network.outputs().len()];
        let mut losses = loss::loss(inputs, hard, soft, network.outputs(), &mut gradient);
        let n = inputs.batch.ids.len();
        let imitated = imitations.learn(network, imitated, &step, n, &mut losses);
        network.learn(pixels, &gradient, &imitated, &step);
        loss_sums.add(&losses, digits);
    }

    /// Some digits at a time.
    fn show(&self, pixels: Vec<f32>, asked: Vec<Shown>) -> Answer<'_, Vec<Vec<f32>>> {
        Box::pin(async move {
            let network = &mut *self.network.borrow_mut();
            let shows = asked.iter().any(|asked| *asked != Shown::Logits);
            let mut all = vec![Vec::new(); asked.len()];
            for pixels in pixels.chunks(INFERRED_AT_ONCE * PIXELS) {
                network.forward(pixels, &mut Dropout::off(), shows);
                for (all, asked) in all.iter_mut().zip(&asked) {
                    match asked {
                        Shown::Logits => all.extend_from_slice(network.outputs()),
                        Shown::Layer(place) => all.extend(network.layer(*place)),
                    }
                }
            }
            Ok(all)
        })
    }

    fn weights(&self) -> Answer<'_, Vec<f32>> {
        Box::pin(async { Ok(self.values()) })
    }

    fn set_weights(&mut self, weights: Vec<f32>) {
        self.network.get_mut().set_values(&weights);
    }

    fn loss_sums(&self) -> Answer<'_, LossSums> {
        Box::pin(async { Ok(self.loss_sums.clone()) })
    }

    fn clear_losses(&mut self) {
        self.loss_sums = LossSums::none(self.imitations.len());
    }

    fn state(&self) -> Answer<'_, LearnerState> {
        let network = self.network.borrow();
        let projections = self.imitations.projections();
        let [first, second] = network.moments();
        let [first_behind, second_behind] = projections.moments();
        let told = |values: Vec<f32>, behind: &[f32]| (self.steps > 0).then(|| [&values, behind].concat());
        let state = LearnerState {
            weights: [&network.values(), projections.values()].concat(),
            optimiser_steps: self.steps,
            first: told(first, first_behind),
            second: told(second, second_behind),
            loss_sums: self.loss_sums.clone(),
        };
        Box::pin(async { Ok(state) })
    }

    fn restore(&mut self, state: LearnerState) {
        let network = self.network.get_mut();
        let projections = self.imitations.projections_mut();
        let own = state.weights.len() - projections.values().len();
        let zeros = vec![0.0; state.weights.len()];
        let first = state.first.as_deref().unwrap_or(&zeros);
        let second = state.second.as_deref().unwrap_or(&zeros);
        network.set_values(&state.weights[..own]);
        network.set_moments([&first[..own], &second[..own]]);
        projections.set_values(&state.weights[own..]);
        projections.set_moments([&first[own..], &second[own..]]);
        self.steps = state.optimiser_steps;
        self.loss_sums = state.loss_sums;
    }
}
