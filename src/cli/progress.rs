//! The progress of a run on standard error: a bar on a terminal, a line an epoch elsewhere.

use indexmap::IndexMap;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::drive::warnings;
use crate::experiment::{Advance, Ended, Event};

/// Tells how far a run has come.
pub struct Progress {
    bar: ProgressBar,
    is_quiet: bool,
    /// Epochs and errors by model.
    models: IndexMap<String, Standing>,
}

#[derive(Default)]
struct Standing {
    epochs: u32,
    epoch: u32,
    errors: Option<u32>,
}

impl Progress {
    /// A bar that is not drawn yet; `is_quiet` leaves warnings alone.
    pub fn new(is_quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(
            Some(0),
            match is_quiet {
                true => ProgressDrawTarget::hidden(),
                false => ProgressDrawTarget::stderr(),
            },
        );
        let style = ProgressStyle::with_template("{bar:24} {percent:>3} %  {msg}  {eta} left");
        // The template is a constant that a unit test reads.
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, is_quiet, models: IndexMap::new() }
    }

    /// Shows what happened.
    pub fn show(&mut self, advance: &Advance) {
        for event in &advance.events {
            self.note(event);
        }
        for warning in warnings(&advance.events) {
            self.bar.suspend(|| eprintln!("warning: {warning}"));
        }
        self.bar.set_length(advance.steps_total.into());
        self.bar.set_position(advance.steps_done.into());
        self.bar.set_message(self.message());
        if advance.finished {
            self.bar.finish_and_clear();
        }
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::Started { models, .. } => {
                self.models = models
                    .iter()
                    .map(|model| {
                        (model.name.clone(), Standing { epochs: model.epochs, ..Standing::default() })
                    })
                    .collect();
            }
            Event::Epoch { model, measures, .. } => {
                let standing = self.models.entry(model.clone()).or_default();
                (standing.epoch, standing.errors) = (measures.epoch, Some(measures.errors));
                if self.bar.is_hidden() && !self.is_quiet {
                    let (epoch, epochs) = (standing.epoch, standing.epochs);
                    let (errors, evaluated) = (measures.errors, measures.evaluated);
                    eprintln!("{model}: epoch {epoch}/{epochs}, {errors} errors of {evaluated}");
                }
            }
            Event::ModelDone { model, ended, .. } => {
                let (epoch, epochs) = self.done(model);
                if *ended == Ended::PatienceSpent && !self.is_quiet {
                    let told = format!("{model}: stopped early after epoch {epoch} of {epochs}");
                    self.bar.suspend(|| eprintln!("{told}"));
                }
            }
            Event::Warning { model: Some(model), .. } => drop(self.done(model)),
            _ => {}
        }
    }

    /// Notes that a model trains no further; answers how many epochs it had, and of how many.
    fn done(&mut self, model: &str) -> (u32, u32) {
        let standing = self.models.entry(model.to_owned()).or_default();
        let epochs = std::mem::replace(&mut standing.epochs, standing.epoch);
        (standing.epoch, epochs)
    }

    /// The epoch of the slowest model in training, and the errors of all.
    fn message(&self) -> String {
        let training = self.models.values().filter(|standing| standing.epoch < standing.epochs);
        let epoch = training.min_by_key(|standing| standing.epoch);
        let epoch = epoch.map(|s| format!("epoch {}/{}", s.epoch + 1, s.epochs));
        let errors = self.models.iter().filter_map(|(name, s)| Some(format!("{name} {}", s.errors?)));
        let errors = errors.collect::<Vec<_>>().join(", ");
        let errors = (!errors.is_empty()).then(|| format!("errors: {errors}"));
        [epoch, errors].into_iter().flatten().collect::<Vec<_>>().join("  ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::Stored;
    use crate::data::Task;
    use crate::experiment::StartedModel;
    use crate::nets::Cost;

    #[test]
    fn the_message_tells_epoch_and_errors() {
        let mut progress = Progress::new(true);
        assert!(ProgressStyle::with_template("{bar:24} {percent:>3} %  {msg}  {eta} left").is_ok());
        let model = |name: &str, epochs| StartedModel {
            name: name.to_owned(),
            cost: Cost { weights: 1, bytes: 4, multiply_adds: 1 },
            tasks: vec![Task::Digit],
            learns_from: vec![],
            pretrained: epochs == 0,
            steps: epochs,
            epochs,
        };
        let models = vec![model("teacher", 0), model("student", 10)];
        progress.note(&Event::Started { session: 1, models, digest: String::new() });
        assert_eq!(progress.message(), "epoch 1/10");
        let errors = |name: &str, errors| {
            let standing = Standing { epochs: 10, epoch: 3, errors: Some(errors) };
            (name.to_owned(), standing)
        };
        progress.models.extend([errors("student", 412)]);
        assert_eq!(progress.message(), "epoch 4/10  errors: student 412");
        let model = "student".to_owned();
        progress.note(&Event::ModelDone {
            session: 1,
            model,
            ended: Ended::PatienceSpent,
            stored: Stored::default(),
        });
        assert_eq!(progress.message(), "errors: student 412", "no epoch is to come");
    }
}
