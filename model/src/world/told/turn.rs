//! The turns of the model.

use std::fmt;

/// A turn of the model. The rules compare ids for equality only, so three of them stand for any number
/// (`docs/properties.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Turn {
    /// The first turn that begins.
    A,
    /// The second.
    B,
    /// The third.
    C,
}

impl Turn {
    /// Every turn, in the order in which they begin.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    /// The id that the shipped code sees.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }

    /// The turn of that name, if it is one of the model's.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|turn| turn.name() == name)
    }

    pub(crate) fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

impl fmt::Display for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
