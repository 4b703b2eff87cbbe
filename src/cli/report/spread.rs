//! A number over several seeds.

use super::last;
use crate::experiment::Record;

/// Mean and sample standard deviation over the seeds that have a value.
pub struct Spread {
    pub mean: f64,
    deviation: f64,
    values: usize,
    seeds: usize,
}

impl Spread {
    /// Over the records that give a number.
    pub fn of(records: &[Record], value: impl Fn(&Record) -> Option<f64>) -> Self {
        Self::over(&records.iter().map(value).collect::<Vec<_>>())
    }

    /// Over seeds, of which some may have no value.
    pub fn over(seeds: &[Option<f64>]) -> Self {
        let values: Vec<f64> = seeds.iter().flatten().copied().collect();
        let n = values.len().max(1) as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let deviation = (squares / (n - 1.0).max(1.0)).sqrt();
        Self { mean, deviation, values: values.len(), seeds: seeds.len() }
    }

    /// The errors of a model after its last epoch.
    pub fn errors(records: &[Record], name: &str) -> Self {
        Self::of(records, |record| Some(last(record, name)?.errors.into()))
    }

    /// Two standard deviations below and above the mean; none of fewer than two seeds, which have no deviation.
    pub fn two_deviations(&self) -> Option<[f64; 2]> {
        let reach = 2.0 * self.deviation;
        (self.values > 1).then_some([self.mean - reach, self.mean + reach])
    }

    pub fn is_empty(&self) -> bool {
        self.values == 0
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { mean, deviation, values, seeds } = self;
        let precision = f.precision().unwrap_or(0);
        let sign = if f.sign_plus() && *mean >= 0.0 { "+" } else { "" };
        match values {
            0 => write!(f, "stopped")?,
            // One seed has no deviation.
            1 => write!(f, "{sign}{mean:.precision$}")?,
            _ => write!(f, "{sign}{mean:.precision$} ± {deviation:.precision$}")?,
        }
        if (1..*seeds).contains(values) { write!(f, " ({values} of {seeds} seeds)") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::verdict::tests::record;
    use super::*;

    #[test]
    fn spreads_are_means_and_sample_deviations() {
        let spread = |values: &[Option<f64>]| {
            let records: Vec<Record> = (0..values.len()).map(|seed| record(seed as u32, None)).collect();
            Spread::of(&records, |record| values[record.config.seed as usize]).to_string()
        };
        // Deviations −2, 0, 2: squares sum to 8, over n − 1 = 2.
        assert_eq!(spread(&[Some(1.0), Some(3.0), Some(5.0)]), "3 ± 2");
        assert_eq!(spread(&[Some(7.0)]), "7");
        assert_eq!(spread(&[Some(7.0), None]), "7 (1 of 2 seeds)");
        assert_eq!(spread(&[None, None]), "stopped");
        let shifts = Spread::over(&[Some(1.25), Some(1.75)]);
        assert_eq!(format!("{shifts:+.1}, {:+.1}", Spread::over(&[Some(-4.9)])), "+1.5 ± 0.4, -4.9");
        let two_deviations = |n: u32| {
            let records: Vec<Record> = (0..n).map(|seed| record(seed, None)).collect();
            Spread::of(&records, |record| Some(f64::from(2 * record.config.seed + 1))).two_deviations()
        };
        assert_eq!([two_deviations(3), two_deviations(1)], [Some([-1.0, 7.0]), None]);
    }
}
