//! Every kernel with every instruction set against its definition in f64, at sizes with and without rests.

mod common;

use common::numbers;
use distillery_kernels::{
    Activation, ActiveColumns, Convolution, ConvolutionShape, Dense, IntegerDense, Isa, Matrix, Pictures,
    Rounded, Rule, Scratch, Store, Update, multiply,
};

/// `left [n, inner] · right [inner, m]` in f64.
fn product(left: &[f32], right: &[f32], (n, inner, m): (usize, usize, usize)) -> Vec<f64> {
    let at = |row: usize, column: usize| {
        (0..inner)
            .map(|place| f64::from(left[row * inner + place]) * f64::from(right[place * m + column]))
            .sum()
    };
    (0..n * m).map(|place| at(place / m, place % m)).collect()
}

fn transposed(values: &[f32], width: usize) -> Vec<f32> {
    (0..width).flat_map(|column| values.iter().skip(column).step_by(width).copied()).collect()
}

#[track_caller]
fn assert_close(found: &[f32], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
        let difference = (f64::from(*found) - expected).abs();
        assert!(difference <= 1e-5 * expected.abs().max(1.0), "{what} at {place}: {found}, {expected}");
    }
}

/// Rows, inputs and outputs: rests of rows, of vectors and of panels, and none.
const SIZES: [(usize, usize, usize); 7] =
    [(1, 1, 1), (3, 5, 7), (4, 6, 8), (6, 12, 16), (5, 30, 10), (33, 17, 24), (17, 300, 61)];

fn each(mut check: impl FnMut(Isa, [usize; 3], &mut Scratch)) {
    for isa in Isa::available() {
        // One for all sizes: what a larger product left behind must not show.
        let mut scratch = Scratch::default();
        for (n, from, to) in SIZES.into_iter().chain(SIZES.into_iter().rev()) {
            check(isa, [n, from, to], &mut scratch);
        }
    }
}

#[test]
fn forward_is_its_definition() {
    each(|isa, [n, from, to], scratch| {
        let (inputs, weights) = (numbers(1, n * from), numbers(2, from * to));
        let (bias, mask) = (numbers(3, to), numbers(4, n * to));
        let layer = Dense::new(isa, from, to, &[weights.clone(), bias.clone()].concat());
        let sums = product(&inputs, &weights, (n, from, to));
        let sums: Vec<f64> = sums.iter().enumerate().map(|(i, sum)| sum + f64::from(bias[i % to])).collect();
        let relu: Vec<f64> = sums.iter().map(|sum| sum.max(0.0)).collect();
        let masked: Vec<f64> = relu.iter().zip(&mask).map(|(sum, mask)| sum * f64::from(*mask)).collect();
        let cases = [(Activation::None, sums), (Activation::Relu, relu), (Activation::Masked(&mask), masked)];
        for (activation, expected) in cases {
            let mut outputs = vec![f32::NAN; n * to];
            layer.forward(&inputs, None, activation, &mut outputs, scratch);
            assert_close(&outputs, &expected, &format!("{isa:?} {n} {from} {to} {activation:?}"));
        }
    });
}

#[test]
fn backward_is_its_definition() {
    each(|isa, [n, from, to], scratch| {
        let (grad_out, weights) = (numbers(5, n * to), numbers(6, from * to));
        let units: Vec<f32> = numbers(7, n * from).iter().map(|unit| unit.max(0.0)).collect();
        let products = product(&grad_out, &transposed(&weights, to), (n, to, from));
        let open = units.iter().map(|unit| if *unit > 0.0 { 2.0 } else { 0.0 });
        let rectified = products.iter().zip(open).map(|(value, open)| value * open).collect();
        // Biases that would be seen if they took part.
        let layer = Dense::new(isa, from, to, &[weights, vec![1e6; to]].concat());
        for (units, expected) in [(Some(&units[..]), rectified), (None, products)] {
            let mut grad_in = vec![f32::NAN; n * from];
            layer.backward(&grad_out, units, 2.0, &mut grad_in, scratch);
            assert_close(&grad_in, &expected, &format!("{isa:?} {n} {from} {to}"));
        }
    });
}

