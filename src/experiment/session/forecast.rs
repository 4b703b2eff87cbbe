//! How long the rest of a session will take, from what its parts took so far: digits learned and digits answered for, by
//! network. Not from epochs, for the first may take minutes; and not from all steps alike, for a large network's cost
//! more than a small one's, and a teacher that is asked about a digit once is asked in the first epoch alone.

use std::collections::HashMap;

use super::Session;
use super::node::Node;
use super::progress::Phase;
use crate::data::{Digits, SampleId};
use crate::error::Result;
use crate::experiment::samples::transfer_ids;
use crate::experiment::timing::time_model;
use crate::nets::Net;
use crate::train::EngineKind;

/// Older measurements fade over so much time of their kind, so that a change of pace shows and a hiccup does not.
const FADING_MS: f64 = 5_000.0;
/// Learning from a digit takes a pass forwards and about two backwards.
const PASSES_OF_LEARNING: f64 = 3.0;
/// A short race is over before it would be worth it to time a model that is not its turn yet.
const TIMED_AFTER_MS: f64 = 1_000.0;

/// What one kind of work took.
#[derive(Debug, Default, Clone, Copy)]
struct Cost {
    digits: f64,
    ms: f64,
    notes: u32,
}

impl Cost {
    fn note(&mut self, digits: usize, ms: f64) {
        self.notes += 1;
        let kept = match self.notes {
            // The first time buffers are made and code is still being compiled: it takes many times as long.
            1 => return,
            2 => 0.0,
            _ => (-ms / FADING_MS).exp(),
        };
        self.digits = self.digits * kept + digits as f64;
        self.ms = self.ms * kept + ms;
    }

    /// Stands until something was noted twice.
    fn suppose(&mut self, digits: usize, ms: f64) {
        (self.digits, self.ms) = (digits as f64, ms);
    }

    /// Milliseconds a digit.
    fn pace(self) -> Option<f64> {
        (self.digits > 0.0).then(|| self.ms / self.digits)
    }
}

/// A network, as several models of a session may have it.
#[derive(Debug)]
struct Kind {
    net: Net,
    learning: Cost,
    answering: Cost,
}

/// What a model has still to do.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Left {
    /// Digits to learn, each as often as it will be.
    learned: usize,
    /// Digits that it has to be run on to be measured or to teach.
    answered: usize,
}

/// What digits took, by network.
#[derive(Debug, Default)]
pub(super) struct Forecast {
    kinds: Vec<Kind>,
    /// Index of each model's network.
    kind_of: Vec<usize>,
    /// What was noted in all.
    noted_ms: f64,
}

impl Forecast {
    fn new<'a>(nets: impl Iterator<Item = &'a Net>) -> Self {
        let mut forecast = Self { kinds: Vec::new(), kind_of: Vec::new(), noted_ms: 0.0 };
        for net in nets {
            let known = forecast.kinds.iter().position(|kind| kind.net == *net);
            forecast.kind_of.push(known.unwrap_or(forecast.kinds.len()));
            if known.is_none() {
                let (learning, answering) = Default::default();
                forecast.kinds.push(Kind { net: net.clone(), learning, answering });
            }
        }
        forecast
    }

    /// A model has learned from so many digits.
    pub fn learned(&mut self, model: usize, digits: usize, ms: f64) {
        self.kinds[self.kind_of[model]].learning.note(digits, ms);
        self.noted_ms += ms;
    }

    /// A model was run on so many digits.
    pub fn answered(&mut self, model: usize, digits: usize, ms: f64) {
        if digits > 0 {
            self.kinds[self.kind_of[model]].answering.note(digits, ms);
            self.noted_ms += ms;
        }
    }

    /// What was noted in all, milliseconds.
    pub fn noted_ms(&self) -> f64 {
        self.noted_ms
    }

    /// Milliseconds for what is left; `None` while nothing was noted twice, which alone would tell.
    fn ms_for(&self, left: &[Left]) -> Option<f64> {
        let usual = self.ms_a_multiplication();
        let mut sum = 0.0;
        for (left, &kind) in left.iter().zip(&self.kind_of) {
            let Kind { net, learning, answering } = &self.kinds[kind];
            let (learning, answering) = (learning.pace(), answering.pace());
            let usual = usual.map(|ms| ms * net.network().multiply_adds() as f64);
            if left.learned > 0 {
                let pace = learning.or(usual.map(|ms| ms * PASSES_OF_LEARNING))?;
                sum += left.learned as f64 * pace;
            }
            if left.answered > 0 {
                let pace = answering.or(learning.map(|ms| ms / PASSES_OF_LEARNING)).or(usual)?;
                sum += left.answered as f64 * pace;
            }
        }
        Some(sum)
    }

    /// What a multiplication takes in the mean of all that was noted: all there is to go by for a network that has
    /// done nothing yet.
    fn ms_a_multiplication(&self) -> Option<f64> {
        let (mut ms, mut multiplications) = (0.0, 0.0);
        for Kind { net, learning, answering } in &self.kinds {
            ms += learning.ms + answering.ms;
            let digits = learning.digits * PASSES_OF_LEARNING + answering.digits;
            multiplications += digits * net.network().multiply_adds() as f64;
        }
        (multiplications > 0.0).then(|| ms / multiplications)
    }
}

