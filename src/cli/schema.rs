//! `distillery schema`: JSON schemas of everything that is read and written.

use clap::Args;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::{pretty, print};
use crate::bounds::{Bounds, Field};
use crate::data::{Distorted, Manifest, SheetInfo};
use crate::error::{Error, Named, Problem, Result};
use crate::experiment::{
    Advance, Card, Cell, Compressed, Config, Environment, Event, Example, Grid, OwnLook, Question, RANGES,
    Recipe, Record,
};
use crate::nets::Cost;
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
    Cost,
    Grid,
    Cell,
    Question,
    Example,
    OwnLook,
    Distorted,
    Compressed
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
    let mut schema = settings.into_generator().into_root_schema_for::<Config>().to_value();
    state_ranges(&mut schema["$defs"]);
    schema
}

/// Every type as it is written: defaults are filled in, nothing that is always there is optional.
fn all() -> Value {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    add_all(&mut generator);
    let mut definitions = json!(generator.take_definitions(true));
    state_ranges(&mut definitions);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Distillery",
        "description": "Everything that Distillery writes and tells.",
        "$defs": definitions,
    })
}

/// Writes the ranges of fields, lengths of lists and units into the definitions of their types.
fn state_ranges(definitions: &mut Value) {
    for (name, fields) in RANGES {
        if let Some(definition) = definitions.get_mut(name) {
            fields.iter().for_each(|field| state_range(definition, field));
        }
    }
}

/// Writes what is known of a field wherever in its type it stands: a variant may have fields of its own.
fn state_range(schema: &mut Value, field: &Field) {
    if let Some(property) = schema.get_mut("properties").and_then(|fields| fields.get_mut(field.name)) {
        let Bounds { min, max } = field.range;
        let numbers = match property.get("items") {
            Some(_) => &mut property["items"],
            None => &mut *property,
        };
        (numbers["minimum"], numbers["maximum"]) = (json!(min), json!(max));
        if let Some(Bounds { min, max }) = field.length {
            property["minItems"] = json!(min);
            if max.is_finite() {
                property["maxItems"] = json!(max);
            }
        }
        if !field.unit.is_empty() {
            property["x-unit"] = json!(field.unit);
        }
    }
    match schema {
        Value::Object(parts) => parts.values_mut().for_each(|part| state_range(part, field)),
        Value::Array(parts) => parts.iter_mut().for_each(|part| state_range(part, field)),
        _ => {}
    }
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

    /// Fields whose numbers are without a range, or have it from elsewhere: any seed is one, versions and layers are
    /// checked against what there is, and a ramp's ends have the range of the schedule's field.
    const WITHOUT: [&str; 8] = [
        "Config.seed",
        "Config.version",
        "CopyLayers.layers",
        "Init.seed",
        "Point.value",
        "Ramp.from",
        "Ramp.to",
        "Schedule.",
    ];

    /// Fields of a type that have numbers, by whether a range is stated for them.
    fn collect(schema: &Value, field: &str, is_stated: bool, found: &mut Vec<(String, bool)>) {
        let is_stated = is_stated || schema.get("maximum").is_some();
        let is_schedule = schema["$ref"] == "#/$defs/Schedule";
        let types = schema["type"].to_string();
        if is_schedule || types.contains("\"number\"") || types.contains("\"integer\"") {
            found.push((field.to_owned(), is_stated));
        }
        match schema {
            Value::Object(parts) => {
                for (name, part) in parts {
                    match (name.as_str(), part) {
                        ("properties", Value::Object(fields)) => {
                            fields.iter().for_each(|(name, part)| collect(part, name, false, found));
                        }
                        _ => collect(part, field, is_stated, found),
                    }
                }
            }
            Value::Array(parts) => parts.iter().for_each(|part| collect(part, field, is_stated, found)),
            _ => {}
        }
    }

    #[test]
    fn every_number_of_a_config_has_a_range_and_every_range_is_a_numbers() {
        let mut generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
        generator.subschema_for::<Grid>();
        let mut definitions = json!(generator.take_definitions(true));
        state_ranges(&mut definitions);
        let (mut stated, mut bare) = (Vec::new(), Vec::new());
        for (name, definition) in definitions.as_object().unwrap() {
            let mut found = Vec::new();
            collect(definition, "", false, &mut found);
            for (field, is_stated) in found {
                let list = if is_stated { &mut stated } else { &mut bare };
                list.push(format!("{name}.{field}"));
            }
        }
        bare.sort_unstable();
        bare.dedup();
        assert_eq!(bare, WITHOUT);
        let mut listed: Vec<String> = RANGES
            .iter()
            .flat_map(|(name, fields)| fields.iter().map(move |field| format!("{name}.{}", field.name)))
            .collect();
        listed.sort_unstable();
        stated.sort_unstable();
        assert!(listed.len() > 40, "{listed:?}");
        assert_eq!(stated, listed);
    }

    #[test]
    fn ranges_lengths_and_units_stand_at_their_fields() {
        let written = all();
        let field = |name: &str, field: &str| written["$defs"][name]["properties"][field].clone();
        let epochs = field("Training", "epochs");
        assert_eq!([&epochs["minimum"], &epochs["maximum"]], [&json!(1.0), &json!(500.0)]);
        assert_eq!(epochs["x-unit"], "epochs");
        let channels = field("Cnn", "channels");
        assert_eq!([&channels["minItems"], &channels["maxItems"]], [&json!(1.0), &json!(3.0)]);
        assert_eq!(channels["items"]["maximum"], 128.0);
        assert_eq!(field("Objective", "temperature")["minimum"], 0.1);
        let given = &config()["$defs"]["Training"]["properties"]["epochs"];
        assert_eq!(given["maximum"], 500.0);
    }

    #[test]
    fn a_config_may_leave_defaults_out_but_is_written_whole() {
        assert_eq!(config()["required"], json!(["version", "models"]));
        let written = &all()["$defs"]["Config"]["required"];
        assert!(written.as_array().unwrap().contains(&json!("training")), "{written}");
    }
}
