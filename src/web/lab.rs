//! The class the page holds: digits, teachers, an engine and at most one session.

use distillery_kernels::Isa;
use wasm_bindgen::prelude::*;

use super::convert::{config_from_js, from_js, or_throw, throw, to_js};
use crate::data::{self, Digits, IdxImages, IdxLabels, Manifest, Reading, SampleId, Split};
use crate::error::{DataFault, Error, Named, Result};
use crate::experiment::{
    Budget, Config, Environment, Grid, Library, Session, look_at_own, questions, recipes, rehearse,
    time_steps,
};
use crate::json;
use crate::nets::Card;
use crate::train::{Engine, SelfCheck};

type Js<T> = std::result::Result<T, JsValue>;

/// Everything one worker holds. Its calls must run one after the other.
#[wasm_bindgen]
pub struct Lab {
    engine: Engine,
    digits: Digits,
    manifest: Option<Manifest>,
    library: Library,
    session: Option<Session>,
    sessions_made: u32,
}

/// A set that the user gives.
#[derive(Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum OwnSplit {
    Own,
    OwnTest,
}

impl OwnSplit {
    fn split(self) -> Split {
        match self {
            OwnSplit::Own => Split::Own,
            OwnSplit::OwnTest => Split::OwnTest,
        }
    }
}

#[derive(serde::Serialize)]
struct DigitCount {
    train: usize,
    test: usize,
}

#[wasm_bindgen]
impl Lab {
    /// A lab on the engine `"cpu"` or `"webgpu"`. `relaxed` says that the module was made with relaxed SIMD and that the
    /// browser has it, which code in the module cannot ask.
    pub async fn create(engine: JsValue, relaxed: bool) -> Js<Lab> {
        let isa = if relaxed { Isa::Relaxed } else { Isa::detected() };
        let engine = or_throw(Engine::create(or_throw(from_js("engine", &engine))?, isa).await)?;
        let (digits, library) = (Digits::empty(), Library::default());
        Ok(Lab { engine, digits, library, manifest: None, session: None, sessions_made: 0 })
    }

    /// Where it runs: an `Environment`.
    pub fn info(&self) -> Js<JsValue> {
        to_js(&Environment::of(&self.engine))
    }

    /// A comparison of the engine with the CPU: a `SelfCheck`.
    #[wasm_bindgen(js_name = selfCheck)]
    pub async fn self_check(&self) -> Js<JsValue> {
        to_js(&or_throw(SelfCheck::run(&self.engine).await)?)
    }

    /// Tells which sheets of digits there are.
    pub fn manifest(&mut self, json: &str) -> Js<()> {
        self.manifest = Some(or_throw(Manifest::parse(json))?);
        Ok(())
    }

    /// Adds a sheet: the bytes as they came, which are checked, and the same unpacked.
    #[wasm_bindgen(js_name = addSheet)]
    pub fn add_sheet(&mut self, name: &str, packed: &[u8], raw: &[u8]) -> Js<()> {
        or_throw(self.insert_sheet(name, packed, raw))
    }

    /// Takes a pair of idx files, unpacked, as a set of the user's own (`"own"` to learn on, `"own_test"` to test on), in
    /// place of the one before; gives the number of its pictures. `readings`, a `Reading[]`, are applied one after another.
    /// Drops the session, which may have learnt or been measured on the one before.
    #[wasm_bindgen(js_name = addOwn)]
    pub fn add_own(&mut self, split: JsValue, images: &[u8], labels: &[u8], readings: JsValue) -> Js<usize> {
        let split = or_throw(from_js::<OwnSplit>("split", &split))?.split();
        let readings: Vec<Reading> = or_throw(from_js("readings", &readings))?;
        let count = or_throw(self.replace_own(split, images, labels, &readings))?;
        self.library.forget(split);
        self.session = None;
        Ok(count)
    }

    /// Forgets a set of the user's own, and drops the session.
    #[wasm_bindgen(js_name = removeOwn)]
    pub fn remove_own(&mut self, split: JsValue) -> Js<()> {
        let split = or_throw(from_js::<OwnSplit>("split", &split))?.split();
        self.digits.remove_own(split);
        self.library.forget(split);
        self.session = None;
        Ok(())
    }

    /// What a shipped teacher makes of a set of the user's own: an `OwnLook`.
    #[wasm_bindgen(js_name = lookAtOwn)]
    pub async fn look_at_own(&self, split: JsValue) -> Js<JsValue> {
        let split = or_throw(from_js::<OwnSplit>("split", &split))?.split();
        to_js(&or_throw(look_at_own(split, &self.digits, &self.engine, &self.library).await)?)
    }

