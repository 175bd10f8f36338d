//! What a provider can tell: facts, in the past tense.

use crate::{Message, TurnId, TurnResult};

/// A fact that arrived from the provider of one thread.
///
/// The rules R1 to R9 (`docs/lifecycle.md`) say what each does to a session; [`AnySession::apply`](crate::AnySession::apply)
/// implements them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// The provider announced its session (R1).
    SessionStarted,
    /// The provider announced its side of the thread (R1).
    ThreadStarted,
    /// The provider named its own state (R2).
    SessionStateChanged {
        /// The state it named.
        state: SessionState,
        /// Why, if it said so; kept as the error of [`SessionState::Error`], otherwise unused.
        reason: Option<Message>,
    },
    /// The provider's process or connection is gone (R3).
    SessionExited,
    /// Work began (R4).
    TurnStarted {
        /// The turn, if the provider named it.
        turn: Option<TurnId>,
    },
    /// Work ended (R5).
    TurnCompleted {
        /// The turn, if the provider named it.
        turn: Option<TurnId>,
        /// How it ended.
        result: TurnResult,
        /// Why, where it failed.
        message: Option<Message>,
    },
    /// Work was cut short (R6).
    TurnAborted {
        /// The turn, if the provider named it.
        turn: Option<TurnId>,
    },
    /// Something went wrong (R7): fatal to the turn that it names, a remark if it names none.
    RuntimeError {
        /// The turn, if the provider named it.
        turn: Option<TurnId>,
        /// What went wrong, if the provider said so.
        message: Option<Message>,
    },
    /// The provider named the state of its thread (R8).
    ThreadStateChanged(ThreadState),
    /// Work was seen: an item, a delta, a task, a request. Changes nothing in the session, but proves that the
    /// provider is alive, and so voids an outstanding permit to reap it (R9).
    WorkObserved {
        /// The turn it belongs to, if it said so.
        turn: Option<TurnId>,
    },
    /// Anything else: a warning, a setting, an unknown event. Changes nothing and proves nothing (R9).
    Noticed,
}

/// The states that a provider can claim for its session (R2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SessionState {
    /// Coming up.
    Starting,
    /// Busy.
    Running,
    /// Busy, and waiting for somebody; reads as running.
    Waiting,
    /// At rest.
    Ready,
    /// At rest after an interruption.
    Interrupted,
    /// Gone.
    Stopped,
    /// Failed.
    Error,
}

impl SessionState {
    /// Every state, in the order of R2.
    pub const ALL: [Self; 7] = [
        Self::Starting,
        Self::Running,
        Self::Waiting,
        Self::Ready,
        Self::Interrupted,
        Self::Stopped,
        Self::Error,
    ];

    /// The state as wires spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Ready => "ready",
            Self::Interrupted => "interrupted",
            Self::Stopped => "stopped",
            Self::Error => "error",
        }
    }

    /// Reads the wire's spelling; `None` for a word that R2 does not know.
    #[must_use]
    pub fn from_wire(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// The states that a provider can claim for its thread (R8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThreadState {
    /// In use.
    Active,
    /// Not in use just now; no proof that a turn is over (it may come early, or more than once).
    Idle,
    /// Put away.
    Archived,
    /// Closed by the provider: the session is over.
    Closed,
    /// Its history was shortened.
    Compacted,
    /// Lost.
    Error,
}

impl ThreadState {
    /// Every state, in the order of the wire's schema.
    pub const ALL: [Self; 6] = [
        Self::Active,
        Self::Idle,
        Self::Archived,
        Self::Closed,
        Self::Compacted,
        Self::Error,
    ];

    /// The state as wires spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Idle => "idle",
            Self::Archived => "archived",
            Self::Closed => "closed",
            Self::Compacted => "compacted",
            Self::Error => "error",
        }
    }

    /// Reads the wire's spelling; `None` for a word that R8 does not know.
    #[must_use]
    pub fn from_wire(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}
