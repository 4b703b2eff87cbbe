//! The bidirectional LSTM in training.
//!
//! Some digits are worked on together. All that they leave behind lies with a row for each unit and a column for each
//! digit, filled up to whole cache lines with digits of zeros: gates are then functions of whole rows, and products
//! read both sides where they lie. A step's pixels and the state before it lie one behind the other, so that all four
//! gates are one product. Digits worked on together know nothing of others, nor one direction of the other, but the
//! sums of their gradients: they are split over all cores.

use std::ops::Range;

use super::{
    LINE, Masks, Network,
    functions::{sigmoid, tanh},
    in_place::{Left, Right, Start, multiply},
    linear::{Linear, stride},
    turn::turn,
};
use crate::aligned::Aligned;
use crate::lanes::{Isa, Lanes, with_isa};
use crate::parallel::{self, Rows, Workspaces};

/// Rows of a digit, which are steps, and pixels of a row.
const SIDE: usize = 28;
const PIXELS: usize = SIDE * SIDE;
/// Digits worked on together: on one core no power of two, so that rows do not push each other out of the cache. With
/// threads fewer, of which a batch of 128 has four times both directions: work for eight cores, at hardly more on one. A
/// third as many would cost a tenth more there, since all sums of gradients are read and written for each.
const TOGETHER: usize = LINE * if cfg!(feature = "threads") { 2 } else { 3 };
const DIRECTIONS: usize = 2;
/// Forget gate, input gate, output gate and candidate.
const GATES: usize = 4;

/// Sizes of a bidirectional LSTM, and what it drops in training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RnnShape {
    /// Units of each direction.
    pub units: usize,
    pub outputs: usize,
    /// Of the last states.
    pub dropout: f64,
    pub input_dropout: f64,
}

/// A bidirectional LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000) of digits
/// `[n, 784]`: one direction reads the rows from the top, the other from the bottom. Its weights, in their order: of
/// both directions `[2, 28 + units, 4 · units]`, whose columns are the forget gate, the input gate, the output gate and
/// the candidate; biases of both forget gates `[2, units]`, those of the other three `[2, 3 · units]`; and the output
/// `[2 · units, outputs]` with its biases. It shows the states by row `[28, 2 · units]`, and the last ones
/// `[2 · units]`.
#[derive(Debug)]
pub struct Rnn {
    plan: Plan,
    n: usize,
    /// Copies of the weights, see [`Linear`].
    copies: Aligned,
    /// The digits, where their pixels have a mask, times that.
    pixels: Vec<f32>,
    groups: Vec<Group>,
    /// Both of each group.
    directions: Vec<Direction>,
    outputs: Vec<f32>,
    works: Workspaces<Work>,
    /// Gradients in the copies of both directions.
    sums: Aligned,
    /// That in the copy of the output.
    output_sums: Aligned,
}

/// Where everything lies.
#[derive(Debug)]
struct Plan {
    isa: Isa,
    shape: RnnShape,
    directions: [Linear; DIRECTIONS],
    output: Linear,
    weights: usize,
    copies: usize,
}

/// What some digits leave behind.
#[derive(Debug, Clone, Default)]
struct Group {
    /// Among all.
    digits: Range<usize>,
    /// As many as there are digits, up to whole cache lines.
    columns: usize,
    /// The last states of both directions `[2 · units, columns]`, times their mask, which is empty where nothing is
    /// dropped.
    last: Aligned,
    mask: Aligned,
    /// The gradient in the last states.
    grad_last: Aligned,
    /// Outputs `[outputs, columns]`, and then the gradient in them.
    outputs: Aligned,
}

/// What one direction of some digits leaves behind.
#[derive(Debug, Clone, Default)]
struct Direction {
    /// Before each step, and behind the last: the step's pixels and the state, `[29, 28 + units, columns]`.
    joined: Aligned,
    /// In each step, `[28, 4 · units, columns]`.
    gates: Aligned,
    /// Before each step, and behind the last, `[29, units, columns]`.
    cells: Aligned,
    /// The hyperbolic tangent of the cells behind each step, `[28, units, columns]`.
    bounded: Aligned,
}

/// Room for what does not outlast a group.
#[derive(Debug, Clone, Default)]
struct Work {
    state: Aligned,
    cell: Aligned,
    gates: Aligned,
    turned: Aligned,
}

