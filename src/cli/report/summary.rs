//! One finished run in words.

use super::{Pair, Verdict, costs};
use crate::experiment::{EpochMeasures, EvaluateOn, ModelRecord, Record, TestResults};

/// Errors of every model with their interval, then every pair of models, and what each model takes. Where the test digits
/// were opened, their errors stand beneath those of the validation digits, and pairs are compared on them.
pub fn summary(record: &Record) -> String {
    let width = record.models.keys().map(|name| name.len()).max().unwrap_or_default();
    let digits = match record.config.data.evaluate_on {
        EvaluateOn::Test => "Errors on the test digits, seen after every epoch:\n",
        EvaluateOn::Validation => "Errors on the validation digits:\n",
    };
    let models = record
        .models
        .iter()
        .map(|(name, model)| format!("{name:width$}  {}\n", standing(record, name, model)));
    let watched: String = [digits.to_owned()].into_iter().chain(models).collect();
    let opened = record.test.as_ref().map(|test| tested(test, record.test_opened, width)).unwrap_or_default();
    let pairs = record.test.as_ref().map_or(&record.comparisons, |test| &test.comparisons);
    let errors = |name: &str| match &record.test {
        Some(test) => test.models[name].errors,
        None => record.models[name].epochs.last().map_or(0, |last| last.errors),
    };
    let pairs = pairs.iter().map(|pair| {
        let (a, b) = (&*pair.a, &*pair.b);
        let verdict = Verdict::over(vec![Pair::from(pair)]);
        verdict.sentence((a, errors(a)), (b, errors(b))) + "\n"
    });
    let pairs: String = pairs.collect();
    format!("{watched}{opened}{pairs}{}digest {}\n", costs(&record.costs), record.digest)
}

/// What opening the test digits has shown of every model.
fn tested(test: &TestResults, opened: u32, width: usize) -> String {
    let times = if opened == 1 { "once".to_owned() } else { format!("{opened} times") };
    let models = test.models.iter().map(|(name, measures)| {
        format!("{name:width$}  {}\n", told(measures.errors, measures.evaluated, measures.errors_interval))
    });
    let head = format!("The test digits were opened {times}; errors on them:\n");
    [head].into_iter().chain(models).collect()
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
    told(measures.errors, measures.evaluated, measures.errors_interval)
}

fn told(errors: u32, evaluated: u32, [low, high]: [f64; 2]) -> String {
    format!("{errors:>5} errors of {evaluated}, 95 % interval {low:.0} to {high:.0}")
}
