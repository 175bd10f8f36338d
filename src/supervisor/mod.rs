//! The decisions of a host, without its input and output.
//!
//! A host keeps one [`Supervisor`] for each thread, tells it everything that happens to the thread as an [`Input`], and
//! performs the [`Effect`]s that come back, in their order. The supervisor decides; the host performs. Time is passed
//! in, nothing is read, nothing blocks.
//!
//! ```
//! use session_lifecycle::supervisor::{Answer, Command, Effect, Epoch, Input, Patience, ProviderEvent, Supervisor};
//! use session_lifecycle::{Event, Timestamp};
//!
//! let now = Timestamp::default();
//! let mut supervisor = Supervisor::new(Patience::default(), now);
//! let mut wanted = supervisor.handle(Input::Command(Command::Send("m1".into())), now).into_vec();
//! let epoch = Epoch(1);
//! assert!(wanted.contains(&Effect::Start { epoch, cursor: None })); // nothing runs yet
//!
//! // The host starts the provider, and tells what came of it ...
//! wanted = supervisor.handle(Input::Answer { epoch, answer: Answer::Started }, now).into_vec();
//! assert!(wanted.contains(&Effect::Send { epoch, message: "m1".into() }));
//!
//! // ... and what the provider says.
//! let event = ProviderEvent::Lifecycle(Event::TurnStarted { turn: Some("t1".into()) });
//! wanted = supervisor.handle(Input::Event { epoch: Some(epoch), event }, now).into_vec();
//! assert_eq!(wanted.first(), Some(&Effect::Persist)); // the snapshot, before anything that follows
//! assert!(supervisor.working());
//! ```
//!
//! The repository's `docs/guide.md` shows the loop around it, with timers, storage and a process.

mod advance;
mod answers;
mod commands;
mod deadlines;
mod effect;
mod events;
mod ids;
#[cfg(feature = "faults")]
mod image;
mod input;
mod questions;
mod scar;
mod snapshot;

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::time::Duration;

pub use effect::{Effect, Effects, Refusal, Report};
pub use ids::{ConfigId, Cursor, Epoch, MessageId, RequestId, TaskId};
#[cfg(feature = "faults")]
pub use image::Image;
pub use input::{Answer, Command, Deadline, Input, ProviderEvent, TrueState};
pub use questions::Busy;
pub use snapshot::{Ending, InvalidSnapshot, StoredMessage, SupervisorSnapshot};

use crate::{AnySession, IdleClock, Timestamp, TurnId};
use deadlines::Armed;

/// How long a supervisor waits for what, before it draws a conclusion. By default half a minute for the provider's
/// answers, one to come up, ten seconds to be gone; ten minutes for signs of life of a turn, an hour and a half for those
/// of a task; half an hour for the reaper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Patience {
    /// For a provider to come up.
    pub start: Duration,
    /// For a message that was handed over to begin a turn.
    pub send: Duration,
    /// For an interrupt to take effect.
    pub interrupt: Duration,
    /// For an answer to what the provider works on.
    pub read: Duration,
    /// For a process to be gone.
    pub stop: Duration,
    /// For a sign of life of a turn: work that is seen of it, and not whatever else its provider may say. Longer than any
    /// silence of a provider that works.
    pub stall: Duration,
    /// For a sign of life of a background task.
    pub lease: Duration,
    /// For the reaper: how long a session must have had nothing to do.
    pub idle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let answer = Duration::from_secs(30);
        Self {
            start: Duration::from_secs(60),
            send: answer,
            interrupt: answer,
            read: answer,
            stop: Duration::from_secs(10),
            stall: Duration::from_secs(600),
            lease: Duration::from_secs(5_400),
            idle: Duration::from_secs(1_800),
        }
    }
}

/// The provider's process, as far as the host knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Provider {
    /// There is none.
    Absent,
    /// It was asked to start.
    Starting,
    /// It is there.
    Up,
    /// It was asked to go.
    Stopping,
}

/// What becomes of queued messages when the session is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Hold {
    /// They are sent.
    Drain,
    /// They wait for a new command (S10).
    Parked,
}

/// A message that was handed to the provider and has not begun a turn.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Handed {
    pub(crate) message: MessageId,
    /// The provider has said that it took the message.
    pub(crate) taken: bool,
    /// The turn that it named then, unconfirmed (L2-02).
    pub(crate) turn: Option<TurnId>,
    /// A turn began before it said so.
    pub(crate) begun: bool,
}

/// An interrupt that has not taken effect.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Interrupting {
    /// There is nothing to interrupt yet: the turn is about to begin (L4-05).
    Latched,
    /// The provider was asked to interrupt this turn, or whatever runs.
    Asked(Option<TurnId>),
}

