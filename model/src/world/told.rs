//! What a provider can say in the model: one byte an event.

use std::fmt;

use session_lifecycle::{
    Event, Inference, Message, SessionState, Settlement, ThreadState, TurnId, TurnResult,
};

/// A turn of the model. The rules compare ids for equality only, so three of them stand for any number
/// (`docs/properties.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Turn {
    /// The first turn that begins.
    A,
    /// The second.
    B,
    /// The third.
    C,
}

impl Turn {
    /// Every turn, in the order in which they begin.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    /// The id that the shipped code sees.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }

    /// The turn of that name, if it is one of the model's.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|turn| turn.name() == name)
    }

    pub(crate) fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

impl fmt::Display for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An event of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Told {
    /// `session.started`.
    SessionStarted,
    /// `thread.started`.
    ThreadStarted,
    /// `session.state.changed`.
    Session(SessionState),
    /// `session.exited`.
    Exited,
    /// `thread.state.changed`.
    Thread(ThreadState),
    /// `turn.started`.
    Started(Option<Turn>),
    /// `turn.completed`.
    Ended(Option<Turn>, TurnResult),
    /// `turn.aborted`.
    Aborted(Option<Turn>),
    /// `runtime.error`.
    Failed(Option<Turn>),
    /// `task.started`: background work that outlives its turn.
    TaskStarted,
    /// `task.completed`.
    TaskEnded,
    /// An item, a delta: evidence of work on a turn.
    Item(Option<Turn>),
    /// A warning, token usage: evidence of nothing.
    Noise,
}

/// A [`Told`] in one byte.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wire(std::num::NonZeroU8);

const NAMED: [Option<Turn>; 4] = [None, Some(Turn::A), Some(Turn::B), Some(Turn::C)];
const RESULTS: [TurnResult; 3] = [
    TurnResult::Completed,
    TurnResult::Failed,
    TurnResult::Interrupted,
];