    /// Digits loaded so far: `{train, test}`.
    #[wasm_bindgen(js_name = digitCount)]
    pub fn digit_count(&self) -> Js<JsValue> {
        let (train, test) = (self.digits.loaded(Split::Train), self.digits.loaded(Split::Test));
        to_js(&DigitCount { train, test })
    }

    /// Grey values 0 to 255 of one digit, row by row, and behind them its label: 785 bytes.
    pub fn digit(&self, split: JsValue, index: u32) -> Js<Vec<u8>> {
        let id = SampleId { split: or_throw(from_js("split", &split))?, index };
        let found = self.digits.pixels(id).zip(self.digits.label(id));
        let (pixels, label) = found.ok_or_else(|| throw(&self.missing(id)))?;
        Ok(pixels.iter().copied().chain(std::iter::once(label)).collect())
    }

    /// Adds a shipped teacher: its safetensors bytes and its card's JSON.
    #[wasm_bindgen(js_name = addCheckpoint)]
    pub fn add_checkpoint(&mut self, bytes: &[u8], card: &str) -> Js<()> {
        let card: Card = or_throw(json::read("card", card))?;
        or_throw(self.library.add(card, bytes))
    }

    /// Every prepared experiment: `Recipe[]`.
    pub fn recipes(&self) -> Js<JsValue> {
        to_js(&recipes())
    }

    /// Everything wrong with a config: `Problem[]`, empty when it can run.
    pub fn validate(&self, config: JsValue) -> Js<JsValue> {
        // What cannot be read at all is a problem as well.
        match config_from_js::<Config>("config", &config) {
            Ok(config) => to_js(&config.problems()),
            Err(Error::Config { problems }) => to_js(&problems),
            Err(error) => Err(throw(&error)),
        }
    }

    /// A config with every default filled in.
    pub fn complete(&self, config: JsValue) -> Js<JsValue> {
        to_js(&or_throw(config_from_js::<Config>("config", &config))?)
    }

    /// Every experiment of a `Grid`: `Cell[]`.
    pub fn cells(&self, grid: JsValue) -> Js<JsValue> {
        to_js(&or_throw(config_from_js::<Grid>("grid", &grid).and_then(|grid| grid.cells()))?)
    }

    /// What experiments will ask of shipped models that can be asked beforehand: `Question[]`.
    pub fn questions(&self, configs: JsValue) -> Js<JsValue> {
        let configs: Vec<Config> = or_throw(config_from_js("configs", &configs))?;
        or_throw(configs.iter().try_for_each(Config::validate))?;
        to_js(&questions(&configs, &self.digits))
    }

    /// Takes logits of a shipped model, ten a digit, that another lab of this kind has worked out.
    #[wasm_bindgen(js_name = keepLogits)]
    pub fn keep_logits(&self, model: &str, split: JsValue, indices: &[u32], logits: &[f32]) -> Js<()> {
        let split = or_throw(from_js("split", &split))?;
        let ids: Vec<SampleId> = indices.iter().map(|&index| SampleId { split, index }).collect();
        or_throw(self.library.keep(model, &ids, logits))
    }

    /// Sets a session up in place of the one before; gives its number.
    pub fn start(&mut self, config: JsValue) -> Js<u32> {
        let config: Config = or_throw(config_from_js("config", &config))?;
        let id = self.next_id();
        let session = Session::new(id, config, &self.digits, &self.engine, &self.library);
        self.session = Some(or_throw(session)?);
        Ok(id)
    }

    /// A session that goes on from a snapshot; gives its number.
    pub fn resume(&mut self, config: JsValue, snapshot: &[u8]) -> Js<u32> {
        let config: Config = or_throw(config_from_js("config", &config))?;
        let id = self.next_id();
        let session = Session::resume(id, config, snapshot, &self.digits, &self.engine, &self.library);
        self.session = Some(or_throw(session)?);
        Ok(id)
    }

    /// Drops the session.
    pub fn stop(&mut self) {
        self.session = None;
    }

    /// Trains on for about so many milliseconds or so many steps of each model (0: no limit): an `Advance`.
    pub async fn advance(&mut self, budget_ms: f64, max_steps: u32) -> Js<JsValue> {
        let Self { session, digits, .. } = self;
        let session = session.as_mut().ok_or_else(|| throw(&Error::NoSession))?;
        let budget = Budget { ms: budget_ms, steps: max_steps };
        to_js(&or_throw(session.advance(digits, budget).await)?)
    }

    /// Milliseconds that one step of every model of a config takes here, found out on made-up digits.
    #[wasm_bindgen(js_name = timeSteps)]
    pub async fn time_steps(&self, config: JsValue) -> Js<f64> {
        let config: Config = or_throw(config_from_js("config", &config))?;
        or_throw(time_steps(&config, &self.engine).await)
    }

