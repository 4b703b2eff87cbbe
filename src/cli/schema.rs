//! `distillery schema`: JSON schemas of everything that is read and written.

use clap::Args;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::{pretty, print};
use crate::data::{Manifest, SheetInfo};
use crate::error::{Error, Named, Problem, Result};
use crate::experiment::{Advance, Cell, Config, Environment, Event, Grid, OwnLook, Question, Recipe, Record};
use crate::nets::Card;
use crate::train::SelfCheck;

#[derive(Args)]
#[command(after_help = "Example: distillery schema > config.schema.json")]
pub struct Schema {
    /// The type: Config as it may be given, or any other as it is written
    #[arg(default_value = "Config")]
    name: String,
    /// One schema whose $defs hold every type as it is written
    #[arg(long, conflicts_with = "name")]
    all: bool,
}

/// Lists the types once: their names, and how each is added to a schema.
macro_rules! types {
    ($($name:ident),+) => {
        const NAMES: &[&str] = &[$(stringify!($name)),+];

        fn add_all(generator: &mut SchemaGenerator) {
            $(generator.subschema_for::<$name>();)+
        }
    };
}

/// An error has the name that it goes by where it is thrown: `Error` is JavaScript's own.
type Failure = Error;

types!(
    Config,
    Event,
    Advance,
    Record,
    Problem,
    Failure,
    Recipe,
    SelfCheck,
    Environment,
    Manifest,
    SheetInfo,
    Card,
    Grid,
    Cell,
    Question,
    OwnLook
);

impl Schema {
    pub fn execute(self) -> Result<()> {
        let schema = match self.name.as_str() {
            _ if self.all => all(),
            "Config" => config(),
            name => one(name)?,
        };
        print(&pretty(&schema)?)
    }
}

/// The config as it may be given: what has a default may be left out.
fn config() -> Value {
    let settings = SchemaSettings::draft2020_12().for_deserialize();
    settings.into_generator().into_root_schema_for::<Config>().to_value()
}

/// Every type as it is written: defaults are filled in, nothing that is always there is optional.
fn all() -> Value {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    add_all(&mut generator);
    let definitions = generator.take_definitions(true);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Distillery",
        "description": "Everything that Distillery writes and tells.",
        "$defs": definitions,
    })
}

fn one(name: &str) -> Result<Value> {
    if !NAMES.contains(&name) {
        return Err(Error::unknown(Named::Type, name, NAMES.iter().copied()));
    }
    let mut schema = all();
    schema["title"] = json!(name);
    schema["$ref"] = json!(format!("#/$defs/{name}"));
    Ok(schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_schema_holds_every_type_and_all_they_refer_to() {
        let schema = all();
        for name in NAMES {
            assert!(
                schema["$defs"][name]["type"] == "object" || schema["$defs"][name]["oneOf"].is_array(),
                "{name}"
            );
        }
        let text = schema.to_string();
        for reference in text.split("\"#/$defs/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(schema["$defs"][name].is_object(), "{name}");
        }
    }

    #[test]
    fn a_config_may_leave_defaults_out_but_is_written_whole() {
        assert_eq!(config()["required"], json!(["version", "models"]));
        let written = &all()["$defs"]["Config"]["required"];
        assert!(written.as_array().unwrap().contains(&json!("training")), "{written}");
    }
}
