//! Driving a session to its end.

use crate::data::Digits;
use crate::error::{Error, Result};
use crate::experiment::{Advance, Budget, Config, Event, Library, Session};
use crate::train::Engine;

/// How long the session trains before it tells what happened: often enough for a smooth progress bar.
const BUDGET: Budget = Budget { ms: 100.0, steps: 0 };

/// Runs an experiment to its end and gives the finished session; `on_advance` hears everything.
pub fn drive(
    config: Config,
    digits: &Digits,
    engine: &Engine,
    library: &Library,
    mut on_advance: impl FnMut(&Advance) -> Result<()>,
) -> Result<Session> {
    let mut session = Session::new(1, config, digits, engine, library)?;
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

/// The models that an error stopped, as one failure. An early stop by patience is none.
pub fn check_all_trained(session: &Session) -> Result<()> {
    let record = session.record();
    let stopped: Vec<String> = record
        .models
        .iter()
        .filter_map(|(name, model)| Some((name, model.error()?)))
        .map(|(name, code)| format!("{name} was stopped ({code})"))
        .collect();
    match session.environment().engine.as_str() {
        _ if stopped.is_empty() => Ok(()),
        "webgpu" => Err(Error::Engine { engine: "webgpu", reason: stopped.join(", ") }),
        _ => Err(Error::Engine { engine: "cpu", reason: stopped.join(", ") }),
    }
}

/// The warnings among some events, as lines to read.
pub fn warnings(events: &[Event]) -> impl Iterator<Item = String> + '_ {
    events.iter().filter_map(|event| match event {
        Event::Warning { model: Some(model), message, .. } => Some(format!("{model}: {message}")),
        Event::Warning { model: None, message, .. } => Some(message.clone()),
        _ => None,
    })
}
