//! Deadlines, by the real clock.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use session_lifecycle::Timestamp;
use session_lifecycle::supervisor::Deadline;

/// The deadlines that are set, one of each kind, and the clock that they are read on.
///
/// The clock starts anew with the host: a snapshot holds no times. `Instant` is monotone; where it runs on while the
/// machine sleeps, take another (S2-04).
pub(crate) struct Timers {
    zero: Instant,
    due: HashMap<Deadline, Timestamp>,
}

impl Timers {
    pub(crate) fn new() -> Self {
        Self {
            zero: Instant::now(),
            due: HashMap::new(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.zero.elapsed())
    }

    pub(crate) fn set(&mut self, deadline: Deadline, at: Timestamp) {
        self.due.insert(deadline, at);
    }

    pub(crate) fn clear(&mut self, deadline: &Deadline) {
        self.due.remove(deadline);
    }

    /// How long nothing is due.
    pub(crate) fn quiet(&self) -> Option<Duration> {
        let next = self.due.values().min()?;
        Some(next.0.saturating_sub(self.zero.elapsed()))
    }

    /// One deadline that is due.
    pub(crate) fn take_due(&mut self) -> Option<Deadline> {
        let now = self.now();
        let (deadline, _) = self.due.iter().find(|(_, at)| **at <= now)?;
        let deadline = deadline.clone();
        self.due.remove(&deadline);
        Some(deadline)
    }
}
