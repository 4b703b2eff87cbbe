//! A sweep's grid: every combination of some fields' values and of seeds, as configs that can run.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Config;
use crate::error::{Error, Problem, Result};

/// The most cells a grid may have.
pub const MOST_CELLS: usize = 10_000;
/// The most seeds.
pub const MOST_SEEDS: u32 = 1_000;

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
    #[cfg_attr(feature = "cli", schemars(range(min = 1, max = MOST_SEEDS)))]
    pub seeds: u32,
}

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
}

impl Grid {
    /// Every combination, seed by seed within it; the first field changes most slowly. Each config is checked.
    ///
    /// # Errors
    /// [`Error::Config`] for a path that is no field of the config or is not a sweep's to set, for a field without values,
    /// for too many seeds or cells, and for a cell that cannot run; [`Error::Parse`] for a value of the wrong kind.
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
            cells.extend((1..=self.seeds).map(|seed| {
                let (mut name, config) = (name.clone(), Config { seed, ..first.clone() });
                name.insert("seed".to_owned(), json!(seed));
                Cell { name, config }
            }));
        }
        Ok(cells)
    }

    fn check(&self) -> Result<()> {
        if self.seeds == 0 || self.seeds > MOST_SEEDS {
            return Err(refused("seeds", &self.seeds.to_string(), &format!("1 to {MOST_SEEDS}")));
        }
        for (path, values) in &self.fields {
            let is_set_apart = path == "seed" || path == "data.evaluate_on";
            if is_set_apart {
                let allowed = "other fields; how many seeds, and which digits measure, are set apart";
                return Err(refused(path, &json!(values).to_string(), allowed));
            }
            if values.is_empty() {
                return Err(refused(path, "[]", "at least one value"));
            }
        }
        let combinations =
            self.fields.values().try_fold(self.seeds as usize, |all, values| all.checked_mul(values.len()));
        match combinations {
            Some(cells) if cells <= MOST_CELLS => Ok(()),
            cells => {
                let cells = cells.map_or_else(|| "too many to count".to_owned(), |cells| cells.to_string());
                Err(refused("cells", &cells, &format!("1 to {MOST_CELLS}")))
            }
        }
    }
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
        let known = match &*place {
            Value::Object(fields) => fields.keys().cloned().collect::<Vec<_>>().join(", "),
            Value::Array(items) => format!("0 to {}", items.len().saturating_sub(1)),
            _ => "no field below this one".to_owned(),
        };
        let found = match place {
            Value::Object(fields) => fields.get_mut(part),
            Value::Array(items) => part.parse::<usize>().ok().and_then(|index| items.get_mut(index)),
            _ => None,
        };
        place = found.ok_or_else(|| refused(path, part, &known))?;
    }
    *place = value.clone();
    Ok(())
}

fn refused(path: &str, value: &str, allowed: &str) -> Error {
    Error::Config(vec![Problem {
        path: path.to_owned(),
        value: value.to_owned(),
        allowed: allowed.to_owned(),
    }])
}
