//! `distillery teacher`: the pre-trained teacher, made again from its config.

use std::path::{Path, PathBuf};

use clap::Args;

use super::drive::{check_all_trained, drive};
use super::input::{self, DataFolder, EngineName};
use super::progress::Progress;
use super::{pretty, print, write};
use crate::data::{Batch, CLASSES, Digits, SampleId, Split};
use crate::error::{Allowed, Error, Problem, Result};
use crate::experiment::{Card, CheckpointStore, Config, DataSet, brings_logits};
use crate::measure;
use crate::nets::{Storage, weights_digest};
use crate::train::Learner;

/// How a teacher's config is called after its name.
const ENDING: &str = ".config.json";

#[derive(Args)]
#[command(after_help = "Example: distillery teacher assets/teachers/mnist-cnn.config.json")]
pub struct Teacher {
    /// The config of one model that nobody teaches; its file is called NAME.config.json
    #[arg(default_value = "assets/teachers/mnist-cnn.config.json")]
    config: PathBuf,
    /// Round its weights to half precision, which takes half the bytes to fetch
    #[arg(long)]
    half: bool,
    /// Folder for NAME.safetensors and its card NAME.json [default: the config's]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    data: DataFolder,
}

impl Teacher {
    pub fn execute(self) -> Result<()> {
        let file = self.config.file_name().unwrap_or_default().to_string_lossy();
        let name = file.strip_suffix(ENDING).ok_or_else(|| {
            Error::config(Problem::new("CONFIG", &file, Allowed::FileName { ending: ENDING.to_owned() }))
        })?;
        let config = input::config(&self.config.to_string_lossy())?;
        let model = only_model(&config)?;
        let (digits, engine) = (self.data.read([&config])?, EngineName::Cpu.create()?);
        let mut progress = Progress::new(false);
        let session = drive(config.clone(), &digits, &engine, &CheckpointStore::default(), |advance| {
            progress.show(advance);
            Ok(())
        })?;
        check_all_trained(session.engine_kind(), &session.record())?;

        let trained = pollster::block_on(session.checkpoint(&model))?;
        // Measured as it is shipped.
        let (checkpoint, storage, option) = match self.half {
            true => (trained.rounded(), Storage::F16, " --half"),
            false => (trained, Storage::F32, ""),
        };
        let bytes = checkpoint.to_safetensors(name, storage)?;
        let learner = Learner::new(checkpoint.net.clone(), checkpoint.weights.clone(), &engine);
        let training_digits = digits.loaded(Split::Train) as u32;
        let held_out = training_digits - config.data.validation..training_digits;
        let test = Measured::of(&learner, &digits, Split::Test, 0..digits.loaded(Split::Test) as u32)?;
        let validation = Measured::of(&learner, &digits, Split::Train, held_out)?;
        let card = Card {
            name: name.to_owned(),
            net: checkpoint.net.clone(),
            cost: checkpoint.net.cost(),
            test_errors: test.errors,
            validation_errors: validation.errors,
            test_calibration_error: test.calibration_error,
            validation_calibration_error: validation.calibration_error,
            brings_logits: brings_logits(&checkpoint.net.cost()),
            file_bytes: bytes.len() as u64,
            weights_digest: weights_digest(&checkpoint.weights),
            command: format!("distillery teacher {}{option}", self.config.display()),
            config,
        };
        let folder = self.out.as_deref().or(self.config.parent()).unwrap_or(Path::new(""));
        write(&folder.join(format!("{name}.safetensors")), &bytes)?;
        write(&folder.join(format!("{name}.json")), pretty(&card)?.as_bytes())?;
        print(&pretty(&card)?)
    }
}

/// The name of the one model of a teacher's config.
fn only_model(config: &Config) -> Result<String> {
    config.validate()?;
    // Its card says how many of MNIST's digits it gets wrong.
    if config.data.set != DataSet::Mnist {
        let allowed = Allowed::OneOf { names: vec!["mnist".to_owned()] };
        return Err(Error::config(Problem::new("data.set", &config.data.set, allowed)));
    }
    match config.models.keys().collect::<Vec<_>>()[..] {
        [name] => Ok(name.clone()),
        ref names => {
            let allowed = Allowed::Entries { min: 1, max: Some(1), found: names.len() as u64 };
            Err(Error::config(Problem::new("models", &names, allowed)))
        }
    }
}

/// How good a teacher is on some digits.
struct Measured {
    errors: u32,
    calibration_error: Option<f64>,
}

impl Measured {
    fn of(learner: &Learner, digits: &Digits, split: Split, indices: std::ops::Range<u32>) -> Result<Self> {
        let ids: Vec<SampleId> = indices.map(|index| SampleId { split, index }).collect();
        let Batch { pixels, labels, .. } = Batch::gather(digits, &ids)?;
        let logits = pollster::block_on(learner.logits(pixels))?;
        Ok(Self {
            errors: measure::wrong(&measure::predictions(&logits, CLASSES), &labels).len() as u32,
            calibration_error: measure::expected_calibration_error(&logits, CLASSES, &labels),
        })
    }
}
