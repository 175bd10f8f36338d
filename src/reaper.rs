//! Which sessions may be stopped because nobody has used them for a while, and the proof of it.

use core::fmt;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;

use crate::state::{Inactive, Stopped};
use crate::{AnySession, Outcome, Session, Status, TurnId};

/// A moment on a clock of the host's choice, as the time since that clock's zero.
///
/// Use a monotone clock that stands still while the machine sleeps: on a wall clock, closing a laptop for half an hour
/// makes every session look idle when it wakes (S2-04).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub Duration);

impl Timestamp {
    /// The moment this much later; the end of time, if there is none.
    #[must_use]
    pub fn after(self, wait: Duration) -> Self {
        Self(self.0.saturating_add(wait))
    }
}

static NEXT_CLOCK: AtomicUsize = AtomicUsize::new(0);

/// How long a session has had nothing to do.
///
/// It starts at the later of the last command and the last lifecycle change (S2-03). A message that merely arrived
/// does not move it, nor does the noise of a teardown (L1-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IdleClock {
    last_command: Timestamp,
    last_change: Timestamp,
    /// Counts the commands, so that a permit can tell that one came after it, even at the same moment.
    commands: u32,
    /// Which clock this is, so that a permit is good for one session only. Copies are the same clock.
    serial: usize,
}

impl IdleClock {
    /// A clock that starts now. Each session has one of its own: it is also what ties a permit to the session.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            last_command: now,
            last_change: now,
            commands: 0,
            serial: NEXT_CLOCK.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// The user or the host asked something of the session.
    pub fn commanded(&mut self, now: Timestamp) {
        self.last_command = self.last_command.max(now);
        self.commands = self.commands.wrapping_add(1);
    }

    /// An event was folded into the session, with this outcome.
    pub fn observed(&mut self, outcome: &Outcome, now: Timestamp) {
        let changed = match outcome {
            Outcome::Applied(transition) => transition.is_change(),
            Outcome::Ignored(_) | Outcome::Rejected(_) => false,
        };
        if changed {
            self.changed(now);
        }
    }

    pub(crate) fn changed(&mut self, now: Timestamp) {
        self.last_change = self.last_change.max(now);
    }

    /// How long the session has had nothing to do. A clock that ran backwards reads as no time at all.
    #[must_use]
    pub fn idle_for(&self, now: Timestamp) -> Duration {
        now.0
            .saturating_sub(self.last_command.max(self.last_change).0)
    }
}

/// What the host knows about a session beside the session itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// Since when it has had nothing to do.
    pub clock: IdleClock,
    /// Whether its provider process is there at all.
    pub process_alive: bool,
    /// Messages that were accepted and have not started a turn (L3).
    pub pending_messages: u32,
    /// Approvals and questions that wait for an answer (D11).
    pub open_requests: u32,
    /// Background tasks that outlive their turn (S2-01).
    pub background_tasks: u32,
}

impl Evidence {
    /// A live process and nothing pending.
    #[must_use]
    pub fn of(clock: IdleClock) -> Self {
        Self {
            clock,
            process_alive: true,
            pending_messages: 0,
            open_requests: 0,
            background_tasks: 0,
        }
    }
}

/// The sweep that stops providers nobody has used for a while.
///
/// It only nominates: [`decide`](Self::decide) reads, [`AnySession::reap`] acts, and between the two the session may
/// have moved on, which voids the permit (S2-13).
///
/// ```
/// use core::time::Duration;
/// use session_lifecycle::{AnySession, Decision, Event, Evidence, IdleClock, Reaper, Timestamp};
///
/// let reaper = Reaper::new(Duration::from_secs(30 * 60));
/// let session = AnySession::new().apply(Event::SessionStarted).session;
/// let evidence = Evidence::of(IdleClock::new(Timestamp::default()));
///
/// let Decision::Reap(permit) = reaper.decide(&session, &evidence, Timestamp(Duration::from_secs(1_800))) else {
///     panic!("idle for half an hour");
/// };
/// // Work arrives before the sweep comes back to stop the session.
/// let session = session.apply(Event::TurnStarted { turn: Some("t1".into()) }).session;
/// assert!(session.reap(permit, &evidence.clock).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaper {
    idle_after: Duration,
    #[cfg(feature = "faults")]
    pub(crate) fault: Option<crate::Fault>,
}

/// What the reaper decided.
#[derive(Debug, PartialEq, Eq)]
pub enum Decision {
    /// The session may be stopped, if it does nothing until then.
    Reap(ReapPermit),
    /// The session stays.
    Keep(KeepReason),
}

/// Why a session stays.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeepReason {
    /// There is no process to stop.
    NoProcess,
    /// It is starting or running, perhaps with a turn.
    Working {
        /// The status.
        status: Status,
        /// The turn, if one is known.
        turn: Option<TurnId>,
    },
    /// Messages were accepted and have not started a turn.
    PendingMessages(u32),
    /// Somebody has to answer first.
    OpenRequests(u32),
    /// Background tasks run.
    BackgroundTasks(u32),
    /// It has not been idle for long enough.
    RecentlyUsed {
        /// How long it has been idle.
        idle_for: Duration,
        /// How long it has to be.
        idle_after: Duration,
    },
}

/// The proof that a session was found idle, for that session as it was then.
///
/// Only [`Reaper::decide`] makes one; it cannot be copied, and is void once the session has done anything since, or
/// was asked to do anything. The clock ties it to the session; it does not outlive the session's value, so drop it when
/// you read a session back from its record.
#[derive(Debug, PartialEq, Eq)]
pub struct ReapPermit {
    revision: u32,
    clock: IdleClock,
    #[cfg(feature = "faults")]
    unconditional: bool,
}

