//! What an event of a batch did.

use core::fmt;

use super::class::LATEST;
use super::standing::Standing;
use super::{Batch, Number};
use crate::{Ignored, Outcome, Rejected, Transition, TurnChange, TurnId};

/// What an event of a [`Batch`] did. Spelled out when it is asked for.
#[derive(Clone, Copy)]
pub struct Replayed<'batch> {
    pub(super) batch: &'batch Batch,
    pub(super) thread: usize,
    /// The cell that said it.
    pub(super) at: usize,
    /// The latest turn of the session before.
    pub(super) latest: Number,
    pub(super) named: Number,
    /// How the turn stood that was named.
    pub(super) standing: Standing,
}

impl Replayed<'_> {
    /// The thread whose event it was.
    #[must_use]
    pub fn thread(&self) -> usize {
        self.thread
    }

    /// What [`AnySession::apply`](crate::AnySession::apply) says of the event.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self.example() {
            Some(Outcome::Applied(transition)) => Outcome::Applied(Transition {
                turn: transition.turn.as_ref().map(|change| self.change(change)),
                ..*transition
            }),
            Some(Outcome::Ignored(why)) => Outcome::Ignored(self.ignored(why)),
            Some(Outcome::Rejected(Rejected::TurnConflict { active, offered })) => {
                Outcome::Rejected(Rejected::TurnConflict {
                    active: self.turn(active),
                    offered: self.turn(offered),
                })
            }
            None => Outcome::Ignored(Ignored::NotLifecycle),
        }
    }

    /// [`Outcome::reason`], without the outcome.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        self.example().and_then(Outcome::reason)
    }

    /// [`Outcome::is_applied`], without the outcome.
    #[must_use]
    pub fn is_applied(&self) -> bool {
        self.example().is_some_and(Outcome::is_applied)
    }

    /// The outcome of the example.
    fn example(&self) -> Option<&Outcome> {
        self.batch.table.outcome(self.at)
    }

    fn change(&self, change: &TurnChange) -> TurnChange {
        match change {
            TurnChange::Began(turn) => TurnChange::Began(self.turn(turn)),
            TurnChange::Settled(turn, how) => TurnChange::Settled(self.turn(turn), *how),
            TurnChange::Corrected(turn, how) => TurnChange::Corrected(self.turn(turn), *how),
        }
    }

    fn ignored(&self, why: &Ignored) -> Ignored {
        match why {
            Ignored::NotLifecycle => Ignored::NotLifecycle,
            Ignored::NoTurnNamed => Ignored::NoTurnNamed,
            Ignored::TurnAlreadySettled { turn, settlement } => Ignored::TurnAlreadySettled {
                turn: self.turn(turn),
                settlement: self.standing.settlement().unwrap_or(*settlement),
            },
            Ignored::TurnAlreadyActive { turn } => Ignored::TurnAlreadyActive {
                turn: self.turn(turn),
            },
            Ignored::SessionClosed { turn } => Ignored::SessionClosed {
                turn: turn.as_ref().map(|turn| self.turn(turn)),
            },
            Ignored::AnotherTurnActive { active, named } => Ignored::AnotherTurnActive {
                active: self.turn(active),
                named: self.turn(named),
            },
            Ignored::TurnNotActive { turn } => Ignored::TurnNotActive {
                turn: self.turn(turn),
            },
        }
    }

    /// The turn that stands where this one stood in the example.
    fn turn(&self, example: &TurnId) -> TurnId {
        let latest = example.as_str() == LATEST;
        let number = if latest { self.latest } else { self.named };
        self.batch.turn(number).unwrap_or(example).clone()
    }
}

impl fmt::Debug for Replayed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replayed")
            .field("thread", &self.thread)
            .field("outcome", &self.outcome())
            .finish()
    }
}
