//! Configs that nobody would write: those of the recipes, taken apart and put together wrongly.

use distillery::experiment::recipes;
use serde_json::{Map, Value, json};

/// Names that mean something to a language, or nothing to anyone.
const ODD_NAMES: [&str; 9] =
    ["__proto__", "constructor", "toString", "", "A b", "模型", "same_as", "models.student", "x[0]"];

/// One change: what is done, where, and what is taken for it. All of it is numbers, so that a smaller case is a simpler
/// one.
pub type Mutation = (u8, u16, u16);

/// The kinds of changes there are.
pub const KINDS: u8 = 14;

/// The config of a recipe after some changes.
pub fn mutated(recipe: usize, mutations: &[Mutation]) -> Value {
    let all: Vec<Value> = recipes().iter().map(|recipe| json!(recipe.config)).collect();
    let mut config = all[recipe % all.len()].clone();
    for &(kind, place, choice) in mutations {
        mutate(&mut config, kind, place.into(), choice.into(), &all);
    }
    config
}

fn mutate(config: &mut Value, kind: u8, place: usize, choice: usize, all: &[Value]) {
    let pointers = pointers(config);
    let pointer = &pointers[place % pointers.len()];
    let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
    let other = config.pointer(&pointers[choice % pointers.len()]).cloned().unwrap_or_default();
    let graft = || {
        let donor = &all[choice % all.len()];
        let same_name = self::pointers(donor).into_iter().filter(|p| p.ends_with(&format!("/{name}")));
        let found: Vec<String> = same_name.collect();
        found.get(place % found.len().max(1)).and_then(|p| donor.pointer(p)).cloned()
    };
    match kind % KINDS {
        0 => drop_at(config, parent, name),
        1 => duplicate(config, parent, name, choice),
        2 => replace(config, pointer, other),
        3 | 4 => replace(config, pointer, number(choice)),
        5 => replace(config, pointer, wrong_kind(choice)),
        6 => rename(config, parent, name, ODD_NAMES[choice % ODD_NAMES.len()]),
        7 => {
            let value = config.pointer(pointer).cloned().unwrap_or_default();
            let nested = (0..choice % 200).fold(value, |value, depth| {
                if depth % 2 == 0 { json!([value]) } else { json!({ "a": value }) }
            });
            replace(config, pointer, nested);
        }
        // Parts of other recipes fit more often than not: these are the ones that run.
        8..=10 => adopt(config, parent, &all[choice % all.len()], place),
        _ => {
            if let Some(part) = graft() {
                replace(config, pointer, part);
            }
        }
    }
}

fn pointers(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut add = |name: &str, part: &Value| {
        let name = name.replace('~', "~0").replace('/', "~1");
        found.extend(pointers(part).into_iter().map(|below| format!("/{name}{below}")));
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, part)| add(name, part)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, part)| add(&index.to_string(), part));
        }
        _ => {}
    }
    found
}

fn replace(config: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = config.pointer_mut(pointer) {
        *place = value;
    }
}

fn drop_at(config: &mut Value, parent: &str, name: &str) {
    match config.pointer_mut(parent) {
        Some(Value::Object(fields)) => {
            fields.shift_remove(name);
        }
        Some(Value::Array(items)) => {
            if let Ok(index) = name.parse::<usize>() {
                items.remove(index);
            }
        }
        _ => {}
    }
}

fn duplicate(config: &mut Value, parent: &str, name: &str, choice: usize) {
    match config.pointer_mut(parent) {
        Some(Value::Object(fields)) => {
            if let Some(value) = fields.get(name).cloned() {
                fields.insert(format!("{name}-{}", choice % 3), value);
            }
        }
        Some(Value::Array(items)) => {
            if let Some(item) = name.parse::<usize>().ok().and_then(|index| items.get(index).cloned()) {
                items.extend(std::iter::repeat_n(item, choice % 20));
            }
        }
        _ => {}
    }
}

fn rename(config: &mut Value, parent: &str, name: &str, to: &str) {
    if let Some(Value::Object(fields)) = config.pointer_mut(parent) {
        let renamed: Map<String, Value> = std::mem::take(fields)
            .into_iter()
            .map(|(key, value)| (if key == name { to.to_owned() } else { key }, value))
            .collect();
        *fields = renamed;
    }
}

/// A field of another recipe's object of the same kind, put in or in place of the one there: by its name, or one model
/// for another.
fn adopt(config: &mut Value, path: &str, donor: &Value, place: usize) {
    let kind = |path: &str| match path.rsplit('/').collect::<Vec<_>>()[..] {
        [_, "models", ..] => "a model".to_owned(),
        [name, ..] => name.to_owned(),
        [] => String::new(),
    };
    let Some(Value::Object(fields)) = config.pointer_mut(path) else { return };
    let like = pointers(donor)
        .into_iter()
        .filter(|other| other.rsplit_once('/').is_some_and(|(parent, _)| kind(parent) == kind(path)));
    let like: Vec<String> = like.collect();
    if let Some(other) = like.get(place % like.len().max(1))
        && let (Some((_, name)), Some(value)) = (other.rsplit_once('/'), donor.pointer(other))
    {
        fields.insert(name.to_owned(), value.clone());
    }
}

fn number(choice: usize) -> Value {
    let numbers = [
        json!(0),
        json!(1),
        json!(2),
        json!(3),
        json!(7),
        json!(-1),
        json!(10),
        json!(0.5),
        json!(0.95),
        json!(1e-300),
        json!(1e300),
        json!(-1e300),
        json!(u32::MAX),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(60_000),
        json!(500),
        json!(0.999),
        json!(1e-7),
        json!(2.0),
    ];
    numbers[choice % numbers.len()].clone()
}

fn wrong_kind(choice: usize) -> Value {
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!("abc"),
        json!([]),
        json!({}),
        json!([0, -1]),
        json!("mlp"),
        json!({ "linear": { "from": 0, "to": 1 } }),
        json!({ "step": { "from": 1, "to": 0.1, "at": 0.5 } }),
        json!({ "points": [] }),
        json!({ "same_as": "student" }),
        json!({ "pretrained": "mnist-cnn" }),
        json!([{ "task": "parity" }, { "task": "below_five", "digits": 3 }]),
        json!("student"),
        json!("own"),
    ];
    values[choice % values.len()].clone()
}
