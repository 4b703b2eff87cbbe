//! Pictures as a convolution reads and writes them.

use crate::integers::round_rows;

/// Values behind each picture, which vectors at its end may read, and add zeros to.
const MARGIN: usize = 16;

pub(super) fn stride(side: usize, channels: usize) -> usize {
    side * side * channels + MARGIN
}

/// Pictures of one size, `[n, side, side, channels]`, with room behind each.
#[derive(Debug, Default)]
pub struct Pictures {
    pub(super) values: Vec<f32>,
    stride: usize,
}

impl Pictures {
    /// Becomes `n` pictures; those that are there already keep their values.
    pub(super) fn resize(&mut self, n: usize, stride: usize) {
        self.stride = stride;
        self.values.resize(n * stride, 0.0);
    }

    /// Takes pictures `[n, channels, side, side]`.
    pub fn set_planes(&mut self, planes: &[f32], channels: usize, side: usize) {
        let size = side * side * channels;
        self.resize(planes.len() / size, stride(side, channels));
        for (picture, planes) in self.values.chunks_exact_mut(self.stride).zip(planes.chunks_exact(size)) {
            for (channel, plane) in planes.chunks_exact(side * side).enumerate() {
                let places = picture[channel..size].iter_mut().step_by(channels);
                places.zip(plane).for_each(|(to, value)| *to = *value);
            }
        }
    }

    /// Appends the pictures as `[n, channels, side, side]`.
    pub fn planes(&self, channels: usize, to: &mut Vec<f32>) {
        for picture in self.values.chunks_exact(self.stride.max(1)) {
            let picture = &picture[..self.stride - MARGIN];
            for channel in 0..channels {
                to.extend(picture.iter().skip(channel).step_by(channels));
            }
        }
    }

    /// Adds pictures `[n, channels, side, side]`.
    pub fn add_planes(&mut self, planes: &[f32], channels: usize) {
        let size = self.stride - MARGIN;
        for (picture, planes) in self.values.chunks_exact_mut(self.stride).zip(planes.chunks_exact(size)) {
            for (channel, plane) in planes.chunks_exact(size / channels).enumerate() {
                let places = picture[channel..size].iter_mut().step_by(channels);
                places.zip(plane).for_each(|(to, value)| *to += value);
            }
        }
    }

    /// Becomes others with the values of each rounded, as [`round_rows`] does; the margins are copied.
    pub fn set_rounded(&mut self, others: &Self) {
        self.stride = others.stride;
        self.values.clone_from(&others.values);
        for picture in self.values.chunks_exact_mut(self.stride.max(1)) {
            let size = picture.len() - MARGIN;
            round_rows(&mut picture[..size], size);
        }
    }

    /// As many pictures of zeros.
    pub fn clear(&mut self, like: &Self) {
        self.stride = like.stride;
        self.values.clear();
        self.values.resize(like.values.len(), 0.0);
    }
}
