//! The states a session can be in, as types.

use crate::{AnySession, Session, Status, TurnId};

pub(crate) mod sealed {
    use crate::TurnId;

    /// Closes [`State`](super::State) to the outside, and holds what the crate itself asks of a state.
    pub trait Sealed {
        fn turn(&self) -> Option<&TurnId>;
        fn into_turn(self) -> Option<TurnId>;
        fn is_closed(&self) -> bool;
    }
}
use sealed::Sealed;

/// A state of a [`Session`]. Sealed: the seven states of this module are all there are.
pub trait State: Sealed + Sized {
    /// What a session in this state shows.
    const STATUS: Status;

    /// What an announcement (R1) makes of a session in this state.
    type Announced: Into<AnySession>;

    #[doc(hidden)]
    fn announced(session: Session<Self>) -> Self::Announced;
}

/// The states that may hold a turn: [`Starting`] and [`Running`].
pub trait Active: State {}

/// The states that have no place for a turn (S1).
pub trait Inactive: State {}

/// The states in which a turn may begin: all but [`Stopped`] (R4).
pub trait Beginning: State {}

/// Nothing has happened yet.
#[derive(Debug, PartialEq, Eq)]
pub struct Idle;

/// The provider is coming up. It may already name a turn that it will go on with.
#[derive(Debug, PartialEq, Eq)]
pub struct Starting {
    pub(crate) turn: Option<TurnId>,
}

/// The provider waits for work.
#[derive(Debug, PartialEq, Eq)]
pub struct Ready;

/// The provider is busy, perhaps before the host knows with what.
#[derive(Debug, PartialEq, Eq)]
pub struct Running {
    pub(crate) turn: Option<TurnId>,
}

/// The last work was cut short.
#[derive(Debug, PartialEq, Eq)]
pub struct Interrupted {
    pub(crate) closed: bool,
}

/// The provider has gone. Always closed.
#[derive(Debug, PartialEq, Eq)]
pub struct Stopped;

/// The provider, or its last turn, failed.
#[derive(Debug, PartialEq, Eq)]
pub struct Errored {
    pub(crate) closed: bool,
}

macro_rules! inactive {
    ($($state:ident => $status:ident, closed: $closed:expr;)+) => {$(
        impl Sealed for $state {
            fn turn(&self) -> Option<&TurnId> {
                None
            }
            fn into_turn(self) -> Option<TurnId> {
                None
            }
            fn is_closed(&self) -> bool {
                let closed: fn(&Self) -> bool = $closed;
                closed(self)
            }
        }
        impl State for $state {
            const STATUS: Status = Status::$status;
            type Announced = Session<Ready>;

            fn announced(session: Session<Self>) -> Session<Ready> {
                session.into_ready()
            }
        }
        impl Inactive for $state {}
    )+};
}

macro_rules! active {
    ($($state:ident => $status:ident;)+) => {$(
        impl Sealed for $state {
            fn turn(&self) -> Option<&TurnId> {
                self.turn.as_ref()
            }
            fn into_turn(self) -> Option<TurnId> {
                self.turn
            }
            fn is_closed(&self) -> bool {
                false
            }
        }
        impl State for $state {
            const STATUS: Status = Status::$status;
            type Announced = AnySession;

            fn announced(session: Session<Self>) -> AnySession {
                match session.turn() {
                    Some(_) => session.into_running().into(),
                    None => session.into_ready().into(),
                }
            }
        }
        impl Active for $state {}
        impl Beginning for $state {}
    )+};
}

inactive! {
    Idle => Idle, closed: |_| false;
    Ready => Ready, closed: |_| false;
    Interrupted => Interrupted, closed: |state| state.closed;
    Stopped => Stopped, closed: |_| true;
    Errored => Error, closed: |state| state.closed;
}

active! {
    Starting => Starting;
    Running => Running;
}

impl Beginning for Idle {}
impl Beginning for Ready {}
impl Beginning for Interrupted {}
impl Beginning for Errored {}
