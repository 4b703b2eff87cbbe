//! Digits from idx files: the four that MNIST comes in, or a pair of the user's own.

use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::{Digits, IdxImages, IdxLabels, Reading, Split, sha256_hex};
use crate::error::{DataFault, Error, Result};

/// One of the four files: how its name begins and ends, and the SHA-256 that it has in canonical MNIST.
struct IdxFile {
    stem: &'static str,
    ending: &'static str,
    mnist_sha256: &'static str,
}

const IMAGES: &str = "idx3-ubyte";
const LABELS: &str = "idx1-ubyte";
/// What every gzip file begins with; an idx file begins with zeros.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Images and labels of each split.
const FILES: [(Split, IdxFile, IdxFile); 2] = [
    (
        Split::Train,
        IdxFile {
            stem: "train-images",
            ending: IMAGES,
            mnist_sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        },
        IdxFile {
            stem: "train-labels",
            ending: LABELS,
            mnist_sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        },
    ),
    (
        Split::Test,
        IdxFile {
            stem: "t10k-images",
            ending: IMAGES,
            mnist_sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        },
        IdxFile {
            stem: "t10k-labels",
            ending: LABELS,
            mnist_sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        },
    ),
];

impl Digits {
    /// Reads canonical MNIST from a folder: four idx files, gzipped or not, each checked against its
    /// known SHA-256.
    ///
    /// # Errors
    /// [`Error::File`] when one is missing or cannot be read, [`Error::Data`] when it is malformed or another set.
    pub fn from_folder(folder: &Path) -> Result<Self> {
        read(folder, true)
    }

    /// Reads any set in MNIST's form from a folder, without asking which digits they are.
    ///
    /// # Errors
    /// As [`Digits::from_folder`], but any digits will do.
    pub fn from_idx_folder(folder: &Path) -> Result<Self> {
        read(folder, false)
    }

    /// Reads a pair of idx files, gzipped or not, as a set of the user's own, taken by this reading. Answers how many
    /// pictures they are.
    ///
    /// # Errors
    /// [`Error::File`] when one cannot be read, [`Error::Data`] when it is malformed, or they differ in number.
    pub fn read_own(
        &mut self,
        split: Split,
        images: &Path,
        labels: &Path,
        reading: Reading,
    ) -> Result<usize> {
        let (images_name, images) = read_file(images)?;
        let (labels_name, labels) = read_file(labels)?;
        let images = reading.apply(&IdxImages::parse(&images_name, &images)?);
        self.replace_own(split, images, IdxLabels::parse(&labels_name, &labels)?)
    }
}

fn read(folder: &Path, is_canonical: bool) -> Result<Digits> {
    let mut digits = Digits::empty();
    for (split, images, labels) in &FILES {
        let (images_name, images) = images.read(folder, is_canonical)?;
        let (labels_name, labels) = labels.read(folder, is_canonical)?;
        let images = IdxImages::parse(&images_name, &images)?;
        let labels = IdxLabels::parse(&labels_name, &labels)?;
        digits.insert(*split, 0, images, labels)?;
    }
    Ok(digits)
}

impl IdxFile {
    /// The file's name and its bytes, unpacked and, if it has to be MNIST's, checked.
    fn read(&self, folder: &Path, is_canonical: bool) -> Result<(String, Vec<u8>)> {
        let (name, raw) = read_file(&self.find(folder)?)?;
        let found = sha256_hex(&raw);
        if is_canonical && found != self.mnist_sha256 {
            let (set, expected) = ("MNIST".to_owned(), self.mnist_sha256.to_owned());
            return Err(Error::Data { name, fault: DataFault::OtherSet { set, found, expected } });
        }
        Ok((name, raw))
    }

    fn find(&self, folder: &Path) -> Result<PathBuf> {
        let Self { stem, ending, .. } = self;
        let names = ["-", "."].map(|joint| format!("{stem}{joint}{ending}"));
        let names: Vec<String> = names.iter().flat_map(|name| [name.clone(), format!("{name}.gz")]).collect();
        names.iter().map(|name| folder.join(name)).find(|path| path.is_file()).ok_or_else(|| {
            let detail = format!("there is none of {} in this folder", names.join(", "));
            Error::File { path: folder.display().to_string(), detail }
        })
    }
}

/// A file's name and its bytes, unpacked if they are gzip or the name says so.
fn read_file(path: &Path) -> Result<(String, Vec<u8>)> {
    let name = path.display().to_string();
    let bytes =
        std::fs::read(path).map_err(|error| Error::File { path: name.clone(), detail: error.to_string() })?;
    let is_gzip = bytes.starts_with(&GZIP) || path.extension().is_some_and(|extension| extension == "gz");
    let raw = if is_gzip { gunzip(&name, &bytes)? } else { bytes };
    Ok((name, raw))
}

fn gunzip(name: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    let mut raw = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut raw).map_err(|error| Error::Data {
        name: name.into(),
        fault: DataFault::Unpack { detail: error.to_string() },
    })?;
    Ok(raw)
}
