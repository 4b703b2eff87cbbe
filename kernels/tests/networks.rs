//! Whole networks with every instruction set against their definitions in f64, value by value, and the gradients that
//! those have.

mod common;

use common::numbers;
use distillery_kernels::networks::in_place::{Left, Right, Start, multiply};
use distillery_kernels::{
    Cnn, CnnShape, Isa, Masks, Network, NoMasks, Rnn, RnnShape, Vit, VitShape, round_rows,
};

/// A number on a [`Tape`].
type Number = usize;

/// Numbers in the order in which they were worked out: each with those it was made of and its derivatives in them.
#[derive(Default)]
struct Tape {
    values: Vec<f64>,
    parents: Vec<[(Number, f64); 2]>,
}

impl Tape {
    fn push(&mut self, value: f64, parents: [(Number, f64); 2]) -> Number {
        self.values.push(value);
        self.parents.push(parents);
        self.values.len() - 1
    }

    fn constant(&mut self, value: f32) -> Number {
        self.push(f64::from(value), [(0, 0.0); 2])
    }

    fn constants(&mut self, values: &[f32]) -> Vec<Number> {
        values.iter().map(|value| self.constant(*value)).collect()
    }

    fn add(&mut self, a: Number, b: Number) -> Number {
        self.push(self.values[a] + self.values[b], [(a, 1.0), (b, 1.0)])
    }

    fn mul(&mut self, a: Number, b: Number) -> Number {
        let (x, y) = (self.values[a], self.values[b]);
        self.push(x * y, [(a, y), (b, x)])
    }

    fn scale(&mut self, a: Number, factor: f64) -> Number {
        self.push(self.values[a] * factor, [(a, factor), (0, 0.0)])
    }

    /// A function of one number, with its derivative in terms of that number and the function's value.
    fn apply(&mut self, a: Number, of: fn(f64) -> f64, derivative: fn(f64, f64) -> f64) -> Number {
        let x = self.values[a];
        self.push(of(x), [(a, derivative(x, of(x))), (0, 0.0)])
    }

    fn exp(&mut self, a: Number) -> Number {
        self.apply(a, f64::exp, |_, y| y)
    }

    fn inverse(&mut self, a: Number) -> Number {
        self.apply(a, |x| 1.0 / x, |_, y| -y * y)
    }

    fn relu(&mut self, a: Number) -> Number {
        self.apply(a, |x| x.max(0.0), |x, _| if x > 0.0 { 1.0 } else { 0.0 })
    }

    /// Each value, of one digit, as [`round_rows`] has it; derivatives pass as if it were not (straight-through).
    fn rounded(&mut self, values: &[Number]) -> Vec<Number> {
        let mut row: Vec<f32> = values.iter().map(|value| self.values[*value] as f32).collect();
        round_rows(&mut row, values.len());
        let pairs = values.iter().zip(row);
        pairs.map(|(value, rounded)| self.push(f64::from(rounded), [(*value, 1.0), (0, 0.0)])).collect()
    }

    fn sum(&mut self, all: &[Number]) -> Number {
        all[1..].iter().fold(all[0], |sum, value| self.add(sum, *value))
    }

    fn mean(&mut self, all: &[Number]) -> Number {
        let sum = self.sum(all);
        self.scale(sum, 1.0 / all.len() as f64)
    }

    fn dot(&mut self, a: &[Number], b: &[Number]) -> Number {
        let products: Vec<Number> = a.iter().zip(b).map(|(a, b)| self.mul(*a, *b)).collect();
        self.sum(&products)
    }

    /// `inputs · weight [inputs, outputs] + bias`.
    fn linear(&mut self, inputs: &[Number], weight: &[Number], bias: &[Number]) -> Vec<Number> {
        let outputs = bias.len();
        let one = |(output, bias): (usize, &Number)| {
            let column: Vec<Number> = weight.iter().skip(output).step_by(outputs).copied().collect();
            let sum = self.dot(inputs, &column);
            self.add(sum, *bias)
        };
        bias.iter().enumerate().map(one).collect()
    }

