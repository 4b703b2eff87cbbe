//! One thing that is wrong with a config.

use serde::Serialize;
use serde_json::Value;

use super::Allowed;

/// Longest value that is told, in characters; what stands behind is cut off.
const LONGEST_VALUE: usize = 120;

/// One thing that is wrong with a config: where, what stands there, and what may stand there.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Problem {
    /// Path of the field, as in `models.student.objective.temperature`.
    pub path: String,
    /// The value found there, as JSON text, cut where it is long; empty where nothing stands.
    pub value: String,
    /// What is allowed instead.
    pub allowed: Allowed,
}

impl Problem {
    /// A problem with a value.
    pub fn new(path: impl Into<String>, value: &impl Serialize, allowed: Allowed) -> Self {
        let value = serde_json::to_value(value).unwrap_or_default();
        Self { path: path.into(), value: cut(as_people_write(value).to_string()), allowed }
    }

    /// A problem of a field that is missing.
    pub fn missing(path: impl Into<String>) -> Self {
        Self { path: path.into(), value: String::new(), allowed: Allowed::Present }
    }
}

/// Whole numbers without a point: 3, not 3.0.
fn as_people_write(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => {
                Value::from(float as i64)
            }
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(as_people_write).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, as_people_write(value))).collect()
        }
        other => other,
    }
}

fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(LONGEST_VALUE) {
        text.truncate(end);
        text.push('…');
    }
    text
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = if self.path.is_empty() { "the whole text" } else { &self.path };
        match self.value.is_empty() {
            true => write!(f, "{path} is missing; allowed: {}", self.allowed),
            false => write!(f, "{path}: {} is not allowed; allowed: {}", self.value, self.allowed),
        }
    }
}
