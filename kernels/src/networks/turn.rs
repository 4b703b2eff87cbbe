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
    let length =
        |lines: usize, stride: usize, last: usize| lines.checked_sub(1).map_or(0, |all| all * stride + last);
    let wide = rows.next_multiple_of(SIDE);
    assert!(length(rows, from_stride, columns) <= from.len(), "a matrix to turn round");
    assert!(length(columns, to_stride, wide) <= to.len(), "room of a matrix turned round");
    for row in (0..rows).step_by(SIDE) {
        let some = SIDE.min(rows - row);
        let mut sums = f32x4::ZERO;
        for column in (0..columns).step_by(SIDE) {
            // SAFETY: `SIDE` values from `column` on lie in each of `some` lines from `row` on, and from `row` on in
            // each of `SIDE` lines of `to` from `column` on, for which there is room: both lengths have been compared.
            // To cut a slice for each of them takes longer than to turn a block round.
            unsafe {
                let line = |place: usize| from.as_ptr().add((row + place) * from_stride + column);
                let block = std::array::from_fn(|place| match place < some {
                    true => f32x4::new(line(place).cast::<[f32; SIDE]>().read_unaligned()),
                    false => f32x4::ZERO,
                });
                let turned = f32x4::transpose(block);
                sums += (turned[0] + turned[1]) + (turned[2] + turned[3]);
                for (place, values) in turned.into_iter().enumerate() {
                    let to = to.as_mut_ptr().add((column + place) * to_stride + row);
                    to.cast::<[f32; SIDE]>().write_unaligned(values.to_array());
                }
            }
        }
        take_sums(row, sums);
    }
}
