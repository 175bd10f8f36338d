//! A host with its threads, in virtual time: what is next in line happens, and nothing happens twice at once.

use std::collections::BTreeMap;
use std::time::Duration;

use session_lifecycle::supervisor::{
    Answer, Command, Deadline, Effect, Epoch, Input, MessageId, Patience, ProviderEvent, RequestId,
    TaskId,
};
use session_lifecycle::{ProviderLife, Timestamp, TurnId};

use crate::claim::{Broken, Claim, Tally};
use crate::judge::{self, Heard};
use crate::note;
use crate::step::{Act, Step, Wire, Wish};
use crate::subject::Subject;
use crate::truth::{Kind, Meant, State, Thread, View};

/// Something on its way, in one thread, from or to the provider of one epoch.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) thread: usize,
    pub(crate) epoch: u32,
    pub(crate) item: Item,
    /// It has arrived before; or the host that asked it has died since, and hears no answer.
    pub(crate) again: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// The provider was asked something.
    Ask(Ask),
    /// The provider said something.
    News(ProviderEvent),
    /// The provider answered.
    Reply(Answer),
    /// A deadline, after it was due once.
    Due(Deadline),
    /// The provider goes on with its turn, or ends it.
    Pulse(TurnId),
    /// The provider goes on with a background task, or ends it.
    TaskPulse(TaskId),
    /// The reaper looks at all threads.
    Sweep,
    /// The reaper comes to a thread that it has nominated.
    Reap,
}

/// What a host asks of a provider's process.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    Boot,
    Send(MessageId),
    /// Interrupt this turn, or whatever runs; and the turn that was shown then.
    Interrupt(Option<TurnId>, Option<TurnId>),
    Read(Option<TurnId>),
    Stop,
    StopTask(TaskId),
    Settle(RequestId),
}

/// How often the reaper looks.
pub(crate) const SWEEP: u64 = 300_000;
/// How long half an hour is.
const HALF_AN_HOUR: u64 = 1_800_000;

/// A host, its threads, and what is on its way.
pub(crate) struct World {
    pub(crate) subject: Subject,
    pub(crate) patience: Patience,
    pub(crate) now: u64,
    pub(crate) threads: Vec<Thread>,
    pub(crate) queue: BTreeMap<(u64, u64), Waiting>,
    count: u64,
    /// Mishaps have ceased, and since when: turns work on for a while, then turns and tasks end as soon as they can.
    pub(crate) calm: Option<u64>,
    /// The host that asked what is taken up now has died since.
    pub(crate) orphaned: bool,
    pub(crate) tally: Tally,
    pub(crate) happened: u64,
    /// What happened, one line a step, if anybody wants to read it.
    pub(crate) story: Option<Vec<String>>,
    pub(crate) line: String,
}

pub(crate) fn timestamp(ms: u64) -> Timestamp {
    Timestamp(Duration::from_millis(ms))
}

pub(crate) fn ms(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).expect("no wait is longer than time itself")
}

impl World {
    pub(crate) fn new(subject: Subject, threads: u8) -> Self {
        let patience = Patience::default();
        let fresh = |_| Thread::new(subject.fresh(patience));
        let mut world = Self {
            subject,
            patience,
            now: 0,
            threads: (0..threads).map(fresh).collect(),
            queue: BTreeMap::new(),
            count: 0,
            calm: None,
            orphaned: false,
            tally: Tally::default(),
            happened: 0,
            story: None,
            line: String::new(),
        };
        world.sweep_later();
        world
    }

    /// Takes one step; a claim that it breaks is an error.
    pub(crate) fn take(&mut self, step: &Step) -> Result<(), Broken> {
        let count = self.threads.len();
        match step.act {
            Act::Next => self.next(step)?,
            Act::User(thread, wish) => self.wish(usize::from(thread) % count, wish, step)?,
            Act::Provider(thread, deed) => self.act(usize::from(thread) % count, deed, step),
            Act::Pass => {
                let until = self.now + HALF_AN_HOUR;
                let step = Step {
                    how: crate::step::How::Plainly,
                    takes: 20,
                    ..Step::plain(Act::Next)
                };
                while self.next_at().is_some_and(|at| at <= until) {
                    self.next(&step)?;
                    self.observe()?;
                }
                self.now = until;
            }
            Act::Calm => self.settle()?,
            Act::Restart => self.crash(ProviderLife::Gone, step)?,
            Act::Upgrade => self.crash(ProviderLife::Alive, step)?,
        }
        if step.is_trouble() {
            self.excuse();
        }
        self.observe()
    }