    /// Each value times that of its mask.
    fn mask(&mut self, values: &[Number], mask: Option<&[f32]>) -> Vec<Number> {
        match mask {
            None => values.to_vec(),
            Some(mask) => {
                values.iter().zip(mask).map(|(value, mask)| self.scale(*value, f64::from(*mask))).collect()
            }
        }
    }

    fn sums(&mut self, a: &[Number], b: &[Number]) -> Vec<Number> {
        a.iter().zip(b).map(|(a, b)| self.add(*a, *b)).collect()
    }

    /// Derivatives of a sum of numbers, each with its factor, in the first `n` numbers.
    fn derivatives(&self, factors: impl Iterator<Item = (Number, f64)>, n: usize) -> Vec<f64> {
        let mut all = vec![0.0; self.values.len()];
        factors.for_each(|(number, factor)| all[number] += factor);
        for number in (n..all.len()).rev() {
            let derivative = all[number];
            for (parent, factor) in self.parents[number] {
                all[parent] += derivative * factor;
            }
        }
        all.truncate(n);
        all
    }
}

/// Masks that look like chance; what was drawn is kept.
#[derive(Default)]
struct Drawn(Vec<Option<Vec<f32>>>);

impl Masks for Drawn {
    fn mask(&mut self, values: usize, rate: f64) -> Option<Vec<f32>> {
        let drawn = numbers(500 + self.0.len() as u32, values).into_iter();
        let keep = |number: f32| {
            if f64::from(number) < 2.0 * rate - 1.0 { 0.0 } else { (1.0 / (1.0 - rate)) as f32 }
        };
        let mask = (rate > 0.0).then(|| drawn.map(keep).collect());
        self.0.push(mask.clone());
        mask
    }
}

/// Rests of rows, of vectors and of panels, and none; the left side as it lies and turned round.
#[test]
fn products_of_sides_that_are_read_where_they_lie_are_their_definition() {
    for isa in Isa::available() {
        for (rows, depth, columns) in
            [(1, 1, 16), (4, 5, 32), (7, 3, 48), (13, 8, 64), (35, 17, 96), (5, 0, 16)]
        {
            for (row, step) in [(depth + 2, 1), (1, rows + 1)] {
                let (left, right) = (numbers(1, (rows + 2) * (depth + 3)), numbers(2, depth * (columns + 5)));
                let (bias, before) = (numbers(3, rows), numbers(4, rows * (columns + 1)));
                for start in [Start::Zero, Start::Bias(&bias), Start::There] {
                    let mut found = before.clone();
                    let (left, right) =
                        (Left { values: &left, row, step }, Right { values: &right, stride: columns + 5 });
                    multiply(isa, [rows, depth, columns], left, right, start, &mut found, columns + 1);
                    let expected = |at: usize| {
                        let (row, column) = (at / (columns + 1), at % (columns + 1));
                        let before = f64::from(before[at]);
                        let first = match start {
                            _ if column == columns => return before,
                            Start::Zero => 0.0,
                            Start::Bias(bias) => f64::from(bias[row]),
                            Start::There => before,
                        };
                        let left = |place: usize| f64::from(left.values[row * left.row + place * left.step]);
                        let right = |place: usize| f64::from(right.values[place * right.stride + column]);
                        first + (0..depth).map(|place| left(place) * right(place)).sum::<f64>()
                    };
                    let expected: Vec<f64> = (0..found.len()).map(expected).collect();
                    assert_close(&found, &expected, &format!("{isa:?}, {rows}×{depth}×{columns}, {start:?}"));
                }
            }
        }
    }
}

