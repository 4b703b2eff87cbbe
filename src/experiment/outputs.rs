//! Outputs of trained models that have been worked out already.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use half::f16;

use crate::data::{Batch, Digits, PIXELS, SampleId, Split};
use crate::error::Result;
use crate::train::{LOGITS, Learner};

/// What a model shows is worked out for a multiple of so many digits at once, blank ones added. A product of few rows
/// rounds otherwise than one of many, and what a digit gets must not depend on those it came with: a session that
/// goes on from a snapshot asks about others at once than one that was never broken off.
pub(super) const ROWS: usize = 16;

/// What a trained model showed, by layer and by the id of the digit, and its parameters. An id travels with every
/// image, so a soft target cannot meet another digit than its own.
#[derive(Clone, Default)]
pub(super) struct Outputs {
    /// Of a model whose logits come with it, rounded to [`f16`]: those worked out here are rounded too, since a run must
    /// not depend on which came first.
    are_rounded: bool,
    rows: Rc<RefCell<HashMap<String, Rows>>>,
    parameters: Rc<RefCell<HashMap<String, Vec<f32>>>>,
}

type Rows = HashMap<SampleId, Vec<f32>>;

impl Outputs {
    /// Those of a model whose logits come with it.
    pub(super) fn rounded() -> Self {
        Self { are_rounded: true, ..Self::default() }
    }

    /// Keeps logits that were worked out elsewhere, a row for each digit.
    pub(super) fn keep<'a>(&self, ids: &[SampleId], rows: impl Iterator<Item = &'a [f32]>) {
        let mut kept = self.rows.borrow_mut();
        kept.entry(LOGITS.to_owned()).or_default().extend(ids.iter().copied().zip(rows.map(<[f32]>::to_vec)));
    }

    /// Forgets what was shown of pictures whose place others have taken.
    pub(super) fn forget(&self, split: Split) {
        self.rows.borrow_mut().values_mut().for_each(|rows| rows.retain(|id, _| id.split != split));
    }

    /// Those digits for which nothing is kept.
    pub(super) fn missing(&self, layer: &str, ids: &[SampleId]) -> Vec<SampleId> {
        self.missing_of(&[layer], ids)
    }

    /// Those digits for which one of these layers is not kept.
    fn missing_of(&self, layers: &[&str], ids: &[SampleId]) -> Vec<SampleId> {
        let rows = self.rows.borrow();
        let lacks = |id: &SampleId| {
            layers.iter().any(|layer| !rows.get(*layer).is_some_and(|kept| kept.contains_key(id)))
        };
        ids.iter().copied().filter(lacks).collect()
    }

    /// For how many digits something is kept.
    pub(super) fn kept(&self, layer: &str) -> usize {
        self.rows.borrow().get(layer).map_or(0, HashMap::len)
    }

    /// Works out what is not kept yet of several layers of unchanged digits, in one pass; answers of how many digits.
    pub(super) async fn ask(
        &self,
        learner: &Learner,
        layers: &[&str],
        digits: &Digits,
        ids: &[SampleId],
    ) -> Result<usize> {
        let lacks = |layer: &&str| !self.missing(layer, ids).is_empty();
        let layers: Vec<&str> = layers.iter().copied().filter(lacks).collect();
        let missing = self.missing_of(&layers, ids);
        if missing.is_empty() {
            return Ok(0);
        }
        let mut pixels = Batch::gather(digits, &missing)?.pixels;
        let rows = missing.len().next_multiple_of(ROWS);
        pixels.resize(rows * PIXELS, 0.0);
        let shown = learner.show(pixels, &layers).await?;
        let mut kept = self.rows.borrow_mut();
        for (layer, mut values) in layers.into_iter().zip(shown) {
            if self.are_rounded && layer == LOGITS {
                values.iter_mut().for_each(|value| *value = f16::from_f32(*value).to_f32());
            }
            let kept = kept.entry(layer.to_owned()).or_default();
            for (id, row) in missing.iter().zip(values.chunks_exact(values.len() / rows)) {
                // What came with the model stays as it came.
                kept.entry(*id).or_insert_with(|| row.to_vec());
            }
        }
        Ok(missing.len())
    }

    /// What is kept of a layer, a row for each of these digits that has one.
    pub(super) fn rows(&self, layer: &str, ids: &[SampleId]) -> Vec<f32> {
        let kept = self.rows.borrow();
        let rows: Vec<&[f32]> = ids.iter().filter_map(|id| Some(&kept.get(layer)?.get(id)?[..])).collect();
        rows.concat()
    }

    /// A layer `n × width`, or the logits, of unchanged digits: from what is kept, and the rest worked out and kept.
    pub(super) async fn of(
        &self,
        learner: &Learner,
        layer: &str,
        digits: &Digits,
        ids: &[SampleId],
    ) -> Result<Vec<f32>> {
        self.ask(learner, &[layer], digits, ids).await?;
        Ok(self.rows(layer, ids))
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
