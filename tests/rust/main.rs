//! The tests of the crate in one program: what is generic is compiled once for all of them. `cargo test --release terms::`
//! runs those of one file.

mod common;
mod definitions;
mod fuzzing {
    pub mod mutate;
    pub mod shrink;
}

mod augment;
#[cfg(feature = "cli")]
mod cli;
mod compress;
mod configs;
mod costs;
#[cfg(feature = "cli")]
mod data;
mod distort;
#[cfg(feature = "cli")]
mod drawing;
mod fuzz;
mod grid;
mod kernels;
mod loss;
mod means;
mod methods;
mod networks;
mod optimisers;
#[cfg(feature = "cli")]
mod own_pictures;
mod questions;
mod reading;
mod session;
mod stopped;
#[cfg(feature = "cli")]
mod sweep;
#[cfg(feature = "cli")]
mod tables;
mod terms;
mod transfer_set;
