//! The product of any two matrices that lie in slices: what layers without panels of their own are made of.

use std::ops::Range;

use wide::f32x4;

use crate::lanes::{Isa, Lanes, with_isa};
use crate::parallel::{self, Rows, Shared};
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
    let (strips, panels) = (left.rows.div_ceil(isa.rows()), right.columns.div_ceil(isa.width()));
    let is_by_rows = strips >= panels;
    let parts = parallel::parts(left.rows * left.columns * right.columns, strips.max(panels));
    let Scratch { strips: split, panels: shared, workspaces, .. } = scratch;
    with_isa!(isa, pack_shared(left: Matrix, right: Matrix, is_by_rows: bool, shared: &mut Vec<f32>));
    let length = left.columns * if is_by_rows { isa.rows() } else { isa.width() };
    split.resize(strips.max(panels) * length, 0.0);
    let tiles = Tiles { left, right, is_by_rows, shared, to: Shared::new(to), stride, store };
    parallel::for_each(
        strips.max(panels),
        Rows(split, length),
        workspaces.of(parts),
        &|own, Rows(packed, _), _| {
            let tiles = &tiles;
            let (strips, panels) = if is_by_rows { (own, 0..panels) } else { (0..strips, own) };
            with_isa!(
                isa,
                product(tiles: &Tiles, strips: Range<usize>, panels: Range<usize>, packed: &mut [f32])
            );
        },
    );
}

/// A product as all parts see it: each has some strips of rows and all panels of columns, or the other way round, and
/// packs what it alone has.
struct Tiles<'a> {
    left: Matrix<'a>,
    right: Matrix<'a>,
    is_by_rows: bool,
    /// What all parts have, packed.
    shared: &'a [f32],
    to: Shared<'a>,
    stride: usize,
    store: Store,
}

#[inline(always)]
unsafe fn product<S: Lanes, const R: usize, const W: usize>(
    tiles: &Tiles,
    strips: Range<usize>,
    panels: Range<usize>,
    packed: &mut [f32],
) {
    let &Tiles { left, right, is_by_rows, shared, to, stride, store } = tiles;
    let (rows, depth, columns) = (left.rows, left.columns, right.columns);
    let (strips_packed, panels_packed): (&[f32], &[f32]) = match is_by_rows {
        true => {
            pack::<R>(left.transposed(), strips.clone(), packed);
            (packed, shared)
        }
        false => {
            pack::<W>(right, panels.clone(), packed);
            (shared, packed)
        }
    };
    for start in (0..depth).step_by(DEPTH) {
        let part = DEPTH.min(depth - start);
        let is_first = start == 0 && store == Store::Set;
        for (panel, column) in panels_packed.chunks_exact(depth * W).zip((panels.start * W..).step_by(W)) {
            for (strip, row) in strips_packed.chunks_exact(depth * R).zip((strips.start * R..).step_by(R)) {
                let (high, wide) = (R.min(rows - row), W.min(columns - column));
                let at = row * stride + column;
                // SAFETY: `with_isa` runs this where the instructions of `S` are, with its `R` and `W`; `chunks_exact`
                // made `strip` `[depth, R]` and `panel` `[depth, W]`, and `start + part` is at most `depth`. Tiles are
                // apart from one another, and each is worked out by one part. A whole one lies in the slice that is
                // taken; what is less goes to a tile of its own.
                unsafe {
                    let (strip, panel) = (strip.as_ptr().add(start * R), panel.as_ptr().add(start * W));
                    if (high, wide) == (R, W) {
                        let to = to.tile(at, stride, R, W);
                        S::add_product(part, strip, panel, to, stride, is_first);
                        continue;
                    }
                    // In the order of a whole one, so that a row is the same bits whichever rows lie beside it.
                    let mut tile = [[0.0; W]; R];
                    let rows = || (0..high).map(|row| to.slice(at + row * stride, wide));
                    if !is_first {
                        tile.iter_mut().zip(rows()).for_each(|(tile, to)| tile[..wide].copy_from_slice(to));
                    }
                    S::add_product(part, strip, panel, tile.as_mut_ptr().cast(), W, is_first);
                    tile.iter().zip(rows()).for_each(|(tile, to)| to.copy_from_slice(&tile[..wide]));
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn pack_shared<S: Lanes, const R: usize, const W: usize>(
    left: Matrix,
    right: Matrix,
    is_by_rows: bool,
    shared: &mut Vec<f32>,
) {
    match is_by_rows {
        true => {
            let panels = right.columns.div_ceil(W);
            shared.resize(panels * W * right.rows, 0.0);
            pack::<W>(right, 0..panels, shared);
        }
        false => {
            let strips = left.rows.div_ceil(R);
            shared.resize(strips * R * left.columns, 0.0);
            pack::<R>(left.transposed(), 0..strips, shared);
        }
    }
}

/// Packs the columns of `matrix [depth, columns]` into panels `[depth, L]`, zeros behind the last column: some of them.
#[inline(always)]
fn pack<const L: usize>(matrix: Matrix, some: Range<usize>, panels: &mut [f32]) {
    let Matrix { values, rows: depth, columns, stride, is_transposed } = matrix;
    for (panel, first) in panels.chunks_exact_mut(depth * L).zip((some.start * L..).step_by(L)) {
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
            let to = &mut to[block * SIDE..][..SIDE];
            for place in 0..SIDE {
                to[place][lane..lane + SIDE].copy_from_slice(&turned[place].to_array());
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
