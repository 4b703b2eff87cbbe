//! A session's whole state as bytes, to go on elsewhere: after a worker has crashed, or another day.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Session;
use super::opening::Openings;
use super::progress::{Answering, Progress};
use crate::archive::{Archive, Opened};
use crate::data::Digits;
use crate::error::{CheckpointFault, Error, Result};
use crate::experiment::checkpoint_store::CheckpointStore;
use crate::experiment::config::Config;
use crate::experiment::record::digest;
use crate::train::{Engine, EngineKind, LearnerState};

const NAME: &str = "session snapshot";

/// Under this name lies what is the session's own; under each model's name, what is the model's. Another form gets
/// another number: a snapshot of an older page has no entry of this name, and is refused for that.
const SESSION: &str = "session 4";

#[derive(Serialize, Deserialize)]
struct Whole {
    config_digest: String,
    is_done: bool,
    /// Times are an engine's own.
    engine: EngineKind,
    opened: Openings,
}

#[derive(Serialize, Deserialize)]
struct Part<'a> {
    progress: Cow<'a, Progress>,
    /// None for a pretrained model, whose weights are at hand already.
    learner: Option<LearnerState>,
}

fn refuse(fault: CheckpointFault) -> Error {
    Error::Checkpoint { name: NAME.to_owned(), fault }
}

impl Session {
    /// The whole state as bytes.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails.
    pub async fn snapshot(&self) -> Result<Vec<u8>> {
        let mut archive = Archive::new(NAME);
        let config_digest = digest(&self.config);
        let whole = Whole {
            config_digest,
            is_done: self.is_done,
            engine: self.engine.kind,
            opened: self.opened.clone(),
        };
        archive.add(SESSION, &whole)?;
        for node in &self.nodes {
            let learner = if node.plan.pretrained { None } else { Some(node.learner.state().await?) };
            let progress = Cow::Borrowed(&node.progress);
            archive.add(&node.plan.name, &Part { progress, learner })?;
        }
        archive.into_bytes()
    }

    /// A session that goes on from a snapshot of the same config.
    ///
    /// # Errors
    /// As [`Session::new`], and [`Error::Checkpoint`] when the bytes are no snapshot of this config.
    pub fn resume(
        id: u32,
        config: Config,
        bytes: &[u8],
        digits: &Digits,
        engine: &Engine,
        store: &CheckpointStore,
    ) -> Result<Self> {
        let mut session = Self::new(id, config, digits, engine, store)?;
        // What was measured before is compared with the labels.
        session.know_labels(digits)?;
        let archive = Opened::new(NAME, bytes)?;
        let whole: Whole = archive.read(SESSION, CheckpointFault::NoHeader)?;
        if whole.config_digest != digest(&session.config) {
            return Err(refuse(CheckpointFault::OtherConfig));
        }
        session.is_done = whole.is_done;
        session.opened = whole.opened;
        for node in &mut session.nodes {
            let model = node.plan.name.clone();
            let part: Part = archive.read(&model, CheckpointFault::ModelMissing { model: model.clone() })?;
            let fits = match &part.learner {
                Some(state) => !node.plan.pretrained && node.learner.fits(state),
                None => node.plan.pretrained,
            };
            if !fits {
                return Err(refuse(CheckpointFault::State { model }));
            }
            if let Some(state) = part.learner {
                node.learner.restore(state);
            }
            node.progress = part.progress.into_owned();
            if whole.engine != session.engine.kind {
                node.progress.answering = Answering::Untimed;
            }
        }
        session.release();
        Ok(session)
    }
}

#[cfg(test)]
mod tests {
    use pollster::block_on;

    use super::*;
    use crate::compress::Stored;
    use crate::data::{IdxImages, IdxLabels, PIXELS, Split};
    use crate::experiment::record::{EpochMeasures, TrainingMeasures};
    use crate::experiment::session::progress::{MeasuredEpoch, Phase};
    use crate::train::{LossSums, TermSum};

