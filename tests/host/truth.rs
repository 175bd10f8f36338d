//! What is really so of one thread, and what the properties have to remember of it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use session_lifecycle::supervisor::{
    Busy, Deadline, Effect, Input, MessageId, RequestId, Supervisor, SupervisorSnapshot, TaskId,
};
use session_lifecycle::{ProviderLife, Status, TurnId, TurnResult};

/// What a supervisor shows and stores: its public questions, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) stored: SupervisorSnapshot,
    pub(crate) status: Status,
    pub(crate) active: Option<TurnId>,
    pub(crate) closed: bool,
    pub(crate) working: bool,
    pub(crate) busy: Option<Busy>,
    pub(crate) has_provider: bool,
}

impl View {
    pub(crate) fn of(supervisor: &Supervisor) -> Rc<Self> {
        let session = supervisor.session();
        Rc::new(Self {
            stored: supervisor.snapshot(),
            status: session.status(),
            active: session.active_turn().cloned(),
            closed: session.is_closed(),
            working: supervisor.working(),
            busy: supervisor.busy(),
            has_provider: supervisor.has_provider(),
        })
    }

    pub(crate) fn is_interrupting(&self) -> bool {
        self.busy == Some(Busy::Interrupting)
    }

    pub(crate) fn handed(&self) -> Option<&MessageId> {
        self.stored.handed.as_ref().map(|handed| &handed.message)
    }

    pub(crate) fn holds(&self, message: &MessageId) -> bool {
        self.stored.queue.contains(message) || self.handed() == Some(message)
    }
}

/// A provider's process.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    pub(crate) epoch: u32,
    pub(crate) state: State,
    /// The turn that it really works on.
    pub(crate) turn: Option<TurnId>,
    pub(crate) tasks: Vec<TaskId>,
    pub(crate) requests: Vec<RequestId>,
    /// When the last thing arrives that it was asked, said, and answered: each line is first in, first out.
    pub(crate) last_ask: u64,
    pub(crate) last_news: u64,
    pub(crate) last_reply: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Booting,
    Up,
    /// It neither hears nor says anything any more.
    Mute,
}

/// What became of a message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fate {
    pub(crate) accepted: bool,
    pub(crate) reached: u8,
    pub(crate) reported: bool,
    /// It is on its way to the provider.
    pub(crate) travels: bool,
    /// The turn that it began.
    pub(crate) turn: Option<TurnId>,
}

/// What an interrupt has to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owed {
    Turn(TurnId),
    /// The turn that this message will begin.
    Mail(MessageId),
    Task(TaskId),
    Request(RequestId),
}

/// One thread: what its supervisor shows, and what is really so.
#[derive(Debug)]
pub(crate) struct Thread {
    pub(crate) supervisor: Supervisor,
    pub(crate) disk: SupervisorSnapshot,
    pub(crate) view: Rc<View>,
    pub(crate) timers: Vec<(Deadline, u64)>,
    pub(crate) process: Option<Process>,
    pub(crate) ended: BTreeMap<TurnId, TurnResult>,
    pub(crate) mail: BTreeMap<MessageId, Fate>,
    /// Events, replies and requests on their way.
    pub(crate) in_flight: usize,
    /// How many ids of each kind there were: the same ones in every thread.
    pub(crate) named: [u32; 6],
    pub(crate) memory: Memory,
    /// Everything that was meant for this thread, and everything that its supervisor wanted.
    pub(crate) meant: Vec<Meant>,
    pub(crate) wanted: Vec<Effect>,
}

/// What was meant for a thread: told then, or booted from this.
#[derive(Clone, Debug)]
pub(crate) enum Meant {
    Told(u64, Input),
    Booted(u64, Box<SupervisorSnapshot>, ProviderLife),
}

