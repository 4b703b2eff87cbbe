//! A finished run in words and small tables.

use crate::error::{Error, Named, Result};
use crate::experiment::{Comparison, EpochMeasures, ModelRecord, Record};

/// Below this probability two models are told apart.
pub const SIGNIFICANT: f64 = 0.05;
/// Below this one a seed is counted as won.
pub const SURE: f64 = 0.01;
/// Smaller ones are not told.
const LEAST_TOLD: f64 = 0.001;

/// Errors of every model with their interval, then every pair of models.
pub fn summary(record: &Record) -> String {
    let width = record.models.keys().map(|name| name.len()).max().unwrap_or_default();
    let models = record.models.iter().map(|(name, model)| {
        format!("{name:width$}  {}  ({} weights)\n", standing(record, name, model), model.parameters)
    });
    let pairs = record.comparisons.iter().map(|pair| verdict(record, pair) + "\n");
    let digest = format!("digest {}\n", record.digest);
    models.chain(pairs).chain([digest]).collect()
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
/// [`Error::Unknown`] with the record's models when this one is none of them, was not measured or was stopped by an error.
pub fn last<'a>(record: &'a Record, name: &str) -> Result<&'a EpochMeasures> {
    let model = record.models.get(name).filter(|model| model.error().is_none());
    model.and_then(|model| model.epochs.last()).ok_or_else(|| unknown(record, Named::MeasuredModel, name))
}

/// True for a model of the record that an error stopped, whose numbers count for nothing.
pub fn is_stopped(record: &Record, name: &str) -> bool {
    record.models.get(name).is_some_and(|model| model.error().is_some())
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

/// A probability without false precision, and never on the other side of a number that verdicts go by.
pub fn probability(p: f64) -> String {
    match p {
        p if p < LEAST_TOLD => format!("p < {LEAST_TOLD}"),
        p => format!("p = {}", on_its_side(p, |more| format!("{p:.*}", 3 + more))),
    }
}

/// The same, however small, as a table has it: a digit, a point, as few digits as tell it, and a power of ten.
pub fn scientific(p: f64) -> String {
    on_its_side(p, |more| format!("{p:.*e}", 1 + more))
}

/// A probability with as few more digits as keep it on its side of every number that verdicts go by.
fn on_its_side(p: f64, with_more_digits: impl Fn(usize) -> String) -> String {
    let is_below = |p: f64| [SIGNIFICANT, SURE, LEAST_TOLD].map(|least| p < least);
    let is_told = |text: &String| text.parse().is_ok_and(|told| is_below(told) == is_below(p));
    // Seventeen digits tell any two numbers apart.
    (0..17).map(&with_more_digits).find(is_told).unwrap_or_else(|| with_more_digits(17))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn probabilities_keep_three_places() {
        assert_eq!(probability(0.000_99), "p < 0.001");
        assert_eq!(probability(0.001), "p = 0.001");
        assert_eq!(probability(1.0), "p = 1.000");
    }

    #[test]
    fn p_0_0499_is_not_told_as_0_050_beside_better() {
        assert_eq!(probability(0.0499), "p = 0.0499");
        assert_eq!(probability(0.049_999_6), "p = 0.0499996");
        assert_eq!(probability(0.05), "p = 0.050");
        assert_eq!(probability(0.009_98), "p = 0.00998");
        assert_eq!(probability(0.000_999_99), "p < 0.001");
        assert_eq!([scientific(0.009_98), scientific(1.23e-17)], ["9.98e-3", "1.2e-17"]);
    }

    proptest! {
        #[test]
        fn a_probability_is_told_on_its_side_of_every_verdict(near in 0_usize..3, apart in -1e-3_f64..1e-3, power in 0_i32..12) {
            let least = [SIGNIFICANT, SURE, LEAST_TOLD][near];
            let p = least + apart * 10_f64.powi(-power);
            for told in [probability(p).replace("p = ", ""), scientific(p)] {
                let Ok(told) = told.parse::<f64>() else {
                    prop_assert!(p < LEAST_TOLD);
                    continue;
                };
                prop_assert_eq!(told < least, p < least, "{} of {}", told, p);
            }
        }
    }
}
