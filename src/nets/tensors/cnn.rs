//! The convolutional network.

use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{
    Tensor,
    activation::relu,
    module::{conv2d, max_pool2d},
};

use super::mlp::dense_forward;
use super::{Pass, Weights};
use crate::data::SIDE;
use crate::nets::Cnn;

impl Cnn {
    /// See [`Net::forward`](crate::nets::Net::forward).
    pub(super) fn forward(&self, weights: &Weights, digits: Tensor<2>, pass: &mut Pass) -> Tensor<2> {
        let [rows, _] = digits.dims();
        let digits = pass.drop(digits, self.input_dropout);
        let mut picture = digits.reshape([rows, 1, SIDE, SIDE]);
        for index in 0..self.channels.len() {
            let kernel = weights.get::<4>(2 * index);
            let bias = Some(weights.get::<1>(2 * index + 1));
            let options = ConvOptions::new([1, 1], [0, 0], [1, 1], 1);
            picture = conv2d(picture, kernel, bias, options);
            // Pooling before the ReLU gives the same values (both rise with their input) on a quarter of the work.
            picture = relu(max_pool2d(picture, pooling()));
            pass.show(&format!("conv.{index}"), &picture);
        }
        let widths = self.dense_widths();
        let flat = pass.drop(picture.reshape([rows, widths[0]]), self.dropout);
        dense_forward(
            weights,
            2 * self.channels.len(),
            self.hidden.len() + 1,
            false,
            flat,
            self.dropout,
            pass,
        )
    }
}

fn pooling() -> MaxPoolOptions<2> {
    MaxPoolOptions::new([2, 2])
}
