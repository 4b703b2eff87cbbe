//! A fully connected layer in training: its three products, each in one pass over its result.
//!
//! Weights and what the optimiser remembers of them lie in panels of columns, in the order in which the products read
//! and write them, from one step to the next: nothing of their size is ever moved.

use std::borrow::Cow;
use std::ops::Range;

use wide::f32x4;

use crate::active_columns::ActiveColumns;
use crate::lanes::{Isa, Lanes, with_isa};
use crate::matrix::{Matrix, Store, multiply};
use crate::parallel::{self, Rows, Shared};
use crate::product::{Scratch, Workspace, pack_columns, pack_panel, pack_panels, pack_rows, products};
use crate::relu::relu;
use crate::transpose::transpose;
use crate::update::{Update, apply};

/// What becomes of a layer's sums.
#[derive(Debug, Clone, Copy)]
pub enum Activation<'a> {
    /// They are the outputs.
    None,
    /// Those below 0 become 0; what is no number stays none.
    Relu,
    /// The same, and then each is multiplied by its value of the mask `[n, to]`.
    Masked(&'a [f32]),
}

/// A fully connected layer of `from` inputs and `to` outputs.
#[derive(Debug, Clone)]
pub struct Dense {
    isa: Isa,
    from: usize,
    to: usize,
    has_biases: bool,
    /// Of weights and biases.
    values: Panels,
    /// Momentum (SGD) or the mean of gradients (Adam).
    first: Panels,
    /// The mean of squared gradients (Adam).
    second: Panels,
}

/// One number for each weight and each bias: panels `[from + 1, width]` of neighbouring columns, the biases last.
/// Columns that fill the last panel up are zero, and stay it; so do the biases of a layer without any.
#[derive(Debug, Clone)]
struct Panels(Vec<f32>);

impl Dense {
    /// A layer before its first step; `parameters` are its weights `[from, to]` and behind them its biases `[to]`, if it
    /// has any.
    ///
    /// # Panics
    /// When they are of another length.
    pub fn new(isa: Isa, from: usize, to: usize, parameters: &[f32]) -> Self {
        let zeros = vec![0.0; parameters.len()];
        let [first, second] = [(); 2].map(|()| Panels::new(isa, from, to, &zeros));
        let has_biases = parameters.len() != from * to;
        Self { isa, from, to, has_biases, values: Panels::new(isa, from, to, parameters), first, second }
    }

    /// Its inputs and outputs.
    pub fn shape(&self) -> (usize, usize) {
        (self.from, self.to)
    }

    /// Number of its weights and biases.
    pub fn parameters(&self) -> usize {
        (self.from + usize::from(self.has_biases)) * self.to
    }

    /// Its weights `[from, to]` and behind them its biases.
    pub fn values(&self) -> Vec<f32> {
        self.unpacked(&self.values)
    }

    /// What the optimiser remembers of each: momentum or the mean of gradients, and the mean of squared gradients.
    pub fn moments(&self) -> [Vec<f32>; 2] {
        [&self.first, &self.second].map(|moments| self.unpacked(moments))
    }

    fn unpacked(&self, panels: &Panels) -> Vec<f32> {
        let mut values = panels.unpacked(self.isa, self.from, self.to);
        values.truncate(self.parameters());
        values
    }

    /// Takes other weights and biases.
    ///
    /// # Panics
    /// When they are of another length.
    pub fn set_values(&mut self, values: &[f32]) {
        self.values = Panels::new(self.isa, self.from, self.to, values);
    }

    /// Takes what an optimiser remembered.
    ///
    /// # Panics
    /// When it is of another length.
    pub fn set_moments(&mut self, [first, second]: [&[f32]; 2]) {
        self.first = Panels::new(self.isa, self.from, self.to, first);
        self.second = Panels::new(self.isa, self.from, self.to, second);
    }

