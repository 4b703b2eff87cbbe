//! `distillery methods`: every recipe over several seeds: its student against the control and against that with its own
//! regularisation, or whatever else the recipe compares.

mod record;

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use self::record::{Against, Measured};
use super::report::{Table, how, table, tested};
use crate::error::{Error, Named, Result};
use crate::experiment::{Cell, Compare, Config, Init, Recipe, recipes};

/// The models of a recipe that does not say what it compares.
const STUDENT: &str = "student";
const CONTROL: &str = "control";
/// The control with its own regularisation, which this command adds where a recipe has none.
const REGULARISED: &str = "regularised";

#[derive(Args)]
#[command(
    after_help = "Example: distillery methods --seeds 5 --out docs/methods.md --record docs/records/methods.json"
)]
pub struct Methods {
    /// Recipes to run; all when left out
    #[arg(long, value_name = "NAME", num_args = 1..)]
    recipes: Vec<String>,
    /// How many seeds, from 1 on
    #[arg(long, default_value_t = 5)]
    seeds: u32,
    /// Write what was measured, seed by seed, to this file as JSON; what it has of other recipes stays
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    #[command(flatten)]
    table: Table,
}

impl Methods {
    pub fn execute(self) -> Result<()> {
        let chosen = self.chosen()?;
        let cells: Vec<Vec<Cell>> =
            chosen.iter().map(|recipe| cells(recipe, self.seeds)).collect::<Result<_>>()?;
        self.table.make(&cells.concat(), None, |records, _| {
            let measured = chosen
                .iter()
                .zip(records.chunks(self.seeds as usize))
                .map(|(recipe, records)| Measured::of(&recipe.name, &compared(recipe), records))
                .collect();
            let all = match &self.record {
                Some(path) => record::update(path, measured)?,
                None => measured,
            };
            Ok(document(&all))
        })
    }

    fn chosen(&self) -> Result<Vec<Recipe>> {
        let mut all = recipes();
        if let Some(name) = self.recipes.iter().find(|name| !all.iter().any(|recipe| recipe.name == **name)) {
            return Err(Error::unknown(Named::Recipe, name, all.iter().map(|recipe| &*recipe.name)));
        }
        all.retain(|recipe| self.recipes.is_empty() || self.recipes.contains(&recipe.name));
        Ok(all)
    }
}

/// The tables: of recipes that have a student and a control, and of the others.
fn document(all: &[Measured]) -> String {
    let (students, others): (Vec<&Measured>, Vec<&Measured>) =
        all.iter().partition(|one| one.against.contains_key(REGULARISED));
    let heads = [
        "recipe",
        "student:",
        "control:",
        "regularised:",
        "against the control",
        "against regularised",
        "agreement:",
        "seconds:",
    ];
    format!(
        "# Methods, measured\n\n\
         Errors on the 10,000 test digits after the last epoch: mean ± standard deviation over {seeds} seeds. The control\n\
         is the same network from the same start on the same batches, taught by labels alone; `regularised` is the control\n\
         with means of its own: dropout 0.2, labels smoothed by 0.1, digits shifted by up to 1 px, unless its recipe has one\n\
         that was tuned for it. The methods' own settings are those of their recipes: nothing was tuned on the test digits.\n\n\
         {how}\n\
         Agreement: test digits on which the student's first choice is its teachers'. Seconds: training and measuring the\n\
         student alone, natively on the CPU, its teachers not counted; by the clock, so they rise with whatever else the\n\
         machine does. `distillery recipes NAME` prints a setting. Rows of recipes that the command below did not run are those\n\
         that its record has.\n\n\
         {of_students}\n\
         ## Recipes that compare something else\n\
         One model of the recipe stands against others of it. Where nothing is trained, as in `bits-by-sensitivity`, all seeds\n\
         are alike.\n\n\
         {of_others}",
        seeds = all.iter().map(|one| one.seeds.len()).min().unwrap_or(0),
        how = how(),
        of_students = table(&heads, students.into_iter().map(row)),
        of_others = table(
            &["recipe", "model", "errors:", "against", "its errors:", "verdict"],
            others.into_iter().flat_map(rows)
        ),
    )
}

/// A student against both controls.
fn row(one: &Measured) -> Vec<String> {
    let errors = [STUDENT, CONTROL, REGULARISED].map(|name| one.spread(name).to_string());
    let verdicts = [CONTROL, REGULARISED].map(|other| one.against[other].verdict().to_string());
    let agreement = one.agreement.map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", 100.0 * share));
    let ends = [agreement, format!("{:.1}", one.seconds)];
    [format!("`{}`", one.recipe)].into_iter().chain(errors).chain(verdicts).chain(ends).collect()
}

