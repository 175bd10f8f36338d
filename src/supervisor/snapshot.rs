//! What a supervisor stores, and how it comes back.

use alloc::vec::Vec;
use core::fmt;

use crate::supervisor::{
    ConfigId, Cursor, Deadline, Effect, Effects, Epoch, Handed, Hold, MessageId, Patience,
    Provider, Report, RequestId, Supervisor, Task, TaskId, Why,
};
use crate::{Broken, ProviderLife, SessionRecord, Status, Timestamp, TurnId, repair};

/// Everything that survives a restart of the host, as plain data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase")
)]
pub struct SupervisorSnapshot {
    /// The form of this snapshot: 1.
    pub version: u32,
    /// The epoch of the last start.
    pub epoch: u32,
    /// The session.
    pub session: SessionRecord,
    /// The messages that were accepted and not handed over, oldest first.
    pub queue: Vec<MessageId>,
    /// Whether the queue waits for a new command.
    pub parked: bool,
    /// The message that was handed over, or was about to be.
    pub handed: Option<StoredMessage>,
    /// The background tasks.
    pub tasks: Vec<TaskId>,
    /// The open requests.
    pub requests: Vec<RequestId>,
    /// The configuration for the next turn.
    pub config: Option<ConfigId>,
    /// Where the conversation can be resumed.
    pub cursor: Option<Cursor>,
    /// What the provider has to end, and has not ended yet.
    #[cfg_attr(feature = "serde", serde(default))]
    pub ending: Option<Ending>,
}

/// What the provider was told to end. If it outlives the host, it is told again: the word may be lost with the host (L4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase")
)]
pub enum Ending {
    /// Its turn, or the one that the message in hand is about to begin.
    Turn,
    /// Itself.
    Process,
}

/// A message that was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase")
)]
pub struct StoredMessage {
    /// The message.
    pub message: MessageId,
    /// The provider has said that it took it.
    pub taken: bool,
    /// The turn that it named then.
    pub turn: Option<TurnId>,
    /// A turn began before it said so.
    pub begun: bool,
}

/// A snapshot that cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum InvalidSnapshot {
    /// It has a form that this version does not know.
    UnknownVersion(u32),
    /// A message stands in it twice.
    MessageTwice(MessageId),
}

impl Supervisor {
    /// Everything that survives a restart of the host.
    #[must_use]
    pub fn snapshot(&self) -> SupervisorSnapshot {
        SupervisorSnapshot {
            version: 1,
            epoch: self.epoch.0,
            session: SessionRecord::from(&self.session),
            queue: self.queue.iter().cloned().collect(),
            parked: self.hold == Hold::Parked,
            handed: self.handed.clone().map(StoredMessage::from),
            tasks: self.tasks.iter().map(|task| task.id.clone()).collect(),
            requests: self.requests.clone(),
            config: self.config.clone(),
            cursor: self.cursor.clone(),
            ending: self.ending(),
        }
    }

    pub(super) fn ending(&self) -> Option<Ending> {
        if self.provider == Provider::Stopping {
            Some(Ending::Process)
        } else {
            self.interrupting.as_ref().map(|_| Ending::Turn)
        }
    }

    /// Comes back from what was stored, before any command is admitted (D2).
    ///
    /// If the provider is gone, its turn was interrupted, its requests and tasks are reported, the message that was
    /// handed over is reported as uncertain, and what is queued is sent to a new provider unless it is parked. If it is
    /// alive, it is asked what it works on, or told again what it has to end. Returns what was repaired in the stored
    /// session.
    ///
    /// # Errors
    ///
    /// A version that is not known, or a message that stands in the snapshot twice: sending it might run it twice.
    pub fn boot(
        snapshot: SupervisorSnapshot,
        provider: ProviderLife,
        patience: Patience,
        now: Timestamp,
    ) -> Result<(Self, Vec<Broken>), InvalidSnapshot> {
        Self::new(patience, now).load(snapshot, provider, now)
    }

    /// [`boot`](Self::boot), carrying a published defect.
    ///
    /// # Errors
    ///
    /// As [`boot`](Self::boot).
    #[cfg(feature = "faults")]
    pub fn boot_with_fault(
        fault: Option<crate::Fault>,
        snapshot: SupervisorSnapshot,
        provider: ProviderLife,
        patience: Patience,
        now: Timestamp,
    ) -> Result<(Self, Vec<Broken>), InvalidSnapshot> {
        let mut supervisor = Self::new(patience, now);
        supervisor.fault = fault;
        supervisor.load(snapshot, provider, now)
    }

