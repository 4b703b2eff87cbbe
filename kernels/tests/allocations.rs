//! A budget: a training step allocates nothing once its buffers are there.

#![allow(unsafe_code, reason = "an allocator that counts is an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use distillery_kernels::{
    Activation, ActiveColumns, Cnn, CnnShape, Dense, Isa, Network, NoMasks, Rnn, RnnShape, Rule, Scratch,
    Update, Vit, VitShape, parallel,
};

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
                SIZES.into_iter().for_each(|sizes| check_layer(isa, sizes, threads));
                check_networks(isa, threads);
            }
        });
    }
}

/// Digits, inputs, outputs.
const SIZES: [(usize, usize, usize); 2] = [(13, 20, 9), (96, 400, 200)];

fn check_layer(isa: Isa, (n, from, to): (usize, usize, usize), threads: usize) {
    let mut layer = Dense::new(isa, from, to, &vec![0.1; (from + 1) * to]);
    let (inputs, units) = (vec![0.5; n * from], vec![1.0; n * from]);
    let (mut outputs, mut grad_in, grad_out) = (vec![0.0; n * to], vec![0.0; n * from], vec![0.1; n * to]);
    let (mut scratch, mut active) = (Scratch::default(), ActiveColumns::default());
    let mut step = || {
        active.find(&inputs, from);
        layer.forward(&inputs, Some(&active), Activation::Relu, &mut outputs, &mut scratch);
        layer.backward(&grad_out, Some(&units), 1.0, &mut grad_in, &mut scratch);
        let update = Update { rule: Rule::Sgd { momentum: 0.9 }, rate: 0.1, decay: 0.0 };
        layer.learn(&inputs, Some(&active), &grad_out, update, &mut scratch);
    };
    check(&mut step, &format!("{isa:?}, {threads} threads, a layer {n}×{from}×{to}"));
}

fn check_networks(isa: Isa, threads: usize) {
    let (outputs, dropout, input_dropout) = (10, 0.0, 0.0);
    let shape = VitShape {
        width: 8,
        depth: 2,
        heads: 2,
        mlp_width: 12,
        outputs,
        dropout,
        input_dropout,
        ..VitShape::default()
    };
    let mut vit = Vit::new(isa, shape);
    let mut rnn = Rnn::new(isa, RnnShape { units: 5, outputs, dropout, input_dropout });
    let (channels, widths) = (vec![3, 5], vec![6, outputs]);
    let mut cnn = Cnn::new(
        isa,
        CnnShape { side: 28, channels, kernel: 5, widths, dropout, input_dropout, rounds: false },
    );
    let (of_vit, of_rnn, of_cnn) = (vit.weights(), rnn.weights(), cnn.weights());
    check_network(&mut vit, of_vit, &format!("{isa:?}, {threads} threads, a vision transformer"));
    check_network(&mut rnn, of_rnn, &format!("{isa:?}, {threads} threads, a recurrent network"));
    check_network(&mut cnn, of_cnn, &format!("{isa:?}, {threads} threads, a convolutional network"));
}

/// The first step allocates; of those that follow, twenty in a row do not. The threads of a pool allocate as they start,
/// and those of the one before as they end: not at every try.
fn check(step: &mut dyn FnMut(), what: &str) {
    let first = COUNT.load(Ordering::Relaxed);
    step();
    let second = COUNT.load(Ordering::Relaxed);
    assert!(second > first, "{what}: the count counts");
    let mut is_spared = |_| {
        let before = COUNT.load(Ordering::Relaxed);
        (0..20).for_each(|_| step());
        COUNT.load(Ordering::Relaxed) == before
    };
    assert!((0..5).any(&mut is_spared), "{what}");
}

fn check_network(network: &mut dyn Network, weights: usize, what: &str) {
    // Enough for several parts, of which the last group is not full.
    let n = 121;
    let (weights, inputs, mut gradient) = (vec![0.1; weights], vec![0.5; n * 784], vec![0.0; weights]);
    let (grad_outputs, mut shown) = (vec![0.1; n * 10], Vec::new());
    network.forward(&weights, &inputs, &mut NoMasks);
    network.layer(0, &mut shown);
    let grad_layers = [(0, shown)];
    // So that its room is new again.
    network.forward(&weights, &[], &mut NoMasks);
    let mut step = || {
        network.forward(&weights, &inputs, &mut NoMasks);
        network.backward(&weights, &inputs, &grad_outputs, &grad_layers, &mut gradient);
    };
    check(&mut step, what);
}
