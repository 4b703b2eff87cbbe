//! Attention, compared row by row as distributions.

use super::at_least;

/// Keeps the logarithm of a probability that is zero in f32 finite.
const SMALLEST: f32 = 1e-30;

/// Divergence of rows of `width` probabilities, KL(teacher ‖ student); mean over rows.
///
/// # Panics
/// When lengths differ.
pub fn divergence(student: &[f32], teacher: &[f32], width: usize, gradient: &mut [f32]) -> f32 {
    assert!([teacher.len(), gradient.len()] == [student.len(); 2], "values of two layers");
    let share = 1.0 / (student.len() / width) as f32;
    let mut sum = 0.0;
    for ((q, p), gradient) in student.iter().zip(teacher).zip(gradient) {
        sum += p * (at_least(SMALLEST, *p) / at_least(SMALLEST, *q)).ln();
        *gradient = if *q < SMALLEST { 0.0 } else { -p / q * share };
    }
    sum * share
}
