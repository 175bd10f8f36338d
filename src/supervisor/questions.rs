//! What can be asked of a supervisor. Every answer comes from the one state, so that the send path, the reaper and
//! what the user sees cannot disagree.

use core::fmt;

use crate::supervisor::{Hold, Provider, RequestId, Supervisor};
use crate::{AnySession, Timestamp};

/// Why a session is not free; it displays as a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Busy {
    /// A turn runs, or the provider says that it is busy.
    Turn,
    /// A message was handed over, and its turn has not begun.
    Handed,
    /// An interrupt has not taken effect.
    Interrupting,
    /// The provider comes up or goes.
    Provider,
}

impl Supervisor {
    /// The session of the projection.
    #[must_use]
    pub fn session(&self) -> &AnySession {
        &self.session
    }

    /// Whether the user should see work: a turn runs, or is about to.
    #[must_use]
    pub fn working(&self) -> bool {
        let overridden = put_back!(self, S5_01) && !self.session.ledger().is_empty();
        self.session.status().is_active() && !overridden
            || self.handed.is_some() && !put_back!(self, S5_05)
            || self.provider == Provider::Starting
    }

    /// Why the session is not free, if it is not.
    #[must_use]
    pub fn busy(&self) -> Option<Busy> {
        if self.interrupting.is_some() {
            Some(Busy::Interrupting)
        } else if self.handed.is_some() {
            Some(Busy::Handed)
        } else if self.session.status().is_active() && self.provider == Provider::Up {
            Some(Busy::Turn)
        } else if matches!(self.provider, Provider::Starting | Provider::Stopping) {
            Some(Busy::Provider)
        } else {
            None
        }
    }

    /// Whether nothing stands before a message that is accepted now: it is sent at once, or, where there is no provider,
    /// as soon as that has come up.
    #[must_use]
    pub fn can_send(&self) -> bool {
        self.busy().is_none() && self.queue.is_empty()
    }

    /// How many accepted messages have not been handed to the provider.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.queue.len()
    }

    /// Whether the queued messages wait for a new command.
    #[must_use]
    pub fn is_parked(&self) -> bool {
        self.hold == Hold::Parked
    }

    /// The requests that wait for an answer.
    #[must_use]
    pub fn open_requests(&self) -> &[RequestId] {
        &self.requests
    }

    /// How many background tasks run.
    #[must_use]
    pub fn background_tasks(&self) -> usize {
        self.tasks.len()
    }

    /// Whether there is a provider process to speak of.
    #[must_use]
    pub fn has_provider(&self) -> bool {
        self.provider != Provider::Absent
    }

    /// Whether the reaper may stop the provider now (D11): it is up, and nothing runs, is pending, is open or is being
    /// interrupted, and it has had nothing to do for long enough. What is parked does not need a process.
    #[must_use]
    pub fn reapable(&self, now: Timestamp) -> bool {
        self.provider == Provider::Up
            && self.busy().is_none()
            && self.reading.is_none()
            && (self.queue.is_empty() || self.is_parked())
            && self.requests.is_empty()
            && (self.tasks.is_empty() || put_back!(self, S2_15))
            && self.clock.idle_for(now) >= self.patience.idle
    }
}

impl fmt::Display for Busy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Turn => "a turn runs",
            Self::Handed => "a message was handed over, and its turn has not begun",
            Self::Interrupting => "an interrupt has not taken effect",
            Self::Provider => "the provider comes up or goes",
        })
    }
}
