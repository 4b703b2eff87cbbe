//! Validation: every problem of a config at once, each with its path, its value and what is allowed.

use super::config::{
    Config, Init, Model, NetChoice, Objective, Pictures, TaskSet, Training, TransferSet, VERSION,
};
use crate::bounds::{self, Bounds};
use crate::data::{CLASSES, FASHION_PICTURES};
use crate::distill::Combine;
use crate::error::{Error, Problem, Result};
use crate::report::Report;

/// Training digits there are before validation digits are held out.
const TRAIN_DIGITS: u32 = 60_000;

impl Config {
    /// Reads a config from JSON.
    ///
    /// # Errors
    /// [`Error::Parse`] naming the field that cannot be read.
    pub fn from_json(text: &str) -> Result<Self> {
        let mut reader = serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut reader).map_err(|error| Error::Parse {
            what: "config".to_owned(),
            path: error.path().to_string(),
            reason: error.inner().to_string(),
        })
    }

    /// Refuses a config that cannot run.
    ///
    /// # Errors
    /// [`Error::Config`] with every problem.
    pub fn validate(&self) -> Result<()> {
        match self.problems() {
            problems if problems.is_empty() => Ok(()),
            problems => Err(Error::Config(problems)),
        }
    }

    /// Everything that is wrong with it; empty when it can run.
    pub fn problems(&self) -> Vec<Problem> {
        let mut report = Report::default();
        if self.version != VERSION {
            report.add("version", &self.version, format!("{VERSION}"));
        }
        report.number("data.validation", self.data.validation.into(), bounds::VALIDATION_DIGITS);
        report.number("data.evaluated", self.data.evaluated.into(), bounds::EVALUATED_DIGITS);
        self.transfer_set.check("transfer_set", self, &mut report);
        self.training.check("training", self, &mut report);
        report.number("models (their number)", self.models.len() as f64, bounds::MODELS);
        for (name, model) in &self.models {
            model.check(name, self, &mut report);
        }
        self.check_cycles(&mut report);
        report.0
    }

    fn check_cycles(&self, report: &mut Report) {
        let order = self.order();
        for (name, model) in &self.models {
            let known = model.references().iter().all(|(_, other)| self.models.contains_key(*other));
            if known && !order.contains(name) {
                let others: Vec<&str> = model.references().iter().map(|(_, other)| *other).collect();
                let allowed = "references without a cycle: no model may depend on itself".to_owned();
                report.add(&format!("models.{name}"), &others, allowed);
            }
        }
    }
}

impl TransferSet {
    fn check(&self, path: &str, config: &Config, report: &mut Report) {
        let most = match self.pictures {
            Pictures::Mnist => TRAIN_DIGITS.saturating_sub(config.data.validation),
            Pictures::Fashion => FASHION_PICTURES,
            Pictures::Own => TRAIN_DIGITS,
        };
        if !self.pictures.split().labels_are_digits() && !self.leave_out.is_empty() {
            let allowed = "empty, as the labels of these pictures are no digits".to_owned();
            report.add(&format!("{path}.leave_out"), &self.leave_out, allowed);
        }
        let range = Bounds { max: most.into(), ..bounds::TRANSFER_DIGITS };
        report.number(&format!("{path}.digits"), self.digits.into(), range);
        report.number(&format!("{path}.jitter_px"), self.jitter_px.into(), bounds::JITTER_PX);
        report.number(&format!("{path}.unlabelled"), self.unlabelled, bounds::SHARE);
        for (index, augmentation) in self.augment.iter().enumerate() {
            augmentation.check(&format!("{path}.augment[{index}]"), report);
        }
        for (index, &class) in self.leave_out.iter().enumerate() {
            report.number(&format!("{path}.leave_out[{index}]"), class.into(), bounds::CLASS);
        }
        if (0..10).all(|class| self.leave_out.contains(&class)) {
            report.add(&format!("{path}.leave_out"), &self.leave_out, "at most nine classes".to_owned());
        }
    }
}

impl Training {
    fn check(&self, path: &str, config: &Config, report: &mut Report) {
        report.number(&format!("{path}.epochs"), self.epochs.into(), bounds::EPOCHS);
        report.number(&format!("{path}.batch_size"), self.batch_size.into(), bounds::BATCH_SIZE);
        report.number(&format!("{path}.weight_decay"), self.weight_decay, bounds::WEIGHT_DECAY);
        report.number(&format!("{path}.layer_decay"), self.layer_decay, bounds::LAYER_DECAY);
        if let Some(max_norm) = self.max_norm {
            report.number(&format!("{path}.max_norm"), max_norm, bounds::MAX_NORM);
        }
        self.learning_rate.check(&format!("{path}.learning_rate"), bounds::LEARNING_RATE, report);
        self.optimiser.check(&format!("{path}.optimiser"), report);
        if let Some(patience) = self.early_stop {
            report.number(&format!("{path}.early_stop"), patience.into(), bounds::PATIENCE);
            if config.data.validation == 0 {
                let allowed = "absent, as data.validation holds no digits out".to_owned();
                report.add(&format!("{path}.early_stop"), &patience, allowed);
            }
        }
    }
}

