//! A trained fully connected layer in whole numbers: weights of 8 bits, inputs of 7, sums of 32. Inputs are not negative
//! (pixels, and units behind a ReLU), which is what instructions for products of 8 bits ask for. Sums are exact: every
//! instruction set gives the same.

use crate::lanes::{Isa, Lanes, with_isa};

/// Inputs that are multiplied in one instruction.
const TOGETHER: usize = 4;
/// The largest input: 7 bits.
const MOST: f32 = 127.0;

/// What an instruction set has for products of 8 bits.
///
/// # Safety
/// Every function may only be called where the instruction set is there; `load_weights`, `four` and `store` also need the values
/// that they name at the address.
pub trait Integers: Lanes {
    /// A vector of sums of 32 bits.
    type I: Copy;
    /// Its lanes.
    const SUMS: usize;

    /// # Safety
    /// See [`Integers`].
    unsafe fn zero() -> Self::I;
    /// Four weights for each lane, of one column.
    ///
    /// # Safety
    /// See [`Integers`].
    unsafe fn load_weights(from: *const i8) -> Self::I;
    /// The same four inputs for every lane.
    ///
    /// # Safety
    /// See [`Integers`].
    unsafe fn four(from: *const u8) -> Self::I;
    /// To each lane's sum its four products, of inputs of 7 bits.
    ///
    /// # Safety
    /// See [`Integers`].
    unsafe fn add_products(weights: Self::I, inputs: Self::I, sums: Self::I) -> Self::I;
    /// # Safety
    /// See [`Integers`].
    unsafe fn store_sums(to: *mut i32, sums: Self::I);

    /// [`tile`] with these instructions, as a function of its own for the reason that [`Lanes::run`] has.
    ///
    /// # Safety
    /// As [`tile`].
    unsafe fn integers(depth: usize, rows: &[u8], count: usize, panel: &[i8], sums: &mut Sums);
}