impl Plan {
    fn new(isa: Isa, shape: RnnShape) -> Self {
        let RnnShape { units, outputs, .. } = shape;
        let (from, to) = (SIDE + units, GATES * units);
        let forget = DIRECTIONS * from * to;
        let others = forget + DIRECTIONS * units;
        let mut copy = 0;
        let directions = std::array::from_fn(|direction| {
            let linear = Linear::new(from, to, &mut (direction * from * to), &mut copy);
            let part =
                |start: usize, width: usize| start + direction * width..start + (direction + 1) * width;
            Linear { biases: [part(forget, units), part(others, 3 * units)], ..linear }
        });
        let mut weights = others + DIRECTIONS * 3 * units;
        let output = Linear::new(DIRECTIONS * units, outputs, &mut weights, &mut copy);
        Self { isa, shape, directions, output, weights, copies: copy }
    }

    fn linears(&self) -> impl Iterator<Item = &Linear> {
        self.directions.iter().chain([&self.output])
    }

    /// The states of some digits in one direction; `pixels` are those of all.
    fn read(&self, direction: usize, copies: &[f32], pixels: &[f32], group: &Group, to: &mut Direction) {
        to.resize(self.shape.units, group.columns);
        let pixels = &pixels[group.digits.start * PIXELS..];
        let (digits, columns) = (group.digits.len(), group.columns);
        let (isa, units) = (self.isa, self.shape.units * columns);
        let (room, above) = (SIDE * columns + units, SIDE * columns);
        let Direction { joined, gates, cells, bounded } = to;
        joined[above..room].fill(0.0);
        cells[..units].fill(0.0);
        for step in 0..SIDE {
            let (now, next) = joined[step * room..][..2 * room].split_at_mut(room);
            if digits < columns {
                // Other digits may have been there.
                now[..above].fill(0.0);
            }
            turn(&pixels[row(direction, step) * SIDE..], digits, SIDE, [PIXELS, columns], now);
            let gates = &mut gates[step * GATES * units..][..GATES * units];
            self.directions[direction].forward(isa, copies, now, columns, gates);
            let (before, after) = cells[step * units..][..2 * units].split_at_mut(units);
            advance(isa, gates, before, [after, &mut bounded[step * units..][..units], &mut next[above..]]);
        }
    }

    /// Adds the gradient of one direction, which left `from`, to `sums`; `group` has that in the last states, `shown`
    /// are those in the states by row, of these digits.
    fn read_backward<'a>(
        &self,
        direction: usize,
        copies: &[f32],
        (group, from): (&Group, &Direction),
        shown: impl Iterator<Item = &'a [f32]> + Clone,
        work: &mut Work,
        sums: &mut [f32],
    ) {
        let (isa, columns) = (self.isa, group.columns);
        let units = self.shape.units * columns;
        let room = SIDE * columns + units;
        let linear = &self.directions[direction];
        let Work { state, cell, gates: grad_gates, turned } = work;
        let (state, cell, grad_gates) =
            (&mut state[..units], &mut cell[..units], &mut grad_gates[..GATES * units]);
        state.copy_from_slice(&group.grad_last[direction * units..][..units]);
        cell.fill(0.0);
        let weights = &copies[linear.place()][SIDE * linear.stride..];
        for step in (0..SIDE).rev() {
            for shown in shown.clone() {
                let first = (DIRECTIONS * row(direction, step) + direction) * self.shape.units;
                for (column, shown) in shown.chunks_exact(DIRECTIONS * SIDE * self.shape.units).enumerate() {
                    let shown = &shown[first..][..self.shape.units];
                    shown
                        .iter()
                        .enumerate()
                        .for_each(|(unit, value)| state[unit * columns + column] += value);
                }
            }
            let gates = &from.gates[step * GATES * units..][..GATES * units];
            let (before, bounded) =
                (&from.cells[step * units..][..units], &from.bounded[step * units..][..units]);
            advance_backward(isa, [gates, before, bounded], state, [&mut *cell, &mut *grad_gates]);
            linear.learn(isa, &from.joined[step * room..], grad_gates, columns, turned, sums);
            if step > 0 {
                multiply(
                    isa,
                    [self.shape.units, GATES * self.shape.units, columns],
                    Left { values: weights, row: linear.stride, step: 1 },
                    Right { values: grad_gates, stride: columns },
                    Start::Zero,
                    state,
                    columns,
                );
            }
        }
    }
}

/// The row of the digit that a direction reads in this step.
fn row(direction: usize, step: usize) -> usize {
    if direction == 0 { step } else { SIDE - 1 - step }
}

/// One step's gates, in place of their sums, and what they make of the cells `before`: cells, the hyperbolic tangent of
/// those, and states.
fn advance(isa: Isa, gates: &mut [f32], before: &[f32], to: [&mut [f32]; 3]) {
    let len = before.len();
    assert!(
        gates.len() == GATES * len && to.iter().all(|to| to.len() == len) && len.is_multiple_of(LINE),
        "a step"
    );
    with_isa!(isa, forward(gates: &mut [f32], before: &[f32], to: [&mut [f32]; 3]));
}

