//! Reading JSON: the one way by which configs, grids, cards, manifests and records come in. What cannot be read is told
//! as a problem, with the path, the value and what is allowed there, as what is out of range is.

mod entry;
mod fault;
mod path;
mod place;
mod strict;

pub use entry::Entry;
pub use fault::NUMBER_OR_SCHEDULE;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::bounds::{Bounded, RangeOf};
use crate::error::{Error, ParseFault, Problem, Result};

/// A text as a `T`; `what` names the text.
///
/// # Errors
/// [`Error::Parse`] for what is no JSON, has something behind its end or a name twice in one object, and for the first
/// value that does not fit.
pub fn read<T: DeserializeOwned>(what: &str, text: &str) -> Result<T> {
    read_with(what, text, |_, _| None)
}

fn read_with<T: DeserializeOwned>(what: &str, text: &str, range_of: RangeOf) -> Result<T> {
    let refused = |fault| Error::Parse { what: what.to_owned(), fault };
    let value = strict::value(text).map_err(refused)?;
    of_value(&value, range_of).map_err(|problem| refused(ParseFault::Fields { problems: vec![problem] }))
}

/// The same for a config, or what holds one: the value that does not fit is one of its problems, and says its range.
///
/// # Errors
/// [`Error::Config`] for a value that does not fit or a name that stands twice, [`Error::Parse`] for what is no JSON.
pub fn read_config<T: DeserializeOwned + Bounded>(what: &str, text: &str) -> Result<T> {
    read_with(what, text, T::RANGE_OF).map_err(|error| match error {
        Error::Parse { fault: ParseFault::Fields { problems }, .. } => Error::Config { problems },
        other => other,
    })
}

/// A value that is at hand as a `T`.
///
/// # Errors
/// The first value that does not fit.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> std::result::Result<T, Problem> {
    of_value(value, |_, _| None)
}

fn of_value<T: DeserializeOwned>(value: &Value, range_of: RangeOf) -> std::result::Result<T, Problem> {
    let place = place::Place::whole(value, range_of);
    T::deserialize(place).map_err(|fault| fault.into_problem(&place))
}
