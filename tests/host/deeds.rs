//! What a provider does by itself.

use session_lifecycle::supervisor::{ProviderEvent, TaskId};
use session_lifecycle::{Event, SessionState, ThreadState, TurnId, TurnResult};

use crate::settle::BUSY;
use crate::step::{Deed, How, Step, Wire};
use crate::truth::{Kind, Process, State};
use crate::world::{Item, World};

/// How long a turn, or a background task, works on without a word.
const TURN: u64 = 240_000;
const TASK: u64 = 1_500_000;

/// What names no turn does not overtake the turn's start: only the stall deadline could tell.
fn in_order(step: &Step) -> Step {
    let wire = match step.wire {
        Wire::Early => Wire::Once,
        in_order @ (Wire::Once | Wire::Twice(_) | Wire::Lost) => in_order,
    };
    Step { wire, ..*step }
}

impl World {
    /// The provider goes on with its turn, or ends it.
    pub(crate) fn pulse(&mut self, at: usize, epoch: u32, turn: TurnId, step: &Step) {
        let thread = &mut self.threads[at];
        let shown = thread.view.stored.requests.clone();
        let in_flight = thread.in_flight;
        let Some(process) = &mut thread.process else {
            return;
        };
        if process.epoch != epoch || process.turn.as_ref() != Some(&turn) {
            return;
        }
        if self.calm.is_some() && in_flight == 0 {
            // A question that nobody ever saw is given up in the end.
            process.requests.retain(|request| shown.contains(request));
        }
        if !process.requests.is_empty() {
            return self.pulse_later(at, Item::Pulse(turn), TURN);
        }
        self.happened += 1;
        let works_on = self.calm.is_some_and(|since| self.now < since + BUSY);
        let how = if works_on { How::Plainly } else { step.how };
        self.tell_story(at, |_| crate::words::pulse(&turn, how));
        match how {
            How::Plainly => {
                let worked = Event::WorkObserved {
                    turn: Some(turn.clone()),
                };
                self.tell_of(at, worked, step);
                self.pulse_later(at, Item::Pulse(turn), TURN + u64::from(step.takes));
            }
            How::Well | How::AsFailure => {
                let result = if how == How::Well {
                    TurnResult::Completed
                } else {
                    TurnResult::Failed
                };
                let turn = self.end(at, result);
                self.tell_of(at, Self::completed(turn, result), step);
            }
            How::Refuses => {
                self.end(at, TurnResult::Completed);
                self.threads[at].memory.misled = true;
                self.tell_of(at, Event::ThreadStateChanged(ThreadState::Idle), step);
            }
            How::AfterTheFact => {
                self.end(at, TurnResult::Completed);
                let (state, reason) = (SessionState::Ready, None);
                self.tell_of(
                    at,
                    Event::SessionStateChanged { state, reason },
                    &in_order(step),
                );
            }
            How::Hangs => {
                self.end(at, TurnResult::Completed);
                self.threads[at].memory.misled = true;
            }
        }
        self.end_of_line(at);
    }

    /// The provider goes on with a background task, or ends it.
    pub(crate) fn task_pulse(&mut self, at: usize, epoch: u32, task: TaskId, step: &Step) {
        let thread = &self.threads[at];
        let is_of_it = |process: &Process| process.epoch == epoch;
        if !thread.process.as_ref().is_some_and(is_of_it) || !thread.runs_task(&task) {
            return;
        }
        self.happened += 1;
        self.tell_story(at, |_| format!("The provider looks after task {task}."));
        if step.how == How::Plainly {
            self.say(at, ProviderEvent::TaskProgressed(task.clone()), step);
            self.pulse_later(at, Item::TaskPulse(task), TASK);
        } else {
            self.end_task(at, &task, step);
        }
        self.end_of_line(at);
    }

    pub(crate) fn end_task(&mut self, at: usize, task: &TaskId, step: &Step) {
        if let Some(process) = &mut self.threads[at].process
            && process.tasks.contains(task)
        {
            process.tasks.retain(|one| one != task);
            self.say(at, ProviderEvent::TaskEnded(task.clone()), step);
        }
    }

