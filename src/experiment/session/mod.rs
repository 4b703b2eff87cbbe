//! The session: the only driver of an experiment. It is pulled: whoever holds it asks it to advance for a
//! while and gets what happened; to pause is to stop asking, to cancel is to drop it.

mod compressed;
mod forecast;
mod measuring;
mod node;
mod opening;
mod plan;
mod progress;
mod record;
mod rehearsal;
mod snapshot;
mod stepping;

pub use compressed::{Compressed, CompressedLayer};
pub use rehearsal::rehearse;

use std::cell::RefCell;
use std::rc::Rc;

use web_time::Instant;

use forecast::{Ask, Forecast};
use node::Node;
use opening::Openings;
use progress::{Answering, Phase};
use stepping::Loaded;

use super::checkpoint_store::CheckpointStore;
use super::config::{Config, EvaluateOn};
use super::event::{Advance, Event, StartedModel};
use super::learnable::check_learnable;
use super::record::{Environment, digest};
use super::samples::{check_own_test, evaluated_ids, validation_ids};
use super::warning::Warning;
use crate::compress::pack;
use crate::data::{Batch, Digits, SampleId, Task};
use crate::error::{Error, Named, Result};
use crate::nets::Checkpoint;
use crate::train::{Engine, EngineKind, LOGITS};

/// How far one call of [`Session::advance`] goes; whichever ends first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Milliseconds; a step under way is finished.
    pub ms: f64,
    /// Steps of each model in training; 0: no limit.
    pub steps: u32,
}

/// A running experiment.
pub struct Session {
    id: u32,
    config: Config,
    engine: Engine,
    nodes: Vec<Node>,
    evaluated: Vec<SampleId>,
    /// Labels of the evaluated digits; empty until all of those are loaded.
    labels: Vec<u8>,
    /// Held-out digits, measured beside the evaluated ones by models that may stop early.
    validation: Vec<SampleId>,
    loaded: Option<Rc<Loaded>>,
    events: Vec<Event>,
    last_report: Option<Instant>,
    forecast: RefCell<Forecast>,
    asks: Vec<Ask>,
    is_done: bool,
    opened: Openings,
}

impl Session {
    /// Sets an experiment up; nothing is trained yet.
    ///
    /// # Errors
    /// [`Error::Config`] with every problem, or when digits are left to none to learn on; [`Error::DigitsMissing`] when
    /// digits it learns on are not loaded; [`Error::Unknown`] or [`Error::Checkpoint`] when a pretrained model is not
    /// at hand or another network.
    pub fn new(
        id: u32,
        config: Config,
        digits: &Digits,
        engine: &Engine,
        store: &CheckpointStore,
    ) -> Result<Self> {
        config.validate()?;
        check_learnable(&config, digits)?;
        if config.data.evaluate_on == EvaluateOn::Test {
            check_own_test(&config, digits)?;
        }
        let evaluated = evaluated_ids(&config, digits);
        let validation = validation_ids(&config);
        let nets = config.nets();
        let nodes = config
            .models
            .keys()
            .map(|name| Node::new(name, &nets, &config, digits, engine, store))
            .collect::<Result<Vec<_>>>()?;
        let mut session = Self {
            id,
            engine: engine.clone(),
            nodes,
            labels: Vec::new(),
            evaluated,
            validation,
            loaded: None,
            events: Vec::new(),
            last_report: None,
            forecast: RefCell::default(),
            asks: Vec::new(),
            is_done: false,
            opened: Openings::default(),
            config,
        };
        session.begin_forecast(digits)?;
        session.events.push(session.started());
        session.release();
        Ok(session)
    }

    /// Trains on until the budget is spent or everything is done, and tells what happened.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails; [`Error::DigitsMissing`] when an epoch has ended and the digits it is
    /// measured on are still to come: nothing is lost, and the session goes on when it is asked again and they are
    /// here.
    pub async fn advance(&mut self, digits: &Digits, budget: Budget) -> Result<Advance> {
        let start = Instant::now();
        let training = self.nodes.iter().filter(|node| node.progress.phase == Phase::Training).count() as u32;
        let mut steps_left = budget.steps.saturating_mul(training.max(1));
        while !self.is_done {
            if let Some(index) = self.next_to_measure() {
                self.measure(index, digits).await?;
            } else if let Some(index) = self.next_to_time() {
                self.time(index, digits).await?;
            } else if let Some(index) = self.next_to_train() {
                self.step(index, digits, budget.steps > 0).await?;
                steps_left = steps_left.saturating_sub(1);
                if budget.steps > 0 && steps_left == 0 {
                    break;
                }
            } else {
                self.finish();
            }
            if milliseconds_since(start) >= budget.ms {
                break;
            }
        }
        self.time_one_that_waits().await?;
        Ok(Advance {
            events: std::mem::take(&mut self.events),
            steps_done: self.nodes.iter().map(|node| node.progress.step).sum(),
            steps_total: self.nodes.iter().map(Node::steps_expected).sum(),
            remaining_ms: self.remaining_ms(),
            finished: self.is_done,
        })
    }

    /// The kind of engine it runs on.
    pub fn engine_kind(&self) -> EngineKind {
        self.engine.kind
    }

    /// Where the session runs.
    pub fn environment(&self) -> Environment {
        Environment::of(&self.engine)
    }

    /// A model's network and weights as they are now.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the names there are; [`Error::Engine`] when the engine fails.
    pub async fn checkpoint(&self, name: &str) -> Result<Checkpoint> {
        self.node(name)?.checkpoint().await
    }

