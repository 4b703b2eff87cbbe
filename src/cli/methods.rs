//! `distillery methods`: every recipe over several seeds, against the control and a student with its own regularisation,
//! as records and a table made of them.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::drive::drive;
use super::input::{self, DataFolder, EngineName};
use super::report::{SIGNIFICANT, comparison, is_stopped, last, probability};
use super::{failed, pretty, print, write};
use crate::data::Digits;
use crate::error::{Error, Named, Result};
use crate::experiment::{Config, EvaluateOn, Recipe, Record, recipes};
use crate::json as reading;
use crate::train::Engine;

/// The models that every recipe in the table has.
const STUDENT: &str = "student";
const CONTROL: &str = "control";
/// The control with its own regularisation, which this command adds.
const REGULARISED: &str = "regularised";

#[derive(Args)]
#[command(after_help = "Example: distillery methods --seeds 5 --records build/methods --out docs/methods.md")]
pub struct Methods {
    /// Recipes to run; all that have a student and a control when left out
    #[arg(long, value_name = "NAME", num_args = 1..)]
    recipes: Vec<String>,
    /// How many seeds, from 1 on
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    seeds: u32,
    /// Keep the records in this folder; a run whose record is there already is not repeated
    #[arg(long, value_name = "FOLDER", default_value = "build/methods")]
    records: PathBuf,
    /// Write the table to this file, as Markdown
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    data: DataFolder,
}

impl Methods {
    pub fn execute(self) -> Result<()> {
        let chosen = self.chosen()?;
        let digits = self.data.read(chosen.iter().map(|recipe| &recipe.config))?;
        let engine = EngineName::Cpu.create()?;
        let mut rows = Vec::new();
        for recipe in &chosen {
            let records: Vec<Record> = (1..=self.seeds)
                .map(|seed| self.record(recipe, seed, &digits, &engine))
                .collect::<Result<_>>()?;
            rows.push(Row::of(recipe, &records)?);
        }
        let document = self.document(&rows);
        write(&self.out, document.as_bytes())?;
        print(&document)
    }

    fn chosen(&self) -> Result<Vec<Recipe>> {
        let all: Vec<Recipe> = recipes()
            .into_iter()
            .filter(|recipe| [STUDENT, CONTROL].iter().all(|name| recipe.config.models.contains_key(*name)))
            .collect();
        for name in &self.recipes {
            if !all.iter().any(|recipe| recipe.name == *name) {
                let known = all.iter().map(|recipe| recipe.name.as_str());
                return Err(Error::unknown(Named::Recipe, name, known));
            }
        }
        let is_chosen = |recipe: &Recipe| self.recipes.is_empty() || self.recipes.contains(&recipe.name);
        Ok(all.into_iter().filter(is_chosen).collect())
    }

    /// The record of one run: the kept one if it is of the same config, else a new one, which is kept.
    fn record(&self, recipe: &Recipe, seed: u32, digits: &Digits, engine: &Engine) -> Result<Record> {
        let mut config = regularised(&recipe.config)?;
        config.seed = seed;
        config.data.evaluate_on = EvaluateOn::Test;
        let path = self.records.join(format!("{}-{seed}.json", recipe.name));
        if let Some(kept) = kept(&path)?.filter(|record| record.config == config) {
            return Ok(kept);
        }
        eprintln!("{} with seed {seed} of {}", recipe.name, self.seeds);
        let session = drive(config, digits, engine, &input::checkpoint_store()?, |_| Ok(()))?;
        let record = session.record();
        write(&path, pretty(&record)?.as_bytes())?;
        Ok(record)
    }

    fn document(&self, rows: &[Row]) -> String {
        let lines: String = rows.iter().map(Row::line).collect();
        format!(
            "# Methods, measured\n\n\
             Errors on the 10,000 test digits after the last epoch: mean ± standard deviation over {seeds} seeds. The control\n\
             is the same network from the same start on the same batches, taught by labels alone; `regularised` is the control\n\
             with means of its own: dropout 0.2, labels smoothed by 0.1, digits shifted by up to 1 px. One setting of these for\n\
             all methods, and the methods' own settings are those of their recipes: nothing was tuned on the test digits.\n\n\
             p is the median over the seeds of McNemar's exact test, two-sided. *better* and *worse*: p below {SIGNIFICANT} and the\n\
             means say so; *not distinguishable* otherwise. Agreement: test digits on which the student's first choice is\n\
             its teachers'. A seed in which an error stopped a model counts for none of its numbers, and is told. Seconds:\n\
             training and measuring the student alone, natively on the CPU, its teachers not counted; by the clock, so they rise\n\
             with whatever else the machine does. `distillery recipes NAME` prints a setting.\n\n\
             | recipe | student | control | regularised | against the control | against regularised | agreement | seconds |\n\
             | --- | ---: | ---: | ---: | --- | --- | ---: | ---: |\n\
             {lines}\n\
             Made by `distillery methods --seeds {seeds} --out {out}` from the records it leaves in `{records}`.\n",
            seeds = self.seeds,
            out = self.out.display(),
            records = self.records.display(),
        )
    }
}

