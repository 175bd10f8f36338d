//! What the readers of native events share: T3's log records taken apart, and the memory of a connection.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde_json::value::RawValue;

use super::bad_line::{BadLine, Wrong, excerpt};
use super::event::RuntimeEvent;
use super::frame::{Frame, PassedOver, Record, Wanted, frame_bytes};
use super::json::{Field, inside, pick, text, word};
use super::reader::{Reading, StreamEnd};
use crate::{Event, Message, TurnId, TurnResult};

/// How many threads a reader remembers. The one that has been silent longest is forgotten first.
const REMEMBERED: usize = 1024;

/// A provider's message as it came: bare, or inside a record of T3's native log (`{observedAt, event}`).
pub(crate) struct Native<'a> {
    /// The provider's message.
    pub(crate) body: Record<'a>,
    /// The same, where it stands inside a record.
    pub(crate) payload: Field<'a>,
    /// What the record calls the thread.
    pub(crate) thread: Option<String>,
    /// The method or type that the record gives beside the message.
    pub(crate) method: Field<'a>,
    /// What the record itself says beside the message.
    pub(crate) said: Field<'a>,
    /// The turn that the record names.
    pub(crate) turn: Field<'a>,
    /// When it was observed.
    pub(crate) at: Option<String>,
}

impl<'a> Native<'a> {
    /// Takes a line apart; `Err` inside `Ok` where there is no message in it.
    pub(crate) fn of(line: &'a [u8]) -> Result<Result<Self, Reading>, BadLine> {
        let record = match frame_bytes(line, Wanted::Native)? {
            Frame::Blank => return Ok(Err(Reading::Blank)),
            Frame::PassedOver(why) => return Ok(Err(Reading::PassedOver(why))),
            Frame::Record(record) => record,
        };
        let [observed, event] = record.object(|text| pick(text, ["observedAt", "event"]))?;
        if observed.is_none() || event.is_none() {
            return Ok(Ok(Self {
                body: record,
                payload: None,
                thread: None,
                method: None,
                said: None,
                turn: None,
                at: None,
            }));
        }
        let [
            thread,
            provider_thread,
            turn,
            created,
            method,
            kind,
            said,
            payload,
        ] = inside(
            event,
            [
                "threadId",
                "providerThreadId",
                "turnId",
                "createdAt",
                "method",
                "type",
                "message",
                "payload",
            ],
        );
        Ok(Ok(Self {
            body: Record::of_part(payload.map_or("{}", |payload| payload.get())),
            payload,
            thread: word(thread).or_else(|| word(provider_thread)),
            method: method.or(kind),
            said,
            turn,
            at: when(created.or(observed)),
        }))
    }
}

/// Whose event it is, and what the line says of it beside the fact.
pub(crate) struct Teller {
    pub(crate) thread: String,
    pub(crate) native: String,
    pub(crate) at: Option<String>,
}

impl Teller {
    /// For what the end of the stream says of a thread.
    pub(crate) fn at_the_end(thread: String) -> Self {
        Self {
            thread,
            native: "end".into(),
            at: None,
        }
    }

    /// The facts that the line tells, as events of its thread.
    pub(crate) fn tell(self, facts: impl IntoIterator<Item = Event>) -> Reading {
        let events: Vec<RuntimeEvent> = self.events(facts).collect();
        if events.is_empty() {
            Reading::PassedOver(PassedOver::Aside)
        } else {
            Reading::Events(events)
        }
    }

    pub(crate) fn events(
        self,
        facts: impl IntoIterator<Item = Event>,
    ) -> impl Iterator<Item = RuntimeEvent> {
        facts.into_iter().map(move |event| RuntimeEvent {
            thread_id: self.thread.clone(),
            event_type: self.native.clone(),
            created_at: self.at.clone(),
            event,
        })
    }

    /// What is wrong, with the thread.
    pub(crate) fn bad(&self, wrong: Wrong) -> BadLine {
        BadLine {
            thread_id: Some(self.thread.clone()),
            wrong,
        }
    }
}

/// A name that a message must have.
pub(crate) fn name(field: Field<'_>, wrong: fn(Option<String>) -> Wrong) -> Result<String, Wrong> {
    word(field).ok_or_else(|| wrong(field.map(|value| excerpt(value.get()))))
}

/// The thread that a message names, if it does.
pub(crate) fn thread(field: Field<'_>) -> Result<Option<String>, Wrong> {
    match (field, word(field)) {
        (None, _) => Ok(None),
        (Some(_), Some(thread)) => Ok(Some(thread)),
        (Some(value), None) => Err(Wrong::MissingThread {
            value: Some(excerpt(value.get())),
        }),
    }
}

/// A state as a text, whatever it says.
pub(crate) fn state(of: &'static str, field: Field<'_>) -> Result<String, Wrong> {
    let value = field.ok_or(Wrong::MissingState { of })?;
    text(value).ok_or_else(|| unknown_state(of, value))
}

