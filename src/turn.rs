//! A turn: its name, and how it settled.

use alloc::sync::Arc;
use core::borrow::Borrow;
use core::fmt;

/// The name of a turn: an opaque string that the provider (or the adapter in front of it) chose.
///
/// Ids are only ever compared for equality by the rules; their order is used for look-up alone. Cloning one
/// shares the text and allocates nothing.
///
/// ```
/// use session_lifecycle::TurnId;
///
/// let turn = TurnId::from("0199a1-turn");
/// assert_eq!(turn.as_str(), "0199a1-turn");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TurnId(Arc<str>);

impl TurnId {
    /// The id as the provider wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for TurnId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

impl From<alloc::string::String> for TurnId {
    fn from(id: alloc::string::String) -> Self {
        Self(id.into())
    }
}

impl From<Arc<str>> for TurnId {
    fn from(id: Arc<str>) -> Self {
        Self(id)
    }
}

impl Borrow<str> for TurnId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TurnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TurnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

/// What a turn's own terminal event said of it (R5 to R7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TurnResult {
    /// The provider finished the work.
    Completed,
    /// The provider gave up on the work.
    Failed,
    /// The work was cut short; a wire's `cancelled` reads as this.
    Interrupted,
}

/// What can be concluded of a turn that had no terminal event of its own (R2, R3, R8).
///
/// There is no `Completed` here: nobody may conclude that unreported work was finished (S8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Inference {
    /// The session went to `error` under it.
    Failed,
    /// The session was interrupted or stopped, or its process exited, under it.
    Interrupted,
    /// The session became `ready`, and nothing said what became of the turn.
    Unreported,
}

/// How a turn settled, and on whose word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Settlement {
    /// Its own terminal event said so; it is final.
    Reported(TurnResult),
    /// It follows from something else; a later report replaces it.
    Inferred(Inference),
}

/// How a turn ended, whoever said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TurnOutcome {
    /// Finished.
    Completed,
    /// Given up.
    Failed,
    /// Cut short.
    Interrupted,
    /// Over, and nobody said how.
    Unreported,
}

impl Settlement {
    /// The outcome, without its basis.
    #[must_use]
    pub fn outcome(self) -> TurnOutcome {
        match self {
            Self::Reported(TurnResult::Completed) => TurnOutcome::Completed,
            Self::Reported(TurnResult::Failed) | Self::Inferred(Inference::Failed) => {
                TurnOutcome::Failed
            }
            Self::Reported(TurnResult::Interrupted) | Self::Inferred(Inference::Interrupted) => {
                TurnOutcome::Interrupted
            }
            Self::Inferred(Inference::Unreported) => TurnOutcome::Unreported,
        }
    }

    /// Whether the turn's own terminal event said so. A reported settlement never changes again (S8).
    #[must_use]
    pub fn is_reported(self) -> bool {
        match self {
            Self::Reported(_) => true,
            Self::Inferred(_) => false,
        }
    }
}

impl TurnOutcome {
    /// The outcome as one lower-case word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
            Self::Unreported => "unreported",
        }
    }
}

impl fmt::Display for TurnOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Settlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let basis = if self.is_reported() {
            "reported"
        } else {
            "inferred"
        };
        write!(f, "{} ({basis})", self.outcome())
    }
}
