//! Layers compared value by value.

/// Keeps the length of a row of zeros from dividing by 0.
const SMALLEST: f32 = 1e-12;

/// `scale · Σ (student − teacher)²`.
///
/// # Panics
/// When lengths differ, as everywhere here.
pub fn squared(student: &[f32], teacher: &[f32], scale: f32, gradient: &mut [f32]) -> f32 {
    assert!([teacher.len(), gradient.len()] == [student.len(); 2], "values of two layers");
    let mut sums = [0.0_f32; 8];
    let chunks = student.chunks(8).zip(teacher.chunks(8)).zip(gradient.chunks_mut(8));
    for ((student, teacher), gradient) in chunks {
        for (((sum, student), teacher), gradient) in sums.iter_mut().zip(student).zip(teacher).zip(gradient) {
            let difference = student - teacher;
            *gradient = 2.0 * scale * difference;
            *sum += difference * difference;
        }
    }
    scale * sums.iter().sum::<f32>()
}

/// Squared distance of rows of `width` values, each scaled to length 1; mean over rows.
pub fn unit_distance(student: &[f32], teacher: &[f32], width: usize, gradient: &mut [f32]) -> f32 {
    directions(student, teacher, width, gradient, |student, teacher| {
        let difference = student - teacher;
        (difference * difference, 2.0 * difference)
    })
}

/// One minus the cosine of the angle between rows of `width` values; mean over rows.
pub fn cosine(student: &[f32], teacher: &[f32], width: usize, gradient: &mut [f32]) -> f32 {
    1.0 + directions(student, teacher, width, gradient, |student, teacher| (-student * teacher, -teacher))
}

/// The mean over rows of what is said of their directions: value by value, with its slope in the student's.
fn directions(
    student: &[f32],
    teacher: &[f32],
    width: usize,
    gradient: &mut [f32],
    compare: impl Fn(f32, f32) -> (f32, f32),
) -> f32 {
    assert!([teacher.len(), gradient.len()] == [student.len(); 2], "values of two layers");
    let share = 1.0 / (student.len() / width) as f32;
    let mut sum = 0.0;
    let rows = student.chunks_exact(width).zip(teacher.chunks_exact(width));
    for ((student, teacher), gradient) in rows.zip(gradient.chunks_exact_mut(width)) {
        let [length, teacher_length] = [student, teacher]
            .map(|row| (row.iter().map(|value| value * value).sum::<f32>() + SMALLEST).sqrt());
        let mut along = 0.0;
        for ((gradient, student), teacher) in gradient.iter_mut().zip(student).zip(teacher) {
            let direction = student / length;
            let (value, slope) = compare(direction, teacher / teacher_length);
            sum += value;
            along += slope * direction;
            *gradient = slope;
        }
        // A change along the row changes its length alone.
        for (gradient, student) in gradient.iter_mut().zip(student) {
            *gradient = (*gradient - along * student / length) * share / length;
        }
    }
    sum * share
}
