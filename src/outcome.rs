//! What an event did, and the evidence for it.

use core::fmt;

use crate::{AnySession, Settlement, Status, TurnId};

/// What is left after an event: the session, and what the event did to it.
#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    /// The session now.
    pub session: AnySession,
    /// What the event did.
    pub outcome: Outcome,
}

/// What an event did to a session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The event took effect, though it may have confirmed what was so already.
    Applied(Transition),
    /// A redelivery, or the aftermath of something already decided: nobody is at fault, the projected session is as
    /// it was. The ledger may have learnt how a turn ended.
    Ignored(Ignored),
    /// Two sources disagree. Nothing has changed.
    Rejected(Rejected),
}

/// The rules of the projection (`docs/lifecycle.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Announcements.
    R1,
    /// Session states.
    R2,
    /// Exit.
    R3,
    /// Turn starts.
    R4,
    /// Turn completions.
    R5,
    /// Turn aborts.
    R6,
    /// Errors.
    R7,
    /// Thread states.
    R8,
}

/// A step that took effect.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Transition {
    /// The rule that was applied.
    pub rule: Rule,
    /// The status before.
    pub from: Status,
    /// The status after.
    pub to: Status,
    /// What became of a turn in this step.
    pub turn: Option<TurnChange>,
}

impl Transition {
    /// Whether the status or a turn changed. One that did not has confirmed what was so, or stored a message; it does
    /// not count as a lifecycle change for the idle clock.
    #[must_use]
    pub fn is_change(&self) -> bool {
        match &self.turn {
            Some(TurnChange::Began(_) | TurnChange::Settled(..)) => true,
            // Something was learnt of a turn that is over.
            Some(TurnChange::Corrected(..)) | None => self.from != self.to,
        }
    }
}

/// What became of a turn in one step.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TurnChange {
    /// It became the active turn.
    Began(TurnId),
    /// It went to the ledger.
    Settled(TurnId, Settlement),
    /// It was in the ledger by inference; now it stands there as reported.
    Corrected(TurnId, Settlement),
}

/// Why an event was passed over.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ignored {
    /// The event has no say in the lifecycle (R9).
    NotLifecycle,
    /// It ends a turn without naming it, and nobody may guess which (R5, R6).
    NoTurnNamed,
    /// The turn has settled (R4 to R7).
    TurnAlreadySettled {
        /// The turn that the event names.
        turn: TurnId,
        /// How it settled.
        settlement: Settlement,
    },
    /// The turn is the active one already, and runs (R4).
    TurnAlreadyActive {
        /// The turn that the event names.
        turn: TurnId,
    },
    /// The session has exited; the provider must announce itself first (R4, R5).
    SessionClosed {
        /// The turn that the event names.
        turn: Option<TurnId>,
    },
    /// The event is about another turn than the active one (R5 to R7).
    AnotherTurnActive {
        /// The turn that is active.
        active: TurnId,
        /// The turn that the event names.
        named: TurnId,
    },
    /// The event aborts a turn that was never active, and none is (R6).
    TurnNotActive {
        /// The turn that the event names.
        turn: TurnId,
    },
}

/// Why an event was refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Rejected {
    /// A turn is said to start while another one is active (R4).
    TurnConflict {
        /// The turn that is active.
        active: TurnId,
        /// The turn that the event offers.
        offered: TurnId,
    },
}

impl Outcome {
    /// The reason as a stable `snake_case` word, for logs and machines; `None` for a step that took effect.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Applied(_) => None,
            Self::Ignored(ignored) => Some(ignored.code()),
            Self::Rejected(rejected) => Some(rejected.code()),
        }
    }

    /// Whether the event took effect.
    #[must_use]
    pub fn is_applied(&self) -> bool {
        match self {
            Self::Applied(_) => true,
            Self::Ignored(_) | Self::Rejected(_) => false,
        }
    }
}

impl Ignored {
    /// The reason as a stable `snake_case` word.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotLifecycle => "not_lifecycle",
            Self::NoTurnNamed => "no_turn_named",
            Self::TurnAlreadySettled { .. } => "turn_already_settled",
            Self::TurnAlreadyActive { .. } => "turn_already_active",
            Self::SessionClosed { .. } => "session_closed",
            Self::AnotherTurnActive { .. } => "another_turn_active",
            Self::TurnNotActive { .. } => "turn_not_active",
        }
    }
}

impl Rejected {
    /// The reason as a stable `snake_case` word.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TurnConflict { .. } => "turn_conflict",
        }
    }
}

impl Rule {
    /// The name of the rule, as in `R4`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::R1 => "R1",
            Self::R2 => "R2",
            Self::R3 => "R3",
            Self::R4 => "R4",
            Self::R5 => "R5",
            Self::R6 => "R6",
            Self::R7 => "R7",
            Self::R8 => "R8",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Applied(transition) => transition.fmt(f),
            Self::Ignored(ignored) => write!(f, "ignored: {ignored}"),
            Self::Rejected(rejected) => write!(f, "rejected: {rejected}"),
        }
    }
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.to {
            write!(f, "still {}", self.to)?;
        } else {
            write!(f, "{} to {}", self.from, self.to)?;
        }
        match &self.turn {
            None => {}
            Some(TurnChange::Began(turn)) => write!(f, ", turn {turn} began")?,
            Some(TurnChange::Settled(turn, how)) => write!(f, ", turn {turn} settled as {how}")?,
            Some(TurnChange::Corrected(turn, how)) => {
                write!(f, ", turn {turn} is now known as {how}")?
            }
        }
        write!(f, " ({})", self.rule)
    }
}

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLifecycle => f.write_str("the event has no say in the lifecycle"),
            Self::NoTurnNamed => f.write_str("the event ends a turn without naming it"),
            Self::TurnAlreadySettled { turn, settlement } => {
                write!(f, "turn {turn} has settled as {settlement}")
            }
            Self::TurnAlreadyActive { turn } => write!(f, "turn {turn} is running already"),
            Self::SessionClosed { turn: Some(turn) } => {
                write!(f, "the session has exited, turn {turn} comes too late")
            }
            Self::SessionClosed { turn: None } => f.write_str("the session has exited"),
            Self::AnotherTurnActive { active, named } => {
                write!(
                    f,
                    "the event is about turn {named}, and turn {active} is active"
                )
            }
            Self::TurnNotActive { turn } => write!(f, "turn {turn} was not active"),
        }
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TurnConflict { active, offered } => {
                write!(
                    f,
                    "turn {offered} cannot start while turn {active} is active"
                )
            }
        }
    }
}
