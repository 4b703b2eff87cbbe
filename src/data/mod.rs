//! The digits, and pictures in their place: files, sheets of them for the page, their split, batches and augmentation.

mod augment;
mod batch;
mod centre;
mod checksum;
mod digits;
mod distort;
#[cfg(feature = "cli")]
mod fashion;
#[cfg(feature = "cli")]
mod folder;
mod idx;
mod ink;
mod labels;
mod mixup;
mod order;
#[cfg(feature = "cli")]
mod pack;
mod readings;
mod sheets;
mod task;

pub use crate::split::Split;
pub use augment::{Augmentation, Change, Others};
pub use batch::Batch;
#[cfg(feature = "webgpu")]
pub(crate) use batch::GREY;
pub use centre::centre;
pub use checksum::sha256_hex;
pub use digits::{Digits, SampleId};
pub use distort::{Distorted, Distortion};
#[cfg(feature = "cli")]
pub use fashion::Fashion;
pub use idx::{IdxImages, IdxLabels};
pub(crate) use labels::is_label_hidden;
pub use mixup::Mix;
pub use order::BatchOrder;
#[cfg(feature = "cli")]
pub use pack::pack;
pub use readings::{Reading, Symmetry};
pub use sheets::{Manifest, SheetInfo, read_sheet};
pub use task::{Head, Task, heads};

/// Height and width of a digit.
pub const SIDE: usize = 28;
/// Pixels of a digit.
pub const PIXELS: usize = SIDE * SIDE;
/// Classes: the digits 0 to 9.
pub const CLASSES: usize = 10;
/// Training digits of MNIST.
pub const MNIST_PICTURES: u32 = 60_000;
/// Pictures of Fashion-MNIST to learn on and to validate with: two sheets.
pub const FASHION_PICTURES: u32 = 20_000;
/// Those to report on: as many as MNIST has test digits.
pub const FASHION_TEST_PICTURES: u32 = 10_000;
