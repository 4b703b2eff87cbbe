//! Opening the test digits: they stay shut while a race is watched and settings are chosen by it, and are looked at once, at
//! the end; how often is told with what they showed.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::Session;
use super::measuring::{MEASURED_AT_ONCE, check_loaded, labels_of};
use super::node::Node;
use super::progress::Phase;
use super::record::comparisons;
use crate::data::{Batch, Digits, SampleId};
use crate::error::Result;
use crate::experiment::config::EvaluateOn;
use crate::experiment::event::Event;
use crate::experiment::record::{TestMeasures, TestResults};
use crate::experiment::samples::{check_own_test, test_ids};
use crate::measure;
use crate::train::LOGITS;

/// How often the test digits have been opened, and what they showed the last time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Openings {
    pub times: u32,
    pub results: Option<TestResults>,
}

impl Session {
    /// Measures every trained model on the test digits; `before`: how often they had been opened in this visit. Asked
    /// again when no other model is trained, it tells the same and counts as nothing.
    ///
    /// # Errors
    /// [`crate::error::Error::DigitsMissing`] when not all test digits are loaded;
    /// [`crate::error::Error::Engine`] when the engine fails.
    pub async fn open_test(&mut self, digits: &Digits, before: u32) -> Result<Event> {
        let trained: Vec<&Node> =
            self.nodes.iter().filter(|node| node.progress.phase == Phase::Trained).collect();
        let known = self.opened.results.as_ref().filter(|known| known.models.len() == trained.len());
        if let Some(known) = known {
            return Ok(self.test_opened_event(known.clone()));
        }
        check_own_test(&self.config, digits)?;
        let ids = test_ids(&self.config, digits);
        check_loaded(&ids, digits)?;
        let labels = labels_of(&ids, digits);
        let mut models = IndexMap::new();
        for node in &trained {
            models.insert(node.plan.name.clone(), node.test_measures(&ids, &labels, digits).await?);
        }
        let wrong: Vec<(&Node, &[u32])> = trained
            .iter()
            .zip(models.values())
            .map(|(node, measures)| (*node, &measures.wrong[..]))
            .collect();
        let results = TestResults { comparisons: comparisons(&wrong), models };
        self.opened = Openings { times: self.opened.times.max(before) + 1, results: Some(results.clone()) };
        Ok(self.test_opened_event(results))
    }

    /// How often errors on the test digits have been seen.
    pub(super) fn test_opened(&self) -> u32 {
        let epochs = || self.nodes.iter().map(|node| node.progress.epochs.len() as u32).max();
        let watched = (self.config.data.evaluate_on == EvaluateOn::Test).then(epochs).flatten();
        self.opened.times + watched.unwrap_or_default()
    }

    fn test_opened_event(&self, results: TestResults) -> Event {
        Event::TestOpened { session: self.id, opened: self.opened.times, results }
    }
}

impl Node {
    async fn test_measures(&self, ids: &[SampleId], labels: &[u8], digits: &Digits) -> Result<TestMeasures> {
        let mut logits = Vec::with_capacity(ids.len() * self.plan.outputs());
        for ids in ids.chunks(MEASURED_AT_ONCE) {
            logits.extend(match self.plan.pretrained {
                true => self.outputs.of(&self.learner, LOGITS, digits, ids).await?,
                false => self.learner.logits(Batch::gather(digits, ids)?.pixels).await?,
            });
        }
        let first = &self.plan.heads[0];
        let classes = first.task.classes_of(labels);
        let wrong = measure::wrong(&self.plan.predictions_of(0, &logits), &classes);
        let (errors, evaluated) = (wrong.len() as u32, ids.len() as u32);
        Ok(TestMeasures {
            errors,
            evaluated,
            errors_interval: measure::wilson_interval(errors, evaluated),
            calibration_error: measure::expected_calibration_error(
                &self.plan.logits_of(0, &logits),
                first.outputs.len(),
                &classes,
            ),
            wrong,
        })
    }
}
