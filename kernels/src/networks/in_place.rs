//! The product of two matrices that are read where they lie: for sides so small, or used so seldom, that to pack them
//! would cost more than it saves.
//!
//! The right side and the product have the places of a batch for columns, some vectors of them, so that no column is
//! left over; the left side is read one value at a time and may lie in any order.

use super::LINE;
use crate::lanes::{Isa, Lanes, with_isa};

/// A left side `[rows, depth]`: value (`r`, `d`) lies at `r · row + d · step`.
#[derive(Debug, Clone, Copy)]
pub struct Left<'a> {
    pub values: &'a [f32],
    pub row: usize,
    pub step: usize,
}

/// A right side `[depth, columns]`, or a product `[rows, columns]`, whose rows lie `stride` apart.
#[derive(Debug, Clone, Copy)]
pub struct Right<'a> {
    pub values: &'a [f32],
    pub stride: usize,
}

/// What a product is added to.
#[derive(Debug, Clone, Copy)]
pub enum Start<'a> {
    Zero,
    /// One value for each row.
    Bias(&'a [f32]),
    /// What is there already.
    There,
}

/// Rows, depth and columns of a product; columns are a multiple of [`LINE`].
pub type Sizes = [usize; 3];

/// `to [rows, columns] = start + left · right`; rows of `to` lie `stride` apart.
///
/// # Panics
/// When a side is shorter than that.
pub fn multiply(
    isa: Isa,
    sizes: Sizes,
    left: Left,
    right: Right,
    start: Start,
    to: &mut [f32],
    stride: usize,
) {
    let [rows, depth, columns] = sizes;
    if rows == 0 || columns == 0 {
        return;
    }
    let is_inside = |len: usize, last: [usize; 2]| depth == 0 || last[0] + last[1] < len;
    let last = depth.saturating_sub(1);
    assert!(columns.is_multiple_of(LINE), "columns of a product");
    assert!(
        is_inside(left.values.len(), [(rows - 1) * left.row, last * left.step]),
        "left side of a product"
    );
    assert!(is_inside(right.values.len(), [last * right.stride, columns - 1]), "right side of a product");
    assert!((rows - 1) * stride + columns <= to.len(), "room of a product");
    let bias = match start {
        Start::Bias(bias) => {
            assert!(rows <= bias.len(), "biases of a product");
            bias.as_ptr()
        }
        Start::Zero | Start::There => std::ptr::null(),
    };
    let panel = Panel {
        rows,
        depth,
        left: left.values.as_ptr(),
        left_row: left.row,
        left_step: left.step,
        right: right.values.as_ptr(),
        right_step: right.stride,
        bias,
        is_added: matches!(start, Start::There),
        to: to.as_mut_ptr(),
        stride,
    };
    with_isa!(isa, panels(panel: Panel, columns: usize));
}

/// Some vectors of columns of a product, all rows.
#[derive(Debug, Clone, Copy)]
pub struct Panel {
    rows: usize,
    depth: usize,
    left: *const f32,
    left_row: usize,
    left_step: usize,
    right: *const f32,
    right_step: usize,
    /// One for each row, or null.
    bias: *const f32,
    is_added: bool,
    to: *mut f32,
    stride: usize,
}

#[inline(always)]
unsafe fn panels<S: Lanes, const R: usize, const W: usize>(panel: Panel, columns: usize) {
    for (at, vectors) in widths(columns / S::N, S::PANEL) {
        // SAFETY: `with_isa` runs this where the instructions of `S` are; `multiply` has checked that `columns`, a
        // multiple of `N`, are there on both sides.
        unsafe {
            let column = at * S::N;
            S::panel(vectors, &Panel { right: panel.right.add(column), to: panel.to.add(column), ..panel });
        }
    }
}

/// Where panels of `all` vectors begin, and how many each has: as few panels as there can be, of sizes as equal as they
/// can be. A panel of a single vector would wait for its sums.
#[inline(always)]
fn widths(all: usize, most: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    (1..=all.div_ceil(most)).rev().map(move |rest| {
        let vectors = (all - at).div_ceil(rest);
        at += vectors;
        (at - vectors, vectors)
    })
}

/// `V` vectors of columns by `R` rows at a time, or fewer by as many rows as fill the registers then.
///
/// # Safety
/// As [`Lanes`]; what `panel` tells of is there, with `vectors` vectors of columns, at most `V`.
#[inline(always)]
pub unsafe fn panel<S: Lanes, const R: usize, const V: usize>(vectors: usize, panel: &Panel) {
    // SAFETY: handed on.
    unsafe {
        match vectors {
            // Columns are whole lines, four vectors of four values: of those no panel, of sizes as equal as can be, is
            // narrower than four.
            5 if V > 5 => strips::<S, R, 5>(panel),
            4 if V > 5 => strips::<S, R, 4>(panel),
            1 if V < 4 => strips::<S, 8, 1>(panel),
            2 if V == 3 => strips::<S, 4, 2>(panel),
            _ => {
                assert_eq!(vectors, V, "vectors of a panel");
                strips::<S, R, V>(panel);
            }
        }
    }
}

/// # Safety
/// As [`panel`], of `V` vectors.
#[inline(always)]
unsafe fn strips<S: Lanes, const R: usize, const V: usize>(panel: &Panel) {
    let mut row = 0;
    while row < panel.rows {
        let rest = panel.rows - row;
        // SAFETY: so many rows are left.
        unsafe {
            if rest >= R {
                tile::<S, R, V>(panel, row);
                row += R;
            } else if R > 4 && rest >= 4 {
                tile::<S, 4, V>(panel, row);
                row += 4;
            } else if rest >= 2 {
                tile::<S, 2, V>(panel, row);
                row += 2;
            } else {
                tile::<S, 1, V>(panel, row);
                row += 1;
            }
        }
    }
}

