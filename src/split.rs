//! The files that pictures come from.

use serde::{Deserialize, Serialize};

/// The files that a picture can come from: the two of MNIST, clothes, and two of the user's own. The numbers of the
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
    /// Pictures of the user's own to learn on, with labels 0 to 9.
    Own,
    /// Pictures of the user's own to report on, with labels 0 to 9.
    OwnTest,
}

impl Split {
    /// Every one, in the order of their numbers.
    pub const ALL: [Split; 5] = [Split::Train, Split::Test, Split::Fashion, Split::Own, Split::OwnTest];

    /// What people call the pictures of it.
    pub fn pictures(self) -> &'static str {
        match self {
            Split::Train => "training digits",
            Split::Test => "test digits",
            Split::Fashion => "pictures of Fashion-MNIST",
            Split::Own => "pictures of your own",
            Split::OwnTest => "test pictures of your own",
        }
    }

    /// Whether a label says which digit a picture shows; if not, it is never shown to a model.
    pub fn labels_are_digits(self) -> bool {
        self != Split::Fashion
    }

    /// Whether the user gives its pictures, and may give others of the same ids in their place.
    pub fn is_own(self) -> bool {
        matches!(self, Split::Own | Split::OwnTest)
    }
}

impl std::fmt::Display for Split {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Split::Train => "train",
            Split::Test => "test",
            Split::Fashion => "fashion",
            Split::Own => "own",
            Split::OwnTest => "own_test",
        })
    }
}