    /// Mishaps have not ceased: whatever is waited for is waited for anew.
    pub(crate) fn excuse(&mut self) {
        for thread in &mut self.threads {
            thread.memory.since = [None; 4];
        }
    }

    pub(crate) fn push(&mut self, at: u64, waiting: Waiting) {
        if matches!(waiting.item, Item::Ask(_) | Item::News(_) | Item::Reply(_)) {
            self.threads[waiting.thread].in_flight += 1;
        }
        self.count += 1;
        self.queue.insert((at, self.count), waiting);
    }

    /// Forgets what is on its way, where it never arrives.
    pub(crate) fn drop_waiting(&mut self, is_lost: impl Fn(&Waiting) -> bool) {
        self.queue.retain(|_, waiting| !is_lost(waiting));
        for (at, thread) in self.threads.iter_mut().enumerate() {
            let travels = |waiting: &&Waiting| {
                waiting.thread == at
                    && matches!(waiting.item, Item::Ask(_) | Item::News(_) | Item::Reply(_))
            };
            thread.in_flight = self.queue.values().filter(travels).count();
            for message in &thread.memory.pending {
                let fate = thread.mail.get_mut(message).expect("it was sent");
                fate.travels &= self.queue.values().any(|waiting| {
                    waiting.thread == at
                        && matches!(&waiting.item, Item::Ask(Ask::Send(one)) if one == message)
                });
            }
        }
    }

    fn sweep_later(&mut self) {
        let waiting = Waiting {
            thread: 0,
            epoch: 0,
            item: Item::Sweep,
            again: false,
        };
        self.push(self.now + SWEEP, waiting);
    }

    fn next_timer(&self) -> Option<(u64, usize, usize)> {
        let threads = self.threads.iter().enumerate();
        let timers = threads.flat_map(|(at, thread)| {
            let due = thread.timers.iter().enumerate();
            due.map(move |(timer, (_, due))| (*due, at, timer))
        });
        timers.min()
    }

    fn next_at(&self) -> Option<u64> {
        let waiting = self.queue.first_key_value().map(|((at, _), _)| *at);
        let timer = self.next_timer().map(|(at, ..)| at);
        waiting.into_iter().chain(timer).min()
    }

    /// Whatever is next in line happens: time jumps to it.
    pub(crate) fn next(&mut self, step: &Step) -> Result<(), Broken> {
        let first = self.queue.first_key_value().map(|((at, _), _)| *at);
        if let Some((due, at, timer)) = self.next_timer()
            && first.is_none_or(|first| due < first)
        {
            self.now = self.now.max(due);
            let (deadline, _) = self.threads[at].timers.swap_remove(timer);
            if let Wire::Twice(later) = step.wire {
                let waiting = Waiting {
                    thread: at,
                    epoch: 0,
                    item: Item::Due(deadline.clone()),
                    again: true,
                };
                self.push(self.now + 1_000 * u64::from(later), waiting);
            }
            return self.tell(at, Input::Due(deadline), step);
        }
        let Some(((at, _), waiting)) = self.queue.pop_first() else {
            return Ok(());
        };
        self.now = self.now.max(at);
        let (at, epoch) = (waiting.thread, waiting.epoch);
        if matches!(waiting.item, Item::Ask(_) | Item::News(_) | Item::Reply(_)) {
            self.threads[at].in_flight -= 1;
        }
        if waiting.again {
            self.threads[at].memory.since = [None; 4];
        }
        match waiting.item {
            Item::Ask(ask) => {
                self.orphaned = waiting.again;
                let taken = self.take_up(at, ask, step);
                self.orphaned = false;
                taken
            }
            Item::News(event) => {
                // Where the wire does not tell the epoch, the host drops what an earlier process sent.
                let is_tagged = at != 2;
                if !is_tagged && epoch != self.threads[at].view.stored.epoch {
                    return Ok(());
                }
                let epoch = is_tagged.then_some(Epoch(epoch));
                self.tell(at, Input::Event { epoch, event }, step)
            }
            Item::Reply(answer) => {
                let epoch = Epoch(epoch);
                self.tell(at, Input::Answer { epoch, answer }, step)
            }
            Item::Due(deadline) => self.tell(at, Input::Due(deadline), step),
            Item::Pulse(turn) => {
                self.pulse(at, epoch, turn, step);
                Ok(())
            }
            Item::TaskPulse(task) => {
                self.task_pulse(at, epoch, task, step);
                Ok(())
            }
            Item::Sweep => {
                self.nominate(step);
                Ok(())
            }
            Item::Reap => self.tell(at, Input::Sweep, step),
        }
    }

