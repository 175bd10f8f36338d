//! The state of the world around the session: what is really so, and what the host remembers.

use std::hash::{Hash, Hasher};

use crate::world::told::{Told, Turn};
use crate::world::traffic::{Queue, Source, Traffic};

/// The provider's process, as it really is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Process {
    /// Not launched yet.
    Absent,
    /// There.
    Up,
    /// It exited, crashed or was stopped by the user.
    Gone,
    /// The reaper stopped it.
    Reaped,
}

/// What the reaper holds between its read and its stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permit {
    /// Nothing.
    None,
    /// A permit, and the session has done nothing since.
    Fresh,
    /// A permit, and the session has moved since.
    SessionMoved,
    /// A permit, and the session was commanded since.
    Commanded,
}

/// An age on the model's clock: now, a while ago, longer ago than the reaper waits.
pub type Age = u8;

/// The age at which the reaper may stop a session.
pub const OLD: Age = 2;

/// What is left of the misbehaviour that a scope allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Budget {
    /// Launches of the provider's process.
    pub launches: u8,
    /// Departures of the provider from the plain course of a turn, each of its many kinds.
    pub deviations: u8,
    /// Crashes of the process.
    pub crashes: u8,
    /// Restarts of the host.
    pub restarts: u8,
    /// Events that are delivered a second time.
    pub duplicates: u8,
}

impl Hash for Budget {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self {
            launches,
            deviations,
            crashes,
            restarts,
            duplicates,
        } = *self;
        let all = [launches, deviations, crashes, restarts, duplicates, 0, 0, 0];
        state.write_u64(u64::from_le_bytes(all));
    }
}

impl Budget {
    /// Nothing.
    pub(crate) const NONE: Self = Self {
        launches: 0,
        deviations: 0,
        crashes: 0,
        restarts: 0,
        duplicates: 0,
    };
}

/// What the properties need to remember of the past. Nothing in the world depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ghosts {
    /// Turns that were active and no longer are, or of which an end was reported (a bit each).
    pub over: u8,
    /// The session was told that it is closed, and not that it is open again.
    pub closed: bool,
    /// The turn that the provider works on, that the session has shown as active, and of which nothing that
    /// arrived has said that it is over.
    pub owed: Option<Turn>,
    /// How long ago the session was last commanded or last changed what it shows.
    pub quiet: Age,
    /// The safety properties that a step has broken (a bit each).
    pub broken: u8,
}

impl Hash for Ghosts {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self {
            over,
            closed,
            owed,
            quiet,
            broken,
        } = *self;
        let owed = owed.map_or(0, Turn::bit);
        let all = [over, closed.into(), owed, quiet, broken, 0, 0, 0];
        state.write_u64(u64::from_le_bytes(all));
    }
}

/// The world around the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Env {
    /// The provider's process.
    pub process: Process,
    /// The turn that the provider really works on, which the session cannot see.
    pub working: Option<Turn>,
    /// How many turns have begun.
    pub begun: u8,
    /// A background task really runs.
    pub task: bool,
    /// The host was told that a background task runs.
    pub task_known: bool,
    /// What is on its way.
    pub traffic: Traffic,
    /// How long ago the host's idle clock was last set, by a command or by a lifecycle change.
    pub idle_age: Age,
    /// What the reaper holds.
    pub permit: Permit,
    /// What may still go wrong.
    pub budget: Budget,
    /// What the properties remember.
    pub ghosts: Ghosts,
}

impl Env {
    /// Drops what can no longer matter, so that worlds with the same future are one state.
    pub(crate) fn settle(&mut self) {
        if self.ghosts.owed != self.working {
            self.ghosts.owed = None;
        }
        if self.process != Process::Up {
            self.idle_age = 0;
            self.ghosts.quiet = 0;
            self.permit = Permit::None;
            if self.budget.launches == 0 {
                self.budget.deviations = 0;
                self.budget.crashes = 0;
            }
        }
    }

    pub(crate) fn new(budget: Budget) -> Self {
        Self {
            process: Process::Absent,
            working: None,
            begun: 0,
            task: false,
            task_known: false,
            traffic: Traffic::default(),
            idle_age: 0,
            permit: Permit::None,
            budget,
            ghosts: Ghosts::default(),
        }
    }

    /// The world without what is on its way, and that. Only arrivals and posts depend on both.
    pub(crate) fn apart(mut self) -> (Self, Traffic) {
        let traffic = std::mem::take(&mut self.traffic);
        (self, traffic)
    }

    /// What is on its way from a source.
    #[must_use]
    pub fn queue(&self, source: Source) -> Queue {
        self.traffic.queue(source)
    }

    /// How many events are on their way.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.traffic.len()
    }

    /// The events on their way, whenever they may arrive.
    pub fn on_the_way(&self) -> impl Iterator<Item = Told> {
        let Traffic {
            turns,
            session,
            duplicate,
        } = self.traffic;
        turns
            .iter()
            .chain(session.iter())
            .chain(duplicate.map(Told::from))
    }

    /// The events of which one arrives next.
    pub fn next_to_arrive(&self) -> impl Iterator<Item = Told> {
        let Traffic {
            turns,
            session,
            duplicate,
        } = self.traffic;
        [turns.head(), session.head(), duplicate.map(Told::from)]
            .into_iter()
            .flatten()
    }

    /// The next turn to begin, if the scope has one left.
    #[must_use]
    pub fn next_turn(&self, turns: u8) -> Option<Turn> {
        Turn::ALL
            .into_iter()
            .take(usize::from(turns))
            .nth(usize::from(self.begun))
    }
}
