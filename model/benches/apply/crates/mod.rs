//! The rules in the state machine crates: peers to be measured, and nothing else.
//!
//! All three have the subset that they can express: the status, the active turn, the settled turns, and whether an
//! event was applied, ignored or rejected. They are spared what `apply` does beyond that: the text of the last error, and
//! outcomes with their evidence. `tests/peers.rs` shows that in this subset each does what `apply` does.
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    reason = "as one writes it with these crates: what a state has no word for goes to the superstate, or nowhere"
)]

pub(crate) mod in_rust_fsm;
pub(crate) mod in_smlang;
pub(crate) mod in_statig;

use session_lifecycle::{Inference, Settlement, Status, TurnId, TurnResult};

use crate::by_hand::Settled;

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutcomeClass {
    Applied,
    Ignored,
    Rejected,
}

/// What a machine remembers beside its state.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) active: Option<TurnId>,
    pub(crate) latest: Option<TurnId>,
    pub(crate) settled: Settled,
}

/// How a turn that an event names stands to a session.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    Reported,
    Inferred,
    Active,
    Another,
    Unknown,
}

impl Book {
    pub(crate) fn named(&self, turn: &TurnId) -> Named {
        match (self.settled.get(turn), &self.active) {
            (Some(how), _) if how.is_reported() => Named::Reported,
            (Some(_), _) => Named::Inferred,
            (None, Some(active)) if active == turn => Named::Active,
            (None, Some(_)) => Named::Another,
            (None, None) => Named::Unknown,
        }
    }

    pub(crate) fn is_latest(&self, turn: &TurnId) -> bool {
        self.latest.as_ref() == Some(turn)
    }

    pub(crate) fn begin(&mut self, turn: TurnId) {
        self.latest = Some(turn.clone());
        self.active = Some(turn);
    }

    pub(crate) fn settle(&mut self, how: Inference) {
        if let Some(turn) = self.active.take() {
            self.settled.record(turn, Settlement::Inferred(how));
        }
    }

    /// The session's own turn, or one that nobody saw begin.
    pub(crate) fn settle_own(&mut self, turn: TurnId, result: TurnResult) {
        self.active = None;
        self.latest = Some(turn.clone());
        self.record(turn, result);
    }

    pub(crate) fn record(&mut self, turn: TurnId, result: TurnResult) {
        self.settled.record(turn, Settlement::Reported(result));
    }
}

/// What all three are asked.
#[allow(dead_code, reason = "the bench only applies")]
pub(crate) trait Machine: Default {
    fn apply(&mut self, event: session_lifecycle::Event) -> OutcomeClass;
    fn status(&self) -> Status;
    fn is_closed(&self) -> bool;
    fn book(&self) -> &Book;
}