/// One step of the rule in f64: the weight, the first and the second moment.
fn ruled(update: &Update, weight: f64, first: f64, second: f64, gradient: f64) -> (f64, f64, f64) {
    let rate = f64::from(update.rate);
    let gradient = gradient + f64::from(update.decay) * weight;
    match update.rule {
        Rule::Sgd { momentum } => {
            let velocity = f64::from(momentum) * first + gradient;
            (weight - rate * velocity, velocity, second)
        }
        Rule::Adam { beta1, beta2, one_minus_beta1, one_minus_beta2, root_scale, epsilon } => {
            let first = f64::from(beta1) * first + f64::from(one_minus_beta1) * gradient;
            let second = f64::from(beta2) * second + f64::from(one_minus_beta2) * gradient * gradient;
            let root = second.sqrt() * f64::from(root_scale) + f64::from(epsilon);
            (weight - rate * first / root, first, second)
        }
    }
}

#[test]
fn learning_is_its_definition() {
    let adam = Rule::Adam {
        beta1: 0.9,
        beta2: 0.99,
        one_minus_beta1: 0.1,
        one_minus_beta2: 0.01,
        root_scale: 1.5,
        epsilon: 1e-8,
    };
    for (rule, decay) in [(Rule::Sgd { momentum: 0.9 }, 0.0), (adam, 0.0), (adam, 0.1)] {
        each(|isa, [n, from, to], scratch| {
            let update = Update { rule, rate: 0.01, decay };
            let (inputs, grad_out) = (numbers(8, n * from), numbers(9, n * to));
            let all = from * to + to;
            let (before, first_before) = (numbers(10, all), numbers(11, all));
            // Second moments that are no rounding away from zero: a quotient of two tiny numbers tells nothing.
            let second_before: Vec<f32> = numbers(12, all).iter().map(|value| value.abs() + 0.1).collect();
            let mut gradient = product(&transposed(&inputs, from), &grad_out, (from, n, to));
            gradient.extend((0..to).map(|unit| {
                grad_out.iter().skip(unit).step_by(to).map(|value| f64::from(*value)).sum::<f64>()
            }));
            for added in [None, Some(numbers(14, from * to))] {
                let expected: Vec<(f64, f64, f64)> = (0..all)
                    .map(|i| {
                        let [weight, first, second] =
                            [before[i], first_before[i], second_before[i]].map(f64::from);
                        let added = added.as_ref().and_then(|added| added.get(i)).copied().unwrap_or(0.0);
                        ruled(&update, weight, first, second, gradient[i] + f64::from(added))
                    })
                    .collect();
                let mut layer = Dense::new(isa, from, to, &before);
                layer.set_moments([&first_before, &second_before]);
                match &added {
                    None => layer.learn(&inputs, None, &grad_out, update, scratch),
                    Some(added) => layer.learn_with(&inputs, &grad_out, added, update, scratch),
                }
                let [first, second] = layer.moments();
                let what = format!("{isa:?} {n} {from} {to} {rule:?}, {}", added.is_some());
                let part = |of: fn(&(f64, f64, f64)) -> f64| expected.iter().map(of).collect::<Vec<_>>();
                assert_close(&layer.values(), &part(|all| all.0), &what);
                assert_close(&first, &part(|all| all.1), &what);
                assert_close(&second, &part(|all| all.2), &what);
            }
        });
    }
}

#[test]
fn a_layer_without_biases_learns_its_weights_as_one_with_biases_does() {
    each(|isa, [n, from, to], scratch| {
        let (inputs, grad_out) = (numbers(8, n * from), numbers(9, n * to));
        let (weights, moments) = (numbers(10, from * to), numbers(11, from * to));
        let update = Update { rule: Rule::Sgd { momentum: 0.9 }, rate: 0.01, decay: 0.1 };
        let mut learn = |behind: &[f32]| {
            let mut layer = Dense::new(isa, from, to, &[&weights, behind].concat());
            let first = [&moments, behind].concat();
            layer.set_moments([&first, &vec![0.0; first.len()]]);
            // Twice: what the first step would leave in a bias shows in the second.
            (0..2).for_each(|_| layer.learn(&inputs, None, &grad_out, update, scratch));
            let mut outputs = vec![f32::NAN; n * to];
            layer.forward(&inputs, None, Activation::None, &mut outputs, scratch);
            assert_eq!(layer.parameters(), layer.values().len());
            (layer.values(), layer.moments(), outputs)
        };
        let (bare, [first, _], outputs) = learn(&[]);
        let (beside_biases, [first_beside, _], _) = learn(&vec![0.0; to]);
        assert_eq!(bare, beside_biases[..from * to]);
        assert_eq!(first, first_beside[..from * to]);
        let expected = product(&inputs, &bare, (n, from, to));
        assert_close(&outputs, &expected, &format!("{isa:?} {n} {from} {to}"));
    });
}