/// Outputs and layers of one digit.
type Shown = (Vec<Number>, Vec<Vec<Number>>);
/// Makes them of weights, a digit and its masks.
type Definition<'a> = &'a dyn Fn(&mut Tape, &[Number], &[Number], &[Option<&[f32]>]) -> Shown;

#[track_caller]
fn assert_close(found: &[f32], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(1.0, |largest: f64, value| largest.max(value.abs()));
    for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
        let difference = (f64::from(*found) - expected).abs();
        assert!(difference <= 1e-5 * scale, "{what} at {place}: {found}, {expected} of up to {scale}");
    }
}

/// Outputs, layers and gradients of `network` with `n` digits are those of its definition. The loss is a sum over
/// outputs and layers, each value times a number.
fn check(network: &mut dyn Network, weights: &[f32], n: usize, what: &str, definition: Definition) {
    let inputs = numbers(1, n * 784);
    let mut drawn = Drawn::default();
    network.forward(weights, &inputs, &mut drawn);
    let mut tape = Tape::default();
    let numbers_of_weights = tape.constants(weights);
    let (mut outputs, mut layers, mut gradient) = (Vec::new(), Vec::new(), vec![0.0; weights.len()]);
    let mut grads: Vec<Vec<f32>> = Vec::new();
    for digit in 0..n {
        tape.values.truncate(weights.len());
        tape.parents.truncate(weights.len());
        let pixels = tape.constants(&inputs[digit * 784..][..784]);
        let masks: Vec<Option<&[f32]>> = drawn
            .0
            .iter()
            .map(|mask| {
                mask.as_deref().map(|mask| {
                    let width = mask.len() / n;
                    &mask[digit * width..][..width]
                })
            })
            .collect();
        let (own_outputs, own_layers) = definition(&mut tape, &numbers_of_weights, &pixels, &masks);
        let all = [&own_outputs].into_iter().chain(&own_layers);
        if digit == 0 {
            let widths = all.clone().map(Vec::len).enumerate();
            grads = widths.map(|(index, width)| numbers(10 + index as u32, n * width)).collect();
            layers = vec![Vec::new(); own_layers.len()];
        }
        outputs.extend(own_outputs.iter().map(|number| tape.values[*number]));
        for (layer, own) in layers.iter_mut().zip(&own_layers) {
            layer.extend(own.iter().map(|number| tape.values[*number]));
        }
        let factors = all.zip(&grads).flat_map(|(own, grads)| {
            own.iter().zip(&grads[digit * own.len()..]).map(|(number, grad)| (*number, f64::from(*grad)))
        });
        let derivatives = tape.derivatives(factors, weights.len());
        gradient.iter_mut().zip(derivatives).for_each(|(sum, derivative)| *sum += derivative);
    }
    assert_close(network.outputs(), &outputs, &format!("{what}, outputs"));
    for (place, expected) in layers.iter().enumerate() {
        // What is there already stays.
        let mut layer = vec![7.0];
        network.layer(place, &mut layer);
        assert_eq!(layer[0], 7.0, "{what}");
        assert_close(&layer[1..], expected, &format!("{what}, layer {place}"));
    }
    let grad_layers: Vec<(usize, Vec<f32>)> = grads.drain(1..).enumerate().collect();
    let before = numbers(3, weights.len());
    let mut found = before.clone();
    network.backward(weights, &inputs, &grads[0], &grad_layers, &mut found);
    let expected: Vec<f64> =
        gradient.iter().zip(&before).map(|(sum, before)| sum + f64::from(*before)).collect();
    assert_close(&found, &expected, &format!("{what}, gradient"));
}

/// A number of digits whose last group is full, and some whose is not.
const DIGITS: [usize; 4] = [5, 3, 1, 37];

/// Takes weights one after another.
struct Next<'a>(&'a [Number]);

