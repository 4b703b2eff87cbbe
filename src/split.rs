//! The files that pictures come from.

use serde::{Deserialize, Serialize};

/// What a picture is to an experiment: the files it comes from, and whether its label is told. The numbers of the variants
/// are part of every stream's seed.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// Digits to learn on and to validate with.
    Train,
    /// Digits to report on.
    Test,
    /// Pictures of clothes, Fashion-MNIST (Xiao et al. 2017), in an experiment on digits: their labels are no digits.
    Fashion,
    /// Pictures of the user's own to learn on, with labels 0 to 9.
    Own,
    /// Pictures of the user's own to report on, with labels 0 to 9.
    OwnTest,
    /// The same pictures as `Fashion` in an experiment on clothes, which tells their labels.
    FashionTrain,
    /// Other pictures of clothes, to report on.
    FashionTest,
}

impl Split {
    /// Every one, in the order of their numbers.
    pub const ALL: [Split; 7] = [
        Split::Train,
        Split::Test,
        Split::Fashion,
        Split::Own,
        Split::OwnTest,
        Split::FashionTrain,
        Split::FashionTest,
    ];

    /// What people call the pictures of it.
    pub fn pictures(self) -> &'static str {
        match self {
            Split::Train => "training digits",
            Split::Test => "test digits",
            Split::Fashion | Split::FashionTrain => "pictures of Fashion-MNIST",
            Split::FashionTest => "test pictures of Fashion-MNIST",
            Split::Own => "pictures of your own",
            Split::OwnTest => "test pictures of your own",
        }
    }

    /// The one under whose name its pictures are packed and loaded.
    pub fn loaded_as(self) -> Split {
        if self == Split::FashionTrain { Split::Fashion } else { self }
    }

    /// Whether a label says of which class of the experiment a picture is; if not, it is never shown to a model.
    pub fn labels_are_classes(self) -> bool {
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
            Split::FashionTrain => "fashion_train",
            Split::FashionTest => "fashion_test",
        })
    }
}
