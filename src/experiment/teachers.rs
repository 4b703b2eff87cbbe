//! The checkpoints that are at hand, and the outputs of models that have been worked out already.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::data::{Batch, Digits, PIXELS, SampleId, Split};
use crate::error::{CheckpointFault, Error, Named, Result};
use crate::nets::{Card, Checkpoint};
use crate::train::{Engine, Learner};

/// The shipped checkpoints by name. Their outputs are kept as long as the library, so that a second session
/// does not work them out again.
#[derive(Default)]
pub struct Library {
    entries: HashMap<String, Entry>,
}

struct Entry {
    card: Card,
    checkpoint: Checkpoint,
    outputs: Outputs,
}

/// The name under which a model's logits are kept beside its layers.
pub(super) const LOGITS: &str = "logits";

/// What a model shows is worked out for a multiple of so many digits at once, blank ones added. A product of few rows
/// rounds otherwise than one of many, and what a digit gets must not depend on those it came with: a session that
/// goes on from a snapshot asks about others at once than one that was never broken off.
pub(super) const ROWS: usize = 16;

/// What a trained model showed, by layer and by the id of the digit, and its parameters. An id travels with every image, so a
/// soft target cannot meet another digit than its own.
#[derive(Clone, Default)]
pub(super) struct Outputs {
    rows: Rc<RefCell<HashMap<String, Rows>>>,
    parameters: Rc<RefCell<HashMap<String, Vec<f32>>>>,
}

type Rows = HashMap<SampleId, Vec<f32>>;

impl Library {
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
    /// As [`Library::learner`]; [`Error::DigitsMissing`]; [`Error::Engine`] when the engine fails.
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
    /// As [`Library::learner`]; [`Error::Checkpoint`] when they are not as many as the checkpoint has outputs, a row a digit.
    pub fn keep(&self, name: &str, ids: &[SampleId], logits: &[f32]) -> Result<()> {
        let entry = self.entry(name)?;
        let outputs = entry.checkpoint.net.outputs();
        if logits.len() != ids.len() * outputs {
            let (found, expected) = (logits.len() as u64, (ids.len() * outputs) as u64);
            let fault = CheckpointFault::Logits { found, expected };
            return Err(Error::Checkpoint { name: name.to_owned(), fault });
        }
        let mut kept = entry.outputs.rows.borrow_mut();
        let kept = kept.entry(LOGITS.to_owned()).or_default();
        kept.extend(ids.iter().copied().zip(logits.chunks_exact(outputs).map(<[f32]>::to_vec)));
        Ok(())
    }

    /// Forgets what the checkpoints showed of pictures whose place others have taken.
    pub fn forget(&self, split: Split) {
        for entry in self.entries.values() {
            for rows in entry.outputs.rows.borrow_mut().values_mut() {
                rows.retain(|id, _| id.split != split);
            }
        }
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

/// A layer, or the logits, of pixels `n × 784`.
pub(super) async fn show(learner: &Learner, layer: &str, pixels: Vec<f32>) -> Result<Vec<f32>> {
    match layer {
        LOGITS => learner.logits(pixels).await,
        layer => learner.layer(pixels, layer).await,
    }
}

impl Outputs {
    /// A layer `n × width`, or the logits, of unchanged digits: from what is kept, and the rest worked out and kept.
    pub(super) async fn of(
        &self,
        learner: &Learner,
        layer: &str,
        digits: &Digits,
        ids: &[SampleId],
    ) -> Result<Vec<f32>> {
        let missing: Vec<SampleId> = {
            let kept = self.rows.borrow();
            let kept = kept.get(layer);
            ids.iter().copied().filter(|id| !kept.is_some_and(|kept| kept.contains_key(id))).collect()
        };
        if !missing.is_empty() {
            let mut pixels = Batch::gather(digits, &missing)?.pixels;
            let rows = missing.len().next_multiple_of(ROWS);
            pixels.resize(rows * PIXELS, 0.0);
            let values = show(learner, layer, pixels).await?;
            let mut kept = self.rows.borrow_mut();
            let kept = kept.entry(layer.to_owned()).or_default();
            for (id, row) in missing.iter().zip(values.chunks_exact(values.len() / rows)) {
                kept.insert(*id, row.to_vec());
            }
        }
        let kept = self.rows.borrow();
        Ok(ids.iter().filter_map(|id| kept.get(layer)?.get(id)).flatten().copied().collect())
    }
    /// One of the model's parameters, read from it once.
    pub(super) async fn parameter(&self, learner: &Learner, name: &str) -> Result<Vec<f32>> {
        if let Some(values) = self.parameters.borrow().get(name) {
            return Ok(values.clone());
        }
        let values = learner.parameter(name).await?;
        self.parameters.borrow_mut().insert(name.to_owned(), values.clone());
        Ok(values)
    }
}