impl<'a> Next<'a> {
    fn take(&mut self, n: usize) -> &'a [Number] {
        let (taken, rest) = self.0.split_at(n);
        self.0 = rest;
        taken
    }

    /// Layer norm of each token.
    fn norm(&mut self, tape: &mut Tape, tokens: &[Number], width: usize) -> Vec<Number> {
        let (gains, biases) = (self.take(width), self.take(width));
        let one = |token: &[Number]| {
            let mean = tape.mean(token);
            let negative = tape.scale(mean, -1.0);
            let centred: Vec<Number> = token.iter().map(|value| tape.add(*value, negative)).collect();
            let squares: Vec<Number> = centred.iter().map(|value| tape.mul(*value, *value)).collect();
            let variance = tape.mean(&squares);
            let root = tape.apply(variance, |x| (x + 1e-5).sqrt(), |_, y| 0.5 / y);
            let factor = tape.inverse(root);
            let value = |((value, gain), bias): ((&Number, &Number), &Number)| {
                let normed = tape.mul(*value, factor);
                let gained = tape.mul(normed, *gain);
                tape.add(gained, *bias)
            };
            centred.iter().zip(gains).zip(biases).map(value).collect::<Vec<Number>>()
        };
        tokens.chunks(width).flat_map(one).collect()
    }

    fn linear(&mut self, tape: &mut Tape, tokens: &[Number], [from, to]: [usize; 2]) -> Vec<Number> {
        let (weight, bias) = (self.take(from * to), self.take(to));
        tokens.chunks(from).flat_map(|token| tape.linear(token, weight, bias)).collect()
    }
}

