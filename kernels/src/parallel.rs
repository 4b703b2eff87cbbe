//! Work on all cores: the one place that splits it.
//!
//! What is split are the values that are written: each is worked out by one thread, in the same order whatever their
//! number, so results are the same bits with one thread and with many. A sum over a batch is split for no thread's sake:
//! its parts are as many on every machine, and added in their order. Threads are those of rayon's current pool; without
//! the feature `threads` there is one, and nothing of rayon.

use std::marker::PhantomData;
use std::ops::Range;

use crate::aligned::{Aligned, LINE};

/// Multiplications with an addition that are worth a thread of their own: some 50 µs of a core with AVX2, several times
/// what it takes an idle one to wake.
const LEAST: usize = 1 << 21;

/// Multiplications that an addition counts for whose values come from another core's cache.
const ADDITION: usize = 8;

/// Parts for each thread: of one that starts late the others take some over.
const PARTS: usize = 2;

/// Most parts that a sum over a batch is made of, whatever the machine. Without threads a sum is one: nothing has to be
/// kept apart, or added up.
const SUMS: usize = if cfg!(feature = "threads") { 16 } else { 1 };

/// Threads that may work here at once.
pub fn threads() -> usize {
    #[cfg(feature = "threads")]
    return rayon::current_num_threads();
    #[cfg(not(feature = "threads"))]
    1
}

/// In how many parts work of so many multiplications is best done: at most `most`, and 1 where it is little or there is
/// one thread. It depends on the machine; what is summed up part by part must not.
pub fn parts(multiplications: usize, most: usize) -> usize {
    match threads() {
        1 => 1,
        threads => (multiplications / LEAST).min(PARTS * threads).min(most).max(1),
    }
}

/// In how many parts a sum over so many groups of digits is made, see [`sum_up`]: as many on every machine.
pub(crate) fn sums(groups: usize) -> usize {
    groups.clamp(1, SUMS)
}

/// The groups that a part takes, as many as any other or one more. The last come first: what a pass forward has left of
/// them is still near.
pub(crate) fn share(part: usize, parts: usize, groups: usize) -> impl Iterator<Item = usize> {
    let end = |part: usize| groups - part * groups / parts;
    (end(part + 1)..end(part)).rev()
}

/// Makes `many` sums of `size` values each, which come to be the first in `sums`, of so many parts each: `work` adds to
/// zeros the part of a sum, whose number is `part · many + sum`. Parts are added in their order, so that sums are the
/// same bits however many workspaces and threads there are; with one workspace the parts take turns in the same room,
/// which then stays near. `size` is a multiple of [`LINE`].
pub(crate) fn sum_up<W: Send>(
    [many, parts, size]: [usize; 3],
    sums: &mut Aligned,
    workspaces: &mut [W],
    work: &(impl Fn(usize, &mut [f32], &mut W) + Sync),
) {
    let all = many * parts;
    if cfg!(feature = "threads") && workspaces.len() > 1 {
        sums.resize(all * size);
        for_each(all, Rows(sums, size), workspaces, &|some, Rows(sums, _), workspace| {
            for (number, sums) in some.zip(sums.chunks_exact_mut(size)) {
                sums.fill(0.0);
                work(number, sums, workspace);
            }
        });
        let (first, others) = sums.split_at_mut(many * size);
        add_up(first, others);
        return;
    }
    sums.resize(all.min(many + 1) * size);
    let (first, room) = sums.split_at_mut(many * size);
    for number in 0..all {
        let sum = &mut first[number % many * size..][..size];
        let part = if number < many { &mut *sum } else { &mut *room };
        part.fill(0.0);
        work(number, part, &mut workspaces[0]);
        if number >= many {
            sum.iter_mut().zip(&*room).for_each(|(sum, value)| *sum += value);
        }
    }
}

/// Adds others to the first sums, one after another.
fn add_up(first: &mut [f32], others: &[f32]) {
    let size = first.len();
    let work = |lines: Range<usize>, Rows(first, _): Rows<'_, f32>, _: &mut ()| {
        for other in others.chunks_exact(size) {
            let other = &other[lines.start * LINE..lines.end * LINE];
            first.iter_mut().zip(other).for_each(|(sum, value)| *sum += value);
        }
    };
    // A vector of nothing allocates nothing.
    let mut workspaces = vec![(); parts(ADDITION * others.len(), size / LINE)];
    for_each(size / LINE, Rows(first, LINE), &mut workspaces, &work);
}

/// Room for each part of some work, kept from one time to the next.
#[derive(Debug, Default)]
pub(crate) struct Workspaces<W>(Vec<W>);

impl<W: Default> Workspaces<W> {
    /// Of so many parts.
    pub(crate) fn of(&mut self, parts: usize) -> &mut [W] {
        if self.0.len() < parts {
            self.0.resize_with(parts, W::default);
        }
        &mut self.0[..parts]
    }
}

/// Runs work on a thread of the current pool, so that what is split in there has no way to go from outside: a wake-up
/// and, once in a while, an allocation for each time.
pub fn inside<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    #[cfg(feature = "threads")]
    return rayon::scope(|_| work());
    #[cfg(not(feature = "threads"))]
    work()
}

/// Runs work with so many threads of its own: with one, several of them run at once, each on a core. Without the feature,
/// or where no thread is to be had, it runs as it would have otherwise.
pub fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    #[cfg(feature = "threads")]
    if let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        return pool.install(work);
    }
    #[cfg(not(feature = "threads"))]
    let _ = threads;
    work()
}

