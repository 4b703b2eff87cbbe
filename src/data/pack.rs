//! Packing digits into sheets for the page.

use std::io::Write;
use std::path::Path;

use flate2::{Compression, GzBuilder};

use super::{Digits, IdxImages, IdxLabels, Manifest, PIXELS, SampleId, SheetInfo, Split, sha256_hex};
use crate::error::{Error, Result};

/// Digits of a sheet: few enough that the page can start with the first one.
const SHEET_DIGITS: usize = 10_000;
/// Test digits that come first: enough to look at, while those that an epoch is measured on follow.
const FIRST_TEST_DIGITS: usize = 1_000;
/// Name of the manifest beside the sheets.
const MANIFEST: &str = "manifest.json";

/// Packs MNIST, and Fashion-MNIST where it is loaded, into sheets and writes them, with their manifest, into the folder
/// `out`, which is made if need be. Sheets that an earlier manifest there names and the new one does not are removed.
/// The same digits always give the same bytes.
///
/// # Errors
/// [`Error::File`] when the folder cannot be written.
pub fn pack(digits: &Digits, out: &Path) -> Result<Manifest> {
    std::fs::create_dir_all(out).map_err(failed(out))?;
    let mut sheets = Vec::new();
    // In the page's order: the first training sheet and the test digits are what a race needs; other pictures are
    // fetched only by a race that learns on them.
    for (name, split, first, count) in plan(digits) {
        let (info, packed) = pack_sheet(digits, name, split, first, count)?;
        write(&out.join(&info.file), &packed)?;
        sheets.push(info);
    }
    let manifest = Manifest { set: "mnist".into(), sheets };
    remove_stale(out, &manifest)?;
    let mut json =
        serde_json::to_string_pretty(&manifest).map_err(|error| failed(out)(std::io::Error::other(error)))?;
    json.push('\n');
    write(&out.join(MANIFEST), json.as_bytes())?;
    Ok(manifest)
}

/// Name, split, first digit and count of every sheet.
fn plan(digits: &Digits) -> Vec<(String, Split, usize, usize)> {
    let sheets_of = |split: Split| {
        let loaded = digits.loaded(split);
        let first = if split == Split::Test { FIRST_TEST_DIGITS } else { SHEET_DIGITS };
        let mut ends: Vec<usize> = (first..loaded).step_by(SHEET_DIGITS).collect();
        ends.extend((loaded > 0).then_some(loaded));
        let is_alone = split != Split::Train && ends.len() == 1;
        let starts: Vec<usize> = [0].into_iter().chain(ends.iter().copied()).collect();
        starts.into_iter().zip(ends).enumerate().map(move |(at, (start, end))| {
            let name = if is_alone { split.to_string() } else { format!("{split}-{at}") };
            (name, split, start, end - start)
        })
    };
    let mut plan: Vec<_> = sheets_of(Split::Train).collect();
    let after_first = plan.len().min(1);
    plan.splice(after_first..after_first, sheets_of(Split::Test));
    plan.extend(sheets_of(Split::Fashion));
    plan.extend(sheets_of(Split::FashionTest));
    plan
}

fn pack_sheet(
    digits: &Digits,
    name: String,
    split: Split,
    first: usize,
    count: usize,
) -> Result<(SheetInfo, Vec<u8>)> {
    let mut pixels = Vec::with_capacity(count * PIXELS);
    let mut labels = Vec::with_capacity(count);
    for index in first..first + count {
        let id = SampleId { split, index: index as u32 };
        pixels.extend_from_slice(digits.pixels(id).unwrap_or_default());
        labels.extend(digits.label(id));
    }
    let images = IdxImages::from_pixels(&name, pixels)?.encode();
    let raw = [images, IdxLabels::from_labels(&name, labels)?.encode()].concat();
    let packed = gzip(&raw).map_err(failed(Path::new(&name)))?;
    let sha256 = sha256_hex(&packed);
    let info = SheetInfo {
        file: format!("{name}.{}.digits", &sha256[..8]),
        name,
        split,
        first: first as u32,
        count: count as u32,
        bytes: packed.len() as u64,
        sha256,
        raw_bytes: raw.len() as u64,
    };
    Ok((info, packed))
}

/// Gzip without a time or a name in its header, so that the same bytes give the same bytes.
fn gzip(raw: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(raw)?;
    encoder.finish()
}

fn remove_stale(out: &Path, manifest: &Manifest) -> Result<()> {
    let Ok(before) = std::fs::read_to_string(out.join(MANIFEST)) else { return Ok(()) };
    // A manifest that cannot be read names nothing to remove, and is about to be replaced.
    let Ok(before) = Manifest::parse(&before) else { return Ok(()) };
    for sheet in before.sheets {
        let path = out.join(&sheet.file);
        let is_sheet = Path::new(&sheet.file).file_name() == Some(sheet.file.as_ref());
        let is_stale = manifest.sheets.iter().all(|now| now.file != sheet.file);
        if is_sheet && is_stale && path.is_file() {
            std::fs::remove_file(&path).map_err(failed(&path))?;
        }
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).map_err(failed(path))
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |error| Error::File { path: path.display().to_string(), detail: error.to_string() }
}
