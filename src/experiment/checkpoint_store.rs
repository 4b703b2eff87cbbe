//! The checkpoints that are at hand.

use std::collections::{BTreeMap, HashMap};

use half::f16;

use super::Card;
use super::outputs::Outputs;
use crate::data::{Digits, SampleId, SheetInfo, Split};
use crate::error::{CheckpointFault, Error, Named, Result};
use crate::json;
use crate::nets::Checkpoint;
use crate::train::{Engine, LOGITS, Learner};

/// Digits of a sheet on which logits that came with a checkpoint are compared with its own.
const COMPARED: usize = 16;
/// How far they may lie apart, of the larger one and besides: rounding to 11 bits is 0.0005, the order of sums less.
const APART: (f32, f32) = (0.002, 0.002);

/// The shipped checkpoints by name. Their outputs are kept as long as the store, so that a second session
/// does not work them out again.
#[derive(Default)]
pub struct CheckpointStore {
    /// Cards of those that there are, at hand or not.
    shipped: BTreeMap<String, Card>,
    entries: HashMap<String, Entry>,
}

struct Entry {
    checkpoint: Checkpoint,
    outputs: Outputs,
}

impl CheckpointStore {
    /// Tells which checkpoints are shipped: the JSON text of their cards.
    ///
    /// # Errors
    /// [`Error::Parse`] naming the field that cannot be read.
    pub fn tell(&mut self, cards: &str) -> Result<()> {
        let cards: Vec<Card> = json::read("teachers/cards.json", cards)?;
        self.shipped = cards.into_iter().map(|card| (card.name.clone(), card)).collect();
        Ok(())
    }

    /// Adds a shipped checkpoint in safetensors form.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the names there are; [`Error::Checkpoint`] as [`CheckpointStore::add`].
    pub fn add_shipped(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let card = self.shipped.get(name).ok_or_else(|| self.unknown(name))?;
        self.add(card.clone(), bytes)
    }

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
        let outputs = if card.brings_logits { Outputs::rounded() } else { Outputs::default() };
        self.entries.insert(card.name.clone(), Entry { checkpoint, outputs });
        self.shipped.insert(card.name.clone(), card);
        Ok(())
    }

    /// The cards of all checkpoints, at hand or not, by name.
    pub fn cards(&self) -> impl Iterator<Item = &Card> {
        self.shipped.values()
    }

    /// The card of the best checkpoint at hand, by validation digits.
    pub fn best(&self) -> Option<&Card> {
        let at_hand = self.cards().filter(|card| self.entries.contains_key(&card.name));
        at_hand.min_by_key(|card| card.validation_errors)
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

    /// Keeps the logits that came with a checkpoint, of the digits of a sheet: ten [`f16`] a digit, little-endian. Some of
    /// them are compared with what it answers itself.
    ///
    /// # Errors
    /// As [`CheckpointStore::logits_of`]; [`Error::Checkpoint`] when there are too many or too few, or they are another
    /// network's.
    pub async fn keep_shipped(
        &self,
        name: &str,
        sheet: &SheetInfo,
        bytes: &[u8],
        digits: &Digits,
        engine: &Engine,
    ) -> Result<()> {
        let outputs = self.checkpoint(name)?.net.outputs();
        let logits: Vec<f32> =
            bytes.chunks_exact(2).map(|pair| f16::from_le_bytes([pair[0], pair[1]]).to_f32()).collect();
        let ids: Vec<SampleId> = (sheet.first..sheet.first + sheet.count)
            .map(|index| SampleId { split: sheet.split, index })
            .collect();
        let step = ids.len().div_ceil(COMPARED).max(1);
        let some: Vec<SampleId> = ids.iter().copied().step_by(step).collect();
        let own = Outputs::default().of(&self.learner(name, engine)?, LOGITS, digits, &some).await?;
        let given = logits.chunks(outputs).step_by(step).flatten();
        let differs = |(own, given): (&f32, &f32)| {
            let apart = (own - given).abs();
            // What is no number differs from everything.
            apart.is_nan() || apart > APART.0 * own.abs().max(given.abs()) + APART.1
        };
        if logits.len() == ids.len() * outputs && own.iter().zip(given).any(differs) {
            let fault = CheckpointFault::OtherLogits { sheet: sheet.name.clone() };
            return Err(Error::Checkpoint { name: name.to_owned(), fault });
        }
        self.keep(name, &ids, &logits)
    }

    /// Forgets what the checkpoints showed of pictures whose place others have taken.
    pub fn forget(&self, split: Split) {
        self.entries.values().for_each(|entry| entry.outputs.forget(split));
    }

    pub(super) fn outputs(&self, name: &str) -> Result<Outputs> {
        self.entry(name).map(|entry| entry.outputs.clone())
    }

    fn entry(&self, name: &str) -> Result<&Entry> {
        self.entries.get(name).ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> Error {
        Error::unknown(Named::Checkpoint, name, self.cards().map(|card| card.name.as_str()))
    }
}
