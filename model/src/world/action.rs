//! What can happen in the world, and who does it.

use std::fmt;

use session_lifecycle::{SessionState, ThreadState, TurnResult};

use crate::world::traffic::Source;

/// One step of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// The user opens the thread: the host launches the provider.
    Launch,
    /// The user sends a message: the provider begins a turn.
    Send,
    /// The user interrupts: the provider aborts its turn.
    Interrupt,
    /// The user interrupts: the provider ends its turn as interrupted.
    InterruptAnsweredByResult,
    /// The user stops the session.
    Stop,
    /// The provider ends its turn.
    Finish(TurnResult),
    /// The provider fails for good: an error that names the turn, then the turn's failure.
    FailTwice,
    /// The provider says that it is at rest, with nothing to do.
    SayIdle(SessionState),
    /// The provider leaves its turn without a terminal event and names its own state.
    LeaveTurn(SessionState),
    /// The provider leaves its turn without a terminal event and names its thread's state.
    LeaveTurnByThread(ThreadState),
    /// The provider says that it is at rest while it works.
    IdleTooEarly,
    /// The provider's thread goes idle while the provider works.
    ThreadIdleTooEarly,
    /// The provider announces its session in the middle of a turn.
    AnnounceLate,
    /// The provider reports an error that names no turn, and works on.
    Remark,
    /// The provider reports a fatal error of its turn and leaves it without a terminal event.
    FailSilently,
    /// The provider reports an error of a turn that is over.
    FailLate,
    /// The provider sends an item of a turn that is over.
    ItemLate,
    /// The provider is busy before it names its turn.
    BeginUnnamed,
    /// The provider begins a turn by itself.
    BeginAlone,
    /// A child of the provider runs a turn of its own, and its events come through.
    ChildTurn,
    /// The provider's resume handshake looks like the end of a turn without an id.
    Handshake,
    /// The provider says that it is busy with nothing to do.
    SayBusy,
    /// The provider starts background work.
    StartTask,
    /// The background work ends.
    EndTask,
    /// The process dies, and its exit is seen.
    Crash,
    /// The process dies, what it had sent is lost, and its exit is seen.
    CrashAndLose,
    /// The process dies, what it had sent is lost, and nobody is told.
    CrashUnseen,
    /// The process is replaced by a new one that does not announce its session.
    RestartSilently,
    /// The next event of a source arrives.
    Deliver(Source),
    /// The next event of a source arrives, and will arrive again.
    DeliverTwice(Source),
    /// The late duplicate arrives.
    DeliverDuplicate,
    /// Noise arrives: token usage, a warning.
    Noise,
    /// Time passes.
    Tick,
    /// The reaper reads the session.
    Sweep,
    /// The reaper stops the session that it has read.
    Reap,
    /// The host restarts: its memory and its children are gone, its stored rows are not.
    RestartHost,
}

/// Which actions the world cannot put off for ever (weak fairness), one class each; and which are mishaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// May happen, or never.
    Free,
    /// Goes wrong: ceases in the end.
    Mishap,
    /// What the agent sent arrives in the end.
    DeliverTurns,
    /// What the runtime sent arrives in the end.
    DeliverSession,
    /// A duplicate arrives in the end.
    DeliverDuplicate,
    /// Time passes.
    Tick,
    /// The reaper sweeps.
    Sweep,
    /// The reaper acts on what it read.
    Reap,
}

