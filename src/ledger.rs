//! The memory of a thread: how each of its turns settled.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::{Settlement, TurnId};

/// How each turn of a thread settled.
///
/// INVARIANT: a turn in the ledger is never the active turn. Settling moves it here in the same step (R2 to R8), and
/// R4 ignores a start of a turn that is here (S3).
///
/// Sorted by id, so that a look-up costs the logarithm of the thread's length. Ids that sort by time (UUID version 7) are
/// appended, and of them the newest is looked at first: it is the one that events are about. Others are inserted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ledger {
    turns: Vec<(TurnId, Settlement)>,
}

impl Ledger {
    /// An empty ledger. Allocates nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { turns: Vec::new() }
    }

    /// How the turn settled; `None` if it did not.
    #[must_use]
    pub fn get(&self, turn: &str) -> Option<Settlement> {
        self.position(turn)
            .ok()
            .and_then(|at| self.turns.get(at))
            .map(|(_, how)| *how)
    }

    /// The settled turns, by id.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&TurnId, Settlement)> {
        self.turns.iter().map(|(turn, how)| (turn, *how))
    }

    /// How many turns have settled.
    #[must_use]
    pub fn len(&self) -> usize {
        self.turns.len()
    }

    /// Whether no turn has settled yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.turns.is_empty()
    }

    /// How the turn settled, or where it would stand.
    pub(crate) fn find(&self, turn: &TurnId) -> Result<Settlement, Vacant> {
        let at = self.position(turn.as_str()).map_err(Vacant)?;
        self.turns.get(at).map(|(_, how)| *how).ok_or(Vacant(at))
    }

    pub(crate) fn position(&self, turn: &str) -> Result<usize, usize> {
        let (mut from, mut to) = (0, self.turns.len());
        // The newest first, then the middle of what is left.
        let mut at = to.wrapping_sub(1);
        while let Some((known, _)) = self.turns.get(at).filter(|_| from < to) {
            match known.as_str().cmp(turn) {
                Ordering::Equal => return Ok(at),
                Ordering::Less => from = at.saturating_add(1),
                Ordering::Greater => to = at,
            }
            at = from.midpoint(to);
        }
        Err(from)
    }

    /// The last by id; where ids sort by time, the one that settled last.
    pub(crate) fn newest(&self) -> Option<&TurnId> {
        self.turns.last().map(|(turn, _)| turn)
    }

    pub(crate) fn at(&self, at: usize) -> Option<&TurnId> {
        self.turns.get(at).map(|(turn, _)| turn)
    }

    /// Writes how a turn settled that had not, and tells where.
    pub(crate) fn enter(&mut self, Vacant(at): Vacant, turn: TurnId, how: Settlement) -> usize {
        let at = at.min(self.turns.len());
        self.turns.insert(at, (turn, how));
        at
    }

    /// Writes how a turn settled and tells where: `Ok` in the place that it had, `Err` in a new one.
    pub(crate) fn record(&mut self, turn: TurnId, how: Settlement) -> Result<usize, usize> {
        let place = self.position(turn.as_str());
        match place {
            Ok(at) => {
                if let Some((_, known)) = self.turns.get_mut(at) {
                    *known = how;
                }
            }
            Err(at) => self.turns.insert(at, (turn, how)),
        }
        place
    }
}

/// Where a turn that has not settled would stand. Void once the ledger has changed.
pub(crate) struct Vacant(usize);
