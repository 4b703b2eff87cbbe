//! The columns of a batch's values that are not zero in every digit.
//!
//! What is zero in a whole batch adds nothing to any sum. Of digits that is every third pixel: paper, for all of them.

use std::ops::Range;

/// Which columns of a batch's inputs are not zero throughout, and the inputs without the others. Found once for all
/// products of a step; its buffers are kept.
#[derive(Debug, Default)]
pub struct ActiveColumns {
    bits: Vec<u32>,
    columns: Vec<usize>,
    runs: Vec<Range<usize>>,
    values: Vec<f32>,
    width: usize,
}

impl ActiveColumns {
    /// Takes `values [height, width]`.
    pub fn find(&mut self, values: &[f32], width: usize) {
        self.width = width;
        self.bits.clear();
        self.bits.resize(width, 0);
        for row in values.chunks_exact(width) {
            self.bits.iter_mut().zip(row).for_each(|(bits, value)| *bits |= value.to_bits());
        }
        self.columns.clear();
        self.columns.extend((0..width).filter(|column| self.bits[*column] != 0));
        if self.columns.is_empty() {
            // A product needs some depth.
            self.columns.push(0);
        }
        self.runs.clear();
        for &column in &self.columns {
            match self.runs.last_mut() {
                Some(run) if run.end == column => run.end += 1,
                _ => self.runs.push(column..column + 1),
            }
        }
        self.values.clear();
        if !self.is_all() {
            for row in values.chunks_exact(width) {
                self.runs.iter().for_each(|run| self.values.extend_from_slice(&row[run.clone()]));
            }
        }
    }

    /// The active columns, rising; never none.
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// What was taken, `[height, columns]`; `values` are the same again, for the case that all are active.
    pub fn compact<'a>(&'a self, values: &'a [f32]) -> &'a [f32] {
        if self.is_all() { values } else { &self.values }
    }

    /// The active rows of `rows [width, W]`: as they are, or else brought together in `workspace`.
    pub fn rows<'a, const W: usize>(&self, rows: &'a [f32], workspace: &'a mut Vec<f32>) -> &'a [f32] {
        if self.is_all() {
            return rows;
        }
        workspace.clear();
        self.runs.iter().for_each(|run| workspace.extend_from_slice(&rows[run.start * W..run.end * W]));
        workspace
    }

    fn is_all(&self) -> bool {
        self.columns.len() == self.width
    }
}