    /// `outputs [n, to] = activation(inputs [n, from] · weights + biases)`. `active` was found for these inputs;
    /// without it every column takes part.
    ///
    /// # Panics
    /// When a slice is of another length.
    pub fn forward(
        &self,
        inputs: &[f32],
        active: Option<&ActiveColumns>,
        activation: Activation,
        outputs: &mut [f32],
        scratch: &mut Scratch,
    ) {
        self.check(inputs, outputs);
        if let Activation::Masked(mask) = activation {
            assert_eq!(mask.len(), outputs.len(), "values of a mask");
        }
        let (layer, n) = (self, inputs.len() / self.from);
        let depth = active.map_or(self.from, |active| active.columns().len());
        let panels = self.to.div_ceil(self.isa.width());
        let parts = parallel::parts(n * depth * self.to, panels);
        let Scratch { strips, workspaces, .. } = scratch;
        let digits = active.map_or(inputs, |active| active.compact(inputs));
        with_isa!(self.isa, strips_of_rows(digits: &[f32], depth: usize, strips: &mut Vec<f32>));
        let (strips, outputs) = (&strips[..], Shared::new(outputs));
        parallel::for_each(panels, (), workspaces.of(parts), &|panels, (), room| {
            with_isa!(
                self.isa,
                forward(
                    layer: &Dense,
                    panels: Range<usize>,
                    strips: &[f32],
                    active: Option<&ActiveColumns>,
                    activation: Activation,
                    outputs: Shared,
                    room: &mut Workspace,
                )
            );
        });
    }

    /// What a layer hands down: `grad_in [n, from] = grad_out [n, to] · weightsᵀ`, multiplied by `keep_scale` where the
    /// unit below, `units [n, from]`, is above 0 or no number, and 0 elsewhere: the gradient of its ReLU and of its
    /// dropout, which scaled what it kept by `keep_scale`. Without units nothing stands between: the product alone.
    ///
    /// # Panics
    /// When a slice is of another length.
    pub fn backward(
        &self,
        grad_out: &[f32],
        units: Option<&[f32]>,
        keep_scale: f32,
        grad_in: &mut [f32],
        scratch: &mut Scratch,
    ) {
        self.check(grad_in, grad_out);
        assert!(units.is_none_or(|units| units.len() == grad_in.len()), "units of a layer");
        let (layer, depth) = (self, self.to);
        let panels = self.from.div_ceil(self.isa.width());
        let parts = parallel::parts(grad_out.len() * self.from, panels);
        let Scratch { strips, workspaces, .. } = scratch;
        with_isa!(self.isa, strips_of_rows(grad_out: &[f32], depth: usize, strips: &mut Vec<f32>));
        let (strips, grad_in) = (&strips[..], Shared::new(grad_in));
        parallel::for_each(panels, (), workspaces.of(parts), &|panels, (), room| {
            with_isa!(
                self.isa,
                backward(
                    layer: &Dense,
                    panels: Range<usize>,
                    strips: &[f32],
                    units: Option<&[f32]>,
                    keep_scale: f32,
                    grad_in: Shared,
                    room: &mut Workspace,
                )
            );
        });
    }

    /// One step of the optimiser. The gradient is `inputsᵀ [from, n] · grad_out [n, to]`, for the biases the sum of
    /// `grad_out` over its rows; each value of it is used where it is worked out. `active` is as for
    /// [`Dense::forward`].
    ///
    /// # Panics
    /// When a slice is of another length.
    pub fn learn(
        &mut self,
        inputs: &[f32],
        active: Option<&ActiveColumns>,
        grad_out: &[f32],
        update: Update,
        scratch: &mut Scratch,
    ) {
        self.check(inputs, grad_out);
        let Self { isa, from, to, has_biases, values, first, second } = self;
        let (isa, from, to, has_biases) = (*isa, *from, *to, *has_biases);
        let panels = to.div_ceil(isa.width());
        let active_rows = active.map_or(from, |active| active.columns().len());
        let parts = parallel::parts(active_rows * grad_out.len(), panels);
        let Scratch { strips, rows, workspaces, .. } = scratch;
        rows.clear();
        match active {
            Some(active) => rows.extend_from_slice(active.columns()),
            None => rows.extend(0..from),
        }
        let digits = active.map_or(inputs, |active| active.compact(inputs));
        with_isa!(isa, strips_of_columns(digits: &[f32], active_rows: usize, strips: &mut Vec<f32>));
        let step = Step { from, to, has_biases, strips, rows, grad_out, update };
        let panel = (from + 1) * isa.width();
        let [values, first, second] = [values, first, second].map(|all| Rows(&mut all.0[..], panel));
        let split = (values, (first, second));
        parallel::for_each(
            panels,
            split,
            workspaces.of(parts),
            &|panels, (values, (first, second)), room| {
                let ([values, first, second], step) = ([values.0, first.0, second.0], &step);
                with_isa!(
                    isa,
                    learn(
                        step: &Step,
                        panels: Range<usize>,
                        values: &mut [f32],
                        first: &mut [f32],
                        second: &mut [f32],
                        room: &mut Workspace,
                    )
                );
            },
        );
    }

