//! Driving a session to its end.

use crate::data::Digits;
use crate::error::{EngineFault, Error, Result, StoppedModel};
use crate::experiment::{Advance, Budget, CheckpointStore, Config, Event, Record, Session};
use crate::train::{Engine, EngineKind};

/// How long the session trains before it tells what happened: often enough for a smooth progress bar.
const BUDGET: Budget = Budget { ms: 100.0, steps: 0 };

/// Runs an experiment to its end and gives the finished session; `on_advance` hears everything.
pub fn drive(
    config: Config,
    digits: &Digits,
    engine: &Engine,
    store: &CheckpointStore,
    mut on_advance: impl FnMut(&Advance) -> Result<()>,
) -> Result<Session> {
    let mut session = Session::new(1, config, digits, engine, store)?;
    // Here nothing is on its way: what is missing is missed before the first step.
    session.know_labels(digits)?;
    loop {
        let advance = pollster::block_on(session.advance(digits, BUDGET))?;
        on_advance(&advance)?;
        if advance.finished {
            return Ok(session);
        }
    }
}

/// The models of a record that an error stopped, as one failure. An early stop by patience is none.
pub fn check_all_trained(engine: EngineKind, record: &Record) -> Result<()> {
    let models: Vec<StoppedModel> = record
        .models
        .iter()
        .filter_map(|(name, model)| Some((name, model.error()?)))
        .map(|(name, stopped)| StoppedModel { name: name.clone(), stopped: stopped.to_owned() })
        .collect();
    match models.is_empty() {
        true => Ok(()),
        false => Err(Error::Engine { engine: engine.name(), fault: EngineFault::ModelsStopped { models } }),
    }
}

/// The warnings among some events, as lines to read.
pub fn warnings(events: &[Event]) -> impl Iterator<Item = String> + '_ {
    events.iter().filter_map(|event| match event {
        Event::Warning { model: Some(model), warning, .. } => Some(format!("{model}: {warning}")),
        Event::Warning { model: None, warning, .. } => Some(warning.to_string()),
        _ => None,
    })
}
