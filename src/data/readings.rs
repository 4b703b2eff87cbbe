//! How a set of pictures is to be read: sets from elsewhere come turned, inverted or in another range of grey than
//! MNIST (EMNIST's are transposed, as its authors' tools write columns first: Cohen et al. 2017; others write 0 and 1).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{IdxImages, SIDE};

/// Greys of which the darkest is less than half of full ink are taken for another range.
const HALF_INK: u8 = 128;
/// The word for a set that is taken as it came.
const AS_IT_CAME: &str = "as_it_came";
const INVERTED: &str = "inverted";
const STRETCHED: &str = "stretched";

/// The eight ways to lay a square picture down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Symmetry {
    #[default]
    Upright,
    /// Rows become columns.
    Transposed,
    /// Left and right change places.
    Mirrored,
    /// Top and bottom change places.
    Flipped,
    /// Turned by 90° clockwise.
    TurnedRight,
    /// Turned by 90° anticlockwise.
    TurnedLeft,
    /// Turned by 180°.
    UpsideDown,
    /// Mirrored at the other diagonal.
    Antitransposed,
}

impl Symmetry {
    /// Every one, the likeliest first.
    pub const ALL: [Symmetry; 8] = [
        Symmetry::Upright,
        Symmetry::Transposed,
        Symmetry::Mirrored,
        Symmetry::Flipped,
        Symmetry::TurnedRight,
        Symmetry::TurnedLeft,
        Symmetry::UpsideDown,
        Symmetry::Antitransposed,
    ];

    fn word(self) -> &'static str {
        match self {
            Symmetry::Upright => "upright",
            Symmetry::Transposed => "transposed",
            Symmetry::Mirrored => "mirrored",
            Symmetry::Flipped => "flipped",
            Symmetry::TurnedRight => "turned_right",
            Symmetry::TurnedLeft => "turned_left",
            Symmetry::UpsideDown => "upside_down",
            Symmetry::Antitransposed => "antitransposed",
        }
    }

    /// The column and row of the picture as it came that a column and row show.
    fn source(self, x: usize, y: usize) -> (usize, usize) {
        let last = SIDE - 1;
        match self {
            Symmetry::Upright => (x, y),
            Symmetry::Transposed => (y, x),
            Symmetry::Mirrored => (last - x, y),
            Symmetry::Flipped => (x, last - y),
            Symmetry::TurnedRight => (y, last - x),
            Symmetry::TurnedLeft => (last - y, x),
            Symmetry::UpsideDown => (last - x, last - y),
            Symmetry::Antitransposed => (last - y, last - x),
        }
    }
}

/// What is done to pictures as they came, so that they stand as MNIST's do: upright, white ink (255) on black (0).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Reading {
    pub symmetry: Symmetry,
    /// Ink and paper change places.
    pub inverted: bool,
    /// The greys are stretched until the largest of the whole set is 255.
    pub stretched: bool,
}

impl Reading {
    /// The readings that a set may need, as it came first, then from the likeliest on.
    pub fn candidates(images: &IdxImages) -> Vec<Reading> {
        // Inverted without being stretched, 0 and 1 would become 255 and 254.
        let greys: &[(bool, bool)] = match largest(images) < HALF_INK {
            true => &[(false, false), (false, true), (true, true)],
            false => &[(false, false), (true, false)],
        };
        let of = |symmetry| {
            greys.iter().map(move |&(inverted, stretched)| Reading { symmetry, inverted, stretched })
        };
        Symmetry::ALL.into_iter().flat_map(of).collect()
    }

    /// The pictures, read so.
    pub fn apply(self, images: &IdxImages) -> IdxImages {
        let full = if self.stretched { u32::from(largest(images)) } else { 255 };
        let mut greys = [0; 256];
        for (value, grey) in (0_u32..).zip(&mut greys) {
            // Rounded; a set without any ink stays without.
            let ink = ((value * 255 + full / 2).checked_div(full).unwrap_or(0)).min(255) as u8;
            *grey = if self.inverted { 255 - ink } else { ink };
        }
        images.mapped(|picture, at| {
            let (x, y) = self.symmetry.source(at % SIDE, at / SIDE);
            greys[usize::from(picture[y * SIDE + x])]
        })
    }
}

fn largest(images: &IdxImages) -> u8 {
    images.pixels().iter().copied().max().unwrap_or(0)
}

