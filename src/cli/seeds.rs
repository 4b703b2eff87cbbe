//! `distillery seeds`: a recipe over several seeds, as a table.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::drive::drive;
use super::input::{self, DataFolder, EngineName};
use super::progress::Progress;
use super::report::{SURE, comparison, is_stopped, last, probability, scientific, table_line};
use super::{print, write};
use crate::data::Digits;
use crate::error::{Error, Named, Result};
use crate::experiment::{EvaluateOn, Record, recipe};
use crate::train::Engine;

#[derive(Args)]
#[command(after_help = "Example: distillery seeds --recipe first-race --seeds 5 --out docs/first-race.md")]
pub struct Seeds {
    /// The recipe to run
    #[arg(long, value_name = "NAME")]
    recipe: String,
    /// How many seeds, from 1 on
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    seeds: u32,
    /// The two models to compare
    #[arg(long, num_args = 2, value_names = ["A", "B"], default_values = ["student", "control"])]
    compare: Vec<String>,
    /// Write the table to this file, as Markdown
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    data: DataFolder,
}

/// One seed's race.
struct Race {
    seed: u32,
    record: Record,
    seconds: f64,
}

impl Seeds {
    pub fn execute(self) -> Result<()> {
        let config = recipe(&self.recipe)?.config;
        let models = &config.models;
        if let Some(unknown) = self.compare.iter().find(|name| !models.contains_key(*name)) {
            return Err(Error::unknown(Named::Model, unknown, models.keys().map(String::as_str)));
        }
        let (digits, engine) = (self.data.read([&config])?, EngineName::Cpu.create()?);
        let races: Vec<Race> =
            (1..=self.seeds).map(|seed| self.race(seed, &digits, &engine)).collect::<Result<_>>()?;
        let document = self.document(&races)?;
        write(&self.out, document.as_bytes())?;
        print(&document)
    }

    /// One race from nothing: its time includes the teacher's outputs, as on a first visit.
    fn race(&self, seed: u32, digits: &Digits, engine: &Engine) -> Result<Race> {
        eprintln!("seed {seed} of {}", self.seeds);
        let mut config = recipe(&self.recipe)?.config;
        config.seed = seed;
        config.data.evaluate_on = EvaluateOn::Test;
        let store = input::checkpoint_store()?;
        let mut progress = Progress::new(false);
        let start = Instant::now();
        let session = drive(config, digits, engine, &store, |advance| {
            progress.show(advance);
            Ok(())
        })?;
        let seconds = start.elapsed().as_secs_f64();
        Ok(Race { seed, record: session.record(), seconds })
    }

    fn document(&self, races: &[Race]) -> Result<String> {
        let Some(Race { record: first, .. }) = races.first() else { return Ok(String::new()) };
        let (a, b) = (&self.compare[0], &self.compare[1]);
        let names: Vec<&str> = first.models.keys().map(String::as_str).collect();
        let heads = ["seed"].into_iter().chain(names.iter().copied());
        let only = [format!("only {a} wrong"), format!("only {b} wrong")];
        let heads: Vec<String> =
            heads.map(str::to_owned).chain(only).chain(["p".to_owned(), "seconds".to_owned()]).collect();
        let rows: String = races.iter().map(|race| self.row(race)).collect::<Result<_>>()?;
        let environment = &first.environment;
        Ok(format!(
            "# {title}: {seeds} seeds\n\n\
             Errors on the test digits, of {evaluated}, after the last epoch. The two columns of discordant\n\
             digits and p belong to McNemar's exact test, two-sided, of {a} against {b}.\n\n\
             {head}\n{rule}\n{rows}\n{summary}\n\n\
             Made by `{command}`\n\
             with distillery {version} on {target}, engine {engine}; \
             seconds are those of one whole race, reading the digits not counted.\n",
            title = recipe(&self.recipe)?.title.en,
            seeds = races.len(),
            evaluated =
                first.models.values().find_map(|model| model.epochs.last()).map_or(0, |last| last.evaluated),
            head = table_line(&heads),
            rule = table_line(&vec!["---:".to_owned(); heads.len()]),
            summary = self.summary(races)?,
            command = self.command(),
            version = environment.crate_version,
            target = environment.target,
            engine = environment.engine,
        ))
    }

    fn row(&self, race: &Race) -> Result<String> {
        let errors = race.record.models.keys().map(|name| match is_stopped(&race.record, name) {
            true => Ok("stopped".to_owned()),
            false => Ok(last(&race.record, name)?.errors.to_string()),
        });
        let errors: Vec<String> = errors.collect::<Result<_>>()?;
        let pair = match self.comparison(&race.record)? {
            Some((only_a, only_b, p)) => [only_a.to_string(), only_b.to_string(), scientific(p)],
            None => [(); 3].map(|()| "–".to_owned()),
        };
        let cells = [race.seed.to_string()].into_iter().chain(errors).chain(pair);
        Ok(table_line(&cells.chain([format!("{:.1}", race.seconds)]).collect::<Vec<_>>()) + "\n")
    }

    /// Digits that only the first of the compared models gets wrong, only the second, and p; none where an error stopped one
    /// of the two.
    fn comparison(&self, record: &Record) -> Result<Option<(u32, u32, f64)>> {
        if self.compare.iter().any(|name| is_stopped(record, name)) {
            return Ok(None);
        }
        let pair = comparison(record, &self.compare[0], &self.compare[1])?;
        Ok(Some((pair.only_a_wrong, pair.only_b_wrong, pair.p_value)))
    }

