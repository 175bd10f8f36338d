//! Deadlines: which are set follows from the state; what happens when one is due is decided here.

use crate::supervisor::{Deadline, Effect, Interrupting, Provider, Report, Supervisor, Why};
use crate::{Event, SessionState, Timestamp};

/// When each deadline is due, if it is set. Those of the tasks stand with the tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Armed {
    start: Option<Timestamp>,
    send: Option<Timestamp>,
    interrupt: Option<Timestamp>,
    read: Option<Timestamp>,
    stop: Option<Timestamp>,
    stall: Option<Timestamp>,
}

impl Armed {
    fn slot(&mut self, deadline: &Deadline) -> Option<&mut Option<Timestamp>> {
        match deadline {
            Deadline::Start => Some(&mut self.start),
            Deadline::Send => Some(&mut self.send),
            Deadline::Interrupt => Some(&mut self.interrupt),
            Deadline::Read => Some(&mut self.read),
            Deadline::Stop => Some(&mut self.stop),
            Deadline::Stall => Some(&mut self.stall),
            Deadline::Lease(_) => None,
        }
    }
}

#[cfg(feature = "faults")]
impl Armed {
    pub(crate) fn is_set(mut self, deadline: &Deadline) -> bool {
        self.slot(deadline).is_some_and(|slot| slot.is_some())
    }

    pub(crate) fn at_zero(mut self) -> Self {
        for slot in [
            &mut self.start,
            &mut self.send,
            &mut self.interrupt,
            &mut self.read,
            &mut self.stop,
            &mut self.stall,
        ] {
            *slot = slot.map(|_| Timestamp::default());
        }
        self
    }
}

impl Supervisor {
    /// A deadline is due: if it is one that is set, and not an earlier one of the same kind.
    pub(super) fn lose_patience(&mut self, deadline: Deadline, now: Timestamp) {
        if let Deadline::Lease(id) = deadline {
            if put_back!(self, L1_01) {
                return;
            }
            if self
                .tasks
                .iter()
                .any(|task| task.id == id && task.due <= now)
                && self.end_task(&id)
            {
                self.report(Report::TaskLost(id));
            }
            return;
        }
        let is_due = self
            .armed
            .slot(&deadline)
            .and_then(|slot| slot.take_if(|due| *due <= now))
            .is_some();
        if !is_due {
            return;
        }
        match deadline {
            // It may be half up: nothing of it may stay.
            Deadline::Start => {
                self.fail_head();
                self.park();
                self.stop_provider(true, now);
            }
            Deadline::Send => {
                if let Some(handed) = self.handed.take() {
                    self.unsaved = true;
                    self.give_up(handed.message, now);
                }
            }
            Deadline::Interrupt if put_back!(self, L4_02) => self.interrupting = None,
            Deadline::Interrupt | Deadline::Stop => self.stop_provider(true, now),
            Deadline::Read => {
                if self
                    .reading
                    .take()
                    .is_some_and(|reading| reading.why > Why::Hint)
                {
                    if put_back!(self, S2_12) {
                        self.abort_active(now);
                    }
                    self.stop_provider(true, now);
                }
            }
            Deadline::Stall if put_back!(self, S2_11) => {
                self.fold(
                    Event::SessionStateChanged {
                        state: SessionState::Interrupted,
                        reason: None,
                    },
                    now,
                );
            }
            Deadline::Stall => {
                self.reading = None;
                self.ask(Why::Press);
            }
            Deadline::Lease(_) => {}
        }
    }

    /// Something was seen of the work.
    pub(super) fn sign_of_life(&mut self, now: Timestamp) {
        if self.armed.stall.is_some() {
            self.set(Deadline::Stall, now);
        }
    }

    pub(super) fn set(&mut self, deadline: Deadline, now: Timestamp) {
        let patience = match deadline {
            Deadline::Start => self.patience.start,
            Deadline::Send => self.patience.send,
            Deadline::Interrupt => self.patience.interrupt,
            Deadline::Read => self.patience.read,
            Deadline::Stop => self.patience.stop,
            Deadline::Stall => self.patience.stall,
            Deadline::Lease(_) => self.patience.lease,
        };
        let at = now.after(patience);
        if let Some(slot) = self.armed.slot(&deadline) {
            *slot = Some(at);
        }
        self.then(Effect::SetDeadline { deadline, at });
    }

    /// Every wait has a deadline, and no deadline outlives its wait.
    pub(super) fn keep_deadlines(&mut self, now: Timestamp) {
        let up = self.provider == Provider::Up;
        // Silence is no sign while somebody has to answer, or while the provider was asked something.
        let unwatched = put_back!(self, S4_16) && self.is_scarred_turn(self.session.active_turn());
        let may_stall = !put_back!(self, L2_12)
            && !unwatched
            && up
            && self.session.status().is_active()
            && self.requests.is_empty()
            && self.interrupting.is_none()
            && self.reading.is_none();
        let is_over = matches!(&self.interrupting, Some(Interrupting::Asked(turn)) if turn.as_ref() != self.session.active_turn());
        let awaits_an_abort = put_back!(self, L4_01) && is_over;
        let wanted = [
            (
                Deadline::Start,
                self.provider == Provider::Starting && !put_back!(self, L3_04),
            ),
            (
                Deadline::Send,
                up && self.handed.is_some() && !put_back!(self, S6_06),
            ),
            (
                Deadline::Interrupt,
                up && matches!(self.interrupting, Some(Interrupting::Asked(_)))
                    && !put_back!(self, L4_09)
                    && !awaits_an_abort,
            ),
            (Deadline::Read, up && self.reading.is_some()),
            (
                Deadline::Stop,
                self.provider == Provider::Stopping && !put_back!(self, L4_03),
            ),
            (Deadline::Stall, may_stall),
        ];
        for (deadline, wanted) in wanted {
            let is_set = self
                .armed
                .slot(&deadline)
                .is_some_and(|slot| slot.is_some());
            if wanted && !is_set {
                self.set(deadline, now);
            } else if !wanted && is_set {
                if let Some(slot) = self.armed.slot(&deadline) {
                    *slot = None;
                }
                self.then(Effect::ClearDeadline(deadline));
            }
        }
    }

    /// The reaper's sweep: it nominates, and the session decides here and now (S2-13).
    pub(super) fn sweep(&mut self, now: Timestamp) {
        if put_back!(self, L1_05) {
            return;
        }
        if put_back!(self, S4_12) {
            if self.is_scarred() {
                self.fold(Event::SessionExited, now);
            }
            self.scar(self.provider == Provider::Absent);
        }
        if self.reapable(now) {
            if put_back!(self, S2_16) {
                self.scar(true);
            }
            self.stop_provider(false, now);
        }
    }
}
