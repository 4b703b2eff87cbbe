//! The checkpoints that are at hand.

use std::collections::HashMap;

use super::outputs::{LOGITS, Outputs};
use crate::data::{Digits, SampleId, Split};
use crate::error::{CheckpointFault, Error, Named, Result};
use crate::nets::{Card, Checkpoint};
use crate::train::{Engine, Learner};

/// The shipped checkpoints by name. Their outputs are kept as long as the store, so that a second session
/// does not work them out again.
#[derive(Default)]
pub struct CheckpointStore {
    entries: HashMap<String, Entry>,
}

struct Entry {
    card: Card,
    checkpoint: Checkpoint,
    outputs: Outputs,
}

impl CheckpointStore {
    /// Adds a checkpoint in safetensors form.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when the bytes do not hold the card's network, or not its weights.
    pub fn add(&mut self, card: Card, bytes: &[u8]) -> Result<()> {
        let checkpoint = Checkpoint::from_safetensors(&card.name, card.net.clone(), bytes)?;
        let digest = crate::nets::weights_digest(&checkpoint.weights);
        if digest != card.weights_digest {
            let fault = CheckpointFault::Digest { found: digest, expected: card.weights_digest };
            return Err(Error::Checkpoint { name: card.name, fault });
        }
        let entry = Entry { checkpoint, outputs: Outputs::default(), card: card.clone() };
        self.entries.insert(card.name, entry);
        Ok(())
    }

    /// The cards of all checkpoints, by name.
    pub fn cards(&self) -> Vec<&Card> {
        let mut cards: Vec<&Card> = self.entries.values().map(|entry| &entry.card).collect();
        cards.sort_by(|a, b| a.name.cmp(&b.name));
        cards
    }

    /// The checkpoint of that name.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the names there are.
    pub fn checkpoint(&self, name: &str) -> Result<&Checkpoint> {
        self.entry(name).map(|entry| &entry.checkpoint)
    }

    /// A checkpoint as a model that can be asked.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the names there are.
    pub fn learner(&self, name: &str, engine: &Engine) -> Result<Learner> {
        let checkpoint = self.checkpoint(name)?;
        Ok(Learner::new(checkpoint.net.clone(), checkpoint.weights.clone(), engine))
    }

    /// Logits `n × 10` of loaded digits, which are kept.
    ///
    /// # Errors
    /// As [`CheckpointStore::learner`]; [`Error::DigitsMissing`]; [`Error::Engine`] when the engine fails.
    pub async fn logits_of(
        &self,
        name: &str,
        digits: &Digits,
        ids: &[SampleId],
        engine: &Engine,
    ) -> Result<Vec<f32>> {
        self.outputs(name)?.of(&self.learner(name, engine)?, LOGITS, digits, ids).await
    }

    /// Keeps logits of digits that another engine of this kind worked out with the same checkpoint.
    ///
    /// # Errors
    /// As [`CheckpointStore::learner`]; [`Error::Checkpoint`] when they are not as many as the checkpoint has outputs,
    /// a row a digit.
    pub fn keep(&self, name: &str, ids: &[SampleId], logits: &[f32]) -> Result<()> {
        let entry = self.entry(name)?;
        let outputs = entry.checkpoint.net.outputs();
        if logits.len() != ids.len() * outputs {
            let (found, expected) = (logits.len() as u64, (ids.len() * outputs) as u64);
            let fault = CheckpointFault::Logits { found, expected };
            return Err(Error::Checkpoint { name: name.to_owned(), fault });
        }
        entry.outputs.keep(ids, logits.chunks_exact(outputs));
        Ok(())
    }

    /// Forgets what the checkpoints showed of pictures whose place others have taken.
    pub fn forget(&self, split: Split) {
        self.entries.values().for_each(|entry| entry.outputs.forget(split));
    }

    pub(super) fn outputs(&self, name: &str) -> Result<Outputs> {
        self.entry(name).map(|entry| entry.outputs.clone())
    }

    fn entry(&self, name: &str) -> Result<&Entry> {
        self.entries.get(name).ok_or_else(|| {
            let known = self.cards().into_iter().map(|card| card.name.as_str());
            Error::unknown(Named::Checkpoint, name, known)
        })
    }
}
