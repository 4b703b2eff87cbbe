//! Eigenvectors of a symmetric matrix: Householder's reflections to a tridiagonal one, then QL steps with implicit
//! shifts (Golub, Van Loan 2013, sections 8.3.1 and 8.3.3).
//!
//! Ours, since a library brings matrices of its own for this one use, and the page's package counts every kilobyte.

/// Steps for one eigenvalue; two are usual, and what is no number never settles.
const MOST_STEPS: usize = 64;

/// Eigenvalues, and for each its eigenvector of length 1, one behind the other.
pub(super) struct Eigen {
    pub values: Vec<f64>,
    pub vectors: Vec<f64>,
}

/// A tridiagonal matrix, and the basis in which it is the matrix it was made of.
struct Tridiagonal {
    diagonal: Vec<f64>,
    /// Numbers beside the diagonal, and a 0 behind them.
    beside: Vec<f64>,
    /// Vectors of the basis, one behind the other.
    basis: Vec<f64>,
}

/// Of a symmetric matrix `[n, n]`.
pub(super) fn eigen(matrix: Vec<f64>, n: usize) -> Eigen {
    let mut tridiagonal = reflected(matrix, n);
    for first in 0..n {
        for _ in 0..MOST_STEPS {
            let last = tridiagonal.block_end(first);
            if last == first {
                break;
            }
            tridiagonal.step(first, last);
        }
    }
    Eigen { values: tridiagonal.diagonal, vectors: tridiagonal.basis }
}

pub(super) fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

/// Adds `factor · from` to `to`.
fn add(to: &mut [f64], factor: f64, from: &[f64]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += factor * from);
}

fn reflected(mut matrix: Vec<f64>, n: usize) -> Tridiagonal {
    let mut basis = vec![0.0; n * n];
    basis.iter_mut().step_by(n + 1).for_each(|value| *value = 1.0);
    let mut beside = vec![0.0; n];
    for column in 0..n.saturating_sub(1) {
        let rest = column + 1..n;
        // By symmetry the column lies in its row.
        let mut normal = matrix[column * n..][rest.clone()].to_vec();
        let length = dot(&normal, &normal).sqrt();
        beside[column] = -length.copysign(normal[0]);
        normal[0] -= beside[column];
        let square = dot(&normal, &normal);
        if square == 0.0 {
            continue;
        }
        // H · A · H of the reflection H = 1 − 2 · normal · normalᵀ / square.
        let rows = || rest.clone().map(|row| row * n);
        let mut image: Vec<f64> =
            rows().map(|row| 2.0 * dot(&matrix[row..][rest.clone()], &normal) / square).collect();
        let along = dot(&image, &normal) / square;
        add(&mut image, -along, &normal);
        let mut sum = vec![0.0; n];
        for ((row, normal_part), image_part) in rows().zip(&normal).zip(&image) {
            let values = &mut matrix[row..][rest.clone()];
            add(values, -normal_part, &image);
            add(values, -image_part, &normal);
            add(&mut sum, *normal_part, &basis[row..row + n]);
        }
        for (row, normal_part) in rows().zip(&normal) {
            add(&mut basis[row..row + n], -2.0 * normal_part / square, &sum);
        }
    }
    Tridiagonal { diagonal: matrix.into_iter().step_by(n + 1).collect(), beside, basis }
}

impl Tridiagonal {
    /// The last row of the block that begins here: behind it stands nothing beside the diagonal.
    fn block_end(&self, first: usize) -> usize {
        let Self { diagonal, beside, .. } = self;
        let is_end = |row: &usize| match diagonal.get(row + 1) {
            Some(next) => beside[*row].abs() <= f64::EPSILON * (diagonal[*row].abs() + next.abs()),
            None => true,
        };
        (first..diagonal.len()).find(is_end).unwrap_or(first)
    }

