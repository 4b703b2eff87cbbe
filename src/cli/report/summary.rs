//! One finished run in words.

use super::{Pair, Verdict, costs};
use crate::experiment::{EpochMeasures, ModelRecord, Record};

/// Errors of every model with their interval, then every pair of models, and what each model takes.
pub fn summary(record: &Record) -> String {
    let width = record.models.keys().map(|name| name.len()).max().unwrap_or_default();
    let models = record.models.iter().map(|(name, model)| {
        format!("{name:width$}  {}\n", standing(record, name, model))
    });
    let errors = |name: &str| record.models[name].epochs.last().map_or(0, |last| last.errors);
    let pairs = record.comparisons.iter().map(|pair| {
        let (a, b) = (&*pair.a, &*pair.b);
        let verdict = Verdict::over(Pair::of(record, a, b).into_iter().collect());
        verdict.sentence((a, errors(a)), (b, errors(b))) + "\n"
    });
    let digest = format!("digest {}\n", record.digest);
    models.chain(pairs).chain([costs(&record.costs), digest]).collect()
}

/// How a model came out, or why it did not.
fn standing(record: &Record, name: &str, model: &ModelRecord) -> String {
    let config = &record.config;
    let training = config.models.get(name).and_then(|model| model.training.as_ref());
    let epochs = training.unwrap_or(&config.training).epochs;
    match (model.error(), model.epochs.last()) {
        (Some(code), Some(last)) => {
            format!("stopped by an error after epoch {} of {epochs} ({code}), compared with none", last.epoch)
        }
        (Some(code), None) => format!("stopped by an error before its first epoch ({code})"),
        (None, Some(last)) if model.stopped.is_some() => {
            format!("{}, stopped early after epoch {} of {epochs}", errors(last), last.epoch)
        }
        (None, Some(last)) => errors(last),
        (None, None) => "not measured".to_owned(),
    }
}

fn errors(measures: &EpochMeasures) -> String {
    let [low, high] = measures.errors_interval;
    let (errors, evaluated) = (measures.errors, measures.evaluated);
    format!("{errors:>5} errors of {evaluated}, 95 % interval {low:.0} to {high:.0}")
}
