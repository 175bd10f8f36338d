//! What a provider says, answers and takes up.

use session_lifecycle::supervisor::{Answer, MessageId, ProviderEvent, TrueState};
use session_lifecycle::{Event, TurnId, TurnResult};

use crate::claim::{Broken, Claim};
use crate::step::{How, Step, Wire};
use crate::truth::{Kind, State};
use crate::world::{Ask, Item, Waiting, World};

impl World {
    /// The provider says something: it arrives after what it said before, unless it overtakes that.
    pub(crate) fn say(&mut self, at: usize, event: ProviderEvent, step: &Step) {
        let now = self.now;
        let thread = &mut self.threads[at];
        let Some(process) = &mut thread.process else {
            return;
        };
        let waiting = Waiting {
            thread: at,
            epoch: process.epoch,
            item: Item::News(event),
            again: false,
        };
        let mut due = now;
        if step.wire != Wire::Early {
            process.last_news = process.last_news.max(now + u64::from(step.takes));
            due = process.last_news;
        }
        match step.wire {
            Wire::Lost => {
                thread.memory.misled = true;
                thread.memory.since = [None; 4];
            }
            Wire::Twice(later) => {
                let again = Waiting {
                    again: true,
                    ..waiting.clone()
                };
                self.push(due, waiting);
                self.push(due + 1_000 * u64::from(later), again);
            }
            Wire::Once | Wire::Early => self.push(due, waiting),
        }
    }

    pub(crate) fn tell_of(&mut self, at: usize, event: Event, step: &Step) {
        self.say(at, ProviderEvent::Lifecycle(event), step);
    }

    pub(crate) fn reply(&mut self, at: usize, answer: Answer, step: &Step) {
        let now = self.now;
        let thread = &mut self.threads[at];
        let Some(process) = &mut thread.process else {
            return;
        };
        process.last_reply = process.last_reply.max(now + u64::from(step.takes));
        let (due, epoch) = (process.last_reply, process.epoch);
        if step.how == How::Hangs || self.orphaned {
            thread.memory.misled = true;
            return;
        }
        let waiting = Waiting {
            thread: at,
            epoch,
            item: Item::Reply(answer),
            again: false,
        };
        if let Wire::Twice(later) = step.wire {
            let again = Waiting {
                again: true,
                ..waiting.clone()
            };
            self.push(due + 1_000 * u64::from(later), again);
        }
        self.push(due, waiting);
    }

    pub(crate) fn pulse_later(&mut self, at: usize, item: Item, after: u64) {
        if let Some(process) = &self.threads[at].process {
            let waiting = Waiting {
                thread: at,
                epoch: process.epoch,
                item,
                again: false,
            };
            self.push(self.now + after, waiting);
        }
    }

    pub(crate) fn begin(&mut self, at: usize, step: &Step) -> TurnId {
        let turn = TurnId::from(self.threads[at].next_id(Kind::Turn));
        if let Some(process) = &mut self.threads[at].process {
            process.turn = Some(turn.clone());
        }
        self.threads[at].memory.excused = false;
        let started = Event::TurnStarted {
            turn: Some(turn.clone()),
        };
        self.tell_of(at, started, step);
        let first = 100 + 10 * u64::from(step.takes);
        self.pulse_later(at, Item::Pulse(turn.clone()), first);
        turn
    }

    pub(crate) fn end(&mut self, at: usize, result: TurnResult) -> Option<TurnId> {
        let thread = &mut self.threads[at];
        let turn = thread.process.as_mut()?.turn.take()?;
        thread.ended.insert(turn.clone(), result);
        Some(turn)
    }

    pub(crate) fn completed(turn: Option<TurnId>, result: TurnResult) -> Event {
        Event::TurnCompleted {
            turn,
            result,
            message: None,
        }
    }

    /// The process ends, and what it was asked with it.
    pub(crate) fn die(&mut self, at: usize) {
        self.end(at, TurnResult::Interrupted);
        if self.threads[at].process.take().is_some() {
            self.threads[at].memory.since = [None; 4];
            self.drop_waiting(|waiting| {
                waiting.thread == at && matches!(waiting.item, Item::Ask(_))
            });
        }
    }

    /// Takes up what the provider was asked.
    pub(crate) fn take_up(&mut self, at: usize, ask: Ask, step: &Step) -> Result<(), Broken> {
        if let Ask::Send(message) = &ask {
            self.threads[at].fate(message).travels = false;
        }
        let Some(process) = &self.threads[at].process else {
            return Ok(());
        };
        let is_hard_of_hearing = process.state == State::Booting && !matches!(ask, Ask::Boot);
        if process.state == State::Mute || is_hard_of_hearing {
            return Ok(());
        }
        self.happened += 1;
        self.tell_story(at, |_| crate::words::ask(&ask, step.how));
        match ask {
            Ask::Boot => self.come_up(at, step),
            Ask::Send(message) => self.receive(at, message, step)?,
            Ask::Interrupt(turn, shown) => self.be_interrupted(at, (turn, shown), step)?,
            Ask::Read(turn) => self.be_read(at, turn, step),
            Ask::Stop => match step.how {
                How::Refuses => self.reply(at, Answer::StopFailed, step),
                How::Hangs => self.threads[at].memory.misled = true,
                How::Well | How::Plainly | How::AsFailure | How::AfterTheFact => {
                    if step.how == How::Plainly {
                        self.tell_of(at, Event::SessionExited, step);
                    }
                    self.reply(at, Answer::Stopped, step);
                    self.die(at);
                }
            },
            Ask::StopTask(task) => self.end_task(at, &task, step),
            Ask::Settle(request) => {
                if let Some(process) = &mut self.threads[at].process
                    && process.requests.contains(&request)
                {
                    process.requests.retain(|open| *open != request);
                    self.say(at, ProviderEvent::RequestResolved(request), step);
                }
            }
        }
        self.end_of_line(at);
        Ok(())
    }