impl Model {
    fn check(&self, name: &str, config: &Config, report: &mut Report) {
        let path = format!("models.{name}");
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
        if !starts_well || name.len() > 32 || !name.chars().all(letters) {
            let allowed = "1 to 32 of a–z, 0–9, - and _, a letter first".to_owned();
            report.add("models (a name)", &name, allowed);
        }
        for (field, other) in self.references() {
            if !config.models.contains_key(other) {
                let names: Vec<&str> = config.models.keys().map(String::as_str).collect();
                report.add(&format!("{path}.{field}"), &other, format!("one of {}", names.join(", ")));
            }
        }
        if let NetChoice::Own(net) = &self.net {
            net.check(&format!("{path}.net"), report);
        }
        self.check_tasks(&path, config, report);
        self.check_start(&path, config, report);
        for (index, source) in self.learns_from.iter().enumerate() {
            let path = format!("{path}.learns_from[{index}].weight");
            report.number(&path, source.weight, bounds::TEACHER_WEIGHT);
        }
        self.objective.check(&format!("{path}.objective"), report);
        self.check_lessons(&path, name, config, report);
        if let Some(own) = &self.transfer_set {
            own.check(&format!("{path}.transfer_set"), config, report);
        }
        if let Some(own) = &self.training {
            own.check(&format!("{path}.training"), config, report);
        }
    }

    /// Its tasks, against what its teachers can tell.
    fn check_tasks(&self, path: &str, config: &Config, report: &mut Report) {
        if self.tasks.is_empty() {
            report.add(&format!("{path}.tasks"), &self.tasks, "at least one task".to_owned());
        }
        let names =
            |tasks: &[TaskSet]| tasks.iter().map(|set| set.task.name()).collect::<Vec<_>>().join(" or ");
        let outputs = self.heads().last().map_or(0, |head| head.outputs.end);
        if let NetChoice::Own(net) = &self.net
            && ![outputs, CLASSES].contains(&net.outputs())
        {
            let allowed = format!("absent: {outputs} follow from the model's tasks");
            report.add(&format!("{path}.net (its outputs)"), &net.outputs(), allowed);
        }
        for (index, set) in self.tasks.iter().enumerate() {
            let path = format!("{path}.tasks[{index}]");
            if let Some(digits) = set.digits {
                report.number(&format!("{path}.digits"), digits.into(), bounds::TRANSFER_DIGITS);
            }
            if self.tasks[..index].iter().any(|before| before.task == set.task) {
                report.add(&format!("{path}.task"), &set.task, "a task that is not there already".to_owned());
            }
        }
        let mut is_understood = true;
        let known: Vec<(usize, &Model)> = (0..self.learns_from.len())
            .filter_map(|index| Some((index, config.models.get(&self.learns_from[index].model)?)))
            .collect();
        let shares = |other: &Model| other.tasks.iter().any(|set| self.tells(set.task));
        for (index, _) in known.iter().filter(|(_, teacher)| !shares(teacher)) {
            is_understood = false;
            let fit = config.models.iter().filter(|(_, other)| !std::ptr::eq(*other, self) && shares(other));
            let fit: Vec<&str> = fit.map(|(name, _)| name.as_str()).collect();
            let allowed = format!("a model that tells {}: {}", names(&self.tasks), fit.join(", "));
            report.add(
                &format!("{path}.learns_from[{index}].model"),
                &self.learns_from[*index].model,
                allowed,
            );
        }
        for (index, set) in self.tasks.iter().enumerate() {
            let is_taught = known.iter().any(|(_, teacher)| teacher.tells(set.task));
            if is_understood && !known.is_empty() && !is_taught {
                let told: Vec<String> = known.iter().map(|(_, teacher)| names(&teacher.tasks)).collect();
                let allowed = format!("tasks that a teacher of it tells: {}", told.join(", "));
                report.add(&format!("{path}.tasks[{index}].task"), &set.task, allowed);
            }
        }
    }

