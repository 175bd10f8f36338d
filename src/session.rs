//! One session whose state is known to the compiler, and its transitions.

use core::fmt;

use crate::memory::{Memory, default_text};
use crate::state::{
    Active, Beginning, Errored, Idle, Interrupted, Ready, Running, Starting, State, Stopped,
};
use crate::{
    Ignored, Inference, Ledger, Message, Outcome, Rejected, Settlement, Status, TurnChange, TurnId,
    TurnResult,
};

/// A session in the state `S`.
///
/// Only [`Starting`] and [`Running`] have a place for a turn, so an inactive session that points at one cannot be
/// written down (S1). Transitions take the session and return the next; none of them panics. A session is neither
/// `Clone` nor `Copy`: there is one answer to "what is the session doing?".
///
/// ```
/// use session_lifecycle::{Session, TurnId};
///
/// let session = Session::new().announced(); // ready
/// let session = session.begin(TurnId::from("t1")).map_err(|refused| refused.why)?; // running t1
/// assert_eq!(session.turn().map(TurnId::as_str), Some("t1"));
///
/// let session = session.completed(); // ready; there is no `turn()` to ask any more
/// assert!(session.ledger().get("t1").is_some());
/// # Ok::<(), session_lifecycle::Outcome>(())
/// ```
pub struct Session<S: State> {
    pub(crate) memory: Memory,
    pub(crate) state: S,
}

/// A turn that was not begun: the session as it was, and why.
#[derive(Debug, PartialEq, Eq)]
pub struct NotBegun<S: State> {
    /// The session, unchanged.
    pub session: Session<S>,
    /// The reason, with its evidence.
    pub why: Outcome,
}

impl<S: State> fmt::Display for NotBegun<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.why.fmt(f)
    }
}

impl<S: State> core::error::Error for NotBegun<S> where Self: fmt::Debug {}

impl Session<Idle> {
    /// A session of which nothing is known yet: idle, no turn, no error, an empty ledger. Allocates nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            memory: Memory::default(),
            state: Idle,
        }
    }
}

impl Default for Session<Idle> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: State> Session<S> {
    /// What the session shows.
    #[must_use]
    pub fn status(&self) -> Status {
        S::STATUS
    }

    /// The last error, if the session has one to show.
    #[must_use]
    pub fn last_error(&self) -> Option<&Message> {
        self.memory.last_error.as_ref()
    }

    /// How the turns of this thread settled.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.memory.ledger
    }

    /// The last turn that became active, or that R5 or R7 settled as the session's own without its having been active.
    #[must_use]
    pub fn latest_turn(&self) -> Option<&TurnId> {
        self.state.turn().or_else(|| self.memory.latest_settled())
    }

    /// Whether the session has exited or stopped: nothing may start until the provider announces itself again.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.state.is_closed()
    }

    /// R1: the provider announced itself. An inactive session becomes ready; one with a turn keeps it and runs.
    #[must_use]
    pub fn announced(self) -> S::Announced {
        S::announced(self)
    }

    /// R2 `starting`: coming up; a turn is kept, an exit is forgotten.
    #[must_use]
    pub fn into_starting(self) -> Session<Starting> {
        Session {
            state: Starting {
                turn: self.state.into_turn(),
            },
            memory: self.memory.moved(),
        }
    }

    /// R2 `running` and `waiting`, R4 without an id: busy; a turn is kept, an exit is forgotten.
    #[must_use]
    pub fn into_running(self) -> Session<Running> {
        Session {
            state: Running {
                turn: self.state.into_turn(),
            },
            memory: self.memory.moved(),
        }
    }

    /// R2 `ready`: at rest. A turn settles as unreported, the last error is cleared.
    #[must_use]
    pub fn into_ready(self) -> Session<Ready> {
        self.rest_ready().0
    }

    /// R2 `interrupted`: at rest. A turn settles as interrupted, inferred.
    #[must_use]
    pub fn into_interrupted(self) -> Session<Interrupted> {
        self.rest_interrupted().0
    }

    /// R2 `stopped`, R3, R8 `closed`: gone, and closed. A turn settles as interrupted, inferred.
    #[must_use]
    pub fn into_stopped(self) -> Session<Stopped> {
        self.rest_stopped().0
    }

    /// R2 `error`, R8 `error`: failed. A turn settles as failed, inferred. The last error is the reason; without one
    /// it is kept; without one to keep it is a default text.
    #[must_use]
    pub fn into_errored(self, reason: Option<Message>) -> Session<Errored> {
        self.rest_errored(reason, default_text::SESSION).0
    }

    pub(crate) fn rest_ready(self) -> (Session<Ready>, Option<TurnChange>) {
        let (mut memory, change) = self.settle(Inference::Unreported);
        memory.last_error = None;
        (
            Session {
                memory,
                state: Ready,
            },
            change,
        )
    }

    pub(crate) fn rest_interrupted(self) -> (Session<Interrupted>, Option<TurnChange>) {
        let closed = self.is_closed();
        let (memory, change) = self.settle(Inference::Interrupted);
        (
            Session {
                memory,
                state: Interrupted { closed },
            },
            change,
        )
    }

    pub(crate) fn rest_stopped(self) -> (Session<Stopped>, Option<TurnChange>) {
        let (memory, change) = self.settle(Inference::Interrupted);
        (
            Session {
                memory,
                state: Stopped,
            },
            change,
        )
    }

    pub(crate) fn rest_errored(
        self,
        reason: Option<Message>,
        default: &'static str,
    ) -> (Session<Errored>, Option<TurnChange>) {
        let closed = self.is_closed();
        let (mut memory, change) = self.settle(Inference::Failed);
        memory.explain(reason, default);
        (
            Session {
                memory,
                state: Errored { closed },
            },
            change,
        )
    }

    /// Moves the active turn, if any, to the ledger in the same step in which the session stops holding it.
    fn settle(self, how: Inference) -> (Memory, Option<TurnChange>) {
        let mut memory = self.memory.moved();
        let turn = self.state.into_turn();
        let change = turn.map(|turn| memory.settle_own(turn, Settlement::Inferred(how)));
        (memory, change)
    }
}

