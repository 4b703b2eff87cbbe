//! What the calls of [`Lab`] do with what it holds.

use super::convert::throw;
use super::lab::{Js, Lab};
use crate::data::{self, Batch, Distorted, IdxImages, IdxLabels, Reading, SampleId, SheetInfo, Split};
use crate::error::{Error, Named, Result};
use crate::experiment::Session;

impl Lab {
    pub(super) fn next_id(&mut self) -> u32 {
        self.sessions_made += 1;
        self.sessions_made
    }

    pub(super) fn running(&self) -> Js<&Session> {
        self.session.as_ref().ok_or_else(|| throw(&Error::NoSession))
    }

    pub(super) fn missing(&self, id: SampleId) -> Error {
        self.digits.missing(id.split, id.index.saturating_add(1))
    }

    pub(super) fn insert_sheet(&mut self, name: &str, packed: &[u8], raw: &[u8]) -> Result<()> {
        let info = self.sheet(name)?;
        let (images, labels) = data::read_sheet(info, packed, raw)?;
        let (split, first) = (info.split, info.first);
        self.digits.insert(split, first, images, labels)
    }

    pub(super) fn sheet(&self, name: &str) -> Result<&SheetInfo> {
        let sheets = self.manifest.as_ref().map(|manifest| manifest.sheets.as_slice()).unwrap_or_default();
        let known = || sheets.iter().map(|sheet| sheet.name.as_str());
        let info = sheets.iter().find(|sheet| sheet.name == name);
        info.ok_or_else(|| Error::unknown(Named::Sheet, name, known()))
    }

    pub(super) fn replace_own(
        &mut self,
        split: Split,
        images: &[u8],
        labels: &[u8],
        readings: &[Reading],
    ) -> Result<usize> {
        let [images_name, labels_name] = match split {
            Split::OwnTest => ["own test images", "own test labels"],
            _ => ["own images", "own labels"],
        };
        let came = IdxImages::parse(images_name, images)?;
        let labels = IdxLabels::parse(labels_name, labels)?;
        let images = readings.iter().fold(came, |images, reading| reading.apply(&images));
        self.digits.replace_own(split, images, labels)
    }

    pub(super) async fn logits_of(&self, model: &str, ids: &[SampleId]) -> Result<Vec<f32>> {
        match self.session.as_ref().filter(|session| session.has(model)) {
            Some(session) => session.logits_of(model, &self.digits, ids).await,
            None => self.store.logits_of(model, &self.digits, ids, &self.engine).await,
        }
    }

    pub(super) fn distorted_pixels(
        &self,
        split: Split,
        indices: &[u32],
        distorted: &Distorted,
    ) -> Result<Vec<f32>> {
        distorted.check()?;
        let ids: Vec<SampleId> = indices.iter().map(|&index| SampleId { split, index }).collect();
        let mut batch = Batch::gather(&self.digits, &ids)?;
        distorted.apply(&mut batch);
        Ok(batch.pixels)
    }

    pub(super) async fn logits_of_drawing(&self, model: &str, pixels: Vec<f32>) -> Result<Vec<f32>> {
        match self.session.as_ref().filter(|session| session.has(model)) {
            Some(session) => session.logits(model, pixels).await,
            None => self.store.learner(model, &self.engine)?.logits(pixels).await,
        }
    }
}
