//! One batch of digits, as networks take it.

use super::labels::{is_label_hidden, told_label};
use super::{Digits, Mix, PIXELS, SIDE, SampleId};
use crate::error::Result;
use crate::random::Stream;

/// Grey values as shares of ink: a division for each of 256 values, not for each pixel.
pub(crate) const GREY: [f32; 256] = {
    let mut shares = [0.0; 256];
    let mut grey = 0;
    while grey < 256 {
        shares[grey] = grey as f32 / 255.0;
        grey += 1;
    }
    shares
};

/// Some digits, each with its name and label.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    pub ids: Vec<SampleId>,
    /// n×784, row by row, 0 (paper) to 1 (ink).
    pub pixels: Vec<f32>,
    pub labels: Vec<u8>,
    /// Whether the label of each digit may be seen.
    pub labelled: Vec<bool>,
    /// The place, among the model's tasks, of the one that each digit is asked for.
    pub tasks: Vec<u8>,
    /// Whether the pixels are those that the ids stand for, with nothing changed, so that they may be kept by id.
    pub as_loaded: bool,
    /// How its digits were mixed with one another, if they were.
    pub mix: Option<Mix>,
}

impl Batch {
    /// Gathers these digits, in this order, each for the first task. Labels that are no digits are hidden.
    ///
    /// # Errors
    /// [`Error::DigitsMissing`] when one of them is not loaded.
    pub fn gather(digits: &Digits, ids: &[SampleId]) -> Result<Self> {
        let mut pixels = Vec::with_capacity(ids.len() * PIXELS);
        let mut labels = Vec::with_capacity(ids.len());
        for &id in ids {
            let (Some(grey), Some(label)) = (digits.pixels(id), digits.label(id)) else {
                return Err(digits.missing(id.split, id.index.saturating_add(1)));
            };
            pixels.extend(grey.iter().map(|&grey| GREY[usize::from(grey)]));
            labels.push(label);
        }
        let labelled = ids.iter().map(|id| !is_label_hidden(*id, 0.0, 0)).collect();
        Ok(Self {
            ids: ids.to_vec(),
            pixels,
            labels,
            labelled,
            tasks: vec![0; ids.len()],
            as_loaded: true,
            mix: None,
        })
    }

    /// The digits that one of the model's tasks is asked for, by its place.
    pub fn rows_of(&self, place: usize) -> Vec<usize> {
        (0..self.ids.len()).filter(|&row| usize::from(self.tasks[row]) == place).collect()
    }

    /// Hides the labels of about this share of all digits: of the same ones at any time, whatever batch they are in.
    pub fn hide_labels(&mut self, share: f64, seed: u32) {
        for (id, labelled) in self.ids.iter().zip(&mut self.labelled) {
            *labelled &= !is_label_hidden(*id, share, seed);
        }
    }

    /// Replaces the labels of about this share of all digits by others: of the same ones at any time, whatever batch they
    /// are in.
    pub fn mislabel(&mut self, share: f64, seed: u32) {
        for (id, label) in self.ids.iter().zip(&mut self.labels) {
            *label = told_label(*id, *label, share, seed);
        }
    }

    /// Shifts each digit by up to `px` pixels each way, paper coming in at the edges. How far is drawn
    /// from the seed, the epoch and the digit's name, so it does not depend on the batch it is in.
    pub fn jitter(&mut self, px: u8, seed: u32, epoch: u32) {
        if px == 0 {
            return;
        }
        self.as_loaded = false;
        for (id, digit) in self.ids.iter().zip(self.pixels.chunks_exact_mut(PIXELS)) {
            let numbers = [epoch.into(), id.split as u64, id.index.into()];
            let mut stream = Stream::new(seed, "jitter", &numbers);
            let mut shift = || stream.below(2 * u32::from(px) + 1) as isize - isize::from(px);
            shift_by(digit, shift(), shift());
        }
    }
}