#[test]
fn weights_into_a_unit_are_clipped() {
    each(|isa, [_, from, to], _| {
        let before = numbers(13, (from + 1) * to);
        let mut layer = Dense::new(isa, from, to, &before);
        layer.clip(0.7);
        let length = |unit: usize| {
            let weights = before[..from * to].iter().skip(unit).step_by(to);
            weights.map(|weight| f64::from(*weight).powi(2)).sum::<f64>().sqrt()
        };
        let expected: Vec<f64> = (0..(from + 1) * to)
            .map(|i| {
                let factor = if i < from * to { (0.7 / length(i % to)).min(1.0) } else { 1.0 };
                f64::from(before[i]) * factor
            })
            .collect();
        assert_close(&layer.values(), &expected, &format!("{isa:?} {from} {to}"));
    });
}

#[test]
#[should_panic(expected = "rows of a layer")]
fn another_length_is_refused() {
    let layer = Dense::new(Isa::Portable, 4, 3, &[0.0; 15]);
    layer.forward(&[0.0; 8], None, Activation::None, &mut [0.0; 5], &mut Scratch::default());
}

/// Inputs that are zero throughout are left out of the products, wherever they lie; nothing else may change by that.
#[test]
fn inputs_that_no_digit_uses_change_nothing() {
    for isa in Isa::available() {
        let (n, from, to) = (9, 40, 30);
        for unused in [vec![], vec![0, 1, 2, 39], (3..17).chain([20, 22, 24]).collect(), (0..from).collect()]
        {
            let mut inputs = numbers(20, n * from);
            for row in inputs.chunks_exact_mut(from) {
                unused.iter().for_each(|column: &usize| row[*column] = 0.0);
            }
            let (grad_out, weights, bias) = (numbers(21, n * to), numbers(22, from * to), numbers(23, to));
            let mut layer = Dense::new(isa, from, to, &[weights.clone(), bias.clone()].concat());
            let mut scratch = Scratch::default();
            let mut outputs = vec![f32::NAN; n * to];
            let mut active = ActiveColumns::default();
            active.find(&inputs, from);
            layer.forward(&inputs, Some(&active), Activation::None, &mut outputs, &mut scratch);
            let sums = product(&inputs, &weights, (n, from, to)).into_iter().enumerate();
            let sums: Vec<f64> = sums.map(|(at, sum)| sum + f64::from(bias[at % to])).collect();
            assert_close(&outputs, &sums, &format!("{isa:?} {unused:?}"));

            // Decay and momentum move the weights of unused inputs too.
            let momentum = numbers(24, (from + 1) * to);
            layer.set_moments([&momentum, &vec![0.0; momentum.len()]]);
            let update = Update { rule: Rule::Sgd { momentum: 0.5 }, rate: 0.1, decay: 0.25 };
            layer.learn(&inputs, Some(&active), &grad_out, update, &mut scratch);
            let ones = vec![1.0; n];
            let gradient = product(&transposed(&inputs, from), &grad_out, (from, n, to)).into_iter();
            let gradient = gradient.chain(product(&ones, &grad_out, (1, n, to)));
            let before = weights.iter().chain(&bias).zip(&momentum);
            let expected: Vec<f64> = before
                .zip(gradient)
                .map(|((weight, momentum), gradient)| {
                    let (weight, momentum) = (f64::from(*weight), f64::from(*momentum));
                    weight - 0.1 * (0.5 * momentum + gradient + 0.25 * weight)
                })
                .collect();
            assert_close(&layer.values(), &expected, &format!("{isa:?} {unused:?}, learnt"));
        }
    }
}

#[test]
fn a_relu_keeps_what_is_no_number_in_its_digit_and_no_other() {
    each(|isa, [n, from, to], scratch| {
        let layer = Dense::new(isa, from, to, &numbers(30, (from + 1) * to));
        let (digit, mask) = (n / 2, vec![2.0; n * to]);
        for value in [f32::NAN, -f32::NAN] {
            let mut inputs = numbers(31, n * from);
            inputs[digit * from + from / 2] = value;
            for activation in [Activation::None, Activation::Relu, Activation::Masked(&mask)] {
                let mut outputs = vec![0.0; n * to];
                layer.forward(&inputs, None, activation, &mut outputs, scratch);
                for (row, outputs) in outputs.chunks(to).enumerate() {
                    let are_kept = outputs.iter().all(|output| output.is_nan() == (row == digit));
                    assert!(are_kept, "{isa:?} {n} {from} {to} {activation:?}: digit {row}: {outputs:?}");
                }
            }
        }
    });
}

