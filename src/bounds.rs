//! Ranges of every number in the config. The validation and the JSON schema (and with it the page's
//! controls) read them from here.

/// An inclusive range that a number must lie in.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub min: f64,
    pub max: f64,
}

const fn between(min: f64, max: f64) -> Bounds {
    Bounds { min, max }
}

pub const EPOCHS: Bounds = between(1.0, 500.0);
pub const BATCH_SIZE: Bounds = between(1.0, 2048.0);
pub const LEARNING_RATE: Bounds = between(0.0, 10.0);
pub const WEIGHT_DECAY: Bounds = between(0.0, 1.0);
pub const MOMENTUM: Bounds = between(0.0, 0.999);
pub const PATIENCE: Bounds = between(1.0, 100.0);
pub const TEMPERATURE: Bounds = between(0.1, 100.0);
pub const HARD_WEIGHT: Bounds = between(0.0, 1.0);
pub const TEACHER_WEIGHT: Bounds = between(0.001, 1000.0);
pub const TRANSFER_DIGITS: Bounds = between(1.0, 60_000.0);
pub const JITTER_PX: Bounds = between(0.0, 2.0);
pub const VALIDATION_DIGITS: Bounds = between(0.0, 30_000.0);
pub const EVALUATED_DIGITS: Bounds = between(1.0, 30_000.0);
pub const HIDDEN_WIDTH: Bounds = between(1.0, 2048.0);
pub const HIDDEN_LAYERS: Bounds = between(0.0, 6.0);
pub const CHANNELS: Bounds = between(1.0, 128.0);
pub const CONV_LAYERS: Bounds = between(1.0, 3.0);
pub const KERNEL: Bounds = between(1.0, 7.0);
/// A single value per token would be all that the layer norm takes away.
pub const TOKEN_WIDTH: Bounds = between(2.0, 512.0);
pub const BLOCKS: Bounds = between(1.0, 12.0);
pub const HEADS: Bounds = between(1.0, 16.0);
pub const RECURRENT_UNITS: Bounds = between(1.0, 512.0);
pub const DROPOUT: Bounds = between(0.0, 0.95);
pub const AUXILIARY: Bounds = between(0.0, 64.0);
pub const IMITATION_WEIGHT: Bounds = between(0.0, 10_000.0);
pub const SOFT_WEIGHT: Bounds = between(0.0, 100.0);
pub const DECOUPLED_WEIGHT: Bounds = between(0.0, 100.0);
pub const LABEL_SMOOTHING: Bounds = between(0.0, 0.9);
pub const SHARE: Bounds = between(0.0, 1.0);
pub const LAYER_DECAY: Bounds = between(0.01, 1.0);
/// Logits by which the bias of a class is raised.
pub const BIAS_RAISE: Bounds = between(-100.0, 100.0);
pub const CLASS: Bounds = between(0.0, 9.0);
pub const MAX_NORM: Bounds = between(0.01, 1000.0);
pub const PROGRESS: Bounds = between(0.0, 1.0);
pub const MODELS: Bounds = between(1.0, 64.0);
pub const SEEDS: Bounds = between(1.0, 1_000.0);

