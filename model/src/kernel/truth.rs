//! What is really so: the provider's process, its work, and what is on its way in both directions.

use session_lifecycle::TurnResult;

use crate::kernel::allowance::Allowance;
use crate::world::{Told, Turn, Wire};

/// A message of the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mail {
    /// The first.
    M1,
    /// The second.
    M2,
}

impl Mail {
    /// Both messages.
    pub const ALL: [Self; 2] = [Self::M1, Self::M2];

    /// The id that the shipped code sees.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::M1 => "m1",
            Self::M2 => "m2",
        }
    }

    /// The message of that id.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mail| mail.name() == name)
    }
}

/// A background task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Job {
    /// The first.
    K1,
    /// The second.
    K2,
}

impl Job {
    /// Both tasks.
    pub const ALL: [Self; 2] = [Self::K1, Self::K2];

    /// The id that the shipped code sees.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::K1 => "k1",
            Self::K2 => "k2",
        }
    }

    /// The task of that id.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|job| job.name() == name)
    }

    /// Its place in a set of tasks.
    #[must_use]
    pub fn bit(self) -> u8 {
        1 << self as u8
    }

    pub(super) fn owed(self) -> Owed {
        match self {
            Self::K1 => Owed::FirstTask,
            Self::K2 => Owed::SecondTask,
        }
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fate {
    /// The user has sent it.
    pub submitted: bool,
    /// The user was told that it is accepted.
    pub accepted: bool,
    /// How often it reached the provider.
    pub reached: u8,
    /// The user was told that it failed, or may have.
    pub reported: bool,
}

/// The provider's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Process {
    /// There is none.
    Off,
    /// It comes up.
    Booting,
    /// It works, or waits for work.
    Up,
    /// It is there, and neither hears nor says anything.
    Mute,
}

/// What the host asked of the provider's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ask {
    /// Take this message.
    Send(Mail),
    /// Interrupt this turn, or whatever runs.
    Interrupt(Option<Turn>),
    /// Say what became of this turn.
    Read(Option<Turn>),
    /// Go.
    Stop,
    /// End the background task.
    StopTask(Job),
    /// The request is answered or cancelled.
    Settle,
}

/// What the provider answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reply {
    /// It is up.
    Started,
    /// It could not come up.
    StartFailed,
    /// It took the message.
    Sent(Mail, Option<Turn>),
    /// It did not take the message.
    SendFailed(Mail, bool),
    /// It interrupted.
    Interrupted,
    /// There is nothing to interrupt.
    Nothing,
    /// The turn runs.
    Runs(Option<Turn>),
    /// The turn ended.
    Ended(Option<Turn>, TurnResult),
    /// It knows nothing of the turn.
    Unknown(Option<Turn>),
    /// It is gone.
    Stopped,
    /// It could not be stopped.
    StopFailed,
}

/// What a provider says beside its lifecycle, and its lifecycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum News {
    /// A lifecycle event.
    Told(Wire),
    /// A background task began.
    TaskStarted(Job),
    /// A background task ended.
    TaskEnded(Job),
    /// A request was opened.
    RequestOpened,
    /// A request was resolved.
    RequestResolved,
    /// A resume cursor.
    Cursor,
}

impl From<Told> for News {
    fn from(told: Told) -> Self {
        Self::Told(told.into())
    }
}

/// A short queue, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShortQueue<T, const N: usize>([Option<T>; N]);

impl<T: Copy, const N: usize> Default for ShortQueue<T, N> {
    fn default() -> Self {
        Self([None; N])
    }
}

impl<T: Copy, const N: usize> ShortQueue<T, N> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().flatten().count()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.first().is_none_or(Option::is_none)
    }

    /// The oldest.
    #[must_use]
    pub fn head(&self) -> Option<T> {
        self.0.first().copied().flatten()
    }

    /// All, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = T> {
        self.0.iter().flatten().copied()
    }

    pub(crate) fn push(&mut self, item: T) -> Option<()> {
        let free = self.0.iter_mut().find(|slot| slot.is_none())?;
        *free = Some(item);
        Some(())
    }

    pub(crate) fn pop(&mut self) -> Option<T> {
        let head = self.0.first_mut()?.take();
        self.0.rotate_left(1);
        head
    }
}

/// The age of a session that has been idle for longer than the reaper waits. The supervisor asks no more of an age than
/// whether it is past that.
pub(super) const OLD: u8 = 1;

/// Everything around the supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Truth {
    /// The process.
    pub process: Process,
    /// Which start of the provider it belongs to.
    pub epoch: u8,
    /// The turn that it really works on.
    pub turn: Option<Turn>,
    /// It began that turn by itself.
    pub is_own: bool,
    /// How many turns have begun.
    pub begun: u8,
    /// How each turn really ended.
    pub ended: [Option<TurnResult>; 3],
    /// The background tasks that run (a bit each).
    pub tasks: u8,
    /// A request waits.
    pub request: bool,
    /// What is on its way to the provider.
    pub asks: ShortQueue<Ask, 6>,
    /// What the provider said, with the epoch that said it.
    pub news: ShortQueue<(u8, News), 3>,
    /// What the provider answered, with the epoch that was asked.
    pub replies: ShortQueue<(u8, Reply), 2>,
    /// An event that comes again.
    pub again: Option<(u8, News)>,
    /// What became of the messages.
    pub mail: [Fate; 2],
    /// How long ago the supervisor's idle clock was set.
    pub idle_age: u8,
    /// What may still happen.
    pub allowance: Allowance,
    /// What the properties remember.
    pub memory: Remembered,
}

/// What the properties have to remember. Nothing in the world depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Remembered {
    /// Turns that were active and no longer are, or of which an end was heard.
    pub over: u8,
    /// The turn that really runs, that was shown, and of which nothing heard has said that it is over.
    pub owed: Option<Turn>,
    /// The user said stop or interrupt, and nothing since that wants work.
    pub fence: bool,
    /// What really runs was told to end, or said itself that it is over.
    pub excused: bool,
    /// Something that should have been reported was not, or was not true.
    pub misled: bool,
    /// How long ago the session changed what it shows, or was commanded.
    pub quiet: u8,
    /// What the user's latest interrupt still has to end (a bit each).
    pub interrupted: u8,
    /// The queue waits although the user has sent something since it was put on hold.
    pub forgotten: bool,
    /// The safety properties that a step has broken.
    pub broken: u16,
}

/// What an interrupt has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owed {
    /// The turn that runs.
    Turn = 1,
    /// The first background task.
    FirstTask = 2,
    /// The second.
    SecondTask = 4,
    /// The open request.
    Request = 8,
    /// The turn that the message in hand begins.
    Message = 16,
}

impl Truth {
    /// Puts something to the provider. One that is mute never takes it up.
    pub(super) fn ask(&mut self, ask: Ask) -> Option<()> {
        if self.process == Process::Mute {
            return Some(());
        }
        self.asks.push(ask)
    }

    /// What a deadline waits for may still come.
    pub(super) fn is_talking(&self) -> bool {
        let is_heard = self.process == Process::Up && !self.asks.is_empty();
        let is_on_its_way = !self.news.is_empty() || !self.replies.is_empty();
        self.process == Process::Booting || is_heard || is_on_its_way
    }

    pub(super) fn owes(&mut self, owed: Owed, really: bool) {
        if really {
            self.memory.interrupted |= owed as u8;
        }
    }

    pub(super) fn owes_no_more(&mut self, owed: Owed, really: bool) {
        if really {
            self.memory.interrupted &= !(owed as u8);
        }
    }
}