/// The gradient in the sums of one step's gates, and in place of `cell` that in the cells before it. `from` are the
/// gates, the cells before and the hyperbolic tangent of those behind; `state` is the gradient in the states, `cell`
/// what cells have from later steps.
fn advance_backward(isa: Isa, from: [&[f32]; 3], state: &[f32], [cell, to]: [&mut [f32]; 2]) {
    let len = state.len();
    let [gates, before, bounded] = from;
    assert!([gates.len(), to.len()] == [GATES * len; 2], "gates of a step");
    assert!(
        [before.len(), bounded.len(), cell.len()] == [len; 3] && len.is_multiple_of(LINE),
        "cells of a step"
    );
    with_isa!(isa, backward(from: [&[f32]; 3], state: &[f32], cell: &mut [f32], to: &mut [f32]));
}

#[inline(always)]
unsafe fn forward<S: Lanes, const R: usize, const W: usize>(
    gates: &mut [f32],
    before: &[f32],
    to: [&mut [f32]; 3],
) {
    let len = before.len();
    let [cells, bounded, states] = to;
    // One function a loop, so that what each needs stays in registers.
    for at in (0..3 * len).step_by(S::N) {
        // SAFETY: as below.
        unsafe {
            let gate = gates.as_mut_ptr().add(at);
            S::store(gate, sigmoid::<S>(S::load(gate)));
        }
    }
    for at in (3 * len..GATES * len).step_by(S::N) {
        // SAFETY: as below.
        unsafe {
            let candidate = gates.as_mut_ptr().add(at);
            S::store(candidate, tanh::<S>(S::load(candidate)));
        }
    }
    for at in (0..len).step_by(S::N) {
        // SAFETY: `with_isa` runs this where the instructions of `S` are; `at` is a multiple of `N` below `len`, itself
        // one, which `advance` has found all slices to have, the gates four times.
        unsafe {
            let [forget, input, output, candidate] =
                [0, 1, 2, 3].map(|index| S::load(gates.as_ptr().add(index * len + at)));
            let cell = S::mul_add(forget, S::load(before.as_ptr().add(at)), S::mul(input, candidate));
            let inside = tanh::<S>(cell);
            S::store(cells.as_mut_ptr().add(at), cell);
            S::store(bounded.as_mut_ptr().add(at), inside);
            S::store(states.as_mut_ptr().add(at), S::mul(output, inside));
        }
    }
}

#[inline(always)]
unsafe fn backward<S: Lanes, const R: usize, const W: usize>(
    from: [&[f32]; 3],
    state: &[f32],
    cell: &mut [f32],
    to: &mut [f32],
) {
    let len = state.len();
    let [gates, before, bounded] = from;
    for at in (0..len).step_by(S::N) {
        // SAFETY: as in `forward`, by `advance_backward`.
        unsafe {
            let one = S::splat(1.0);
            let gate = |index: usize| S::load(gates.as_ptr().add(index * len + at));
            let [forget, input, output, candidate] = [0, 1, 2, 3].map(gate);
            let (bounded, state) = (S::load(bounded.as_ptr().add(at)), S::load(state.as_ptr().add(at)));
            // y · (1 − y) is the derivative of a sigmoid, 1 − y² that of a hyperbolic tangent.
            let of_sigmoid = |grad: S::V, value: S::V| S::mul(S::mul(grad, value), S::sub(one, value));
            let of_tanh = |grad: S::V, value: S::V| S::mul(grad, S::sub(one, S::mul(value, value)));
            let later = S::load(cell.as_ptr().add(at));
            let grad_cell = S::add(later, of_tanh(S::mul(state, output), bounded));
            let grads = [
                of_sigmoid(S::mul(grad_cell, S::load(before.as_ptr().add(at))), forget),
                of_sigmoid(S::mul(grad_cell, candidate), input),
                of_sigmoid(S::mul(state, bounded), output),
                of_tanh(S::mul(grad_cell, input), candidate),
            ];
            for (index, grad) in grads.into_iter().enumerate() {
                S::store(to.as_mut_ptr().add(index * len + at), grad);
            }
            S::store(cell.as_mut_ptr().add(at), S::mul(grad_cell, forget));
        }
    }
}

