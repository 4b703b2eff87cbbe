//! The digits that are loaded, the pictures that stand in for digits, and how one of them is named.

use std::collections::BTreeMap;

use super::{IdxImages, IdxLabels, PIXELS};
use crate::error::{DataFault, Error, Result};
use crate::split::Split;

/// The name of one digit. It travels with its pixels, so that a soft target can never meet a wrong digit.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SampleId {
    pub split: Split,
    /// Place in the split, from 0.
    pub index: u32,
}

/// The digits and other pictures that are loaded. Sheets of them may arrive in any order.
#[derive(Debug, Clone)]
pub struct Digits {
    sheets: [Sheets; Split::ALL.len()],
}

/// Runs of digits by the index of their first.
type Sheets = BTreeMap<u32, (IdxImages, IdxLabels)>;

impl Digits {
    /// No digits yet.
    pub fn empty() -> Self {
        Self { sheets: Default::default() }
    }

    /// How many digits are loaded, counted from the first one to the first gap.
    pub fn loaded(&self, split: Split) -> usize {
        self.sheets[split.loaded_as() as usize].iter().fold(0, |loaded, (&first, (images, _))| {
            if first as usize == loaded { loaded + images.count() } else { loaded }
        })
    }

    /// Adds the digits from `first` on. The same run again replaces the one before (a sheet fetched twice).
    ///
    /// # Errors
    /// [`Error::Data`] when images and labels differ in number, or the run overlaps another one.
    pub fn insert(&mut self, split: Split, first: u32, images: IdxImages, labels: IdxLabels) -> Result<()> {
        let name = || format!("{split} digits from {first}");
        check_counts(name, &images, &labels)?;
        let sheets = &mut self.sheets[split.loaded_as() as usize];
        let end = |first: u32, count: usize| u64::from(first) + count as u64;
        let overlapped = sheets.iter().find(|&(&other, (there, _))| {
            let same = other == first && there.count() == images.count();
            let apart = end(other, there.count()) <= u64::from(first)
                || end(first, images.count()) <= u64::from(other);
            !same && !apart
        });
        if let Some((other, _)) = overlapped {
            return Err(Error::Data { name: name(), fault: DataFault::Overlap { first: *other } });
        }
        sheets.insert(first, (images, labels));
        Ok(())
    }

    /// Takes these as all pictures of a set of the user's own, in place of those before. Answers how many they are.
    ///
    /// # Errors
    /// [`Error::Data`] when images and labels differ in number; those before then stay.
    pub fn replace_own(&mut self, split: Split, images: IdxImages, labels: IdxLabels) -> Result<usize> {
        check_counts(|| split.pictures().to_owned(), &images, &labels)?;
        let count = images.count();
        self.sheets[split as usize] = Sheets::from([(0, (images, labels))]);
        Ok(count)
    }

    /// Forgets a set of the user's own.
    pub fn remove_own(&mut self, split: Split) {
        self.sheets[split as usize].clear();
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

    /// What is told of a split whose first `needed` pictures are not all loaded.
    pub fn missing(&self, split: Split, needed: u32) -> Error {
        Error::DigitsMissing { split, needed, loaded: self.loaded(split) as u32 }
    }

    fn find(&self, id: SampleId) -> Option<(&IdxImages, &IdxLabels, usize)> {
        let (first, (images, labels)) =
            self.sheets[id.split.loaded_as() as usize].range(..=id.index).next_back()?;
        let at = (id.index - first) as usize;
        (at < images.count()).then_some((images, labels, at))
    }
}

fn check_counts(name: impl Fn() -> String, images: &IdxImages, labels: &IdxLabels) -> Result<()> {
    let (images, labels) = (images.count() as u64, labels.count() as u64);
    if images == labels {
        return Ok(());
    }
    Err(Error::Data { name: name(), fault: DataFault::Counts { images, labels } })
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
    fn splits_keep_their_numbers_which_seed_streams() {
        assert_eq!(Split::ALL.map(|split| split as usize), [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn clothes_are_loaded_once_whether_their_labels_are_told_or_not() {
        let mut digits = Digits::empty();
        let (images, labels) = run(0, 3);
        digits.insert(Split::Fashion, 0, images, labels).unwrap();
        let [told, hidden] = [Split::FashionTrain, Split::Fashion].map(|split| SampleId { split, index: 2 });
        assert_eq!(digits.loaded(Split::FashionTrain), 3);
        assert_eq!((digits.pixels(told), digits.label(told)), (digits.pixels(hidden), Some(2)));
        assert_eq!(digits.loaded(Split::FashionTest), 0);
    }

    #[test]
    fn own_pictures_take_the_place_of_those_before() {
        let mut digits = Digits::empty();
        let mut give = |split, first, count| {
            let (images, labels) = run(first, count);
            digits.replace_own(split, images, labels).unwrap()
        };
        assert_eq!((give(Split::Own, 0, 5), give(Split::OwnTest, 3, 4)), (5, 4));
        assert_eq!(give(Split::Own, 7, 2), 2);
        assert_eq!((digits.loaded(Split::Own), digits.loaded(Split::OwnTest)), (2, 4));
        assert_eq!(digits.label(SampleId { split: Split::Own, index: 0 }), Some(7));
        let error = digits.replace_own(Split::Own, run(0, 3).0, run(0, 2).1).unwrap_err();
        assert_eq!(error.to_string(), "pictures of your own: there are 3 images but 2 labels");
        assert_eq!(digits.loaded(Split::Own), 2);
        digits.remove_own(Split::Own);
        assert_eq!((digits.loaded(Split::Own), digits.loaded(Split::OwnTest)), (0, 4));
    }

    #[test]
    fn images_without_labels_are_refused() {
        let error = Digits::empty().insert(Split::Test, 0, run(0, 3).0, run(0, 2).1).unwrap_err();
        assert_eq!(error.to_string(), "test digits from 0: there are 3 images but 2 labels");
    }
}
