//! What a provider can say in the model.

mod line;
mod says;
mod turn;
mod wire;

use std::fmt;

use session_lifecycle::{Event, Message, SessionState, ThreadState, TurnId, TurnResult};

pub use turn::Turn;
pub use wire::Wire;

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