impl Group {
    fn resize(&mut self, digits: Range<usize>, shape: &RnnShape) {
        self.columns = digits.len().next_multiple_of(LINE);
        self.digits = digits;
        let last = DIRECTIONS * shape.units;
        let sizes = [(&mut self.last, last), (&mut self.grad_last, last), (&mut self.outputs, shape.outputs)];
        sizes.into_iter().for_each(|(values, rows)| values.resize(rows * self.columns));
    }
}

impl Work {
    fn resize(&mut self, shape: &RnnShape) {
        let RnnShape { units, outputs, .. } = *shape;
        let sizes = [
            (&mut self.state, units),
            (&mut self.cell, units),
            (&mut self.gates, GATES * units),
            (&mut self.turned, stride(outputs.max(GATES * units))),
        ];
        sizes.into_iter().for_each(|(values, rows)| values.resize(rows * TOGETHER));
    }
}

impl Direction {
    fn resize(&mut self, units: usize, columns: usize) {
        let sizes = [
            (&mut self.joined, (SIDE + 1) * (SIDE + units)),
            (&mut self.gates, SIDE * GATES * units),
            (&mut self.cells, (SIDE + 1) * units),
            (&mut self.bounded, SIDE * units),
        ];
        sizes.into_iter().for_each(|(values, rows)| values.resize(rows * columns));
    }

    /// The states behind this step, `[units, columns]`.
    fn states(&self, step: usize, units: usize, columns: usize) -> &[f32] {
        &self.joined[((step + 1) * (SIDE + units) + SIDE) * columns..][..units * columns]
    }
}

/// Appends a column of `values [units, columns]`.
// Once for all its callers, as what is alike in the transformer.
#[inline(never)]
fn show(values: &[f32], columns: usize, column: usize, to: &mut Vec<f32>) {
    to.extend(values.iter().skip(column).step_by(columns));
}

impl Rnn {
    /// A recurrent network of this shape, before its first pass.
    pub fn new(isa: Isa, shape: RnnShape) -> Self {
        let plan = Plan::new(isa, shape);
        let copies = Aligned::zeros(plan.copies);
        let output_sums = Aligned::zeros(plan.output.place().len());
        Self {
            plan,
            n: 0,
            copies,
            pixels: Vec::new(),
            groups: Vec::new(),
            directions: Vec::new(),
            outputs: Vec::new(),
            works: Workspaces::default(),
            sums: Aligned::default(),
            output_sums,
        }
    }

    /// Number of its weights.
    pub fn weights(&self) -> usize {
        self.plan.weights
    }
}

