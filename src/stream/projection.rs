//! The sessions of many threads, each folded from its own events.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::event::RuntimeEvent;
use super::projected::ProjectedSession;
use crate::{
    AnySession, IdleClock, Ignored, NotReaped, Outcome, ProviderLife, ReapPermit, Repair, Repaired,
    SessionRecord, repair,
};

/// The sessions of all threads of a stream.
///
/// INVARIANT: an event touches the session of the thread that it names, and no other.
#[derive(Debug, Default)]
pub struct Projection {
    threads: BTreeMap<String, Thread>,
    /// The published defect that it carries.
    #[cfg(feature = "faults")]
    fault: Option<crate::Fault>,
    /// For L2-11: why all that follows is held up.
    #[cfg(feature = "faults")]
    held_up: Option<Outcome>,
}

#[derive(Debug, Default)]
struct Thread {
    session: AnySession,
    updated_at: Option<String>,
}

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Folded {
    /// The thread's session now.
    pub session: ProjectedSession,
    /// What the event did.
    pub outcome: Outcome,
}

impl Folded {
    /// The outcome as one word: `applied`, `ignored`, `rejected`, or `untouched` for an event that has no say in the
    /// lifecycle (R9).
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self.outcome {
            Outcome::Applied(_) => "applied",
            Outcome::Ignored(Ignored::NotLifecycle) => "untouched",
            Outcome::Ignored(_) => "ignored",
            Outcome::Rejected(_) => "rejected",
        }
    }

    /// Why it was ignored or rejected, as a stable `snake_case` word. An event without a say needs no reason.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        match self.outcome {
            Outcome::Ignored(Ignored::NotLifecycle) => None,
            Outcome::Applied(_) | Outcome::Ignored(_) | Outcome::Rejected(_) => {
                self.outcome.reason()
            }
        }
    }
}

impl Projection {
    /// A projection of which no thread has been seen yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            threads: BTreeMap::new(),
            #[cfg(feature = "faults")]
            fault: None,
            #[cfg(feature = "faults")]
            held_up: None,
        }
    }

    /// The same projection, carrying a published defect.
    #[cfg(feature = "faults")]
    #[must_use]
    pub fn with_fault(mut self, fault: Option<crate::Fault>) -> Self {
        self.fault = fault;
        self
    }

    /// Folds an event into the session of its thread.
    pub fn fold(&mut self, event: &RuntimeEvent) -> Folded {
        // Two look-ups for a thread seen for the first time, and no allocation for any other.
        let thread = match self.threads.get_mut(&event.thread_id) {
            Some(thread) => thread,
            None => self.threads.entry(event.thread_id.clone()).or_default(),
        };
        #[cfg(feature = "faults")]
        if let Some(outcome) = self.held_up.clone() {
            return Folded {
                session: thread.projected(&event.thread_id),
                outcome,
            };
        }
        let step = core::mem::take(&mut thread.session).apply(event.event.clone());
        thread.session = step.session;
        #[cfg(feature = "faults")]
        if put_back!(self, L2_11) && matches!(step.outcome, Outcome::Rejected(_)) {
            self.held_up = Some(step.outcome.clone());
        }
        if step.outcome.is_applied() && event.created_at.is_some() {
            thread.updated_at.clone_from(&event.created_at);
        }
        Folded {
            session: thread.projected(&event.thread_id),
            outcome: step.outcome,
        }
    }

    /// Takes up a thread as a host stored it, in place of what was known of it, and says what had to be mended.
    pub fn restore(&mut self, row: ProjectedSession, provider: ProviderLife) -> Vec<Repair> {
        let thread_id = row.thread_id.clone();
        let updated_at = row.updated_at.clone();
        self.restore_record(thread_id, SessionRecord::from(row), updated_at, provider)
    }

    /// [`restore`](Self::restore) for a host that stored the session with its ledger, as [`lifecycle`](Self::lifecycle)
    /// gives it: a turn that had settled stays settled (S3).
    pub fn restore_record(
        &mut self,
        thread_id: String,
        record: SessionRecord,
        updated_at: Option<String>,
        provider: ProviderLife,
    ) -> Vec<Repair> {
        let Repaired { session, repairs } = repair(record, provider);
        let thread = Thread {
            session,
            updated_at,
        };
        self.threads.insert(thread_id, thread);
        repairs
    }

    /// Stops the session of a thread, as [`AnySession::reap`] does: the host may now end the provider's process.
    ///
    /// # Errors
    ///
    /// The session as it stays, if the permit is void.
    pub fn reap(
        &mut self,
        thread_id: &str,
        permit: ReapPermit,
        clock: &IdleClock,
    ) -> Result<ProjectedSession, NotReaped<ProjectedSession>> {
        let Some(thread) = self.threads.get_mut(thread_id) else {
            let session = self.session(thread_id);
            return Err(NotReaped { session });
        };
        match core::mem::take(&mut thread.session).reap(permit, clock) {
            Ok(stopped) => {
                thread.session = stopped.into();
                Ok(thread.projected(thread_id))
            }
            Err(kept) => {
                thread.session = kept.session;
                let session = thread.projected(thread_id);
                Err(NotReaped { session })
            }
        }
    }

    /// The session of a thread; of one that was never seen: idle, with nothing to show.
    #[must_use]
    pub fn session(&self, thread_id: &str) -> ProjectedSession {
        match self.threads.get(thread_id) {
            Some(thread) => thread.projected(thread_id),
            None => Thread::default().projected(thread_id),
        }
    }

    /// The lifecycle behind a thread's projected session: its ledger, whether it is closed. `None` if it was never seen.
    #[must_use]
    pub fn lifecycle(&self, thread_id: &str) -> Option<&AnySession> {
        self.threads.get(thread_id).map(|thread| &thread.session)
    }

    /// The sessions of all threads seen, by thread.
    #[must_use]
    pub fn sessions(&self) -> impl ExactSizeIterator<Item = ProjectedSession> + '_ {
        self.threads
            .iter()
            .map(|(thread_id, thread)| thread.projected(thread_id))
    }

    /// How many threads have been seen.
    #[must_use]
    pub fn len(&self) -> usize {
        self.threads.len()
    }

    /// Whether no thread has been seen yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.threads.is_empty()
    }
}

impl Thread {
    fn projected(&self, thread_id: &str) -> ProjectedSession {
        ProjectedSession {
            thread_id: thread_id.into(),
            status: self.session.status(),
            active_turn_id: self.session.active_turn().cloned(),
            last_error: self.session.last_error().cloned(),
            updated_at: self.updated_at.clone(),
        }
    }
}
