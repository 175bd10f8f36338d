//! What a published defect remembers, and the shipped code has no use for. Without the feature `faults` it is nothing.

use crate::TurnId;
use crate::supervisor::Supervisor;

/// A turn or a mark that only a defect knows of.
#[cfg(feature = "faults")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Scar {
    turn: Option<TurnId>,
    mark: bool,
}

#[cfg(feature = "faults")]
impl Supervisor {
    pub(super) fn scar(&mut self, mark: bool) {
        self.scar.mark = mark;
    }

    pub(super) fn is_scarred(&self) -> bool {
        self.scar.mark
    }

    pub(super) fn scar_turn(&mut self, turn: Option<TurnId>) {
        self.scar.turn = turn;
    }

    pub(super) fn is_scarred_turn(&self, turn: Option<&TurnId>) -> bool {
        turn.is_some() && turn == self.scar.turn.as_ref()
    }
}

#[cfg(not(feature = "faults"))]
#[allow(
    clippy::unused_self,
    clippy::needless_pass_by_ref_mut,
    reason = "the same calls, of nothing"
)]
impl Supervisor {
    pub(super) fn scar(&mut self, _mark: bool) {}

    pub(super) fn is_scarred(&self) -> bool {
        false
    }

    pub(super) fn scar_turn(&mut self, _turn: Option<TurnId>) {}

    pub(super) fn is_scarred_turn(&self, _turn: Option<&TurnId>) -> bool {
        false
    }
}