/// What one model will ask another about its digits: of all that it asks for, what most digits lack.
pub(super) struct Ask {
    student: usize,
    teacher: usize,
    layer: String,
    digits: Asked,
}

enum Asked {
    /// In every epoch anew, since the digits are changed.
    Anew,
    /// Each once: so many were not kept when the session was set up, and so many others were.
    Once { missing: usize, kept: usize },
}

impl Session {
    pub(super) fn begin_forecast(&mut self, digits: &Digits) -> Result<()> {
        self.forecast = Forecast::new(self.nodes.iter().map(|node| &node.plan.net)).into();
        self.asks.clear();
        for (student, node) in self.nodes.iter().enumerate() {
            let plan = &node.plan;
            let asks = plan.asks();
            if asks.is_empty() {
                continue;
            }
            let ids: Vec<SampleId> = transfer_ids(&plan.transfer_set, self.config.data.set, digits)?;
            self.asks.extend(asks.into_iter().filter_map(|(teacher, layers)| {
                let outputs = &self.nodes[teacher].outputs;
                // All are of one pass: what most digits lack tells how many there will be.
                let missing = |layer: &&str| outputs.missing(layer, &ids).len();
                let (layer, missing) =
                    layers.into_iter().map(|layer| (layer, missing(&layer))).max_by_key(|most| most.1)?;
                let digits = match plan.transfer_set.changes_inputs() {
                    true => Asked::Anew,
                    false => Asked::Once { missing, kept: outputs.kept(layer) },
                };
                Some(Ask { student, teacher, layer: layer.to_owned(), digits })
            }));
        }
        Ok(())
    }

    /// Milliseconds of [`Session::advance`] until everything is done, as far as can be told; early stop ends it sooner.
    pub(super) fn remaining_ms(&self) -> Option<f64> {
        self.forecast.borrow().ms_for(&self.left())
    }

    fn left(&self) -> Vec<Left> {
        let mut left: Vec<Left> = self.nodes.iter().map(|node| self.left_of(node)).collect();
        // Several students ask about much the same digits.
        let mut once: HashMap<(usize, &str), usize> = HashMap::new();
        for Ask { student, teacher, layer, digits } in &self.asks {
            let node = &self.nodes[*student];
            if node.is_over() {
                continue;
            }
            match digits {
                Asked::Anew => left[*teacher].answered += left[*student].learned,
                Asked::Once { missing, kept } => {
                    let since = self.nodes[*teacher].outputs.kept(layer).saturating_sub(*kept);
                    let most = once.entry((*teacher, layer)).or_default();
                    *most = (*most).max(missing.saturating_sub(since));
                }
            }
        }
        for ((teacher, _), digits) in once {
            left[teacher].answered += digits;
        }
        left
    }

    /// What a model has to learn, and the digits it will be measured on.
    fn left_of(&self, node: &Node) -> Left {
        let Node { plan, progress, .. } = node;
        let measurements = match node.is_over() && !plan.pretrained {
            true => 0,
            false => (plan.training.epochs.max(1) as usize).saturating_sub(progress.epochs.len()),
        };
        let held_out = if plan.training.early_stop.is_some() { self.validation.len() } else { 0 };
        let measured = match progress.phase {
            Phase::Measuring => progress.evaluation.len() / plan.outputs(),
            _ => 0,
        };
        let steps = (node.steps_expected() - progress.step) as usize;
        Left {
            learned: steps * plan.training.batch_size as usize,
            answered: (measurements * (self.evaluated.len() + held_out + node.training_sample.len()))
                .saturating_sub(measured),
        }
    }

