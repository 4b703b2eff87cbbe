//! What a model of a session would get wrong, and take, if its weights were held small: at once, and without training.

use serde::Serialize;

use super::Session;
use super::measuring::{MEASURED_AT_ONCE, check_loaded, labels_of};
use super::node::Node;
use crate::compress::{Compression, Held, Stored, shallower};
use crate::data::{Batch, Digits, PIXELS};
use crate::error::{Allowed, Error, Problem, Result};
use crate::measure::{self, Histogram};
use crate::nets::{Checkpoint, Parameter, ParameterKind};
use crate::report::Report;
use crate::train::{Learner, Requirements};

/// A model whose weights are held small as they are, like a derived and frozen one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Compressed {
    /// Wrong digits among `evaluated`, in its first task.
    pub errors: u32,
    /// How many digits it was measured on: those that the session measures on.
    pub evaluated: u32,
    /// Ends of the 95 % Wilson score interval of the error count.
    pub errors_interval: [f64; 2],
    pub stored: Stored,
    /// The parameters that are held small, from the input on.
    pub layers: Vec<CompressedLayer>,
}

/// One parameter of a model before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct CompressedLayer {
    /// Dotted name, as in a checkpoint: `layers.0.weight`.
    pub name: String,
    pub before: Histogram,
    pub after: Histogram,
    /// For weights from each of the 784 pixels to every unit: the share of those of a pixel that are not zero.
    pub kept_of_pixels: Option<Vec<f32>>,
}

impl CompressedLayer {
    fn of(parameter: &Parameter, before: &[f32], after: &[f32]) -> Self {
        let edge = before.iter().chain(after).fold(0.0_f32, |edge, weight| edge.max(weight.abs()));
        let sees_pixels = parameter.kind == ParameterKind::Dense && parameter.shape[0] == PIXELS;
        let kept_of =
            |units: &[f32]| units.iter().filter(|weight| **weight != 0.0).count() as f32 / units.len() as f32;
        Self {
            name: parameter.name.clone(),
            before: Histogram::of(before, edge),
            after: Histogram::of(after, edge),
            kept_of_pixels: sees_pixels.then(|| after.chunks(after.len() / PIXELS).map(kept_of).collect()),
        }
    }
}

/// A network of this depth, or the refusal of it.
fn cut(whole: &Checkpoint, depth: u32) -> Result<Checkpoint> {
    shallower(whole, depth).ok_or_else(|| {
        let max = (1..).take_while(|depth| shallower(whole, *depth).is_some()).last().unwrap_or(0);
        let allowed = Allowed::MostLayers { max };
        Error::Config {
            problems: vec![Problem { path: "depth".to_owned(), value: depth.to_string(), allowed }],
        }
    })
}

impl Session {
    /// A model as it is now, its weights held to these ways beside its own; with `depth`, of so many of its layers.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the names there are; [`Error::Config`] for ways that are not allowed and a depth that the
    /// network cannot have; [`Error::DigitsMissing`]; [`Error::Engine`] when the engine fails.
    pub async fn compressed(
        &self,
        name: &str,
        ways: &[Compression],
        depth: Option<u32>,
        digits: &Digits,
    ) -> Result<Compressed> {
        let node = self.node(name)?;
        let whole = node.checkpoint().await?;
        let before = match depth {
            Some(depth) => cut(&whole, depth)?,
            None => whole,
        };
        self.check_ways(&before, ways)?;
        let all: Vec<Compression> = node.plan.model.compress.iter().chain(ways).cloned().collect();
        let held = Held::new(&all, &before.net, self.config.seed, false);
        let weights = self.held_to(&before, ways, held.as_ref()).await?;
        let after = Checkpoint { weights, net: before.net.clone() };
        // Whoever is held to few bits may be asked otherwise than one that happens to have such weights.
        let requirements = Requirements { held, ..Requirements::default() };
        let learner = Learner::meeting(requirements, after.net.clone(), after.weights.clone(), &self.engine);
        let errors = self.errors_of(node, &learner, digits).await?;
        let evaluated = self.evaluated.len() as u32;
        let layout = after.net.layout();
        let held = layout.iter().filter(|(parameter, _)| crate::compress::is_held(parameter));
        let layers = held.map(|(parameter, range)| {
            CompressedLayer::of(parameter, &before.weights[range.clone()], &after.weights[range])
        });
        Ok(Compressed {
            errors,
            evaluated,
            errors_interval: measure::wilson_interval(errors, evaluated),
            layers: layers.collect(),
            stored: Stored::of(name, &after, &all)?,
        })
    }

    fn check_ways(&self, checkpoint: &Checkpoint, ways: &[Compression]) -> Result<()> {
        let mut report = Report::default();
        for (index, way) in ways.iter().enumerate() {
            let path = format!("compress[{index}]");
            way.check(&path, &mut report);
            let other = way.looks_at().map(|(_, other)| self.node(other)).transpose()?;
            way.check_network(&path, &checkpoint.net, other.map(|other| &other.plan.net), &mut report);
        }
        if report.problems.is_empty() { Ok(()) } else { Err(Error::Config { problems: report.problems }) }
    }

    async fn held_to(
        &self,
        checkpoint: &Checkpoint,
        ways: &[Compression],
        held: Option<&Held>,
    ) -> Result<Vec<f32>> {
        let Checkpoint { net, weights } = checkpoint;
        let mut weights = weights.clone();
        for way in ways {
            if let Some((_, other)) = way.looks_at() {
                way.begin(&net.layout(), &mut weights, &self.node(other)?.learner.weights().await?);
            }
        }
        Ok(match held {
            Some(held) => {
                held.begin(&mut weights);
                held.computed(&weights)
            }
            None => weights,
        })
    }

    async fn errors_of(&self, node: &Node, learner: &Learner, digits: &Digits) -> Result<u32> {
        check_loaded(&self.evaluated, digits)?;
        let task = node.plan.heads[0].task;
        let mut errors = 0;
        for ids in self.evaluated.chunks(MEASURED_AT_ONCE) {
            let logits = learner.logits(Batch::gather(digits, ids)?.pixels).await?;
            let classes = task.classes_of(&labels_of(ids, digits));
            errors += measure::wrong(&node.plan.predictions_of(0, &logits), &classes).len() as u32;
        }
        Ok(errors)
    }
}
