//! A session as plain data, and the one door back.

use alloc::vec::Vec;
use core::fmt;

use crate::memory::Memory;
use crate::state::{Errored, Idle, Interrupted, Ready, Running, Starting, Stopped};
use crate::{AnySession, Ledger, Message, Session, Settlement, Status, TurnId};

/// A session as plain data: what a host stores, with every field free to be wrong.
///
/// `AnySession::try_from(record)` gives a session or names the broken rules; [`repair`](crate::repair()) mends them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionRecord {
    /// The status.
    pub status: Status,
    /// The turn that the row points at.
    pub active_turn: Option<TurnId>,
    /// The last error.
    pub last_error: Option<Message>,
    /// Whether nothing may start until the provider announces itself.
    pub closed: bool,
    /// The latest turn.
    pub latest_turn: Option<TurnId>,
    /// The settled turns, in any order.
    pub turns: Vec<(TurnId, Settlement)>,
}

impl SessionRecord {
    /// A row as hosts store it: a status, a turn, an error, and no memory of earlier turns.
    #[must_use]
    pub fn from_row(
        status: Status,
        active_turn: Option<TurnId>,
        last_error: Option<Message>,
    ) -> Self {
        Self {
            status,
            latest_turn: active_turn.clone(),
            active_turn,
            last_error,
            closed: status == Status::Stopped,
            turns: Vec::new(),
        }
    }
}

/// A rule that a record breaks. Each displays as a sentence that names the values at odds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Broken {
    /// S1: the status is inactive, and the record points at a turn.
    InactiveWithTurn {
        /// The status.
        status: Status,
        /// The turn.
        turn: TurnId,
    },
    /// S3: the active turn has settled.
    SettledTurnActive {
        /// The turn.
        turn: TurnId,
    },
    /// R1, R2: the status says that the provider is there, and the record is closed.
    ClosedWhileOpen {
        /// The status.
        status: Status,
    },
    /// R3: a stopped session is closed.
    StoppedNotClosed,
    /// R2, R5, R7, R8: a session in error says why.
    ErrorWithoutMessage,
    /// The latest turn is neither active nor settled.
    LatestUnknown {
        /// The turn.
        turn: TurnId,
    },
    /// A turn is active, and another one, or none, is the latest.
    LatestNotActive {
        /// The turn that is active.
        active: TurnId,
    },
    /// A turn stands in the ledger twice.
    SettledTwice {
        /// The turn.
        turn: TurnId,
    },
}

/// A record that is no session: which rules it breaks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InvalidRecord {
    /// The broken rules, at least one.
    pub broken: Vec<Broken>,
}

impl SessionRecord {
    /// The rules that this record breaks; empty for a session.
    #[must_use]
    pub fn broken(&self) -> Vec<Broken> {
        let mut broken = Vec::new();
        let settled = |turn: &TurnId| self.turns.iter().any(|(known, _)| known == turn);
        if let Some(turn) = &self.active_turn {
            if !self.status.is_active() {
                broken.push(Broken::InactiveWithTurn {
                    status: self.status,
                    turn: turn.clone(),
                });
            }
            if settled(turn) {
                broken.push(Broken::SettledTurnActive { turn: turn.clone() });
            }
            if self.latest_turn.as_ref() != Some(turn) {
                broken.push(Broken::LatestNotActive {
                    active: turn.clone(),
                });
            }
        } else if let Some(turn) = self.latest_turn.as_ref().filter(|turn| !settled(turn)) {
            broken.push(Broken::LatestUnknown { turn: turn.clone() });
        }
        match self.status {
            Status::Idle | Status::Starting | Status::Running | Status::Ready if self.closed => {
                broken.push(Broken::ClosedWhileOpen {
                    status: self.status,
                });
            }
            Status::Stopped if !self.closed => broken.push(Broken::StoppedNotClosed),
            Status::Error if self.last_error.is_none() => broken.push(Broken::ErrorWithoutMessage),
            Status::Idle
            | Status::Starting
            | Status::Running
            | Status::Ready
            | Status::Interrupted
            | Status::Stopped
            | Status::Error => {}
        }
        let mut turns: Vec<&TurnId> = self.turns.iter().map(|(turn, _)| turn).collect();
        turns.sort_unstable();
        let mut twice: Vec<&TurnId> = turns
            .iter()
            .zip(turns.iter().skip(1))
            .filter(|(a, b)| a == b)
            .map(|(a, _)| *a)
            .collect();
        twice.dedup();
        broken.extend(
            twice
                .into_iter()
                .map(|turn| Broken::SettledTwice { turn: turn.clone() }),
        );
        broken
    }
}

