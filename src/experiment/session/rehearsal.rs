//! A rehearsal: every kernel that an experiment needs runs once before the experiment begins, so that a GPU's shaders
//! are compiled while the visitor is told so, and none while networks train.

use std::collections::BTreeSet;

use super::Session;
use super::measuring::MEASURED_AT_ONCE;
use crate::data::{Digits, PIXELS};
use crate::error::Result;
use crate::experiment::checkpoint_store::CheckpointStore;
use crate::experiment::config::Config;
use crate::experiment::outputs::ROWS;
use crate::train::Engine;

/// Has every model take its first step and the last one of its first epoch, whose batch may be shorter; asks every model
/// about as many digits at once as it will be asked about; and forgets it all. How many there are matters, because burn
/// compiles other kernels for other shapes; what weights there are does not, so that a model which will wait for its
/// teachers, or for the model it is made of, need not wait here.
///
/// # Errors
/// As [`Session::new`] and [`Session::advance`].
pub async fn rehearse(
    config: Config,
    digits: &Digits,
    engine: &Engine,
    store: &CheckpointStore,
) -> Result<()> {
    let mut session = Session::new(0, config, digits, engine, store)?;
    let mut batches = BTreeSet::new();
    for index in 0..session.nodes.len() {
        let node = &session.nodes[index];
        let last = node.plan.steps_per_epoch.saturating_sub(1);
        batches.extend([0, last].map(|step| node.batches.batch(step as usize).len()));
        if !node.plan.model.is_trained() {
            continue;
        }
        for step in BTreeSet::from([0, last]) {
            session.nodes[index].progress.step = step;
            session.step(index, digits, true).await?;
        }
    }
    let all = session.evaluated.len();
    let with_held_out = all + session.validation.len();
    let measured = [all, with_held_out].into_iter().flat_map(|all| [all, all % MEASURED_AT_ONCE]);
    let measured: BTreeSet<usize> = measured.map(|rows| rows.min(MEASURED_AT_ONCE)).collect();
    for node in &session.nodes {
        let shown = measured.union(&batches).map(|rows| rows.next_multiple_of(ROWS)).collect();
        let rows: BTreeSet<usize> =
            if node.plan.pretrained { shown } else { measured.union(&shown).copied().collect() };
        for rows in rows.into_iter().filter(|rows| *rows > 0) {
            node.learner.logits(vec![0.0; rows * PIXELS]).await?;
        }
    }
    Ok(())
}