    fn summary(&self, races: &[Race]) -> Result<String> {
        let (a, b) = (&self.compare[0], &self.compare[1]);
        let mut compared = Vec::new();
        for race in races {
            compared.extend(self.comparison(&race.record)?.map(|pair| (race, pair)));
        }
        let slowest = races.iter().map(|race| race.seconds).fold(0.0, f64::max);
        let slowest = format!("Slowest race: {slowest:.1} s.");
        let (seeds, left_out) = (compared.len(), races.len() - compared.len());
        let stopped = match left_out {
            0 => String::new(),
            _ => format!(
                " Left out: {left_out} of {} seeds, in which an error stopped one of the two.",
                races.len()
            ),
        };
        if compared.is_empty() {
            return Ok(format!("No seed compares the {a} with the {b}.{stopped} {slowest}"));
        }
        let is_won = |(_, (only_a, only_b, p)): &&(&Race, (u32, u32, f64))| only_a < only_b && *p < SURE;
        let won = compared.iter().filter(is_won).count();
        let largest = compared.iter().map(|(_, (.., p))| *p).fold(0.0, f64::max);
        let mean = |name: &str| -> Result<f64> {
            let errors = compared.iter().map(|(race, _)| Ok(f64::from(last(&race.record, name)?.errors)));
            Ok(errors.sum::<Result<f64>>()? / seeds as f64)
        };
        let (mean_a, mean_b) = (mean(a)?, mean(b)?);
        Ok(format!(
            "The {a} beats the {b} with p < {SURE} in {won} of {seeds} seeds; on average it makes {mean_a:.1} \
             errors, the {b} {mean_b:.1}. Least sure seed: {}.{stopped} {slowest}",
            probability(largest)
        ))
    }

    /// The command that makes the table again.
    fn command(&self) -> String {
        let (recipe, seeds, out) = (&self.recipe, self.seeds, self.out.display());
        let compare = match &self.compare[..] {
            [a, b] if a != "student" || b != "control" => format!(" --compare {a} {b}"),
            _ => String::new(),
        };
        format!("distillery seeds --recipe {recipe} --seeds {seeds}{compare} --out {out}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Comparison, Environment, EpochMeasures, ModelRecord};

    fn model(errors: u32) -> ModelRecord {
        let last = EpochMeasures {
            epoch: 1,
            step: 1,
            errors,
            evaluated: 10_000,
            errors_interval: [0.0; 2],
            loss: None,
            agreement: None,
            teachers_errors: None,
            other_tasks: vec![],
            calibration_error: Some(0.0),
            validation_errors: None,
            elapsed_ms: 0.0,
        };
        ModelRecord {
            parameters: 1,
            weights_digest: String::new(),
            epochs: vec![last],
            wrong: vec![],
            stopped: None,
        }
    }

    fn race(seed: u32, student: u32, control: u32, p_value: f64) -> Race {
        let text = |text: &str| text.to_owned();
        let (a, b) = (text("control"), text("student"));
        let record = Record {
            version: 1,
            config: recipe("first-race").unwrap().config,
            environment: Environment {
                engine: text("cpu"),
                adapter: text(""),
                crate_version: text("0.1.0"),
                target: text("x86_64"),
            },
            models: [(b.clone(), model(student)), (a.clone(), model(control))].into_iter().collect(),
            comparisons: vec![Comparison { a, b, only_a_wrong: 120, only_b_wrong: 20, p_value }],
            digest: String::new(),
        };
        Race { seed, record, seconds: 12.34 }
    }

    #[test]
    fn the_table_has_a_row_a_seed_and_counts_wins() {
        let seeds = Seeds::parsed(["", "--recipe", "first-race", "--seeds", "2", "--out", "x.md"]);
        let document = seeds.document(&[race(1, 300, 400, 1e-17), race(2, 310, 390, 0.02)]).unwrap();
        assert!(
            document.contains("| seed | student | control | only student wrong | only control wrong | p |")
        );
        assert!(document.contains("| 1 | 300 | 400 | 20 | 120 | 1.0e-17 | 12.3 |"), "{document}");
        assert!(
            document.contains("p < 0.01 in 1 of 2 seeds; on average it makes 305.0 errors"),
            "{document}"
        );
        assert!(document.contains("Least sure seed: p = 0.020."), "{document}");
        assert!(
            document.contains("`distillery seeds --recipe first-race --seeds 2 --out x.md`"),
            "{document}"
        );
    }

    #[test]
    fn a_control_that_diverged_is_stopped_in_the_table_and_compared_with_nothing() {
        let seeds = Seeds::parsed(["", "--recipe", "first-race", "--seeds", "2", "--out", "x.md"]);
        let mut diverged = race(2, 310, 9_020, 1e-30);
        diverged.record.models["control"].stopped = Some("loss_not_finite".to_owned());
        diverged.record.comparisons.clear();
        let document = seeds.document(&[race(1, 300, 400, 1e-17), diverged]).unwrap();
        assert!(document.contains("| 2 | 310 | stopped | – | – | – | 12.3 |"), "{document}");
        assert!(document.contains("in 1 of 1 seeds; on average it makes 300.0 errors"), "{document}");
        assert!(document.contains("Left out: 1 of 2 seeds"), "{document}");
    }

    impl Seeds {
        fn parsed<const N: usize>(arguments: [&str; N]) -> Self {
            use clap::FromArgMatches;
            let command = Seeds::augment_args(clap::Command::new("seeds"));
            Seeds::from_arg_matches(&command.get_matches_from(arguments)).unwrap()
        }
    }
}
