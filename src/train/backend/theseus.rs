//! A transformer in training that replaces another, block by block: steps are taken by a network that has the blocks of
//! both, of which each step leaves some out.

use distillery_kernels::Isa;

use super::{Answer, Backend, Host, HostBackend, Shown};
use crate::compress::{Mixed, Theseus};
use crate::nets::{Checkpoint, Net};
use crate::train::{Inputs, LearnerState, LossSums, PerTerm, StepInputs};

/// The model itself, which is what is asked, and once the predecessor is known both in one.
pub(super) struct TheseusBackend {
    net: Net,
    isa: Isa,
    theseus: Theseus,
    seed: u32,
    layer_decay: f64,
    own: HostBackend,
    both: Option<Both>,
    /// A state that waits for the predecessor.
    restored: Option<LearnerState>,
}

struct Both {
    mixed: Mixed,
    backend: HostBackend,
    theirs: Vec<f32>,
}

impl TheseusBackend {
    /// A network before its first step.
    pub(super) fn new(net: &Net, weights: &[f32], theseus: Theseus, seed: u32, isa: Isa) -> Self {
        let own = HostBackend::new(net, weights, Vec::new(), isa, false);
        let net = net.clone();
        Self { net, isa, theseus, seed, layer_decay: 1.0, own, both: None, restored: None }
    }

    /// The state of a learner of both networks, whose own part this is.
    fn state_of_both(both: &Both, state: LearnerState) -> LearnerState {
        let zeros = vec![0.0; both.theirs.len()];
        let moments = |own: Option<Vec<f32>>| own.map(|own| both.mixed.weights(&own, &zeros));
        LearnerState {
            weights: both.mixed.weights(&state.weights, &both.theirs),
            first: moments(state.first),
            second: moments(state.second),
            ..state
        }
    }
}

impl Host for TheseusBackend {
    fn values(&self) -> Vec<f32> {
        self.own.values()
    }
}

impl Backend for TheseusBackend {
    fn decay_rates(&mut self, decay: f64) {
        self.layer_decay = decay;
    }

    fn set_predecessor(&mut self, predecessor: &Checkpoint) {
        let Some(mixed) = Mixed::new(&self.net, &predecessor.net) else { return };
        let weights = mixed.weights(&self.own.values(), &predecessor.weights);
        let mut backend = HostBackend::new(&mixed.net, &weights, Vec::new(), self.isa, false);
        backend.decay_rates(self.layer_decay);
        let mut both = Both { mixed, backend, theirs: predecessor.weights.clone() };
        if let Some(state) = self.restored.take() {
            let state = Self::state_of_both(&both, state);
            both.backend.restore(state);
        }
        self.both = Some(both);
    }

    fn lacks_predecessor(&self) -> bool {
        self.both.is_none()
    }

    /// What a step leaves out stays as it was, and so do the predecessor's blocks.
    fn step(&mut self, inputs: &Inputs, mut step_inputs: StepInputs, digits: &PerTerm<f32>) {
        let Some(Both { mixed, backend, theirs }) = &mut self.both else { return };
        let (step, progress) = (backend.steps(), step_inputs.progress);
        let replaced = self.theseus.replaced(mixed.blocks, self.seed, step, progress);
        step_inputs.dropout.leave_out(mixed.left_out(&replaced));
        let before = self.own.values();
        backend.step(inputs, step_inputs, digits);
        let mut own = mixed.own(&backend.values());
        for block in (0..mixed.blocks).filter(|block| !replaced[*block]) {
            let range = mixed.block(block);
            own[range.clone()].copy_from_slice(&before[range]);
        }
        backend.set_weights(mixed.weights(&own, theirs));
        self.own.set_weights(own);
    }

    fn show(&self, pixels: Vec<f32>, asked: Vec<Shown>) -> Answer<'_, Vec<Vec<f32>>> {
        self.own.show(pixels, asked)
    }

    fn weights(&self) -> Answer<'_, Vec<f32>> {
        self.own.weights()
    }

    fn set_weights(&mut self, weights: Vec<f32>) {
        if let Some(Both { mixed, backend, theirs }) = &mut self.both {
            backend.set_weights(mixed.weights(&weights, theirs));
        }
        if let Some(state) = &mut self.restored {
            state.weights.copy_from_slice(&weights);
        }
        self.own.set_weights(weights);
    }

    fn loss_sums(&self) -> Answer<'_, LossSums> {
        match &self.both {
            Some(both) => both.backend.loss_sums(),
            None => self.own.loss_sums(),
        }
    }

    fn clear_losses(&mut self) {
        if let Some(both) = &mut self.both {
            both.backend.clear_losses();
        }
    }

    fn state(&self) -> Answer<'_, LearnerState> {
        Box::pin(async {
            let Some(Both { mixed, backend, .. }) = &self.both else {
                return match &self.restored {
                    Some(state) => Ok(state.clone()),
                    None => self.own.state().await,
                };
            };
            let state = backend.state().await?;
            let own = |moments: Option<Vec<f32>>| moments.map(|moments| mixed.own(&moments));
            Ok(LearnerState {
                weights: mixed.own(&state.weights),
                first: own(state.first),
                second: own(state.second),
                ..state
            })
        })
    }

    fn restore(&mut self, state: LearnerState) {
        self.own.set_weights(state.weights.clone());
        match &mut self.both {
            Some(both) => {
                let state = Self::state_of_both(both, state);
                both.backend.restore(state);
            }
            None => self.restored = Some(state),
        }
    }
}