    /// Runs everything once that an experiment needs, so that a GPU compiles it before the experiment begins; the session, if
    /// there is one, is not touched.
    pub async fn rehearse(&self, config: JsValue) -> Js<()> {
        let config: Config = or_throw(config_from_js("config", &config))?;
        or_throw(rehearse(config, &self.digits, &self.engine, &self.library).await)
    }

    /// The session's whole state.
    pub async fn snapshot(&self) -> Js<Vec<u8>> {
        or_throw(self.running()?.snapshot().await)
    }

    /// The run's `Record` so far.
    pub fn record(&self) -> Js<JsValue> {
        to_js(&self.running()?.record())
    }

    /// Logits, ten a digit, of loaded digits, from a model of the session or a checkpoint.
    pub async fn logits(&self, model: &str, split: JsValue, indices: &[u32]) -> Js<Vec<f32>> {
        let split = or_throw(from_js("split", &split))?;
        let ids: Vec<SampleId> = indices.iter().map(|&index| SampleId { split, index }).collect();
        or_throw(self.logits_of(model, &ids).await)
    }

    /// Ten logits of one drawn digit: 784 grey values, 0 to 1.
    #[wasm_bindgen(js_name = logitsOfPixels)]
    pub async fn logits_of_pixels(&self, model: &str, pixels: Vec<f32>) -> Js<Vec<f32>> {
        let is_grey = pixels.iter().all(|value| (0.0..=1.0).contains(value));
        if pixels.len() != data::PIXELS || !is_grey {
            return Err(throw(&Error::Data {
                name: "drawing".to_owned(),
                fault: DataFault::Drawing { values: pixels.len() as u64, expected: data::PIXELS as u32 },
            }));
        }
        or_throw(self.logits_of_drawing(model, pixels).await)
    }

    /// A drawing (ink 0 to 255) made like MNIST, 784 grey values 0 to 1; undefined when there is no ink.
    pub fn centre(&self, ink: &[f32], width: usize, height: usize) -> Option<Vec<f32>> {
        data::centre(ink, width, height).map(|digit| digit.to_vec())
    }

    /// A model's weights as a safetensors file.
    pub async fn weights(&self, model: &str) -> Js<Vec<u8>> {
        let checkpoint = match self.session.as_ref().filter(|session| session.has(model)) {
            Some(session) => or_throw(session.checkpoint(model).await)?,
            None => or_throw(self.library.checkpoint(model))?.clone(),
        };
        or_throw(checkpoint.to_safetensors(model))
    }
}

impl Lab {
    fn next_id(&mut self) -> u32 {
        self.sessions_made += 1;
        self.sessions_made
    }

    fn running(&self) -> Js<&Session> {
        self.session.as_ref().ok_or_else(|| throw(&Error::NoSession))
    }

    fn missing(&self, id: SampleId) -> Error {
        self.digits.missing(id.split, id.index.saturating_add(1))
    }

    fn insert_sheet(&mut self, name: &str, packed: &[u8], raw: &[u8]) -> Result<()> {
        let sheets = self.manifest.as_ref().map(|manifest| manifest.sheets.as_slice()).unwrap_or_default();
        let known = || sheets.iter().map(|sheet| sheet.name.as_str());
        let info = sheets.iter().find(|sheet| sheet.name == name);
        let info = info.ok_or_else(|| Error::unknown(Named::Sheet, name, known()))?;
        let (images, labels) = data::read_sheet(info, packed, raw)?;
        self.digits.insert(info.split, info.first, images, labels)
    }

    fn replace_own(
        &mut self,
        split: Split,
        images: &[u8],
        labels: &[u8],
        readings: &[Reading],
    ) -> Result<usize> {
        let [images_name, labels_name] = match split {
            Split::OwnTest => ["own test images", "own test labels"],
            _ => ["own images", "own labels"],
        };
        let came = IdxImages::parse(images_name, images)?;
        let labels = IdxLabels::parse(labels_name, labels)?;
        let images = readings.iter().fold(came, |images, reading| reading.apply(&images));
        self.digits.replace_own(split, images, labels)
    }

    async fn logits_of(&self, model: &str, ids: &[SampleId]) -> Result<Vec<f32>> {
        match self.session.as_ref().filter(|session| session.has(model)) {
            Some(session) => session.logits_of(model, &self.digits, ids).await,
            None => self.library.logits_of(model, &self.digits, ids, &self.engine).await,
        }
    }

    async fn logits_of_drawing(&self, model: &str, pixels: Vec<f32>) -> Result<Vec<f32>> {
        match self.session.as_ref().filter(|session| session.has(model)) {
            Some(session) => session.logits(model, pixels).await,
            None => self.library.learner(model, &self.engine)?.logits(pixels).await,
        }
    }
}