    /// The same with something added to the gradient of the weights `[from, to]` first: what a loss says of weights
    /// themselves, which few do.
    ///
    /// # Panics
    /// When a slice is of another length.
    pub fn learn_with(
        &mut self,
        inputs: &[f32],
        grad_out: &[f32],
        added: &[f32],
        update: Update,
        scratch: &mut Scratch,
    ) {
        self.check(inputs, grad_out);
        let (isa, from, to) = (self.isa, self.from, self.to);
        assert_eq!(added.len(), from * to, "weights of a layer");
        let mut gradient = added.to_vec();
        let inputs = Matrix::new(inputs, from).transposed();
        multiply(isa, inputs, Matrix::new(grad_out, to), &mut gradient, to, Store::Add, scratch);
        gradient.extend((0..to).map(|unit| grad_out.iter().skip(unit).step_by(to).sum::<f32>()));
        let gradient = Panels::new(isa, from, to, &gradient);
        apply(isa, update, &mut self.values.0, &mut self.first.0, &mut self.second.0, &gradient.0);
    }

    /// Scales the weights into each unit down to at most the length `max_norm` (Hinton et al. 2012, appendix A.1). A
    /// weight that is no number stays none.
    pub fn clip(&mut self, max_norm: f32) {
        let (from, width) = (self.from, self.isa.width());
        let panels = self.to.div_ceil(width);
        let mut workspaces = vec![(); parallel::parts(2 * self.values.0.len(), panels)];
        let panel = (from + 1) * width;
        parallel::for_each(
            panels,
            Rows(&mut self.values.0[..], panel),
            &mut workspaces,
            &|_, Rows(values, _), ()| {
                let mut squares = vec![0.0_f32; width];
                for panel in values.chunks_exact_mut(panel) {
                    let (weights, _) = panel.split_at_mut(from * width);
                    squares.fill(0.0);
                    for row in weights.chunks_exact(width) {
                        squares.iter_mut().zip(row).for_each(|(sum, weight)| *sum += weight * weight);
                    }
                    squares.iter_mut().for_each(|square| *square = max_norm / square.sqrt().max(max_norm));
                    for row in weights.chunks_exact_mut(width) {
                        row.iter_mut().zip(&squares).for_each(|(weight, factor)| *weight *= factor);
                    }
                }
            },
        );
    }

    fn check(&self, inputs: &[f32], outputs: &[f32]) {
        let n = inputs.len() / self.from;
        assert_eq!((inputs.len(), outputs.len()), (n * self.from, n * self.to), "rows of a layer");
    }
}

impl Panels {
    fn new(isa: Isa, from: usize, to: usize, values: &[f32]) -> Self {
        let with_zeros = match values.len() == from * to {
            true => Cow::Owned([values, &vec![0.0; to]].concat()),
            false => Cow::Borrowed(values),
        };
        assert_eq!(with_zeros.len(), (from + 1) * to, "weights and biases of a layer");
        let mut panels = Vec::new();
        {
            let (values, panels) = (&with_zeros[..], &mut panels);
            with_isa!(isa, in_panels(values: &[f32], to: usize, panels: &mut Vec<f32>));
        }
        Self(panels)
    }

    fn unpacked(&self, isa: Isa, from: usize, to: usize) -> Vec<f32> {
        let rows = from + 1;
        let width = isa.width();
        let mut values = vec![0.0; rows * to];
        for (panel, first) in self.0.chunks_exact(rows * width).zip((0..to).step_by(width)) {
            let columns = width.min(to - first);
            for (to, from) in values.chunks_exact_mut(to).zip(panel.chunks_exact(width)) {
                to[first..first + columns].copy_from_slice(&from[..columns]);
            }
        }
        values
    }
}

#[inline(always)]
unsafe fn in_panels<S: Lanes, const R: usize, const W: usize>(
    values: &[f32],
    to: usize,
    panels: &mut Vec<f32>,
) {
    pack_panels::<W>(values, to, panels);
}

#[inline(always)]
unsafe fn strips_of_rows<S: Lanes, const R: usize, const W: usize>(
    values: &[f32],
    depth: usize,
    strips: &mut Vec<f32>,
) {
    pack_rows::<R>(values, depth, strips);
}

#[inline(always)]
unsafe fn strips_of_columns<S: Lanes, const R: usize, const W: usize>(
    values: &[f32],
    width: usize,
    strips: &mut Vec<f32>,
) {
    pack_columns::<R>(values, width, strips);
}

