//! The boundary to the page: one class, [`Lab`], which only wraps. Compiled for wasm32 alone; nothing
//! below this folder names js_sys, web_sys or wasm_bindgen.

mod convert;
mod holdings;
mod lab;

pub use lab::Lab;

use wasm_bindgen::prelude::*;

/// Runs once when the module is loaded: a panic in Rust becomes a readable message on the console.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}
