//! One model of a running experiment: its plan, its progress and its learner, and beside them what can be worked out
//! again.

use std::rc::Rc;

use indexmap::IndexMap;

use super::plan::ModelPlan;
use super::progress::{Phase, Progress};
use crate::data::{BatchOrder, Digits, SampleId};
use crate::error::Result;
use crate::experiment::checkpoint_store::CheckpointStore;
use crate::experiment::config::{Config, Init};
use crate::experiment::initial_weights;
use crate::experiment::outputs::Outputs;
use crate::experiment::record::ModelCost;
use crate::experiment::samples::transfer_ids;
use crate::nets::{Checkpoint, Net};
use crate::random::Stream;
use crate::train::{Engine, Learner};

/// One model of a running experiment.
pub(super) struct Node {
    pub plan: Rc<ModelPlan>,
    pub progress: Progress,
    pub learner: Learner,
    /// A cache: what it showed of digits since it is trained.
    pub outputs: Outputs,
    /// A cache: the batches of the epoch under way.
    pub batches: BatchOrder,
    /// Digits that it learns on and is measured on as well.
    pub training_sample: Vec<SampleId>,
}

impl Node {
    /// A model before its first step.
    pub fn new(
        name: &str,
        nets: &IndexMap<String, Net>,
        config: &Config,
        digits: &Digits,
        engine: &Engine,
        store: &CheckpointStore,
    ) -> Result<Self> {
        let (model, net) = (&config.models[name], nets[name].clone());
        let (phase, weights, outputs, ids) = match &model.init {
            Some(Init::Pretrained(checkpoint)) => {
                let weights = initial_weights::pretrained(name, checkpoint, &net, store)?;
                (Phase::Trained, weights, store.outputs(checkpoint)?, Vec::new())
            }
            _ => {
                let ids = transfer_ids(config.transfer_set_of(model), config.data.set, digits)?;
                (Phase::Waiting, initial_weights::drawn(name, &net, config), Outputs::default(), ids)
            }
        };
        let sampled = config.data.training_evaluated.unwrap_or(0) as usize;
        let has_labels = |id: &&SampleId| id.split.labels_are_classes();
        let training_sample = ids.iter().filter(has_labels).take(sampled).copied().collect();
        let sets = model.tasks.iter().map(|set| {
            let most = set.digits.map_or(ids.len(), |digits| digits as usize);
            ids.iter().take(most).copied().collect::<Vec<SampleId>>()
        });
        let training = model.training.as_ref().unwrap_or(&config.training);
        let batches = BatchOrder::new(sets.collect(), training.batch_size as usize);
        let plan = ModelPlan::new(name, config, nets, batches.steps() as u32);
        let imitations = plan.imitates.iter().map(|imitates| imitates.plan.clone()).collect();
        let mut projections = Stream::new(config.seed, &format!("projections/{name}"), &[]);
        let requirements = model.requirements(&net, config.seed);
        let learner = Learner::imitating(imitations, &mut projections, requirements, net, weights, engine)
            .with_layer_decay(training.layer_decay);
        Ok(Self {
            plan: Rc::new(plan),
            progress: Progress { phase, ..Progress::default() },
            learner,
            outputs,
            batches,
            training_sample,
        })
    }

    /// Its network and weights as they are now.
    pub async fn checkpoint(&self) -> Result<Checkpoint> {
        Ok(Checkpoint { net: self.plan.net.clone(), weights: self.learner.weights().await? })
    }

    /// What it takes.
    pub fn cost(&self) -> ModelCost {
        ModelCost {
            net: self.plan.net.cost(),
            microseconds_a_digit: self.progress.answering.microseconds(),
            stored: self.progress.stored,
        }
    }

    /// True once it will learn nothing more.
    pub fn is_over(&self) -> bool {
        matches!(self.progress.phase, Phase::Trained | Phase::Stopped)
    }

    /// The steps it will have taken once it is done, as far as that is known: early stop and errors end a model sooner.
    pub fn steps_expected(&self) -> u32 {
        if self.is_over() { self.progress.step } else { self.plan.steps_total() }
    }
}
