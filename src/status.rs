//! The seven statuses a session can show.

use core::fmt;

/// What a session shows of itself.
///
/// `starting` and `running` are *active*: they may point at a turn. The others are *inactive*: they never do (S1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
pub enum Status {
    /// Nothing has happened yet.
    Idle,
    /// The provider is coming up.
    Starting,
    /// The provider is busy.
    Running,
    /// The provider waits for work.
    Ready,
    /// The last work was cut short; new work may be sent.
    Interrupted,
    /// The provider has gone.
    Stopped,
    /// The provider, or its last turn, failed.
    Error,
}

impl Status {
    /// Every status, in the order of the documents.
    pub const ALL: [Self; 7] = [
        Self::Idle,
        Self::Starting,
        Self::Running,
        Self::Ready,
        Self::Interrupted,
        Self::Stopped,
        Self::Error,
    ];

    /// Whether this status may point at a turn: `starting` and `running` may.
    #[must_use]
    pub fn is_active(self) -> bool {
        match self {
            Self::Starting | Self::Running => true,
            Self::Idle | Self::Ready | Self::Interrupted | Self::Stopped | Self::Error => false,
        }
    }

    /// The status as hosts store it: one lower-case word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Interrupted => "interrupted",
            Self::Stopped => "stopped",
            Self::Error => "error",
        }
    }

    /// Reads the word that hosts store; `None` for one that is no status.
    #[must_use]
    pub fn from_wire(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
