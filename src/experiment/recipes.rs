//! Recipes: prepared experiments, each a file of its own in `recipes/` and a line in [`FILES`].

use serde::{Deserialize, Serialize};

use super::{Config, EvaluateOn};
use crate::error::{Error, Named, Result};
use crate::json;

/// Every recipe, in the order they are offered.
const FILES: &[(&str, &str)] = &[
    ("same-labels", include_str!("recipes/same-labels.json")),
    ("first-race", include_str!("recipes/first-race.json")),
    ("data-or-distillation", include_str!("recipes/data-or-distillation.json")),
    ("without-t-squared", include_str!("recipes/without-t-squared.json")),
    ("logit-matching", include_str!("recipes/logit-matching.json")),
    ("fitnets-hint", include_str!("recipes/fitnets-hint.json")),
    ("patient", include_str!("recipes/patient.json")),
    ("cosine-embedding", include_str!("recipes/cosine-embedding.json")),
    ("relations", include_str!("recipes/relations.json")),
    ("kl-direction", include_str!("recipes/kl-direction.json")),
    ("decoupled", include_str!("recipes/decoupled.json")),
    ("label-smoothing", include_str!("recipes/label-smoothing.json")),
    ("over-fitting", include_str!("recipes/over-fitting.json")),
    ("permuted-classes", include_str!("recipes/permuted-classes.json")),
    ("confidence-only", include_str!("recipes/confidence-only.json")),
    ("ablations", include_str!("recipes/ablations.json")),
    ("ensemble", include_str!("recipes/ensemble.json")),
    ("born-again", include_str!("recipes/born-again.json")),
    ("born-again-ensemble", include_str!("recipes/born-again-ensemble.json")),
    ("teaching-assistant", include_str!("recipes/teaching-assistant.json")),
    ("teachers-layers", include_str!("recipes/teachers-layers.json")),
    ("layer-by-layer", include_str!("recipes/layer-by-layer.json")),
    ("shared-projections", include_str!("recipes/shared-projections.json")),
    ("several-tasks", include_str!("recipes/several-tasks.json")),
    ("subliminal", include_str!("recipes/subliminal.json")),
    ("few-labels", include_str!("recipes/few-labels.json")),
    ("missing-threes", include_str!("recipes/missing-threes.json")),
    ("hinton-2015", include_str!("recipes/hinton-2015.json")),
    ("changed-digits", include_str!("recipes/changed-digits.json")),
    ("temperature-annealing", include_str!("recipes/temperature-annealing.json")),
    ("teacher-annealing", include_str!("recipes/teacher-annealing.json")),
    ("layerwise-rates", include_str!("recipes/layerwise-rates.json")),
    ("only-noise", include_str!("recipes/only-noise.json")),
    ("fashion", include_str!("recipes/fashion.json")),
    ("attention-maps", include_str!("recipes/attention-maps.json")),
    ("three-terms", include_str!("recipes/three-terms.json")),
    ("value-relations", include_str!("recipes/value-relations.json")),
    ("into-an-lstm", include_str!("recipes/into-an-lstm.json")),
    ("the-shelf", include_str!("recipes/the-shelf.json")),
    ("eight-bits", include_str!("recipes/eight-bits.json")),
    ("four-bits-with-a-teacher", include_str!("recipes/four-bits-with-a-teacher.json")),
    ("bits-by-sensitivity", include_str!("recipes/bits-by-sensitivity.json")),
    ("pruned", include_str!("recipes/pruned.json")),
    ("pruned-with-a-teacher", include_str!("recipes/pruned-with-a-teacher.json")),
    ("lottery-ticket", include_str!("recipes/lottery-ticket.json")),
    ("ticket-to-fashion", include_str!("recipes/ticket-to-fashion.json")),
    ("one-block-for-all", include_str!("recipes/one-block-for-all.json")),
    ("thin-layers", include_str!("recipes/thin-layers.json")),
    ("layer-drop", include_str!("recipes/layer-drop.json")),
    ("theseus", include_str!("recipes/theseus.json")),
];

/// A text in the page's languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

/// A prepared experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The name that URLs and the command line use.
    pub name: String,
    pub title: Text,
    /// What it shows, in a paragraph.
    pub explanation: Text,
    /// Where the method was published.
    pub reference: String,
    /// What its claim is about; the student against the control where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<Compare>,
    /// The experiment, with every default filled in; measured on the validation digits.
    pub config: Config,
}

/// A model of a recipe, and those of the same recipe that it is measured against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Compare {
    pub model: String,
    pub against: Vec<String>,
}

/// All recipes.
pub fn recipes() -> Vec<Recipe> {
    FILES
        .iter()
        .map(|(name, text)| {
            // A broken recipe is a broken build: a unit test reads and validates every one.
            let mut recipe: Recipe =
                json::read(name, text).unwrap_or_else(|error| panic!("recipe {name}: {error}"));
            // Whoever watches a race goes on to change its settings, so it shows no test digits before they are opened.
            recipe.config.data.evaluate_on = EvaluateOn::Validation;
            recipe
        })
        .collect()
}

/// The recipe of that name.
///
/// # Errors
/// [`Error::Unknown`] with the names there are.
pub fn recipe(name: &str) -> Result<Recipe> {
    let known = FILES.iter().map(|(name, _)| *name);
    recipes()
        .into_iter()
        .find(|recipe| recipe.name == name)
        .ok_or_else(|| Error::unknown(Named::Recipe, name, known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_reads_is_named_as_listed_and_can_run() {
        for (recipe, (name, _)) in recipes().iter().zip(FILES) {
            assert_eq!(recipe.name, *name);
            assert_eq!(recipe.config.problems(), vec![], "recipe {name}");
        }
    }

    #[test]
    fn every_recipe_compares_models_that_it_has() {
        for Recipe { name, compare, config, .. } in recipes() {
            let student = || Compare { model: "student".to_owned(), against: vec!["control".to_owned()] };
            let Compare { model, against } = compare.unwrap_or_else(student);
            assert!(!against.contains(&model), "{name}");
            for named in against.iter().chain([&model]) {
                assert!(config.models.contains_key(named), "{name}: {named}");
            }
        }
    }
}
