//! How far layers of a student are from layers of its teacher, and the gradient of that in the student's: what
//! `distillery::distill` says by tensors, by formulas. Rows are digits; gradients are written, not added.

mod angles;
mod attention;
mod distances;
mod gram;
mod value_relations;
mod values;

pub use angles::angles;
pub use attention::divergence;
pub use distances::distances;
pub use value_relations::value_relations;
pub use values::{cosine, squared, unit_distance};

/// A number that is not below 0, and at least `least`; what is none stays none. On bits, which are in the same order:
/// the compiler may make relaxed maxima of comparisons, which the module without relaxed SIMD traps at (see
/// [`crate::relu`]).
fn at_least(least: f32, value: f32) -> f32 {
    f32::from_bits(value.to_bits().max(least.to_bits()))
}
