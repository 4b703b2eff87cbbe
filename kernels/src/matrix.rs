//! The product of any two matrices that lie in slices: what layers without panels of their own are made of.

use wide::f32x4;

use crate::lanes::{Isa, Lanes, with_isa};
use crate::product::{DEPTH, Scratch};

/// A matrix in a slice, as it lies there or turned round.
#[derive(Debug, Clone, Copy)]
pub struct Matrix<'a> {
    values: &'a [f32],
    /// Of what it stands for.
    rows: usize,
    columns: usize,
    /// Values from one line of the slice to the next.
    stride: usize,
    /// Whether a line is a column.
    is_transposed: bool,
}

impl<'a> Matrix<'a> {
    /// Rows one behind another, of `columns` values each.
    ///
    /// # Panics
    /// When that does not come out even.
    pub fn new(values: &'a [f32], columns: usize) -> Self {
        assert!(values.len().is_multiple_of(columns), "rows of a matrix");
        Self { values, rows: values.len() / columns, columns, stride: columns, is_transposed: false }
    }

    /// Rows whose first values lie `stride` apart; the last one ends where its values do.
    ///
    /// # Panics
    /// When there are fewer values.
    pub fn strided(values: &'a [f32], rows: usize, columns: usize, stride: usize) -> Self {
        assert!(columns <= stride && (rows == 0 || (rows - 1) * stride + columns <= values.len()), "values");
        Self { values, rows, columns, stride, is_transposed: false }
    }

    /// The same matrix, turned round.
    pub fn transposed(self) -> Self {
        Self { rows: self.columns, columns: self.rows, is_transposed: !self.is_transposed, ..self }
    }
}

/// What becomes of the values that are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// They are replaced.
    Set,
    /// The product is added to them.
    Add,
}

/// `to [left.rows, right.columns] = left · right`, or `+=`. Rows of `to` lie `stride` apart.
///
/// # Panics
/// When the inner lengths differ or are 0, or `to` is shorter.
pub fn multiply(
    isa: Isa,
    left: Matrix,
    right: Matrix,
    to: &mut [f32],
    stride: usize,
    store: Store,
    scratch: &mut Scratch,
) {
    assert!(left.columns == right.rows && left.columns > 0, "inner lengths of a product");
    if left.rows == 0 || right.columns == 0 {
        return;
    }
    assert!(
        right.columns <= stride && (left.rows - 1) * stride + right.columns <= to.len(),
        "room of a product"
    );
    with_isa!(
        isa,
        product(
            left: Matrix, right: Matrix, to: &mut [f32], stride: usize, store: Store, scratch: &mut Scratch
        )
    );
}

#[inline(always)]
unsafe fn product<S: Lanes, const R: usize, const W: usize>(
    left: Matrix,
    right: Matrix,
    to: &mut [f32],
    stride: usize,
    store: Store,
    scratch: &mut Scratch,
) {
    let Scratch { strips, panels, .. } = scratch;
    pack::<R>(left.transposed(), strips);
    pack::<W>(right, panels);
    let (rows, depth, columns) = (left.rows, left.columns, right.columns);
    for start in (0..depth).step_by(DEPTH) {
        let part = DEPTH.min(depth - start);
        let is_first = start == 0 && store == Store::Set;
        for (panel, column) in panels.chunks_exact(depth * W).zip((0..columns).step_by(W)) {
            for (strip, row) in strips.chunks_exact(depth * R).zip((0..rows).step_by(R)) {
                let (high, wide) = (R.min(rows - row), W.min(columns - column));
                let at = row * stride + column;
                // SAFETY: `with_isa` runs this where the instructions of `S` are, with its `R` and `W`; `chunks_exact`
                // made `strip` `[depth, R]` and `panel` `[depth, W]`, and `start + part` is at most `depth`. A whole
                // tile lies inside `to`, as `multiply` has checked; what is less goes to a tile of its own.
                unsafe {
                    let (strip, panel) = (strip.as_ptr().add(start * R), panel.as_ptr().add(start * W));
                    if (high, wide) == (R, W) {
                        S::add_product(part, strip, panel, to.as_mut_ptr().add(at), stride, is_first);
                        continue;
                    }
                    let mut tile = [[0.0; W]; R];
                    S::add_product(part, strip, panel, tile.as_mut_ptr().cast(), W, true);
                    for (row, tile) in tile[..high].iter().enumerate() {
                        let to = &mut to[at + row * stride..][..wide];
                        match is_first {
                            true => to.copy_from_slice(&tile[..wide]),
                            false => to.iter_mut().zip(tile).for_each(|(to, value)| *to += value),
                        }
                    }
                }
            }
        }
    }
}

/// Packs the columns of `matrix [depth, columns]` into panels `[depth, L]`, zeros behind the last column.
#[inline(always)]
fn pack<const L: usize>(matrix: Matrix, panels: &mut Vec<f32>) {
    let Matrix { values, rows: depth, columns, stride, is_transposed } = matrix;
    panels.resize(columns.div_ceil(L) * L * depth, 0.0);
    for (panel, first) in panels.chunks_exact_mut(depth * L).zip((0..columns).step_by(L)) {
        let lanes = L.min(columns - first);
        let places = panel.as_chunks_mut::<L>().0;
        if is_transposed {
            gather(&values[first * stride..], stride, lanes, places);
            continue;
        }
        for (place, to) in places.iter_mut().enumerate() {
            match values[place * stride + first..].first_chunk::<L>().filter(|_| lanes == L) {
                Some(values) => *to = *values,
                None => {
                    *to = [0.0; L];
                    to[..lanes].copy_from_slice(&values[place * stride + first..][..lanes]);
                }
            }
        }
    }
}

/// `to [depth, L]` of `lanes` lines `stride` apart, in blocks of four by four that stay in registers.
#[inline(always)]
fn gather<const L: usize>(lines: &[f32], stride: usize, lanes: usize, to: &mut [[f32; L]]) {
    const SIDE: usize = 4;
    let depth = to.len();
    let mut whole = 0;
    for lane in (0..L).step_by(SIDE).take_while(|lane| lane + SIDE <= lanes) {
        let line = |place: usize| &lines[(lane + place) * stride..][..depth];
        let lines: [&[[f32; SIDE]]; SIDE] = std::array::from_fn(|place| line(place).as_chunks().0);
        for block in 0..depth / SIDE {
            let turned = f32x4::transpose(std::array::from_fn(|place| f32x4::new(lines[place][block])));
            for (to, values) in to[block * SIDE..][..SIDE].iter_mut().zip(turned) {
                to[lane..lane + SIDE].copy_from_slice(&values.to_array());
            }
        }
        for (place, to) in to.iter_mut().enumerate().skip(depth / SIDE * SIDE) {
            to[lane..lane + SIDE].copy_from_slice(&std::array::from_fn::<f32, SIDE, _>(|of| line(of)[place]));
        }
        whole = lane + SIDE;
    }
    for lane in whole..L {
        match lane < lanes {
            true => to.iter_mut().zip(&lines[lane * stride..]).for_each(|(to, value)| to[lane] = *value),
            false => to.iter_mut().for_each(|to| to[lane] = 0.0),
        }
    }
}