fn kept(path: &Path) -> Result<Option<Record>> {
    if !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(path).map_err(failed(path))?;
    // A record of an older format is as good as none: the run is repeated.
    Ok(reading::read(&path.display().to_string(), &text).ok())
}

/// The config with the control once more, regularised by its own means.
fn regularised(config: &Config) -> Result<Config> {
    let net = serde_json::to_value(&config.nets()[STUDENT]).unwrap_or_default();
    let net = with_dropout(net, 0.2);
    let control = &config.models[CONTROL];
    let set = control.transfer_set.clone().unwrap_or_else(|| config.transfer_set.clone());
    let mut set = json!(set);
    set["jitter_px"] = json!(1);
    let mut whole = json!(config);
    let objective = json!({"label_smoothing": 0.1});
    let mut model = json!({"net": net, "tasks": control.tasks, "objective": objective, "transfer_set": set});
    if let Some(training) = &control.training {
        model["training"] = json!(training);
    }
    whole["models"][REGULARISED] = model;
    Config::from_json(&whole.to_string())
}

/// Every kind of network has a field `dropout`.
fn with_dropout(mut net: Value, rate: f64) -> Value {
    if let Some(spec) = net.as_object_mut().and_then(|net| net.values_mut().next()) {
        spec["dropout"] = json!(rate);
    }
    net
}

/// What the table says of one recipe.
struct Row {
    name: String,
    student: Spread,
    control: Spread,
    regularised: Spread,
    against_control: Verdict,
    against_regularised: Verdict,
    agreement: Option<f64>,
    seconds: f64,
}

impl Row {
    fn of(recipe: &Recipe, records: &[Record]) -> Result<Self> {
        let errors = |name: &str| -> Result<Spread> {
            let trained = records.iter().filter(|record| !is_stopped(record, name));
            let errors = trained.map(|record| Ok(f64::from(last(record, name)?.errors)));
            Ok(Spread::of(&errors.collect::<Result<Vec<_>>>()?, records.len()))
        };
        let (student, control, regularised) = (errors(STUDENT)?, errors(CONTROL)?, errors(REGULARISED)?);
        let agreements: Vec<f64> = records
            .iter()
            .filter_map(|record| {
                let last = last(record, STUDENT).ok()?;
                Some(f64::from(last.agreement?) / f64::from(last.evaluated))
            })
            .collect();
        let seconds: Vec<f64> = records
            .iter()
            .filter(|record| !is_stopped(record, STUDENT))
            .map(|record| record.models[STUDENT].epochs.iter().map(|epoch| epoch.elapsed_ms / 1000.0).sum())
            .collect();
        Ok(Self {
            name: recipe.name.clone(),
            against_control: Verdict::of(records, &student, CONTROL, &control)?,
            against_regularised: Verdict::of(records, &student, REGULARISED, &regularised)?,
            agreement: (!agreements.is_empty()).then(|| Spread::of(&agreements, records.len()).mean),
            seconds: Spread::of(&seconds, records.len()).mean,
            student,
            control,
            regularised,
        })
    }

    fn line(&self) -> String {
        let agreement = self.agreement.map_or("–".to_owned(), |share| format!("{:.1} %", 100.0 * share));
        format!(
            "| `{}` | {} | {} | {} | {} | {} | {agreement} | {:.1} |\n",
            self.name,
            self.student,
            self.control,
            self.regularised,
            self.against_control,
            self.against_regularised,
            self.seconds
        )
    }
}

/// Mean and sample standard deviation over the seeds that have a value.
struct Spread {
    mean: f64,
    deviation: f64,
    values: usize,
    seeds: usize,
}

impl Spread {
    fn of(values: &[f64], seeds: usize) -> Self {
        let n = values.len().max(1) as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self { mean, deviation: (squares / (n - 1.0).max(1.0)).sqrt(), values: values.len(), seeds }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { mean, deviation, values, seeds } = self;
        match values {
            0 => write!(f, "stopped"),
            _ if values < seeds => write!(f, "{mean:.0} ± {deviation:.0} ({values} of {seeds} seeds)"),
            _ => write!(f, "{mean:.0} ± {deviation:.0}"),
        }
    }
}