/// Sizes of convolutions: one pooled output and several, channels with and without rests, a row left out.
const CONVOLUTIONS: [ConvolutionShape; 7] = [
    ConvolutionShape { from: 1, to: 1, kernel: 1, side: 2 },
    ConvolutionShape { from: 2, to: 13, kernel: 3, side: 9 },
    ConvolutionShape { from: 1, to: 16, kernel: 5, side: 12 },
    ConvolutionShape { from: 16, to: 32, kernel: 5, side: 7 },
    ConvolutionShape { from: 5, to: 7, kernel: 2, side: 8 },
    ConvolutionShape { from: 3, to: 60, kernel: 4, side: 5 },
    ConvolutionShape { from: 12, to: 24, kernel: 7, side: 10 },
];

/// A convolution, pooling and ReLU by their definitions: pooled outputs `[half, half, to]` of a picture, and of each the
/// output before pooling that it is (row and column), none where the ReLU is shut.
fn convolved(
    shape: ConvolutionShape,
    parameters: &[f32],
    picture: &[f32],
) -> Vec<(f64, Option<(usize, usize)>)> {
    let ConvolutionShape { from, to, kernel, side } = shape;
    let output = |channel: usize, y: usize, x: usize| {
        let taps = (0..from * kernel * kernel).map(|tap| {
            let (input, row, column) = (tap / (kernel * kernel), tap / kernel % kernel, tap % kernel);
            let pixel = picture[((y + row) * side + x + column) * from + input];
            f64::from(parameters[channel * from * kernel * kernel + tap]) * f64::from(pixel)
        });
        taps.sum::<f64>() + f64::from(parameters[to * from * kernel * kernel + channel])
    };
    let half = shape.pooled_side();
    let places =
        (0..half * half).flat_map(|place| (0..to).map(move |channel| (place / half, place % half, channel)));
    let pooled = places.map(|(y, x, channel)| {
        let four = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(down, right)| (2 * y + down, 2 * x + right));
        let four = four.map(|place| (output(channel, place.0, place.1), place));
        let largest = four.into_iter().reduce(|a, b| if b.0 > a.0 { b } else { a }).expect("four");
        if largest.0 > 0.0 { (largest.0, Some(largest.1)) } else { (0.0, None) }
    });
    pooled.collect()
}

fn each_convolution(mut check: impl FnMut(Isa, ConvolutionShape, usize, &[f32], &[f32])) {
    for isa in Isa::available() {
        for shape in CONVOLUTIONS {
            let ConvolutionShape { from, to, kernel, side } = shape;
            for n in [1, 3, 19] {
                let parameters = numbers(31, to * (from * kernel * kernel + 1));
                check(isa, shape, n, &parameters, &numbers(32, n * side * side * from));
            }
        }
    }
}

/// Pictures `[n, channels, side, side]` of those with channels innermost, and the other way round.
fn planes(values: &[f32], channels: usize, size: usize) -> Vec<f32> {
    let pictures = values.chunks(channels * size);
    pictures.flat_map(|picture| transposed(picture, channels)).collect()
}

#[test]
fn convolutions_forward_are_their_definition() {
    each_convolution(|isa, shape, n, parameters, values| {
        let ConvolutionShape { from, to, side, .. } = shape;
        let mut pictures = Pictures::default();
        pictures.set_planes(&planes(values, from, side * side), from, side);
        let mut layer = Convolution::new(isa, shape);
        layer.set(parameters);
        let mut pooled = Pictures::default();
        layer.forward(&pictures, &mut pooled);
        let mut found = Vec::new();
        pooled.planes(to, &mut found);
        let size = shape.pooled_side() * shape.pooled_side();
        for digit in 0..n {
            let expected =
                convolved(shape, parameters, &values[digit * side * side * from..][..side * side * from]);
            let expected: Vec<f64> =
                (0..to * size).map(|at| expected[at % size * to + at / size].0).collect();
            assert_close(
                &found[digit * to * size..][..to * size],
                &expected,
                &format!("{isa:?}, {shape:?}, {n}"),
            );
        }
    });
}