    /// The file of a model as it is now, of the fewest bytes: see [`crate::compress::pack`].
    ///
    /// # Errors
    /// As [`Session::checkpoint`], and [`Error::Checkpoint`] when it cannot be written.
    pub async fn packed(&self, name: &str) -> Result<Vec<u8>> {
        pack(name, &self.checkpoint(name).await?, &self.node(name)?.plan.model.compress)
    }

    /// Logits `n × 10` of pixels `n × 784`, from a model that tells digits as it is now.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the names there are; [`Error::Engine`] when the engine fails.
    pub async fn logits(&self, name: &str, pixels: Vec<f32>) -> Result<Vec<f32>> {
        let (node, place) = self.telling_digits(name)?;
        Ok(node.plan.logits_of(place, &node.learner.logits(pixels).await?))
    }

    /// Logits `n × 10` of loaded digits; those of a trained model are kept.
    ///
    /// # Errors
    /// As [`Session::logits`], and [`Error::DigitsMissing`].
    pub async fn logits_of(&self, name: &str, digits: &Digits, ids: &[SampleId]) -> Result<Vec<f32>> {
        let (node, place) = self.telling_digits(name)?;
        let logits = match node.progress.phase {
            Phase::Trained => node.outputs.of(&node.learner, LOGITS, digits, ids).await?,
            _ => node.learner.logits(Batch::gather(digits, ids)?.pixels).await?,
        };
        Ok(node.plan.logits_of(place, &logits))
    }

    /// True when a model of the experiment has this name.
    pub fn has(&self, name: &str) -> bool {
        self.nodes.iter().any(|node| node.plan.name == name)
    }

    /// A model of that name, and where its outputs for the ten digits lie.
    fn telling_digits(&self, name: &str) -> Result<(&Node, usize)> {
        let node = self.node(name)?;
        let place = node.plan.place_of(Task::Digit).ok_or_else(|| {
            let known = self.names(|node| node.plan.place_of(Task::Digit).is_some());
            Error::unknown(Named::DigitModel, name, known)
        })?;
        Ok((node, place))
    }

    fn names(&self, is_meant: impl Fn(&Node) -> bool) -> impl Iterator<Item = &str> {
        self.nodes.iter().filter(move |node| is_meant(node)).map(|node| node.plan.name.as_str())
    }

    fn node(&self, name: &str) -> Result<&Node> {
        let found = self.nodes.iter().find(|node| node.plan.name == name);
        found.ok_or_else(|| Error::unknown(Named::Model, name, self.names(|_| true)))
    }

    fn started(&self) -> Event {
        let models = self.nodes.iter().map(|Node { plan, .. }| StartedModel {
            name: plan.name.clone(),
            cost: plan.net.cost(),
            tasks: plan.heads.iter().map(|head| head.task).collect(),
            learns_from: plan.model.learns_from.iter().map(|s| s.model.clone()).collect(),
            pretrained: plan.pretrained,
            steps: plan.steps_total(),
            epochs: plan.training.epochs,
        });
        Event::Started { session: self.id, models: models.collect(), digest: digest(&self.config) }
    }

    /// Lets models train whose teachers (and the model they start from) are ready, and stops those whose teachers never
    /// will be.
    fn release(&mut self) {
        for index in 0..self.nodes.len() {
            let Node { plan, progress, .. } = &self.nodes[index];
            if progress.phase != Phase::Waiting {
                continue;
            }
            let needed: Vec<&Node> = plan.needs().map(|other| &self.nodes[other]).collect();
            if let Some(stopped) = needed.iter().find(|other| other.progress.phase == Phase::Stopped) {
                let other = stopped.plan.name.clone();
                self.stop(index, Warning::TeacherStopped { other });
            } else if needed.iter().all(|other| other.progress.phase == Phase::Trained) {
                self.nodes[index].progress.phase = Phase::Training;
            }
        }
    }

    fn next_to_train(&self) -> Option<usize> {
        let training =
            self.nodes.iter().enumerate().filter(|(_, node)| node.progress.phase == Phase::Training);
        training.min_by_key(|(index, node)| (node.progress.step, *index)).map(|(index, _)| index)
    }

    /// Models at the end of an epoch come first; a pretrained one is measured once the race has shown
    /// something, so that the first epoch is not kept waiting.
    fn next_to_measure(&self) -> Option<usize> {
        let at_end = self.nodes.iter().position(|node| node.progress.phase == Phase::Measuring);
        let race_has_begun =
            self.nodes.iter().any(|node| !node.plan.pretrained && !node.progress.epochs.is_empty());
        let may_wait = self.next_to_train().is_some() && !race_has_begun;
        let pretrained =
            || self.nodes.iter().position(|node| node.plan.pretrained && node.progress.epochs.is_empty());
        at_end.or_else(|| if may_wait { None } else { pretrained() })
    }

    /// A model that is trained and measured, and was not timed on this engine.
    fn next_to_time(&self) -> Option<usize> {
        self.nodes.iter().position(|Node { progress, .. }| {
            progress.phase == Phase::Trained
                && !progress.epochs.is_empty()
                && progress.answering == Answering::Untimed
        })
    }

    fn stop(&mut self, index: usize, warning: Warning) {
        let Node { plan, progress, .. } = &mut self.nodes[index];
        progress.phase = Phase::Stopped;
        progress.stopped = Some(warning.code().to_owned());
        let (session, model) = (self.id, Some(plan.name.clone()));
        self.events.push(Event::Warning { session, model, warning });
    }

    fn finish(&mut self) {
        self.is_done = true;
        let record = self.record();
        let (comparisons, digest) = (record.comparisons, record.digest);
        self.events.push(Event::Done { session: self.id, comparisons, digest });
    }
}

pub(super) fn milliseconds_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}
