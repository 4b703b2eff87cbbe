//! Values that begin at a cache line.
//!
//! Otherwise they begin wherever the allocator likes, and of vectors of eight values every second may lie in two cache
//! lines, of sixteen every one: each of these takes as long to read as two.

use std::ops::{Deref, DerefMut};

/// Values of a cache line, and of the widest vector.
pub(crate) const LINE: usize = 16;

#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
struct Line([f32; LINE]);

/// Whole cache lines of values.
#[derive(Debug, Clone, Default)]
pub struct Aligned(Vec<Line>);

impl Aligned {
    /// So many zeros; see [`Aligned::resize`].
    pub fn zeros(values: usize) -> Self {
        let mut zeros = Self::default();
        zeros.resize(values);
        zeros
    }

    /// Becomes so many values, a multiple of 16: those that are there already stay, those that are new are zeros.
    ///
    /// # Panics
    /// When they are not whole cache lines.
    // Networks have dozens of these, and size them in lists that are unrolled.
    #[inline(never)]
    pub fn resize(&mut self, values: usize) {
        assert!(values.is_multiple_of(LINE), "whole cache lines");
        self.0.resize(values / LINE, Line([0.0; LINE]));
    }

    /// Keeps nothing but its room.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl Deref for Aligned {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        // SAFETY: a line is as large as its values, which lie one behind the other and are aligned no more strictly.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().cast(), self.0.len() * LINE) }
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        // SAFETY: as in `deref`; the values are borrowed as the lines are.
        unsafe { std::slice::from_raw_parts_mut(self.0.as_mut_ptr().cast(), self.0.len() * LINE) }
    }
}
