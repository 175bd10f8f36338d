//! What every session carries, whatever its state.

use crate::ledger::Vacant;
use crate::{Ledger, Message, Settlement, TurnChange, TurnId};

/// What a session in error shows where nobody gave a reason.
pub(crate) mod default_text {
    pub(crate) const SESSION: &str = "Provider session error";
    pub(crate) const TURN: &str = "Turn failed";
    pub(crate) const RUNTIME: &str = "Provider runtime error";
    pub(crate) const THREAD: &str = "Provider thread error";
}

/// No turn is the latest.
const NONE: u32 = u32::MAX;

/// The part of a session that does not depend on its state.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) ledger: Ledger,
    pub(crate) last_error: Option<Message>,
    /// Where in the ledger the latest turn stands, while none is active. An active turn is always the latest itself.
    latest: u32,
    /// Counts what the session did, so that a permit to reap it can tell whether it is still meant (S2-13).
    pub(crate) revision: u32,
    #[cfg(feature = "faults")]
    pub(crate) fault: Option<crate::Fault>,
    /// The turn that a faulty session still points at although its state has no place for it.
    #[cfg(feature = "faults")]
    pub(crate) leftover: Option<TurnId>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            ledger: Ledger::new(),
            last_error: None,
            latest: NONE,
            revision: 0,
            #[cfg(feature = "faults")]
            fault: None,
            #[cfg(feature = "faults")]
            leftover: None,
        }
    }
}

impl PartialEq for Memory {
    fn eq(&self, other: &Self) -> bool {
        #[cfg(feature = "faults")]
        if self.leftover != other.leftover {
            return false;
        }
        self.ledger == other.ledger
            && self.last_error == other.last_error
            && self.latest == other.latest
    }
}

impl Memory {
    /// The session did something: whatever was permitted before is no longer.
    pub(crate) fn moved(mut self) -> Self {
        self.stir();
        self
    }

    /// [`Memory::moved`], in place.
    pub(crate) fn stir(&mut self) {
        self.revision = self.revision.wrapping_add(1);
    }

    /// The latest turn of a session that has no active one.
    pub(crate) fn latest_settled(&self) -> Option<&TurnId> {
        usize::try_from(self.latest)
            .ok()
            .and_then(|at| self.ledger.at(at))
    }

    /// Names a settled turn as the latest; one that is not in the ledger leaves none.
    pub(crate) fn set_latest_settled(&mut self, turn: Option<&TurnId>) {
        self.latest = turn
            .and_then(|turn| self.ledger.position(turn.as_str()).ok())
            .and_then(|at| u32::try_from(at).ok())
            .unwrap_or(NONE);
    }

    /// Settles the session's own turn: it goes to the ledger, and is the latest.
    pub(crate) fn settle_own(&mut self, turn: TurnId, how: Settlement) -> TurnChange {
        let (Ok(at) | Err(at)) = self.ledger.record(turn.clone(), how);
        self.latest = u32::try_from(at).unwrap_or(NONE);
        TurnChange::Settled(turn, how)
    }

    /// Writes down how a turn ended that is not the session's own: the latest stays the latest.
    pub(crate) fn record_other(&mut self, turn: TurnId, how: Settlement) {
        if let Err(inserted) = self.ledger.record(turn, how) {
            self.keep_latest(inserted);
        }
    }

    /// [`record_other`](Self::record_other), where the look-up has told already that the turn is not there.
    pub(crate) fn enter_other(&mut self, vacant: Vacant, turn: TurnId, how: Settlement) {
        let inserted = self.ledger.enter(vacant, turn, how);
        self.keep_latest(inserted);
    }

    /// A turn was inserted: what stood there or after it has moved by one.
    fn keep_latest(&mut self, inserted: usize) {
        let latest = usize::try_from(self.latest).unwrap_or(usize::MAX);
        if self.latest != NONE && inserted <= latest {
            self.latest = self.latest.wrapping_add(1);
        }
    }

    /// The message; else what is there already; else the default text.
    pub(crate) fn explain(&mut self, message: Option<Message>, default: &'static str) {
        match (message, &self.last_error) {
            (Some(message), _) => self.last_error = Some(message),
            (None, Some(_)) => {}
            (None, None) => self.last_error = Some(Message::from(default)),
        }
    }
}