    fn come_up(&mut self, at: usize, step: &Step) {
        if step.how == How::Refuses {
            let reason = "it did not start".into();
            self.reply(at, Answer::StartFailed { reason }, step);
            if self.orphaned {
                self.tell_of(at, Event::SessionExited, step);
            }
            self.die(at);
            return;
        }
        if let Some(process) = &mut self.threads[at].process {
            process.state = State::Up;
        }
        if step.how == How::Plainly {
            self.tell_of(at, Event::SessionStarted, step);
        }
        self.reply(at, Answer::Started, step);
    }

    fn receive(&mut self, at: usize, message: MessageId, step: &Step) -> Result<(), Broken> {
        if step.how == How::Refuses {
            let attempted = false;
            self.reply(at, Answer::SendFailed { message, attempted }, step);
            return Ok(());
        }
        let is_other_mute = self.is_any_other_mute(at);
        self.saw(Claim::L5, is_other_mute);
        let thread = &mut self.threads[at];
        let fate = thread.fate(&message);
        fate.reached += 1;
        if fate.reached > 1 {
            return Broken::by(Claim::S7, at, format!("{message} arrives again"));
        }
        let turn = match self.threads[at].turn().cloned() {
            // It joins the turn that runs, and nothing ever starts for it; it may name another all the same (L2-02).
            Some(running) => match step.how {
                How::Well => Some(TurnId::from(self.threads[at].next_id(Kind::Turn))),
                How::AsFailure => Some(running),
                How::Plainly | How::Refuses | How::AfterTheFact | How::Hangs => None,
            },
            None => {
                let turn = self.begin(at, step);
                self.threads[at].fate(&message).turn = Some(turn.clone());
                Some(turn).filter(|_| step.how != How::Plainly)
            }
        };
        let answer = if step.how == How::AfterTheFact {
            let attempted = true;
            Answer::SendFailed { message, attempted }
        } else {
            Answer::Sent { message, turn }
        };
        self.reply(at, answer, step);
        Ok(())
    }

    fn be_interrupted(
        &mut self,
        at: usize,
        (asked, shown): (Option<TurnId>, Option<TurnId>),
        step: &Step,
    ) -> Result<(), Broken> {
        let thread = &self.threads[at];
        let Some(running) = thread
            .turn()
            .filter(|turn| asked.as_ref().is_none_or(|asked| asked == *turn))
        else {
            self.reply(at, Answer::NothingToInterrupt, step);
            return Ok(());
        };
        // Nobody asked for whatever runs, where it is not what was shown.
        if asked.is_none() && shown.is_some_and(|shown| shown != *running) {
            return Broken::by(
                Claim::S2,
                at,
                format!("nobody asked for turn {running} to end"),
            );
        }
        let (event, answer) = match step.how {
            // It neither listens nor says so.
            How::Hangs => {
                self.threads[at].memory.misled = true;
                return Ok(());
            }
            How::Refuses => {
                self.reply(at, Answer::Interrupted, step);
                return Ok(());
            }
            How::Plainly => {
                let turn = self.end(at, TurnResult::Interrupted);
                (Self::completed(turn, TurnResult::Interrupted), true)
            }
            How::AsFailure => {
                let turn = self.end(at, TurnResult::Interrupted);
                (Self::completed(turn, TurnResult::Failed), true)
            }
            How::Well | How::AfterTheFact => {
                let turn = self.end(at, TurnResult::Interrupted);
                (Event::TurnAborted { turn }, step.how == How::Well)
            }
        };
        self.tell_of(at, event, step);
        if answer {
            self.reply(at, Answer::Interrupted, step);
        }
        Ok(())
    }

    fn be_read(&mut self, at: usize, asked: Option<TurnId>, step: &Step) {
        let thread = &self.threads[at];
        let is_empty = step.how == How::Refuses && thread.memory.hinted;
        let state = match (&asked, thread.turn()) {
            // Its list of what it works on is empty for a moment.
            (Some(asked), Some(turn)) if asked == turn && is_empty => TrueState::Unknown,
            (Some(asked), Some(turn)) if asked == turn => TrueState::Running,
            (None, Some(_)) => TrueState::Running,
            (Some(asked), _) => match thread.ended.get(asked) {
                Some(result) => TrueState::Ended(*result),
                None => TrueState::Unknown,
            },
            (None, None) => TrueState::Unknown,
        };
        self.reply(at, Answer::Read { turn: asked, state }, step);
    }
}
