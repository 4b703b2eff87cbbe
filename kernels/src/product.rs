//! The matrix product. Both sides are packed into strips that the innermost loop reads from end to end; what leaves its
//! registers is handed on at once, so that nothing reads or writes the result a second time.

use crate::lanes::Lanes;

/// Rows worked out together.
pub const ROWS: usize = 4;
/// Vectors of columns worked out together: with four rows they fill twelve of sixteen registers.
pub const VECTORS: usize = 3;

/// A matrix somewhere in a slice.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    pub values: &'a [f32],
    /// From a value to the one below it.
    pub down: usize,
    /// From a value to the one right of it.
    pub right: usize,
}

impl<'a> View<'a> {
    /// A matrix that lies row after row.
    pub fn rows(values: &'a [f32], width: usize) -> Self {
        Self { values, down: width, right: 1 }
    }

    /// The same matrix with rows for columns.
    pub fn transposed(self) -> Self {
        Self { down: self.right, right: self.down, ..self }
    }
}

/// What becomes of each value of a product.
pub trait Sink<S: Lanes> {
    /// Takes `S::N` neighbours of one row.
    ///
    /// # Safety
    /// As [`Lanes`]; they lie within the product.
    unsafe fn put(&mut self, row: usize, column: usize, values: S::V);

    /// Takes `count` of them, fewer than `S::N`, the last of a row.
    ///
    /// # Safety
    /// As [`Sink::put`].
    unsafe fn put_some(&mut self, row: usize, column: usize, values: S::V, count: usize);
}

/// Packs `height` rows into strips of [`ROWS`], each `[depth, ROWS]`, zeros below the last row.
#[inline(always)]
fn pack_rows(view: View, height: usize, depth: usize, strips: &mut [f32]) {
    for (strip, first) in strips.chunks_exact_mut(depth * ROWS).zip((0..height).step_by(ROWS)) {
        let rows = ROWS.min(height - first);
        if view.down == 1 && rows == ROWS {
            for (place, to) in strip.as_chunks_mut::<ROWS>().0.iter_mut().enumerate() {
                let from = first + place * view.right;
                to.copy_from_slice(&view.values[from..from + ROWS]);
            }
            continue;
        }
        strip.fill(0.0);
        for row in 0..rows {
            let from = view.values[(first + row) * view.down..].iter().step_by(view.right);
            strip.iter_mut().skip(row).step_by(ROWS).zip(from).for_each(|(to, from)| *to = *from);
        }
    }
}

/// Packs the columns from `first` on into one panel `[depth, width]`, zeros behind the last column.
#[inline(always)]
fn pack_columns(view: View, first: usize, columns: usize, depth: usize, width: usize, panel: &mut [f32]) {
    if columns < width {
        panel[..depth * width].fill(0.0);
    }
    if view.right == 1 {
        for (place, to) in panel.chunks_exact_mut(width).take(depth).enumerate() {
            let from = place * view.down + first;
            to[..columns].copy_from_slice(&view.values[from..from + columns]);
        }
        return;
    }
    for column in 0..columns {
        let from = view.values[(first + column) * view.right..].iter().step_by(view.down);
        let to = panel[..depth * width].iter_mut().skip(column).step_by(width);
        to.zip(from).for_each(|(to, from)| *to = *from);
    }
}

/// `left [height, depth] · right [depth, width]`, handed to the sink.
///
/// # Safety
/// As [`Lanes`]; and both views hold as many values as that.
#[inline(always)]
pub(crate) unsafe fn product<S: Lanes>(
    (height, depth, width): (usize, usize, usize),
    left: View,
    right: View,
    packed: &mut Packed,
    sink: &mut impl Sink<S>,
) {
    let panel_width = VECTORS * S::N;
    let strips = height.div_ceil(ROWS);
    let (strips, panel) = packed.of(strips * ROWS * depth, panel_width * depth);
    pack_rows(left, height, depth, strips);
    let mut first = 0;
    while first < width {
        let columns = panel_width.min(width - first);
        pack_columns(right, first, columns, depth, panel_width, panel);
        // Narrow layers end in a panel that is mostly empty: what is not there is not worked out.
        let vectors = columns.div_ceil(S::N);
        for (strip, row) in strips.chunks_exact(depth * ROWS).zip((0..height).step_by(ROWS)) {
            let rows = ROWS.min(height - row);
            // SAFETY: strip and panel hold `depth` times what one place of theirs holds.
            unsafe {
                match vectors {
                    3 => tile::<S, 3>(depth, strip, panel).put(rows, row, first, columns, sink),
                    2 => tile::<S, 2>(depth, strip, panel).put(rows, row, first, columns, sink),
                    _ => tile::<S, 1>(depth, strip, panel).put(rows, row, first, columns, sink),
                }
            }
        }
        first += panel_width;
    }
}

/// Some rows and vectors of a product.
struct Tile<S: Lanes, const V: usize>([[S::V; V]; ROWS]);

/// The innermost loop.
#[inline(always)]
unsafe fn tile<S: Lanes, const V: usize>(depth: usize, strip: &[f32], panel: &[f32]) -> Tile<S, V> {
    let panel_width = VECTORS * S::N;
    debug_assert!(strip.len() >= depth * ROWS && panel.len() >= depth * panel_width);
    // SAFETY: by the lengths above every address is inside its slice.
    unsafe {
        let mut sums = [[S::splat(0.0); V]; ROWS];
        let (mut left, mut right) = (strip.as_ptr(), panel.as_ptr());
        let mut step = |left: *const f32, right: *const f32| {
            let mut columns = [S::splat(0.0); V];
            for (vector, column) in columns.iter_mut().enumerate() {
                *column = S::load(right.add(vector * S::N));
            }
            for (row, sums) in sums.iter_mut().enumerate() {
                let value = S::splat(*left.add(row));
                for (sum, column) in sums.iter_mut().zip(columns) {
                    *sum = S::mul_add(value, column, *sum);
                }
            }
        };
        // Four at a time: a loop in WebAssembly asks at every turn whether it is to be interrupted.
        for _ in 0..depth / 4 {
            for place in 0..4 {
                step(left.add(place * ROWS), right.add(place * panel_width));
            }
            (left, right) = (left.add(4 * ROWS), right.add(4 * panel_width));
        }
        for _ in 0..depth % 4 {
            step(left, right);
            (left, right) = (left.add(ROWS), right.add(panel_width));
        }
        Tile(sums)
    }
}

impl<S: Lanes, const V: usize> Tile<S, V> {
    #[inline(always)]
    unsafe fn put(self, rows: usize, row: usize, first: usize, columns: usize, sink: &mut impl Sink<S>) {
        for (below, values) in self.0.into_iter().enumerate().take(rows) {
            for (vector, values) in values.into_iter().enumerate() {
                let column = vector * S::N;
                // SAFETY: rows and columns are those of the product.
                unsafe {
                    match columns.saturating_sub(column) {
                        0 => {}
                        left if left < S::N => sink.put_some(row + below, first + column, values, left),
                        _ => sink.put(row + below, first + column, values),
                    }
                }
            }
        }
    }
}

/// Room for packed sides, kept from one product to the next.
#[derive(Debug, Default)]
pub struct Packed {
    strips: Vec<f32>,
    panel: Vec<f32>,
}

impl Packed {
    fn of(&mut self, strips: usize, panel: usize) -> (&mut [f32], &mut [f32]) {
        if self.strips.len() < strips {
            self.strips.resize(strips, 0.0);
        }
        if self.panel.len() < panel {
            self.panel.resize(panel, 0.0);
        }
        (&mut self.strips[..strips], &mut self.panel[..panel])
    }
}
