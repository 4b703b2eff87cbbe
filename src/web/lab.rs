//! The class the page holds: digits, teachers, an engine and at most one session.

use distillery_kernels::Isa;
use wasm_bindgen::prelude::*;

use super::convert::{config_from_js, from_js, or_throw, throw, to_js};
use crate::compress::Compression;
use crate::data::{self, Digits, Distorted, Manifest, Reading, SampleId, Split};
use crate::error::{DataFault, Error};
use crate::experiment::{
    Budget, CheckpointStore, Config, Environment, Grid, Session, examples, look_at_own, questions, recipes,
    rehearse, time_steps,
};
use crate::nets::Storage;
use crate::train::{Engine, SelfCheck};

pub(super) type Js<T> = std::result::Result<T, JsValue>;

/// What the calls below take and give, for the `.d.ts` of both packages. A type that the schema has is made of it.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"import type {
    Advance, Card, Cell, Compressed, Compression, Config, Cost, Distorted, Environment, Event, Example, Grid, OwnLook, Problem,
    Question, Reading, Recipe, Record, SelfCheck, Split,
} from '../../www/engine/generated/types';

export type EngineName = 'cpu' | 'webgpu';
/** A set that the user gives: to learn on, or to test on. */
export type OwnSplit = Extract<Split, 'own' | 'own_test'>;
/** Digits loaded so far, counted from the first without a gap. */
export interface DigitCount {
    train: number;
    test: number;
    fashion_test: number;
}"#;

/// Everything one worker holds. Its calls must run one after the other. What one throws is an object with a stable
/// `code` and that code's parameters: the schema's `Failure`.
#[wasm_bindgen]
pub struct Lab {
    pub(super) engine: Engine,
    pub(super) digits: Digits,
    pub(super) manifest: Option<Manifest>,
    pub(super) store: CheckpointStore,
    pub(super) session: Option<Session>,
    pub(super) sessions_made: u32,
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
    fashion_test: usize,
}

#[wasm_bindgen]
impl Lab {
    /// A lab on an engine; each package has one. `relaxed` says that the module is `distillery_relaxed_bg.wasm`, made
    /// with relaxed SIMD, and that the browser has it, which code in the module cannot ask.
    pub async fn create(
        #[wasm_bindgen(unchecked_param_type = "EngineName")] engine: JsValue,
        relaxed: bool,
    ) -> Js<Lab> {
        #[cfg(feature = "cpu")]
        let isa = if relaxed { Isa::Relaxed } else { Isa::detected() };
        // What little of the GPU's package runs on the host has no kernels for it.
        #[cfg(not(feature = "cpu"))]
        let isa = if relaxed { Isa::Portable } else { Isa::detected() };
        let engine = or_throw(Engine::create(or_throw(from_js("engine", &engine))?, isa).await)?;
        let (digits, store) = (Digits::empty(), CheckpointStore::default());
        Ok(Lab { engine, digits, store, manifest: None, session: None, sessions_made: 0 })
    }

    /// Where it runs.
    #[wasm_bindgen(unchecked_return_type = "Environment")]
    pub fn info(&self) -> Js<JsValue> {
        to_js(&Environment::of(&self.engine))
    }

    /// A comparison of the engine with the CPU: matrix product and softmax against their formulas, one training step
    /// against the kernels of the CPU.
    #[wasm_bindgen(js_name = selfCheck, unchecked_return_type = "SelfCheck")]
    pub async fn self_check(&self) -> Js<JsValue> {
        to_js(&or_throw(SelfCheck::run(&self.engine).await)?)
    }

    /// Tells which sheets of digits there are: the text of `data/manifest.json`.
    pub fn manifest(&mut self, json: &str) -> Js<()> {
        self.manifest = Some(or_throw(Manifest::parse(json))?);
        Ok(())
    }

    /// Adds a sheet: the bytes as they came, whose digest is checked, and the same unpacked.
    #[wasm_bindgen(js_name = addSheet)]
    pub fn add_sheet(&mut self, name: &str, packed: &[u8], raw: &[u8]) -> Js<()> {
        or_throw(self.insert_sheet(name, packed, raw))
    }

