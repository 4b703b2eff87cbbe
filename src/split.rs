//! The files that pictures come from.

use serde::{Deserialize, Serialize};

/// The files that a picture can come from: the two of MNIST, and two that only a transfer set takes. The numbers of the
/// variants are part of every stream's seed.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// Digits to learn on and to validate with.
    Train,
    /// Digits to report on.
    Test,
    /// Pictures of clothes, Fashion-MNIST (Xiao et al. 2017). Their labels are classes of clothes, no digits.
    Fashion,
    /// Pictures of the user's own, with labels 0 to 9.
    Own,
}

impl Split {
    /// Every one, in the order of their numbers.
    pub const ALL: [Split; 4] = [Split::Train, Split::Test, Split::Fashion, Split::Own];

    /// What people call the pictures of it.
    pub fn pictures(self) -> &'static str {
        match self {
            Split::Train => "training digits",
            Split::Test => "test digits",
            Split::Fashion => "pictures of Fashion-MNIST",
            Split::Own => "pictures of your own",
        }
    }

    /// Whether a label says which digit a picture shows; if not, it is never shown to a model.
    pub fn labels_are_digits(self) -> bool {
        self != Split::Fashion
    }
}

impl std::fmt::Display for Split {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Split::Train => "train",
            Split::Test => "test",
            Split::Fashion => "fashion",
            Split::Own => "own",
        })
    }
}
