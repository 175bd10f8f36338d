//! What a host tells its supervisor.

use crate::supervisor::{ConfigId, Cursor, Epoch, MessageId, RequestId, TaskId};
use crate::{Event, Message, TurnId, TurnResult};

/// Anything that a host tells its supervisor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// The provider said something.
    Event {
        /// Which start of the provider said it. `None` where the wire does not tell: it is then taken to be the
        /// present one, which is safe only if the host drops what an old process sent once it has ended it.
        epoch: Option<Epoch>,
        /// What it said.
        event: ProviderEvent,
    },
    /// The user, or the host on its own account, wants something.
    Command(Command),
    /// An earlier effect was performed, or could not be.
    Answer {
        /// The epoch that the effect carried.
        epoch: Epoch,
        /// What came of it.
        answer: Answer,
    },
    /// A deadline that the supervisor had set is due.
    Due(Deadline),
    /// The reaper's sweep has come to this thread.
    Sweep,
}

/// What a provider says: of its session and turns, and of what outlives a turn.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProviderEvent {
    /// A fact of the session's lifecycle.
    Lifecycle(Event),
    /// Background work began.
    TaskStarted(TaskId),
    /// Background work goes on.
    TaskProgressed(TaskId),
    /// Background work ended.
    TaskEnded(TaskId),
    /// Somebody has to approve or answer something.
    RequestOpened(RequestId),
    /// Somebody has, or it is no longer asked.
    RequestResolved(RequestId),
    /// Where the conversation could be resumed.
    CursorAdvanced(Cursor),
}

/// What the user or the host wants.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Send this message when the session is free.
    Send(MessageId),
    /// Interrupt the turn that runs, and send this message next. Background tasks go on, requests stay open.
    SendNow(MessageId),
    /// Interrupt everything that runs: the turn, or the one that is about to begin; background tasks are ended, open
    /// requests cancelled. What is queued stays queued, and waits for a new command.
    Interrupt,
    /// Stop the provider. What is queued stays queued, and waits for a new command.
    Stop,
    /// Give this answer to an open request.
    Answer(RequestId),
    /// Use this model, mode and effort, from the next turn on; in place of one that waits for it.
    Configure(ConfigId),
}

/// What came of an effect.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// The provider is up.
    Started,
    /// The provider could not be started, and no process of it is left.
    StartFailed {
        /// Why.
        reason: Message,
    },
    /// The provider took the message.
    Sent {
        /// The message.
        message: MessageId,
        /// The turn that the provider named in its reply; unconfirmed until it starts (L2-02).
        turn: Option<TurnId>,
    },
    /// The message was not taken.
    SendFailed {
        /// The message.
        message: MessageId,
        /// Whether it may have reached the provider all the same.
        attempted: bool,
    },
    /// The provider took note of the interrupt; the turn's end will tell.
    Interrupted,
    /// The provider knows nothing to interrupt.
    NothingToInterrupt,
    /// The provider's process is gone.
    Stopped,
    /// The provider's process could not be ended.
    StopFailed,
    /// What the provider says of the turn.
    Read {
        /// The turn that was asked for.
        turn: Option<TurnId>,
        /// What it says.
        state: TrueState,
    },
}

/// What a provider says of a turn when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrueState {
    /// It works on it.
    Running,
    /// It ended.
    Ended(TurnResult),
    /// It does not know it, or works on nothing.
    Unknown,
}

/// The deadlines that a supervisor sets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Deadline {
    /// The provider must be up.
    Start,
    /// The message that was handed over must have begun a turn.
    Send,
    /// The interrupt must have taken effect.
    Interrupt,
    /// The provider must have said what it works on.
    Read,
    /// The provider must be gone.
    Stop,
    /// Something must have been heard of the work.
    Stall,
    /// Something must have been heard of a background task.
    Lease(TaskId),
}
