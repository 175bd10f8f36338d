//! The events of many threads, replayed together.

mod class;
mod kind;
mod replayed;
mod standing;
mod table;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::{fmt, slice};

use self::class::Class;
use self::kind::Kind;
pub use self::replayed::Replayed;
use self::standing::Standing;
use self::table::{TEXTS, Table, place};
use crate::{AnySession, Event, Message, SessionRecord, TurnId};

/// The events of many threads in the order of their log, their ids as numbers: to be replayed, in less than half of the
/// time that rules with branches take.
///
/// Where thousands of threads interleave, each event is about another session than the one before, and no processor
/// foresees the branches of the rules. Here the rules are a table without branches. It is not written by anybody: its
/// cells hold what [`AnySession::apply`] answered when it was asked about an example of each case.
///
/// ```
/// use session_lifecycle::{Batch, Event, SessionState, Status, TurnId};
///
/// let begun = |id: &str| Event::TurnStarted { turn: Some(TurnId::from(id)) };
/// let ready = Event::SessionStateChanged { state: SessionState::Ready, reason: None };
///
/// let mut batch = Batch::new();
/// for (thread, event) in [(0, begun("a")), (1, begun("b")), (0, ready), (1, begun("c"))] {
///     batch.push(thread, event);
/// }
///
/// let mut replay = batch.replay();
/// let rejected = replay.by_ref().find(|replayed| replayed.reason() == Some("turn_conflict")).unwrap();
/// assert_eq!(rejected.thread(), 1);
/// assert_eq!(rejected.outcome().to_string(), "rejected: turn c cannot start while turn b is active");
/// assert_eq!(replay.session(0).status(), Status::Ready);
/// assert_eq!(replay.session(1).active_turn(), Some(&TurnId::from("b")));
/// ```
///
/// A batch pays for what is replayed more than once (a view of what was shown at any time, a change of the crate to be
/// tried on old logs). To number the ids takes longer than to fold each event where it is read: whoever folds a log
/// once uses [`AnySession::fold`].
#[derive(Clone)]
pub struct Batch {
    table: Table,
    events: Vec<Entry>,
    /// The numbers of each thread's turns.
    threads: Vec<BTreeMap<TurnId, Number>>,
    /// The turns of all threads, by number.
    turns: Vec<TurnId>,
    messages: Vec<Message>,
}

/// An event in numbers.
#[derive(Clone, Copy)]
struct Entry {
    thread: usize,
    turn: Number,
    /// Which of the last errors its message is.
    message: u32,
    kind: Kind,
}

/// The number of a turn. Two numbers are no turn's, so that nobody has to ask.
type Number = u32;

/// What is written here, nobody reads.
const NOWHERE: Number = 0;
/// What an event names that names no turn.
const UNNAMED: Number = 1;
const RESERVED: usize = 2;

impl Batch {
    /// No events yet. Asks `apply` about some two thousand examples: it is made for a log, not for an event.
    #[must_use]
    pub fn new() -> Self {
        Self {
            table: Table::asked_of_apply(),
            events: Vec::new(),
            threads: Vec::new(),
            turns: Vec::new(),
            messages: Vec::new(),
        }
    }

    /// Adds the next event of the log. Threads are numbered from 0, like the elements of a slice; there is room for all
    /// up to the highest number that was met.
    ///
    /// # Panics
    ///
    /// With more than about 2³² different turns or messages.
    pub fn push(&mut self, thread: usize, event: Event) {
        let (kind, turn, message) = Kind::of(event);
        if thread >= self.threads.len() {
            self.threads
                .resize_with(thread.saturating_add(1), BTreeMap::new);
        }
        let turn = turn.map_or(UNNAMED, |turn| self.number(thread, turn));
        let message = message.map_or(0, |message| {
            self.messages.push(message);
            numbered(TEXTS.len(), self.messages.len())
        });
        self.events.push(Entry {
            thread,
            turn,
            message,
            kind,
        });
    }

    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether there are no events.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// How many threads there is room for.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads.len()
    }

    /// Folds the events from the first on, each when the iterator is asked for it. The sessions are new.
    #[must_use]
    pub fn replay(&self) -> Replay<'_> {
        let row = Row {
            latest: NOWHERE,
            error: 0,
            class: self.table.number_of(Class::of(&AnySession::new().into())),
        };
        let mut standings = alloc::vec![Standing::OPEN; self.turns.len().saturating_add(RESERVED)];
        if let Some(unnamed) = standings.get_mut(UNNAMED as usize) {
            *unnamed = Standing::NO_TURN;
        }
        Replay {
            batch: self,
            next: self.events.iter(),
            rows: alloc::vec![row; self.threads.len()],
            standings,
        }
    }

    /// The number of a turn, a new one if it has none.
    fn number(&mut self, thread: usize, turn: TurnId) -> Number {
        let Some(known) = self.threads.get_mut(thread) else {
            return UNNAMED;
        };
        *known.entry(turn).or_insert_with_key(|turn| {
            self.turns.push(turn.clone());
            numbered(RESERVED, self.turns.len())
        })
    }

    fn turn(&self, number: Number) -> Option<&TurnId> {
        let at = usize::try_from(number).ok()?.checked_sub(RESERVED)?;
        self.turns.get(at)
    }
}