/// A session that was not stopped: the permit was void.
#[derive(Debug, PartialEq, Eq)]
pub struct NotReaped<S> {
    /// The session, unchanged.
    pub session: S,
}

impl Reaper {
    /// A reaper that stops a session after this much time with nothing to do.
    #[must_use]
    pub const fn new(idle_after: Duration) -> Self {
        Self {
            idle_after,
            #[cfg(feature = "faults")]
            fault: None,
        }
    }

    /// Whether a session may be stopped. A session that works is never reaped, whatever the clock says (S2).
    #[must_use]
    pub fn decide(&self, session: &AnySession, evidence: &Evidence, now: Timestamp) -> Decision {
        #[cfg(feature = "faults")]
        let evidence = &self.faulty_evidence(session, *evidence);
        match self.reason_to_keep(session, evidence, now) {
            Some(reason) => Decision::Keep(reason),
            None => Decision::Reap(ReapPermit {
                revision: session.memory().revision,
                clock: evidence.clock,
                #[cfg(feature = "faults")]
                unconditional: self.fault == Some(crate::Fault::S2_13),
            }),
        }
    }

    fn reason_to_keep(
        &self,
        session: &AnySession,
        evidence: &Evidence,
        now: Timestamp,
    ) -> Option<KeepReason> {
        let status = session.status();
        let turn = session.active_turn();
        if !evidence.process_alive {
            return Some(KeepReason::NoProcess);
        }
        if status.is_active() || turn.is_some() {
            return Some(KeepReason::Working {
                status,
                turn: turn.cloned(),
            });
        }
        if evidence.pending_messages > 0 {
            return Some(KeepReason::PendingMessages(evidence.pending_messages));
        }
        if evidence.open_requests > 0 {
            return Some(KeepReason::OpenRequests(evidence.open_requests));
        }
        if evidence.background_tasks > 0 {
            return Some(KeepReason::BackgroundTasks(evidence.background_tasks));
        }
        let idle_for = evidence.clock.idle_for(now);
        (idle_for < self.idle_after).then_some(KeepReason::RecentlyUsed {
            idle_for,
            idle_after: self.idle_after,
        })
    }
}

impl ReapPermit {
    /// Uses the permit up.
    fn holds_for(self, revision: u32, clock: &IdleClock) -> bool {
        #[cfg(feature = "faults")]
        if self.unconditional {
            return true;
        }
        self.revision == revision && self.clock == *clock
    }
}

impl<S: Inactive> Session<S> {
    /// Stops the session: the host may now end the provider's process. There is no such transition for a session
    /// that may hold a turn.
    ///
    /// # Errors
    ///
    /// The session as it was, if it has done anything since the permit was issued, or was asked to.
    pub fn reap(
        self,
        permit: ReapPermit,
        clock: &IdleClock,
    ) -> Result<Session<Stopped>, NotReaped<Self>> {
        if permit.holds_for(self.memory.revision, clock) {
            Ok(self.into_stopped())
        } else {
            Err(NotReaped { session: self })
        }
    }
}

#[allow(
    clippy::result_large_err,
    reason = "a session that is not reaped is given back, and the crate allocates for no refusal"
)]
impl AnySession {
    /// Stops the session: the host may now end the provider's process.
    ///
    /// # Errors
    ///
    /// The session as it was, if it works, has done anything since the permit was issued, or was asked to.
    pub fn reap(
        self,
        permit: ReapPermit,
        clock: &IdleClock,
    ) -> Result<Session<Stopped>, NotReaped<Self>> {
        fn typed<S: Inactive>(
            session: Session<S>,
            permit: ReapPermit,
            clock: &IdleClock,
        ) -> Result<Session<Stopped>, NotReaped<AnySession>>
        where
            AnySession: From<Session<S>>,
        {
            session.reap(permit, clock).map_err(|kept| NotReaped {
                session: kept.session.into(),
            })
        }
        #[cfg(feature = "faults")]
        if permit.unconditional {
            return Ok(crate::fault::stop_regardless(self));
        }
        match self {
            Self::Idle(session) => typed(session, permit, clock),
            Self::Ready(session) => typed(session, permit, clock),
            Self::Interrupted(session) => typed(session, permit, clock),
            Self::Stopped(session) => typed(session, permit, clock),
            Self::Errored(session) => typed(session, permit, clock),
            Self::Starting(_) | Self::Running(_) => Err(NotReaped { session: self }),
        }
    }
}

impl<S> fmt::Display for NotReaped<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the session works, has moved or was commanded since the permit was issued, or is another one")
    }
}

impl<S: fmt::Debug> core::error::Error for NotReaped<S> {}

impl fmt::Display for KeepReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProcess => f.write_str("there is no process to stop"),
            Self::Working {
                status,
                turn: Some(turn),
            } => write!(f, "the session is {status} with turn {turn}"),
            Self::Working { status, turn: None } => write!(f, "the session is {status}"),
            Self::PendingMessages(count) => {
                write!(f, "accepted messages that have not started: {count}")
            }
            Self::OpenRequests(count) => write!(f, "requests that wait for an answer: {count}"),
            Self::BackgroundTasks(count) => write!(f, "background tasks that run: {count}"),
            Self::RecentlyUsed {
                idle_for,
                idle_after,
            } => {
                write!(
                    f,
                    "idle for {} s of {} s",
                    idle_for.as_secs(),
                    idle_after.as_secs()
                )
            }
        }
    }
}