    /// The reaper looks at all threads, and comes later to those that it could stop now.
    fn nominate(&mut self, step: &Step) {
        let now = timestamp(self.now);
        for at in 0..self.threads.len() {
            let is_careless = step.how == crate::step::How::AsFailure;
            if is_careless || self.threads[at].supervisor.reapable(now) {
                let waiting = Waiting {
                    thread: at,
                    epoch: 0,
                    item: Item::Reap,
                    again: false,
                };
                self.push(self.now + u64::from(step.takes), waiting);
            }
        }
        self.sweep_later();
    }

    /// The user of a thread wants something.
    pub(crate) fn wish(&mut self, at: usize, wish: Wish, step: &Step) -> Result<(), Broken> {
        let thread = &mut self.threads[at];
        let command = match wish {
            Wish::Send => Command::Send(thread.next_id(Kind::Message).into()),
            Wish::SendNow => Command::SendNow(thread.next_id(Kind::Message).into()),
            Wish::SendAgain => {
                let stored = &thread.view.stored;
                let handed = stored.handed.as_ref().map(|handed| &handed.message);
                match stored.queue.last().or(handed) {
                    Some(message) => Command::Send(message.clone()),
                    None => return Ok(()),
                }
            }
            Wish::Interrupt => Command::Interrupt,
            Wish::Stop => Command::Stop,
            Wish::Answer => {
                let open = thread.view.stored.requests.first();
                Command::Answer(open.cloned().unwrap_or_else(|| "r0".into()))
            }
            Wish::Configure => Command::Configure(thread.next_id(Kind::Config).into()),
        };
        if let Command::Send(message) | Command::SendNow(message) = &command {
            thread.fate(message);
            thread.memory.fence &= wish == Wish::SendAgain;
            thread.memory.excused |= wish == Wish::SendNow;
        }
        thread.memory.since = [None; 4];
        self.tell(at, Input::Command(command), step)
    }

    /// A supervisor is told something, and the host performs what follows, or the first few things of it.
    pub(crate) fn tell(&mut self, meant: usize, input: Input, step: &Step) -> Result<(), Broken> {
        self.happened += 1;
        let now = self.now;
        let told = Meant::Told(now, input.clone());
        self.threads[meant].meant.push(told);
        let at = self.subject.route(meant, &input, self.threads.len());
        self.tell_story(at, |_| crate::words::input(&input));
        let thread = &mut self.threads[at];
        let could_send = thread.supervisor.can_send();
        let effects = thread
            .supervisor
            .handle(input.clone(), timestamp(now))
            .into_vec();
        thread.wanted.extend(effects.iter().cloned());
        let after = View::of(&thread.supervisor);
        let before = std::mem::replace(&mut thread.view, after.clone());
        self.tell_story(at, |_| crate::words::effects(&effects, step.dies));
        let thread = &mut self.threads[at];
        let heard = Heard::new(&input, &before);
        heard.witness(thread, &before, &mut self.tally);
        if let Input::Command(command) = &input
            && effects.contains(&Effect::Accept)
        {
            note::interrupt(thread, &before, command);
            judge::agrees(at, (could_send, &effects), command)?;
        }
        note::question(thread, &input);
        note::strike(thread, &effects);
        note::doubt(thread, &before, &after, &input);
        // What the user has asked for is excused as long as it has not taken effect.
        let was_asked = thread.memory.stopping || before.is_interrupting();
        let accepted = effects.contains(&Effect::Accept);
        judge::judge((at, thread), (&before, &after), &heard, (accepted, now))?;
        thread.memory.stopping &= after.has_provider;
        if !after.is_interrupting() {
            thread.memory.struck = None;
        }
        let performed = step.dies.map_or(effects.len(), usize::from);
        for effect in effects.iter().take(performed) {
            self.perform(at, effect, &input, was_asked, step)?;
        }
        self.end_of_line(at);
        if step.dies.is_some() {
            let plain = Step {
                dies: None,
                ..*step
            };
            self.settle_memory_of(at);
            return self.crash(ProviderLife::Gone, &plain);
        }
        Ok(())
    }

    fn settle_memory_of(&mut self, at: usize) {
        self.threads[at].forget_what_is_over();
    }

    pub(crate) fn is_any_other_mute(&self, at: usize) -> bool {
        let mut others = self.threads.iter().enumerate();
        others.any(|(other, thread)| other != at && thread.is(State::Mute))
    }

    pub(crate) fn saw(&mut self, claim: Claim, really: bool) {
        self.tally.saw(claim, really);
    }
}
