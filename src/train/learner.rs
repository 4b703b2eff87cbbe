//! A learner: one network that is trained and asked, whatever holds its weights.

use serde::{Deserialize, Serialize};

use super::backend::{Backend, Requirements, Shown, select};
use super::losses::{LossSums, digits_of_terms};
use super::{Engine, Inputs, Optimiser, Update};
use crate::archive::tensor;
use crate::distill::{HardMix, Plan, SoftMix};
use crate::error::{Error, Named, Result};
use crate::nets::{Checkpoint, Dropout, Layout, Net, Parameter};
use crate::random::Stream;

/// The name that logits have among a network's layers.
pub const LOGITS: &str = "logits";

/// What one step is told beside the batch.
pub struct StepInputs {
    pub hard: HardMix,
    /// For each task asked in the batch its soft targets `digits × classes`, and how they count; none for labels alone.
    pub soft: Option<(Vec<Vec<f32>>, SoftMix)>,
    /// For each of the learner's imitations: its weight, and the teacher's layer `n × width` for each of its pairs.
    pub imitated: Vec<(f64, Vec<Vec<f32>>)>,
    pub optimiser: Optimiser,
    pub update: Update,
    /// The masks of this step.
    pub dropout: Dropout,
    /// Share of all training steps that will have been taken after this one.
    pub progress: f64,
}

/// One network in training, or trained.
pub struct Learner {
    net: Net,
    layout: Layout,
    /// Values of the projections that its imitations train beside the network.
    projected: usize,
    imitations: usize,
    backend: Box<dyn Backend>,
}

/// Everything a learner is, on the host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LearnerState {
    #[serde(with = "tensor")]
    pub weights: Vec<f32>,
    pub optimiser_steps: u32,
    #[serde(with = "tensor")]
    pub first: Option<Vec<f32>>,
    #[serde(with = "tensor")]
    pub second: Option<Vec<f32>>,
    #[serde(with = "tensor")]
    pub loss_sums: LossSums,
}

impl Learner {
    /// A network with the given weights (flat, in the order of its layout) that imitates no layers.
    pub fn new(net: Net, weights: Vec<f32>, engine: &Engine) -> Self {
        Self::meeting(Requirements::default(), net, weights, engine)
    }

    /// A network that is trained so, imitated layers aside.
    pub fn meeting(requirements: Requirements, net: Net, weights: Vec<f32>, engine: &Engine) -> Self {
        let backend = select(&net, weights, Vec::new(), requirements, engine);
        Self { layout: net.layout(), net, projected: 0, imitations: 0, backend }
    }

    /// A network that is trained so and imitates layers by these plans; first projections are drawn from the stream.
    pub fn imitating(
        plans: Vec<Plan>,
        stream: &mut Stream,
        requirements: Requirements,
        net: Net,
        mut weights: Vec<f32>,
        engine: &Engine,
    ) -> Self {
        let imitations = plans.len();
        let projections = plans.iter().enumerate().flat_map(|(index, plan)| plan.parameters(index));
        let projections = Layout::new(projections.collect());
        weights.extend(projections.initial_weights(stream));
        let backend = select(&net, weights, plans, requirements, engine);
        Self { layout: net.layout(), net, projected: projections.len(), imitations, backend }
    }

    /// The same learner, whose layers learn the slower the farther they lie from the output: `decay` to the power of
    /// the layers between (Howard and Ruder 2018, section 3.2; BERT students after Clark et al. 2019).
    pub fn with_layer_decay(mut self, decay: f64) -> Self {
        self.backend.decay_rates(decay);
        self
    }

    /// Becomes what it was when `state` was taken.
    pub fn restore(&mut self, state: LearnerState) {
        self.backend.restore(state);
    }

    /// Gives the network other weights; for a learner before its first step.
    pub fn set_weights(&mut self, weights: Vec<f32>) {
        self.backend.set_weights(weights);
    }

    /// Tells the trained model whose blocks it replaces; for a learner that lacks one.
    pub fn set_predecessor(&mut self, predecessor: &Checkpoint) {
        self.backend.set_predecessor(predecessor);
    }

    /// Whether it takes no step before it knows the model whose blocks it replaces: before its first, and after
    /// [`Learner::restore`].
    pub fn lacks_predecessor(&self) -> bool {
        self.backend.lacks_predecessor()
    }

    /// The network.
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// Number of the network's weights.
    pub fn parameters(&self) -> usize {
        self.layout.len()
    }

    /// True for the state of a learner like this one.
    pub fn fits(&self, state: &LearnerState) -> bool {
        let all = [Some(&state.weights), state.first.as_ref(), state.second.as_ref()];
        let weights = self.layout.len() + self.projected;
        all.into_iter().flatten().all(|values| values.len() == weights)
            && state.loss_sums.imitated.len() == self.imitations
    }

    /// One training step on a batch; its loss joins the sums.
    pub fn step(&mut self, inputs: &Inputs, step_inputs: StepInputs) {
        let digits = digits_of_terms(inputs, &step_inputs);
        self.backend.step(inputs, step_inputs, &digits);
    }

    /// Logits `n × outputs` of `n × 784` pixels.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails.
    pub async fn logits(&self, pixels: Vec<f32>) -> Result<Vec<f32>> {
        self.layer(pixels, LOGITS).await
    }

    /// A layer `n × width` of `n × 784` pixels, by its name; the logits by [`LOGITS`].
    ///
    /// # Errors
    /// [`Error::Unknown`] with the layers there are; [`Error::Engine`] when the engine fails.
    pub async fn layer(&self, pixels: Vec<f32>, name: &str) -> Result<Vec<f32>> {
        Ok(self.show(pixels, &[name]).await?.swap_remove(0))
    }

    /// Several layers, as [`Learner::layer`] gives one, of a single pass.
    ///
    /// # Errors
    /// As [`Learner::layer`].
    pub async fn show(&self, pixels: Vec<f32>, names: &[&str]) -> Result<Vec<Vec<f32>>> {
        let layers = self.net.network().layers();
        let place = |name: &&str| match layers.iter().position(|layer| layer.name == *name) {
            _ if *name == LOGITS => Ok(Shown::Logits),
            Some(place) => Ok(Shown::Layer(place)),
            None => Err(Error::unknown(Named::Layer, name, layers.iter().map(|layer| &layer.name[..]))),
        };
        let asked = names.iter().map(place).collect::<Result<Vec<Shown>>>()?;
        self.backend.show(pixels, asked).await
    }

    /// The sums of the loss terms so far.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails.
    pub async fn loss_sums(&self) -> Result<LossSums> {
        self.backend.loss_sums().await
    }

    /// Starts the sums of losses anew.
    pub fn clear_losses(&mut self) {
        self.backend.clear_losses();
    }

    /// The network's flat weights.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails.
    pub async fn weights(&self) -> Result<Vec<f32>> {
        self.backend.weights().await
    }

    /// One of the network's parameters by its name, flat.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the parameters there are; [`Error::Engine`] when the engine fails.
    pub async fn parameter(&self, name: &str) -> Result<Vec<f32>> {
        let named = |(parameter, _): &(&Parameter, _)| parameter.name == name;
        match self.layout.iter().find(named) {
            Some((_, range)) => Ok(self.backend.weights().await?[range].to_vec()),
            None => Err(Error::unknown(
                Named::Parameter,
                name,
                self.layout.iter().map(|(known, _)| &known.name[..]),
            )),
        }
    }

    /// Everything this learner is, read in one go.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails.
    pub async fn state(&self) -> Result<LearnerState> {
        self.backend.state().await
    }
}
