//! Whether one model does better than another: one test, one threshold, one wording, the page's.

use std::fmt::{Display, Formatter};

use crate::experiment::{Comparison, Record};

/// Below this probability two models are told apart.
const SIGNIFICANT: f64 = 0.05;
/// Smaller ones are not told.
const LEAST_TOLD: f64 = 0.001;

/// Two models on the same digits, in one run.
pub struct Pair {
    pub only_a_wrong: u32,
    pub only_b_wrong: u32,
    pub p: f64,
}

impl Pair {
    /// `a` against `b`, whichever way round the record has them; none where an error stopped one of the two.
    pub fn of(record: &Record, a: &str, b: &str) -> Option<Self> {
        record.comparisons.iter().find_map(|pair| {
            let (only_a_wrong, only_b_wrong) = match (&*pair.a, &*pair.b) {
                names if names == (a, b) => (pair.only_a_wrong, pair.only_b_wrong),
                names if names == (b, a) => (pair.only_b_wrong, pair.only_a_wrong),
                _ => return None,
            };
            Some(Self { only_a_wrong, only_b_wrong, p: pair.p_value })
        })
    }
}

/// The first model of a comparison against its second.
impl From<&Comparison> for Pair {
    fn from(compared: &Comparison) -> Self {
        let Comparison { only_a_wrong, only_b_wrong, p_value, .. } = compared;
        Self { only_a_wrong: *only_a_wrong, only_b_wrong: *only_b_wrong, p: *p_value }
    }
}

/// One model against another over the seeds that compare them.
pub struct Verdict {
    /// Errors of the first less those of the second, over all seeds.
    difference: i64,
    /// The median over the seeds of McNemar's exact test; none where no seed compares the two.
    p: Option<f64>,
}

impl Verdict {
    pub fn of(records: &[Record], a: &str, b: &str) -> Self {
        Self::over(records.iter().filter_map(|record| Pair::of(record, a, b)).collect())
    }

    pub fn over(mut pairs: Vec<Pair>) -> Self {
        pairs.sort_by(|one, other| one.p.total_cmp(&other.p));
        let difference =
            pairs.iter().map(|pair| i64::from(pair.only_a_wrong) - i64::from(pair.only_b_wrong)).sum();
        // Of an even number of seeds the larger of the middle two: the cautious one.
        Self { difference, p: pairs.get(pairs.len() / 2).map(|pair| pair.p) }
    }

    /// The verdict in a sentence that names both.
    pub fn sentence(
        &self,
        (a, errors_a): (&str, impl Display),
        (b, errors_b): (&str, impl Display),
    ) -> String {
        let errors = format!("the {a} makes {errors_a} errors, the {b} {errors_b}");
        let Some(p) = self.p else { return format!("Not compared: {errors}.") };
        let sure = probability(p);
        match self.difference {
            _ if p >= SIGNIFICANT => {
                format!("Inconclusive: {errors}; too close to tell apart, {sure} (McNemar).")
            }
            ..0 => format!("Better: {errors}, {sure} (McNemar)."),
            _ => format!("Worse: {errors}, {sure} (McNemar)."),
        }
    }
}

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let Some(p) = self.p else { return write!(f, "not compared") };
        let word = match self.difference {
            _ if p >= SIGNIFICANT => "too close to tell apart",
            ..0 => "better",
            _ => "worse",
        };
        write!(f, "{word}, {}", probability(p))
    }
}

/// How verdicts come about.
pub fn how() -> String {
    format!(
        "p is that of McNemar's exact test, two-sided; of several seeds the median. Below {SIGNIFICANT} the first model is\n\
         better or worse than the second, else the two are too close to tell apart. A seed in which an error stopped a model\n\
         counts for none of its numbers, and is told."
    )
}

/// A probability without false precision, and never on the other side of a number that verdicts go by.
fn probability(p: f64) -> String {
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
    let is_below = |p: f64| [SIGNIFICANT, LEAST_TOLD].map(|least| p < least);
    let is_told = |text: &String| text.parse().is_ok_and(|told| is_below(told) == is_below(p));
    // Seventeen digits tell any two numbers apart.
    (0..17).map(&with_more_digits).find(is_told).unwrap_or_else(|| with_more_digits(17))
}

