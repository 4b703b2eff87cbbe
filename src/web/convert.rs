//! Values in and out: JSON-like objects by serde, errors as plain objects with a code.

use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;

use crate::error::{Error, Problem};

/// A value as a plain JavaScript object: maps become objects, nothing becomes null.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(|error| JsValue::from_str(&error.to_string()))
}

/// A JavaScript value as `what`; an error names the field that cannot be read. It goes by way of JSON, because
/// serde-wasm-bindgen looks only at the fields it knows, and a misspelt setting would pass without a word.
pub fn from_js<T: DeserializeOwned>(what: &str, value: JsValue) -> Result<T, JsValue> {
    let text = js_sys::JSON::stringify(&value).ok().and_then(|text| text.as_string());
    from_json(what, text.as_deref().unwrap_or("null"))
}

/// JSON text as `what`; an error names the field that cannot be read.
pub fn from_json<T: DeserializeOwned>(what: &str, json: &str) -> Result<T, JsValue> {
    let mut reader = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        throw(&Error::Parse {
            what: what.to_owned(),
            path: error.path().to_string(),
            reason: error.inner().to_string(),
        })
    })
}

#[derive(Serialize)]
struct Thrown<'a> {
    code: &'a str,
    message: String,
    problems: &'a [Problem],
}

/// An error as the object that is thrown: `{code, message, problems}`.
pub fn throw(error: &Error) -> JsValue {
    let thrown = Thrown { code: error.code(), message: error.to_string(), problems: error.problems() };
    to_js(&thrown).unwrap_or_else(|plain| plain)
}

/// The same for a result.
pub fn or_throw<T>(result: crate::error::Result<T>) -> Result<T, JsValue> {
    result.map_err(|error| throw(&error))
}
