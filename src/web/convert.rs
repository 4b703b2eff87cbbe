//! Values in and out: JSON-like objects by serde, errors as plain objects with a code.

use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;

use crate::bounds::Bounded;
use crate::error::{Error, Result, Thrown};
use crate::json;

/// A value as a plain JavaScript object: maps become objects, nothing becomes null.
pub fn to_js(value: &impl Serialize) -> std::result::Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(|error| JsValue::from_str(&error.to_string()))
}

/// A JavaScript value as `what`; an error names the field that cannot be read. It goes by way of JSON, because
/// serde-wasm-bindgen looks only at the fields it knows, and a misspelt setting would pass without a word.
pub fn from_js<T: DeserializeOwned>(what: &str, value: &JsValue) -> Result<T> {
    json::read(what, &text_of(value))
}

/// A config, or what holds one: a value of it that does not fit is a problem of the config, as one out of range is.
pub fn config_from_js<T: DeserializeOwned + Bounded>(what: &str, value: &JsValue) -> Result<T> {
    json::read_config(what, &text_of(value))
}

/// The JSON text of a value; what has none is read as null, and refused as that.
fn text_of(value: &JsValue) -> String {
    let text = js_sys::JSON::stringify(value).ok().and_then(|text| text.as_string());
    text.unwrap_or_else(|| "null".to_owned())
}

/// An error as the object that is thrown: its code and parameters, `message` and `problems`.
pub fn throw(error: &Error) -> JsValue {
    to_js(&Thrown::from(error)).unwrap_or_else(|plain| plain)
}

/// The same for a result.
pub fn or_throw<T>(result: Result<T>) -> std::result::Result<T, JsValue> {
    result.map_err(|error| throw(&error))
}