    /// Does something by itself.
    pub(crate) fn act(&mut self, at: usize, deed: Deed, step: &Step) {
        let thread = &mut self.threads[at];
        let (is_up, turn) = (thread.is(State::Up), thread.turn().cloned());
        let dies = matches!(deed, Deed::Die | Deed::DieAndLose | Deed::FallMute);
        if thread.process.is_none() || !(is_up || dies) {
            return;
        }
        let can = match deed {
            Deed::Begin | Deed::Rests | Deed::Chatter => turn.is_none(),
            Deed::StartTask
            | Deed::Ask
            | Deed::Bookmark
            | Deed::IdleTooEarly
            | Deed::Remark
            | Deed::Fails => turn.is_some(),
            Deed::EndTask | Deed::Close | Deed::Die | Deed::DieAndLose | Deed::FallMute => true,
        };
        if !can {
            return;
        }
        self.happened += 1;
        self.tell_story(at, |_| crate::words::deed(deed).to_owned());
        match deed {
            Deed::Begin => {
                self.begin(at, step);
            }
            Deed::StartTask => {
                let task = TaskId::from(self.threads[at].next_id(Kind::Task));
                if let Some(process) = &mut self.threads[at].process {
                    process.tasks.push(task.clone());
                }
                self.say(at, ProviderEvent::TaskStarted(task.clone()), step);
                self.pulse_later(at, Item::TaskPulse(task), TASK);
            }
            Deed::EndTask => {
                let tasks = self.threads[at]
                    .process
                    .as_ref()
                    .map(|process| process.tasks.clone());
                if let Some(task) = tasks.iter().flatten().next() {
                    self.end_task(at, task, step);
                }
            }
            Deed::Ask => {
                let request = self.threads[at].next_id(Kind::Request);
                if let Some(process) = &mut self.threads[at].process {
                    process.requests.push(request.as_str().into());
                }
                self.say(at, ProviderEvent::RequestOpened(request.into()), step);
            }
            Deed::Bookmark => {
                let cursor = self.threads[at].next_id(Kind::Cursor);
                self.say(at, ProviderEvent::CursorAdvanced(cursor.into()), step);
            }
            Deed::IdleTooEarly => {
                self.tell_of(at, Event::ThreadStateChanged(ThreadState::Idle), step);
            }
            Deed::Remark => {
                let (turn, message) = (None, Some("a remark".into()));
                self.tell_of(at, Event::RuntimeError { turn, message }, step);
            }
            Deed::Chatter => self.tell_of(at, Event::Noticed, step),
            Deed::Rests => {
                let (state, reason) = (SessionState::Ready, None);
                self.tell_of(at, Event::SessionStateChanged { state, reason }, step);
            }
            Deed::Fails => {
                self.end(at, TurnResult::Failed);
                let (state, reason) = (SessionState::Error, Some("it failed".into()));
                let failed = match step.how {
                    How::Plainly => Event::ThreadStateChanged(ThreadState::Error),
                    How::Well | How::AsFailure | How::Refuses | How::AfterTheFact | How::Hangs => {
                        Event::SessionStateChanged { state, reason }
                    }
                };
                self.tell_of(at, failed, &in_order(step));
            }
            Deed::Close => {
                self.end(at, TurnResult::Interrupted);
                self.rest(at);
                self.tell_of(at, Event::ThreadStateChanged(ThreadState::Closed), step);
            }
            Deed::Die | Deed::DieAndLose => {
                if deed == Deed::DieAndLose {
                    self.drop_waiting(|waiting| {
                        waiting.thread == at
                            && matches!(waiting.item, Item::News(_) | Item::Reply(_))
                    });
                    self.threads[at].memory.misled = true;
                }
                self.tell_of(at, Event::SessionExited, step);
                self.die(at);
            }
            Deed::FallMute => {
                self.end(at, TurnResult::Interrupted);
                self.rest(at);
                if let Some(process) = &mut self.threads[at].process {
                    process.state = State::Mute;
                }
                self.threads[at].memory.misled = true;
                self.threads[at].memory.since = [None; 4];
            }
        }
        self.end_of_line(at);
    }

    /// No task runs any more, and no question waits.
    fn rest(&mut self, at: usize) {
        if let Some(process) = &mut self.threads[at].process {
            process.tasks.clear();
            process.requests.clear();
        }
    }
}