    /// What a taught model is to learn, against who teaches it and on what.
    fn check_lessons(&self, path: &str, name: &str, config: &Config, report: &mut Report) {
        let objective = &self.objective;
        let nets = config.nets();
        for (index, imitation) in objective.imitates.iter().enumerate() {
            let path = format!("{path}.objective.imitates[{index}]");
            imitation.weight.check(&format!("{path}.weight"), bounds::IMITATION_WEIGHT, report);
            let batch_size = self.training.as_ref().unwrap_or(&config.training).batch_size;
            if let Some(largest) = imitation.by.largest_batch().filter(|largest| batch_size > *largest) {
                let allowed = format!("another likeness, or training.batch_size of at most {largest}");
                report.add(&format!("{path}.by"), &imitation.by, allowed);
            }
            match self.imitated(imitation).map(|of| (nets.get(name), nets.get(of))) {
                Some((Some(own), Some(theirs))) => imitation.check(&path, own, theirs, report),
                Some(_) => {}
                None => {
                    let names: Vec<&str> = self.learns_from.iter().map(|s| s.model.as_str()).collect();
                    let allowed = match names.is_empty() {
                        true => "no imitation, as this model learns from nobody".to_owned(),
                        false => format!("one of its teachers: {}", names.join(", ")),
                    };
                    report.add(&format!("{path}.of"), &imitation.of, allowed);
                }
            }
        }
        self.check_labels(path, config, report);
        if objective.soft.compares_logits() {
            if let Some(ablation) = objective.ablation {
                let allowed = "absent, as logit_mse compares logits, not probabilities".to_owned();
                report.add(&format!("{path}.objective.ablation"), &ablation, allowed);
            }
            if self.learns_from.len() > 1 && self.combine != Combine::MeanOfLogits {
                let allowed = "mean_of_logits, as logit_mse compares logits".to_owned();
                report.add(&format!("{path}.combine"), &self.combine, allowed);
            }
        }
    }

    /// What it learns from labels, against whether its transfer set has them.
    fn check_labels(&self, path: &str, config: &Config, report: &mut Report) {
        let objective = &self.objective;
        let set = config.transfer_set_of(self);
        let has_digits = set.pictures.split().labels_are_digits();
        let is_pretrained = matches!(self.init, Some(Init::Pretrained(_)));
        if !has_digits && self.learns_from.is_empty() && !is_pretrained {
            let path = match self.transfer_set {
                Some(_) => format!("{path}.transfer_set.pictures"),
                None => "transfer_set.pictures".to_owned(),
            };
            let allowed =
                "mnist or own for a model that learns from nobody, as it learns from labels".to_owned();
            report.add(&path, &set.pictures, allowed);
        }
        let why = match has_digits {
            true if set.unlabelled > 0.0 => "transfer_set.unlabelled hides some",
            true => return,
            false => "the labels of transfer_set.pictures are no digits",
        };
        if self.learns_from.is_empty() {
            return;
        }
        if objective.soft.needs_labels() {
            let allowed = format!("a soft term without labels, as {why}");
            report.add(&format!("{path}.objective.soft"), &objective.soft, allowed);
        }
        if let Some(ablation) = objective.ablation.filter(|ablation| ablation.needs_labels()) {
            report.add(
                &format!("{path}.objective.ablation"),
                &ablation,
                format!("one without labels, as {why}"),
            );
        }
    }

    fn check_start(&self, path: &str, config: &Config, report: &mut Report) {
        match &self.init {
            Some(Init::Pretrained(name)) if !self.learns_from.is_empty() => {
                let allowed = "absent, as a model that learns from others is trained here".to_owned();
                report.add(&format!("{path}.init.pretrained"), name, allowed);
            }
            Some(Init::Derive(derive)) if config.models.contains_key(&derive.from) => {
                let nets = config.nets();
                let own = nets.iter().find(|(name, _)| path.ends_with(&format!(".{name}")));
                if let (Some((_, net)), Some(source)) = (own, nets.get(&derive.from)) {
                    derive.by.check(&format!("{path}.init.derive.by"), net, source, report);
                }
                if derive.frozen && !self.learns_from.is_empty() {
                    let allowed = "false, as a model that learns from others is trained".to_owned();
                    report.add(&format!("{path}.init.derive.frozen"), &derive.frozen, allowed);
                }
            }
            Some(Init::SameAs(other)) if config.models.contains_key(other) => {
                let nets = config.nets();
                let own = nets.iter().find(|(name, _)| path.ends_with(&format!(".{name}")));
                if own.is_some_and(|(_, net)| nets.get(other).is_some_and(|theirs| theirs != net)) {
                    let allowed = "a model with the same network".to_owned();
                    report.add(&format!("{path}.init.same_as"), other, allowed);
                }
            }
            _ => {}
        }
    }
}

impl Objective {
    fn check(&self, path: &str, report: &mut Report) {
        self.hard_weight.check(&format!("{path}.hard_weight"), bounds::HARD_WEIGHT, report);
        if let Some(weight) = &self.soft_weight {
            weight.check(&format!("{path}.soft_weight"), bounds::SOFT_WEIGHT, report);
        }
        self.temperature.check(&format!("{path}.temperature"), bounds::TEMPERATURE, report);
        report.number(&format!("{path}.label_smoothing"), self.label_smoothing, bounds::LABEL_SMOOTHING);
        self.soft.check(&format!("{path}.soft"), report);
    }
}
