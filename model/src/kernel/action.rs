//! What can happen to a supervised thread.

use session_lifecycle::TurnResult;

use crate::kernel::truth::Mail;

/// One step of the kernel's world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Move {
    /// The host is told something, and performs every effect.
    Host(Stimulus),
    /// The same, but the host dies after so many effects, and boots again.
    HostDies(Stimulus, u8),
    /// The provider takes up what it was asked next.
    Provider(Response),
    /// The provider does something by itself.
    Alone(Deed),
    /// Time passes.
    Tick,
}

/// What a host can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stimulus {
    /// The user sends a message.
    Send(Mail),
    /// The user sends a message that is to go first.
    SendNow(Mail),
    /// The user interrupts.
    Interrupt,
    /// The user stops the session.
    Stop,
    /// The user answers the request.
    Answer,
    /// The user chooses another model.
    Configure,
    /// The next news arrives.
    News,
    /// The next news arrives, and will come again.
    NewsTwice,
    /// The late duplicate arrives.
    Again,
    /// The next reply arrives.
    Reply,
    /// A deadline is due.
    Due(Due),
    /// The reaper sweeps.
    Sweep,
    /// The host boots.
    Boot,
}

/// The deadlines, as the model names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Due {
    /// For the provider to come up.
    Start,
    /// For a message to begin a turn.
    Send,
    /// For an interrupt to take effect.
    Interrupt,
    /// For an answer to a question.
    Read,
    /// For the process to be gone.
    Stop,
    /// For a sign of life of the turn.
    Stall,
    /// For a sign of life of the task.
    Lease,
}

impl Due {
    /// Every deadline.
    pub const ALL: [Self; 7] = [
        Self::Start,
        Self::Send,
        Self::Interrupt,
        Self::Read,
        Self::Stop,
        Self::Stall,
        Self::Lease,
    ];
}

/// How the provider takes up what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Response {
    /// As it should.
    Well,
    /// It takes the message without naming a turn in its reply; it ends an interrupted turn as interrupted; it knows
    /// nothing of the turn that it works on.
    Plainly,
    /// It ends an interrupted turn as failed.
    AsFailure,
    /// It cannot.
    Refuses,
    /// It takes the message and says that it could not.
    RefusesAfterTheFact,
}

/// What the provider does by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deed {
    /// It ends its turn.
    Finish(TurnResult),
    /// It ends its turn, and the report is lost.
    FinishUnheard,
    /// It ends its turn, and only calls its thread idle.
    FinishAsIdle,
    /// It ends its turn, and only says that it is ready.
    FinishAsReady,
    /// It calls its thread idle and works on.
    IdleTooEarly,
    /// It reports an error that names no turn and works on.
    Remark,
    /// At rest, it says something of no consequence.
    Chatter,
    /// It begins a turn of its own.
    Begin,
    /// It starts a background task.
    StartTask,
    /// The background task ends.
    EndTask,
    /// It opens a request.
    Ask,
    /// It says where the conversation can be resumed.
    Bookmark,
    /// It closes its thread and stays.
    CloseThread,
    /// Its process dies.
    Die,
    /// Its process dies, and what it had said is lost.
    DieAndLose,
    /// It neither hears nor says anything any more.
    FallMute,
}

impl Move {
    /// Every step there is.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let stimuli = Stimulus::all();
        let mut all: Vec<Self> = stimuli.iter().copied().map(Self::Host).collect();
        for stimulus in stimuli
            .iter()
            .filter(|stimulus| **stimulus != Stimulus::Boot)
        {
            all.extend((0..4).map(|after| Self::HostDies(*stimulus, after)));
        }
        all.extend(
            [
                Response::Well,
                Response::Plainly,
                Response::AsFailure,
                Response::Refuses,
                Response::RefusesAfterTheFact,
            ]
            .map(Self::Provider),
        );
        all.extend(
            [TurnResult::Completed, TurnResult::Failed]
                .map(|result| Self::Alone(Deed::Finish(result))),
        );
        all.extend(
            [
                Deed::FinishUnheard,
                Deed::FinishAsIdle,
                Deed::FinishAsReady,
                Deed::IdleTooEarly,
                Deed::Remark,
                Deed::Chatter,
                Deed::Begin,
                Deed::StartTask,
                Deed::EndTask,
                Deed::Ask,
                Deed::Bookmark,
                Deed::CloseThread,
                Deed::Die,
                Deed::DieAndLose,
                Deed::FallMute,
            ]
            .map(Self::Alone),
        );
        all.push(Self::Tick);
        all
    }
}

impl Stimulus {
    fn all() -> Vec<Self> {
        let mut all = vec![
            Self::News,
            Self::Reply,
            Self::Again,
            Self::NewsTwice,
            Self::Sweep,
            Self::Boot,
        ];
        all.extend(Mail::ALL.map(Self::Send));
        all.extend(Mail::ALL.map(Self::SendNow));
        all.extend([Self::Interrupt, Self::Stop, Self::Answer, Self::Configure]);
        all.extend(Due::ALL.map(Self::Due));
        all
    }
}
