//! What a host does about each effect, and what the properties see in it.

use session_lifecycle::supervisor::Answer;
use session_lifecycle::supervisor::{
    Command, Deadline, Effect, Epoch, Input, ProviderEvent, Report,
};
use session_lifecycle::{Event, ThreadState};

use crate::claim::{Broken, Claim};
use crate::step::Step;
use crate::truth::{Process, State};
use crate::world::{Ask, Item, Waiting, World, ms};

/// It calls itself idle, which is a reason to ask, and no more (D7).
fn is_hint(input: &Input) -> bool {
    let idle = Event::ThreadStateChanged(ThreadState::Idle);
    matches!(input, Input::Event { event: ProviderEvent::Lifecycle(event), .. } if *event == idle)
}

impl World {
    /// The host performs an effect.
    pub(crate) fn perform(
        &mut self,
        at: usize,
        effect: &Effect,
        input: &Input,
        was_asked: bool,
        step: &Step,
    ) -> Result<(), Broken> {
        let now = self.now;
        let thread = &mut self.threads[at];
        match effect {
            Effect::Persist => thread.disk = thread.view.stored.clone(),
            Effect::Accept => match input {
                Input::Command(Command::Send(message) | Command::SendNow(message)) => {
                    thread.fate(message).accepted = true;
                    thread.memory.pending.push(message.clone());
                }
                Input::Command(Command::Interrupt | Command::Stop) => thread.memory.fence = true,
                Input::Command(Command::Answer(_) | Command::Configure(_))
                | Input::Event { .. }
                | Input::Answer { .. }
                | Input::Due(_)
                | Input::Sweep => {}
            },
            Effect::Start { epoch, .. } => self.start(at, *epoch, step)?,
            Effect::Send { message, .. } => {
                if thread.memory.fence {
                    return Broken::by(Claim::S10, at, format!("{message} is sent"));
                }
                if thread.view.status.is_active() {
                    return Broken::by(Claim::S12, at, format!("{message} is handed over"));
                }
                if thread.process.is_none() {
                    let (message, attempted) = (message.clone(), false);
                    self.answer_for_nobody(at, Answer::SendFailed { message, attempted }, step);
                } else {
                    thread.fate(message).travels = true;
                    self.ask(at, Ask::Send(message.clone()), step);
                }
            }
            Effect::Interrupt { turn, .. } => {
                let shown = thread.view.active.clone();
                if thread.process.is_none() {
                    self.answer_for_nobody(at, Answer::NothingToInterrupt, step);
                } else {
                    self.ask(at, Ask::Interrupt(turn.clone(), shown), step);
                }
            }
            Effect::Read { turn, .. } => {
                thread.memory.asked = Some((turn.clone(), now));
                thread.memory.hinted = is_hint(input);
                self.ask(at, Ask::Read(turn.clone()), step);
            }
            Effect::StopTask { task, .. } => {
                let asked = matches!(input, Input::Command(Command::Interrupt | Command::Stop));
                if thread.runs_task(task) && !asked {
                    return Broken::by(Claim::S2, at, format!("task {task} runs"));
                }
                self.ask(at, Ask::StopTask(task.clone()), step);
            }
            Effect::Answer { request, .. } | Effect::CancelRequest { request, .. } => {
                self.ask(at, Ask::Settle(request.clone()), step);
            }
            Effect::Stop { force, .. } => self.stop(at, *force, input, was_asked, step)?,
            Effect::SetDeadline { deadline, at: due } => {
                thread.timers.retain(|(one, _)| one != deadline);
                thread.timers.push((deadline.clone(), ms(due.0)));
            }
            Effect::ClearDeadline(deadline) => thread.timers.retain(|(one, _)| one != deadline),
            Effect::Report(report) => self.report(at, report)?,
            Effect::Refuse(_) | Effect::Configure { .. } => {}
        }
        Ok(())
    }

