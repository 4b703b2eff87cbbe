//! The digits from files to the page's sheets and back.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use distillery::data::{
    Digits, IdxImages, IdxLabels, Manifest, PIXELS, Reading, SampleId, Split, pack, read_sheet,
};
use distillery::error::Error;

/// A folder of its own for one test, removed when it ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("distillery-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.join(name), bytes).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in a folder for temporary files harms no test.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn images(count: usize) -> Vec<u8> {
    let pixels = (0..count * PIXELS).map(|at| (at * at % 256) as u8).collect();
    IdxImages::from_pixels("images", pixels).unwrap().encode()
}

fn labels(count: usize) -> Vec<u8> {
    IdxLabels::from_labels("labels", (0..count).map(|at| (at % 10) as u8).collect()).unwrap().encode()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut raw = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut raw).unwrap();
    raw
}

/// Both spellings of the names, and both with gzip and without.
fn small_set(folder: &Folder) {
    folder.write("train-images-idx3-ubyte", &images(25));
    folder.write("train-labels.idx1-ubyte.gz", &gzip(&labels(25)));
    folder.write("t10k-images-idx3-ubyte.gz", &gzip(&images(4)));
    folder.write("t10k-labels.idx1-ubyte", &labels(4));
}

#[test]
fn a_folder_is_read_in_either_spelling_gzipped_or_not() {
    let folder = Folder::new("spellings");
    small_set(&folder);
    let digits = Digits::from_idx_folder(&folder.0).unwrap();
    assert_eq!((digits.loaded(Split::Train), digits.loaded(Split::Test)), (25, 4));
    let last = SampleId { split: Split::Train, index: 24 };
    assert_eq!(digits.label(last), Some(4));
    assert_eq!(digits.pixels(last).unwrap(), &images(25)[16 + 24 * PIXELS..]);
}

#[test]
fn each_fault_of_a_folder_names_the_file() {
    let folder = Folder::new("faults");
    let failure = |folder: &Folder| Digits::from_idx_folder(&folder.0).unwrap_err();
    let missing = failure(&folder);
    assert!(matches!(missing, Error::File { .. }));
    assert!(missing.to_string().contains("train-images-idx3-ubyte, train-images-idx3-ubyte.gz"), "{missing}");

    small_set(&folder);
    let canonical = Digits::from_folder(&folder.0).unwrap_err();
    assert!(canonical.to_string().contains("train-images-idx3-ubyte: this is not MNIST"), "{canonical}");

    let mut broken = gzip(&images(4));
    broken.truncate(broken.len() / 2);
    folder.write("t10k-images-idx3-ubyte.gz", &broken);
    let unpacked = failure(&folder).to_string();
    assert!(unpacked.contains("t10k-images-idx3-ubyte.gz: it cannot be unpacked"), "{unpacked}");

    folder.write("t10k-images-idx3-ubyte.gz", &gzip(&images(5)));
    let uneven = failure(&folder).to_string();
    assert_eq!(uneven, "test digits from 0: there are 5 images but 4 labels");

    folder.write("train-labels.idx1-ubyte.gz", &gzip(&images(25)));
    let swapped = failure(&folder).to_string();
    assert!(swapped.contains("train-labels.idx1-ubyte.gz: it has 3 dimension(s), not 1"), "{swapped}");
}

/// `train` and `test` digits as if read from files.
fn digits(train: usize, test: usize) -> Digits {
    let mut digits = Digits::empty();
    for (split, count) in [(Split::Train, train), (Split::Test, test)] {
        let images = IdxImages::parse("images", &images(count)).unwrap();
        let labels = IdxLabels::parse("labels", &labels(count)).unwrap();
        digits.insert(split, 0, images, labels).unwrap();
    }
    digits
}

/// What the page does with a folder of sheets.
fn unpack(folder: &Path, manifest: &Manifest) -> Digits {
    let mut digits = Digits::empty();
    for sheet in &manifest.sheets {
        let packed = std::fs::read(folder.join(&sheet.file)).unwrap();
        let (images, labels) = read_sheet(sheet, &packed, &gunzip(&packed)).unwrap();
        digits.insert(sheet.split, sheet.first, images, labels).unwrap();
    }
    digits
}