/// The transformer of one digit, token by token.
fn vit(
    shape: VitShape,
    tape: &mut Tape,
    weights: &[Number],
    pixels: &[Number],
    masks: &[Option<&[f32]>],
) -> Shown {
    let VitShape { width, heads, mlp_width, .. } = shape;
    let depth = width / heads;
    let (mut next, mut masks) = (Next(weights), masks.iter().copied());
    let mut drop = |tape: &mut Tape, values: &[Number]| tape.mask(values, masks.next().expect("a mask"));
    let pixels = drop(tape, pixels);
    let pixel = |token: usize, place: usize| (token / 4 * 7 + place / 7) * 28 + token % 4 * 7 + place % 7;
    let patches: Vec<Number> = (0..16 * 49).map(|at| pixels[pixel(at / 49, at % 49)]).collect();
    let embedded = next.linear(tape, &patches, [49, width]);
    let positioned = tape.sums(&embedded, next.take(16 * width));
    let mut tokens = drop(tape, &positioned);
    let mut layers = Vec::new();
    let first_block = next.0;
    for _ in 0..shape.depth {
        if shape.shared {
            next.0 = first_block;
        }
        let normed = next.norm(tape, &tokens, width);
        let all = next.linear(tape, &normed, [width, 3 * width]);
        let part = |part: usize, head: usize, token: usize| {
            let start = token * 3 * width + part * width + head * depth;
            &all[start..start + depth]
        };
        let (mut scores, mut attention, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let mut seen = vec![0; 16 * width];
        for head in 0..heads {
            for token in 0..16 {
                let own: Vec<Number> = (0..16)
                    .map(|other| {
                        let sum = tape.dot(part(0, head, token), part(1, head, other));
                        tape.scale(sum, 1.0 / (depth as f64).sqrt())
                    })
                    .collect();
                let powers: Vec<Number> = own.iter().map(|score| tape.exp(*score)).collect();
                let sum = tape.sum(&powers);
                let factor = tape.inverse(sum);
                let own_attention: Vec<Number> =
                    powers.iter().map(|power| tape.mul(*power, factor)).collect();
                for place in 0..depth {
                    let column: Vec<Number> = (0..16).map(|other| part(2, head, other)[place]).collect();
                    seen[token * width + head * depth + place] = tape.dot(&own_attention, &column);
                }
                scores.extend(own);
                attention.extend(own_attention);
                values.extend(part(2, head, token));
            }
        }
        layers.extend([scores, attention, values]);
        let branch = next.linear(tape, &seen, [width, width]);
        let branch = drop(tape, &branch);
        tokens = tape.sums(&tokens, &branch);
        let normed = next.norm(tape, &tokens, width);
        let hidden = next.linear(tape, &normed, [width, mlp_width]);
        let hidden: Vec<Number> = hidden.iter().map(|value| tape.relu(*value)).collect();
        let hidden = drop(tape, &hidden);
        let branch = next.linear(tape, &hidden, [mlp_width, width]);
        let branch = drop(tape, &branch);
        tokens = tape.sums(&tokens, &branch);
        layers.push(tokens.clone());
    }
    let normed = next.norm(tape, &tokens, width);
    let mean: Vec<Number> = (0..width)
        .map(|place| {
            let column: Vec<Number> = normed.iter().skip(place).step_by(width).copied().collect();
            tape.mean(&column)
        })
        .collect();
    (next.linear(tape, &mean, [width, shape.outputs]), layers)
}

fn vit_shapes() -> [VitShape; 6] {
    let shape = |width, depth, heads, mlp_width, outputs| VitShape {
        width,
        depth,
        heads,
        mlp_width,
        outputs,
        ..VitShape::default()
    };
    [
        shape(6, 2, 3, 5, 10),
        shape(6, 1, 2, 17, 3),
        VitShape { dropout: 0.3, input_dropout: 0.2, ..shape(6, 2, 2, 7, 10) },
        VitShape { input_dropout: 0.5, ..shape(8, 1, 1, 1, 1) },
        VitShape { dropout: 0.1, ..shape(32, 1, 4, 64, 10) },
        VitShape { shared: true, dropout: 0.2, ..shape(6, 3, 2, 5, 10) },
    ]
}

#[test]
fn a_vision_transformer_is_its_definition() {
    for isa in Isa::available() {
        for (index, shape) in vit_shapes().into_iter().enumerate() {
            let mut network = Vit::new(isa, shape);
            let weights: Vec<f32> = numbers(2, network.weights()).iter().map(|value| value * 0.5).collect();
            // From many digits to few, and to more: what another batch left behind must not show.
            for n in DIGITS.into_iter().filter(|n| index == 2 || *n < 37) {
                let what = format!("{isa:?}, {shape:?}, {n} digits");
                let definition =
                    |tape: &mut Tape, weights: &[Number], pixels: &[Number], masks: &[Option<&[f32]>]| {
                        vit(shape, tape, weights, pixels, masks)
                    };
                check(&mut network, &weights, n, &what, &definition);
            }
        }
    }
}

/// A pixel that is no number, in each digit of some.
fn check_what_is_no_number(network: &mut dyn Network, weights: &[f32], outputs: usize, what: &str) {
    for n in [1, 7, 50] {
        for digit in [n / 2, n - 1] {
            let mut inputs = numbers(4, n * 784);
            inputs[digit * 784 + 300] = f32::NAN;
            network.forward(weights, &inputs, &mut NoMasks);
            for (row, outputs) in network.outputs().chunks(outputs).enumerate() {
                let are_kept = outputs.iter().all(|output| output.is_nan() == (row == digit));
                assert!(are_kept, "{what}, {n} digits, one of them none, {digit}: {row}: {outputs:?}");
            }
        }
    }
}

/// Leaves out the blocks that it is told to.
struct LeavingOut<'a>(std::slice::Iter<'a, bool>);

impl Masks for LeavingOut<'_> {
    fn mask(&mut self, _values: usize, _rate: f64) -> Option<Vec<f32>> {
        None
    }

    fn leaves_out(&mut self, _rate: f64) -> bool {
        *self.0.next().expect("a block")
    }
}

