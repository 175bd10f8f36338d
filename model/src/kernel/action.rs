//! What can happen to a supervised thread.

use session_lifecycle::TurnResult;

use crate::kernel::allowance::Trouble;
use crate::kernel::truth::{Job, Mail, Process, Truth};
use crate::kernel::view::View;
use crate::kernel::{Kernel, Spot};

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
    /// For a sign of life of a task.
    Lease(Job),
}

impl Due {
    /// Every deadline.
    pub const ALL: [Self; 8] = [
        Self::Start,
        Self::Send,
        Self::Interrupt,
        Self::Read,
        Self::Stop,
        Self::Stall,
        Self::Lease(Job::K1),
        Self::Lease(Job::K2),
    ];

    /// Its place in a set of deadlines.
    #[must_use]
    pub fn bit(self) -> u8 {
        match self {
            Self::Start => 1,
            Self::Send => 2,
            Self::Interrupt => 4,
            Self::Read => 8,
            Self::Stop => 16,
            Self::Stall => 32,
            Self::Lease(Job::K1) => 64,
            Self::Lease(Job::K2) => 128,
        }
    }
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
    /// It ends its turn, and only says that it has failed.
    FinishAsError,
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
    /// A background task ends.
    EndTask(Job),
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
                Deed::FinishAsError,
                Deed::IdleTooEarly,
                Deed::Remark,
                Deed::Chatter,
                Deed::Begin,
                Deed::StartTask,
                Deed::EndTask(Job::K1),
                Deed::EndTask(Job::K2),
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

/// What is ready to happen, read once from a state: most steps are out of the question at a glance.
struct Outlook<'a> {
    truth: &'a Truth,
    view: View,
}

impl Spot {
    /// The steps that are not out of the question here. What is left out would lead nowhere.
    pub(super) fn possible(&self, kernel: &Kernel, out: &mut Vec<Move>) {
        thread_local! {
            static ALL: Vec<Move> = Move::all();
        }
        let outlook = Outlook {
            truth: &self.truth,
            view: kernel.memo.view(self.kept),
        };
        ALL.with(|all| out.extend(all.iter().filter(|step| outlook.allows(**step))));
    }
}

impl Outlook<'_> {
    fn has(&self, kind: Trouble) -> bool {
        self.truth.allowance.left(kind) > 0
    }

    fn allows(&self, step: Move) -> bool {
        match step {
            Move::Host(Stimulus::Boot) => self.has(Trouble::Restart),
            Move::Host(stimulus) => self.may_hear(stimulus),
            Move::HostDies(stimulus, _) => self.has(Trouble::Restart) && self.may_hear(stimulus),
            Move::Provider(_) => {
                !self.truth.asks.is_empty() || self.truth.process == Process::Booting
            }
            Move::Alone(deed) => self.may_do(deed),
            Move::Tick => true,
        }
    }

    fn may_hear(&self, stimulus: Stimulus) -> bool {
        match stimulus {
            Stimulus::Send(mail) => !self.truth.mail[mail as usize].submitted,
            Stimulus::SendNow(mail) => {
                !self.truth.mail[mail as usize].submitted && self.has(Trouble::Stop)
            }
            Stimulus::Interrupt | Stimulus::Stop => self.has(Trouble::Stop),
            Stimulus::Answer => self.view.requests > 0,
            Stimulus::Configure => self.has(Trouble::Configuration),
            Stimulus::News => !self.truth.news.is_empty(),
            Stimulus::NewsTwice => !self.truth.news.is_empty() && self.has(Trouble::Duplicate),
            Stimulus::Again => self.truth.again.is_some(),
            Stimulus::Reply => !self.truth.replies.is_empty(),
            Stimulus::Due(due) => self.view.is_set(due),
            Stimulus::Sweep | Stimulus::Boot => true,
        }
    }

    fn may_do(&self, deed: Deed) -> bool {
        let works = self.truth.turn.is_some();
        match deed {
            Deed::Finish(_) => works,
            Deed::FinishUnheard
            | Deed::FinishAsIdle
            | Deed::FinishAsReady
            | Deed::FinishAsError
            | Deed::IdleTooEarly
            | Deed::Remark
            | Deed::Bookmark => works && self.has(Trouble::Deviation),
            Deed::CloseThread | Deed::Chatter => self.has(Trouble::Deviation),
            Deed::Begin => !works && self.has(Trouble::OwnTurn),
            Deed::StartTask => works && self.has(Trouble::Task),
            Deed::EndTask(job) => self.truth.tasks & job.bit() != 0,
            Deed::Ask => works && self.has(Trouble::Request),
            Deed::Die | Deed::DieAndLose | Deed::FallMute => self.has(Trouble::Crash),
        }
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