/// Of some panels the outputs; `strips` are those of the inputs.
#[inline(always)]
unsafe fn forward<S: Lanes, const R: usize, const W: usize>(
    layer: &Dense,
    panels: Range<usize>,
    strips: &[f32],
    active: Option<&ActiveColumns>,
    activation: Activation,
    outputs: Shared,
    room: &mut Workspace,
) {
    let (from, to) = (layer.from, layer.to);
    let Workspace { panels: compacted, sums } = room;
    let depth = active.map_or(from, |active| active.columns().len());
    let columns = (panels.start * W..).step_by(W);
    let own = &layer.values.0[panels.start * (from + 1) * W..panels.end * (from + 1) * W];
    for (panel, column) in own.chunks_exact((from + 1) * W).zip(columns) {
        let (weights, bias) = panel.split_at(from * W);
        let weights = active.map_or(weights, |active| active.rows::<W>(weights, compacted));
        // SAFETY: `with_isa` runs this where the instructions of `S` are, with its `R` and `W`.
        unsafe { products::<S, R, W>(depth, strips, weights, sums) };
        let bias: [f32; W] = std::array::from_fn(|place| bias[place]);
        let columns = W.min(to - column);
        for (row, sums) in sums.as_chunks::<W>().0.iter().enumerate().take(outputs.len() / to) {
            let values: [f32; W] = std::array::from_fn(|place| sums[place] + bias[place]);
            let values = match activation {
                Activation::None => values,
                Activation::Relu | Activation::Masked(_) => values.map(relu),
            };
            // SAFETY: these columns of all outputs are this panel's, and each panel is worked out once.
            let outputs = unsafe { outputs.slice(row * to + column, columns) };
            match outputs.first_chunk_mut::<W>() {
                Some(outputs) => *outputs = values,
                None => outputs.copy_from_slice(&values[..columns]),
            }
            if let Activation::Masked(mask) = activation {
                let mask = &mask[row * to + column..][..columns];
                outputs.iter_mut().zip(mask).for_each(|(output, mask)| *output *= mask);
            }
        }
    }
}

/// Panels of weights that are turned round before a product. What is read of a panel lies in one piece then, long
/// enough for the machine to see it coming: with one panel at a time most of the time goes on waiting for memory.
const TOGETHER: usize = 8;

/// Worked out with digits for rows and inputs for columns, as [`forward`], whose weights are turned round on the way:
/// some panels of inputs. `strips` are those of the gradient.
#[inline(always)]
unsafe fn backward<S: Lanes, const R: usize, const W: usize>(
    layer: &Dense,
    panels: Range<usize>,
    strips: &[f32],
    units: Option<&[f32]>,
    keep_scale: f32,
    grad_in: Shared,
    room: &mut Workspace,
) {
    let (from, to) = (layer.from, layer.to);
    let Workspace { panels: turned, sums } = room;
    turned.resize(TOGETHER * to * W, 0.0);
    let end = from.min(panels.end * W);
    for first in (panels.start * W..end).step_by(TOGETHER * W) {
        let rows = first..end.min(first + TOGETHER * W);
        let turned = &mut turned[..rows.len().div_ceil(W) * to * W];
        for (weights, column) in layer.values.0.chunks_exact((from + 1) * W).zip((0..to).step_by(W)) {
            let weights = &weights[rows.start * W..rows.end * W];
            let columns = W.min(to - column);
            for (weights, turned) in weights.chunks(W * W).zip(turned.chunks_exact_mut(to * W)) {
                transpose::<W>(weights, &mut turned[column * W..][..columns * W]);
            }
        }
        // SAFETY: as in `forward`.
        unsafe { products::<S, R, W>(to, strips, turned, sums) };
        let panels = sums.chunks_exact(strips.len() / to * W).zip(rows.clone().step_by(W));
        for (sums, first) in panels {
            let inputs = W.min(rows.end - first);
            for (row, sums) in sums.as_chunks::<W>().0.iter().enumerate().take(grad_in.len() / from) {
                // SAFETY: as in `forward`, of the panels of inputs.
                let grad_in = unsafe { grad_in.slice(row * from + first, inputs) };
                let Some(units) = units else {
                    grad_in.copy_from_slice(&sums[..inputs]);
                    continue;
                };
                let units = &units[row * from + first..][..inputs];
                match (grad_in.first_chunk_mut::<W>(), units.first_chunk::<W>()) {
                    (Some(grad_in), Some(units)) => handed_down(grad_in, units, sums, keep_scale),
                    _ => handed_down(grad_in, units, sums, keep_scale),
                }
            }
        }
    }
}

