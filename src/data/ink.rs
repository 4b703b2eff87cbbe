//! What of a drawing a person sees as ink: not the noise that a browser puts into a canvas against fingerprinting
//! (Brave, and Firefox's resistFingerprinting, change values by a few levels), no faint smear and no stray speck. Found
//! as edges are by hysteresis (Canny, A computational approach to edge detection, 1986, section VIII): faint ink counts
//! where it hangs together with plain ink.

/// A drawing whose darkest place is lighter than this, of 255, is paper: a person sees nothing on it.
const SEEN: f32 = 32.0;
/// Ink at all: this share of the darkest place. The soft edge of a stroke is cut a quarter of a pixel further in by it.
const FAINT: f32 = 0.25;
/// A piece holds ink of at least this share of the darkest place, or it is a smear.
const PLAIN: f32 = 0.5;
/// A piece with less than this share of the largest piece's ink is a speck. A tap beside a digit of the pad's size has
/// 0.03 to
/// 0.09, the shortest bar of a 5 about 0.16.
const SPECK: f64 = 0.1;

/// The ink of a drawing, `width` pixels wide, 0 (paper) to 255 (ink): values outside are clipped, NaN is paper, and
/// what is not seen as ink is 0. None when there is no ink.
pub(super) fn seen(drawing: &[f32], width: usize) -> Option<Vec<f32>> {
    let mut ink: Vec<f32> =
        drawing.iter().map(|&value| if value > 0.0 { value.min(255.0) } else { 0.0 }).collect();
    let darkest = ink.iter().copied().fold(0.0, f32::max);
    if darkest < SEEN {
        return None;
    }
    let pieces = pieces(&ink, width, darkest * FAINT);
    let plain = pieces.iter().filter(|piece| piece.iter().any(|&at| ink[at] >= darkest * PLAIN));
    let amount = |piece: &[usize]| piece.iter().map(|&at| f64::from(ink[at])).sum::<f64>();
    let amounts: Vec<(f64, &Vec<usize>)> = plain.map(|piece| (amount(piece), piece)).collect();
    let largest = amounts.iter().map(|(amount, _)| *amount).fold(0.0, f64::max);
    let mut is_ink = vec![false; ink.len()];
    for (_, piece) in amounts.iter().filter(|(amount, _)| *amount >= SPECK * largest) {
        piece.iter().for_each(|&at| is_ink[at] = true);
    }
    for (value, is_ink) in ink.iter_mut().zip(is_ink) {
        if !is_ink {
            *value = 0.0;
        }
    }
    Some(ink)
}

/// The pieces of a drawing: places of at least so much ink that touch, by a side or a corner.
fn pieces(ink: &[f32], width: usize, least: f32) -> Vec<Vec<usize>> {
    let height = ink.len() / width;
    let mut is_left: Vec<bool> = ink.iter().map(|value| *value >= least).collect();
    let mut pieces = Vec::new();
    for start in 0..ink.len() {
        if !std::mem::take(&mut is_left[start]) {
            continue;
        }
        let mut piece = vec![start];
        let mut looked_at = 0;
        while let Some(&at) = piece.get(looked_at) {
            let (x, y) = (at % width, at / width);
            for y in y.saturating_sub(1)..(y + 2).min(height) {
                for x in x.saturating_sub(1)..(x + 2).min(width) {
                    if std::mem::take(&mut is_left[y * width + x]) {
                        piece.push(y * width + x);
                    }
                }
            }
            looked_at += 1;
        }
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 40;

    /// Filled rectangles: left, top, width, height, ink.
    fn drawn(rectangles: &[(usize, usize, usize, usize, f32)]) -> Vec<f32> {
        let mut ink = vec![0.0; SIDE * SIDE];
        for &(left, top, width, height, value) in rectangles {
            for y in top..top + height {
                ink[y * SIDE + left..][..width].fill(value);
            }
        }
        ink
    }

    const STROKE: (usize, usize, usize, usize, f32) = (10, 5, 4, 30, 255.0);

    #[test]
    fn levels_that_a_browser_adds_are_paper_on_a_blank_pad_and_beside_ink() {
        let noise: Vec<f32> = (0..SIDE * SIDE).map(|at| (at * 7 % 4) as f32).collect();
        assert_eq!(seen(&noise, SIDE), None);
        let clean = drawn(&[STROKE]);
        let noisy: Vec<f32> = clean.iter().zip(&noise).map(|(ink, noise)| ink.max(*noise)).collect();
        assert_eq!(seen(&noisy, SIDE), Some(clean));
    }

    #[test]
    fn a_smear_and_specks_are_paper_and_the_second_stroke_of_a_digit_is_ink() {
        let clean = drawn(&[STROKE, (20, 20, 8, 4, 255.0)]);
        let soiled = drawn(&[
            STROKE,
            (20, 20, 8, 4, 255.0),
            // A smear, a speck in a corner, a dot.
            (0, 0, 8, 30, 100.0),
            (39, 39, 1, 1, 255.0),
            (30, 2, 3, 3, 255.0),
        ]);
        assert_eq!(seen(&soiled, SIDE), Some(clean));
    }

    #[test]
    fn faint_ink_counts_where_it_hangs_together_with_plain_ink_and_alone_it_is_all_there_is() {
        let edged = drawn(&[(9, 5, 6, 30, 100.0), STROKE]);
        assert_eq!(seen(&edged, SIDE), Some(edged.clone()));
        let pale = drawn(&[(10, 5, 4, 30, 60.0)]);
        assert_eq!(seen(&pale, SIDE), Some(pale.clone()));
    }

    #[test]
    fn a_dot_alone_is_ink() {
        let dot = drawn(&[(20, 20, 2, 2, 255.0)]);
        assert_eq!(seen(&dot, SIDE), Some(dot.clone()));
        let dots = drawn(&[(20, 20, 2, 2, 255.0), (20, 28, 2, 2, 255.0)]);
        assert_eq!(seen(&dots, SIDE), Some(dots.clone()));
    }
}
