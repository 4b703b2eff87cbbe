//! An object with one entry as a choice: its name says which, its value is what was chosen.

use std::marker::PhantomData;

use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, IntoDeserializer, MapAccess, VariantAccess,
    Visitor,
};

/// An entry whose name has been read from an object; its value, and that nothing follows, are still to come.
pub struct Entry<A> {
    /// The choice.
    pub name: String,
    map: A,
    /// The type that is chosen from, whose fields those of a variant are taken for.
    of: &'static str,
}

impl<'de, A: MapAccess<'de>> Entry<A> {
    /// The first entry of an object.
    ///
    /// # Errors
    /// When there is none.
    pub fn first(mut map: A) -> Result<Self, A::Error> {
        let name = map.next_key::<String>()?;
        let name = name.ok_or_else(|| A::Error::invalid_length(0, &"one entry"))?;
        Ok(Self { name, map, of: "" })
    }

    /// The same, chosen from a type of this name.
    pub fn of(self, of: &'static str) -> Self {
        Self { of, ..self }
    }

    /// Its value.
    ///
    /// # Errors
    /// When that cannot be read, or another entry follows.
    pub fn value<T: DeserializeSeed<'de>>(mut self, seed: T) -> Result<T::Value, A::Error> {
        let value = self.map.next_value_seed(seed)?;
        let mut entries = 1;
        while self.map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            entries += 1;
        }
        match entries {
            1 => Ok(value),
            _ => Err(A::Error::invalid_length(entries, &"one entry")),
        }
    }
}

impl<'de, A: MapAccess<'de>> Deserializer<'de> for Entry<A> {
    type Error = A::Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        visitor.visit_enum(self.of(name))
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_enum(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Entry<A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), A::Error> {
        let name: StringDeserializer<A::Error> = self.name.clone().into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Entry<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.value(PhantomData::<()>)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, A::Error> {
        self.value(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.value(Shaped { shape: Shape::Tuple(len), visitor })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        let shape = Shape::Struct(self.of, fields);
        self.value(Shaped { shape, visitor })
    }
}

enum Shape {
    Tuple(usize),
    Struct(&'static str, &'static [&'static str]),
}

/// What reads the value of a variant that has fields of its own.
struct Shaped<V> {
    shape: Shape,
    visitor: V,
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Shaped<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<V::Value, D::Error> {
        match self.shape {
            Shape::Tuple(len) => reader.deserialize_tuple(len, self.visitor),
            Shape::Struct(name, fields) => reader.deserialize_struct(name, fields, self.visitor),
        }
    }
}
