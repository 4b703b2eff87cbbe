//! A session's whole state as bytes, to go on elsewhere: after a worker has crashed, or another day.
//! The form is safetensors; what is no tensor is JSON in its metadata.

use std::collections::HashMap;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use super::config::Config;
use super::node::{Node, Phase};
use super::record::EpochMeasures;
use super::teachers::Library;
use super::{Session, record};
use crate::data::Digits;
use crate::error::{CheckpointFault, Error, Result};
use crate::json;
use crate::train::{Engine, LearnerState, LossSums};

/// What a model's state holds beside its tensors.
#[derive(Serialize, Deserialize)]
struct Progress {
    phase: Phase,
    step: u32,
    optimiser_steps: u32,
    measures: Vec<EpochMeasures>,
    weights_digest: String,
    stopped: Option<String>,
    elapsed_ms: f64,
}

#[derive(Serialize, Deserialize)]
struct Header {
    config_digest: String,
    is_done: bool,
    models: HashMap<String, Progress>,
}

const HEADER: &str = "session";

const NAME: &str = "session snapshot";

fn refuse(fault: CheckpointFault) -> Error {
    Error::Checkpoint { name: NAME.to_owned(), fault }
}

fn malformed(error: impl std::fmt::Display) -> Error {
    refuse(CheckpointFault::Format { detail: error.to_string() })
}

impl Session {
    /// The whole state as bytes.
    ///
    /// # Errors
    /// [`Error::Engine`] when the engine fails.
    pub async fn snapshot(&self) -> Result<Vec<u8>> {
        let mut models = HashMap::new();
        let mut tensors: Vec<(String, Dtype, Vec<u8>)> = Vec::new();
        for node in &self.nodes {
            let state = node.learner.state().await?;
            let mut put = |part: &str, values: &[f32]| {
                let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
                tensors.push((format!("{}/{part}", node.name), Dtype::F32, bytes));
            };
            // A pretrained model's weights are in the library already.
            if !node.pretrained {
                put("weights", &state.weights);
            }
            put("loss_sums", &state.loss_sums.to_values());
            put("evaluation", &node.evaluation);
            state.first.iter().for_each(|values| put("first", values));
            state.second.iter().for_each(|values| put("second", values));
            tensors.push((format!("{}/predictions", node.name), Dtype::U8, node.predictions.concat()));
            models.insert(node.name.clone(), Progress::of(node, state.optimiser_steps));
        }
        let header =
            Header { config_digest: record::config_digest(&self.config), is_done: self.is_done, models };
        let header = serde_json::to_string(&header).map_err(malformed)?;
        let views = tensors
            .iter()
            .map(|(name, dtype, bytes)| {
                let length = bytes.len() / if *dtype == Dtype::F32 { 4 } else { 1 };
                Ok((name.as_str(), TensorView::new(*dtype, vec![length], bytes)?))
            })
            .collect::<std::result::Result<Vec<_>, safetensors::SafeTensorError>>()
            .map_err(malformed)?;
        let metadata = HashMap::from([(HEADER.to_owned(), header)]);
        safetensors::serialize(views, Some(metadata)).map_err(malformed)
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
        library: &Library,
    ) -> Result<Self> {
        let mut session = Self::new(id, config, digits, engine, library)?;
        // What was measured before is compared with the labels.
        session.know_labels(digits)?;
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(malformed)?;
        let header = metadata.metadata().as_ref().and_then(|map| map.get(HEADER));
        let header = header.ok_or_else(|| refuse(CheckpointFault::NoHeader))?;
        let mut header: Header = json::read(NAME, header)?;
        if header.config_digest != record::config_digest(&session.config) {
            return Err(refuse(CheckpointFault::OtherConfig));
        }
        let file = SafeTensors::deserialize(bytes).map_err(malformed)?;
        let evaluated = session.evaluated.len();
        for node in &mut session.nodes {
            let progress = header
                .models
                .remove(&node.name)
                .ok_or_else(|| refuse(CheckpointFault::ModelMissing { model: node.name.clone() }))?;
            restore(node, progress, &file, evaluated)?;
        }
        session.is_done = header.is_done;
        session.release();
        Ok(session)
    }
}

impl Progress {
    fn of(node: &Node, optimiser_steps: u32) -> Self {
        Self {
            phase: node.phase,
            step: node.step,
            optimiser_steps,
            measures: node.measures.clone(),
            weights_digest: node.weights_digest.clone(),
            stopped: node.stopped.clone(),
            elapsed_ms: node.elapsed_ms,
        }
    }
}

fn restore(node: &mut Node, progress: Progress, file: &SafeTensors, evaluated: usize) -> Result<()> {
    let find = |part: &str| file.tensor(&format!("{}/{part}", node.name)).ok();
    let floats = |part: &str| {
        find(part).map(|tensor| {
            let bytes = tensor.data().chunks_exact(4);
            bytes.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect::<Vec<f32>>()
        })
    };
    let missing =
        |part: &str| refuse(CheckpointFault::TensorMissing { tensor: format!("{}/{part}", node.name) });
    node.evaluation = floats("evaluation").ok_or_else(|| missing("evaluation"))?;
    let predictions = find("predictions").ok_or_else(|| missing("predictions"))?;
    node.predictions = predictions.data().chunks_exact(evaluated.max(1)).map(<[u8]>::to_vec).collect();
    if !node.pretrained {
        let weights = floats("weights").ok_or_else(|| missing("weights"))?;
        let loss_sums = floats("loss_sums").ok_or_else(|| missing("loss_sums"))?;
        let unfit = || refuse(CheckpointFault::State { model: node.name.clone() });
        let loss_sums = LossSums::from_values(&loss_sums).ok_or_else(unfit)?;
        let state = LearnerState {
            weights,
            loss_sums,
            optimiser_steps: progress.optimiser_steps,
            first: floats("first"),
            second: floats("second"),
        };
        if !node.learner.fits(&state) {
            return Err(unfit());
        }
        // Events tell means since the last report: since the snapshot, from here on.
        node.reported = state.loss_sums.clone();
        node.learner.restore(state);
    }
    node.phase = progress.phase;
    node.step = progress.step;
    node.measures = progress.measures;
    node.weights_digest = progress.weights_digest;
    node.stopped = progress.stopped;
    node.elapsed_ms = progress.elapsed_ms;
    Ok(())
}
