//! What the provider says: fenced by epoch first, then folded.

use crate::supervisor::{
    Deadline, Effect, Epoch, Interrupting, PendingRead, Provider, ProviderEvent, Supervisor, Task,
    TaskId, Why,
};
use crate::{Event, Outcome, Rejected, SessionState, ThreadState, Timestamp, TurnResult};

impl Supervisor {
    pub(super) fn hear(&mut self, epoch: Option<Epoch>, event: ProviderEvent, now: Timestamp) {
        let is_exit = event == ProviderEvent::Lifecycle(Event::SessionExited);
        let fenced = !(put_back!(self, S4_11)
            || put_back!(self, S4_15) && is_exit
            || put_back!(self, S4_13) && is_exit && self.session.active_turn().is_none());
        let is_stale = epoch.is_some_and(|epoch| epoch != self.epoch);
        let unfenced = put_back!(self, S4_14) && is_stale && self.is_scarred();
        if put_back!(self, S4_14) && is_stale {
            self.scar(true);
        }
        let present = (!fenced || !is_stale || unfenced) && self.provider != Provider::Absent;
        match event {
            ProviderEvent::Lifecycle(event) if present => self.hear_lifecycle(event, now),
            ProviderEvent::Lifecycle(event) => self.hear_too_late(event),
            _ if !present => {}
            ProviderEvent::TaskStarted(task) | ProviderEvent::TaskProgressed(task) => {
                self.renew_lease(task, now)
            }
            ProviderEvent::TaskEnded(task) => {
                let was_known = self.end_task(&task);
                if put_back!(self, S2_05) && was_known && self.busy().is_none() {
                    self.stop_provider(false, now);
                }
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
        if self.is_work(&event) {
            self.sign_of_life(now);
        }
        if event == Event::SessionExited && put_back!(self, X_08) {
            self.fold(event, now);
            return;
        }
        if event == Event::SessionExited {
            let expected = self.provider == Provider::Stopping;
            return self.provider_gone(expected, now);
        }
        self.provider_is_up(now);
        let Some(event) = self.ask_which_turn(event, now) else {
            return;
        };
        // D7: a hint, worth a question.
        if event == Event::ThreadStateChanged(ThreadState::Idle)
            && self.session.status().is_active()
        {
            if put_back!(self, S2_14) {
                return self.stop_provider(false, now);
            }
            self.ask(Why::Hint);
        }
        if self.is_withheld(&event) {
            return;
        }
        self.mistake_for_work(&event, now);
        let outcome = self.fold(self.read_as_meant(event), now);
        self.stay_running(now);
        if let Outcome::Rejected(Rejected::TurnConflict { offered, .. }) = outcome {
            self.offered = Some(offered);
            self.ask(Why::Hint);
        }
    }

    /// Work that is seen of the turn that is shown. A provider that works on nothing may say anything else (L2-12).
    fn is_work(&self, event: &Event) -> bool {
        match event {
            Event::WorkObserved { turn } => {
                turn.is_none() || turn.as_ref() == self.session.active_turn()
            }
            Event::SessionStateChanged { state, .. } => {
                matches!(state, SessionState::Running | SessionState::Waiting)
            }
            Event::SessionStarted
            | Event::ThreadStarted
            | Event::SessionExited
            | Event::TurnStarted { .. }
            | Event::TurnCompleted { .. }
            | Event::TurnAborted { .. }
            | Event::RuntimeError { .. }
            | Event::ThreadStateChanged(_)
            | Event::Noticed => false,
        }
    }

    /// D7, D8: that it rests or has failed says nothing of the turn that is shown, for it may be a late word about an
    /// earlier one (S5). The error is shown, and the answer settles. Gives back what is to be believed.
    fn ask_which_turn(&mut self, event: Event, now: Timestamp) -> Option<Event> {
        let believed = put_back!(self, S4_06);
        let shows_turn = self.session.active_turn().is_some();
        if believed || !shows_turn || self.provider != Provider::Up {
            return Some(event);
        }
        match event {
            Event::SessionStateChanged {
                state: SessionState::Ready,
                ..
            } => self.ask(Why::Rest),
            Event::SessionStateChanged {
                state: SessionState::Error,
                reason: message,
            } => {
                let turn = None;
                if message.is_some() {
                    self.fold(Event::RuntimeError { turn, message }, now);
                }
                self.ask(Why::Failure);
            }
            Event::ThreadStateChanged(ThreadState::Error) => self.ask(Why::Failure),
            Event::SessionStarted
            | Event::ThreadStarted
            | Event::SessionStateChanged { .. }
            | Event::SessionExited
            | Event::TurnStarted { .. }
            | Event::TurnCompleted { .. }
            | Event::TurnAborted { .. }
            | Event::RuntimeError { .. }
            | Event::ThreadStateChanged(_)
            | Event::WorkObserved { .. }
            | Event::Noticed => return Some(event),
        }
        None
    }

    /// Published defects pass over the end of a turn, or take it for that of the message in hand.
    fn is_withheld(&mut self, event: &Event) -> bool {
        let Event::TurnCompleted { turn, .. } = event else {
            return false;
        };
        if put_back!(self, S4_10) && turn.as_ref() != self.session.active_turn() {
            self.handed = None;
        }
        if put_back!(self, S6_01) && turn.as_ref() == self.session.active_turn() {
            self.handed = None;
        }
        if put_back!(self, L2_06) && self.is_scarred_turn(turn.as_ref()) {
            return true;
        }
        let is_early = self.handed.as_ref().is_some_and(|handed| !handed.taken);
        put_back!(self, S5_09) && !self.tasks.is_empty() || put_back!(self, L2_15) && is_early
    }

    /// S3-06: whatever arrives outside a turn is taken for work.
    fn mistake_for_work(&mut self, event: &Event, now: Timestamp) {
        if put_back!(self, S3_06) && *event == Event::Noticed {
            self.show_running(now);
        }
    }

    /// S1-07: the end of an interrupted turn leaves the session running, if a message waits.
    fn stay_running(&mut self, now: Timestamp) {
        let was_interrupted = self.interrupting.is_some() && self.session.active_turn().is_none();
        if put_back!(self, S1_07) && was_interrupted && !self.queue.is_empty() {
            self.show_running(now);
        }
    }

    fn show_running(&mut self, now: Timestamp) {
        let state = SessionState::Running;
        let reason = None;
        self.fold(Event::SessionStateChanged { state, reason }, now);
    }

    /// S8-03: the failure of a turn that was told to stop is the stop.
    fn read_as_meant(&self, event: Event) -> Event {
        match (event, &self.interrupting) {
            (
                Event::TurnCompleted {
                    turn: Some(turn),
                    result: TurnResult::Failed,
                    ..
                },
                Some(Interrupting::Asked(Some(asked))),
            ) if turn == *asked && !put_back!(self, S8_03) => {
                Event::TurnAborted { turn: Some(turn) }
            }
            (event, _) => event,
        }
    }

    /// D14: what an earlier provider says of a turn is worth writing down, and nothing else.
    fn hear_too_late(&mut self, event: Event) {
        if put_back!(self, L2_05) {
            return;
        }
        if let Event::TurnCompleted {
            turn: Some(turn),
            result,
            ..
        } = event
        {
            self.unsaved |= self.session.correct(turn, result);
        } else if let Event::TurnAborted { turn: Some(turn) } = event {
            self.unsaved |= self.session.correct(turn, TurnResult::Interrupted);
        }
    }

    /// Asks the provider what it works on, once at a time.
    pub(super) fn ask(&mut self, why: Why) {
        if self.provider != Provider::Up {
            return;
        }
        if let Some(reading) = &mut self.reading {
            reading.why = reading.why.max(why);
            reading.again = true;
            return;
        }
        let turn = self.session.active_turn().cloned();
        let epoch = self.epoch;
        self.reading = Some(PendingRead {
            turn: turn.clone(),
            why,
            again: false,
        });
        self.then(Effect::Read { epoch, turn });
    }

    /// Asks although an earlier question may have no answer yet, and waits for the answer anew.
    pub(super) fn ask_again(&mut self, why: Why, now: Timestamp) {
        self.reading = None;
        self.ask(why);
        if self.reading.is_some() {
            self.set(Deadline::Read, now);
        }
    }

    fn renew_lease(&mut self, id: TaskId, now: Timestamp) {
        let due = now.after(self.patience.lease);
        if let Some(task) = self.tasks.iter_mut().find(|task| task.id == id) {
            task.due = due;
        } else {
            self.tasks.push(Task {
                id: id.clone(),
                due,
            });
            self.unsaved = true;
        }
        self.then(Effect::SetDeadline {
            deadline: Deadline::Lease(id),
            at: due,
        });
    }

    pub(super) fn end_task(&mut self, id: &TaskId) -> bool {
        let Some(at) = self.tasks.iter().position(|task| task.id == *id) else {
            return false;
        };
        let task = self.tasks.swap_remove(at);
        self.unsaved = true;
        self.then(Effect::ClearDeadline(Deadline::Lease(task.id)));
        true
    }
}