#[test]
fn convolutions_backward_are_their_definition() {
    each_convolution(|isa, shape, n, parameters, values| {
        let ConvolutionShape { from, to, kernel, side } = shape;
        let half = shape.pooled_side();
        let grad_out = numbers(33, n * half * half * to);
        let mut pictures = Pictures::default();
        pictures.set_planes(&planes(values, from, side * side), from, side);
        let mut layer = Convolution::new(isa, shape);
        layer.set(parameters);
        let (mut pooled, mut grad_pooled, mut grad_pictures) =
            (Pictures::default(), Pictures::default(), Pictures::default());
        layer.forward(&pictures, &mut pooled);
        grad_pooled.clear(&pooled);
        grad_pooled.add_planes(&planes(&grad_out, to, half * half), to);
        grad_pictures.clear(&pictures);
        let mut gradient = vec![1.0; parameters.len()];
        layer.backward(&pictures, &grad_pooled, Some(&mut grad_pictures), &mut gradient);

        let mut expected = vec![1.0; parameters.len()];
        let mut expected_pictures = vec![0.0; values.len()];
        for digit in 0..n {
            let picture = digit * side * side * from;
            let outputs = convolved(shape, parameters, &values[picture..][..side * side * from]);
            for (at, (_, place)) in outputs.iter().enumerate() {
                let (channel, Some((y, x))) = (at % to, *place) else { continue };
                let gradient = f64::from(grad_out[digit * half * half * to + at]);
                expected[to * from * kernel * kernel + channel] += gradient;
                for tap in 0..from * kernel * kernel {
                    let (input, row, column) = (tap / (kernel * kernel), tap / kernel % kernel, tap % kernel);
                    let pixel = picture + ((y + row) * side + x + column) * from + input;
                    let weight = channel * from * kernel * kernel + tap;
                    expected[weight] += gradient * f64::from(values[pixel]);
                    expected_pictures[pixel] += gradient * f64::from(parameters[weight]);
                }
            }
        }
        assert_close(&gradient, &expected, &format!("{isa:?}, {shape:?}, {n}: weights"));
        let mut found = Vec::new();
        grad_pictures.planes(from, &mut found);
        let size = side * side;
        let expected: Vec<f64> = (0..found.len())
            .map(|at| {
                expected_pictures[at / (from * size) * from * size + at % size * from + at / size % from]
            })
            .collect();
        assert_close(&found, &expected, &format!("{isa:?}, {shape:?}, {n}: pictures"));
    });
}

#[test]
fn max_pooling_keeps_what_is_no_number_in_every_window_that_sees_it() {
    let shape = ConvolutionShape { from: 2, to: 13, kernel: 3, side: 9 };
    let half = shape.pooled_side();
    for isa in Isa::available() {
        let mut layer = Convolution::new(isa, shape);
        layer.set(&numbers(32, shape.parameters()));
        let (mut pictures, mut pooled) = (Pictures::default(), Pictures::default());
        for pixel in 0..81 {
            let mut picture = numbers(34, 81 * 2);
            picture[81 + pixel] = f32::NAN;
            pictures.set_planes(&picture, 2, 9);
            layer.forward(&pictures, &mut pooled);
            let mut found = Vec::new();
            pooled.planes(13, &mut found);
            for (at, value) in found.iter().enumerate() {
                // A pooled output sees two by two outputs, each as many pixels as the kernel.
                let sees = |at: usize, place: usize| (2 * place..2 * place + 4).contains(&at);
                let place = at % (half * half);
                let sees = sees(pixel / 9, place / half) && sees(pixel % 9, place % half);
                assert_eq!(value.is_nan(), sees, "{isa:?}, pixel {pixel}, output {at}");
            }
        }
    }
}

