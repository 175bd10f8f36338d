//! What a supervisor asks of its host.

use alloc::vec::Vec;
use core::fmt;

use crate::supervisor::{ConfigId, Cursor, Deadline, Epoch, MessageId, RequestId, TaskId};
use crate::{Timestamp, TurnId};

/// One thing that the host has to do. Effects are performed in the order in which they are given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Store [`Supervisor::snapshot`](crate::supervisor::Supervisor::snapshot), before anything that follows.
    Persist,
    /// Tell whoever gave the command that it was accepted.
    Accept,
    /// Tell whoever gave the command that it was refused, and why.
    Refuse(Refusal),
    /// Start the provider, where there is a cursor by resuming it, with the configuration that the host accepted last:
    /// one that was applied before the start is not applied again.
    Start {
        /// The epoch of this start.
        epoch: Epoch,
        /// Where the conversation goes on.
        cursor: Option<Cursor>,
    },
    /// Apply a configuration to the provider: once, and to this one. The next [`Start`](Self::Start) is for the host.
    Configure {
        /// The epoch of the provider.
        epoch: Epoch,
        /// The configuration.
        config: ConfigId,
    },
    /// Hand a message to the provider.
    Send {
        /// The epoch of the provider.
        epoch: Epoch,
        /// The message.
        message: MessageId,
    },
    /// Interrupt the provider's turn.
    Interrupt {
        /// The epoch of the provider.
        epoch: Epoch,
        /// The turn; `None` interrupts whatever runs.
        turn: Option<TurnId>,
    },
    /// End a background task.
    StopTask {
        /// The epoch of the provider.
        epoch: Epoch,
        /// The task.
        task: TaskId,
    },
    /// Pass the user's answer on.
    Answer {
        /// The epoch of the provider.
        epoch: Epoch,
        /// The request.
        request: RequestId,
    },
    /// Answer a request as cancelled.
    CancelRequest {
        /// The epoch of the provider.
        epoch: Epoch,
        /// The request.
        request: RequestId,
    },
    /// Ask the provider what became of a turn.
    Read {
        /// The epoch of the provider.
        epoch: Epoch,
        /// The turn; `None` asks whether it works at all.
        turn: Option<TurnId>,
    },
    /// End the provider's process.
    Stop {
        /// The epoch of the provider.
        epoch: Epoch,
        /// Kill it; a polite stop was tried, or is pointless.
        force: bool,
    },
    /// Set a deadline; it replaces one of the same kind.
    SetDeadline {
        /// Which.
        deadline: Deadline,
        /// When it is due.
        at: Timestamp,
    },
    /// Forget a deadline.
    ClearDeadline(Deadline),
    /// Tell the user something.
    Report(Report),
}

/// Why a command was refused; it displays as a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The message is queued or in hand already (S7). One that has begun its turn, or was reported, is not remembered:
    /// the host holds a message that comes again against those that it has stored.
    AlreadyAccepted,
    /// The request is no longer open.
    RequestNotOpen,
}

/// Something that the user should know. It displays as a sentence, and with `serde` it is stored with the snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase")
)]
pub enum Report {
    /// The message was not sent, and will not be.
    MessageFailed(MessageId),
    /// The message may or may not have reached the provider, and will not be sent again.
    MessageUncertain(MessageId),
    /// What is queued waits for a new command.
    QueueParked,
    /// Nobody can answer this request any more.
    RequestStale(RequestId),
    /// The background task is gone, or was not heard of for too long.
    TaskLost(TaskId),
    /// The configuration applies when the next turn begins.
    ConfigurationDeferred(ConfigId),
}

/// What a host has to do, in order.
#[derive(Debug)]
#[must_use = "what is not performed is lost"]
pub struct Effects<'a> {
    pub(crate) drain: alloc::vec::Drain<'a, Effect>,
}

impl Iterator for Effects<'_> {
    type Item = Effect;

    fn next(&mut self) -> Option<Effect> {
        self.drain.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.drain.size_hint()
    }
}

impl ExactSizeIterator for Effects<'_> {}

impl Effects<'_> {
    /// The effects as a list of their own.
    #[must_use]
    pub fn into_vec(self) -> Vec<Effect> {
        self.drain.collect()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlreadyAccepted => "the message is queued or in hand already",
            Self::RequestNotOpen => "the request is no longer open",
        })
    }
}

impl core::error::Error for Refusal {}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MessageFailed(message) => {
                write!(f, "message {message} was not sent, and will not be")
            }
            Self::MessageUncertain(message) => write!(
                f,
                "message {message} may or may not have arrived, and will not be sent again"
            ),
            Self::QueueParked => f.write_str("what is queued waits for a new command"),
            Self::RequestStale(request) => {
                write!(f, "nobody can answer request {request} any more")
            }
            Self::TaskLost(task) => {
                write!(f, "task {task} is gone, or was not heard of for too long")
            }
            Self::ConfigurationDeferred(config) => {
                write!(
                    f,
                    "configuration {config} applies when the next turn begins"
                )
            }
        }
    }
}
