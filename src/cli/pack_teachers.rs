//! `distillery pack-teachers`: the page's teachers.

use std::path::PathBuf;

use clap::Args;
use half::f16;

use super::input::{self, DataFolder, EngineName};
use super::{failed, pretty, print, write};
use crate::data::{Batch, Manifest, SampleId, SheetInfo, Split};
use crate::error::Result;
use crate::experiment::Card;

#[derive(Args)]
#[command(
    after_help = "Example: distillery pack-teachers --manifest www/public/data/manifest.json --out www/public/teachers"
)]
pub struct PackTeachers {
    /// The manifest of the sheets for whose digits they answer, as `distillery pack` writes it
    #[arg(long, value_name = "FILE")]
    manifest: PathBuf,
    /// Folder for cards.json and, for each teacher, NAME.safetensors and, where it brings them, NAME.SHEET.logits: ten f16 a digit
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    data: DataFolder,
}

impl PackTeachers {
    pub fn execute(self) -> Result<()> {
        let text = std::fs::read_to_string(&self.manifest).map_err(failed(&self.manifest))?;
        let manifest = Manifest::parse(&text)?;
        let (digits, engine) = (self.data.read([])?, EngineName::Cpu.create()?);
        let store = input::checkpoint_store()?;
        let cards: Vec<&Card> = store.cards().collect();
        std::fs::create_dir_all(&self.out).map_err(failed(&self.out))?;
        write(&self.out.join("cards.json"), pretty(&cards)?.as_bytes())?;
        for Card { name, brings_logits, file_bytes, .. } in cards {
            let file = format!("{name}.safetensors");
            let from = input::teachers().join(&file);
            std::fs::copy(&from, self.out.join(&file)).map_err(failed(&from))?;
            let learner = store.learner(name, &engine)?;
            // Clothes are nothing that a teacher of digits is shipped for.
            let is_answered =
                |sheet: &&SheetInfo| *brings_logits && matches!(sheet.split, Split::Train | Split::Test);
            for sheet in manifest.sheets.iter().filter(is_answered) {
                let places = sheet.first..sheet.first + sheet.count;
                let ids: Vec<SampleId> = places.map(|index| SampleId { split: sheet.split, index }).collect();
                let logits = pollster::block_on(learner.logits(Batch::gather(&digits, &ids)?.pixels))?;
                let bytes: Vec<u8> =
                    logits.iter().flat_map(|logit| f16::from_f32(*logit).to_le_bytes()).collect();
                write(&self.out.join(format!("{name}.{}.logits", sheet.name)), &bytes)?;
            }
            print(&format!("{name}: {file_bytes} bytes\n"))?;
        }
        Ok(())
    }
}