impl<S: Active> Session<S> {
    /// The turn the session works on; `None` if the provider is busy and has not said with what.
    #[must_use]
    pub fn turn(&self) -> Option<&TurnId> {
        self.state.turn()
    }

    /// Whether this is the turn that the session works on.
    pub(crate) fn runs(&self, turn: &TurnId) -> bool {
        self.state.turn() == Some(turn)
    }

    /// R5: the turn reported that it finished.
    #[must_use]
    pub fn completed(self) -> Session<Ready> {
        let turn = None;
        self.report_rest(turn, TurnResult::Completed).0
    }

    /// R5: the turn reported that it was interrupted or cancelled; the session is at rest and usable.
    #[must_use]
    pub fn cut_short(self) -> Session<Ready> {
        let turn = None;
        self.report_rest(turn, TurnResult::Interrupted).0
    }

    /// R5: the turn reported that it failed.
    #[must_use]
    pub fn failed(self, message: Option<Message>) -> Session<Errored> {
        let turn = None;
        self.report_failure(turn, message, default_text::TURN).0
    }

    /// R6: the turn was aborted.
    #[must_use]
    pub fn aborted(self) -> Session<Interrupted> {
        self.report_abort().0
    }

    pub(crate) fn report_abort(self) -> (Session<Interrupted>, Option<TurnChange>) {
        let mut memory = self.memory.moved();
        let turn = self.state.into_turn();
        let change =
            turn.map(|turn| memory.settle_own(turn, Settlement::Reported(TurnResult::Interrupted)));
        (
            Session {
                memory,
                state: Interrupted { closed: false },
            },
            change,
        )
    }
}

impl<S: State> Session<S> {
    /// Settles the active turn (or `named`, where none is active) as its own report says; `ready`, no error.
    pub(crate) fn report_rest(
        self,
        named: Option<TurnId>,
        result: TurnResult,
    ) -> (Session<Ready>, Option<TurnChange>) {
        let mut memory = self.memory.moved();
        let turn = self.state.into_turn().or(named);
        let change = turn.map(|turn| memory.settle_own(turn, Settlement::Reported(result)));
        memory.last_error = None;
        (
            Session {
                memory,
                state: Ready,
            },
            change,
        )
    }

    /// Settles the active turn (or `named`, where none is active) as failed; `error`, with the message.
    pub(crate) fn report_failure(
        self,
        named: Option<TurnId>,
        message: Option<Message>,
        default: &'static str,
    ) -> (Session<Errored>, Option<TurnChange>) {
        let closed = self.is_closed();
        let mut memory = self.memory.moved();
        let turn = self.state.into_turn().or(named);
        let change =
            turn.map(|turn| memory.settle_own(turn, Settlement::Reported(TurnResult::Failed)));
        memory.explain(message, default);
        (
            Session {
                memory,
                state: Errored { closed },
            },
            change,
        )
    }
}

impl<S: Beginning> Session<S> {
    /// R4: the turn began, and the session runs it.
    ///
    /// # Errors
    ///
    /// The session as it was, and why: it is closed (S3-07), the turn has settled (S3), the session already runs it,
    /// or another turn is active (S4).
    pub fn begin(self, turn: TurnId) -> Result<Session<Running>, NotBegun<S>> {
        if self.is_closed() {
            let why = Outcome::Ignored(Ignored::SessionClosed { turn: Some(turn) });
            return Err(NotBegun { session: self, why });
        }
        // Active before settled, as in `apply`: no turn is both, and this look-up is the cheaper one.
        let known = self.state.turn() == Some(&turn);
        if known && S::STATUS == Status::Running {
            let why = Outcome::Ignored(Ignored::TurnAlreadyActive { turn });
            return Err(NotBegun { session: self, why });
        }
        if !known {
            if let Some(settlement) = self.memory.ledger.get(turn.as_str()) {
                let why = Outcome::Ignored(Ignored::TurnAlreadySettled { turn, settlement });
                return Err(NotBegun { session: self, why });
            }
            if let Some(active) = self.state.turn() {
                let why = Outcome::Rejected(Rejected::TurnConflict {
                    active: active.clone(),
                    offered: turn,
                });
                return Err(NotBegun { session: self, why });
            }
        }
        let mut memory = self.memory.moved();
        // The active turn is the latest: what was before must not tell equal sessions apart.
        memory.set_latest_settled(None);
        Ok(Session {
            memory,
            state: Running { turn: Some(turn) },
        })
    }
}

impl<S: State + PartialEq> PartialEq for Session<S> {
    /// Two sessions are equal if they show, remember and allow the same. How often each has moved does not count.
    fn eq(&self, other: &Self) -> bool {
        self.state == other.state && self.memory == other.memory
    }
}

impl<S: State + Eq> Eq for Session<S> {}

impl<S: State> fmt::Debug for Session<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Session");
        shown.field("status", &S::STATUS);
        if let Some(turn) = self.state.turn() {
            shown.field("turn", turn);
        }
        if self.is_closed() {
            shown.field("closed", &true);
        }
        if let Some(error) = self.last_error() {
            shown.field("last_error", error);
        }
        shown
            .field("latest", &self.memory.latest_settled())
            .field("ledger", &self.memory.ledger)
            .finish()
    }
}