impl Action {
    /// Every action there is.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all = vec![
            Self::Deliver(Source::Turns),
            Self::Deliver(Source::Session),
            Self::DeliverDuplicate,
        ];
        all.extend([
            Self::Launch,
            Self::Send,
            Self::Interrupt,
            Self::InterruptAnsweredByResult,
            Self::Stop,
        ]);
        all.extend(
            [
                TurnResult::Completed,
                TurnResult::Failed,
                TurnResult::Interrupted,
            ]
            .map(Self::Finish),
        );
        all.extend([Self::FailTwice, Self::SayIdle(SessionState::Ready)]);
        all.extend([
            Self::Tick,
            Self::Sweep,
            Self::Reap,
            Self::StartTask,
            Self::EndTask,
            Self::Noise,
        ]);
        all.extend(
            [
                SessionState::Ready,
                SessionState::Interrupted,
                SessionState::Stopped,
                SessionState::Error,
            ]
            .map(Self::LeaveTurn),
        );
        all.extend([ThreadState::Error, ThreadState::Closed].map(Self::LeaveTurnByThread));
        all.extend([
            Self::IdleTooEarly,
            Self::ThreadIdleTooEarly,
            Self::AnnounceLate,
            Self::Remark,
        ]);
        all.extend([
            Self::FailSilently,
            Self::FailLate,
            Self::ItemLate,
            Self::BeginUnnamed,
            Self::BeginAlone,
        ]);
        all.extend([Self::ChildTurn, Self::Handshake, Self::SayBusy]);
        all.extend([
            Self::Crash,
            Self::CrashAndLose,
            Self::CrashUnseen,
            Self::RestartSilently,
            Self::RestartHost,
        ]);
        all.extend([
            Self::DeliverTwice(Source::Turns),
            Self::DeliverTwice(Source::Session),
        ]);
        all
    }

    /// The fairness class of this action.
    #[must_use]
    pub fn class(self) -> Class {
        match self {
            Self::Deliver(Source::Turns) => Class::DeliverTurns,
            Self::Deliver(Source::Session) => Class::DeliverSession,
            Self::DeliverDuplicate => Class::DeliverDuplicate,
            Self::Tick => Class::Tick,
            Self::Sweep => Class::Sweep,
            Self::Reap => Class::Reap,
            Self::Crash
            | Self::CrashAndLose
            | Self::CrashUnseen
            | Self::RestartSilently
            | Self::RestartHost
            | Self::DeliverTwice(_) => Class::Mishap,
            Self::Launch
            | Self::Send
            | Self::Interrupt
            | Self::InterruptAnsweredByResult
            | Self::Stop
            | Self::Finish(_)
            | Self::FailTwice
            | Self::SayIdle(_)
            | Self::LeaveTurn(_)
            | Self::LeaveTurnByThread(_)
            | Self::IdleTooEarly
            | Self::ThreadIdleTooEarly
            | Self::AnnounceLate
            | Self::Remark
            | Self::FailSilently
            | Self::FailLate
            | Self::ItemLate
            | Self::BeginUnnamed
            | Self::BeginAlone
            | Self::ChildTurn
            | Self::Handshake
            | Self::SayBusy
            | Self::StartTask
            | Self::EndTask
            | Self::Noise => Class::Free,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = |source: &Source| match source {
            Source::Turns => "the agent",
            Source::Session => "the runtime",
        };
        match self {
            Self::Launch => {
                f.write_str("The user opens the thread; the host launches the provider.")
            }
            Self::Send => f.write_str("The user sends a message; the provider begins a turn."),
            Self::Interrupt => f.write_str("The user interrupts; the provider aborts its turn."),
            Self::InterruptAnsweredByResult => {
                f.write_str("The user interrupts; the provider ends its turn as interrupted.")
            }
            Self::Stop => f.write_str("The user stops the session; the process exits."),
            Self::Finish(result) => {
                let result = session_lifecycle::Settlement::Reported(*result).outcome();
                write!(f, "The provider ends its turn as {result}.")
            }
            Self::FailTwice => f.write_str(
                "The provider reports a fatal error of its turn, then the turn's failure.",
            ),
            Self::SayIdle(state) => write!(
                f,
                "The provider, with nothing to do, says it is {}.",
                state.as_str()
            ),
            Self::LeaveTurn(state) => {
                write!(
                    f,
                    "The provider leaves its turn without a terminal event and says it is {}.",
                    state.as_str()
                )
            }
            Self::LeaveTurnByThread(state) => write!(
                f,
                "The provider leaves its turn without a terminal event; its thread is {}.",
                state.as_str()
            ),
            Self::IdleTooEarly => f.write_str("The provider says it is ready, and works on."),
            Self::ThreadIdleTooEarly => {
                f.write_str("The provider's thread is called idle, and the provider works on.")
            }
            Self::AnnounceLate => {
                f.write_str("The provider announces its session in the middle of a turn.")
            }
            Self::Remark => {
                f.write_str("The provider reports an error that names no turn, and works on.")
            }
            Self::FailSilently => f.write_str(
                "The provider reports a fatal error of its turn; no terminal event will follow.",
            ),
            Self::FailLate => f.write_str("The provider reports an error of a turn that is over."),
            Self::ItemLate => f.write_str("The provider sends an item of a turn that is over."),
            Self::BeginUnnamed => {
                f.write_str("The provider is busy, and names its turn only then.")
            }
            Self::BeginAlone => f.write_str("The provider begins a turn by itself."),
            Self::ChildTurn => f.write_str(
                "A child of the provider runs a turn of its own; its events come through.",
            ),
            Self::Handshake => {
                f.write_str("The provider's resume handshake ends a turn that it does not name.")
            }
            Self::SayBusy => f.write_str("The provider says it is running, with nothing to do."),
            Self::StartTask => {
                f.write_str("The provider starts background work that outlives the turn.")
            }
            Self::EndTask => f.write_str("The background work ends."),
            Self::Crash => f.write_str("The process dies; its exit is seen."),
            Self::CrashAndLose => {
                f.write_str("The process dies; what it had sent is lost; its exit is seen.")
            }
            Self::CrashUnseen => {
                f.write_str("The process dies; what it had sent is lost; nobody is told.")
            }
            Self::RestartSilently => f.write_str(
                "A new process takes over without announcing its session; the old turn is gone.",
            ),
            Self::Deliver(from) => write!(f, "The next event from {} arrives", source(from)),
            Self::DeliverTwice(from) => write!(
                f,
                "The next event from {} arrives, and will come again",
                source(from)
            ),
            Self::DeliverDuplicate => f.write_str("The late duplicate arrives"),
            Self::Noise => f.write_str("Noise arrives: token usage, a warning."),
            Self::Tick => f.write_str("Time passes."),
            Self::Sweep => f.write_str("The reaper reads the session."),
            Self::Reap => f.write_str("The reaper stops the session that it has read."),
            Self::RestartHost => f.write_str(
                "The host restarts; its children are dead, its stored rows are repaired.",
            ),
        }
    }
}