impl Told {
    /// Every event of the model.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all = vec![Self::SessionStarted, Self::ThreadStarted, Self::Exited];
        all.extend([Self::TaskStarted, Self::TaskEnded, Self::Noise]);
        all.extend(SessionState::ALL.map(Self::Session));
        all.extend(ThreadState::ALL.map(Self::Thread));
        for turn in NAMED {
            all.extend([
                Self::Started(turn),
                Self::Aborted(turn),
                Self::Failed(turn),
                Self::Item(turn),
            ]);
            all.extend(RESULTS.map(|result| Self::Ended(turn, result)));
        }
        all
    }

    /// The event as the shipped code reads it.
    #[must_use]
    pub fn event(self) -> Event {
        let id = |turn: Option<Turn>| turn.map(|turn| TurnId::from(turn.name()));
        let message = || Some(Message::from("it failed"));
        match self {
            Self::SessionStarted => Event::SessionStarted,
            Self::ThreadStarted => Event::ThreadStarted,
            Self::Session(SessionState::Error) => Event::SessionStateChanged {
                state: SessionState::Error,
                reason: message(),
            },
            Self::Session(state) => Event::SessionStateChanged {
                state,
                reason: None,
            },
            Self::Exited => Event::SessionExited,
            Self::Thread(state) => Event::ThreadStateChanged(state),
            Self::Started(turn) => Event::TurnStarted { turn: id(turn) },
            Self::Ended(turn, TurnResult::Failed) => Event::TurnCompleted {
                turn: id(turn),
                result: TurnResult::Failed,
                message: message(),
            },
            Self::Ended(turn, result) => Event::TurnCompleted {
                turn: id(turn),
                result,
                message: None,
            },
            Self::Aborted(turn) => Event::TurnAborted { turn: id(turn) },
            Self::Failed(turn) => Event::RuntimeError {
                turn: id(turn),
                message: message(),
            },
            Self::TaskStarted | Self::TaskEnded => Event::WorkObserved { turn: None },
            Self::Item(turn) => Event::WorkObserved { turn: id(turn) },
            Self::Noise => Event::Noticed,
        }
    }

    /// The event as a line of a log would have it; the thread is called `trace`.
    #[must_use]
    pub fn wire(self) -> serde_json::Value {
        let shown = self.to_string();
        let kind = shown.split(' ').next().unwrap_or_default();
        let mut line = serde_json::json!({ "type": kind, "threadId": "trace" });
        let turn = match self {
            Self::Started(turn)
            | Self::Ended(turn, _)
            | Self::Aborted(turn)
            | Self::Failed(turn)
            | Self::Item(turn) => turn,
            Self::SessionStarted
            | Self::ThreadStarted
            | Self::Session(_)
            | Self::Exited
            | Self::Thread(_)
            | Self::TaskStarted
            | Self::TaskEnded
            | Self::Noise => None,
        };
        if let Some(turn) = turn {
            line["turnId"] = turn.name().into();
        }
        line["payload"] = match self {
            Self::Session(SessionState::Error) => {
                serde_json::json!({ "state": "error", "reason": "it failed" })
            }
            Self::Session(state) => serde_json::json!({ "state": state.as_str() }),
            Self::Thread(state) => serde_json::json!({ "state": state.as_str() }),
            Self::Ended(_, TurnResult::Failed) => {
                serde_json::json!({ "state": "failed", "errorMessage": "it failed" })
            }
            Self::Ended(_, TurnResult::Completed) => serde_json::json!({ "state": "completed" }),
            Self::Ended(_, TurnResult::Interrupted) => {
                serde_json::json!({ "state": "interrupted" })
            }
            Self::Failed(_) => serde_json::json!({ "message": "it failed" }),
            Self::SessionStarted
            | Self::ThreadStarted
            | Self::Exited
            | Self::Started(_)
            | Self::Aborted(_)
            | Self::TaskStarted
            | Self::TaskEnded
            | Self::Item(_)
            | Self::Noise => serde_json::json!({}),
        };
        line
    }

    /// The turn that the event names, and how it says that the turn ended.
    #[must_use]
    pub fn report(self) -> Option<(Turn, TurnResult)> {
        match self {
            Self::Ended(Some(turn), result) => Some((turn, result)),
            Self::Aborted(Some(turn)) => Some((turn, TurnResult::Interrupted)),
            Self::Failed(Some(turn)) => Some((turn, TurnResult::Failed)),
            Self::SessionStarted
            | Self::ThreadStarted
            | Self::Session(_)
            | Self::Exited
            | Self::Thread(_)
            | Self::Started(_)
            | Self::Ended(None, _)
            | Self::Aborted(None)
            | Self::Failed(None)
            | Self::TaskStarted
            | Self::TaskEnded
            | Self::Item(_)
            | Self::Noise => None,
        }
    }

    /// Whether the event says that this turn ended.
    #[must_use]
    pub fn names_end_of(self, turn: Turn) -> bool {
        self.report().is_some_and(|(named, _)| named == turn)
    }

    /// Whether the event says that the whole session is at rest or gone, whatever it worked on.
    #[must_use]
    pub fn ends_session_work(self) -> bool {
        match self {
            Self::Session(state) => match state {
                SessionState::Ready
                | SessionState::Interrupted
                | SessionState::Stopped
                | SessionState::Error => true,
                SessionState::Starting | SessionState::Running | SessionState::Waiting => false,
            },
            Self::Exited | Self::Thread(ThreadState::Error | ThreadState::Closed) => true,
            Self::SessionStarted
            | Self::ThreadStarted
            | Self::Thread(_)
            | Self::Started(_)
            | Self::Ended(..)
            | Self::Aborted(_)
            | Self::Failed(_)
            | Self::TaskStarted
            | Self::TaskEnded
            | Self::Item(_)
            | Self::Noise => false,
        }
    }

    /// What can be concluded of a turn that this event cuts off (R2, R3, R8).
    #[must_use]
    pub fn infers(self) -> Option<Inference> {
        match self {
            Self::Session(SessionState::Ready) => Some(Inference::Unreported),
            Self::Session(SessionState::Interrupted | SessionState::Stopped)
            | Self::Exited
            | Self::Thread(ThreadState::Closed) => Some(Inference::Interrupted),
            Self::Session(SessionState::Error) | Self::Thread(ThreadState::Error) => {
                Some(Inference::Failed)
            }
            Self::SessionStarted
            | Self::ThreadStarted
            | Self::Session(
                SessionState::Starting | SessionState::Running | SessionState::Waiting,
            )
            | Self::Thread(_)
            | Self::Started(_)
            | Self::Ended(..)
            | Self::Aborted(_)
            | Self::Failed(_)
            | Self::TaskStarted
            | Self::TaskEnded
            | Self::Item(_)
            | Self::Noise => None,
        }
    }

    /// S8: what stands as reported was just reported, or stood so before, and a report of a turn's end stands; what is
    /// inferred follows from this event.
    #[must_use]
    pub fn settles_honestly(
        self,
        turn: Turn,
        was: Option<Settlement>,
        is: Option<Settlement>,
    ) -> bool {
        let reported = self.report().filter(|(named, _)| *named == turn);
        let ends = match self {
            Self::Ended(..) | Self::Aborted(_) => reported.is_some(),
            _ => false,
        };
        match (was, is) {
            (Some(Settlement::Reported(_)), _) => was == is,
            (_, Some(Settlement::Reported(result))) => reported == Some((turn, result)),
            (_, None | Some(Settlement::Inferred(_))) if ends => false,
            (None, Some(Settlement::Inferred(how))) => self.infers() == Some(how),
            (Some(Settlement::Inferred(_)), _) => was == is,
            (None, None) => true,
        }
    }

    /// Whether the event closes the session (`true`), opens it again (`false`), or says nothing of it.
    #[must_use]
    pub fn closes(self) -> Option<bool> {
        match self {
            Self::Exited
            | Self::Session(SessionState::Stopped)
            | Self::Thread(ThreadState::Closed) => Some(true),
            Self::SessionStarted
            | Self::ThreadStarted
            | Self::Session(
                SessionState::Starting
                | SessionState::Running
                | SessionState::Waiting
                | SessionState::Ready,
            ) => Some(false),
            Self::Session(SessionState::Interrupted | SessionState::Error)
            | Self::Thread(_)
            | Self::Started(_)
            | Self::Ended(..)
            | Self::Aborted(_)
            | Self::Failed(_)
            | Self::TaskStarted
            | Self::TaskEnded
            | Self::Item(_)
            | Self::Noise => None,
        }
    }
}

