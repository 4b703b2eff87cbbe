//! The idx format of MNIST: two zero bytes, the type of the values, the number of dimensions, each
//! dimension as a big-endian u32, then the values. Here only what MNIST uses: bytes, three dimensions
//! (count, 28, 28) for images and one (count) for labels. Anything else is refused by name.

use super::{CLASSES, PIXELS, SIDE};
use crate::error::{DataFault, Error, Result};

/// The idx code of unsigned bytes.
const UNSIGNED_BYTE: u8 = 0x08;

/// Images of 28×28 grey pixels, 0 (paper) to 255 (ink).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdxImages {
    pixels: Vec<u8>,
}

impl IdxImages {
    /// Reads a whole idx file of images; `name` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Data`] for any other header, size or length.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self> {
        let header = Header::parse::<3>(name, bytes)?;
        let [_, height, width] = header.dims;
        if [height, width] != [SIDE as u32; 2] {
            return Err(refused(name, DataFault::Size { height, width, side: SIDE as u32 }));
        }
        let pixels = header.values(name, bytes, PIXELS)?.to_vec();
        Ok(Self { pixels })
    }

    /// Images from their pixels, 784 each, row by row.
    ///
    /// # Errors
    /// [`Error::Data`] for none, or for part of an image.
    pub fn from_pixels(name: &str, pixels: Vec<u8>) -> Result<Self> {
        if pixels.is_empty() || !pixels.len().is_multiple_of(PIXELS) {
            return Err(refused(name, DataFault::PartialDigit { values: pixels.len() as u64 }));
        }
        Ok(Self { pixels })
    }

    /// How many images there are; at least 1.
    pub fn count(&self) -> usize {
        self.pixels.len() / PIXELS
    }

    /// All pixels, 784 an image.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// As many images, each pixel worked out from its image and its place in it.
    pub(super) fn mapped(&self, pixel: impl Fn(&[u8], usize) -> u8) -> Self {
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for image in self.pixels.chunks_exact(PIXELS) {
            pixels.extend((0..PIXELS).map(|at| pixel(image, at)));
        }
        Self { pixels }
    }

    /// The same as an idx file.
    pub fn encode(&self) -> Vec<u8> {
        encode(&[self.count() as u32, SIDE as u32, SIDE as u32], &self.pixels)
    }
}

/// Labels 0 to 9.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdxLabels {
    labels: Vec<u8>,
}

impl IdxLabels {
    /// Reads a whole idx file of labels; `name` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Data`] for any other header or length, or a label above 9.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self> {
        let header = Header::parse::<1>(name, bytes)?;
        Self::from_labels(name, header.values(name, bytes, 1)?.to_vec())
    }

    /// Labels as they are.
    ///
    /// # Errors
    /// [`Error::Data`] for none, or one above 9.
    pub fn from_labels(name: &str, labels: Vec<u8>) -> Result<Self> {
        if labels.is_empty() {
            return Err(refused(name, DataFault::NoDigits));
        }
        match labels.iter().position(|&label| usize::from(label) >= CLASSES) {
            Some(at) => {
                let (index, label, max) = (at as u64, labels[at], CLASSES as u8 - 1);
                Err(refused(name, DataFault::Label { index, label, max }))
            }
            None => Ok(Self { labels }),
        }
    }

    /// How many labels there are; at least 1.
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    /// The labels.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The same as an idx file.
    pub fn encode(&self) -> Vec<u8> {
        encode(&[self.count() as u32], &self.labels)
    }
}

/// Length in bytes of an idx file of `count` images.
pub(super) fn images_length(count: u32) -> usize {
    4 + 3 * 4 + count as usize * PIXELS
}

/// Where the values begin, and the dimensions.
struct Header<const N: usize> {
    dims: [u32; N],
}

impl Header<0> {
    fn parse<const N: usize>(name: &str, bytes: &[u8]) -> Result<Header<N>> {
        let [zero_a, zero_b, kind, rank] = *bytes
            .first_chunk::<4>()
            .ok_or_else(|| refused(name, DataFault::HeaderShort { bytes: bytes.len() as u64 }))?;
        if [zero_a, zero_b] != [0, 0] {
            return Err(refused(name, DataFault::NotIdx { begins: [zero_a, zero_b] }));
        }
        if kind != UNSIGNED_BYTE {
            return Err(refused(name, DataFault::ValueType { found: kind }));
        }
        if usize::from(rank) != N {
            return Err(refused(name, DataFault::Rank { found: rank, expected: N as u8 }));
        }
        let mut dims = [0; N];
        for (dim, at) in dims.iter_mut().zip((4..).step_by(4)) {
            *dim = bytes
                .get(at..)
                .and_then(|rest| rest.first_chunk::<4>())
                .map(|dim| u32::from_be_bytes(*dim))
                .ok_or_else(|| refused(name, DataFault::HeaderCut))?;
        }
        Ok(Header { dims })
    }
}