/// A state that its table does not know.
pub(crate) fn unknown_state(of: &'static str, value: &RawValue) -> Wrong {
    Wrong::UnknownState {
        of,
        value: excerpt(value.get()),
    }
}

/// When something was: a text as it stands; a number is the milliseconds since 1970, and becomes the ISO time that hosts store.
pub(crate) fn when(field: Field<'_>) -> Option<String> {
    let value = field?;
    let millis = || value.get().parse().ok();
    let iso = |millis| Timestamp::from_millisecond(millis).ok();
    text(value).or_else(|| millis().and_then(iso).map(|time| format!("{time:.3}")))
}

/// A text for people, where there is one.
pub(crate) fn message(field: Field<'_>) -> Option<Message> {
    field.and_then(text).map(Message::from)
}

/// The end of a turn, named or not.
pub(crate) fn ended(turn: Option<TurnId>, result: TurnResult, message: Option<Message>) -> Event {
    Event::TurnCompleted {
        turn,
        result,
        message,
    }
}

/// The names of turns that a provider does not name.
#[derive(Debug, Default)]
pub(crate) struct Mint {
    /// What stands before the number, if it is not `turn-`.
    pub(crate) prefix: Option<String>,
    minted: u64,
}

impl Mint {
    /// A turn id that has not been given before.
    pub(crate) fn next(&mut self) -> TurnId {
        self.minted = self.minted.saturating_add(1);
        let prefix = self.prefix.as_deref().unwrap_or("turn-");
        format!("{prefix}{}", self.minted).into()
    }
}

/// Gives a reader the choice of how it names turns.
macro_rules! names_turns {
    ($reader:ty, $($mint:ident).+) => {
        impl $reader {
            /// The same reader, which calls the turns that nobody names `<prefix>1`, `<prefix>2`, ... instead of `turn-1`,
            /// `turn-2`, ...
            ///
            /// Each reader counts from 1. A session whose ledger outlives the reader would take a number that it knows for
            /// the late start of a turn that is over, and ignore it (R4). So a host that makes a reader for each connection,
            /// or reads on after a restart, gives each a prefix of its own, from an epoch, a process or a time.
            #[must_use]
            pub fn with_turn_prefix(mut self, prefix: impl Into<alloc::string::String>) -> Self {
                self.$($mint).+.prefix = Some(prefix.into());
                self
            }
        }
    };
}
pub(crate) use names_turns;

/// The threads of a connection, each with what has to be remembered of it.
#[derive(Debug)]
pub(crate) struct Threads<M> {
    known: BTreeMap<String, (u64, M)>,
    clock: u64,
    /// One row of numbers for the whole connection: no thread, not even a forgotten one, ever sees a number again.
    pub(crate) mint: Mint,
}

impl<M> Default for Threads<M> {
    fn default() -> Self {
        Self {
            known: BTreeMap::new(),
            clock: 0,
            mint: Mint::default(),
        }
    }
}

impl<M: Default> Threads<M> {
    /// The memory of a thread, an empty one if the thread is new.
    pub(crate) fn of(&mut self, thread: &str) -> &mut M {
        self.clock = self.clock.saturating_add(1);
        if !self.known.contains_key(thread) && self.known.len() >= REMEMBERED {
            let stalest = self.known.iter().min_by_key(|(_, (heard, _))| *heard);
            if let Some(stalest) = stalest.map(|(thread, _)| thread.clone()) {
                self.known.remove(&stalest);
            }
        }
        let (heard, memory) = self.known.entry(thread.into()).or_default();
        *heard = self.clock;
        memory
    }

    /// The memory of a thread that has been heard of.
    pub(crate) fn get(&self, thread: &str) -> Option<&M> {
        self.known.get(thread).map(|(_, memory)| memory)
    }

    /// The thread of the connection, if there is but one: an event that names none can only be about it.
    pub(crate) fn only(&self) -> Option<&str> {
        let mut threads = self.known.keys();
        match (threads.next(), threads.next()) {
            (Some(thread), None) => Some(thread),
            _ => None,
        }
    }

    /// Whether no thread has been heard of.
    #[cfg(feature = "acp")]
    pub(crate) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// A turn id that this reader has not minted before.
    pub(crate) fn mint(&mut self) -> TurnId {
        self.mint.next()
    }

    /// The stream ends, and with it every session; where it broke off, each has failed.
    pub(crate) fn exit(&mut self, end: StreamEnd<'_>) -> Vec<RuntimeEvent> {
        let failed = || match end {
            StreamEnd::Closed => None,
            StreamEnd::Failed(why) => Some(Event::RuntimeError {
                turn: None,
                message: Some(why.into()),
            }),
        };
        let exits = |(thread, _)| {
            let facts = failed().into_iter().chain([Event::SessionExited]);
            Teller::at_the_end(thread).events(facts)
        };
        self.drain().flat_map(exits).collect()
    }

    /// Every thread, in the order of their names, forgotten as it is given.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = (String, M)> + use<M> {
        core::mem::take(&mut self.known)
            .into_iter()
            .map(|(thread, (_, memory))| (thread, memory))
    }
}
