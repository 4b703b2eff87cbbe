//! The raw record beside the table of methods: what the page shows under a recipe comes from it, and from nowhere else.

use std::path::Path;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::cli::report::{Pair, Spread, Verdict, last, seconds};
use crate::cli::{failed, write};
use crate::data::sha256_hex;
use crate::error::Result;
use crate::experiment::{Compare, Config, Init, Record, recipes};
use crate::json;

/// A recipe as it was measured. Lists have an entry for each seed, null where an error stopped a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    pub recipe: String,
    /// The model that the recipe is about.
    pub model: String,
    /// Of the config that ran, an added control in it, under the first seed: [`digest`].
    pub digest: String,
    /// The shipped teachers that spoke, by name, with the SHA-256 of their weights as their cards have it.
    pub teachers: IndexMap<String, String>,
    pub version: String,
    pub engine: String,
    pub target: String,
    /// Test digits.
    pub evaluated: u32,
    pub seeds: Vec<u32>,
    /// Wrong test digits after the last epoch, by model.
    pub errors: IndexMap<String, Vec<Option<u32>>>,
    /// That model against each of the others, on the same digits.
    pub against: IndexMap<String, Against>,
    /// Share of the test digits on which the model's first choice is its teachers', over the seeds; none where it has none.
    pub agreement: Option<f64>,
    /// What training and measuring the model took, over the seeds.
    pub seconds: f64,
}

/// McNemar's exact test, seed by seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Against {
    pub only_model_wrong: Vec<Option<u32>>,
    pub only_other_wrong: Vec<Option<u32>>,
    pub p: Vec<Option<f64>>,
}

impl Measured {
    /// Of a recipe's records, one a seed.
    pub fn of(recipe: &str, Compare { model, against }: &Compare, records: &[Record]) -> Self {
        let Record { config, environment, .. } = &records[0];
        let agreement = Spread::of(records, |record| {
            let last = last(record, model)?;
            Some(f64::from(last.agreement?) / f64::from(last.evaluated))
        });
        let errors = |name: &str| records.iter().map(|record| Some(last(record, name)?.errors)).collect();
        let teachers = config.models.iter().filter_map(|(name, model)| match &model.init {
            Some(Init::Pretrained(shipped)) => {
                Some((shipped.clone(), records[0].models[name].weights_digest.clone()))
            }
            _ => None,
        });
        Self {
            recipe: recipe.to_owned(),
            model: model.clone(),
            digest: digest(config),
            teachers: teachers.collect(),
            version: environment.crate_version.clone(),
            engine: environment.engine.clone(),
            target: environment.target.clone(),
            evaluated: records.iter().find_map(|record| last(record, model)).map_or(0, |last| last.evaluated),
            seeds: records.iter().map(|record| record.config.seed).collect(),
            errors: [model].into_iter().chain(against).map(|name| (name.clone(), errors(name))).collect(),
            against: against
                .iter()
                .map(|other| (other.clone(), Against::of(records, model, other)))
                .collect(),
            agreement: (!agreement.is_empty()).then_some(agreement.mean),
            seconds: Spread::of(records, |record| last(record, model).map(|_| seconds(record, model))).mean,
        }
    }

    /// The model's errors, or another's, over the seeds.
    pub fn spread(&self, name: &str) -> Spread {
        let errors = self.errors.get(name).map_or(&[][..], Vec::as_slice);
        Spread::over(&errors.iter().map(|errors| errors.map(f64::from)).collect::<Vec<_>>())
    }
}

impl Against {
    fn of(records: &[Record], model: &str, other: &str) -> Self {
        let pairs: Vec<Option<Pair>> = records.iter().map(|record| Pair::of(record, model, other)).collect();
        let each = |count: fn(&Pair) -> u32| pairs.iter().map(|pair| pair.as_ref().map(count)).collect();
        Self {
            only_model_wrong: each(|pair| pair.only_a_wrong),
            only_other_wrong: each(|pair| pair.only_b_wrong),
            p: pairs.iter().map(|pair| pair.as_ref().map(|pair| pair.p)).collect(),
        }
    }

    pub fn verdict(&self) -> Verdict {
        let seeds = self.only_model_wrong.iter().zip(&self.only_other_wrong).zip(&self.p);
        let pairs = seeds.filter_map(|((model, other), p)| {
            Some(Pair { only_a_wrong: (*model)?, only_b_wrong: (*other)?, p: (*p)? })
        });
        Verdict::over(pairs.collect())
    }
}

/// SHA-256 of a config's JSON with every default filled in, hexadecimal: the event `started` tells the same.
pub fn digest(config: &Config) -> String {
    sha256_hex(&serde_json::to_vec(config).unwrap_or_default())
}

/// Puts these into the file in place of those of the same recipes, and leaves the others as they stand; answers all. A
/// recipe that is no more goes.
///
/// # Errors
/// For a file that cannot be read or written, or holds something else.
pub fn update(path: &Path, measured: Vec<Measured>) -> Result<Vec<Measured>> {
    let before: Vec<Measured> = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        read => json::read(&path.display().to_string(), &read.map_err(failed(path))?)?,
    };
    let names = recipes().into_iter().map(|recipe| recipe.name);
    let all = merged(names, before, measured);
    write(path, text(&all).as_bytes())?;
    Ok(all)
}

/// In the order of the names, the new one of each, else the old one.
fn merged(
    names: impl Iterator<Item = String>,
    before: Vec<Measured>,
    measured: Vec<Measured>,
) -> Vec<Measured> {
    let by_name = |all: Vec<Measured>| all.into_iter().map(|one| (one.recipe.clone(), one));
    let mut all: IndexMap<String, Measured> = by_name(before).chain(by_name(measured)).collect();
    names.filter_map(|name| all.swap_remove(&name)).collect()
}

/// A recipe a line, so that a difference between two versions is read by recipe.
fn text(all: &[Measured]) -> String {
    let lines: Vec<String> = all.iter().filter_map(|one| serde_json::to_string(one).ok()).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(recipe: &str, version: &str) -> Measured {
        Measured {
            recipe: recipe.to_owned(),
            model: "student".to_owned(),
            digest: String::new(),
            teachers: IndexMap::new(),
            version: version.to_owned(),
            engine: "cpu".to_owned(),
            target: "x86_64".to_owned(),
            evaluated: 10_000,
            seeds: vec![1, 2],
            errors: [("student".to_owned(), vec![Some(3), None])].into(),
            against: IndexMap::new(),
            agreement: Some(0.5),
            seconds: 2.5,
        }
    }

    #[test]
    fn new_rows_replace_those_of_their_recipes_in_the_order_of_the_recipes() {
        let all = |rows: &[(&str, &str)]| -> Vec<Measured> {
            rows.iter().map(|(name, version)| measured(name, version)).collect()
        };
        let names = ["a", "b", "c"].map(str::to_owned).into_iter();
        let before = all(&[("gone", "1"), ("c", "1"), ("a", "1")]);
        let found = merged(names, before, all(&[("b", "2"), ("a", "2")]));
        assert_eq!(found, all(&[("a", "2"), ("b", "2"), ("c", "1")]));
    }

    #[test]
    fn a_record_has_a_line_for_each_recipe_and_reads_back() {
        let all = vec![measured("a", "1"), measured("b", "1")];
        let text = text(&all);
        assert_eq!(text.lines().count(), 4);
        assert_eq!(json::read::<Vec<Measured>>("methods.json", &text).unwrap(), all);
    }
}
