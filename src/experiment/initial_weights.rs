//! The weights that a model has before its first step.

use super::checkpoint_store::CheckpointStore;
use super::config::{Config, Init};
use crate::error::{CheckpointFault, Error, Result};
use crate::nets::Net;
use crate::random::Stream;

impl Config {
    /// The model whose start a model has: itself, or where a chain of `same_as` ends.
    pub(super) fn start_of<'a>(&'a self, name: &'a str) -> (&'a str, Option<&'a Init>) {
        let mut key = name;
        loop {
            match self.models.get(key).and_then(|model| model.init.as_ref()) {
                Some(Init::SameAs(other)) => key = other,
                init => return (key, init),
            }
        }
    }
}

/// Weights drawn from the experiment's seed and the key of the model whose start it has.
pub(super) fn drawn(name: &str, net: &Net, config: &Config) -> Vec<f32> {
    let (key, init) = config.start_of(name);
    let domain = match init {
        Some(Init::Seed(seed)) => format!("weights/seed {seed}"),
        _ => format!("weights/{key}"),
    };
    net.layout().initial_weights(&mut Stream::new(config.seed, &domain, &[]))
}

/// The weights of a checkpoint, for a model with this network.
///
/// # Errors
/// [`Error::Unknown`] when it is not at hand, [`Error::Checkpoint`] when its network is another.
pub(super) fn pretrained(
    name: &str,
    checkpoint: &str,
    net: &Net,
    store: &CheckpointStore,
) -> Result<Vec<f32>> {
    let found = store.checkpoint(checkpoint)?;
    // Dropout is of training alone: what must agree is names and shapes.
    if found.net.layout() != net.layout() {
        let json = |net: &Net| serde_json::to_string(net).unwrap_or_default();
        let (found, expected) = (json(&found.net), json(net));
        let fault = CheckpointFault::OtherNetwork { model: name.to_owned(), found, expected };
        return Err(Error::Checkpoint { name: checkpoint.to_owned(), fault });
    }
    Ok(found.weights.clone())
}