/// Its words, joined by `+`: what the command line takes.
impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let symmetry = (self.symmetry != Symmetry::Upright).then(|| self.symmetry.word());
        let words = [symmetry, self.inverted.then_some(INVERTED), self.stretched.then_some(STRETCHED)];
        let words: Vec<&str> = words.into_iter().flatten().collect();
        f.write_str(if words.is_empty() { AS_IT_CAME.to_owned() } else { words.join("+") }.as_str())
    }
}

impl FromStr for Reading {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut reading = Reading::default();
        for word in text.split('+').filter(|word| *word != AS_IT_CAME) {
            match Symmetry::ALL.into_iter().find(|symmetry| symmetry.word() == word) {
                Some(symmetry) => reading.symmetry = symmetry,
                None if word == INVERTED => reading.inverted = true,
                None if word == STRETCHED => reading.stretched = true,
                None => {
                    let symmetries = Symmetry::ALL.map(Symmetry::word).join(", ");
                    return Err(format!(
                        "`{word}` is none of {AS_IT_CAME}, {symmetries}, {INVERTED}, {STRETCHED}; join several by +"
                    ));
                }
            }
        }
        Ok(reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;

    /// One picture: a mark near its upper left corner, longer to the right than down.
    fn corner(ink: u8) -> IdxImages {
        let mut pixels = vec![0; PIXELS];
        for at in [0, 1, 2, SIDE] {
            pixels[at] = ink;
        }
        IdxImages::from_pixels("corner", pixels).unwrap()
    }

    fn read(symmetry: Symmetry) -> IdxImages {
        Reading { symmetry, ..Reading::default() }.apply(&corner(255))
    }

    fn inked(images: &IdxImages) -> Vec<(usize, usize)> {
        let places = (0..PIXELS).filter(|&at| images.pixels()[at] > 0);
        places.map(|at| (at % SIDE, at / SIDE)).collect()
    }

    #[test]
    fn each_symmetry_lays_the_picture_down_as_it_says() {
        assert_eq!(inked(&read(Symmetry::Upright)), [(0, 0), (1, 0), (2, 0), (0, 1)]);
        assert_eq!(inked(&read(Symmetry::Transposed)), [(0, 0), (1, 0), (0, 1), (0, 2)]);
        assert_eq!(inked(&read(Symmetry::Mirrored)), [(25, 0), (26, 0), (27, 0), (27, 1)]);
        assert_eq!(inked(&read(Symmetry::Flipped)), [(0, 26), (0, 27), (1, 27), (2, 27)]);
        // Clockwise: what was on the left is on top now.
        assert_eq!(inked(&read(Symmetry::TurnedRight)), [(26, 0), (27, 0), (27, 1), (27, 2)]);
        assert_eq!(inked(&read(Symmetry::TurnedLeft)), [(0, 25), (0, 26), (0, 27), (1, 27)]);
        assert_eq!(inked(&read(Symmetry::UpsideDown)), [(27, 26), (25, 27), (26, 27), (27, 27)]);
        assert_eq!(inked(&read(Symmetry::Antitransposed)), [(27, 25), (27, 26), (26, 27), (27, 27)]);
    }

    #[test]
    fn zeros_and_ones_are_stretched_to_paper_and_ink_and_inverted_only_so() {
        let stretched = Reading { stretched: true, ..Reading::default() };
        assert_eq!(stretched.apply(&corner(1)), corner(255));
        let inverted = Reading { inverted: true, ..Reading::default() };
        assert_eq!(inverted.apply(&inverted.apply(&corner(200))), corner(200));
        let candidates = Reading::candidates(&corner(1));
        assert_eq!((candidates.len(), candidates[0]), (24, Reading::default()));
        assert!(candidates.iter().all(|reading| reading.stretched || !reading.inverted));
        let candidates = Reading::candidates(&corner(255));
        assert_eq!((candidates.len(), candidates[0]), (16, Reading::default()));
        assert!(candidates.iter().all(|reading| !reading.stretched));
        // Sixteen levels of grey, as of scikit-learn's digits; and a set of paper alone.
        assert_eq!(stretched.apply(&corner(15)), corner(255));
        assert_eq!(stretched.apply(&corner(0)), corner(0));
    }

    #[test]
    fn every_reading_is_read_from_the_words_it_writes() {
        for reading in Reading::candidates(&corner(1)) {
            assert_eq!(reading.to_string().parse(), Ok(reading));
        }
        assert_eq!(Reading::default().to_string(), "as_it_came");
        let told = "turned".parse::<Reading>().unwrap_err();
        assert!(told.contains("`turned` is none of as_it_came, upright, transposed"), "{told}");
    }
}
