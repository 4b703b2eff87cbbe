//! A network in training whose weights are held small. Steps are taken by the backend that it has; between them its
//! weights are brought to what they are held to.

use std::cell::OnceCell;

use distillery_kernels::Isa;

use super::host::IntegerNetwork;
use super::{Answer, Backend, Host, Shown};
use crate::compress::Held;
use crate::nets::Checkpoint;
use crate::train::{Inputs, LearnerState, LossSums, PerTerm, StepInputs};

/// The network on the host, and the weights that it learns: what it computes with is made of them.
pub(super) struct HeldBackend {
    inner: Box<dyn Host>,
    held: Held,
    learnt: Vec<f32>,
    isa: Isa,
    /// The network in whole numbers, made when it is asked first.
    integers: OnceCell<IntegerNetwork>,
}

impl HeldBackend {
    /// A network before its first step.
    pub(super) fn new(inner: Box<dyn Host>, held: Held, isa: Isa) -> Self {
        let mut backend = Self { learnt: inner.values(), inner, held, isa, integers: OnceCell::new() };
        backend.begin();
        backend
    }

    fn begin(&mut self) {
        self.held.begin(&mut self.learnt);
        self.compute();
    }

    /// Gives the network the weights that it computes with.
    fn compute(&mut self) {
        self.inner.set_weights(self.held.computed(&self.learnt));
        self.integers.take();
    }

    /// The network in whole numbers, if it answers so.
    fn integers(&self) -> Option<&IntegerNetwork> {
        let make = || {
            let weights = self.inner.values();
            IntegerNetwork::new(self.isa, self.held.layout(), &weights, |range| {
                self.held.whole_numbers(&weights, range)
            })
        };
        self.held.answers_in_whole_numbers().then(|| self.integers.get_or_init(make))
    }
}

impl Backend for HeldBackend {
    fn decay_rates(&mut self, decay: f64) {
        self.inner.decay_rates(decay);
    }

    /// The step is taken from the weights that the network computes with; by as much the learnt ones change
    /// (straight-through, Bengio et al. 2013, section 4).
    fn step(&mut self, inputs: &Inputs, step_inputs: StepInputs, digits: &PerTerm<f32>) {
        let progress = step_inputs.progress;
        let computed = self.held.rounds().then(|| self.inner.values());
        self.inner.step(inputs, step_inputs, digits);
        let mut after = self.inner.values();
        if let Some(computed) = computed {
            for ((after, learnt), computed) in after.iter_mut().zip(&self.learnt).zip(computed) {
                *after = learnt + (*after - computed);
            }
        }
        self.held.after_step(&self.learnt, &mut after, progress);
        self.learnt = after;
        self.compute();
    }

    fn show(&self, pixels: Vec<f32>, asked: Vec<Shown>) -> Answer<'_, Vec<Vec<f32>>> {
        let Some(integers) = self.integers() else {
            return self.inner.show(pixels, asked);
        };
        Box::pin(async move {
            let logits = integers.logits(&pixels);
            let layers: Vec<Shown> = asked.iter().copied().filter(|asked| *asked != Shown::Logits).collect();
            let layers = if layers.is_empty() { vec![] } else { self.inner.show(pixels, layers).await? };
            let mut layers = layers.into_iter();
            let shown = asked.into_iter().map(|asked| match asked {
                Shown::Logits => logits.clone(),
                Shown::Layer(_) => layers.next().expect("each layer was asked for"),
            });
            Ok(shown.collect())
        })
    }

    fn weights(&self) -> Answer<'_, Vec<f32>> {
        self.inner.weights()
    }

    fn set_weights(&mut self, weights: Vec<f32>) {
        self.learnt = weights;
        self.begin();
    }

    fn set_predecessor(&mut self, predecessor: &Checkpoint) {
        self.inner.set_predecessor(predecessor);
    }

    fn lacks_predecessor(&self) -> bool {
        self.inner.lacks_predecessor()
    }

    fn loss_sums(&self) -> Answer<'_, LossSums> {
        self.inner.loss_sums()
    }

    fn clear_losses(&mut self) {
        self.inner.clear_losses();
    }

    /// With the weights that are learnt.
    fn state(&self) -> Answer<'_, LearnerState> {
        Box::pin(async {
            let mut state = self.inner.state().await?;
            state.weights[..self.learnt.len()].copy_from_slice(&self.learnt);
            Ok(state)
        })
    }

    fn restore(&mut self, state: LearnerState) {
        let own = self.learnt.len();
        self.learnt.copy_from_slice(&state.weights[..own]);
        self.inner.restore(state);
        self.compute();
    }
}