    const CONFIG: &str = r#"{"version": 1, "data": {"evaluated": 2}, "transfer_set": {"digits": 2},
        "models": {"control": {"net": {"mlp": {"hidden": [2]}}}}}"#;

    fn digits() -> Digits {
        let mut digits = Digits::empty();
        for split in [Split::Train, Split::Test] {
            let images = IdxImages::from_pixels("test", vec![7; 2 * PIXELS]).unwrap();
            digits.insert(split, 0, images, IdxLabels::from_labels("test", vec![0, 1]).unwrap()).unwrap();
        }
        digits
    }

    fn resumed(bytes: &[u8]) -> Result<Session> {
        let config = Config::from_json(CONFIG).unwrap();
        Session::resume(2, config, bytes, &digits(), &Engine::cpu(), &CheckpointStore::default())
    }

    #[test]
    fn every_field_of_the_progress_survives_bit_for_bit() {
        let config = Config::from_json(CONFIG).unwrap();
        let mut session =
            Session::new(1, config, &digits(), &Engine::cpu(), &CheckpointStore::default()).unwrap();
        let lost = f32::from_bits(0x7fc0_0123);
        let term = |sum: f32| TermSum { sum, digits: 2.0, finite_steps: 1.0 };
        let epochs = [0_u8, 9].map(|prediction| MeasuredEpoch {
            measures: EpochMeasures {
                epoch: 1,
                step: 1,
                errors: 1,
                evaluated: 2,
                errors_interval: [1.0 / 3.0, 94.5],
                loss: None,
                agreement: Some(1),
                source_agreement: Some(2),
                teachers_errors: Some(2),
                other_tasks: Vec::new(),
                calibration_error: Some(0.1 + 0.2),
                validation_errors: Some(3),
                evaluated_loss: Some(1.0 / 3.0),
                training: Some(TrainingMeasures { errors: 1, evaluated: 2, loss: Some(0.1 + 0.2) }),
                elapsed_ms: 0.7,
            },
            predictions: vec![prediction, u8::MAX],
        });
        // No `..`: a field that comes to it is set here to something that is not its beginning.
        let progress = Progress {
            phase: Phase::Stopped,
            step: 17,
            epochs: epochs.to_vec(),
            evaluation: vec![1.0e-40, -0.0, f32::INFINITY],
            weights_digest: "0123".to_owned(),
            stopped: Some("loss_not_finite".to_owned()),
            elapsed_ms: 1.0 / 7.0,
            answering: Answering::Timed(Some(1.0 / 9.0)),
            stored: Some(Stored { file_bytes: 1, nonzero: 2, effective_multiply_adds: 3 }),
            reported: LossSums {
                hard: term(1.5),
                soft: term(f32::NEG_INFINITY),
                total: term(0.25),
                imitated: vec![term(3.0)],
            },
        };
        session.nodes[0].progress = progress.clone();
        let again = resumed(&block_on(session.snapshot()).unwrap()).unwrap();
        assert_eq!(again.nodes[0].progress, progress);
        // What equals nothing, itself included.
        session.nodes[0].progress.evaluation = vec![lost];
        session.nodes[0].progress.reported.hard.sum = lost;
        let again = &resumed(&block_on(session.snapshot()).unwrap()).unwrap().nodes[0].progress;
        let bits = [again.evaluation[0], again.reported.hard.sum].map(f32::to_bits);
        assert_eq!(bits, [lost.to_bits(); 2]);
    }

    /// As the first form had it: tensors by model, and all else in one text.
    #[test]
    fn a_snapshot_of_the_first_form_is_refused_for_what_it_lacks() {
        let config = digest(&Config::from_json(CONFIG).unwrap());
        let control = r#"{"phase": "training", "step": 1, "optimiser_steps": 1, "measures": [], "weights_digest": "",
            "stopped": null, "elapsed_ms": 1.0}"#;
        let header = format!(
            r#"{{"config_digest": "{config}", "is_done": false, "models": {{"control": {control}}}}}"#
        );
        let metadata = std::collections::HashMap::from([("session".to_owned(), header)]);
        let weights = [0; 4 * (784 * 2 + 2 + 2 * 10 + 10)];
        let view = safetensors::tensor::TensorView::new(
            safetensors::Dtype::F32,
            vec![weights.len() / 4],
            weights.as_slice(),
        );
        let file = safetensors::serialize([("control/weights", view.unwrap())], Some(metadata)).unwrap();
        let error = resumed(&file).err().unwrap();
        assert_eq!(error, refuse(CheckpointFault::NoHeader));
    }
}
