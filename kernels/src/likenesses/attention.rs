//! Attention, and relations between its values, compared row by row as distributions.

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

/// Divergence of the relations between values, softmax(V Vᵀ / √width) (Wang et al. 2020, eq. 6 and 7); mean over rows.
/// Values are `[n, tokens, width]`, with heads among the `n`; widths may differ.
///
/// # Panics
/// When lengths are no multiples, or `n` differs.
pub fn value_relations(
    student: &[f32],
    teacher: &[f32],
    tokens: usize,
    widths: [usize; 2],
    gradient: &mut [f32],
) -> f32 {
    let n = student.len() / (tokens * widths[0]);
    assert!(
        [student.len(), gradient.len()] == [n * tokens * widths[0]; 2]
            && teacher.len() == n * tokens * widths[1],
        "values of two layers"
    );
    let share = 1.0 / (n * tokens) as f32;
    let scale = 1.0 / (widths[0] as f32).sqrt();
    let [mut own, mut told, mut slopes] = [(); 3].map(|()| vec![0.0; tokens * tokens]);
    let mut sum = 0.0;
    let all = student.chunks_exact(tokens * widths[0]).zip(teacher.chunks_exact(tokens * widths[1]));
    for ((student, teacher), gradient) in all.zip(gradient.chunks_exact_mut(tokens * widths[0])) {
        products(student, widths[0], &mut own);
        products(teacher, widths[1], &mut told);
        let rows = own.chunks_exact(tokens).zip(told.chunks_exact(tokens));
        for ((own, told), slopes) in rows.zip(slopes.chunks_exact_mut(tokens)) {
            let (own_log, told_log) = (log_sum(own), log_sum(told));
            for ((own, told), slope) in own.iter().zip(told).zip(slopes) {
                let (log_q, log_p) = (own - own_log, told - told_log);
                let p = log_p.exp();
                sum += p * (log_p - log_q);
                *slope = (log_q.exp() - p) * share * scale;
            }
        }
        gradient.fill(0.0);
        for (row, gradient) in gradient.chunks_exact_mut(widths[0]).enumerate() {
            for (column, values) in student.chunks_exact(widths[0]).enumerate() {
                let slope = slopes[row * tokens + column] + slopes[column * tokens + row];
                gradient.iter_mut().zip(values).for_each(|(gradient, value)| *gradient += slope * value);
            }
        }
    }
    sum * share
}

/// V Vᵀ / √width of `[tokens, width]`.
fn products(values: &[f32], width: usize, to: &mut [f32]) {
    let scale = 1.0 / (width as f32).sqrt();
    let pairs = values.chunks_exact(width).flat_map(|a| values.chunks_exact(width).map(move |b| (a, b)));
    for (to, (a, b)) in to.iter_mut().zip(pairs) {
        *to = a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>() * scale;
    }
}

/// log Σ exp.
fn log_sum(row: &[f32]) -> f32 {
    let largest =
        row.iter().fold(f32::NEG_INFINITY, |largest, value| if *value > largest { *value } else { largest });
    largest + row.iter().map(|value| (value - largest).exp()).sum::<f32>().ln()
}