/// What the properties have to remember. Nothing in the world depends on it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    /// Turns that were active and no longer are, or of which an end was heard.
    pub(crate) over: BTreeSet<TurnId>,
    /// The turn that really runs, that was shown, and of which nothing heard has said that it is over.
    pub(crate) owed: Option<TurnId>,
    /// The user said stop or interrupt, and nothing since that wants work.
    pub(crate) fence: bool,
    /// What really runs was told to end.
    pub(crate) excused: bool,
    /// Something that should have been heard of this process was not, or will not be.
    pub(crate) misled: bool,
    /// The provider was asked to go.
    pub(crate) stopping: bool,
    /// What the interrupt that has not taken effect strikes, once it was sent.
    pub(crate) struck: Option<Option<TurnId>>,
    /// The question of which the answer has not arrived, and when it was asked.
    pub(crate) asked: Option<(Option<TurnId>, u64)>,
    /// It was asked because it had called itself idle, and nothing since has said that its turn may be over.
    pub(crate) hinted: bool,
    /// When the session last changed what it shows, or was commanded.
    pub(crate) moved: u64,
    /// What interrupts still have to end.
    pub(crate) interrupted: Vec<Owed>,
    /// The queue waits although the user has sent something since it was put on hold.
    pub(crate) forgotten: bool,
    /// Since when each liveness claim waits for its goal.
    pub(crate) since: [Option<u64>; 4],
    /// Accepted messages of which nothing is known yet.
    pub(crate) pending: Vec<MessageId>,
}

/// The kinds of ids.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Turn,
    Message,
    Task,
    Request,
    Cursor,
    Config,
}

impl Thread {
    pub(crate) fn new(supervisor: Supervisor) -> Self {
        Self {
            disk: supervisor.snapshot(),
            view: View::of(&supervisor),
            supervisor,
            timers: Vec::new(),
            process: None,
            ended: BTreeMap::new(),
            mail: BTreeMap::new(),
            in_flight: 0,
            named: [0; 6],
            memory: Memory::default(),
            meant: Vec::new(),
            wanted: Vec::new(),
        }
    }

    /// The next id of its kind, as in `t1`.
    pub(crate) fn next_id(&mut self, kind: Kind) -> String {
        let count = &mut self.named[kind as usize];
        *count += 1;
        let letter = ['t', 'm', 'k', 'r', 'c', 'x'][kind as usize];
        format!("{letter}{count}")
    }

    pub(crate) fn fate(&mut self, message: &MessageId) -> &mut Fate {
        self.mail.entry(message.clone()).or_default()
    }

    /// The turn that really runs.
    pub(crate) fn turn(&self) -> Option<&TurnId> {
        self.process.as_ref()?.turn.as_ref()
    }

    pub(crate) fn is(&self, state: State) -> bool {
        self.process
            .as_ref()
            .is_some_and(|process| process.state == state)
    }

    pub(crate) fn runs_task(&self, task: &TaskId) -> bool {
        self.process
            .as_ref()
            .is_some_and(|process| process.tasks.contains(task))
    }

    pub(crate) fn waits_for(&self, request: &RequestId) -> bool {
        self.process
            .as_ref()
            .is_some_and(|process| process.requests.contains(request))
    }

    /// Whether a task runs that is not shown. One that is shown may have ended: a late word of it renews its lease.
    pub(crate) fn hides_a_task(&self) -> bool {
        let shown = &self.view.stored.tasks;
        let mut runs = self.process.iter().flat_map(|process| &process.tasks);
        runs.any(|task| !shown.contains(task))
    }

    /// Whether a task runs that is shown.
    pub(crate) fn shows_true_task(&self) -> bool {
        let shown = &self.view.stored.tasks;
        shown.iter().any(|task| self.runs_task(task))
    }

    /// What the claims remember of a turn that no longer runs.
    pub(crate) fn forget_what_is_over(&mut self) {
        if self.memory.owed.as_ref() != self.turn() {
            self.memory.owed = None;
        }
        let mut owed = std::mem::take(&mut self.memory.interrupted);
        owed.retain(|owed| self.is_still_owed(owed));
        self.memory.interrupted = owed;
        let mut pending = std::mem::take(&mut self.memory.pending);
        pending.retain(|message| {
            let fate = &self.mail[message];
            !fate.reported && fate.reached == 0 || fate.travels
        });
        self.memory.pending = pending;
    }

    /// What was to be ended has not, and may still begin.
    fn is_still_owed(&self, owed: &Owed) -> bool {
        if !self.is(State::Up) {
            return false;
        }
        match owed {
            Owed::Turn(turn) => self.turn() == Some(turn),
            Owed::Mail(message) => {
                let fate = &self.mail[message];
                match &fate.turn {
                    Some(turn) => self.turn() == Some(turn),
                    None => fate.travels,
                }
            }
            Owed::Task(task) => self.runs_task(task),
            Owed::Request(request) => self.waits_for(request),
        }
    }
}