/// The range of each field of a type that has one; of a list, that of its entries; of a schedule, that of its values. Who
/// reads a config says it where the number is none. Complete, and equal to the schema's: a test below walks that.
const FIELDS: &[(&str, &[(&str, Bounds)])] = &[
    ("Data", &[("validation", VALIDATION_DIGITS), ("evaluated", EVALUATED_DIGITS)]),
    (
        "TransferSet",
        &[("digits", TRANSFER_DIGITS), ("leave_out", CLASS), ("jitter_px", JITTER_PX), ("unlabelled", SHARE)],
    ),
    ("Augmentation", &[("share", SHARE)]),
    (
        "Training",
        &[
            ("epochs", EPOCHS),
            ("batch_size", BATCH_SIZE),
            ("learning_rate", LEARNING_RATE),
            ("weight_decay", WEIGHT_DECAY),
            ("layer_decay", LAYER_DECAY),
            ("max_norm", MAX_NORM),
            ("early_stop", PATIENCE),
        ],
    ),
    ("Sgd", &[("momentum", MOMENTUM)]),
    ("Adam", &[("beta_1", MOMENTUM), ("beta_2", MOMENTUM)]),
    ("Ramp", &[("at", PROGRESS)]),
    ("Point", &[("at", PROGRESS)]),
    ("TaskSet", &[("digits", TRANSFER_DIGITS)]),
    ("Source", &[("weight", TEACHER_WEIGHT)]),
    (
        "Objective",
        &[
            ("hard_weight", HARD_WEIGHT),
            ("soft_weight", SOFT_WEIGHT),
            ("temperature", TEMPERATURE),
            ("label_smoothing", LABEL_SMOOTHING),
        ],
    ),
    ("Decoupled", &[("target", DECOUPLED_WEIGHT), ("non_target", DECOUPLED_WEIGHT)]),
    ("Imitation", &[("weight", IMITATION_WEIGHT)]),
    ("RaiseBias", &[("classes", CLASS), ("by", BIAS_RAISE)]),
    (
        "Mlp",
        &[
            ("hidden", HIDDEN_WIDTH),
            ("dropout", DROPOUT),
            ("input_dropout", DROPOUT),
            ("auxiliary", AUXILIARY),
        ],
    ),
    (
        "Cnn",
        &[
            ("channels", CHANNELS),
            ("kernel", KERNEL),
            ("hidden", HIDDEN_WIDTH),
            ("dropout", DROPOUT),
            ("input_dropout", DROPOUT),
        ],
    ),
    (
        "Vit",
        &[
            ("width", TOKEN_WIDTH),
            ("depth", BLOCKS),
            ("heads", HEADS),
            ("mlp_width", HIDDEN_WIDTH),
            ("dropout", DROPOUT),
            ("input_dropout", DROPOUT),
        ],
    ),
    ("Rnn", &[("units", RECURRENT_UNITS), ("dropout", DROPOUT), ("input_dropout", DROPOUT)]),
    ("Grid", &[("seeds", SEEDS)]),
];

/// The range of a field of a type, both by name; none if it has no range.
pub fn of(structure: &str, field: &str) -> Option<Bounds> {
    let (_, fields) = FIELDS.iter().find(|(name, _)| *name == structure)?;
    fields.iter().find(|(name, _)| *name == field).map(|(_, range)| *range)
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use std::collections::BTreeMap;

    use schemars::generate::SchemaSettings;
    use serde_json::Value;

    use super::*;

    /// Ranges of numbers in the schema, by type and field.
    fn collect(schema: &Value, structure: &str, field: &str, found: &mut BTreeMap<String, [f64; 2]>) {
        if let (Some(min), Some(max)) = (schema["minimum"].as_f64(), schema["maximum"].as_f64()) {
            found.insert(format!("{structure}.{field}"), [min, max]);
        }
        match schema {
            Value::Object(parts) => {
                for (name, part) in parts {
                    match (name.as_str(), part) {
                        ("$defs", _) => {}
                        ("properties", Value::Object(fields)) => {
                            fields.iter().for_each(|(name, part)| collect(part, structure, name, found));
                        }
                        _ => collect(part, structure, field, found),
                    }
                }
            }
            Value::Array(parts) => parts.iter().for_each(|part| collect(part, structure, field, found)),
            _ => {}
        }
    }

    #[test]
    fn the_list_of_ranges_is_the_schemas() {
        let mut generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
        generator.subschema_for::<crate::experiment::Grid>();
        let mut expected = BTreeMap::new();
        for (name, schema) in generator.take_definitions(true) {
            collect(&schema, &name, "", &mut expected);
        }
        let listed: BTreeMap<String, [f64; 2]> = FIELDS
            .iter()
            .flat_map(|(structure, fields)| {
                fields
                    .iter()
                    .map(move |(field, range)| (format!("{structure}.{field}"), [range.min, range.max]))
            })
            .collect();
        assert!(listed.len() > 40, "{listed:?}");
        assert_eq!(listed, expected);
    }
}
