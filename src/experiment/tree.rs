//! The family tree: who refers to whom, and in what order that can be made.

use indexmap::IndexMap;

use super::config::{Config, Init, Model, NetChoice};
use crate::distill::Imitation;
use crate::nets::{Cost, Net};

impl Model {
    /// Names of the models it refers to for its network, its initial weights and its objective, with the path of the
    /// field. Whom it imitates is one of its teachers, and not told again.
    pub(super) fn references(&self) -> Vec<(String, &str)> {
        let mut references = Vec::new();
        if let NetChoice::SameAs(other) = &self.net {
            references.push(("net.same_as".to_owned(), other.same_as.as_str()));
        }
        if let Some(Init::SameAs(other)) = &self.init {
            references.push(("init.same_as".to_owned(), other.as_str()));
        }
        if let Some(Init::Derive(derive)) = &self.init {
            references.push(("init.derive.from".to_owned(), derive.from.as_str()));
        }
        for (index, way) in self.compress.iter().enumerate() {
            if let Some((field, other)) = way.looks_at() {
                references.push((format!("compress[{index}].{field}"), other));
            }
        }
        if let Some(theseus) = &self.replaces {
            references.push(("replaces.model".to_owned(), theseus.model.as_str()));
        }
        for (index, source) in self.learns_from.iter().enumerate() {
            references.push((format!("learns_from[{index}].model"), source.model.as_str()));
        }
        references
    }
}

impl Model {
    /// The name of the teacher that an imitation is of: the one it names, or the only one.
    pub(super) fn imitated<'a>(&'a self, imitation: &'a Imitation) -> Option<&'a str> {
        match (&imitation.of, &self.learns_from[..]) {
            (Some(of), sources) => sources.iter().find(|source| source.model == *of).map(|_| of.as_str()),
            (None, [source]) => Some(&source.model),
            (None, _) => None,
        }
    }
}

impl Config {
    /// Model names so that each comes after those it refers to; the names in a cycle are left out.
    pub(super) fn order(&self) -> Vec<String> {
        let mut order: Vec<String> = Vec::new();
        loop {
            let ready = self.models.iter().find(|(name, model)| {
                !order.contains(*name)
                    && model.references().iter().all(|(_, other)| order.iter().any(|done| done == other))
            });
            match ready {
                Some((name, _)) => order.push(name.clone()),
                None => return order,
            }
        }
    }

    /// The network of every model, references followed, with the outputs of its tasks. For a valid config.
    pub fn nets(&self) -> IndexMap<String, Net> {
        let mut nets: IndexMap<String, Net> = IndexMap::new();
        for name in self.order() {
            let net = match &self.models[&name].net {
                NetChoice::Own(net) => net.clone(),
                NetChoice::SameAs(other) => nets[&other.same_as].clone(),
            };
            let outputs = self.models[&name].heads().last().map_or(0, |head| head.outputs.end);
            nets.insert(name, net.with_outputs(outputs));
        }
        self.models.keys().filter_map(|name| nets.get(name).map(|net| (name.clone(), net.clone()))).collect()
    }

    /// What every model takes, by name. For a valid config.
    pub fn costs(&self) -> IndexMap<String, Cost> {
        self.nets().into_iter().map(|(name, net)| (name, net.cost())).collect()
    }
}