/// Moves a digit `dx` pixels to the right and `dy` down.
fn shift_by(digit: &mut [f32], dx: isize, dy: isize) {
    let before = digit.to_vec();
    for (at, pixel) in digit.iter_mut().enumerate() {
        let from = |to: usize, by: isize| to.checked_add_signed(-by).filter(|&from| from < SIDE);
        *pixel = match (from(at % SIDE, dx), from(at / SIDE, dy)) {
            (Some(x), Some(y)) => before[y * SIDE + x],
            _ => 0.0,
        };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::data::{IdxImages, IdxLabels, Split};

    fn id(index: u32) -> SampleId {
        SampleId { split: Split::Train, index }
    }

    /// A batch of digits that are blank but for one pixel each, at `x`, `y`.
    fn dots(x: usize, y: usize, indices: &[u32]) -> Batch {
        let mut digit = [0.0; PIXELS];
        digit[y * SIDE + x] = 1.0;
        Batch {
            ids: indices.iter().map(|&index| id(index)).collect(),
            pixels: digit.repeat(indices.len()),
            labels: vec![0; indices.len()],
            labelled: vec![true; indices.len()],
            tasks: vec![0; indices.len()],
            as_loaded: false,
            mix: None,
        }
    }

    /// Where the only pixel of each digit is.
    fn places(batch: &Batch) -> Vec<(usize, usize)> {
        let place = |digit: &[f32]| {
            let at = digit.iter().position(|&pixel| pixel == 1.0).expect("the dot is there");
            (at % SIDE, at / SIDE)
        };
        batch.pixels.chunks_exact(PIXELS).map(place).collect()
    }

    #[test]
    fn gathers_scaled_pixels_and_labels_in_the_order_asked() {
        let mut digits = Digits::empty();
        let pixels = [[0; PIXELS], [51; PIXELS], [255; PIXELS]].concat();
        let images = IdxImages::from_pixels("test", pixels).unwrap();
        let labels = IdxLabels::from_labels("test", vec![7, 8, 9]).unwrap();
        digits.insert(Split::Train, 0, images, labels).unwrap();
        let batch = Batch::gather(&digits, &[id(2), id(0), id(1)]).unwrap();
        assert_eq!(batch.labels, [9, 7, 8]);
        assert_eq!(batch.pixels, [[1.0; PIXELS], [0.0; PIXELS], [0.2; PIXELS]].concat());
        let error = Batch::gather(&digits, &[id(0), id(3)]).unwrap_err();
        assert_eq!(error.code(), "digits_missing");
        assert_eq!(error.to_string(), "the first 4 training digits are needed, but 3 are loaded");
    }

    #[test]
    fn jitter_uses_every_shift_about_equally_often() {
        let mut batch = dots(14, 14, &(0..5_000).collect::<Vec<_>>());
        batch.jitter(2, 1, 1);
        let mut counts = [[0_i32; 5]; 5];
        for (x, y) in places(&batch) {
            counts[y - 12][x - 12] += 1;
        }
        // 200 expected of each of 25 shifts, standard deviation 13.9; five of them.
        assert!(counts.as_flattened().iter().all(|count| (count - 200).abs() < 70), "{counts:?}");
    }

    proptest! {
        #[test]
        fn jitter_moves_at_most_px_and_keeps_ink_that_is_not_cut(
            px in 0_u8..=2, seed: u32, epoch: u32, index: u32, x in 2_usize..26, y in 2_usize..26,
        ) {
            let mut batch = dots(x, y, &[index]);
            batch.jitter(px, seed, epoch);
            prop_assert_eq!(batch.pixels.iter().sum::<f32>(), 1.0);
            let (to_x, to_y) = places(&batch)[0];
            prop_assert!(to_x.abs_diff(x) <= px.into() && to_y.abs_diff(y) <= px.into());
        }

        #[test]
        fn jitter_does_not_depend_on_the_batch(seed: u32, epoch: u32, others in prop::collection::vec(0_u32..60_000, 0..5)) {
            let mut alone = dots(14, 14, &[7]);
            alone.jitter(2, seed, epoch);
            let mut indices = others;
            indices.push(7);
            let mut among = dots(14, 14, &indices);
            among.jitter(2, seed, epoch);
            prop_assert_eq!(places(&alone)[0], places(&among)[indices.len() - 1]);
        }
    }
}
