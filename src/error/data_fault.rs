//! What is wrong with digits: with idx files, sheets of them and drawings.

use serde::Serialize;

/// What is wrong with a file of digits, or a drawing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum DataFault {
    #[error("{bytes} bytes are too few for an idx header")]
    HeaderShort { bytes: u64 },
    #[error("it is not an idx file: it begins with {:02x} {:02x}, not 00 00", .begins[0], .begins[1])]
    NotIdx { begins: [u8; 2] },
    #[error("its values are of type 0x{found:02x}, not bytes (0x08)")]
    ValueType { found: u8 },
    #[error("it has {found} dimension(s), not {expected}")]
    Rank { found: u8, expected: u8 },
    #[error("it ends within its header")]
    HeaderCut,
    #[error("it holds no digits")]
    NoDigits,
    #[error("it is truncated: its header says {digits} digits, {expected} bytes, but {found} follow it")]
    Truncated { digits: u32, expected: u64, found: u64 },
    #[error("bytes follow its end: its header says {digits} digits, {expected} bytes, but {found} follow it")]
    TrailingBytes { digits: u32, expected: u64, found: u64 },
    #[error("its images are {height}×{width}, not {side}×{side}")]
    Size { height: u32, width: u32, side: u32 },
    #[error("label {index} is {label}; allowed: 0 to {max}")]
    Label { index: u64, label: u8, max: u8 },
    #[error("there are {images} images but {labels} labels")]
    Counts { images: u64, labels: u64 },
    #[error("{values} pixels are not a number of whole digits")]
    PartialDigit { values: u64 },
    #[error("they overlap the digits from {first}, which are loaded already")]
    Overlap { first: u32 },
    #[error("{found} bytes came, {expected} were expected")]
    Bytes { found: u64, expected: u64 },
    #[error("{found} bytes after unpacking, {expected} were expected")]
    UnpackedBytes { found: u64, expected: u64 },
    #[error("its SHA-256 is {found}, {expected} was expected")]
    Checksum { found: String, expected: String },
    #[error("this is not {set}: its SHA-256 is {found}, {expected} was expected")]
    OtherSet { set: String, found: String, expected: String },
    #[error("{bytes} bytes do not hold {digits} digits")]
    SheetShort { bytes: u64, digits: u32 },
    #[error("{values} values; allowed: {expected} of 0 to 1")]
    Drawing { values: u64, expected: u32 },
    /// `detail` is the unpacker's.
    #[error("it cannot be unpacked: {detail}")]
    Unpack { detail: String },
    #[error("it is not JSON of grey values, 0 to 255, at line {line}, column {column}")]
    GreyValues { line: u64, column: u64 },
    #[error("it holds {found} pictures; allowed: at least {least}")]
    Pictures { found: u64, least: u64 },
    #[error("picture {index} has {found} values; allowed: {expected} of 0 to 255")]
    PictureSize { index: u64, found: u64, expected: u64 },
}
