//! The innermost loop of every product: some rows of the left side, some vectors of columns of the right side.
//!
//! Both sides lie in the order in which they are read: the left one in strips of `R` rows, each `[depth, R]`, the right
//! one in panels of `W` columns, each `[depth, W]`. How many they are is what an instruction set's registers hold:
//! [`Lanes::ROWS`] and [`Lanes::WIDTH`].

use crate::lanes::Lanes;
use crate::parallel::Workspaces;
use crate::transpose::interleave;

/// Room that products need, kept from call to call so that a step allocates nothing.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) strips: Vec<f32>,
    pub(crate) panels: Vec<f32>,
    pub(crate) rows: Vec<usize>,
    pub(crate) workspaces: Workspaces<Workspace>,
}

/// Room that each part of a product needs, which may be worked out beside the others.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) panels: Vec<f32>,
    pub(crate) sums: Vec<f32>,
}

/// `sums [R, W] += stripᵀ · panel`, of `strip [depth, R]`, `panel [depth, W]` and `W` as many as `V` vectors; `=` where
/// it `is_first`. Rows of `sums` lie `stride` apart.
///
/// # Safety
/// As [`Lanes`]; and all of them hold as many values as that.
#[inline(always)]
pub unsafe fn add_product<S: Lanes, const R: usize, const V: usize>(
    depth: usize,
    strip: *const f32,
    panel: *const f32,
    sums: *mut f32,
    stride: usize,
    is_first: bool,
) {
    // SAFETY: `strip` and `panel` move on by `R` and `V · N` values a step and are read before they do, `depth` times:
    // inside `[depth, R]` and `[depth, W]`, which the caller has there; `place` is in one of the `R` rows of `sums`, in
    // its first `V · N` values.
    unsafe {
        let (mut strip, mut panel) = (strip, panel);
        let mut tile = [[S::splat(0.0); V]; R];
        let place = |row: usize, vector: usize| row * stride + vector * S::N;
        if !is_first {
            for (row, tile) in tile.iter_mut().enumerate() {
                for (vector, tile) in tile.iter_mut().enumerate() {
                    *tile = S::load(sums.add(place(row, vector)));
                }
            }
        }
        for _ in 0..depth {
            let columns: [S::V; V] = std::array::from_fn(|vector| S::load(panel.add(vector * S::N)));
            for (row, tile) in tile.iter_mut().enumerate() {
                let value = S::splat(*strip.add(row));
                for (tile, column) in tile.iter_mut().zip(columns) {
                    *tile = S::mul_add(value, column, *tile);
                }
            }
            strip = strip.add(R);
            panel = panel.add(V * S::N);
        }
        for (row, tile) in tile.into_iter().enumerate() {
            for (vector, tile) in tile.into_iter().enumerate() {
                S::store(sums.add(place(row, vector)), tile);
            }
        }
    }
}

/// Depth after which sums are put aside, so that the parts of strips and panels in use stay in the nearest cache.
pub(crate) const DEPTH: usize = 256;

/// The products of all strips with all panels: `sums [panels, strips, R, W]`.
///
/// # Safety
/// The instructions of `S` are there, as for [`Lanes`], and `R` and `W` are its rows and columns. Slices of another
/// length are cut short or panic; they are never left.
#[inline(always)]
pub unsafe fn products<S: Lanes, const R: usize, const W: usize>(
    depth: usize,
    strips: &[f32],
    panels: &[f32],
    sums: &mut Vec<f32>,
) {
    let count = strips.len() / (depth * R);
    sums.resize(panels.len() / (depth * W) * count * R * W, 0.0);
    for start in (0..depth).step_by(DEPTH) {
        let part = DEPTH.min(depth - start);
        for (panel, sums) in panels.chunks_exact(depth * W).zip(sums.chunks_exact_mut(count * R * W)) {
            for (strip, sums) in strips.chunks_exact(depth * R).zip(sums.chunks_exact_mut(R * W)) {
                // SAFETY: `chunks_exact` made `strip` `[depth, R]`, `panel` `[depth, W]` and `sums` `[R, W]`, and
                // `start + part` is at most `depth`.
                unsafe {
                    let (strip, panel) = (strip.as_ptr().add(start * R), panel.as_ptr().add(start * W));
                    S::add_product(part, strip, panel, sums.as_mut_ptr(), W, start == 0);
                }
            }
        }
    }
}

/// Packs the rows of `values [height, depth]` into strips `[depth, R]`, zeros below the last row.
#[inline(always)]
pub fn pack_rows<const R: usize>(values: &[f32], depth: usize, strips: &mut Vec<f32>) {
    let height = values.len() / depth;
    strips.resize(height.div_ceil(R) * R * depth, 0.0);
    for (strip, rows) in strips.chunks_exact_mut(depth * R).zip(values.chunks(depth * R)) {
        if rows.len() == depth * R {
            interleave::<R>(std::array::from_fn(|row| &rows[row * depth..][..depth]), strip);
            continue;
        }
        for (place, to) in strip.as_chunks_mut::<R>().0.iter_mut().enumerate() {
            *to = std::array::from_fn(|row| rows.get(row * depth + place).copied().unwrap_or(0.0));
        }
    }
}

/// Packs the columns of `values [depth, width]` into strips `[depth, R]`, zeros behind the last column.
pub fn pack_columns<const R: usize>(values: &[f32], width: usize, strips: &mut Vec<f32>) {
    let depth = values.len() / width;
    strips.resize(width.div_ceil(R) * R * depth, 0.0);
    for (strip, first) in strips.chunks_exact_mut(depth * R).zip((0..width).step_by(R)) {
        let columns = R.min(width - first);
        for (to, row) in strip.as_chunks_mut::<R>().0.iter_mut().zip(values.chunks_exact(width)) {
            match row[first..].first_chunk::<R>() {
                Some(values) => *to = *values,
                None => {
                    *to = [0.0; R];
                    to[..columns].copy_from_slice(&row[first..]);
                }
            }
        }
    }
}

/// Packs the columns of `values [depth, width]` into panels of `W` columns `[depth, W]`, zeros behind the last.
#[inline(always)]
pub fn pack_panels<const W: usize>(values: &[f32], width: usize, panels: &mut Vec<f32>) {
    let depth = values.len() / width;
    panels.resize(width.div_ceil(W) * W * depth, 0.0);
    for (panel, first) in panels.chunks_exact_mut(depth * W).zip((0..width).step_by(W)) {
        pack_panel::<W>(values, width, first, panel);
    }
}

/// Packs `W` columns of `values [depth, width]` from `first` on into a panel `[depth, W]`, zeros behind the last.
#[inline(always)]
pub fn pack_panel<const W: usize>(values: &[f32], width: usize, first: usize, panel: &mut [f32]) {
    for (to, row) in panel.as_chunks_mut::<W>().0.iter_mut().zip(values.chunks_exact(width)) {
        match row[first..].first_chunk::<W>() {
            Some(values) => *to = *values,
            None => {
                *to = [0.0; W];
                to[..width - first].copy_from_slice(&row[first..]);
            }
        }
    }
}
