//! Rows and columns changed round, of matrices with rows of any distance.

use wide::f32x4;

/// Columns, and rows, of a block that stays in registers.
const SIDE: usize = 4;

/// `to [columns, rows] = fromᵀ`, of `from [rows, columns]`; rows lie `strides` apart, and columns are a multiple of
/// four. Rows of `to` are filled up to such a multiple with zeros.
///
/// # Panics
/// When there is no room for them.
pub fn turn(from: &[f32], rows: usize, columns: usize, strides: [usize; 2], to: &mut [f32]) {
    blocks(from, rows, columns, strides, to, |_, _| ());
}

/// The same, and the sums of rows are added to `sums`.
///
/// # Panics
/// As [`turn`], for `sums` as well.
pub fn turn_and_sum(
    from: &[f32],
    rows: usize,
    columns: usize,
    strides: [usize; 2],
    to: &mut [f32],
    sums: &mut [f32],
) {
    blocks(from, rows, columns, strides, to, |row, values| {
        let sums = &mut sums[row..row + SIDE];
        sums.iter_mut().zip(values.to_array()).for_each(|(sum, value)| *sum += value);
    });
}

#[inline(always)]
fn blocks(
    from: &[f32],
    rows: usize,
    columns: usize,
    [from_stride, to_stride]: [usize; 2],
    to: &mut [f32],
    mut take_sums: impl FnMut(usize, f32x4),
) {
    assert!(
        columns.is_multiple_of(SIDE) && rows.next_multiple_of(SIDE) <= to_stride,
        "a matrix turned round"
    );
    for row in (0..rows).step_by(SIDE) {
        let lines: [&[[f32; SIDE]]; SIDE] = std::array::from_fn(|place| match row + place < rows {
            true => from[(row + place) * from_stride..][..columns].as_chunks().0,
            false => &[],
        });
        let mut sums = f32x4::ZERO;
        for block in 0..columns / SIDE {
            let values: [f32x4; SIDE] = std::array::from_fn(|place| match lines[place].get(block) {
                Some(values) => f32x4::new(*values),
                None => f32x4::ZERO,
            });
            let turned = f32x4::transpose(values);
            sums += (turned[0] + turned[1]) + (turned[2] + turned[3]);
            for (place, values) in turned.into_iter().enumerate() {
                to[(block * SIDE + place) * to_stride + row..][..SIDE].copy_from_slice(&values.to_array());
            }
        }
        take_sums(row, sums);
    }
}
