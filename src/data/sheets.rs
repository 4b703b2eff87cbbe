//! Sheets: the digits as the page gets them. A sheet is gzip over two idx files, images then labels;
//! the manifest names every sheet with its checksum.

use serde::{Deserialize, Serialize};

use super::checksum::sha256_hex;
use super::idx::images_length;
use super::{IdxImages, IdxLabels, Split};
use crate::error::{DataFault, Error, Result};
use crate::json;

/// All sheets of one set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Name of the set of digits, as a config calls it.
    pub set: String,
    /// In the order in which the page should load them.
    pub sheets: Vec<SheetInfo>,
}

impl Manifest {
    /// Reads a manifest's JSON text.
    ///
    /// # Errors
    /// [`Error::Parse`] naming the field that cannot be read.
    pub fn parse(text: &str) -> Result<Self> {
        json::read("data/manifest.json", text)
    }
}

/// One sheet of digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SheetInfo {
    /// Short name, such as `train-0` or `fashion`.
    pub name: String,
    /// File name beside the manifest; it carries part of the checksum, so a cache never serves an old one.
    pub file: String,
    pub split: Split,
    /// Index of its first digit in the split.
    pub first: u32,
    /// Number of digits.
    pub count: u32,
    /// Length of the packed file in bytes.
    pub bytes: u64,
    /// SHA-256 of the packed file, hexadecimal.
    pub sha256: String,
    /// Length in bytes after gunzip.
    pub raw_bytes: u64,
}

/// Reads a sheet that has arrived: `packed` is the file, `raw` the same after gunzip.
///
/// # Errors
/// [`Error::Data`] when its checksum or length differs from the manifest's, or it is not two idx files of the
/// manifest's count.
pub fn read_sheet(info: &SheetInfo, packed: &[u8], raw: &[u8]) -> Result<(IdxImages, IdxLabels)> {
    let refused = |fault| Error::Data { name: format!("sheet {}", info.name), fault };
    if packed.len() as u64 != info.bytes {
        return Err(refused(DataFault::Bytes { found: packed.len() as u64, expected: info.bytes }));
    }
    let found = sha256_hex(packed);
    if found != info.sha256 {
        return Err(refused(DataFault::Checksum { found, expected: info.sha256.clone() }));
    }
    if raw.len() as u64 != info.raw_bytes {
        let (found, expected) = (raw.len() as u64, info.raw_bytes);
        return Err(refused(DataFault::UnpackedBytes { found, expected }));
    }
    let middle = images_length(info.count);
    let (images, labels) = raw
        .split_at_checked(middle)
        .ok_or_else(|| refused(DataFault::SheetShort { bytes: raw.len() as u64, digits: info.count }))?;
    let images = IdxImages::parse(&format!("sheet {}, images", info.name), images)?;
    let labels = IdxLabels::parse(&format!("sheet {}, labels", info.name), labels)?;
    if images.count() != labels.count() {
        let (images, labels) = (images.count() as u64, labels.count() as u64);
        return Err(refused(DataFault::Counts { images, labels }));
    }
    Ok((images, labels))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;

    /// A sheet of three digits whose packing is left out: `packed` need only match its checksum.
    fn sheet() -> (SheetInfo, Vec<u8>, Vec<u8>) {
        let images = IdxImages::from_pixels("test", vec![9; 3 * PIXELS]).unwrap();
        let labels = IdxLabels::from_labels("test", vec![1, 2, 3]).unwrap();
        let raw = [images.encode(), labels.encode()].concat();
        let packed = b"as it came".to_vec();
        let info = SheetInfo {
            name: "train-0".into(),
            file: "train-0.12345678.digits".into(),
            split: Split::Train,
            first: 0,
            count: 3,
            bytes: packed.len() as u64,
            sha256: sha256_hex(&packed),
            raw_bytes: raw.len() as u64,
        };
        (info, packed, raw)
    }

    #[test]
    fn a_whole_sheet_is_read() {
        let (info, packed, raw) = sheet();
        let (images, labels) = read_sheet(&info, &packed, &raw).unwrap();
        assert_eq!((images.count(), labels.labels()), (3, &[1, 2, 3][..]));
    }

    #[test]
    fn a_damaged_sheet_is_refused_by_name() {
        let (info, packed, raw) = sheet();
        let refuse = |info: &SheetInfo, packed: &[u8], raw: &[u8], why: &str| {
            let error = read_sheet(info, packed, raw).unwrap_err();
            assert_eq!(error.code(), "data_corrupt");
            let text = error.to_string();
            assert!(text.starts_with("sheet train-0") && text.contains(why), "{text}");
        };
        refuse(&info, &packed[..4], &raw, "4 bytes came, 10 were expected");
        refuse(&info, b"AS it came", &raw, "SHA-256");
        refuse(&info, &packed, &raw[1..], "after unpacking");
        let other_count = SheetInfo { count: 2, ..info.clone() };
        refuse(&other_count, &packed, &raw, "images: it is truncated");
        let larger = SheetInfo { count: 4, ..info };
        refuse(&larger, &packed, &raw, "do not hold 4 digits");
    }

    #[test]
    fn a_manifest_survives_a_round_trip_and_names_its_faults() {
        let manifest = Manifest { set: "mnist".into(), sheets: vec![sheet().0] };
        let json = serde_json::to_string(&manifest).unwrap();
        assert_eq!(Manifest::parse(&json).unwrap(), manifest);
        let error = Manifest::parse(&json.replace("\"train\"", "\"tain\"")).unwrap_err();
        assert_eq!(error.code(), "parse_failed");
        assert!(error.to_string().contains("sheets[0].split"), "{error}");
    }
}
