//! What is checked: the shipped logic, a shipped logic with a defect, or somebody's own reducer.

use std::fmt::Debug;
use std::hash::Hash;

use session_lifecycle::{Settlement, Status};

use crate::induction::Induction;
use crate::properties::PropertyId;
use crate::world::{Env, Permit, Told, Turn};

/// A piece of lifecycle logic, as the world sees it. [`Shipped`](crate::Shipped) is the crate's own; a host's own is
/// made one by [`Reducer`](crate::Reducer).
pub trait Subject: Clone + Send + Sync + 'static {
    /// What it keeps of one session.
    type Session: Clone + Eq + Hash + Debug + Send + Sync + 'static;

    /// Whether it can say how a turn settled; without that, S8 cannot be asked.
    const HAS_LEDGER: bool;

    /// The properties that can be asked of it, beside S8.
    fn properties(&self) -> &'static [PropertyId];

    /// A session of which nothing is known yet.
    fn initial(&self) -> Self::Session;

    /// Folds an event into the session.
    fn fold(&self, session: &Self::Session, told: Told) -> Consequence<Self::Session>;

    /// What the session shows.
    fn status(&self, session: &Self::Session) -> Status;

    /// The turn that the session points at.
    fn active(&self, session: &Self::Session) -> Option<Turn>;

    /// Whether the session points at any turn, be it one that no event has named.
    fn points(&self, session: &Self::Session) -> bool {
        self.active(session).is_some()
    }

    /// A turn that the session points at and that no event has named: nothing can be said of such a session.
    fn unknown_turn(&self, _session: &Self::Session) -> Option<String> {
        None
    }

    /// How a turn settled, if it did.
    fn settlement(&self, session: &Self::Session, turn: Turn) -> Option<Settlement>;

    /// The reaper's read: whether it may stop this session. Of the world it sees the idle clock and the task that the host
    /// was told of, and nothing else.
    fn sweep(&self, session: &Self::Session, env: &Env) -> bool;

    /// The reaper's stop: the stopped session, or `None` if the permit is void. It sees as much of the world.
    fn reap(&self, session: &Self::Session, permit: Permit, env: &Env) -> Option<Self::Session>;

    /// What the host makes of its stored row when it boots and its children are dead.
    fn restart(&self, session: &Self::Session) -> Self::Session;

    /// S1, S3 and S8 for runs of any length, where the subject's sessions can be enumerated.
    fn induction(&self) -> Option<Induction> {
        None
    }
}

/// What folding an event did.
#[derive(Clone, Debug)]
pub struct Consequence<S> {
    /// The session now.
    pub session: S,
    /// The idle clock starts anew.
    pub touched: bool,
    /// A permit to reap the session is void.
    pub moved: bool,
    /// The laws of `apply` that this step broke (a bit each, as in [`Ghosts::broken`](crate::world::Ghosts)).
    pub broken: u8,
}
