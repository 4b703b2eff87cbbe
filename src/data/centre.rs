//! A drawing made like MNIST's digits were: scaled into a 20×20 box and centred by mass in 28×28
//! (LeCun et al., Gradient-based learning applied to document recognition, 1998, section III.A).

use super::{PIXELS, SIDE, ink};

/// Height and width of the box that the ink is scaled into.
const BOX: usize = 20;
/// Column and row that the centre of mass is moved to. In MNIST it lies at 14 ± 0.5, counted from 0:
/// its digits were moved by whole pixels.
const CENTRE: f64 = (SIDE / 2) as f64;

/// Makes a drawing like MNIST: its bounding box is scaled to fit 20×20, keeping its proportions, by
/// averaging over areas; then moved by whole pixels until its centre of mass is the centre of 28×28,
/// as far as that cuts nothing off.
///
/// `drawing` holds `width`×`height` values row by row, 0 (paper) to 255 (ink); values outside are clipped
/// and NaN counts as paper, as does what a person would not see as ink: noise, a smear, a speck. The result
/// has 784 values in 0 to 1; none when there is no ink or the sizes do not fit together.
pub fn centre(drawing: &[f32], width: usize, height: usize) -> Option<[f32; PIXELS]> {
    if width.checked_mul(height) != Some(drawing.len()) {
        return None;
    }
    let drawing = Drawing { ink: &ink::seen(drawing, width)?, width };
    let bounds = drawing.bounds()?;
    let boxed = drawing.scaled(&bounds);
    let (used_x, used_y) = bounds.scaled_size();
    let mass: f64 = boxed.as_flattened().iter().sum();
    let moment = |place: fn(usize, usize) -> usize| {
        let cells = (0..BOX * BOX).map(|at| (at % BOX, at / BOX));
        cells.map(|(x, y)| place(x, y) as f64 * boxed[y][x]).sum::<f64>() / mass
    };
    let offset = |mean: f64, used: usize| (CENTRE - mean).round().clamp(0.0, (SIDE - used) as f64) as usize;
    let (left, top) = (offset(moment(|x, _| x), used_x), offset(moment(|_, y| y), used_y));
    let mut digit = [0.0; PIXELS];
    for (y, row) in boxed.iter().enumerate().take(used_y) {
        for (x, &ink) in row.iter().enumerate().take(used_x) {
            // A mean of full ink can come out a hair above it.
            digit[(top + y) * SIDE + left + x] = (ink / 255.0).min(1.0) as f32;
        }
    }
    Some(digit)
}

/// The part of a drawing that holds its ink, in pixels; the ends lie one past the last.
struct Bounds {
    x: std::ops::Range<usize>,
    y: std::ops::Range<usize>,
}

impl Bounds {
    /// Pixels of the drawing that become one pixel of the digit, along each side.
    fn pixels_per_cell(&self) -> f64 {
        self.x.len().max(self.y.len()) as f64 / BOX as f64
    }

    /// Columns and rows of the box that the ink takes up.
    fn scaled_size(&self) -> (usize, usize) {
        let cells = |pixels: usize| ((pixels as f64 / self.pixels_per_cell()).ceil() as usize).min(BOX);
        (cells(self.x.len()), cells(self.y.len()))
    }
}

struct Drawing<'a> {
    ink: &'a [f32],
    width: usize,
}

impl Drawing<'_> {
    /// Ink at a place, 0 to 255.
    fn at(&self, x: usize, y: usize) -> f64 {
        f64::from(self.ink[y * self.width + x])
    }

    fn bounds(&self) -> Option<Bounds> {
        let inked = || {
            (0..self.ink.len())
                .map(|at| (at % self.width, at / self.width))
                .filter(|&(x, y)| self.at(x, y) > 0.0)
        };
        let x = inked().map(|(x, _)| x).min()?..inked().map(|(x, _)| x).max()? + 1;
        let y = inked().map(|(_, y)| y).min()?..inked().map(|(_, y)| y).max()? + 1;
        Some(Bounds { x, y })
    }

    /// The ink within the bounds, scaled into the upper left of the box: each cell is the mean over
    /// the area it covers, where anything beyond the bounds is paper.
    fn scaled(&self, bounds: &Bounds) -> [[f64; BOX]; BOX] {
        let pitch = bounds.pixels_per_cell();
        let mut boxed = [[0.0; BOX]; BOX];
        for (row, cells) in boxed.iter_mut().enumerate() {
            for (column, cell) in cells.iter_mut().enumerate() {
                for (y, down) in covered(row, pitch, &bounds.y) {
                    for (x, across) in covered(column, pitch, &bounds.x) {
                        *cell += down * across * self.at(x, y);
                    }
                }
            }
        }
        boxed
    }
}

