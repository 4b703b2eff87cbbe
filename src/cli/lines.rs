//! The lines of a sweep: one of JSON a finished cell, in a file that the next sweep goes on from.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use distillery_kernels::parallel;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::drive::{check_all_trained, drive};
use super::failed;
use super::input::{self, EngineName};
use super::progress::Progress;
use crate::data::Digits;
use crate::error::Result;
use crate::experiment::{Cell, CheckpointStore, Config, Record, Session};
use crate::train::{Engine, EngineKind};

/// A finished cell.
#[derive(Clone, Serialize, Deserialize)]
pub struct Line {
    pub cell: IndexMap<String, Value>,
    pub record: Record,
    /// What a command measures of the trained models beside their record.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub measured: Value,
}

/// Measures trained models for [`Line::measured`].
pub type Measure<'a> = &'a (dyn Fn(&Session, &Digits) -> Result<Value> + Sync);

/// Where lines stand, and how the cells without one are run.
pub struct Lines<'a> {
    pub path: &'a Path,
    /// Cells at once; none for all cores.
    pub jobs: Option<u16>,
    pub measure: Option<Measure<'a>>,
}

impl Lines<'_> {
    /// The line of every cell, in their order. Cells without one are run first, on the digits that `read` gives; the
    /// others still run where one fails.
    ///
    /// # Errors
    /// The failure of a cell; a file that cannot be read or written.
    pub fn of(&self, cells: &[Cell], read: impl FnOnce(&[&Config]) -> Result<Digits>) -> Result<Vec<Line>> {
        let mut done = self.finished()?;
        let missing: Vec<&Cell> =
            cells.iter().filter(|cell| !done.contains_key(&key(&cell.config))).collect();
        eprintln!("{} cells, {} of them done before", cells.len(), cells.len() - missing.len());
        if !missing.is_empty() {
            let digits = read(&missing.iter().map(|cell| &cell.config).collect::<Vec<_>>())?;
            self.run(&missing, &digits)?;
            done = self.finished()?;
        }
        let lost = |cell: &Cell| {
            failed(self.path)(std::io::Error::other(format!("no line of {}", named(&cell.name))))
        };
        cells.iter().map(|cell| done.get(&key(&cell.config)).cloned().ok_or_else(|| lost(cell))).collect()
    }

    /// The lines in the file by their configs; one cut off by an interruption counts for nothing.
    fn finished(&self) -> Result<HashMap<String, Line>> {
        let file = match File::open(self.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(HashMap::new()),
            opened => opened.map_err(failed(self.path))?,
        };
        let mut found = HashMap::new();
        for text in BufReader::new(file).lines() {
            let line = serde_json::from_str::<Line>(&text.map_err(failed(self.path))?).ok();
            let is_whole = |line: &Line| self.measure.is_none() || !line.measured.is_null();
            found.extend(line.filter(is_whole).map(|line| (key(&line.record.config), line)));
        }
        Ok(found)
    }

    fn run(&self, cells: &[&Cell], digits: &Digits) -> Result<()> {
        let out = Mutex::new(appending(self.path)?);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let jobs = self.jobs.map_or(cores, usize::from).min(cells.len());
        let is_shown = jobs == 1 && std::io::stderr().is_terminal();
        let (next, failures) = (AtomicUsize::new(0), Mutex::new(None));
        // Each thread has an engine and teachers of its own; what those said is not worked out again for its next cell.
        let work = || {
            let tools = input::checkpoint_store().and_then(|store| Ok((store, EngineName::Cpu.create()?)));
            let (store, engine) = match tools {
                Ok(tools) => tools,
                Err(error) => return *lock(&failures) = Some(error),
            };
            while let Some(cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
                let line = self.line(cell, digits, &engine, &store, is_shown);
                match line.and_then(|line| append(&out, &line, self.path)) {
                    Ok(()) => eprintln!("{}", named(&cell.name)),
                    Err(error) => {
                        eprintln!("{}: {error}", named(&cell.name));
                        *lock(&failures) = Some(error);
                    }
                }
            }
        };
        match jobs {
            1 => work(),
            // Cores of its own for each: cells share nothing, and wait for one another less than the threads of one do.
            _ => std::thread::scope(|scope| {
                let work = || parallel::with_threads((cores / jobs).max(1), work);
                (0..jobs).for_each(|_| drop(scope.spawn(work)));
            }),
        }
        lock(&failures).take().map_or(Ok(()), Err)
    }

    /// Runs a cell; gives its line.
    fn line(
        &self,
        cell: &Cell,
        digits: &Digits,
        engine: &Engine,
        store: &CheckpointStore,
        is_shown: bool,
    ) -> Result<String> {
        let mut progress = is_shown.then(|| Progress::new(false));
        let session = drive(cell.config.clone(), digits, engine, store, |advance| {
            progress.iter_mut().for_each(|progress| progress.show(advance));
            Ok(())
        })?;
        let measured = self.measure.map_or(Ok(Value::Null), |measure| measure(&session, digits))?;
        // As text at once, because numbers of 32 bits would grow digits on their way through a `Value`.
        let line = Line { cell: cell.name.clone(), record: session.record(), measured };
        Ok(serde_json::to_string(&line).unwrap_or_default() + "\n")
    }
}

/// Tells the cells in which an error stopped a model; the last of them is the failure of all.
pub fn check_lines(lines: &[Line]) -> Result<()> {
    let check = |line: &Line| {
        let checked = check_all_trained(EngineKind::Cpu, &line.record);
        checked.inspect_err(|error| eprintln!("{}: {error}", named(&line.cell)))
    };
    let mut failures: Vec<_> = lines.iter().filter_map(|line| check(line).err()).collect();
    failures.pop().map_or(Ok(()), Err)
}

/// What tells one config from another.
fn key(config: &Config) -> String {
    serde_json::to_string(config).unwrap_or_default()
}

fn named(cell: &IndexMap<String, Value>) -> String {
    serde_json::to_string(cell).unwrap_or_default()
}

fn append(out: &Mutex<File>, line: &str, path: &Path) -> Result<()> {
    let mut out = lock(out);
    out.write_all(line.as_bytes()).and_then(|()| out.flush()).map_err(failed(path))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
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