/// Why the provider was asked what it works on, the weightier the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Why {
    /// Something made the host wonder. Without an answer nothing follows.
    Hint,
    /// The provider says that it is at rest, and a turn is shown. It may mean an earlier turn (D7, S4-06).
    Rest,
    /// The provider says that it has failed, and names no turn, while one is shown. It may mean an earlier one (D8).
    Failure,
    /// Nothing was heard for too long, or there is nothing to interrupt. A provider that does not answer is mute.
    Press,
}

/// A question to the provider that has no answer yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PendingRead {
    pub(crate) turn: Option<TurnId>,
    /// Why it was asked.
    pub(crate) why: Why,
    /// There was a reason to ask after it was asked: that it runs may have been said before (S5).
    pub(crate) again: bool,
}

/// Background work with a lease.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Task {
    pub(crate) id: TaskId,
    pub(crate) due: Timestamp,
}

/// The decisions of a host for one thread.
#[derive(Debug)]
pub struct Supervisor {
    patience: Patience,
    session: AnySession,
    epoch: Epoch,
    provider: Provider,
    queue: VecDeque<MessageId>,
    hold: Hold,
    handed: Option<Handed>,
    /// A start that was refused because another turn was active: it begins when that one has settled.
    offered: Option<TurnId>,
    interrupting: Option<Interrupting>,
    reading: Option<PendingRead>,
    tasks: Vec<Task>,
    requests: Vec<RequestId>,
    config: Option<ConfigId>,
    cursor: Option<Cursor>,
    clock: IdleClock,
    armed: Armed,
    /// Something that is stored has changed in this step.
    unsaved: bool,
    outbox: Vec<Effect>,
    /// The published defect that it carries.
    #[cfg(feature = "faults")]
    fault: Option<crate::Fault>,
    /// What only a published defect remembers.
    #[cfg(feature = "faults")]
    scar: scar::Scar,
}

impl Supervisor {
    /// A supervisor of a thread of which nothing is known yet.
    #[must_use]
    pub fn new(patience: Patience, now: Timestamp) -> Self {
        Self {
            patience,
            session: AnySession::new(),
            epoch: Epoch::default(),
            provider: Provider::Absent,
            queue: VecDeque::new(),
            hold: Hold::Drain,
            handed: None,
            offered: None,
            interrupting: None,
            reading: None,
            tasks: Vec::new(),
            requests: Vec::new(),
            config: None,
            cursor: None,
            clock: IdleClock::new(now),
            armed: Armed::default(),
            unsaved: false,
            outbox: Vec::new(),
            #[cfg(feature = "faults")]
            fault: None,
            #[cfg(feature = "faults")]
            scar: scar::Scar::default(),
        }
    }

    /// Takes note of what happened, and says what has to be done about it.
    ///
    /// Total: there is an answer to every input in every state. What is outdated changes nothing.
    pub fn handle(&mut self, input: Input, now: Timestamp) -> Effects<'_> {
        match input {
            Input::Event { epoch, event } => self.hear(epoch, event, now),
            Input::Command(command) => self.obey(command, now),
            Input::Answer { epoch, answer } => self.learn(epoch, answer, now),
            Input::Due(deadline) => self.lose_patience(deadline, now),
            Input::Sweep => self.sweep(now),
        }
        self.finish(now)
    }

    /// Draws the consequences, and gives out what has to be done: reports, what has to be stored, then the rest.
    fn finish(&mut self, now: Timestamp) -> Effects<'_> {
        self.advance(now);
        let is_late = put_back!(self, S5_11) && self.session.active_turn().is_some();
        if !is_late && core::mem::take(&mut self.unsaved) {
            self.then(Effect::Persist);
        }
        // Reports come before what forgets their cause, so that a host that dies between the two reports twice rather
        // than never (L3); what is stored comes before whatever relies on it (S6, S7).
        let persists_last = put_back!(self, S6_07);
        self.outbox.sort_by_key(|effect| match effect {
            Effect::Report(_) => 0_u8,
            Effect::Persist if persists_last => 3,
            Effect::Persist => 1,
            Effect::Accept
            | Effect::Refuse(_)
            | Effect::Start { .. }
            | Effect::Configure { .. }
            | Effect::Send { .. }
            | Effect::Interrupt { .. }
            | Effect::StopTask { .. }
            | Effect::Answer { .. }
            | Effect::CancelRequest { .. }
            | Effect::Read { .. }
            | Effect::Stop { .. }
            | Effect::SetDeadline { .. }
            | Effect::ClearDeadline(_) => 2,
        });
        Effects {
            drain: self.outbox.drain(..),
        }
    }

    fn then(&mut self, effect: Effect) {
        self.outbox.push(effect);
    }

    fn report(&mut self, report: Report) {
        self.outbox.push(Effect::Report(report));
    }
}
