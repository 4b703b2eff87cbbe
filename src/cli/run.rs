//! `distillery run`: one experiment from start to record.

use std::path::{Path, PathBuf};

use clap::Args;

use super::drive::{check_all_trained, drive};
use super::input::{self, DataFolder, EngineName, OwnPictures};
use super::progress::Progress;
use super::{pretty, print, report, write};
use crate::data::{Digits, Split};
use crate::error::Result;
use crate::experiment::{DataSet, EvaluateOn, Event, Session};

#[derive(Args)]
#[command(after_help = "\
Examples:
  distillery run first-race --out record.json --weights weights/
  distillery recipes first-race | distillery run - --seed 7 --json
  distillery run mine.json --own-images my-images.idx3-ubyte.gz --own-labels my-labels.idx1-ubyte.gz
  distillery run tested-on-mine.json --own-test-images images.gz --own-test-labels labels.gz --own-test-reading transposed

Exit codes: 0 done; 1 the run failed, or a model of it was stopped by an error; 2 wrong usage, or a config \
that cannot run.")]
pub struct Run {
    /// A config's file, a recipe's name, or - for a config on standard input
    #[arg(value_name = "CONFIG|RECIPE")]
    config: String,
    /// Write the run record to this file; - for standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    data: DataFolder,
    #[command(flatten)]
    own: OwnPictures,
    /// Print each event as a line of JSON, in place of the summary
    #[arg(long)]
    json: bool,
    /// Use this seed in place of the config's
    #[arg(long, value_name = "N")]
    seed: Option<u32>,
    /// What to run on
    #[arg(long, value_enum, default_value = "cpu")]
    engine: EngineName,
    /// Leave the test digits shut where the config is measured on the validation digits: for tuning
    #[arg(long)]
    shut: bool,
    /// Write each model's weights into this folder, as NAME.safetensors; those that are held small in the fewest bytes
    #[arg(long, value_name = "DIR")]
    weights: Option<PathBuf>,
    /// Show neither progress nor summary
    #[arg(long)]
    quiet: bool,
}

impl Run {
    pub fn execute(self) -> Result<()> {
        let mut config = input::config(&self.config)?;
        config.seed = self.seed.unwrap_or(config.seed);
        // Before the digits are read: what is wrong with a config is told at once.
        config.validate()?;
        let mut digits = self.data.read([&config])?;
        self.own.add_to(&mut digits)?;
        let (store, engine) = (input::checkpoint_store()?, self.engine.create()?);
        if !self.quiet {
            self.own.opinions(&digits, &store, &engine)?.iter().for_each(|opinion| eprintln!("{opinion}"));
        }
        let mut progress = Progress::new(self.quiet);
        let opens = config.data.evaluate_on == EvaluateOn::Validation
            && !self.shut
            && has_test_digits(config.data.set, &digits);
        let mut session = drive(config, &digits, &engine, &store, |advance| {
            progress.show(advance);
            self.print_events(&advance.events)
        })?;
        if opens {
            let opened = pollster::block_on(session.open_test(&digits, 0))?;
            self.print_events(&[opened])?;
        }
        self.write_results(&session)?;
        check_all_trained(session.engine_kind(), &session.record())
    }

    fn print_events(&self, events: &[Event]) -> Result<()> {
        if !self.json {
            return Ok(());
        }
        events.iter().try_for_each(|event| print(&(serde_json::json!(event).to_string() + "\n")))
    }

    fn write_results(&self, session: &Session) -> Result<()> {
        let record = session.record();
        if let Some(folder) = &self.weights {
            for name in record.models.keys() {
                let file = pollster::block_on(session.packed(name))?;
                write(&folder.join(format!("{name}.safetensors")), &file)?;
            }
        }
        let is_on_stdout = self.out.as_deref() == Some(Path::new("-"));
        match &self.out {
            Some(_) if is_on_stdout => print(&pretty(&record)?)?,
            Some(path) => write(path, pretty(&record)?.as_bytes())?,
            None => {}
        }
        if self.quiet || self.json || is_on_stdout { Ok(()) } else { print(&report::summary(&record)) }
    }
}

/// Whether there are test digits to open: those of MNIST and Fashion-MNIST always, pictures of the user's own where they were given.
fn has_test_digits(set: DataSet, digits: &Digits) -> bool {
    set != DataSet::Own || digits.loaded(Split::OwnTest) > 0
}
