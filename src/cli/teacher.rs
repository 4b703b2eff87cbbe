//! `distillery teacher`: the pre-trained teacher, made again from its config.

use std::path::{Path, PathBuf};

use clap::Args;

use super::drive::{check_all_trained, drive};
use super::input::{self, DataFolder, EngineName};
use super::progress::Progress;
use super::{pretty, print, write};
use crate::data::{CLASSES, Digits, SampleId, Split};
use crate::error::{Allowed, Error, Problem, Result};
use crate::experiment::{CheckpointStore, Config, Session};
use crate::measure;
use crate::nets::{Card, weights_digest};

/// How a teacher's config is called after its name.
const ENDING: &str = ".config.json";

#[derive(Args)]
#[command(after_help = "Example: distillery teacher assets/teachers/mnist-cnn.config.json")]
pub struct Teacher {
    /// The config of one model that nobody teaches; its file is called NAME.config.json
    #[arg(default_value = "assets/teachers/mnist-cnn.config.json")]
    config: PathBuf,
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

        let checkpoint = pollster::block_on(session.checkpoint(&model))?;
        let training_digits = digits.loaded(Split::Train) as u32;
        let held_out = training_digits - config.data.validation..training_digits;
        let card = Card {
            name: name.to_owned(),
            net: checkpoint.net.clone(),
            parameters: checkpoint.weights.len() as u64,
            seed: config.seed,
            test_errors: errors(
                &session,
                &model,
                &digits,
                Split::Test,
                0..digits.loaded(Split::Test) as u32,
            )?,
            validation_errors: errors(&session, &model, &digits, Split::Train, held_out)?,
            weights_digest: weights_digest(&checkpoint.weights),
            command: format!("distillery teacher {}", self.config.display()),
        };
        let folder = self.out.as_deref().or(self.config.parent()).unwrap_or(Path::new(""));
        write(&folder.join(format!("{name}.safetensors")), &checkpoint.to_safetensors(name)?)?;
        write(&folder.join(format!("{name}.json")), pretty(&card)?.as_bytes())?;
        print(&pretty(&card)?)
    }
}

/// The name of the one model of a teacher's config.
fn only_model(config: &Config) -> Result<String> {
    config.validate()?;
    match config.models.keys().collect::<Vec<_>>()[..] {
        [name] => Ok(name.clone()),
        ref names => {
            let allowed = Allowed::Entries { min: 1, max: Some(1), found: names.len() as u64 };
            Err(Error::config(Problem::new("models", &names, allowed)))
        }
    }
}

fn errors(
    session: &Session,
    model: &str,
    digits: &Digits,
    split: Split,
    indices: std::ops::Range<u32>,
) -> Result<u32> {
    let ids: Vec<SampleId> = indices.map(|index| SampleId { split, index }).collect();
    let labels: Vec<u8> = ids.iter().filter_map(|&id| digits.label(id)).collect();
    let logits = pollster::block_on(session.logits_of(model, digits, &ids))?;
    Ok(measure::wrong(&measure::predictions(&logits, CLASSES), &labels).len() as u32)
}
