//! `distillery sweep`: a grid of configs and seeds, several at once, one JSON line a cell.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use super::input::{self, DataFolder, OwnPictures};
use super::lines::{Lines, check_lines};
use super::{pretty, write};
use crate::error::{Allowed, Error, Problem, Result};
use crate::experiment::{Cell, EvaluateOn, Grid, SEEDS};
use crate::json;

#[derive(Args)]
#[command(after_help = "Example: distillery sweep --recipe first-race \
--set models.student.objective.temperature=2,4,8 --seeds 3 --out sweep.jsonl")]
pub struct Sweep {
    /// A config's file, or - for a config on standard input
    #[arg(value_name = "CONFIG", required_unless_present = "recipe", conflicts_with = "recipe")]
    config: Option<String>,
    /// A recipe in place of a config's file
    #[arg(long, value_name = "NAME")]
    recipe: Option<String>,
    /// A field of the config and the values it takes, as JSON; repeatable
    #[arg(long = "set", value_name = "PATH=V1,V2,…")]
    sets: Vec<String>,
    /// How many seeds, from 1 on
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(SEEDS.min as i64..=SEEDS.max as i64))]
    seeds: u32,
    /// Append one line of JSON a finished cell to this file; cells already in it are skipped
    #[arg(long, value_name = "FILE", required_unless_present = "list")]
    out: Option<PathBuf>,
    /// Cells at once [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Measure on the test digits, not on the validation digits
    #[arg(long)]
    test: bool,
    /// Write each cell's config into this folder, and run nothing
    #[arg(long, value_name = "DIR", conflicts_with = "out")]
    list: Option<PathBuf>,
    #[command(flatten)]
    data: DataFolder,
    #[command(flatten)]
    own: OwnPictures,
}

impl Sweep {
    pub fn execute(self) -> Result<()> {
        let cells = self.cells()?;
        if let Some(folder) = &self.list {
            return cells.iter().enumerate().try_for_each(|(index, cell)| {
                write(&folder.join(format!("cell-{index:03}.json")), pretty(&cell.config)?.as_bytes())
            });
        }
        let Some(path) = &self.out else { return Ok(()) };
        let lines = Lines { path, jobs: self.jobs, measure: None };
        check_lines(&lines.of(&cells, |configs| {
            let mut digits = self.data.read(configs.iter().copied())?;
            self.own.add_to(&mut digits)?;
            Ok(digits)
        })?)
    }

    /// The grid, every config of it checked before the first one runs.
    fn cells(&self) -> Result<Vec<Cell>> {
        let name = self.recipe.as_ref().or(self.config.as_ref()).cloned().unwrap_or_default();
        let mut config = input::config(&name)?;
        config.data.evaluate_on = if self.test { EvaluateOn::Test } else { EvaluateOn::Validation };
        let fields = self.sets.iter().map(|set| parsed(set)).collect::<Result<_>>()?;
        Grid { config, fields, seeds: self.seeds }.cells()
    }
}

/// A field's path and its values; commas inside brackets belong to a value.
fn parsed(set: &str) -> Result<(String, Vec<Value>)> {
    let refused = |path: &str, value: &str| Error::config(Problem::new(path, &value, Allowed::Assignment));
    let (path, values) = set.split_once('=').ok_or_else(|| refused("--set", set))?;
    let values = json::read(path, &format!("[{values}]")).map_err(|_| refused(path, values))?;
    Ok((path.to_owned(), values))
}
