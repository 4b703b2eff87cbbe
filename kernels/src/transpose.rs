//! Rows and columns changed round, in blocks of four by four that stay in registers.

use wide::f32x4;

/// Columns, and rows, of a block.
const SIDE: usize = 4;

/// `to [columns, W] = fromᵀ`, of up to `W` rows `from [rows, W]` and as many of their columns as `to` has room for;
/// zeros for rows that are missing. `W` is a multiple of four.
#[inline(always)]
pub fn transpose<const W: usize>(from: &[f32], to: &mut [f32]) {
    let (from, to) = (from.as_chunks::<W>().0, to.as_chunks_mut::<W>().0);
    if let (Some(from), Some(to)) = (from.first_chunk::<W>(), to.first_chunk_mut::<W>()) {
        // Of a size that the compiler knows.
        return blocks(from, to);
    }
    blocks(from, to);
}

#[inline(always)]
fn blocks<const W: usize>(from: &[[f32; W]], to: &mut [[f32; W]]) {
    for column in (0..W).step_by(SIDE) {
        for row in (0..W).step_by(SIDE) {
            let block: [f32x4; SIDE] = std::array::from_fn(|place| match from.get(row + place) {
                Some(values) => four(values, column),
                None => f32x4::splat(0.0),
            });
            let turned = f32x4::transpose(block);
            // By reference: an iterator over vectors by value is not taken apart, and carries them through memory.
            for (place, values) in turned.iter().enumerate() {
                if let Some(to) = to.get_mut(column + place) {
                    to[row..row + SIDE].copy_from_slice(&values.to_array());
                }
            }
        }
    }
}

/// Blocks that cover the rows of the highest strip.
const MOST_BLOCKS: usize = 3;

/// `to [columns, R] = rowsᵀ`, of `R` rows of as many values, at most twelve.
#[inline(always)]
pub fn interleave<const R: usize>(rows: [&[f32]; R], to: &mut [f32]) {
    const { assert!(R <= MOST_BLOCKS * SIDE) };
    let columns = rows[0].len();
    let mut column = 0;
    // A block's rows beyond the last spill into the column behind it, which is written next.
    while R >= 3 && column + SIDE < columns {
        let turned: [[f32x4; SIDE]; MOST_BLOCKS] = std::array::from_fn(|block| {
            if block >= R.div_ceil(SIDE) {
                return [f32x4::splat(0.0); SIDE];
            }
            f32x4::transpose(std::array::from_fn(|row| match rows.get(block * SIDE + row) {
                Some(values) => four(values, column),
                None => f32x4::splat(0.0),
            }))
        });
        for place in 0..SIDE {
            for (block, values) in turned.iter().enumerate().take(R.div_ceil(SIDE)) {
                let at = (column + place) * R + block * SIDE;
                to[at..at + SIDE].copy_from_slice(&values[place].to_array());
            }
        }
        column += SIDE;
    }
    for (column, to) in to.as_chunks_mut::<R>().0.iter_mut().enumerate().take(columns).skip(column) {
        *to = std::array::from_fn(|row| rows[row][column]);
    }
}

#[inline(always)]
fn four(values: &[f32], from: usize) -> f32x4 {
    let (blocks, _) = values[from..].as_chunks::<SIDE>();
    f32x4::new(blocks[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(n: usize) -> Vec<f32> {
        (1..=n).map(|number| number as f32).collect()
    }

    fn check_transpose<const W: usize>() {
        for (rows, columns) in (1..=W).flat_map(|rows| (1..=W).map(move |columns| (rows, columns))) {
            let from = numbers(rows * W);
            let mut to = vec![f32::NAN; columns * W];
            transpose::<W>(&from, &mut to);
            for (place, found) in to.iter().enumerate() {
                let (column, row) = (place / W, place % W);
                let expected = if row < rows { from[row * W + column] } else { 0.0 };
                assert_eq!(
                    *found, expected,
                    "{rows} rows of {W}, {columns} turned: row {row}, column {column}"
                );
            }
        }
    }

    fn check_interleave<const R: usize>() {
        for columns in 1..=14 {
            let from = numbers(R * columns);
            let rows: [&[f32]; R] = std::array::from_fn(|row| &from[row * columns..][..columns]);
            let mut to = vec![f32::NAN; R * columns];
            interleave(rows, &mut to);
            let expected: Vec<f32> = (0..columns).flat_map(|column| rows.map(|row| row[column])).collect();
            assert_eq!(to, expected, "{R} rows, {columns} columns");
        }
    }

    #[test]
    fn transposed_blocks_are_their_definition() {
        check_transpose::<8>();
        check_transpose::<12>();
        check_transpose::<16>();
        check_transpose::<48>();
    }

    #[test]
    fn interleaved_rows_are_their_definition() {
        check_interleave::<1>();
        check_interleave::<3>();
        check_interleave::<4>();
        check_interleave::<6>();
        check_interleave::<8>();
        check_interleave::<12>();
    }
}