/// What a step makes of a network and its gradient.
fn passed(network: &mut Vit, weights: &[f32], masks: &mut dyn Masks) -> (Vec<f32>, Vec<f32>) {
    let n = 7;
    let (inputs, mut gradient) = (numbers(1, n * 784), vec![0.0; weights.len()]);
    network.forward(weights, &inputs, masks);
    let outputs = network.outputs().to_vec();
    network.backward(weights, &inputs, &numbers(2, outputs.len()), &[], &mut gradient);
    (outputs, gradient)
}

#[test]
fn a_transformer_whose_blocks_are_left_out_is_the_one_without_them() {
    let shape = VitShape { width: 6, depth: 3, heads: 2, mlp_width: 5, outputs: 10, ..VitShape::default() };
    for isa in Isa::available() {
        let of_depth = |depth| Vit::new(isa, VitShape { depth, ..shape });
        let mut whole = Vit::new(isa, VitShape { layer_drop: 0.5, ..shape });
        let weights = numbers(3, whole.weights());
        let block = of_depth(2).weights() - of_depth(1).weights();
        let embedding = (49 + 1 + 16) * 6;
        for left_out in [[false, true, false], [true, true, false], [true; 3], [false; 3]] {
            let is_kept = |place: usize| {
                let block = (place >= embedding).then(|| (place - embedding) / block);
                !block.and_then(|block| left_out.get(block)).copied().unwrap_or_default()
            };
            let kept: Vec<usize> = (0..weights.len()).filter(|place| is_kept(*place)).collect();
            let mut rest = of_depth(left_out.iter().filter(|is_out| !**is_out).count());
            let own: Vec<f32> = kept.iter().map(|place| weights[*place]).collect();
            let (expected, expected_gradient) = passed(&mut rest, &own, &mut NoMasks);
            let (outputs, gradient) = passed(&mut whole, &weights, &mut LeavingOut(left_out.iter()));
            assert_eq!(outputs, expected, "{isa:?}, {left_out:?}");
            let of_kept: Vec<f32> = kept.iter().map(|place| gradient[*place]).collect();
            assert_eq!(of_kept, expected_gradient, "{isa:?}, {left_out:?}");
            assert!((0..weights.len()).all(|place| is_kept(place) || gradient[place] == 0.0));
        }
        // Without training every block is there again.
        assert_eq!(
            passed(&mut whole, &weights, &mut NoMasks),
            passed(&mut of_depth(3), &weights, &mut NoMasks)
        );
    }
}

#[test]
fn a_vision_transformer_keeps_what_is_no_number_in_its_digit_and_no_other() {
    for isa in Isa::available() {
        for shape in vit_shapes().into_iter().take(2) {
            let mut network = Vit::new(isa, shape);
            let weights = numbers(2, network.weights());
            check_what_is_no_number(&mut network, &weights, shape.outputs, &format!("{isa:?}, {shape:?}"));
        }
    }
}

/// The recurrent network of one digit, unit by unit.
fn rnn(
    shape: RnnShape,
    tape: &mut Tape,
    weights: &[Number],
    pixels: &[Number],
    masks: &[Option<&[f32]>],
) -> Shown {
    let units = shape.units;
    let mut next = Next(weights);
    let both = [(); 2].map(|()| next.take((28 + units) * 4 * units));
    let forget = [(); 2].map(|()| next.take(units));
    let others = [(); 2].map(|()| next.take(3 * units));
    let pixels = tape.mask(pixels, masks[0]);
    let (mut rows, mut last) = (vec![0; 28 * 2 * units], Vec::new());
    for direction in 0..2 {
        let bias = [forget[direction], others[direction]].concat();
        let zeros = vec![0.0; units];
        let [mut state, mut cell] = [(); 2].map(|()| tape.constants(&zeros));
        for step in 0..28 {
            let row = if direction == 0 { step } else { 27 - step };
            let joined = [&pixels[row * 28..][..28], &state].concat();
            let sums = tape.linear(&joined, both[direction], &bias);
            for unit in 0..units {
                let mut sigmoid = |gate: usize| {
                    tape.apply(sums[gate * units + unit], |x| 1.0 / (1.0 + (-x).exp()), |_, y| y * (1.0 - y))
                };
                let [forget, input, output] = [0, 1, 2].map(&mut sigmoid);
                let mut tanh = |number: Number| tape.apply(number, f64::tanh, |_, y| 1.0 - y * y);
                let candidate = tanh(sums[3 * units + unit]);
                let (kept, added) = (tape.mul(forget, cell[unit]), tape.mul(input, candidate));
                cell[unit] = tape.add(kept, added);
                let bounded = tape.apply(cell[unit], f64::tanh, |_, y| 1.0 - y * y);
                state[unit] = tape.mul(output, bounded);
                rows[row * 2 * units + direction * units + unit] = state[unit];
            }
        }
        last.extend(state);
    }
    let dropped = tape.mask(&last, masks[1]);
    (next.linear(tape, &dropped, [2 * units, shape.outputs]), vec![rows, last])
}

