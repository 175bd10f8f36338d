//! What the provider says: fenced by epoch first, then folded.

use crate::supervisor::{Deadline, Epoch, Interrupting, Provider, ProviderEvent, Reading, Supervisor, Task, TaskId};
use crate::{Event, Outcome, Rejected, ThreadState, Timestamp, TurnResult};

impl Supervisor {
    pub(super) fn hear(&mut self, epoch: Option<Epoch>, event: ProviderEvent, now: Timestamp) {
        let present = epoch.is_none_or(|epoch| epoch == self.epoch) && self.provider != Provider::Absent;
        match event {
            ProviderEvent::Lifecycle(event) if present => self.hear_lifecycle(event, now),
            ProviderEvent::Lifecycle(event) => self.hear_too_late(event),
            _ if !present => {}
            ProviderEvent::TaskStarted(task) | ProviderEvent::TaskProgressed(task) => self.renew_lease(task, now),
            ProviderEvent::TaskEnded(task) => {
                self.end_task(&task);
            }
            ProviderEvent::RequestOpened(request) => {
                if !self.requests.contains(&request) {
                    self.requests.push(request);
                    self.unsaved = true;
                }
            }
            ProviderEvent::RequestResolved(request) => {
                if let Some(at) = self.requests.iter().position(|open| *open == request) {
                    self.requests.swap_remove(at);
                    self.unsaved = true;
                }
            }
            ProviderEvent::CursorAdvanced(cursor) => {
                self.cursor = Some(cursor);
                self.unsaved = true;
            }
        }
    }

    fn hear_lifecycle(&mut self, event: Event, now: Timestamp) {
        self.sign_of_life(now);
        match event {
            Event::SessionExited => {
                let expected = self.provider == Provider::Stopping;
                self.provider_gone(expected, now);
            }
            // S8-03: the failure of a turn that was told to stop is the stop.
            Event::TurnCompleted { turn: Some(turn), result: TurnResult::Failed, .. }
                if self.interrupting == Some(Interrupting::Asked(Some(turn.clone()))) =>
            {
                self.fold(Event::TurnAborted { turn: Some(turn) }, now);
            }
            // D7: a hint, worth a question.
            Event::ThreadStateChanged(ThreadState::Idle) if self.session.status().is_active() => {
                self.ask(false);
            }
            event => {
                let outcome = self.fold(event, now);
                if let Outcome::Rejected(Rejected::TurnConflict { offered, .. }) = outcome {
                    self.offered = Some(offered);
                    self.ask(false);
                }
            }
        }
    }

    /// D14: what an earlier provider says of a turn is worth writing down, and nothing else.
    fn hear_too_late(&mut self, event: Event) {
        let (turn, result) = match event {
            Event::TurnCompleted { turn: Some(turn), result, .. } => (turn, result),
            Event::TurnAborted { turn: Some(turn) } => (turn, TurnResult::Interrupted),
            _ => return,
        };
        self.unsaved |= self.session.correct(turn, result);
    }

    /// Asks the provider what it works on, once at a time.
    pub(super) fn ask(&mut self, pressing: bool) {
        if self.provider != Provider::Up || self.reading.is_some() {
            return;
        }
        let turn = self.session.active_turn().cloned();
        let epoch = self.epoch;
        self.reading = Some(Reading { turn: turn.clone(), pressing });
        self.then(crate::supervisor::Effect::Read { epoch, turn });
    }

    fn renew_lease(&mut self, id: TaskId, now: Timestamp) {
        let due = now.after(self.patience.lease);
        match self.tasks.iter_mut().find(|task| task.id == id) {
            Some(task) => task.due = due,
            None => {
                self.tasks.push(Task { id: id.clone(), due });
                self.unsaved = true;
            }
        }
        self.then(crate::supervisor::Effect::SetDeadline { deadline: Deadline::Lease(id), at: due });
    }

    pub(super) fn end_task(&mut self, id: &TaskId) -> bool {
        let Some(at) = self.tasks.iter().position(|task| task.id == *id) else { return false };
        let task = self.tasks.swap_remove(at);
        self.unsaved = true;
        self.then(crate::supervisor::Effect::ClearDeadline(Deadline::Lease(task.id)));
        true
    }
}