/// The pixels that a cell of the box covers along one side, each with its share of the cell.
fn covered(cell: usize, pitch: f64, pixels: &std::ops::Range<usize>) -> impl Iterator<Item = (usize, f64)> {
    let (from, to) = (cell as f64 * pitch, (cell + 1) as f64 * pitch);
    let start = pixels.start;
    let last = (to.ceil() as usize).min(pixels.len());
    (from as usize..last).map(move |pixel| {
        let overlap = to.min((pixel + 1) as f64) - from.max(pixel as f64);
        (start + pixel, overlap.max(0.0) / pitch)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A drawing with filled rectangles: left, top, width, height.
    fn drawing(side: usize, rectangles: &[[usize; 4]]) -> Vec<f32> {
        let mut ink = vec![0.0; side * side];
        for &[left, top, width, height] in rectangles {
            for y in top..(top + height).min(side) {
                for x in left..(left + width).min(side) {
                    ink[y * side + x] = 255.0;
                }
            }
        }
        ink
    }

    fn inked(digit: &[f32; PIXELS], place: fn(usize) -> usize) -> (usize, usize) {
        let places = || (0..PIXELS).filter(|&at| digit[at] > 0.0).map(place);
        (places().min().unwrap(), places().max().unwrap())
    }

    fn mean(digit: &[f32; PIXELS], place: fn(usize) -> usize) -> f64 {
        let mass: f64 = digit.iter().map(|&ink| f64::from(ink)).sum();
        digit.iter().enumerate().map(|(at, &ink)| place(at) as f64 * f64::from(ink)).sum::<f64>() / mass
    }

    const COLUMN: fn(usize) -> usize = |at| at % SIDE;
    const ROW: fn(usize) -> usize = |at| at / SIDE;

    #[test]
    fn paper_alone_is_no_digit() {
        assert!(centre(&[0.0; 100], 10, 10).is_none());
        assert!(centre(&[], 0, 0).is_none());
        assert!(centre(&[f32::NAN; 100], 10, 10).is_none());
        assert!(centre(&[255.0; 100], 10, 11).is_none());
    }

    #[test]
    fn a_bar_keeps_its_proportions_and_fills_the_box() {
        // 50 wide and 200 high becomes 5 wide and 20 high.
        let digit = centre(&drawing(280, &[[10, 60, 50, 200]]), 280, 280).unwrap();
        assert_eq!(inked(&digit, COLUMN), (12, 16));
        let (top, bottom) = inked(&digit, ROW);
        assert_eq!(bottom - top + 1, BOX);
        assert!((digit.iter().sum::<f32>() - 100.0).abs() < 1e-3);
        assert!(digit.iter().all(|&ink| ink == 0.0 || (ink - 1.0).abs() < 1e-6));
    }

    #[test]
    fn edges_are_grey_where_a_cell_is_partly_covered() {
        // 30 high: one cell is 1.5 pixels; 3 columns are exactly two cells, so a bar of 2 columns
        // beside one of paper leaves the second cell one third inked.
        let digit = centre(&drawing(64, &[[5, 5, 2, 30], [5, 5, 20, 1]]), 64, 64).unwrap();
        let (left, _) = inked(&digit, COLUMN);
        let (_, bottom) = inked(&digit, ROW);
        let row = bottom * SIDE + left;
        assert!((digit[row] - 1.0).abs() < 1e-6);
        assert!((digit[row + 1] - 1.0 / 3.0).abs() < 1e-6);
    }

    #[test]
    fn a_real_size_digit_comes_out_as_it_went_in() {
        // 20×20 ink, already centred: a digit that MNIST made stays pixel for pixel.
        let digit = centre(&drawing(28, &[[4, 4, 20, 20]]), 28, 28).unwrap();
        let again: Vec<f32> = digit.iter().map(|ink| ink * 255.0).collect();
        assert_eq!(centre(&again, 28, 28).unwrap(), digit);
    }

    proptest! {
        #[test]
        fn the_mass_is_centred_within_half_a_pixel(
            rectangles in prop::collection::vec([80_usize..180, 80_usize..180, 10_usize..60, 10_usize..60], 1..6)
        ) {
            let digit = centre(&drawing(280, &rectangles), 280, 280).unwrap();
            prop_assert!(digit.iter().all(|ink| (0.0..=1.0).contains(ink)));
            for place in [COLUMN, ROW] {
                let (first, last) = inked(&digit, place);
                prop_assert!(last - first < BOX);
                // Ink so far to one side that centring would cut it off stays at the edge.
                let at_the_edge = first == 0 || last == SIDE - 1;
                prop_assert!(at_the_edge || (mean(&digit, place) - CENTRE).abs() <= 0.5 + 1e-4);
            }
        }

        #[test]
        fn where_it_is_drawn_does_not_matter(left in 0_usize..100, top in 0_usize..100) {
            let here = drawing(280, &[[left, top, 30, 90], [left + 20, top + 70, 80, 20]]);
            let there = drawing(280, &[[50, 50, 30, 90], [70, 120, 80, 20]]);
            prop_assert_eq!(centre(&here, 280, 280).unwrap(), centre(&there, 280, 280).unwrap());
        }
    }
}
