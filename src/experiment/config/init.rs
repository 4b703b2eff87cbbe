//! Where a model's first weights come from.

use serde::{Deserialize, Serialize};

use crate::compress::Transform;

/// Where first weights come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Init {
    /// Drawn from this seed (together with the experiment's).
    Seed(u32),
    /// The first weights of another model: an equal start, for a fair race.
    SameAs(String),
    /// A checkpoint that ships with Distillery; the model is not trained further.
    Pretrained(String),
    /// Weights of another model, once it is trained, changed by a transform.
    Derive(Derive),
}

/// First weights made of another model's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Derive {
    /// Name of the other model.
    pub from: String,
    /// How they are made.
    pub by: Transform,
    /// Whether it stays what the transform made of it: it is measured and can teach, and does not train.
    #[serde(default, skip_serializing_if = "is_false")]
    pub frozen: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}