    /// One QL step on the rows of a block, shifted by the eigenvalue of its first two rows that is nearer to the first.
    fn step(&mut self, first: usize, last: usize) {
        let Self { diagonal, beside, basis } = self;
        let n = diagonal.len();
        let slope = (diagonal[first + 1] - diagonal[first]) / (2.0 * beside[first]);
        let shift = beside[first] / (slope + slope.hypot(1.0).copysign(slope));
        let mut bulge = diagonal[last] - diagonal[first] + shift;
        let (mut sine, mut cosine, mut moved) = (1.0, 1.0, 0.0);
        for row in (first..last).rev() {
            let (above, along) = (sine * beside[row], cosine * beside[row]);
            let length = above.hypot(bulge);
            beside[row + 1] = length;
            if length == 0.0 {
                // The block falls into two.
                diagonal[row + 1] -= moved;
                beside[last] = 0.0;
                return;
            }
            (sine, cosine) = (above / length, bulge / length);
            let before = diagonal[row + 1] - moved;
            let turned = (diagonal[row] - before) * sine + 2.0 * cosine * along;
            moved = sine * turned;
            diagonal[row + 1] = before + moved;
            bulge = cosine * turned - along;
            let (left, right) = basis[row * n..][..2 * n].split_at_mut(n);
            for (left, right) in left.iter_mut().zip(right) {
                (*left, *right) = (cosine * *left - sine * *right, sine * *left + cosine * *right);
            }
        }
        diagonal[first] -= moved;
        beside[first] = bulge;
        beside[last] = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    /// `A · v = λ · v` of every pair, and vectors of length 1 at right angles to one another.
    fn check(matrix: &[f64], n: usize) -> Vec<f64> {
        let Eigen { values, vectors } = eigen(matrix.to_vec(), n);
        let largest = values.iter().fold(1.0_f64, |largest, value| largest.max(value.abs()));
        for (value, vector) in values.iter().zip(vectors.chunks(n)) {
            for (row, part) in matrix.chunks(n).zip(vector) {
                assert!((dot(row, vector) - value * part).abs() < 1e-12 * largest, "{n}: {value}");
            }
        }
        for (i, left) in vectors.chunks(n).enumerate() {
            for (j, right) in vectors.chunks(n).enumerate() {
                let expected = f64::from(u8::from(i == j));
                assert!((dot(left, right) - expected).abs() < 1e-12, "{n}: {i}, {j}");
            }
        }
        values
    }

    #[test]
    fn eigenvectors_are_their_definition() {
        for n in [1, 2, 3, 7, 40] {
            let mut stream = Stream::new(n as u32, "test-eigen", &[]);
            let mut matrix = vec![0.0; n * n];
            for row in 0..n {
                for column in 0..=row {
                    let value = f64::from(stream.uniform(-1.0, 1.0));
                    (matrix[row * n + column], matrix[column * n + row]) = (value, value);
                }
            }
            let values = check(&matrix, n);
            let trace: f64 = matrix.iter().step_by(n + 1).sum();
            assert!((values.iter().sum::<f64>() - trace).abs() < 1e-12 * n as f64);
        }
    }

    #[test]
    fn equal_and_missing_eigenvalues_do_no_harm() {
        let ones = vec![1.0; 25];
        let mut values = check(&ones, 5);
        values.sort_by(f64::total_cmp);
        assert!((values[4] - 5.0).abs() < 1e-12 && values[3].abs() < 1e-12, "{values:?}");
        let mut diagonal = vec![0.0; 36];
        diagonal.iter_mut().step_by(7).for_each(|value| *value = 2.0);
        assert_eq!(check(&diagonal, 6), [2.0; 6]);
        assert_eq!(check(&[0.0; 16], 4), [0.0; 4]);
    }

    #[test]
    fn what_is_no_number_ends_as_well() {
        assert_eq!(eigen(vec![f64::NAN; 9], 3).values.len(), 3);
    }
}