    fn start(&mut self, at: usize, epoch: Epoch, step: &Step) -> Result<(), Broken> {
        let thread = &mut self.threads[at];
        if thread.process.is_some() {
            return Broken::by(Claim::S12, at, "there is a provider already");
        }
        if thread.memory.fence {
            return Broken::by(Claim::S10, at, "a provider is started");
        }
        thread.process = Some(Process {
            epoch: epoch.0,
            state: State::Booting,
            turn: None,
            tasks: Vec::new(),
            requests: Vec::new(),
            last_ask: self.now,
            last_news: self.now,
            last_reply: self.now,
        });
        thread.memory.misled = false;
        thread.memory.stopping = false;
        self.ask(at, Ask::Boot, step);
        Ok(())
    }

    /// The process is asked to go, or is killed.
    fn stop(
        &mut self,
        at: usize,
        force: bool,
        input: &Input,
        was_asked: bool,
        step: &Step,
    ) -> Result<(), Broken> {
        let (now, patience) = (self.now, self.patience);
        let thread = &mut self.threads[at];
        let memory = &thread.memory;
        // A provider that hears answers a question in time; one that does not may be ended.
        let is_deaf = *input == Input::Due(Deadline::Read)
            && memory
                .asked
                .as_ref()
                .is_some_and(|(_, asked)| asked + ms(patience.read) <= now);
        let excused = was_asked
            || is_deaf
            || memory.fence
            || memory.excused
            || thread.view.closed
            || thread.view.is_interrupting();
        let by_itself = matches!(input, Input::Sweep | Input::Event { .. });
        let too_soon = by_itself && now < memory.moved + ms(patience.idle);
        let asks = thread.process.as_ref().is_some_and(|process| {
            by_itself && !process.requests.is_empty() && !thread.view.stored.requests.is_empty()
        });
        if thread.is(State::Up) && !excused {
            let why = match &memory.owed {
                Some(turn) => Some(format!("turn {turn} runs")),
                None if thread.shows_true_task() => Some("a background task runs".to_owned()),
                None if asks => Some("a question waits for the user".to_owned()),
                None if too_soon => Some("it has not been idle for long enough".to_owned()),
                None => None,
            };
            if let Some(why) = why {
                return Broken::by(Claim::S2, at, why);
            }
        }
        thread.memory.stopping = true;
        self.tally.saw(Claim::S2, *input == Input::Sweep);
        match self.threads[at]
            .process
            .as_ref()
            .map(|process| process.state)
        {
            None => self.answer_for_nobody(at, Answer::Stopped, step),
            Some(_) if force => {
                let epoch = self.threads[at]
                    .process
                    .as_ref()
                    .map_or(0, |process| process.epoch);
                self.die(at);
                self.answer_of(at, epoch, Answer::Stopped, step);
            }
            Some(_) => self.ask(at, Ask::Stop, step),
        }
        Ok(())
    }

    fn report(&mut self, at: usize, report: &Report) -> Result<(), Broken> {
        let thread = &mut self.threads[at];
        match report {
            Report::MessageFailed(message) => {
                let fate = thread.fate(message);
                fate.reported = true;
                if fate.reached > 0 {
                    return Broken::by(Claim::S8, at, format!("{message} did not fail"));
                }
            }
            Report::MessageUncertain(message) => {
                thread.fate(message).reported = true;
            }
            Report::QueueParked
            | Report::RequestStale(_)
            | Report::TaskLost(_)
            | Report::ConfigurationDeferred(_) => {}
        }
        Ok(())
    }

    /// The process is asked something; it hears one thing after the other.
    fn ask(&mut self, at: usize, ask: Ask, step: &Step) {
        let now = self.now;
        let Some(process) = &mut self.threads[at].process else {
            return;
        };
        process.last_ask = process.last_ask.max(now + u64::from(step.takes));
        let (due, epoch) = (process.last_ask, process.epoch);
        let waiting = Waiting {
            thread: at,
            epoch,
            item: Item::Ask(ask),
            again: false,
        };
        self.push(due, waiting);
    }

    /// There is no process to ask, and the host finds out.
    fn answer_for_nobody(&mut self, at: usize, answer: Answer, step: &Step) {
        let epoch = self.threads[at].view.stored.epoch;
        self.answer_of(at, epoch, answer, step);
    }

    fn answer_of(&mut self, at: usize, epoch: u32, answer: Answer, step: &Step) {
        let waiting = Waiting {
            thread: at,
            epoch,
            item: Item::Reply(answer),
            again: false,
        };
        self.push(self.now + u64::from(step.takes), waiting);
    }
}
