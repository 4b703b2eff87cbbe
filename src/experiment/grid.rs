//! A sweep's grid: every combination of some fields' values and of seeds, as configs that can run.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Config;
use crate::bounds::Bounds;
use crate::error::{Allowed, Error, Problem, Result};
use crate::ranges::ranges;
use crate::report::Report;

/// The most cells a grid may have.
pub const MOST_CELLS: u32 = 10_000;

/// A config, and what of it a sweep changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// What every cell starts from.
    pub config: Config,
    /// Paths of fields, as `models.student.objective.temperature`, and the values each takes.
    #[serde(default)]
    pub fields: IndexMap<String, Vec<Value>>,
    /// How many seeds, from 1 on.
    #[serde(default = "one")]
    pub seeds: u32,
}

/// How many seeds a grid may have.
pub const SEEDS: Bounds = Bounds { min: 1.0, max: 1_000.0 };

ranges!(Grid {
    seeds: SEEDS.min..=SEEDS.max;
});

fn one() -> u32 {
    1
}

/// One point of a grid.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Cell {
    /// The value of each field of the grid, and behind them the `seed`.
    pub name: IndexMap<String, Value>,
    /// The experiment.
    pub config: Config,
    /// Multiplications that it takes, roughly: how long a cell will take beside another.
    pub work: f64,
}

impl Grid {
    /// Every combination, seed by seed within it; the first field changes most slowly. Each config is checked.
    ///
    /// # Errors
    /// [`Error::Config`] for a path that is no field of the config or is not a sweep's to set, for a field without
    /// values, for too many seeds or cells, and for a cell that cannot run or be read.
    pub fn cells(&self) -> Result<Vec<Cell>> {
        self.check()?;
        let mut points = vec![(IndexMap::new(), plain(&self.config))];
        for (path, values) in &self.fields {
            let mut next = Vec::with_capacity(points.len() * values.len());
            for (name, config) in &points {
                for value in values {
                    let (mut name, mut config) = (name.clone(), config.clone());
                    name.insert(path.clone(), value.clone());
                    assign(&mut config, path, value)?;
                    next.push((name, config));
                }
            }
            points = next;
        }
        let mut cells = Vec::with_capacity(points.len() * self.seeds as usize);
        for (name, config) in points {
            let first = Config::from_json(&config.to_string())?;
            first.validate()?;
            let work = work(&first);
            cells.extend((1..=self.seeds).map(|seed| {
                let (mut name, config) = (name.clone(), Config { seed, ..first.clone() });
                name.insert("seed".to_owned(), json!(seed));
                Cell { name, config, work }
            }));
        }
        Ok(cells)
    }

    fn check(&self) -> Result<()> {
        let mut report = Report::default();
        report.whole("seeds", self.seeds, SEEDS);
        for (path, values) in &self.fields {
            let is_set_apart = path == "seed" || path == "data.evaluate_on";
            if is_set_apart {
                report.add(path, values, Allowed::SetApart);
            }
            report.some(path, values);
        }
        let seeds = u64::from(self.seeds);
        let found = self.fields.values().try_fold(seeds, |all, values| all.checked_mul(values.len() as u64));
        if report.problems.is_empty() && found.is_none_or(|found| found > MOST_CELLS.into()) {
            let counts: IndexMap<&String, usize> =
                self.fields.iter().map(|(path, values)| (path, values.len())).collect();
            report.add("fields", &counts, Allowed::Cells { max: MOST_CELLS, found });
        }
        match report.problems {
            problems if problems.is_empty() => Ok(()),
            problems => Err(Error::Config { problems }),
        }
    }
}

/// Multiplications of the models' training, a pass forwards and two backwards a digit, and of their being measured.
fn work(config: &Config) -> f64 {
    let nets = config.nets();
    let trained = config.models.iter().filter(|(_, model)| model.is_trained());
    let works = trained.map(|(name, model)| {
        let training = model.training.as_ref().unwrap_or(&config.training);
        let passes = 3 * u64::from(config.transfer_set_of(model).digits) + u64::from(config.data.evaluated);
        let multiplications = passes * nets[name].network().multiply_adds();
        f64::from(training.epochs) * multiplications as f64
    });
    works.sum()
}

/// A config as it reads back from its text.
pub fn plain(config: &Config) -> Value {
    let text = serde_json::to_string(config).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Puts a value at a path whose field stands in the config, written out with its defaults.
fn assign(config: &mut Value, path: &str, value: &Value) -> Result<()> {
    let mut place = config;
    for part in path.split('.') {
        let allowed = match &*place {
            Value::Object(fields) => Allowed::KnownField { names: fields.keys().cloned().collect() },
            Value::Array(items) if !items.is_empty() => {
                Allowed::Whole { min: 0, max: items.len() as u64 - 1 }
            }
            _ => Allowed::NoFieldBelow,
        };
        let found = match place {
            Value::Object(fields) => fields.get_mut(part),
            Value::Array(items) => part.parse::<usize>().ok().and_then(|index| items.get_mut(index)),
            _ => None,
        };
        place = found.ok_or_else(|| Error::config(Problem::new(path, &part, allowed)))?;
    }
    *place = value.clone();
    Ok(())
}