fn rnn_shapes() -> [RnnShape; 4] {
    let shape = |units, outputs| RnnShape { units, outputs, dropout: 0.0, input_dropout: 0.0 };
    [
        shape(1, 10),
        shape(5, 3),
        RnnShape { dropout: 0.3, input_dropout: 0.2, ..shape(5, 10) },
        RnnShape { dropout: 0.5, ..shape(32, 10) },
    ]
}

#[test]
fn a_recurrent_network_is_its_definition() {
    for isa in Isa::available() {
        for shape in rnn_shapes() {
            let mut network = Rnn::new(isa, shape);
            let weights: Vec<f32> = numbers(2, network.weights()).iter().map(|value| value * 0.5).collect();
            let digits = if shape.units < 32 { &[50, 3, 1, 37][..] } else { &[3] };
            for n in digits {
                let what = format!("{isa:?}, {shape:?}, {n} digits");
                let definition =
                    |tape: &mut Tape, weights: &[Number], pixels: &[Number], masks: &[Option<&[f32]>]| {
                        rnn(shape, tape, weights, pixels, masks)
                    };
                check(&mut network, &weights, *n, &what, &definition);
            }
        }
    }
}

#[test]
fn a_recurrent_network_keeps_what_is_no_number_in_its_digit_and_no_other() {
    for isa in Isa::available() {
        for shape in rnn_shapes().into_iter().take(2) {
            let mut network = Rnn::new(isa, shape);
            let weights = numbers(2, network.weights());
            check_what_is_no_number(&mut network, &weights, shape.outputs, &format!("{isa:?}, {shape:?}"));
        }
    }
}

/// The convolutional network of one digit.
fn cnn(
    shape: &CnnShape,
    tape: &mut Tape,
    weights: &[Number],
    pixels: &[Number],
    masks: &[Option<&[f32]>],
) -> Shown {
    let (mut next, mut masks) = (Next(weights), masks.iter().copied());
    let mut drop = |tape: &mut Tape, values: &[Number]| tape.mask(values, masks.next().expect("a mask"));
    let rounded = |tape: &mut Tape, values: Vec<Number>| match shape.rounds {
        true => tape.rounded(&values),
        false => values,
    };
    let (mut layers, mut side, mut from) = (Vec::new(), shape.side, 1);
    let mut planes = drop(tape, pixels);
    for to in &shape.channels {
        let read = rounded(tape, planes);
        let (kernel, half) = (shape.kernel, (side + 1 - shape.kernel) / 2);
        let (weight, bias) = (next.take(to * from * kernel * kernel), next.take(*to));
        let mut pooled = Vec::new();
        for at in 0..to * half * half {
            let (channel, y, x) = (at / (half * half), at / half % half * 2, at % half * 2);
            let four = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(down, right)| {
                let window: Vec<Number> = (0..from * kernel * kernel)
                    .map(|tap| {
                        let (input, row, column) =
                            (tap / (kernel * kernel), tap / kernel % kernel, tap % kernel);
                        read[(input * side + y + down + row) * side + x + right + column]
                    })
                    .collect();
                let sum = tape.dot(&window, &weight[channel * window.len()..][..window.len()]);
                tape.add(sum, bias[channel])
            });
            let largest = four.into_iter().max_by(|a, b| tape.values[*a].total_cmp(&tape.values[*b]));
            pooled.push(tape.relu(largest.expect("four outputs")));
        }
        layers.push(pooled.clone());
        (planes, side, from) = (pooled, half, *to);
    }
    let dropped = drop(tape, &planes);
    let mut values = rounded(tape, dropped);
    for (place, width) in shape.widths.iter().enumerate() {
        values = next.linear(tape, &values, [values.len(), *width]);
        if place + 1 < shape.widths.len() {
            let units: Vec<Number> = values.iter().map(|value| tape.relu(*value)).collect();
            let dropped = drop(tape, &units);
            values = rounded(tape, dropped);
            layers.push(units);
        }
    }
    (values, layers)
}