/// The number of the last of so many, where some are reserved.
fn numbered(reserved: usize, many: usize) -> u32 {
    let number = u32::try_from(reserved.saturating_add(many).saturating_sub(1));
    assert!(number.is_ok(), "a batch numbers at most 2^32 of a kind");
    number.unwrap_or_default()
}

/// The sessions of a [`Batch`], event by event: an iterator over what each event did.
///
/// A clone goes on from where it was made.
#[derive(Clone)]
pub struct Replay<'batch> {
    batch: &'batch Batch,
    next: slice::Iter<'batch, Entry>,
    /// What the rules ask of each session, in a few bytes.
    rows: Vec<Row>,
    /// How each turn stands, by its number.
    standings: Vec<Standing>,
}

/// A session without its texts.
#[derive(Clone, Copy)]
struct Row {
    latest: Number,
    /// Which the last error is: one of the [`TEXTS`], or a message.
    error: u32,
    class: u8,
}

impl Replay<'_> {
    /// The session of a thread as it is now; of a thread that the batch does not have, a new one.
    #[must_use]
    pub fn session(&self, thread: usize) -> AnySession {
        let (Some(row), Some(turns)) = (self.rows.get(thread), self.batch.threads.get(thread))
        else {
            return AnySession::new();
        };
        let class = self.batch.table.class(row.class);
        let latest = self.batch.turn(row.latest).cloned();
        let turns = turns.iter().filter_map(|(turn, number)| {
            let standing = self.standings.get(*number as usize)?;
            Some((turn.clone(), standing.settlement()?))
        });
        let record = SessionRecord {
            status: class.status,
            closed: class.closed,
            active_turn: latest.clone().filter(|_| class.active),
            latest_turn: latest,
            last_error: self.last_error(row.error),
            turns: turns.collect(),
        };
        record.assemble()
    }

    fn last_error(&self, error: u32) -> Option<Message> {
        let at = usize::try_from(error).ok()?;
        if let Some(text) = TEXTS.get(at) {
            return text.map(Message::from);
        }
        let at = at.checked_sub(TEXTS.len())?;
        self.batch.messages.get(at).cloned()
    }
}

impl<'batch> Iterator for Replay<'batch> {
    type Item = Replayed<'batch>;

    #[inline]
    fn next(&mut self) -> Option<Replayed<'batch>> {
        let event = self.next.next()?;
        let row = self.rows.get_mut(event.thread)?;
        let standing = *self.standings.get(event.turn as usize)?;
        let Row {
            latest,
            error,
            class,
        } = *row;
        let at = place(class, event.kind, standing, event.turn == latest);
        let cell = self.batch.table.cell(at)?;
        *row = Row {
            latest: masked(latest, !cell.names_latest) | masked(event.turn, cell.names_latest),
            error: masked(error, cell.keeps_error)
                | masked(event.message, cell.takes_message)
                | u32::from(cell.text),
            class: cell.next,
        };
        let settled = masked(latest, cell.settles_latest) | masked(event.turn, cell.settles_named);
        if let Some(standing) = self.standings.get_mut(settled as usize) {
            *standing = cell.standing;
        }
        Some(Replayed {
            batch: self.batch,
            thread: event.thread,
            at,
            latest,
            named: event.turn,
            standing,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.next.size_hint()
    }
}

impl ExactSizeIterator for Replay<'_> {}

/// The value, or 0.
fn masked(value: u32, mask: i8) -> u32 {
    value & i32::from(mask).cast_unsigned()
}

impl Default for Batch {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("events", &self.len())
            .field("threads", &self.threads())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Replay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay")
            .field("left", &self.len())
            .field("batch", self.batch)
            .finish_non_exhaustive()
    }
}
