//! How a turn stands, in a byte.

use crate::{Inference, Settlement, TurnResult};

/// How a turn stands. The rules ask for two bits ([`Standing::asked_for`]); the higher ones tell the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing(u8);

const SETTLEMENTS: [Settlement; 6] = [
    Settlement::Reported(TurnResult::Completed),
    Settlement::Reported(TurnResult::Failed),
    Settlement::Reported(TurnResult::Interrupted),
    Settlement::Inferred(Inference::Failed),
    Settlement::Inferred(Inference::Interrupted),
    Settlement::Inferred(Inference::Unreported),
];

const REPORTED: u8 = 0b01;
const INFERRED: u8 = 0b10;
const ASKED_FOR: u8 = 0b11;

impl Standing {
    /// The turn has not settled.
    pub(super) const OPEN: Self = Self(0b00);
    /// There is no turn.
    pub(super) const NO_TURN: Self = Self(0b11);

    pub(super) fn of(how: Settlement) -> Self {
        match how {
            Settlement::Reported(result) => Self(REPORTED | (result as u8) << 2),
            Settlement::Inferred(inference) => Self(INFERRED | (inference as u8) << 2),
        }
    }

    /// One of each that the rules tell apart.
    pub(super) fn every() -> [Self; 4] {
        [
            Self::OPEN,
            Self::of(Settlement::Reported(TurnResult::Completed)),
            Self::of(Settlement::Inferred(Inference::Unreported)),
            Self::NO_TURN,
        ]
    }

    pub(super) fn settlement(self) -> Option<Settlement> {
        SETTLEMENTS.into_iter().find(|how| Self::of(*how) == self)
    }

    /// Whether it has not settled, was reported, was inferred, or is none: 0 to 3.
    pub(super) fn asked_for(self) -> usize {
        usize::from(self.0 & ASKED_FOR)
    }
}