    fn load(
        self,
        snapshot: SupervisorSnapshot,
        provider: ProviderLife,
        now: Timestamp,
    ) -> Result<(Self, Vec<Broken>), InvalidSnapshot> {
        snapshot.check()?;
        let broken = snapshot.session.broken();
        let mut supervisor = self;
        supervisor.session = repair(snapshot.session, ProviderLife::Alive).session;
        supervisor.epoch = Epoch(snapshot.epoch);
        supervisor.queue = snapshot.queue.into();
        supervisor.hold = Hold::of(snapshot.parked);
        supervisor.handed = snapshot.handed.map(Handed::from);
        let due = now.after(supervisor.patience.lease);
        supervisor.tasks = once_each(snapshot.tasks)
            .into_iter()
            .map(|id| Task { id, due })
            .collect();
        supervisor.requests = once_each(snapshot.requests);
        supervisor.config = snapshot.config;
        supervisor.cursor = snapshot.cursor;
        supervisor.provider = Provider::Up;
        match provider {
            ProviderLife::Alive => supervisor.outlived_the_host(snapshot.ending, now),
            ProviderLife::Gone => supervisor.died_with_the_host(now),
        }
        Ok((supervisor, broken))
    }

    /// What has to be done after [`boot`](Self::boot).
    pub fn booted(&mut self, now: Timestamp) -> Effects<'_> {
        self.unsaved = true;
        self.finish(now)
    }

    /// It goes on with what it was told, and says what it works on. The leases of its tasks begin anew (D11).
    fn outlived_the_host(&mut self, ending: Option<Ending>, now: Timestamp) {
        match ending {
            Some(Ending::Process) => self.stop_provider(false, now),
            Some(Ending::Turn) => self.interrupt(),
            None => {}
        }
        // Its word that it is up may be lost with the host. If it works on nothing, it is.
        let was_coming_up =
            self.session.status() == Status::Starting && self.session.active_turn().is_none();
        if self.interrupting.is_none() {
            self.ask(if was_coming_up { Why::Rest } else { Why::Hint });
        }
        for Task { id, due } in &self.tasks {
            self.outbox.push(Effect::SetDeadline {
                deadline: Deadline::Lease(id.clone()),
                at: *due,
            });
        }
    }

    fn died_with_the_host(&mut self, now: Timestamp) {
        let was_starting = self.session.active_turn().is_none();
        if put_back!(self, L2_03) || put_back!(self, L1_04) && was_starting {
            self.provider = Provider::Absent;
            return;
        }
        if put_back!(self, S7_01)
            && let Some(handed) = self.handed.take()
        {
            self.queue.push_front(handed.message);
        }
        let pending = self.handed.take_if(|_| put_back!(self, S6_05));
        let believed = put_back!(self, L2_13).then(|| core::mem::take(&mut self.session));
        self.provider_gone(true, now);
        if let Some(session) = believed {
            self.session = session;
        }
        if put_back!(self, S6_05) {
            self.handed = pending;
        }
        if self.hold == Hold::Parked && !self.queue.is_empty() {
            self.report(Report::QueueParked);
        }
    }
}

/// A task or a request that stands in a snapshot twice is one: it ends once.
fn once_each<T: PartialEq>(ids: Vec<T>) -> Vec<T> {
    let mut once = Vec::with_capacity(ids.len());
    for id in ids {
        if !once.contains(&id) {
            once.push(id);
        }
    }
    once
}

impl SupervisorSnapshot {
    fn check(&self) -> Result<(), InvalidSnapshot> {
        if self.version != 1 {
            return Err(InvalidSnapshot::UnknownVersion(self.version));
        }
        let handed = self.handed.iter().map(|stored| &stored.message);
        let mut messages: Vec<&MessageId> = self.queue.iter().chain(handed).collect();
        messages.sort_unstable();
        let twice = messages
            .iter()
            .zip(messages.iter().skip(1))
            .find(|(a, b)| a == b);
        twice.map_or(Ok(()), |(message, _)| {
            Err(InvalidSnapshot::MessageTwice((*message).clone()))
        })
    }
}

impl From<Handed> for StoredMessage {
    fn from(handed: Handed) -> Self {
        Self {
            message: handed.message,
            taken: handed.taken,
            turn: handed.turn,
            begun: handed.begun,
        }
    }
}

impl From<StoredMessage> for Handed {
    fn from(stored: StoredMessage) -> Self {
        Self {
            message: stored.message,
            taken: stored.taken,
            turn: stored.turn,
            begun: stored.begun,
        }
    }
}

impl Hold {
    pub(super) fn of(parked: bool) -> Self {
        if parked { Self::Parked } else { Self::Drain }
    }
}

impl fmt::Display for InvalidSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownVersion(version) => {
                write!(f, "a snapshot of version {version}; this is version 1")
            }
            Self::MessageTwice(message) => {
                write!(f, "S7: message {message} stands in the snapshot twice")
            }
        }
    }
}

impl core::error::Error for InvalidSnapshot {}
