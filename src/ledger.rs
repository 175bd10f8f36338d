//! The memory of a thread: how each of its turns settled.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::{Settlement, TurnId};

/// How each turn of a thread settled.
///
/// INVARIANT: a turn in the ledger is never the active turn. Settling moves it here in the same step (R2 to R8), and
/// R4 ignores a start of a turn that is here (S3).
///
/// Sorted by the short forms of the ids, so that a look-up costs the logarithm of the thread's length, and compares
/// numbers that lie side by side. Texts lie all over memory: only one with the same short form is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ledger {
    turns: Vec<Entry>,
}

/// INVARIANT: `short` is the short form of `turn`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Entry {
    turn: TurnId,
    short: u32,
    how: Settlement,
}

impl Ledger {
    /// An empty ledger. Allocates nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { turns: Vec::new() }
    }

    /// The ledger of these turns, each of which stands there once. Sorts them; one by one, each would move the rest.
    pub(crate) fn of(turns: Vec<(TurnId, Settlement)>) -> Self {
        let entry = |(turn, how): (TurnId, Settlement)| Entry {
            short: short(turn.as_str()),
            turn,
            how,
        };
        let mut turns: Vec<Entry> = turns.into_iter().map(entry).collect();
        turns.sort_unstable_by(|a, b| (a.short, &a.turn).cmp(&(b.short, &b.turn)));
        Self { turns }
    }

    /// How the turn settled; `None` if it did not.
    #[must_use]
    pub fn get(&self, turn: &str) -> Option<Settlement> {
        self.position(turn)
            .ok()
            .and_then(|at| self.turns.get(at))
            .map(|entry| entry.how)
    }

    /// The settled turns, by id. Sorts them.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&TurnId, Settlement)> {
        let mut turns: Vec<&Entry> = self.turns.iter().collect();
        turns.sort_unstable_by_key(|entry| &entry.turn);
        turns.into_iter().map(|entry| (&entry.turn, entry.how))
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
        let short = short(turn.as_str());
        let at = self.place(turn.as_str(), short);
        let at = at.map_err(|at| Vacant { at, short })?;
        let entry = self.turns.get(at).map(|entry| entry.how);
        entry.ok_or(Vacant { at, short })
    }

    pub(crate) fn position(&self, turn: &str) -> Result<usize, usize> {
        self.place(turn, short(turn))
    }

    fn place(&self, turn: &str, short: u32) -> Result<usize, usize> {
        let first = self.turns.partition_point(|entry| entry.short < short);
        let alike = self.turns.iter().skip(first);
        let mut at = first;
        for entry in alike.take_while(|entry| entry.short == short) {
            match entry.turn.as_str().cmp(turn) {
                Ordering::Less => at = at.saturating_add(1),
                Ordering::Equal => return Ok(at),
                Ordering::Greater => break,
            }
        }
        Err(at)
    }

    pub(crate) fn at(&self, at: usize) -> Option<&TurnId> {
        self.turns.get(at).map(|entry| &entry.turn)
    }

    /// Writes how a turn settled that had not, and tells where.
    pub(crate) fn enter(
        &mut self,
        Vacant { at, short }: Vacant,
        turn: TurnId,
        how: Settlement,
    ) -> usize {
        let at = at.min(self.turns.len());
        self.turns.insert(at, Entry { turn, short, how });
        at
    }

    /// Writes how a turn settled and tells where: `Ok` in the place that it had, `Err` in a new one.
    pub(crate) fn record(&mut self, turn: TurnId, how: Settlement) -> Result<usize, usize> {
        let short = short(turn.as_str());
        let place = self.place(turn.as_str(), short);
        match place {
            Ok(at) => {
                if let Some(entry) = self.turns.get_mut(at) {
                    entry.how = how;
                }
            }
            Err(at) => self.turns.insert(at, Entry { turn, short, how }),
        }
        place
    }
}

/// Where a turn that has not settled would stand. Void once the ledger has changed.
pub(crate) struct Vacant {
    at: usize,
    short: u32,
}

/// The short form of an id. Ids that differ seldom share one; where they do, the texts decide.
fn short(id: &str) -> u32 {
    /// The golden ratio's fraction: multiplied by it, neighbours come to lie far apart.
    const FAR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |sum: u64, word: u64| (sum.rotate_left(29) ^ word).wrapping_mul(FAR);
    let (words, rest) = id.as_bytes().as_chunks();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let rest = rest
        .iter()
        .fold(0, |rest, byte| rest << 8 | u64::from(*byte));
    (mix(words.fold(0, mix), rest) >> 32) as u32
}
