//! A budget: a training step allocates nothing once its buffers are there.

#![allow(unsafe_code, reason = "an allocator that counts is an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use distillery_kernels::{Activation, ActiveColumns, Dense, Isa, Rule, Scratch, Update, parallel};

struct Counting;

static COUNT: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is handed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        // SAFETY: `GlobalAlloc::alloc` asks of its caller what the system's does: a layout of some size.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: `at` came from `alloc` above, so from the system's, with this layout.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// With one thread and with several, on products that are worth splitting and on such that are not. Inside a pool: what
/// comes to one from outside lies in a queue that rayon allocates piece by piece.
#[test]
fn a_step_allocates_nothing() {
    for threads in [1, 3] {
        parallel::with_threads(threads, || {
            for isa in Isa::available() {
                SIZES.into_iter().for_each(|sizes| check(isa, sizes, threads));
            }
        });
    }
}

/// Digits, inputs, outputs.
const SIZES: [(usize, usize, usize); 2] = [(13, 20, 9), (96, 400, 200)];

fn check(isa: Isa, (n, from, to): (usize, usize, usize), threads: usize) {
    let mut layer = Dense::new(isa, from, to, &vec![0.1; (from + 1) * to]);
    let (inputs, units) = (vec![0.5; n * from], vec![1.0; n * from]);
    let (mut outputs, mut grad_in, grad_out) = (vec![0.0; n * to], vec![0.0; n * from], vec![0.1; n * to]);
    let (mut scratch, mut active) = (Scratch::default(), ActiveColumns::default());
    let mut step = || {
        active.find(&inputs, from);
        layer.forward(&inputs, Some(&active), Activation::Relu, &mut outputs, &mut scratch);
        layer.backward(&grad_out, &units, 1.0, &mut grad_in, &mut scratch);
        let update = Update { rule: Rule::Sgd { momentum: 0.9 }, rate: 0.1, decay: 0.0 };
        layer.learn(&inputs, Some(&active), &grad_out, update, &mut scratch);
    };
    let first = COUNT.load(Ordering::Relaxed);
    step();
    let second = COUNT.load(Ordering::Relaxed);
    assert!(second > first, "{isa:?}: the count counts");
    // The threads of a pool allocate as they start, and those of the one before as they end: not at every try.
    let is_spared = |_| {
        let before = COUNT.load(Ordering::Relaxed);
        (0..20).for_each(|_| step());
        COUNT.load(Ordering::Relaxed) == before
    };
    assert!((0..5).any(is_spared), "{isa:?}, {threads} threads, {n}×{from}×{to}");
}
