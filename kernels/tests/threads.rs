//! Results are the same bits, however many threads work them out.

mod common;

use common::numbers;
use distillery_kernels::{
    Activation, ActiveColumns, Cnn, CnnShape, Dense, Isa, Masks, Matrix, Network, Rnn, RnnShape, Rule,
    Scratch, Store, Update, Vit, VitShape, multiply, parallel,
};

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// Digits, inputs and outputs that are worth splitting: with rests of rows and of panels, and of fewer panels than parts.
const SIZES: [(usize, usize, usize); 3] = [(67, 410, 205), (128, 784, 61), (1000, 120, 55)];

/// Everything that a step of a layer writes, and products of matrices of its size.
fn step(isa: Isa, (n, from, to): (usize, usize, usize)) -> Vec<Vec<u32>> {
    let mut inputs = numbers(1, n * from);
    inputs.chunks_exact_mut(from).for_each(|row| row[..7].fill(0.0));
    let (grad_out, units) = (numbers(2, n * to), numbers(3, n * from));
    let mut layer = Dense::new(isa, from, to, &numbers(4, (from + 1) * to));
    let (mut scratch, mut active) = (Scratch::default(), ActiveColumns::default());
    let (mut outputs, mut grad_in) = (vec![0.0; n * to], vec![0.0; n * from]);
    active.find(&inputs, from);
    layer.forward(&inputs, Some(&active), Activation::Relu, &mut outputs, &mut scratch);
    layer.backward(&grad_out, Some(&units), 2.0, &mut grad_in, &mut scratch);
    let update = Update { rule: Rule::Sgd { momentum: 0.9 }, rate: 0.1, decay: 0.01 };
    layer.learn(&inputs, Some(&active), &grad_out, update, &mut scratch);
    let mut all = vec![bits(&outputs), bits(&grad_in), bits(&layer.values()), bits(&layer.moments()[0])];

    let weights = numbers(5, from * to);
    let (left, right) = (Matrix::new(&inputs, from), Matrix::new(&weights, to));
    for (left, right, stride) in [(left, right, to), (right.transposed(), left.transposed(), n)] {
        let mut product = numbers(6, n * to);
        multiply(isa, left, right, &mut product, stride, Store::Add, &mut scratch);
        all.push(bits(&product));
    }
    all
}

#[test]
fn threads_change_no_bit() {
    for isa in Isa::available() {
        for sizes in SIZES {
            let alone = parallel::with_threads(1, || step(isa, sizes));
            for threads in [2, 3, 7] {
                let found = parallel::with_threads(threads, || step(isa, sizes));
                assert!(found == alone, "{isa:?}, {sizes:?}: {threads} threads");
            }
        }
    }
}

/// Drops what looks like chance.
struct Drawn;

impl Masks for Drawn {
    fn mask(&mut self, values: usize, rate: f64) -> Option<Vec<f32>> {
        let keep = |number: f32| if f64::from(number) < 2.0 * rate - 1.0 { 0.0 } else { 1.25 };
        Some(numbers(8, values).into_iter().map(keep).collect())
    }
}

/// Everything that a pass forward and one backward write, of one layer shown and of a gradient in it.
fn passes(network: &mut dyn Network, weights: usize, n: usize) -> Vec<Vec<u32>> {
    let weights: Vec<f32> = numbers(1, weights).iter().map(|value| value * 0.3).collect();
    let (inputs, grad_outputs, mut layer) = (numbers(2, n * 784), numbers(3, n * 10), Vec::new());
    let mut gradient = numbers(4, weights.len());
    network.forward(&weights, &inputs, &mut Drawn);
    network.layer(0, &mut layer);
    let grad_layers = [(0, numbers(5, layer.len()))];
    network.backward(&weights, &inputs, &grad_outputs, &grad_layers, &mut gradient);
    vec![bits(network.outputs()), bits(&layer), bits(&gradient)]
}

/// Of batches that fill their last group and their last columns, and that do not, one after another.
fn all_networks(isa: Isa) -> Vec<Vec<u32>> {
    let (outputs, dropout, input_dropout) = (10, 0.2, 0.1);
    let shape = VitShape {
        width: 16,
        depth: 2,
        heads: 2,
        mlp_width: 24,
        outputs,
        dropout,
        input_dropout,
        ..VitShape::default()
    };
    let mut vit = Vit::new(isa, shape);
    let mut rnn = Rnn::new(isa, RnnShape { units: 12, outputs, dropout, input_dropout });
    let (channels, widths) = (vec![4, 6], vec![20, outputs]);
    let mut cnn = Cnn::new(
        isa,
        CnnShape { side: 28, channels, kernel: 5, widths, dropout, input_dropout, rounds: false },
    );
    let (of_vit, of_rnn, of_cnn) = (vit.weights(), rnn.weights(), cnn.weights());
    let all = [128, 1, 67].into_iter().flat_map(|n| {
        let found = [passes(&mut vit, of_vit, n), passes(&mut rnn, of_rnn, n), passes(&mut cnn, of_cnn, n)];
        found.into_iter().flatten()
    });
    all.collect()
}

#[test]
fn threads_change_no_bit_of_a_network() {
    for isa in Isa::available() {
        let alone = parallel::with_threads(1, || all_networks(isa));
        for threads in [2, 3] {
            let found = parallel::with_threads(threads, || all_networks(isa));
            let differ: Vec<usize> =
                found.iter().zip(&alone).enumerate().filter(|(_, (a, b))| a != b).map(|(at, _)| at).collect();
            assert!(differ.is_empty(), "{isa:?}: {threads} threads, {differ:?}");
        }
    }
}

#[test]
fn every_row_is_worked_out_once_whatever_the_parts() {
    for (rows, parts) in [(0, 1), (0, 3), (1, 4), (7, 3), (100, 16)] {
        let mut seen = vec![0; rows * 2];
        let mut places = vec![usize::MAX; rows];
        let mut workspaces = vec![0; parts];
        let split = (parallel::Rows(&mut seen, 2), parallel::Rows(&mut places, 1));
        parallel::for_each(rows, split, &mut workspaces, &|range, (seen, places), workspace| {
            *workspace += range.len();
            seen.0.iter_mut().for_each(|seen| *seen += 1);
            places.0.iter_mut().zip(range).for_each(|(place, row)| *place = row);
        });
        assert_eq!(seen, vec![1; rows * 2], "{rows} rows, {parts} parts");
        assert_eq!(places, (0..rows).collect::<Vec<_>>(), "{rows} rows, {parts} parts");
        assert_eq!(workspaces.iter().sum::<usize>(), rows, "{rows} rows, {parts} parts");
    }
}