    /// Times a few steps of a model whose turn will come, if nothing tells yet what they will take: networks differ
    /// widely in what a multiplication takes. A GPU would have to compile shaders for it in the middle of a race.
    pub(super) async fn time_one_that_waits(&self) -> Result<()> {
        let unknown = self.nodes.iter().enumerate().find(|(index, node)| {
            let forecast = self.forecast.borrow();
            let is_known = forecast.kinds[forecast.kind_of[*index]].learning.pace().is_some();
            node.progress.phase == Phase::Waiting && !is_known
        });
        let is_worth_it = self.forecast.borrow().noted_ms() >= TIMED_AFTER_MS;
        let Some((index, node)) = unknown.filter(|_| is_worth_it && self.engine.kind == EngineKind::Cpu)
        else {
            return Ok(());
        };
        let Node { plan, .. } = node;
        let ms = time_model(&self.config, &plan.name, &plan.model, &self.engine).await?;
        let mut forecast = self.forecast.borrow_mut();
        let kind = forecast.kind_of[index];
        forecast.kinds[kind].learning.suppose(plan.training.batch_size as usize, ms);
        drop(forecast);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use pollster::block_on;

    use super::*;
    use crate::data::{IdxImages, IdxLabels, PIXELS, Split};
    use crate::experiment::checkpoint_store::CheckpointStore;
    use crate::experiment::config::Config;
    use crate::experiment::session::Budget;
    use crate::nets::Mlp;
    use crate::train::Engine;

    fn mlp(hidden: u32) -> Net {
        Net::Mlp(Mlp { hidden: vec![hidden], ..Mlp::default() })
    }

    fn forecast(hidden: &[u32]) -> Forecast {
        let nets: Vec<Net> = hidden.iter().map(|hidden| mlp(*hidden)).collect();
        Forecast::new(nets.iter())
    }

    /// A model learns from 100 digits, the second time in so long.
    fn learned(forecast: &mut Forecast, model: usize, ms: f64) {
        forecast.learned(model, 100, 9.0 * ms);
        forecast.learned(model, 100, ms);
    }

    fn near(told: Option<f64>, truth: f64) -> bool {
        told.is_some_and(|told| (told / truth - 1.0).abs() < 0.02)
    }

    #[test]
    fn nothing_is_told_before_anything_was_noted_and_nothing_left_takes_no_time() {
        let forecast = forecast(&[30]);
        assert_eq!(forecast.ms_for(&[Left { learned: 1, answered: 0 }]), None);
        assert_eq!(forecast.ms_for(&[Left { learned: 0, answered: 1 }]), None);
        assert_eq!(forecast.ms_for(&[Left::default()]), Some(0.0));
    }

    #[test]
    fn the_first_step_tells_nothing() {
        let mut forecast = forecast(&[30]);
        let left = [Left { learned: 1000, answered: 0 }];
        forecast.learned(0, 100, 900.0);
        assert_eq!(forecast.ms_for(&left), None);
        forecast.learned(0, 100, 10.0);
        assert!(near(forecast.ms_for(&left), 100.0));
    }

    /// Ten epochs of 100 steps of 128 digits. A teacher answers for each digit in the first: 1 ms a digit, where a step
    /// takes 10 ms. What is told after any step, the second on, is what the rest takes.
    #[test]
    fn a_first_epoch_in_which_a_teacher_answers_tells_the_truth_from_its_second_step_on() {
        let (teacher, student, batch) = (0, 1, 128);
        let mut forecast = forecast(&[1200, 30]);
        for step in 1..1000_usize {
            if step <= 100 {
                forecast.answered(teacher, batch, 128.0);
            }
            forecast.learned(student, batch, if step == 1 { 90.0 } else { 10.0 });
            let (steps, asked) = (1000 - step, 100_usize.saturating_sub(step));
            let left =
                [Left { learned: 0, answered: asked * batch }, Left { learned: steps * batch, answered: 0 }];
            let truth = asked as f64 * 128.0 + steps as f64 * 10.0;
            let told = forecast.ms_for(&left);
            assert_eq!(told.is_some(), step > 1);
            assert!(step == 1 || near(told, truth), "after {step} steps: {told:?} for {truth}");
        }
    }

    #[test]
    fn a_model_whose_turn_has_not_come_counts_by_its_multiplications_until_it_was_timed() {
        let mut forecast = forecast(&[100, 400, 100]);
        learned(&mut forecast, 0, 50.0);
        let left = |model: usize| {
            let mut left = [Left::default(); 3];
            left[model].learned = 1000;
            left
        };
        assert!(near(forecast.ms_for(&left(0)), 500.0));
        assert!(near(forecast.ms_for(&left(1)), 2000.0), "four times as wide");
        assert!(near(forecast.ms_for(&left(2)), 500.0), "the same network");
        learned(&mut forecast, 1, 120.0);
        assert!(near(forecast.ms_for(&left(1)), 1200.0));
        assert!(near(forecast.ms_for(&left(0)), 500.0), "and no other's pace changes");
    }

    #[test]
    fn being_measured_takes_a_third_of_learning_until_it_was_timed() {
        let mut forecast = forecast(&[30]);
        learned(&mut forecast, 0, 30.0);
        let left = [Left { learned: 0, answered: 1000 }];
        assert!(near(forecast.ms_for(&left), 100.0));
        forecast.answered(0, 1000, 90.0);
        forecast.answered(0, 1000, 40.0);
        assert!(near(forecast.ms_for(&left), 40.0));
    }

    #[test]
    fn a_change_of_pace_shows_within_seconds_and_never_at_a_leap() {
        let mut forecast = forecast(&[30]);
        for _ in 0..1000 {
            forecast.learned(0, 100, 10.0);
        }
        let left = [Left { learned: 100_000, answered: 0 }];
        let mut before = forecast.ms_for(&left).unwrap();
        assert!(near(Some(before), 10_000.0));
        for _ in 0..1000 {
            forecast.learned(0, 100, 40.0);
            let now = forecast.ms_for(&left).unwrap();
            assert!(now >= before * 0.999 && now < before * 1.05, "{before}, then {now}");
            before = now;
        }
        assert!(near(Some(before), 40_000.0), "{before}");
    }

    #[test]
    fn what_is_left_counts_every_digit_to_learn_to_be_measured_on_and_to_be_asked_about() {
        const CONFIG: &str = r#"{"version": 1, "data": {"evaluated": 3}, "transfer_set": {"digits": 4},
            "training": {"epochs": 2, "batch_size": 2}, "models": {
            "teacher": {"net": {"mlp": {"hidden": [2]}}},
            "student": {"net": {"mlp": {"hidden": [3]}}, "learns_from": [{"model": "teacher"}]}}}"#;
        let mut digits = Digits::empty();
        for split in [Split::Train, Split::Test] {
            let images = IdxImages::from_pixels("test", vec![7; 4 * PIXELS]).unwrap();
            let labels = IdxLabels::from_labels("test", vec![0, 1, 2, 3]).unwrap();
            digits.insert(split, 0, images, labels).unwrap();
        }
        let config = Config::from_json(CONFIG).unwrap();
        let mut session =
            Session::new(1, config, &digits, &Engine::cpu(), &CheckpointStore::default()).unwrap();
        let budget = |steps| Budget { ms: f64::INFINITY, steps };
        let left = |learned, answered| Left { learned, answered };
        assert_eq!(session.left(), [left(8, 6 + 4), left(8, 6)]);
        assert_eq!(session.remaining_ms(), None);
        let mut advance = |steps| {
            let advance = block_on(session.advance(&digits, budget(steps))).unwrap();
            (session.left(), advance.remaining_ms)
        };
        assert_eq!(advance(1), (vec![left(6, 6 + 4), left(8, 6)], None));
        let (now, told) = advance(1);
        assert_eq!(now, [left(4, 6 + 4), left(8, 6)], "the epoch is still to be measured");
        assert!(told.is_some_and(|ms| ms > 0.0), "from the second step on: {told:?}");
        // The teacher's last two steps, and the first of the student, which asks about a batch.
        assert_eq!(advance(3).0, [left(0, 2), left(6, 6)]);
        assert_eq!(advance(0), (vec![Left::default(); 2], Some(0.0)));
    }
}
