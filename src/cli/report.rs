//! A finished run in words and small tables.

use crate::error::{Error, Named, Result};
use crate::experiment::{Comparison, EpochMeasures, Record};

/// Differences are called so below this probability.
const SIGNIFICANT: f64 = 0.05;

/// Errors of every model with their interval, then every pair of models.
pub fn summary(record: &Record) -> String {
    let width = record.models.keys().map(|name| name.len()).max().unwrap_or_default();
    let models = record.models.iter().map(|(name, model)| {
        let parameters = model.parameters;
        match model.epochs.last() {
            Some(last) => format!("{name:width$}  {}  ({parameters} weights)\n", errors(last)),
            None => format!("{name:width$}  not measured  ({parameters} weights)\n"),
        }
    });
    let pairs = record.comparisons.iter().map(|pair| verdict(record, pair) + "\n");
    let digest = format!("digest {}\n", record.digest);
    models.chain(pairs).chain([digest]).collect()
}

fn errors(measures: &EpochMeasures) -> String {
    let [low, high] = measures.errors_interval;
    let (errors, evaluated) = (measures.errors, measures.evaluated);
    format!("{errors:>5} errors of {evaluated}, 95 % interval {low:.0} to {high:.0}")
}

/// One comparison as a sentence.
fn verdict(record: &Record, pair: &Comparison) -> String {
    let Comparison { a, b, only_a_wrong, only_b_wrong, p_value } = pair;
    let errors_of = |name: &str| {
        let last = record.models.get(name).and_then(|model| model.epochs.last());
        last.map_or_else(String::new, |last| last.errors.to_string())
    };
    let judged = match only_a_wrong.cmp(only_b_wrong) {
        _ if *p_value >= SIGNIFICANT => "no clear difference",
        std::cmp::Ordering::Less => "better",
        _ => "worse",
    };
    let (errors_a, errors_b, p) = (errors_of(a), errors_of(b), probability(*p_value));
    format!("The {a} makes {errors_a} errors, the {b} {errors_b}: {judged}, {p} (McNemar).")
}

/// Measures of a model after its last epoch.
///
/// # Errors
/// [`Error::Unknown`] with the record's models when this one is none of them, or was not measured.
pub fn last<'a>(record: &'a Record, name: &str) -> Result<&'a EpochMeasures> {
    let model = record.models.get(name);
    model.and_then(|model| model.epochs.last()).ok_or_else(|| unknown(record, Named::MeasuredModel, name))
}

/// The comparison of two models, `a` first whichever way round the record has them.
///
/// # Errors
/// [`Error::Unknown`] with the record's models when it does not compare these.
pub fn comparison(record: &Record, a: &str, b: &str) -> Result<Comparison> {
    let is = |pair: &Comparison, a: &str, b: &str| pair.a == a && pair.b == b;
    let found = record.comparisons.iter().find(|pair| is(pair, a, b) || is(pair, b, a));
    let pair = found.ok_or_else(|| unknown(record, Named::Comparison, &format!("{a} against {b}")))?;
    let (a, b) = (a.to_owned(), b.to_owned());
    let (only_a_wrong, only_b_wrong) = match pair.a == a {
        true => (pair.only_a_wrong, pair.only_b_wrong),
        false => (pair.only_b_wrong, pair.only_a_wrong),
    };
    Ok(Comparison { a, b, only_a_wrong, only_b_wrong, p_value: pair.p_value })
}

fn unknown(record: &Record, kind: Named, name: &str) -> Error {
    Error::unknown(kind, name, record.models.keys().map(String::as_str))
}

/// A line of a Markdown table.
pub fn table_line(cells: &[String]) -> String {
    format!("| {} |", cells.join(" | "))
}

/// A probability without false precision.
pub fn probability(p: f64) -> String {
    match p {
        p if p < 0.001 => "p < 0.001".to_owned(),
        p => format!("p = {p:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::probability;

    #[test]
    fn probabilities_keep_three_places() {
        assert_eq!(probability(0.000_99), "p < 0.001");
        assert_eq!(probability(0.001), "p = 0.001");
        assert_eq!(probability(1.0), "p = 1.000");
    }
}