impl<const N: usize> Header<N> {
    /// The values after the header, exactly as many as the dimensions say.
    fn values<'a>(&self, name: &str, bytes: &'a [u8], value_size: usize) -> Result<&'a [u8]> {
        let count = self.dims[0];
        if count == 0 {
            return Err(refused(name, DataFault::NoDigits));
        }
        let values = &bytes[4 + 4 * N..];
        // In u64, because a header may claim more than a 32-bit target can address.
        let expected = u64::from(count) * value_size as u64;
        let found = values.len() as u64;
        if found != expected {
            let fault = match found < expected {
                true => DataFault::Truncated { digits: count, expected, found },
                false => DataFault::TrailingBytes { digits: count, expected, found },
            };
            return Err(refused(name, fault));
        }
        Ok(values)
    }
}

fn encode(dims: &[u32], values: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, UNSIGNED_BYTE, dims.len() as u8];
    bytes.extend(dims.iter().flat_map(|dim| dim.to_be_bytes()));
    bytes.extend_from_slice(values);
    bytes
}

fn refused(name: &str, fault: DataFault) -> Error {
    Error::Data { name: name.into(), fault }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn images(count: usize) -> IdxImages {
        let pixels = (0..count * PIXELS).map(|i| (i % 251) as u8).collect();
        IdxImages::from_pixels("images", pixels).unwrap()
    }

    fn reason(error: Error) -> String {
        assert_eq!(error.code(), "data_corrupt");
        error.to_string()
    }

    #[track_caller]
    fn refuses_images(bytes: &[u8], why: &str) {
        let reason = reason(IdxImages::parse("some-images", bytes).unwrap_err());
        assert!(reason.starts_with("some-images: ") && reason.contains(why), "{reason}");
    }

    #[test]
    fn each_fault_of_a_header_is_named() {
        let good = images(2).encode();
        let with = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            bytes
        };
        refuses_images(&[], "too few");
        refuses_images(&with(0, 0x1f), "begins with 1f 00");
        refuses_images(&with(2, 0x0d), "type 0x0d");
        refuses_images(&with(3, 1), "1 dimension(s), not 3");
        refuses_images(&good[..10], "within its header");
        refuses_images(&with(7, 0), "no digits");
        refuses_images(&with(7, 3), "truncated");
        refuses_images(&with(4, 0xff), "truncated");
        refuses_images(&with(11, 27), "27×28, not 28×28");
        refuses_images(&with(15, 32), "28×32, not 28×28");
        refuses_images(&[good.clone(), vec![0]].concat(), "bytes follow its end");
    }

    #[test]
    fn a_label_above_nine_is_named_with_its_place() {
        let bytes = encode(&[3], &[9, 10, 0]);
        let reason = reason(IdxLabels::parse("some-labels", &bytes).unwrap_err());
        assert_eq!(reason, "some-labels: label 1 is 10; allowed: 0 to 9");
    }

    proptest! {
        #[test]
        fn images_survive_a_round_trip(pixels in prop::collection::vec(any::<u8>(), PIXELS..=PIXELS), count in 1_usize..4) {
            let images = IdxImages::from_pixels("images", pixels.repeat(count)).unwrap();
            prop_assert_eq!(IdxImages::parse("images", &images.encode()).unwrap(), images);
        }

        #[test]
        fn labels_survive_a_round_trip(labels in prop::collection::vec(0_u8..10, 1..300)) {
            let labels = IdxLabels::from_labels("labels", labels).unwrap();
            prop_assert_eq!(IdxLabels::parse("labels", &labels.encode()).unwrap(), labels);
        }

        #[test]
        fn any_truncation_is_refused(keep in 0.0_f64..1.0) {
            let images = images(2).encode();
            let kept = (images.len() as f64 * keep) as usize;
            prop_assert!(IdxImages::parse("images", &images[..kept]).is_err());
            let labels = IdxLabels::from_labels("labels", vec![3; 100]).unwrap().encode();
            let kept = (labels.len() as f64 * keep) as usize;
            prop_assert!(IdxLabels::parse("labels", &labels[..kept]).is_err());
        }

        #[test]
        fn any_changed_byte_of_a_header_is_refused(at in 0_usize..16, flip in 1_u8..=255) {
            let mut bytes = images(2).encode();
            bytes[at] ^= flip;
            prop_assert!(IdxImages::parse("images", &bytes).is_err());
            let mut bytes = IdxLabels::from_labels("labels", vec![3; 100]).unwrap().encode();
            bytes[at % 8] ^= flip;
            prop_assert!(IdxLabels::parse("labels", &bytes).is_err());
        }
    }
}
