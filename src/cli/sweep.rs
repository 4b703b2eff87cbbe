//! `distillery sweep`: a grid of configs and seeds, several at once, one JSON line a cell.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use serde_json::Value;

use super::drive::{check_all_trained, drive};
use super::input::{self, DataFolder, EngineName, OwnPictures};
use super::{failed, pretty, write};
use crate::bounds;
use crate::data::Digits;
use crate::error::{Allowed, Error, Problem, Result};
use crate::experiment::{Cell, CheckpointStore, EvaluateOn, Grid, plain};
use crate::json;
use crate::train::Engine;

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
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(bounds::SEEDS.min as i64..=bounds::SEEDS.max as i64))]
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
        let mut cells = self.cells()?;
        if let Some(folder) = &self.list {
            return cells.iter().enumerate().try_for_each(|(index, cell)| {
                write(&folder.join(format!("cell-{index:03}.json")), pretty(&cell.config)?.as_bytes())
            });
        }
        let Some(path) = &self.out else { return Ok(()) };
        let total = cells.len();
        let done = finished(path)?;
        cells.retain(|cell| !done.contains(&plain(&cell.config)));
        eprintln!("{total} cells, {} of them done before", total - cells.len());
        if cells.is_empty() {
            return Ok(());
        }
        let mut digits = self.data.read(cells.iter().map(|cell| &cell.config))?;
        self.own.add_to(&mut digits)?;
        self.run(&cells, &digits, &Mutex::new(appending(path)?), path)
    }

    /// The grid, every config of it checked before the first one runs.
    fn cells(&self) -> Result<Vec<Cell>> {
        let name = self.recipe.as_ref().or(self.config.as_ref()).cloned().unwrap_or_default();
        let mut config = input::config(&name)?;
        config.data.evaluate_on = if self.test { EvaluateOn::Test } else { EvaluateOn::Validation };
        let fields = self.sets.iter().map(|set| parsed(set)).collect::<Result<_>>()?;
        Grid { config, fields, seeds: self.seeds }.cells()
    }

    fn run(&self, cells: &[Cell], digits: &Digits, out: &Mutex<File>, path: &Path) -> Result<()> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let jobs = self.jobs.map_or(cores, usize::from).min(cells.len());
        let (next, failures) = (AtomicUsize::new(0), Mutex::new(None));
        // Each thread has an engine and teachers of its own; what those said is not worked out again for its next cell.
        let work = || {
            let tools = input::checkpoint_store().and_then(|store| Ok((store, EngineName::Cpu.create()?)));
            let (store, engine) = match tools {
                Ok(tools) => tools,
                Err(error) => return *lock(&failures) = Some(error),
            };
            while let Some(cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
                match line(cell, digits, &engine, &store).and_then(|line| append(out, &line, path)) {
                    Ok(()) => eprintln!("{}", named(cell)),
                    Err(error) => {
                        eprintln!("{}: {error}", named(cell));
                        // The other cells still run; the sweep as a whole has failed.
                        *lock(&failures) = Some(error);
                    }
                }
            }
        };
        std::thread::scope(|scope| (0..jobs).for_each(|_| drop(scope.spawn(work))));
        lock(&failures).take().map_or(Ok(()), Err)
    }
}

/// Runs a cell; gives its line.
fn line(cell: &Cell, digits: &Digits, engine: &Engine, store: &CheckpointStore) -> Result<String> {
    let session = drive(cell.config.clone(), digits, engine, store, |_| Ok(()))?;
    check_all_trained(&session)?;
    // The record as text, because numbers of 32 bits would grow digits on their way through a `Value`.
    let record = serde_json::to_string(&session.record()).unwrap_or_default();
    Ok(format!("{{\"cell\":{},\"record\":{record}}}\n", named(cell)))
}

fn named(cell: &Cell) -> String {
    serde_json::to_string(&cell.name).unwrap_or_default()
}

fn append(out: &Mutex<File>, line: &str, path: &Path) -> Result<()> {
    let mut out = lock(out);
    out.write_all(line.as_bytes()).and_then(|()| out.flush()).map_err(failed(path))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The configs of the cells in the file; a line cut off by an interruption counts for nothing.
fn finished(path: &Path) -> Result<Vec<Value>> {
    if !path.exists() {
        return Ok(vec![]);
    }
    let text = std::fs::read_to_string(path).map_err(failed(path))?;
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    Ok(lines.map(|line| line["record"]["config"].clone()).collect())
}

/// The file, open at its end, on a line of its own.
fn appending(path: &Path) -> Result<File> {
    let parent = path.parent().unwrap_or(Path::new(""));
    std::fs::create_dir_all(parent).map_err(failed(path))?;
    let is_cut = std::fs::read(path).is_ok_and(|bytes| bytes.last().is_some_and(|last| *last != b'\n'));
    let mut file = OpenOptions::new().create(true).append(true).open(path).map_err(failed(path))?;
    if is_cut {
        file.write_all(b"\n").map_err(failed(path))?;
    }
    Ok(file)
}

/// A field's path and its values; commas inside brackets belong to a value.
fn parsed(set: &str) -> Result<(String, Vec<Value>)> {
    let refused = |path: &str, value: &str| Error::config(Problem::new(path, &value, Allowed::Assignment));
    let (path, values) = set.split_once('=').ok_or_else(|| refused("--set", set))?;
    let values = json::read(path, &format!("[{values}]")).map_err(|_| refused(path, values))?;
    Ok((path.to_owned(), values))
}