impl Network for Rnn {
    fn forward(&mut self, weights: &[f32], inputs: &[f32], masks: &mut dyn Masks) {
        let Self { plan, n, copies, pixels, groups, directions, outputs: all_outputs, .. } = self;
        let RnnShape { units, dropout, input_dropout, .. } = plan.shape;
        assert_eq!(weights.len(), plan.weights, "weights of a recurrent network");
        assert!(inputs.len().is_multiple_of(PIXELS), "pixels of digits");
        *n = inputs.len() / PIXELS;
        plan.linears().for_each(|linear| linear.copy(weights, copies));
        let inputs = match masks.mask(inputs.len(), input_dropout) {
            None => inputs,
            Some(mask) => {
                pixels.clear();
                pixels.extend(inputs.iter().zip(mask).map(|(input, mask)| input * mask));
                pixels
            }
        };
        let mask = masks.mask(*n * DIRECTIONS * units, dropout);
        groups.resize_with(n.div_ceil(TOGETHER), Group::default);
        for (index, group) in groups.iter_mut().enumerate() {
            let first = index * TOGETHER;
            group.resize(first..(first + TOGETHER).min(*n), &plan.shape);
        }
        let all = groups.len();
        directions.resize_with(DIRECTIONS * all, Direction::default);
        let (plan, copies) = (&*plan, &copies[..]);
        let read = |some: Range<usize>, Rows(directions, _): Rows<'_, Direction>, _: &mut ()| {
            for (index, to) in some.zip(directions) {
                plan.read(index % DIRECTIONS, copies, inputs, &groups[index / DIRECTIONS], to);
            }
        };
        let mut workspaces = vec![(); parallel::parts(*n * SIDE * plan.weights, DIRECTIONS * all)];
        parallel::for_each(DIRECTIONS * all, Rows(directions, 1), &mut workspaces, &read);
        all_outputs.clear();
        for (index, group) in groups.iter_mut().enumerate() {
            let Group { digits, columns, last, mask: group_mask, outputs, .. } = group;
            let columns = *columns;
            let ways = &directions[index * DIRECTIONS..];
            for (last, direction) in last.chunks_exact_mut(units * columns).zip(ways) {
                last.copy_from_slice(direction.states(SIDE - 1, units, columns));
            }
            group_mask.clear();
            if let Some(mask) = &mask {
                group_mask.resize(last.len());
                let mask = &mask[digits.start * DIRECTIONS * units..digits.end * DIRECTIONS * units];
                for (column, mask) in mask.chunks_exact(DIRECTIONS * units).enumerate() {
                    let places = group_mask[column..].iter_mut().step_by(columns);
                    places.zip(mask).for_each(|(to, value)| *to = *value);
                }
                last.iter_mut().zip(group_mask.iter()).for_each(|(value, mask)| *value *= mask);
            }
            plan.output.forward(plan.isa, copies, last, columns, outputs);
            (0..digits.len()).for_each(|column| show(outputs, columns, column, all_outputs));
        }
    }

    fn outputs(&self) -> &[f32] {
        &self.outputs
    }

    fn layer(&self, place: usize, to: &mut Vec<f32>) {
        let units = self.plan.shape.units;
        for (index, group) in self.groups.iter().enumerate() {
            for column in 0..group.digits.len() {
                let mut of = |direction: usize, step: usize| {
                    let direction = &self.directions[index * DIRECTIONS + direction];
                    let states = direction.states(step, units, group.columns);
                    show(states, group.columns, column, to);
                };
                match place {
                    0 => (0..SIDE).for_each(|line| (0..DIRECTIONS).for_each(|way| of(way, row(way, line)))),
                    _ => (0..DIRECTIONS).for_each(|way| of(way, SIDE - 1)),
                }
            }
        }
    }

    fn backward(
        &mut self,
        weights: &[f32],
        _inputs: &[f32],
        grad_outputs: &[f32],
        grad_layers: &[(usize, Vec<f32>)],
        gradient: &mut [f32],
    ) {
        let Self { plan, n, copies, groups, directions, works, sums, output_sums, .. } = self;
        let (plan, copies, directions) = (&*plan, &copies[..], &directions[..]);
        let RnnShape { units, outputs, .. } = plan.shape;
        assert_eq!(grad_outputs.len(), *n * outputs, "gradients in outputs");
        assert_eq!([weights.len(), gradient.len()], [plan.weights; 2], "weights of a recurrent network");
        let parts = parallel::sums(groups.len());
        let works = works.of(parallel::parts(2 * *n * SIDE * plan.weights, DIRECTIONS * parts));
        works.iter_mut().for_each(|work| work.resize(&plan.shape));
        let of = |wanted: usize, digits: Range<usize>, width: usize| {
            let found = grad_layers.iter().filter(move |(place, _)| *place == wanted);
            found.map(move |(_, values)| &values[digits.start * width..digits.end * width])
        };
        output_sums.fill(0.0);
        for group in &mut *groups {
            let Group { digits, columns, last, mask, grad_last, outputs: grad } = group;
            let columns = *columns;
            grad.fill(0.0);
            add_columns(&grad_outputs[digits.start * outputs..digits.end * outputs], outputs, columns, grad);
            plan.output.learn(plan.isa, last, grad, columns, &mut works[0].turned, output_sums);
            plan.output.backward(plan.isa, copies, grad, columns, grad_last);
            grad_last.iter_mut().zip(mask.iter()).for_each(|(value, mask)| *value *= mask);
            let both = DIRECTIONS * units;
            of(1, digits.clone(), both).for_each(|shown| add_columns(shown, both, columns, grad_last));
        }
        let (groups, size) = (&groups[..], plan.directions[0].place().len());
        let run = |number: usize, sums: &mut [f32], work: &mut Work| {
            let (part, direction) = (number / DIRECTIONS, number % DIRECTIONS);
            for index in parallel::share(part, parts, groups.len()) {
                let group = &groups[index];
                let from = &directions[index * DIRECTIONS + direction];
                let shown = of(0, group.digits.clone(), SIDE * DIRECTIONS * units);
                plan.read_backward(direction, copies, (group, from), shown, work, sums);
            }
        };
        parallel::sum_up([DIRECTIONS, parts, size], sums, works, &run);
        for (linear, sums) in plan.directions.iter().zip(sums.chunks_exact_mut(size)) {
            linear.add_gradient(weights, sums, gradient);
        }
        plan.output.add_gradient(weights, output_sums, gradient);
    }
}

/// Adds `from [digits, rows]` to `to [rows, columns]`.
#[inline(never)]
fn add_columns(from: &[f32], rows: usize, columns: usize, to: &mut [f32]) {
    for (column, values) in from.chunks_exact(rows).enumerate() {
        values.iter().enumerate().for_each(|(row, value)| to[row * columns + column] += value);
    }
}
