//! A value at its place, as something to read a type from. What does not fit becomes a problem with the path of it.

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::entry::Entry;
use super::fault::{Fault, one_of};
use super::path::Path;
use crate::bounds::{Bounds, RangeOf};
use crate::error::{Allowed, Kind, Problem};

/// A value, where it stands, and the range of the numbers in it, if there is one.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    value: &'a Value,
    path: &'a Path<'a>,
    range: Option<Bounds>,
    /// Ranges of the fields below.
    range_of: RangeOf,
}

impl<'a> Place<'a> {
    /// The whole value.
    pub fn whole(value: &'a Value, range_of: RangeOf) -> Self {
        Self { value, path: &Path::Root, range: None, range_of }
    }

    pub fn problem(&self, allowed: Allowed) -> Problem {
        Problem::new(self.path.to_string(), self.value, allowed)
    }

    /// A problem of one of its fields.
    pub fn problem_of(&self, field: &str, allowed: Allowed) -> Problem {
        Problem::new(self.path_of(field), &self.value[field], allowed)
    }

    pub fn path_of(&self, field: &str) -> String {
        Path::Key(self.path, field).to_string()
    }

    pub fn range_or_schedule(&self) -> Allowed {
        match self.range {
            Some(Bounds { min, max }) => Allowed::RangeOrSchedule { min, max },
            None => Allowed::Kind { kind: Kind::Number },
        }
    }

    fn is_not(&self, kind: Kind) -> Fault {
        Fault::allowing(Allowed::Kind { kind }).at(self, || Allowed::Readable)
    }

    /// A whole number that its type can hold; what the range leaves of those is validation's to say.
    fn integer(&self, most: u64) -> Result<u64, Fault> {
        let float =
            self.value.as_f64().filter(|value| value.fract() == 0.0 && (0.0..=MOST_EXACT).contains(value));
        let found = self.value.as_u64().or(float.map(|value| value as u64));
        found.filter(|value| *value <= most).ok_or_else(|| {
            let (min, max) = self.range.map_or((0, most), |range| (range.min as u64, range.max as u64));
            Fault::allowing(Allowed::Whole { min, max }).at(self, || Allowed::Readable)
        })
    }

    fn number(&self) -> Result<f64, Fault> {
        self.value.as_f64().ok_or_else(|| match self.range {
            Some(Bounds { min, max }) => {
                Fault::allowing(Allowed::Range { min, max }).at(self, || Allowed::Readable)
            }
            None => self.is_not(Kind::Number),
        })
    }

    fn fields(&self) -> Result<&'a Map<String, Value>, Fault> {
        self.value.as_object().ok_or_else(|| self.is_not(Kind::Object))
    }

    fn items(&self) -> Result<&'a [Value], Fault> {
        self.value.as_array().map(Vec::as_slice).ok_or_else(|| self.is_not(Kind::List))
    }

    fn map(&self, structure: &'static str, fields: &'a Map<String, Value>) -> Fields<'a> {
        Fields { place: *self, structure, fields: fields.iter(), value: None }
    }

    fn list(&self, items: &'a [Value]) -> Items<'a> {
        Items { place: *self, items: items.iter().enumerate() }
    }
}

/// Up to here every whole number is a float of its own.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

fn kind(kind: Kind) -> impl FnOnce() -> Allowed {
    move || Allowed::Kind { kind }
}

macro_rules! integers {
    ($($method:ident $visit:ident $type:ty),+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let value = self.integer(<$type>::MAX as u64)?;
            visitor.$visit(value as $type).map_err(|fault: Fault| fault.at(&self, || Allowed::Readable))
        })+
    };
}

impl<'de> Deserializer<'de> for Place<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let done = match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(value), ..) => visitor.visit_u64(value),
                (_, Some(value), _) => visitor.visit_i64(value),
                (.., value) => visitor.visit_f64(value.unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(items) => visitor.visit_seq(self.list(items)),
            Value::Object(fields) => visitor.visit_map(self.map("", fields)),
        };
        done.map_err(|fault| fault.at(&self, kind(Kind::Object)))
    }

    integers!(
        deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16, deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64, deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32, deserialize_i64 visit_i64 i64
    );

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_f64(self.number()?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_bool(self.value.as_bool().ok_or_else(|| self.is_not(Kind::Boolean))?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let text = self.value.as_str().ok_or_else(|| self.is_not(Kind::Text))?;
        visitor.visit_str(text).map_err(|fault: Fault| fault.at(&self, kind(Kind::Text)))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    /// Nothing, as stands behind the name of a choice without settings.
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.value.is_null() {
            return visitor.visit_unit();
        }
        let name = self.path.name().unwrap_or_default().to_owned();
        Err(Fault::allowing(Allowed::NameAlone { name }).at(&self, || Allowed::Readable))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let items = self.items()?;
        visitor.visit_seq(self.list(items)).map_err(|fault| fault.at(&self, kind(Kind::List)))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Fault> {
        let items = self.items()?;
        let (length, found) = (len as u64, items.len() as u64);
        if length != found {
            let allowed = Allowed::Entries { min: length, max: Some(length), found };
            return Err(Fault::allowing(allowed).at(&self, || Allowed::Readable));
        }
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let fields = self.fields()?;
        visitor.visit_map(self.map("", fields)).map_err(|fault| fault.at(&self, kind(Kind::Object)))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let fields = self.fields()?;
        visitor.visit_map(self.map(name, fields)).map_err(|fault| fault.at(&self, kind(Kind::Object)))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.value {
            Value::String(text) => {
                let choice: StrDeserializer<Fault> = text.as_str().into_deserializer();
                let settings = || Allowed::Settings { name: text.clone() };
                visitor.visit_enum(choice).map_err(|fault| fault.at(&self, settings))
            }
            Value::Object(fields) => Entry::first(self.map("", fields))
                .and_then(|entry| visitor.visit_enum(entry.of(name)))
                .map_err(|fault| fault.at(&self, || one_of(variants))),
            _ => Err(Fault::allowing(one_of(variants)).at(&self, || Allowed::Readable)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! { i128 u128 char bytes byte_buf unit_struct tuple_struct }
}

/// The fields of an object, one after another.
struct Fields<'a> {
    place: Place<'a>,
    /// The type that is read, which says the ranges of its fields.
    structure: &'static str,
    fields: serde_json::map::Iter<'a>,
    value: Option<(&'a str, &'a Value)>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((name, value)) = self.fields.next() else { return Ok(None) };
        self.value = Some((name, value));
        let name: StrDeserializer<Fault> = name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        let (name, value) = self.value.take().ok_or_else(Fault::misfit)?;
        let range = (self.place.range_of)(self.structure, name).or(self.place.range);
        seed.deserialize(Place { value, path: &Path::Key(self.place.path, name), range, ..self.place })
    }
}

/// The items of a list, one after another.
struct Items<'a> {
    place: Place<'a>,
    items: std::iter::Enumerate<std::slice::Iter<'a, Value>>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some((index, value)) = self.items.next() else { return Ok(None) };
        let path = Path::Index(self.place.path, index);
        seed.deserialize(Place { value, path: &path, ..self.place }).map(Some)
    }
}