/// [`Integers::integers`] with the features that it needs.
macro_rules! integers_apart {
    ($($feature:literal)?) => {
        #[inline(never)]
        $(#[target_feature(enable = $feature)])?
        unsafe fn integers(depth: usize, rows: &[u8], count: usize, panel: &[i8], sums: &mut $crate::integers::Sums) {
            // SAFETY: the function has the same condition.
            unsafe { $crate::integers::tile::<Self>(depth, rows, count, panel, sums) }
        }
    };
}
pub(crate) use integers_apart;

/// Of a tile.
pub type Sums = [i32; ROWS * COLUMNS];

/// Inputs `[n, from]` as whole multiples of a scale for each row, which so does not depend on the rows beside it.
#[derive(Debug, Clone, Default)]
pub struct Rounded {
    /// Rows of as many as are multiplied together.
    multiples: Vec<u8>,
    scales: Vec<f32>,
    /// Room for a picture before its patches are taken.
    pictures: Vec<u8>,
}

impl Rounded {
    /// Rounds rows of `from` inputs; one that is negative or no number counts as 0.
    ///
    /// # Panics
    /// When the rows do not come out even.
    pub fn take(&mut self, inputs: &[f32], from: usize) {
        assert!(inputs.len().is_multiple_of(from), "rows of inputs");
        let stride = from.next_multiple_of(TOGETHER);
        self.multiples.clear();
        self.scales.clear();
        for row in inputs.chunks_exact(from) {
            self.scales.push(round(row, &mut self.multiples));
            self.multiples.resize(self.multiples.len() + stride - from, 0);
        }
    }

    /// Rounds pictures `[n, channels, side, side]`, each by a scale of its own, and takes the patches that a kernel of
    /// `kernel × kernel` sees: a row for each of its places, row by row of the picture, `[channels, kernel, kernel]`.
    ///
    /// # Panics
    /// When the pictures do not come out even, or are smaller than the kernel.
    pub fn take_patches(&mut self, inputs: &[f32], channels: usize, side: usize, kernel: usize) {
        let picture = channels * side * side;
        assert!(kernel <= side && inputs.len().is_multiple_of(picture), "pictures");
        let (wide, from) = (side + 1 - kernel, channels * kernel * kernel);
        let Self { multiples, scales, pictures } = self;
        multiples.clear();
        scales.clear();
        for input in inputs.chunks_exact(picture) {
            pictures.clear();
            let scale = round(input, pictures);
            scales.resize(scales.len() + wide * wide, scale);
            for place in 0..wide * wide {
                let corner = place / wide * side + place % wide;
                for line in 0..channels * kernel {
                    let first = line / kernel * side * side + line % kernel * side + corner;
                    multiples.extend_from_slice(&pictures[first..first + kernel]);
                }
                multiples.resize(multiples.len() + from.next_multiple_of(TOGETHER) - from, 0);
            }
        }
    }
}

/// Brings rows of `from` inputs to the values that [`Rounded::take`] gives them: a network that is trained so meets what
/// it will be asked with.
///
/// # Panics
/// When the rows do not come out even.
pub fn round_rows(inputs: &mut [f32], from: usize) {
    assert!(inputs.len().is_multiple_of(from), "rows of inputs");
    for row in inputs.chunks_exact_mut(from) {
        let (times, scale) = scale(row);
        row.iter_mut().for_each(|input| *input = f32::from(multiple(*input, times)) * scale);
    }
}

/// Appends inputs as multiples of a scale, which it answers.
fn round(inputs: &[f32], multiples: &mut Vec<u8>) -> f32 {
    let (times, scale) = scale(inputs);
    multiples.extend(inputs.iter().map(|input| multiple(*input, times)));
    scale
}

/// What inputs are multiplied by to be multiples, and what these are multiples of.
fn scale(inputs: &[f32]) -> (f32, f32) {
    let largest =
        inputs.iter().fold(0.0_f32, |largest, input| if *input > largest { *input } else { largest });
    (if largest > 0.0 { MOST / largest } else { 0.0 }, largest / MOST)
}

/// Half is added and the rest cut off, which for what is not negative rounds to the nearest.
fn multiple(input: f32, times: f32) -> u8 {
    (input * times + 0.5) as u8
}

/// The layer.
#[derive(Debug, Clone)]
pub struct IntegerDense {
    isa: Isa,
    from: usize,
    to: usize,
    /// Panels of neighbouring columns; in each, for every four inputs, those of one column after another.
    panels: Vec<i8>,
    /// What a weight of each column is a multiple of.
    scales: Vec<f32>,
    biases: Vec<f32>,
}

/// Columns of a panel: two vectors, of the widest.
const COLUMNS: usize = 16;

impl IntegerDense {
    /// A layer of weights `multiples [from, to]`, each times the scale of its column, and biases `[to]`.
    ///
    /// # Panics
    /// When a list is of another length.
    pub fn new(isa: Isa, from: usize, to: usize, multiples: &[i8], scales: &[f32], biases: &[f32]) -> Self {
        assert_eq!((multiples.len(), scales.len(), biases.len()), (from * to, to, to), "a layer's weights");
        let depth = from.next_multiple_of(TOGETHER);
        let mut panels = vec![0; depth * to.next_multiple_of(COLUMNS)];
        for (place, multiple) in multiples.iter().enumerate() {
            let (row, column) = (place / to, place % to);
            let panel = column / COLUMNS * depth * COLUMNS;
            let four = row / TOGETHER * TOGETHER * COLUMNS;
            panels[panel + four + column % COLUMNS * TOGETHER + row % TOGETHER] = *multiple;
        }
        Self { isa, from, to, panels, scales: scales.to_vec(), biases: biases.to_vec() }
    }

    /// Its inputs and outputs.
    pub fn shape(&self) -> (usize, usize) {
        (self.from, self.to)
    }

    /// `outputs [n, to] = inputs [n, from] · weights + biases`, of inputs that were rounded.
    ///
    /// # Panics
    /// When there are rows of another length, or another number of them.
    pub fn forward(&self, inputs: &Rounded, outputs: &mut [f32]) {
        let n = inputs.scales.len();
        assert_eq!(inputs.multiples.len(), n * self.from.next_multiple_of(TOGETHER), "inputs of a layer");
        assert_eq!(outputs.len(), n * self.to, "outputs of a layer");
        let layer = self;
        with_isa!(self.isa, forward(layer: &IntegerDense, inputs: &Rounded, outputs: &mut [f32]));
    }
}

/// Rows that are worked out together.
const ROWS: usize = 4;

#[inline(always)]
unsafe fn forward<S: Integers, const R: usize, const W: usize>(
    layer: &IntegerDense,
    inputs: &Rounded,
    outputs: &mut [f32],
) {
    let depth = layer.from.next_multiple_of(TOGETHER);
    let to = layer.to;
    let mut sums = [0_i32; ROWS * COLUMNS];
    for (panel, first) in layer.panels.chunks_exact(depth * COLUMNS).zip((0..to).step_by(COLUMNS)) {
        let columns = COLUMNS.min(to - first);
        let rows = inputs.multiples.chunks(ROWS * depth).zip(outputs.chunks_mut(ROWS * to));
        for ((rows, outputs), scales) in rows.zip(inputs.scales.chunks(ROWS)) {
            // SAFETY: `with_isa` runs this where the instructions of `S` are. A panel has `depth` rows of its columns, `rows`
            // as many rows of `depth` inputs as there are scales.
            unsafe { S::integers(depth / TOGETHER, rows, scales.len(), panel, &mut sums) };
            for ((sums, outputs), scale) in
                sums.chunks_exact(COLUMNS).zip(outputs.chunks_exact_mut(to)).zip(scales)
            {
                let outputs = &mut outputs[first..first + columns];
                for ((output, sum), column) in outputs.iter_mut().zip(sums).zip(first..) {
                    *output = *sum as f32 * (scale * layer.scales[column]) + layer.biases[column];
                }
            }
        }
    }
}

/// The sums of one panel's columns for up to [`ROWS`] rows, of `depth` times four inputs each.
///
/// # Safety
/// As [`Integers`].
#[inline(always)]
pub(crate) unsafe fn tile<S: Integers>(
    depth: usize,
    rows: &[u8],
    count: usize,
    panel: &[i8],
    sums: &mut Sums,
) {
    let stride = depth * TOGETHER;
    // Of fewer rows the last is worked out again in the place of those that lack.
    let row = |row: usize| &rows[row.min(count - 1) * stride..][..stride];
    let rows = [row(0), row(1), row(2), row(3)];
    let mut column = 0;
    while column < COLUMNS {
        // SAFETY: the caller's, and the addresses lie in the slices: `depth` fours of each row, and of each of the panel's
        // columns.
        unsafe {
            let mut vectors = [S::zero(); 2 * ROWS];
            for four in 0..depth {
                let weights = panel.as_ptr().add((four * COLUMNS + column) * TOGETHER);
                let (left, right) =
                    (S::load_weights(weights), S::load_weights(weights.add(S::SUMS * TOGETHER)));
                for (place, row) in rows.iter().enumerate() {
                    let inputs = S::four(row.as_ptr().add(four * TOGETHER));
                    vectors[2 * place] = S::add_products(left, inputs, vectors[2 * place]);
                    vectors[2 * place + 1] = S::add_products(right, inputs, vectors[2 * place + 1]);
                }
            }
            for (place, vector) in vectors.into_iter().enumerate() {
                let at = place / 2 * COLUMNS + column + place % 2 * S::SUMS;
                S::store_sums(sums.as_mut_ptr().add(at), vector);
            }
        }
        column += 2 * S::SUMS;
    }
}
