//! The session as T3 Code stores and shows it.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{Message, SessionRecord, Status, TurnId};

/// A thread's session with T3's own field names: `threadId`, `status`, `activeTurnId`, `lastError`, `updatedAt`.
///
/// Plain data. One that a [`Projection`](super::Projection) gives is never impossible; one that was read from a host's
/// store may be anything, and goes back into a projection only through [`repair`](crate::repair())
/// ([`Projection::restore`](super::Projection::restore)). Fields that it does not know are passed over in reading;
/// what is absent is written as `null`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectedSession {
    /// The thread.
    pub thread_id: String,
    /// What the session shows.
    pub status: Status,
    /// The turn it works on.
    pub active_turn_id: Option<TurnId>,
    /// The last error, if there is one to show.
    pub last_error: Option<Message>,
    /// The `createdAt` of the last event of this thread that was *applied* and had one. What is ignored, rejected,
    /// untouched or invalid does not move it: nothing was updated. `None` before the first.
    pub updated_at: Option<String>,
}

impl From<ProjectedSession> for SessionRecord {
    /// As a stored row: a status, a turn, an error, and no memory of earlier turns.
    fn from(row: ProjectedSession) -> Self {
        Self::from_row(row.status, row.active_turn_id, row.last_error)
    }
}