/// A model against each of the others.
fn rows(one: &Measured) -> Vec<Vec<String>> {
    let errors = |name: &str| one.spread(name).to_string();
    let row = |(other, against): (&String, &Against)| {
        let name = format!("`{}`", one.recipe);
        let verdict = against.verdict().to_string();
        vec![name, one.model.clone(), errors(&one.model), other.clone(), errors(other), verdict]
    };
    one.against.iter().map(row).collect()
}

/// What a recipe is measured by.
fn compared(recipe: &Recipe) -> Compare {
    let against = || [CONTROL, REGULARISED].map(str::to_owned).into();
    recipe.compare.clone().unwrap_or_else(|| Compare { model: STUDENT.to_owned(), against: against() })
}

/// A recipe under several seeds, with its regularised control where student and control are compared.
fn cells(recipe: &Recipe, seeds: u32) -> Result<Vec<Cell>> {
    let config = match recipe.compare {
        Some(_) => recipe.config.clone(),
        None => regularised(&recipe.config)?,
    };
    let Compare { model, against } = compared(recipe);
    let mut cells = tested(config, seeds, &[vec![model], against].concat())?;
    cells
        .iter_mut()
        .for_each(|cell| drop(cell.name.shift_insert(0, "recipe".to_owned(), json!(recipe.name))));
    Ok(cells)
}

/// The config with the control once more, regularised by its own means; a recipe that has such a model keeps it.
fn regularised(config: &Config) -> Result<Config> {
    if config.models.contains_key(REGULARISED) {
        return Ok(config.clone());
    }
    let net = serde_json::to_value(&config.nets()[STUDENT]).unwrap_or_default();
    let net = with_dropout(net, 0.2);
    let control = &config.models[CONTROL];
    let set = control.transfer_set.clone().unwrap_or_else(|| config.transfer_set.clone());
    let mut set = json!(set);
    set["jitter_px"] = json!(1);
    let mut whole = json!(config);
    let objective = json!({"label_smoothing": 0.1});
    let mut model = json!({"net": net, "tasks": control.tasks, "objective": objective, "transfer_set": set});
    if let Some(training) = &control.training {
        model["training"] = json!(training);
    }
    // What a control is made of is no gain of the method's.
    if let Some(init @ Init::Derive(_)) = &control.init {
        model["init"] = json!(init);
    }
    whole["models"][REGULARISED] = model;
    Config::from_json(&whole.to_string())
}

/// Every kind of network has a field `dropout`.
fn with_dropout(mut net: Value, rate: f64) -> Value {
    if let Some(spec) = net.as_object_mut().and_then(|net| net.values_mut().next()) {
        spec["dropout"] = json!(rate);
    }
    net
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde::de::DeserializeOwned;

    use super::*;
    use crate::experiment::Card;
    use crate::json;

    fn read<T: DeserializeOwned>(path: &str) -> T {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
        json::read(path, &text).unwrap()
    }

    #[test]
    fn every_recipe_can_run_with_a_regularised_control() {
        let is_given_one =
            |recipe: &Recipe| recipe.compare.is_none() && !recipe.config.models.contains_key(REGULARISED);
        for recipe in recipes().into_iter().filter(is_given_one) {
            let config = regularised(&recipe.config).unwrap();
            assert_eq!(config.problems(), vec![], "{}", recipe.name);
            let net = serde_json::to_value(&config.nets()[REGULARISED]).unwrap();
            let spec = net.as_object().unwrap().values().next().unwrap();
            assert_eq!(spec["dropout"], 0.2, "{}", recipe.name);
        }
    }

    /// A number under a recipe is never of another config, nor of other teachers.
    #[test]
    fn the_docs_record_has_every_recipe_of_today_over_five_seeds_or_more() {
        let measured: Vec<Measured> = read("docs/records/methods.json");
        let all = recipes();
        let rows = measured.iter().map(|one| &one.recipe);
        assert_eq!(rows.collect::<Vec<_>>(), all.iter().map(|recipe| &recipe.name).collect::<Vec<_>>());
        for (one, recipe) in measured.iter().zip(&all) {
            let name = &one.recipe;
            assert_eq!(one.digest, record::digest(&cells(recipe, 1).unwrap()[0].config), "{name}");
            assert!(one.seeds.len() >= 5, "{name}: {:?}", one.seeds);
            let Compare { model, against } = compared(recipe);
            assert_eq!(
                (&one.model, one.against.keys().collect()),
                (&model, against.iter().collect::<Vec<_>>())
            );
            for (teacher, weights) in &one.teachers {
                let card: Card = read(&format!("assets/teachers/{teacher}.json"));
                assert_eq!(card.weights_digest, *weights, "{name}: {teacher}");
            }
        }
    }
}