/// The student against another model, over the seeds in which no error stopped one of the two.
struct Verdict {
    word: &'static str,
    /// None where there is no such seed.
    median_p: Option<f64>,
}

impl Verdict {
    fn of(records: &[Record], student: &Spread, other: &str, theirs: &Spread) -> Result<Self> {
        let are_trained = |record: &&Record| ![STUDENT, other].iter().any(|name| is_stopped(record, name));
        let compared = records.iter().filter(are_trained);
        let p = compared.map(|record| Ok(comparison(record, STUDENT, other)?.p_value));
        let mut p: Vec<f64> = p.collect::<Result<_>>()?;
        p.sort_by(f64::total_cmp);
        // Of an even number of seeds the larger of the middle two: the cautious one.
        let median_p = p.get(p.len() / 2).copied();
        let word = match median_p {
            None => "not compared",
            Some(p) if p >= SIGNIFICANT => "not distinguishable",
            Some(_) if student.mean < theirs.mean => "better",
            Some(_) => "worse",
        };
        Ok(Self { word, median_p })
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.median_p {
            Some(p) => write!(f, "*{}*, {}", self.word, probability(p)),
            None => write!(f, "*{}*", self.word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::recipe;

    #[test]
    fn every_recipe_can_run_with_a_regularised_control() {
        for recipe in recipes() {
            let config = regularised(&recipe.config).unwrap();
            assert_eq!(config.problems(), vec![], "{}", recipe.name);
            let net = serde_json::to_value(&config.nets()[REGULARISED]).unwrap();
            let spec = net.as_object().unwrap().values().next().unwrap();
            assert_eq!(spec["dropout"], 0.2, "{}", recipe.name);
        }
    }

    #[test]
    fn spreads_are_means_and_sample_deviations() {
        // Deviations −2, 0, 2: squares sum to 8, over n − 1 = 2.
        assert_eq!(Spread::of(&[1.0, 3.0, 5.0], 3).to_string(), "3 ± 2");
        assert_eq!(Spread::of(&[7.0], 1).to_string(), "7 ± 0");
        assert_eq!(Spread::of(&[7.0], 2).to_string(), "7 ± 0 (1 of 2 seeds)");
        assert_eq!(Spread::of(&[], 2).to_string(), "stopped");
    }

    #[test]
    fn verdicts_follow_the_median_probability_and_the_means() {
        use crate::experiment::Comparison;
        let record = |p_value: f64| {
            let mut record = Record {
                version: 1,
                config: recipe("first-race").unwrap().config,
                environment: crate::experiment::Environment {
                    engine: String::new(),
                    adapter: String::new(),
                    crate_version: String::new(),
                    target: String::new(),
                },
                models: Default::default(),
                comparisons: vec![],
                digest: String::new(),
            };
            let (a, b) = (CONTROL.to_owned(), STUDENT.to_owned());
            record.comparisons.push(Comparison { a, b, only_a_wrong: 1, only_b_wrong: 2, p_value });
            record
        };
        let records: Vec<Record> = [0.001, 0.2, 0.01].map(record).into();
        let spread = |mean| Spread { mean, deviation: 1.0, values: 3, seeds: 3 };
        let word = |records: &[Record], ours, theirs| {
            Verdict::of(records, &spread(ours), CONTROL, &spread(theirs)).unwrap().word
        };
        assert_eq!(word(&records, 1.0, 2.0), "better");
        assert_eq!(word(&records, 2.0, 1.0), "worse");
        // A seed in which an error stopped the control compares nothing.
        let mut diverged = record(0.9);
        diverged.comparisons.clear();
        diverged.models.insert(
            CONTROL.to_owned(),
            crate::experiment::ModelRecord {
                parameters: 1,
                weights_digest: String::new(),
                epochs: vec![],
                wrong: vec![],
                stopped: Some("loss_not_finite".to_owned()),
            },
        );
        let [sure, stopped] = [record(0.01), diverged];
        assert_eq!(word(&[sure, stopped.clone(), stopped.clone()], 1.0, 2.0), "better");
        let nothing = Verdict::of(&[stopped], &spread(1.0), CONTROL, &spread(2.0)).unwrap();
        assert_eq!(nothing.to_string(), "*not compared*");
        let unsure: Vec<Record> = [0.001, 0.2, 0.3].map(record).into();
        assert_eq!(word(&unsure, 1.0, 2.0), "not distinguishable");
        assert!(Verdict::of(&records, &spread(1.0), REGULARISED, &spread(2.0)).is_err());
    }
}