/// # Safety
/// As [`panel`], of `V` vectors; `R` rows are there from `row`.
#[inline(always)]
unsafe fn tile<S: Lanes, const R: usize, const V: usize>(panel: &Panel, row: usize) {
    // SAFETY: each side is read at a row and a column that it has, `depth` times, and moves on by its step in between;
    // no more than the address is made of the last step, by arithmetic that may leave the slice.
    unsafe {
        let to = panel.to.add(row * panel.stride);
        let place = |row: usize, vector: usize| row * panel.stride + vector * S::N;
        let mut sums = [[S::splat(0.0); V]; R];
        if panel.is_added {
            for (row, sums) in sums.iter_mut().enumerate() {
                for (vector, sum) in sums.iter_mut().enumerate() {
                    *sum = S::load(to.add(place(row, vector)));
                }
            }
        } else if !panel.bias.is_null() {
            for (place, sums) in sums.iter_mut().enumerate() {
                *sums = [S::splat(*panel.bias.add(row + place)); V];
            }
        }
        let first = panel.left.add(row * panel.left_row);
        let mut left: [*const f32; R] = std::array::from_fn(|row| first.wrapping_add(row * panel.left_row));
        let mut right = panel.right;
        for _ in 0..panel.depth {
            add_step::<S, R, V>(&left, right, &mut sums);
            left = left.map(|left| left.wrapping_add(panel.left_step));
            right = right.wrapping_add(panel.right_step);
        }
        for (row, sums) in sums.into_iter().enumerate() {
            for (vector, sum) in sums.into_iter().enumerate() {
                S::store(to.add(place(row, vector)), sum);
            }
        }
    }
}

/// Adds a step of depth to the sums of a tile. What there is less of, rows or vectors, is read first and stays in
/// registers while each of the others is read and used: the compiler keeps to that order, and what it would read ahead
/// does not fit.
///
/// # Safety
/// As [`Lanes`]; a value lies at each of `left`, and `V` vectors from `right` on.
#[inline(always)]
unsafe fn add_step<S: Lanes, const R: usize, const V: usize>(
    left: &[*const f32; R],
    right: *const f32,
    sums: &mut [[S::V; V]; R],
) {
    // SAFETY: so much lies there.
    unsafe {
        let value = |row: usize| S::splat(*left[row]);
        let column = |vector: usize| S::load(right.add(vector * S::N));
        if R < V {
            let values: [S::V; R] = std::array::from_fn(value);
            for vector in 0..V {
                let column = column(vector);
                for (sums, value) in sums.iter_mut().zip(values) {
                    sums[vector] = S::mul_add(value, column, sums[vector]);
                }
            }
        } else {
            let columns: [S::V; V] = std::array::from_fn(column);
            for (row, sums) in sums.iter_mut().enumerate() {
                let value = value(row);
                for (sum, column) in sums.iter_mut().zip(columns) {
                    *sum = S::mul_add(value, column, *sum);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::Portable;

    /// A product by panels of `R` rows and `V` vectors at most.
    fn product<const R: usize, const V: usize>(sizes: Sizes, left: &[f32], right: &[f32]) -> Vec<f32> {
        let [rows, depth, columns] = sizes;
        let mut to = vec![0.0; rows * columns];
        for (at, vectors) in widths(columns / Portable::N, V) {
            let column = at * Portable::N;
            // SAFETY: both sides and the product have so many rows and columns, and every target has these lanes.
            unsafe {
                let one = Panel {
                    rows,
                    depth,
                    left: left.as_ptr(),
                    left_row: depth,
                    left_step: 1,
                    right: right.as_ptr().add(column),
                    right_step: columns,
                    bias: std::ptr::null(),
                    is_added: false,
                    to: to.as_mut_ptr().add(column),
                    stride: columns,
                };
                panel::<Portable, R, V>(vectors, &one);
            }
        }
        to
    }

    /// Also of those sets of instructions that the machine which tests them lacks: WebAssembly's, NEON, AVX-512.
    #[test]
    fn tiles_of_every_set_of_instructions_are_the_same_product() {
        for rows in [1, 2, 3, 7, 19] {
            for columns in (1..=12).map(|lines| lines * LINE) {
                let sizes = [rows, 9, columns];
                let numbers = |count: usize| (0..count).map(|at| (at % 61) as f32 - 30.0).collect::<Vec<_>>();
                let (left, right) = (numbers(rows * 9), numbers(9 * columns));
                let expected: Vec<f32> = (0..rows * columns)
                    .map(|at| {
                        let (row, column) = (at / columns, at % columns);
                        (0..9).map(|place| left[row * 9 + place] * right[place * columns + column]).sum()
                    })
                    .collect();
                // Whole numbers, small enough that sums are exact in any order.
                assert_eq!(product::<2, 4>(sizes, &left, &right), expected, "2 × 4: {sizes:?}");
                assert_eq!(product::<2, 6>(sizes, &left, &right), expected, "2 × 6: {sizes:?}");
                assert_eq!(product::<6, 2>(sizes, &left, &right), expected, "6 × 2: {sizes:?}");
                assert_eq!(product::<8, 3>(sizes, &left, &right), expected, "8 × 3: {sizes:?}");
            }
        }
    }
}