#[cfg(test)]
pub mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::experiment::{Environment, recipe};

    /// A record of nothing but a control against a student, if they were compared.
    pub fn record(seed: u32, compared: Option<(u32, u32, f64)>) -> Record {
        let text = String::new;
        let compared = compared.map(|(only_a_wrong, only_b_wrong, p_value)| {
            let (a, b) = ("control".to_owned(), "student".to_owned());
            Comparison { a, b, only_a_wrong, only_b_wrong, p_value }
        });
        Record {
            version: 1,
            config: crate::experiment::Config { seed, ..recipe("first-race").unwrap().config },
            environment: Environment {
                engine: text(),
                adapter: text(),
                crate_version: text(),
                target: text(),
            },
            models: Default::default(),
            costs: Default::default(),
            comparisons: compared.into_iter().collect(),
            test_opened: 0,
            test: None,
            digest: text(),
        }
    }

    #[test]
    fn verdicts_follow_the_median_probability_and_the_paired_difference() {
        let told = |compared: &[Option<(u32, u32, f64)>]| {
            let records: Vec<Record> = compared.iter().map(|pair| record(1, *pair)).collect();
            Verdict::of(&records, "student", "control").to_string()
        };
        let [sure, less, unsure] = [0.0001, 0.01, 0.2].map(|p| Some((9, 2, p)));
        assert_eq!(told(&[sure, unsure, less]), "better, p = 0.010");
        assert_eq!(told(&[sure, unsure, unsure]), "too close to tell apart, p = 0.200");
        assert_eq!(told(&[sure]), "better, p < 0.001");
        assert_eq!(told(&[sure, unsure]), "too close to tell apart, p = 0.200", "the cautious one of two");
        assert_eq!(told(&[sure, Some((1, 30, 0.01)), less]), "worse, p = 0.010");
        // A seed in which an error stopped one of the two compares nothing.
        assert_eq!(told(&[less, None, None]), "better, p = 0.010");
        assert_eq!(told(&[None]), "not compared");
        let turned = Verdict::of(&[record(1, less)], "control", "student");
        assert_eq!(
            turned.sentence(("control", 9), ("student", 2)),
            "Worse: the control makes 9 errors, the student 2, p = 0.010 (McNemar)."
        );
    }

    #[test]
    fn the_page_has_the_same_threshold_and_words() {
        let page = |path: &str| {
            std::fs::read_to_string(format!("{}/www/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
        };
        assert!(page("model/significance.ts").contains(&format!("SIGNIFICANT = {SIGNIFICANT};")));
        let pairs = [(1, 9, 0.01), (9, 1, 0.01), (1, 9, 0.1)];
        for ((only_b_wrong, only_a_wrong, p), name) in pairs.into_iter().zip(["worse", "better", "same"]) {
            let verdict = Verdict::over(vec![Pair { only_a_wrong, only_b_wrong, p }]);
            let told = verdict.sentence(("{a}", "{errorsA}"), ("{b}", "{errorsB}"));
            let told = told.replace(&format!("{} (McNemar)", probability(p)), "{p}");
            let messages: serde_json::Value =
                serde_json::from_str(&page("i18n/messages/en/race.json")).unwrap();
            let sentence = messages[format!("verdict_{name}")].as_str().unwrap();
            assert_eq!(sentence, told);
        }
    }

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
        assert_eq!(probability(0.000_999_99), "p < 0.001");
        assert_eq!([scientific(0.049_96), scientific(1.23e-17)], ["4.996e-2", "1.2e-17"]);
    }

    proptest! {
        #[test]
        fn a_probability_is_told_on_its_side_of_every_verdict(near in 0_usize..2, apart in -1e-3_f64..1e-3, power in 0_i32..12) {
            let least = [SIGNIFICANT, LEAST_TOLD][near];
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
