//! A session whose state is known only at run time.

use core::mem;

use crate::memory::Memory;
use crate::state::{Errored, Idle, Interrupted, Ready, Running, Starting, State, Stopped};
use crate::{Event, Ledger, Message, Outcome, Session, Settlement, Status, TurnId, TurnResult};

/// A session in one of its seven states.
///
/// [`apply`](Self::apply) folds an event into it; matching on it gives the typed [`Session`].
///
/// ```
/// use session_lifecycle::{AnySession, Event, SessionState, Status, TurnId};
///
/// let session = AnySession::new();
/// let step = session.apply(Event::TurnStarted { turn: Some(TurnId::from("t1")) });
/// assert_eq!(step.session.status(), Status::Running);
///
/// // The provider goes idle without a word about the turn: the turn is settled all the same.
/// let step = step.session.apply(Event::SessionStateChanged { state: SessionState::Ready, reason: None });
/// assert_eq!(step.session.status(), Status::Ready);
/// assert_eq!(step.session.active_turn(), None);
/// assert_eq!(step.outcome.to_string(), "running to ready, turn t1 settled as unreported (inferred) (R2)");
/// ```
///
/// Aligned, so that it lies in one line of the cache and not across two.
#[derive(Debug, PartialEq, Eq)]
#[repr(align(64))]
pub enum AnySession {
    /// Nothing has happened yet.
    Idle(Session<Idle>),
    /// The provider is coming up.
    Starting(Session<Starting>),
    /// The provider waits for work.
    Ready(Session<Ready>),
    /// The provider is busy.
    Running(Session<Running>),
    /// The last work was cut short.
    Interrupted(Session<Interrupted>),
    /// The provider has gone.
    Stopped(Session<Stopped>),
    /// The provider, or its last turn, failed.
    Errored(Session<Errored>),
}

/// Runs the same expression on the typed session of each state.
macro_rules! each {
    ($any:expr, $session:ident => $run:expr) => {
        match $any {
            AnySession::Idle($session) => $run,
            AnySession::Starting($session) => $run,
            AnySession::Ready($session) => $run,
            AnySession::Running($session) => $run,
            AnySession::Interrupted($session) => $run,
            AnySession::Stopped($session) => $run,
            AnySession::Errored($session) => $run,
        }
    };
}
#[cfg(feature = "faults")]
pub(crate) use each;

impl AnySession {
    /// A session of which nothing is known yet: idle, no turn, no error, an empty ledger. Allocates nothing.
    #[must_use]
    pub fn new() -> Self {
        Session::new().into()
    }

    /// [`apply`](Self::apply), in place.
    pub fn fold(&mut self, event: Event) -> Outcome {
        let step = mem::take(self).apply(event);
        // What is replaced is the empty session that was left for the moment: it owns nothing, so nothing is dropped.
        mem::forget(mem::replace(self, step.session));
        step.outcome
    }

    /// What the session shows.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::Idle(_) => Idle::STATUS,
            Self::Starting(_) => Starting::STATUS,
            Self::Ready(_) => Ready::STATUS,
            Self::Running(_) => Running::STATUS,
            Self::Interrupted(_) => Interrupted::STATUS,
            Self::Stopped(_) => Stopped::STATUS,
            Self::Errored(_) => Errored::STATUS,
        }
    }

    /// The turn the session works on. Always `None` while the session is inactive (S1).
    #[must_use]
    pub fn active_turn(&self) -> Option<&TurnId> {
        #[cfg(feature = "faults")]
        if let Some(turn) = &self.memory().leftover {
            return Some(turn);
        }
        match self {
            Self::Starting(session) => session.turn(),
            Self::Running(session) => session.turn(),
            Self::Idle(_)
            | Self::Ready(_)
            | Self::Interrupted(_)
            | Self::Stopped(_)
            | Self::Errored(_) => None,
        }
    }

    /// The last error, if the session has one to show.
    #[must_use]
    pub fn last_error(&self) -> Option<&Message> {
        self.memory().last_error.as_ref()
    }

    /// Whether the session has exited or stopped: nothing may start until the provider announces itself again.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        each!(self, session => session.is_closed())
    }

    /// The last turn that became active, or that R5 or R7 settled as the session's own without its having been active.
    #[must_use]
    pub fn latest_turn(&self) -> Option<&TurnId> {
        self.active_turn()
            .or_else(|| self.memory().latest_settled())
    }

    /// How the turns of this thread settled.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.memory().ledger
    }

    pub(crate) fn memory(&self) -> &Memory {
        each!(self, session => &session.memory)
    }

    /// What an earlier provider reports of one of its turns: an inference is corrected, and nothing shows (D14).
    pub(crate) fn correct(&mut self, turn: TurnId, result: TurnResult) -> bool {
        let memory = self.memory_mut();
        let inferred = memory
            .ledger
            .get(turn.as_str())
            .is_some_and(|how| !how.is_reported());
        if inferred {
            memory.record_other(turn, Settlement::Reported(result));
        }
        inferred
    }

    pub(crate) fn memory_mut(&mut self) -> &mut Memory {
        each!(self, session => &mut session.memory)
    }
}

impl Default for AnySession {
    fn default() -> Self {
        Self::new()
    }
}

macro_rules! from_typed {
    ($($state:ident),+) => {$(
        impl From<Session<$state>> for AnySession {
            fn from(session: Session<$state>) -> Self {
                Self::$state(session)
            }
        }
    )+};
}
from_typed!(
    Idle,
    Starting,
    Ready,
    Running,
    Interrupted,
    Stopped,
    Errored
);
