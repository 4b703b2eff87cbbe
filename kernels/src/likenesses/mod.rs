//! How far layers of a student are from layers of its teacher, and the gradient of that in the student's: what
//! `distillery::distill` says by tensors, by formulas. Rows are digits; gradients are written, not added.

mod attention;
mod relations;
mod values;

pub use attention::{divergence, value_relations};
pub use relations::{angles, distances};
pub use values::{cosine, squared, unit_distance};