/// Rows of the right width, of a matrix of the wrong orientation for half of the cases.
#[test]
fn products_of_matrices_are_their_definition() {
    each(|isa, [n, from, to], scratch| {
        let (left, right) = (numbers(11, n * from), numbers(12, from * to));
        let before = numbers(13, n * (to + 3));
        let expected = product(&left, &right, (n, from, to));
        let (left_turned, right_turned) = (transposed(&left, from), transposed(&right, to));
        let lefts = [Matrix::new(&left, from), Matrix::new(&left_turned, n).transposed()];
        let rights = [Matrix::new(&right, to), Matrix::new(&right_turned, from).transposed()];
        for (left, right) in lefts.iter().flat_map(|left| rights.iter().map(move |right| (left, right))) {
            for store in [Store::Set, Store::Add] {
                let mut found = before.clone();
                multiply(isa, *left, *right, &mut found, to + 3, store, scratch);
                for (row, (found, before)) in found.chunks(to + 3).zip(before.chunks(to + 3)).enumerate() {
                    let sum = |place: usize| match (place < to, store) {
                        (true, Store::Set) => expected[row * to + place],
                        (true, Store::Add) => expected[row * to + place] + f64::from(before[place]),
                        (false, _) => f64::from(before[place]),
                    };
                    let expected: Vec<f64> = (0..to + 3).map(sum).collect();
                    assert_close(
                        found,
                        &expected,
                        &format!("{isa:?}, {n}×{from}×{to}, {store:?}, row {row}"),
                    );
                }
            }
        }
    });
}

#[test]
fn products_of_whole_numbers_are_exact_and_the_same_in_whatever_company() {
    each(|isa, [n, from, to], _| {
        let inputs: Vec<f32> = numbers(1, n * from).iter().map(|input| input.max(0.0)).collect();
        let multiples: Vec<i8> = numbers(2, from * to).iter().map(|weight| (weight * 127.0) as i8).collect();
        let (scales, biases) = (numbers(3, to), numbers(4, to));
        let layer = IntegerDense::new(isa, from, to, &multiples, &scales, &biases);
        let mut rounded = Rounded::default();
        rounded.take(&inputs, from);
        let mut outputs = vec![f32::NAN; n * to];
        layer.forward(&rounded, &mut outputs);
        for (row, inputs) in inputs.chunks_exact(from).enumerate() {
            let largest = inputs.iter().copied().fold(0.0, f32::max);
            let times = if largest > 0.0 { 127.0 / largest } else { 0.0 };
            for column in 0..to {
                let product = |place: usize| {
                    i64::from((inputs[place] * times).round() as i8)
                        * i64::from(multiples[place * to + column])
                };
                let sum: i64 = (0..from).map(product).sum();
                let expected = sum as f32 * (largest / 127.0 * scales[column]) + biases[column];
                assert_eq!(outputs[row * to + column], expected, "{isa:?} {n} {from} {to}");
            }
            let mut alone = vec![f32::NAN; to];
            rounded.take(inputs, from);
            layer.forward(&rounded, &mut alone);
            assert_eq!(alone, outputs[row * to..(row + 1) * to]);
        }
    });
}

#[test]
fn patches_are_what_a_kernel_sees_of_each_picture() {
    let (n, channels, side, kernel, to) = (3, 2, 6, 3, 5);
    let inputs: Vec<f32> = numbers(1, n * channels * side * side).iter().map(|input| input.abs()).collect();
    let (wide, from) = (side + 1 - kernel, channels * kernel * kernel);
    let multiples: Vec<i8> = numbers(2, from * to).iter().map(|weight| (weight * 127.0) as i8).collect();
    let ones = vec![1.0; to];
    for isa in Isa::available() {
        let layer = IntegerDense::new(isa, from, to, &multiples, &ones, &vec![0.0; to]);
        let mut rounded = Rounded::default();
        rounded.take_patches(&inputs, channels, side, kernel);
        let mut outputs = vec![f32::NAN; n * wide * wide * to];
        layer.forward(&rounded, &mut outputs);
        for (place, output) in outputs.iter().enumerate() {
            let (digit, corner, column) = (place / to / wide / wide, place / to % (wide * wide), place % to);
            let picture = &inputs[digit * channels * side * side..(digit + 1) * channels * side * side];
            let largest = picture.iter().copied().fold(0.0, f32::max);
            let sum: i32 = (0..from)
                .map(|seen| {
                    let (channel, line, across) =
                        (seen / kernel / kernel, seen / kernel % kernel, seen % kernel);
                    let at = (channel * side + corner / wide + line) * side + corner % wide + across;
                    (picture[at] * (127.0 / largest)).round() as i32
                        * i32::from(multiples[seen * to + column])
                })
                .sum();
            assert_eq!(*output, sum as f32 * (largest / 127.0), "{isa:?} {place}");
        }
    }
}
