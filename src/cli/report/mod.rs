//! Tables of a sweep's lines, with one verdict for all of them.

mod cost;
mod spread;
mod summary;
mod verdict;

use std::path::PathBuf;

use clap::Args;

use super::input::DataFolder;
use super::lines::{Line, Lines, Measure, check_lines};
use super::{print, write};
use crate::error::{Error, Named, Result};
use crate::experiment::{Cell, Config, EpochMeasures, EvaluateOn, Grid, Record};

pub use cost::costs;
pub use spread::Spread;
pub use summary::summary;
pub use verdict::{Pair, Verdict, how, scientific};

/// What every command takes that makes a table.
#[derive(Args)]
pub struct Table {
    /// Append one line of JSON a finished cell to this file, as a sweep does; cells already in it are not run again
    #[arg(long, value_name = "FILE", default_value = "build/lines.jsonl")]
    lines: PathBuf,
    /// Cells at once; with several, each takes longer by the clock
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: u16,
    /// Write the table to this file, as Markdown
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    data: DataFolder,
}

impl Table {
    /// Runs the cells that have no line yet, and makes the document of all.
    ///
    /// # Errors
    /// As [`Lines::of`]; when an error stopped a model, after the document is written.
    pub fn make(
        &self,
        cells: &[Cell],
        measure: Option<Measure>,
        document: impl FnOnce(&[Record], &[Line]) -> Result<String>,
    ) -> Result<()> {
        let lines = Lines { path: &self.lines, jobs: Some(self.jobs), measure };
        let lines = lines.of(cells, |configs| self.data.read(configs.iter().copied()))?;
        let records: Vec<Record> = lines.iter().map(|line| line.record.clone()).collect();
        let document = document(&records, &lines)? + &self.made_by(&records[0]);
        write(&self.out, document.as_bytes())?;
        print(&document)?;
        check_lines(&lines)
    }

    fn made_by(&self, record: &Record) -> String {
        let arguments: Vec<_> = std::env::args_os().skip(1).collect();
        let arguments: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
        format!(
            "\nMade by `distillery {}`\nwith distillery {} on {}, engine {}, from the lines it leaves in `{}`.\n",
            arguments.join(" "),
            record.environment.crate_version,
            record.environment.target,
            record.environment.engine,
            self.lines.display(),
        )
    }
}

/// An experiment under several seeds, measured on the test digits; these models must be among its.
pub fn tested(mut config: Config, seeds: u32, models: &[impl AsRef<str>]) -> Result<Vec<Cell>> {
    let known = || config.models.keys().map(String::as_str);
    if let Some(unknown) = models.iter().find(|name| !config.models.contains_key(name.as_ref())) {
        return Err(Error::unknown(Named::Model, unknown.as_ref(), known()));
    }
    config.data.evaluate_on = EvaluateOn::Test;
    Grid { config, fields: Default::default(), seeds }.cells()
}

/// Measures of a model after its last epoch; none where an error stopped it.
pub fn last<'a>(record: &'a Record, name: &str) -> Option<&'a EpochMeasures> {
    record.models.get(name).filter(|model| model.error().is_none())?.epochs.last()
}

/// How long a model trained and was measured.
pub fn seconds(record: &Record, name: &str) -> f64 {
    record.models[name].epochs.iter().map(|epoch| epoch.elapsed_ms / 1_000.0).sum()
}

/// A table in Markdown; a head that ends in a colon is over numbers, to be read from the right.
pub fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let names: Vec<String> = heads.iter().map(|head| head.trim_end_matches(':').to_owned()).collect();
    let rules: Vec<String> =
        heads.iter().map(|head| if head.ends_with(':') { "---:" } else { "---" }.to_owned()).collect();
    [names, rules].into_iter().chain(rows).map(|cells| line(&cells)).collect()
}