/// What can be taken apart between two rows, so that each part is written by itself.
pub trait Split: Send + Sized {
    /// The first `rows`, and the rest.
    fn split(self, rows: usize) -> (Self, Self);
}

/// Nothing to take apart.
impl Split for () {
    fn split(self, _rows: usize) -> (Self, Self) {
        ((), ())
    }
}

/// Rows in a slice, so many values each.
#[derive(Debug)]
pub struct Rows<'a, T>(pub &'a mut [T], pub usize);

impl<T: Send> Split for Rows<'_, T> {
    fn split(self, rows: usize) -> (Self, Self) {
        let Rows(values, width) = self;
        let (first, rest) = values.split_at_mut(rows * width);
        (Rows(first, width), Rows(rest, width))
    }
}

impl<S: Split> Split for Option<S> {
    fn split(self, rows: usize) -> (Self, Self) {
        self.map(|split| split.split(rows)).unzip()
    }
}

impl<A: Split, B: Split> Split for (A, B) {
    fn split(self, rows: usize) -> (Self, Self) {
        let ((a, a_rest), (b, b_rest)) = (self.0.split(rows), self.1.split(rows));
        ((a, b), (a_rest, b_rest))
    }
}

/// Splits `rows`, and with them what `split` has of each, into as many parts as there are workspaces, and runs `work`
/// on every part: its rows, what is theirs, and a workspace that no other part has. Nothing is allocated.
///
/// ```
/// use distillery_kernels::parallel::{Rows, for_each, parts};
///
/// // Of eight digits the sum of their four values, and the values doubled.
/// let (mut values, mut sums) = (vec![1.0_f32; 32], vec![0.0_f32; 8]);
/// let mut workspaces = vec![(); parts(1 << 24, 8)];
/// let split = (Rows(&mut values, 4), Rows(&mut sums, 1));
/// for_each(8, split, &mut workspaces, &|_rows, (Rows(values, _), Rows(sums, _)), _workspace| {
///     for (values, sum) in values.chunks_mut(4).zip(sums) {
///         *sum = values.iter().sum();
///         values.iter_mut().for_each(|value| *value *= 2.0);
///     }
/// });
/// assert_eq!((sums, values[31]), (vec![4.0; 8], 2.0));
/// ```
///
/// # Panics
/// When a slice has fewer rows, or there is no workspace.
pub fn for_each<S: Split, W: Send>(
    rows: usize,
    split: S,
    workspaces: &mut [W],
    work: &(impl Fn(Range<usize>, S, &mut W) + Sync),
) {
    of_range(0..rows, split, workspaces, work);
}

fn of_range<S: Split, W: Send>(
    rows: Range<usize>,
    split: S,
    workspaces: &mut [W],
    work: &(impl Fn(Range<usize>, S, &mut W) + Sync),
) {
    if let [workspace] = workspaces {
        return work(rows, split, workspace);
    }
    let half = workspaces.len() / 2;
    let first = rows.len() * half / workspaces.len();
    let (middle, (split, split_rest)) = (rows.start + first, split.split(first));
    let (workspaces, workspaces_rest) = workspaces.split_at_mut(half);
    both(
        || of_range(rows.start..middle, split, workspaces, work),
        || of_range(middle..rows.end, split_rest, workspaces_rest, work),
    );
}

#[cfg(feature = "threads")]
fn both(first: impl FnOnce() + Send, second: impl FnOnce() + Send) {
    rayon::join(first, second);
}

#[cfg(not(feature = "threads"))]
fn both(first: impl FnOnce(), second: impl FnOnce()) {
    first();
    second();
}

/// A matrix of which every part writes columns of its own, which lie in no slice of their own.
#[derive(Clone, Copy)]
pub(crate) struct Shared<'a> {
    values: *mut f32,
    length: usize,
    of: PhantomData<&'a mut [f32]>,
}

// SAFETY: it is a slice that is borrowed for as long; who takes parts of it answers for their being apart.
unsafe impl Send for Shared<'_> {}
// SAFETY: the same.
unsafe impl Sync for Shared<'_> {}

impl<'a> Shared<'a> {
    pub(crate) fn new(values: &'a mut [f32]) -> Self {
        Self { values: values.as_mut_ptr(), length: values.len(), of: PhantomData }
    }

    /// Its values.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Some neighbouring values.
    ///
    /// # Safety
    /// Nobody else reads or writes them while the slice is used.
    ///
    /// # Panics
    /// When there are fewer.
    pub(crate) unsafe fn slice(&self, from: usize, values: usize) -> &'a mut [f32] {
        assert!(from <= self.length && values <= self.length - from, "values of a shared matrix");
        // SAFETY: they lie inside the slice that this was made of, and are used here alone, as the caller says.
        unsafe { std::slice::from_raw_parts_mut(self.values.add(from), values) }
    }

    /// Where `rows` of `columns` values each lie, from `from` on and `stride` apart.
    ///
    /// # Panics
    /// When there are fewer values.
    pub(crate) fn tile(&self, from: usize, stride: usize, rows: usize, columns: usize) -> *mut f32 {
        assert!(from + (rows - 1) * stride + columns <= self.length, "values of a shared matrix");
        // SAFETY: the first of them lies inside the slice that this was made of.
        unsafe { self.values.add(from) }
    }
}
