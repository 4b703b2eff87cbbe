//! The digits that are loaded, and how one of them is named.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{IdxImages, IdxLabels, PIXELS};
use crate::error::{Error, Result};

/// The two files a set comes in.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// Digits to learn on and to validate with.
    Train,
    /// Digits to report on.
    Test,
}

impl std::fmt::Display for Split {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Split::Train => "train",
            Split::Test => "test",
        })
    }
}

/// The name of one digit. It travels with its pixels, so that a soft target can never meet a wrong digit.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SampleId {
    pub split: Split,
    /// Place in the split, from 0.
    pub index: u32,
}

/// The loaded digits of one set. Sheets of them may arrive in any order.
#[derive(Debug, Clone)]
pub struct Digits {
    train: Sheets,
    test: Sheets,
}

/// Runs of digits by the index of their first.
type Sheets = BTreeMap<u32, (IdxImages, IdxLabels)>;

impl Digits {
    /// No digits yet.
    pub fn empty() -> Self {
        Self { train: Sheets::new(), test: Sheets::new() }
    }

    /// How many digits are loaded, counted from the first one to the first gap.
    pub fn loaded(&self, split: Split) -> usize {
        self.sheets(split).iter().fold(0, |loaded, (&first, (images, _))| {
            if first as usize == loaded { loaded + images.count() } else { loaded }
        })
    }

    /// Adds the digits from `first` on. The same run again replaces the one before (a sheet fetched twice).
    ///
    /// # Errors
    /// [`Error::Data`] when images and labels differ in number, or the run overlaps another one.
    pub fn insert(&mut self, split: Split, first: u32, images: IdxImages, labels: IdxLabels) -> Result<()> {
        let name = || format!("{split} digits from {first}");
        if images.count() != labels.count() {
            let (images, labels) = (images.count(), labels.count());
            return Err(Error::Data {
                name: name(),
                reason: format!("there are {images} images but {labels} labels"),
            });
        }
        let sheets = match split {
            Split::Train => &mut self.train,
            Split::Test => &mut self.test,
        };
        let end = |first: u32, count: usize| u64::from(first) + count as u64;
        let overlapped = sheets.iter().find(|&(&other, (there, _))| {
            let same = other == first && there.count() == images.count();
            let apart = end(other, there.count()) <= u64::from(first)
                || end(first, images.count()) <= u64::from(other);
            !same && !apart
        });
        if let Some((other, _)) = overlapped {
            let reason = format!("they overlap the digits from {other}, which are loaded already");
            return Err(Error::Data { name: name(), reason });
        }
        sheets.insert(first, (images, labels));
        Ok(())
    }

    /// The 784 pixels of a digit, row by row, 0 (paper) to 255 (ink); none when it is not loaded.
    pub fn pixels(&self, id: SampleId) -> Option<&[u8]> {
        let (images, _, at) = self.find(id)?;
        images.pixels().get(at * PIXELS..(at + 1) * PIXELS)
    }

    /// The label of a digit; none when it is not loaded.
    pub fn label(&self, id: SampleId) -> Option<u8> {
        let (_, labels, at) = self.find(id)?;
        labels.labels().get(at).copied()
    }

    fn find(&self, id: SampleId) -> Option<(&IdxImages, &IdxLabels, usize)> {
        let (first, (images, labels)) = self.sheets(id.split).range(..=id.index).next_back()?;
        let at = (id.index - first) as usize;
        (at < images.count()).then_some((images, labels, at))
    }

    fn sheets(&self, split: Split) -> &Sheets {
        match split {
            Split::Train => &self.train,
            Split::Test => &self.test,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `count` digits; every pixel and label of digit i tells i.
    fn run(first: usize, count: usize) -> (IdxImages, IdxLabels) {
        let indices = first..first + count;
        let pixels = indices.clone().flat_map(|i| [i as u8; PIXELS]).collect();
        let labels = indices.map(|i| (i % 10) as u8).collect();
        (IdxImages::from_pixels("run", pixels).unwrap(), IdxLabels::from_labels("run", labels).unwrap())
    }

    fn insert(digits: &mut Digits, first: usize, count: usize) -> Result<()> {
        let (images, labels) = run(first, count);
        digits.insert(Split::Train, first as u32, images, labels)
    }

    #[test]
    fn sheets_may_arrive_in_any_order() {
        let mut digits = Digits::empty();
        insert(&mut digits, 3, 3).unwrap();
        assert_eq!(digits.loaded(Split::Train), 0);
        insert(&mut digits, 8, 1).unwrap();
        insert(&mut digits, 0, 3).unwrap();
        assert_eq!(digits.loaded(Split::Train), 6);
        assert_eq!(digits.loaded(Split::Test), 0);
        for index in [0, 2, 3, 5, 8] {
            let id = SampleId { split: Split::Train, index };
            assert_eq!(digits.label(id), Some((index % 10) as u8));
            assert_eq!(digits.pixels(id), Some(&[index as u8; PIXELS][..]));
        }
        for missing in [6, 7, 9] {
            assert_eq!(digits.label(SampleId { split: Split::Train, index: missing }), None);
        }
        assert_eq!(digits.pixels(SampleId { split: Split::Test, index: 0 }), None);
    }

    #[test]
    fn a_sheet_may_come_again_but_may_not_overlap() {
        let mut digits = Digits::empty();
        insert(&mut digits, 3, 3).unwrap();
        insert(&mut digits, 3, 3).unwrap();
        for (first, count) in [(3, 2), (2, 2), (5, 4), (0, 9)] {
            let error = insert(&mut digits, first, count).unwrap_err();
            assert!(error.to_string().contains("overlap the digits from 3"), "{error}");
        }
        insert(&mut digits, 6, 1).unwrap();
        insert(&mut digits, 0, 3).unwrap();
        assert_eq!(digits.loaded(Split::Train), 7);
    }

    #[test]
    fn images_without_labels_are_refused() {
        let error = Digits::empty().insert(Split::Test, 0, run(0, 3).0, run(0, 2).1).unwrap_err();
        assert_eq!(error.to_string(), "test digits from 0: there are 3 images but 2 labels");
    }
}
