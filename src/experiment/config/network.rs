//! The network of a model, or whose it is.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::json::Entry;
use crate::nets::Net;

/// A network, or another model's.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum NetChoice {
    /// The same network as the named model.
    SameAs(SameAs),
    /// A network of its own.
    Own(Net),
}

/// What a network may be, by name.
const NET_CHOICES: [&str; Net::KINDS.len() + 1] = {
    let mut names = [SAME_AS; Net::KINDS.len() + 1];
    let mut kind = 0;
    while kind < Net::KINDS.len() {
        names[kind] = Net::KINDS[kind];
        kind += 1;
    }
    names
};
const SAME_AS: &str = "same_as";

/// By the name of its one entry: what is wrong in that is told, which an untagged choice would not do.
impl<'de> Deserialize<'de> for NetChoice {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(OneNet)
    }
}

struct OneNet;

impl<'de> Visitor<'de> for OneNet {
    type Value = NetChoice;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a network or same_as")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<NetChoice, A::Error> {
        let entry = Entry::first(map)?;
        match entry.name.as_str() {
            SAME_AS => entry.value(PhantomData).map(|same_as| NetChoice::SameAs(SameAs { same_as })),
            name if NET_CHOICES.contains(&name) => Net::deserialize(entry).map(NetChoice::Own),
            name => Err(A::Error::unknown_variant(name, &NET_CHOICES)),
        }
    }
}

/// A reference to another model of the experiment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct SameAs {
    /// Name of the other model.
    pub same_as: String,
}