impl From<Told> for Wire {
    fn from(told: Told) -> Self {
        let named = |turn: Option<Turn>| turn.map_or(0, |turn| turn as u8 + 1);
        let byte = match told {
            Told::SessionStarted => 1,
            Told::ThreadStarted => 2,
            Told::Exited => 3,
            Told::TaskStarted => 4,
            Told::TaskEnded => 5,
            Told::Noise => 6,
            Told::Session(state) => 8 + state as u8,
            Told::Thread(state) => 16 + state as u8,
            Told::Started(turn) => 24 + named(turn),
            Told::Aborted(turn) => 28 + named(turn),
            Told::Failed(turn) => 32 + named(turn),
            Told::Item(turn) => 36 + named(turn),
            Told::Ended(turn, result) => 40 + named(turn) + 4 * result as u8,
        };
        Self(std::num::NonZeroU8::MIN.saturating_add(byte - 1))
    }
}

impl Wire {
    /// Whichever.
    pub(crate) const ANY: Self = Self(std::num::NonZeroU8::MIN);

    /// The byte; it is below 64.
    pub(crate) fn code(self) -> u8 {
        self.0.get()
    }

    /// The event of that byte; none for 0.
    pub(crate) fn of(code: u8) -> Option<Self> {
        std::num::NonZeroU8::new(code).map(Self)
    }
}

impl From<Wire> for Told {
    fn from(wire: Wire) -> Self {
        DECODED.with(|decoded| decoded[usize::from(wire.0.get())])
    }
}

thread_local! {
    /// The inverse of the encoding, computed from it.
    static DECODED: [Told; 64] = {
        let mut decoded = [Told::Noise; 64];
        for told in Told::all() {
            decoded[usize::from(Wire::from(told).0.get())] = told;
        }
        decoded
    };
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Told::from(*self))
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name =
            |turn: &Option<Turn>| turn.map_or(" (no id)".to_owned(), |turn| format!(" {turn}"));
        match self {
            Self::SessionStarted => f.write_str("session.started"),
            Self::ThreadStarted => f.write_str("thread.started"),
            Self::Session(state) => write!(f, "session.state.changed {}", state.as_str()),
            Self::Exited => f.write_str("session.exited"),
            Self::Thread(state) => write!(f, "thread.state.changed {}", state.as_str()),
            Self::Started(turn) => write!(f, "turn.started{}", name(turn)),
            Self::Ended(turn, result) => {
                let result = session_lifecycle::Settlement::Reported(*result).outcome();
                write!(f, "turn.completed{} ({result})", name(turn))
            }
            Self::Aborted(turn) => write!(f, "turn.aborted{}", name(turn)),
            Self::Failed(turn) => write!(f, "runtime.error{}", name(turn)),
            Self::TaskStarted => f.write_str("task.started"),
            Self::TaskEnded => f.write_str("task.completed"),
            Self::Item(turn) => write!(f, "item.completed{}", name(turn)),
            Self::Noise => f.write_str("thread.token-usage.updated"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_the_same_when_it_is_read_from_its_line() {
        for told in Told::all() {
            let line = told.wire().to_string();
            let read = session_lifecycle::t3::read_line(&line).unwrap();
            let session_lifecycle::t3::Line::Event(read) = read else {
                panic!("{line} is an event");
            };
            assert_eq!(read.event, told.event(), "{line}");
        }
    }

    #[test]
    fn every_event_survives_its_byte() {
        let all = Told::all();
        assert_eq!(all.len(), 3 + 3 + 7 + 6 + 4 * 7);
        for told in all {
            assert_eq!(Told::from(Wire::from(told)), told);
        }
    }
}
