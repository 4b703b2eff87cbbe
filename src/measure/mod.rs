//! Measures of trained models: errors, losses, agreement, calibration, softened probabilities, statistics, and how weights
//! are spread.
//! Everything here takes plain slices and computes in f64.

mod calibration;
mod cross_entropy;
mod histogram;
mod predictions;
mod significance;
mod softened;

pub use calibration::expected_calibration_error;
pub use cross_entropy::cross_entropy;
pub use histogram::Histogram;
pub use predictions::{NO_PREDICTION, agreement, confusion, predictions, wrong};
pub use significance::{mcnemar, wilson_interval};
pub use softened::{entropy, kl, softened};