#[test]
fn a_convolutional_network_is_its_definition() {
    for isa in Isa::available() {
        for (rounds, dropout, input_dropout) in
            [(false, 0.0, 0.0), (false, 0.3, 0.2), (true, 0.0, 0.0), (true, 0.3, 0.2)]
        {
            let (channels, widths) = (vec![3, 5], vec![7, 6, 4]);
            let shape = CnnShape { side: 28, channels, kernel: 3, widths, dropout, input_dropout, rounds };
            let mut network = Cnn::new(isa, shape.clone());
            let weights = numbers(2, network.weights());
            // Fewer digits after many: what is left of those is not read again.
            for n in [5, 2] {
                let definition =
                    |tape: &mut Tape, weights: &[Number], pixels: &[Number], masks: &[Option<&[f32]>]| {
                        cnn(&shape, tape, weights, pixels, masks)
                    };
                check(&mut network, &weights, n, &format!("{isa:?}, {shape:?}, {n} digits"), &definition);
            }
        }
    }
}

/// So that what was asked of a network does not depend on what was asked beside it: a race that goes on elsewhere asks
/// about other digits together.
#[test]
fn a_digit_is_answered_by_the_same_bits_in_whatever_company() {
    let n = 7;
    let inputs = numbers(5, n * 784);
    for isa in Isa::available() {
        let (outputs, dropout, input_dropout) = (10, 0.0, 0.0);
        let vit = Vit::new(
            isa,
            VitShape { width: 12, depth: 2, heads: 3, mlp_width: 10, outputs, ..VitShape::default() },
        );
        let rnn = Rnn::new(isa, RnnShape { units: 9, outputs, dropout, input_dropout });
        // So many inputs of a fully connected layer that they are summed up in parts.
        let (channels, widths) = (vec![5, 20], vec![23, outputs]);
        let cnn = Cnn::new(
            isa,
            CnnShape { side: 28, channels, kernel: 5, widths, dropout, input_dropout, rounds: false },
        );
        let networks: [(&str, usize, Box<dyn Network>); 3] = [
            ("vit", vit.weights(), Box::new(vit)),
            ("rnn", rnn.weights(), Box::new(rnn)),
            ("cnn", cnn.weights(), Box::new(cnn)),
        ];
        for (name, weights, mut network) in networks {
            let weights = numbers(6, weights);
            network.forward(&weights, &inputs, &mut NoMasks);
            let together = network.outputs().to_vec();
            for (digit, pixels) in inputs.chunks_exact(784).enumerate() {
                network.forward(&weights, pixels, &mut NoMasks);
                assert_eq!(
                    network.outputs(),
                    &together[digit * 10..][..10],
                    "{isa:?}, {name}, digit {digit}"
                );
            }
        }
    }
}
