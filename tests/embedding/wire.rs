//! The lines of JSON that user, host and agent speak. Put your provider's protocol in the place of the agent's half.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use session_lifecycle::TurnId;
use session_lifecycle::supervisor::{ConfigId, Cursor, MessageId, Report, RequestId, TaskId};

/// What the host tells the agent.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum ToAgent {
    Send { message: MessageId, text: String },
    Configure { config: ConfigId },
    Interrupt { turn: Option<TurnId> },
    StopTask { task: TaskId },
    Answer { request: RequestId },
    Cancel { request: RequestId },
    Read { turn: Option<TurnId> },
    Leave,
}

/// What the agent says: replies first, then what it says of its own accord.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub(crate) enum FromAgent {
    Took {
        message: MessageId,
        turn: Option<TurnId>,
    },
    Interrupting,
    NothingToInterrupt,
    Working {
        turn: Option<TurnId>,
    },
    Ended {
        turn: TurnId,
        result: Ending,
    },
    UnknownTurn {
        turn: Option<TurnId>,
    },
    Ready,
    TurnStarted {
        turn: TurnId,
    },
    TurnEnded {
        turn: TurnId,
        result: Ending,
    },
    TaskStarted {
        task: TaskId,
    },
    TaskEnded {
        task: TaskId,
    },
    Asked {
        request: RequestId,
    },
    Resolved {
        request: RequestId,
    },
    CanResumeAt {
        cursor: Cursor,
    },
}

/// How a turn ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ending {
    Completed,
    Failed,
    Interrupted,
}

/// What the user tells the host. Each line is answered by `Accepted` or `Refused`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum ToHost {
    Send {
        message: MessageId,
        text: String,
        now: bool,
    },
    Interrupt,
    Stop,
    Answer {
        request: RequestId,
    },
    Configure {
        config: ConfigId,
    },
}

/// What the host tells the user.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub(crate) enum FromHost {
    Booted { alive: bool },
    Accepted,
    Refused { why: String },
    Reports { what: Report },
    Shows(Shown),
}

/// What the user sees of the thread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    pub(crate) working: bool,
    pub(crate) busy: bool,
    pub(crate) queued: usize,
    pub(crate) parked: bool,
    pub(crate) has_provider: bool,
    pub(crate) requests: Vec<RequestId>,
}

/// A line, without its end.
pub(crate) fn line<T: Serialize>(said: &T) -> String {
    serde_json::to_string(said).expect("plain data")
}

/// What a line says. A line that nobody understands is told on standard error, and passed over.
pub(crate) fn read<T: DeserializeOwned>(line: &str) -> Option<T> {
    serde_json::from_str(line)
        .inspect_err(|why| eprintln!("{why}: {line}"))
        .ok()
}