#[test]
fn sheets_carry_every_digit_unchanged() {
    let folder = Folder::new("pack");
    let before = digits(10_003, 1_007);
    let manifest = pack(&before, &folder.0).unwrap();
    let written = std::fs::read_to_string(folder.0.join("manifest.json")).unwrap();
    assert_eq!(Manifest::parse(&written).unwrap(), manifest);
    let names: Vec<&str> = manifest.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["train-0", "test-0", "test-1", "train-1"], "what a race needs comes first");
    let after = unpack(&folder.0, &manifest);
    for (split, count) in [(Split::Train, 10_003), (Split::Test, 1_007)] {
        assert_eq!(after.loaded(split), count as usize);
        for index in 0..count {
            let id = SampleId { split, index };
            assert_eq!(after.pixels(id), before.pixels(id));
            assert_eq!(after.label(id), before.label(id));
        }
    }
}

#[test]
fn pictures_of_clothes_are_sheets_of_their_own_behind_the_digits() {
    let folder = Folder::new("pack-fashion");
    let mut before = digits(20, 7);
    let clothes =
        (IdxImages::parse("images", &images(12)).unwrap(), IdxLabels::parse("labels", &labels(12)).unwrap());
    for split in [Split::Fashion, Split::FashionTest] {
        before.insert(split, 0, clothes.0.clone(), clothes.1.clone()).unwrap();
    }
    // What the user gave goes into no sheet.
    before.replace_own(Split::Own, clothes.0, clothes.1).unwrap();
    let manifest = pack(&before, &folder.0).unwrap();
    let names: Vec<&str> = manifest.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["train-0", "test", "fashion", "fashion_test"]);
    let after = unpack(&folder.0, &manifest);
    for split in [Split::Fashion, Split::FashionTest] {
        assert_eq!(after.loaded(split), 12);
        for index in 0..12 {
            let id = SampleId { split, index };
            assert_eq!((after.pixels(id), after.label(id)), (before.pixels(id), before.label(id)));
        }
    }
}

#[test]
fn own_pictures_are_read_gzipped_or_not_and_faults_name_the_file() {
    let folder = Folder::new("own");
    // Gzip is known by its bytes, whatever the name says.
    folder.write("mine", &gzip(&images(5)));
    folder.write("mine.labels", &labels(5));
    let read = |digits: &mut Digits, images: &str, labels: &str| {
        digits.read_own(Split::Own, &folder.0.join(images), &folder.0.join(labels), Reading::default())
    };
    let mut digits = Digits::empty();
    assert_eq!(read(&mut digits, "mine", "mine.labels").unwrap(), 5);
    assert_eq!(
        digits.pixels(SampleId { split: Split::Own, index: 4 }).unwrap(),
        &images(5)[16 + 4 * PIXELS..]
    );
    let swapped = read(&mut digits, "mine.labels", "mine").unwrap_err().to_string();
    assert!(swapped.contains("mine.labels: it has 1 dimension(s), not 3"), "{swapped}");
    let missing = read(&mut digits, "none", "mine.labels").unwrap_err().to_string();
    assert!(missing.contains("none"), "{missing}");
    assert_eq!(digits.loaded(Split::Own), 5);
}

#[test]
fn packing_again_gives_the_same_bytes_and_removes_what_is_stale() {
    let folder = Folder::new("repack");
    let first = pack(&digits(30, 7), &folder.0).unwrap();
    folder.write("another.digits", b"not from here");
    assert_eq!(pack(&digits(30, 7), &folder.0).unwrap(), first);
    let second = pack(&digits(31, 7), &folder.0).unwrap();
    let exists = |name: &str| folder.0.join(name).exists();
    assert_ne!(first.sheets[0].file, second.sheets[0].file);
    assert!(!exists(&first.sheets[0].file) && exists(&second.sheets[0].file));
    assert!(exists(&first.sheets[1].file), "the test sheet did not change");
    assert!(exists("another.digits"), "only what a manifest named is removed");
}