    /// Takes a pair of idx files, unpacked, as a set of the user's own, in place of the one before; gives the number of
    /// its pictures. `readings` are applied one after another. Drops the session, which may have learnt or been
    /// measured on the one before.
    #[wasm_bindgen(js_name = addOwn)]
    pub fn add_own(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "OwnSplit")] split: JsValue,
        images: &[u8],
        labels: &[u8],
        #[wasm_bindgen(unchecked_param_type = "readonly Reading[]")] readings: JsValue,
    ) -> Js<usize> {
        let split = or_throw(from_js::<OwnSplit>("split", &split))?.split();
        let readings: Vec<Reading> = or_throw(from_js("readings", &readings))?;
        let count = or_throw(self.replace_own(split, images, labels, &readings))?;
        self.store.forget(split);
        self.session = None;
        Ok(count)
    }

    /// Forgets a set of the user's own, and drops the session.
    #[wasm_bindgen(js_name = removeOwn)]
    pub fn remove_own(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "OwnSplit")] split: JsValue,
    ) -> Js<()> {
        let split = or_throw(from_js::<OwnSplit>("split", &split))?.split();
        self.digits.remove_own(split);
        self.store.forget(split);
        self.session = None;
        Ok(())
    }

    /// What a shipped teacher makes of a set of the user's own: how many of its labels, of up to 300, it agrees with,
    /// and how the pictures would have to be read for it to agree with far more.
    #[wasm_bindgen(js_name = lookAtOwn, unchecked_return_type = "OwnLook")]
    pub async fn look_at_own(
        &self,
        #[wasm_bindgen(unchecked_param_type = "OwnSplit")] split: JsValue,
    ) -> Js<JsValue> {
        let split = or_throw(from_js::<OwnSplit>("split", &split))?.split();
        to_js(&or_throw(look_at_own(split, &self.digits, &self.engine, &self.store).await)?)
    }

    /// Digits loaded so far.
    #[wasm_bindgen(js_name = digitCount, unchecked_return_type = "DigitCount")]
    pub fn digit_count(&self) -> Js<JsValue> {
        let loaded = |split| self.digits.loaded(split);
        to_js(&DigitCount {
            train: loaded(Split::Train),
            test: loaded(Split::Test),
            fashion_test: loaded(Split::FashionTest),
        })
    }

    /// Grey values 0 to 255 of one digit, row by row, and behind them its label: 785 bytes.
    pub fn digit(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Split")] split: JsValue,
        index: u32,
    ) -> Js<Vec<u8>> {
        let id = SampleId { split: or_throw(from_js("split", &split))?, index };
        let found = self.digits.pixels(id).zip(self.digits.label(id));
        let (pixels, label) = found.ok_or_else(|| throw(&self.missing(id)))?;
        Ok(pixels.iter().copied().chain(std::iter::once(label)).collect())
    }

    /// Tells which teachers are shipped: the text of `teachers/cards.json`.
    #[wasm_bindgen(js_name = tellTeachers)]
    pub fn tell_teachers(&mut self, cards: &str) -> Js<()> {
        or_throw(self.store.tell(cards))
    }

    /// The cards of the teachers that are shipped, by name.
    #[wasm_bindgen(unchecked_return_type = "Card[]")]
    pub fn teachers(&self) -> Js<JsValue> {
        to_js(&self.store.cards().collect::<Vec<_>>())
    }

    /// Adds a shipped teacher: its safetensors bytes, whose digest is checked.
    #[wasm_bindgen(js_name = addTeacher)]
    pub fn add_teacher(&mut self, name: &str, bytes: &[u8]) -> Js<()> {
        or_throw(self.store.add_shipped(name, bytes))
    }

    /// Adds the logits that come with a shipped teacher for the digits of a sheet, both of which are there: ten a digit,
    /// in half precision. Some of them are compared with what the teacher answers.
    #[wasm_bindgen(js_name = addLogits)]
    pub async fn add_logits(&self, teacher: &str, sheet: &str, bytes: &[u8]) -> Js<()> {
        let sheet = or_throw(self.sheet(sheet))?;
        or_throw(self.store.keep_shipped(teacher, sheet, bytes, &self.digits, &self.engine).await)
    }

    /// Every prepared experiment, its config complete.
    #[wasm_bindgen(unchecked_return_type = "Recipe[]")]
    pub fn recipes(&self) -> Js<JsValue> {
        to_js(&recipes())
    }

    /// What the first layer of checks that fails finds wrong with a config, a field that cannot be read included; empty
    /// when it can run.
    #[wasm_bindgen(unchecked_return_type = "Problem[]")]
    pub fn validate(&self, #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Js<JsValue> {
        // What cannot be read at all is a problem as well.
        match config_from_js::<Config>("config", &config) {
            Ok(config) => to_js(&config.problems()),
            Err(Error::Config { problems }) => to_js(&problems),
            Err(error) => Err(throw(&error)),
        }
    }

    /// A config with every default filled in.
    #[wasm_bindgen(unchecked_return_type = "Config")]
    pub fn complete(&self, #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Js<JsValue> {
        to_js(&or_throw(config_from_js::<Config>("config", &config))?)
    }

    /// What every model of a config takes, by name; nothing need be loaded for it. Throws `config_invalid`.
    #[wasm_bindgen(unchecked_return_type = "{ [model: string]: Cost }")]
    pub fn costs(&self, #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Js<JsValue> {
        let config: Config = or_throw(config_from_js("config", &config))?;
        or_throw(config.validate())?;
        to_js(&config.costs())
    }

    /// Every experiment of a sweep's grid, each checked.
    #[wasm_bindgen(unchecked_return_type = "Cell[]")]
    pub fn cells(&self, #[wasm_bindgen(unchecked_param_type = "Grid")] grid: JsValue) -> Js<JsValue> {
        to_js(&or_throw(config_from_js::<Grid>("grid", &grid).and_then(|grid| grid.cells()))?)
    }

    /// What experiments will ask of shipped models that can be asked beforehand.
    #[wasm_bindgen(unchecked_return_type = "Question[]")]
    pub fn questions(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly Config[]")] configs: JsValue,
    ) -> Js<JsValue> {
        let configs: Vec<Config> = or_throw(config_from_js("configs", &configs))?;
        or_throw(configs.iter().try_for_each(Config::validate))?;
        to_js(&questions(&configs, &self.digits))
    }

    /// The first digits that a model of a config will learn from, `most` at most, as it will see them in its first epoch.
    #[wasm_bindgen(unchecked_return_type = "Example[]")]
    pub fn examples(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
        model: &str,
        most: usize,
    ) -> Js<JsValue> {
        let config: Config = or_throw(config_from_js("config", &config))?;
        or_throw(config.validate())?;
        to_js(&or_throw(examples(&config, model, most, &self.digits))?)
    }

    /// Takes logits of a shipped model, ten a digit, that another lab of this kind has worked out with the same
    /// checkpoint.
    #[wasm_bindgen(js_name = keepLogits)]
    pub fn keep_logits(
        &self,
        model: &str,
        #[wasm_bindgen(unchecked_param_type = "Split")] split: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Uint32Array | readonly number[]")] indices: &[u32],
        logits: &[f32],
    ) -> Js<()> {
        let split = or_throw(from_js("split", &split))?;
        let ids: Vec<SampleId> = indices.iter().map(|&index| SampleId { split, index }).collect();
        or_throw(self.store.keep(model, &ids, logits))
    }

    /// Sets a session up in place of the one before; gives its number. Throws `config_invalid`, also for what only
    /// labels tell (nothing is left to learn on), and `digits_missing`.
    pub fn start(&mut self, #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Js<u32> {
        let config: Config = or_throw(config_from_js("config", &config))?;
        let id = self.next_id();
        let session = Session::new(id, config, &self.digits, &self.engine, &self.store);
        self.session = Some(or_throw(session)?);
        Ok(id)
    }

    /// A session that goes on from a snapshot; gives its number.
    pub fn resume(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
        snapshot: &[u8],
    ) -> Js<u32> {
        let config: Config = or_throw(config_from_js("config", &config))?;
        let id = self.next_id();
        let session = Session::resume(id, config, snapshot, &self.digits, &self.engine, &self.store);
        self.session = Some(or_throw(session)?);
        Ok(id)
    }

    /// Drops the session.
    pub fn stop(&mut self) {
        self.session = None;
    }

    /// Trains on for about so many milliseconds or so many steps of each model (0: no limit).
    #[wasm_bindgen(unchecked_return_type = "Advance")]
    pub async fn advance(
        &mut self,
        #[wasm_bindgen(js_name = budgetMs)] budget_ms: f64,
        #[wasm_bindgen(js_name = maxSteps)] max_steps: u32,
    ) -> Js<JsValue> {
        let Self { session, digits, .. } = self;
        let session = session.as_mut().ok_or_else(|| throw(&Error::NoSession))?;
        let budget = Budget { ms: budget_ms, steps: max_steps };
        to_js(&or_throw(session.advance(digits, budget).await)?)
    }

    /// Measures every trained model of the session on the test digits; `before`: how often they have been opened in this
    /// visit. Asked again when no other model is trained, it tells the same and counts as nothing. Throws
    /// `digits_missing`.
    #[wasm_bindgen(js_name = openTest, unchecked_return_type = "Extract<Event, { type: 'test_opened' }>")]
    pub async fn open_test(&mut self, before: u32) -> Js<JsValue> {
        let Self { session, digits, .. } = self;
        let session = session.as_mut().ok_or_else(|| throw(&Error::NoSession))?;
        to_js(&or_throw(session.open_test(digits, before).await)?)
    }

    /// What a model of the session as it is now would get wrong, and take, if its weights were held to these ways beside its
    /// own, and, with `depth`, if it had so many of its layers alone; nothing is trained, and the session stays as it is. Throws `config_invalid` and `digits_missing`.
    #[wasm_bindgen(unchecked_return_type = "Compressed")]
    pub async fn compressed(
        &self,
        model: &str,
        #[wasm_bindgen(unchecked_param_type = "readonly Compression[]")] compress: JsValue,
        depth: Option<u32>,
    ) -> Js<JsValue> {
        let ways: Vec<Compression> = or_throw(from_js("compress", &compress))?;
        to_js(&or_throw(self.running()?.compressed(model, &ways, depth, &self.digits).await)?)
    }

    /// Milliseconds that one step of every model of a config takes here, found out on made-up digits.
    #[wasm_bindgen(js_name = timeSteps)]
    pub async fn time_steps(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
    ) -> Js<f64> {
        let config: Config = or_throw(config_from_js("config", &config))?;
        or_throw(time_steps(&config, &self.engine).await)
    }

    /// Runs everything once that an experiment needs, so that a GPU compiles it before the experiment begins; the
    /// session, if there is one, is not touched.
    pub async fn rehearse(&self, #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Js<()> {
        let config: Config = or_throw(config_from_js("config", &config))?;
        or_throw(rehearse(config, &self.digits, &self.engine, &self.store).await)
    }

    /// The session's whole state, to resume it elsewhere.
    pub async fn snapshot(&self) -> Js<Vec<u8>> {
        or_throw(self.running()?.snapshot().await)
    }

    /// The run's record so far.
    #[wasm_bindgen(unchecked_return_type = "Record")]
    pub fn record(&self) -> Js<JsValue> {
        to_js(&self.running()?.record())
    }

    /// Logits, ten a digit, of loaded digits, from a model of the session or a checkpoint.
    pub async fn logits(
        &self,
        model: &str,
        #[wasm_bindgen(unchecked_param_type = "Split")] split: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Uint32Array | readonly number[]")] indices: &[u32],
    ) -> Js<Vec<f32>> {
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

    /// Loaded digits as a distortion leaves them: 784 grey values a digit, 0 to 1.
    pub fn distorted(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Split")] split: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Uint32Array | readonly number[]")] indices: &[u32],
        #[wasm_bindgen(unchecked_param_type = "Distorted")] distorted: JsValue,
    ) -> Js<Vec<f32>> {
        let split = or_throw(from_js("split", &split))?;
        let distorted: Distorted = or_throw(from_js("distorted", &distorted))?;
        or_throw(self.distorted_pixels(split, indices, &distorted))
    }

    /// Logits, ten a digit, of loaded digits that are distorted first, from a model of the session or a checkpoint.
    #[wasm_bindgen(js_name = logitsOfDistorted)]
    pub async fn logits_of_distorted(
        &self,
        model: &str,
        #[wasm_bindgen(unchecked_param_type = "Split")] split: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Uint32Array | readonly number[]")] indices: &[u32],
        #[wasm_bindgen(unchecked_param_type = "Distorted")] distorted: JsValue,
    ) -> Js<Vec<f32>> {
        let split = or_throw(from_js("split", &split))?;
        let distorted: Distorted = or_throw(from_js("distorted", &distorted))?;
        let pixels = or_throw(self.distorted_pixels(split, indices, &distorted))?;
        or_throw(self.logits_of_drawing(model, pixels).await)
    }

    /// A drawing (grey 0 to 255, white ink on black) made like MNIST, 784 grey values 0 to 1: what a person sees as
    /// ink, scaled into 20 × 20, centred by mass in 28 × 28; undefined when there is no ink.
    pub fn centre(&self, ink: &[f32], width: usize, height: usize) -> Option<Vec<f32>> {
        data::centre(ink, width, height).map(|digit| digit.to_vec())
    }

    /// A model's weights as a safetensors file; those that are held small in the fewest bytes.
    pub async fn weights(&self, model: &str) -> Js<Vec<u8>> {
        or_throw(match self.session.as_ref().filter(|session| session.has(model)) {
            Some(session) => session.packed(model).await,
            None => {
                self.store.checkpoint(model).and_then(|shipped| shipped.to_safetensors(model, Storage::F32))
            }
        })
    }
}