/// Of four units at a time, whose signs are chance: a branch for each would be taken wrongly half of the time.
#[inline(always)]
fn handed_down(grad_in: &mut [f32], units: &[f32], sums: &[f32], keep_scale: f32) {
    let (grad_in, grad_rest) = grad_in.as_chunks_mut::<4>();
    let ((units, units_rest), (sums, sums_rest)) = (units.as_chunks::<4>(), sums.as_chunks::<4>());
    for ((grad_in, units), sum) in grad_in.iter_mut().zip(units).zip(sums) {
        let is_idle = f32x4::new(*units).simd_le(f32x4::ZERO);
        *grad_in = is_idle.select(f32x4::ZERO, f32x4::new(*sum) * f32x4::splat(keep_scale)).to_array();
    }
    let sums = sums[grad_in.len()..].as_flattened().iter().chain(sums_rest);
    for ((grad_in, unit), sum) in grad_rest.iter_mut().zip(units_rest).zip(sums) {
        *grad_in = if *unit <= 0.0 { 0.0 } else { sum * keep_scale };
    }
}

/// One step of the optimiser, as all panels see it.
struct Step<'a> {
    from: usize,
    to: usize,
    has_biases: bool,
    /// Of the inputs' active columns.
    strips: &'a [f32],
    /// Rows of weights that belong to them.
    rows: &'a [usize],
    grad_out: &'a [f32],
    update: Update,
}

/// Updates some panels: `values`, and what is remembered of them, are theirs alone.
#[inline(always)]
unsafe fn learn<S: Lanes, const R: usize, const W: usize>(
    step: &Step,
    panels: Range<usize>,
    values: &mut [f32],
    first: &mut [f32],
    second: &mut [f32],
    room: &mut Workspace,
) {
    let &Step { from, to, has_biases, strips, rows: active_rows, grad_out, update } = step;
    let n = grad_out.len() / to;
    let digits = &mut room.panels;
    digits.resize(n * W, 0.0);
    let all = [values, first, second].map(|all| all.as_chunks_mut::<W>().0.chunks_exact_mut(from + 1));
    let [values, first, second] = all;
    let columns = (panels.start * W..).step_by(W);
    for (((column, values), first), second) in columns.zip(values).zip(first).zip(second) {
        pack_panel::<W>(grad_out, to, column, digits);
        // Rows are updated in the order in which they lie. Those that no digit uses have a gradient of zero.
        let mut next = 0;
        let mut learn_up_to = |rows: std::ops::RangeInclusive<usize>, gradients: &[[f32; W]]| {
            let idle = next..*rows.start();
            next = rows.end() + 1;
            let mut learn = |rows: Range<usize>, gradients: &[[f32; W]]| {
                let [values, first, second] =
                    [&mut *values, &mut *first, &mut *second].map(|all| all[rows.clone()].as_flattened_mut());
                // SAFETY: `with_isa` runs this where the instructions of `S` are. `values`, `first` and `second` are
                // `rows` of panels of one size, `W` values each, a multiple of `N`; both calls below give as many
                // gradients.
                unsafe { S::update(update, values, first, second, gradients.as_flattened()) };
            };
            idle.for_each(|row| learn(row..row + 1, &[[0.0; W]]));
            learn(*rows.start()..next, gradients);
        };
        let mut sums = [[0.0; W]; R];
        for (strip, rows) in strips.chunks_exact(n * R).zip(active_rows.chunks(R)) {
            // SAFETY: of the instructions as above; `chunks_exact` made `strip` `[n, R]` and `digits` is `[n, W]`, and
            // `sums` is `[R, W]`.
            unsafe { S::add_product(n, strip.as_ptr(), digits.as_ptr(), sums.as_mut_ptr().cast(), W, true) };
            let (start, end) = (rows[0], rows[rows.len() - 1]);
            match end - start < rows.len() {
                true => learn_up_to(start..=end, &sums[..rows.len()]),
                false => rows.iter().zip(&sums).for_each(|(row, sums)| learn_up_to(*row..=*row, &[*sums])),
            }
        }
        // Biases that there are none of are zero, and by a gradient of zero every rule leaves them so.
        let mut sums = [0.0; W];
        for digit in digits.as_chunks::<W>().0.iter().take(if has_biases { n } else { 0 }) {
            sums.iter_mut().zip(digit).for_each(|(sum, value)| *sum += value);
        }
        learn_up_to(from..=from, &[sums]);
    }
}
