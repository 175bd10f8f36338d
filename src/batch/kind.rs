//! An event without its texts.

use alloc::vec::Vec;

use crate::{Event, Message, SessionState, ThreadState, TurnId, TurnResult};

/// What an event says besides the texts that it brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind(u8);

/// There are no more kinds.
pub(super) const KINDS: usize = 64;

// Eight of each group, and all of it once more with a message.
const STATE: u8 = 8;
const RESULT: u8 = 16;
const THREAD_STATE: u8 = 24;
const SPOKEN: u8 = 32;

impl Kind {
    pub(super) fn of(event: Event) -> (Self, Option<TurnId>, Option<Message>) {
        let (number, turn, message) = match event {
            Event::SessionStarted => (0, None, None),
            Event::ThreadStarted => (1, None, None),
            Event::SessionExited => (2, None, None),
            Event::TurnStarted { turn } => (3, turn, None),
            Event::TurnAborted { turn } => (4, turn, None),
            Event::RuntimeError { turn, message } => (5, turn, message),
            Event::WorkObserved { turn } => (6, turn, None),
            Event::Noticed => (7, None, None),
            Event::SessionStateChanged { state, reason } => (STATE | state as u8, None, reason),
            Event::TurnCompleted {
                turn,
                result,
                message,
            } => (RESULT | result as u8, turn, message),
            Event::ThreadStateChanged(state) => (THREAD_STATE | state as u8, None, None),
        };
        let spoken = if message.is_some() { SPOKEN } else { 0 };
        (Self(number | spoken), turn, message)
    }

    pub(super) fn place(self) -> usize {
        usize::from(self.0)
    }
}

/// An event of every kind, about this turn and with this message where it has room for them.
pub(super) fn every(turn: Option<&TurnId>, message: Option<&Message>) -> Vec<Event> {
    let (turn, message) = (|| turn.cloned(), || message.cloned());
    let mut events = Vec::from([
        Event::SessionStarted,
        Event::ThreadStarted,
        Event::SessionExited,
        Event::TurnStarted { turn: turn() },
        Event::TurnAborted { turn: turn() },
        Event::RuntimeError {
            turn: turn(),
            message: message(),
        },
        Event::WorkObserved { turn: turn() },
        Event::Noticed,
    ]);
    let reason = message;
    events.extend(SessionState::ALL.map(|state| Event::SessionStateChanged {
        state,
        reason: reason(),
    }));
    let results = [
        TurnResult::Completed,
        TurnResult::Failed,
        TurnResult::Interrupted,
    ];
    events.extend(results.map(|result| Event::TurnCompleted {
        turn: turn(),
        result,
        message: message(),
    }));
    events.extend(ThreadState::ALL.map(Event::ThreadStateChanged));
    events
}