impl TryFrom<SessionRecord> for AnySession {
    type Error = InvalidRecord;

    fn try_from(record: SessionRecord) -> Result<Self, InvalidRecord> {
        let broken = record.broken();
        if broken.is_empty() {
            Ok(record.assemble())
        } else {
            Err(InvalidRecord { broken })
        }
    }
}

impl SessionRecord {
    /// The session that a record with no broken rule describes.
    pub(crate) fn assemble(self) -> AnySession {
        let record = self;
        let mut memory = Memory::default();
        memory.last_error = record.last_error;
        memory.ledger = Ledger::of(record.turns);
        if record.active_turn.is_none() {
            memory.set_latest_settled(record.latest_turn.as_ref());
        }
        let (turn, closed) = (record.active_turn, record.closed);
        match record.status {
            Status::Idle => Session {
                memory,
                state: Idle,
            }
            .into(),
            Status::Starting => Session {
                memory,
                state: Starting { turn },
            }
            .into(),
            Status::Running => Session {
                memory,
                state: Running { turn },
            }
            .into(),
            Status::Ready => Session {
                memory,
                state: Ready,
            }
            .into(),
            Status::Interrupted => Session {
                memory,
                state: Interrupted { closed },
            }
            .into(),
            Status::Stopped => Session {
                memory,
                state: Stopped,
            }
            .into(),
            Status::Error => Session {
                memory,
                state: Errored { closed },
            }
            .into(),
        }
    }
}

impl From<&AnySession> for SessionRecord {
    fn from(session: &AnySession) -> Self {
        Self {
            status: session.status(),
            active_turn: session.active_turn().cloned(),
            last_error: session.last_error().cloned(),
            closed: session.is_closed(),
            latest_turn: session.latest_turn().cloned(),
            turns: session
                .ledger()
                .iter()
                .map(|(turn, how)| (turn.clone(), how))
                .collect(),
        }
    }
}

impl From<AnySession> for SessionRecord {
    fn from(session: AnySession) -> Self {
        Self::from(&session)
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InactiveWithTurn { status, turn } => {
                write!(
                    f,
                    "S1: a session that is {status} cannot point at turn {turn}"
                )
            }
            Self::SettledTurnActive { turn } => {
                write!(f, "S3: turn {turn} has settled and cannot be active")
            }
            Self::ClosedWhileOpen { status } => {
                write!(f, "R1, R2: a session that is {status} cannot be closed")
            }
            Self::StoppedNotClosed => f.write_str("R3: a session that is stopped must be closed"),
            Self::ErrorWithoutMessage => f.write_str("R2: a session in error must say why"),
            Self::LatestUnknown { turn } => {
                write!(
                    f,
                    "the latest turn {turn} is neither active nor in the ledger"
                )
            }
            Self::LatestNotActive { active } => {
                write!(f, "turn {active} is active and must be the latest")
            }
            Self::SettledTwice { turn } => write!(f, "turn {turn} stands in the ledger twice"),
        }
    }
}

impl fmt::Display for InvalidRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a session: ")?;
        for (at, broken) in self.broken.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            broken.fmt(f)?;
        }
        Ok(())
    }
}

impl core::error::Error for InvalidRecord {}
