//! One model as a check sees it: with its name, and the config around it.

use std::fmt::Display;

use crate::experiment::config::{Config, Model, Training, TransferSet};

pub(in crate::experiment) struct Checked<'a> {
    pub config: &'a Config,
    pub name: &'a str,
    pub model: &'a Model,
}

impl<'a> Checked<'a> {
    /// Every model of a config.
    pub fn all(config: &'a Config) -> impl Iterator<Item = Self> {
        config.models.iter().map(move |(name, model)| Self { config, name, model })
    }

    /// The path of one of its fields.
    pub fn path(&self, field: impl Display) -> String {
        format!("models.{}.{field}", self.name)
    }

    /// Its own transfer set, or the experiment's, and where that stands.
    pub fn transfer_set(&self) -> (&'a TransferSet, String) {
        match &self.model.transfer_set {
            Some(own) => (own, self.path("transfer_set")),
            None => (&self.config.transfer_set, "transfer_set".to_owned()),
        }
    }

    /// How it is trained: its own way, or the experiment's.
    pub fn training(&self) -> &'a Training {
        self.model.training.as_ref().unwrap_or(&self.config.training)
    }
}
