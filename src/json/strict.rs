//! Text to a JSON value: one value, nothing behind it, no name twice in one object.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::path::Path;
use crate::error::{Allowed, ParseFault, Problem};

/// The value of a text.
pub(super) fn value(text: &str) -> Result<Value, ParseFault> {
    let place = |error: &serde_json::Error| (error.line() as u64, error.column() as u64);
    let repeated = RefCell::new(Vec::new());
    let mut reader = serde_json::Deserializer::from_str(text);
    let value =
        Strict { path: &Path::Root, repeated: &repeated }.deserialize(&mut reader).map_err(|error| {
            let (line, column) = place(&error);
            ParseFault::NotJson { line, column }
        })?;
    reader.end().map_err(|error| {
        let (line, column) = place(&error);
        ParseFault::Trailing { line, column }
    })?;
    match repeated.into_inner() {
        problems if problems.is_empty() => Ok(value),
        problems => Err(ParseFault::Fields { problems }),
    }
}

/// Builds a value, and keeps a problem for each name that comes again.
struct Strict<'a> {
    path: &'a Path<'a>,
    repeated: &'a RefCell<Vec<Problem>>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        loop {
            let path = Path::Index(self.path, values.len());
            match list.next_element_seed(Strict { path: &path, repeated: self.repeated })? {
                Some(value) => values.push(value),
                None => return Ok(Value::Array(values)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let path = Path::Key(self.path, &name);
            let value = map.next_value_seed(Strict { path: &path, repeated: self.repeated })?;
            if fields.contains_key(&name) {
                self.repeated.borrow_mut().push(Problem::new(path.to_string(), &value, Allowed::Once));
            }
            fields.insert(name, value);
        }
        Ok(Value::Object(fields))
    }
}
