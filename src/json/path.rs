//! Where a value stands in a text: names and places in lists from the outside in.

use std::fmt;

/// A path, linked from the inside out, so that nothing is written down until something is wrong there.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    Root,
    Key(&'a Path<'a>, &'a str),
    Index(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    /// The name at its end; none in a list, or of the whole.
    pub fn name(&self) -> Option<&'a str> {
        match self {
            Path::Key(_, name) => Some(name),
            Path::Root | Path::Index(..) => None,
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Key(Path::Root, name) => f.write_str(name),
            Path::Key(parent, name) => write!(f, "{parent}.{name}"),
            Path::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}
