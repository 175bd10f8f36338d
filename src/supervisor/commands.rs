//! What the user and the host want: accepted or refused at once.

use crate::supervisor::{
    Command, Effect, Hold, Interrupting, MessageId, Provider, Refusal, Report, RequestId,
    Supervisor,
};
use crate::{Event, SessionState, Settlement, Timestamp, TurnResult};

impl Supervisor {
    pub(super) fn obey(&mut self, command: Command, now: Timestamp) {
        self.clock.commanded(now);
        if put_back!(self, L3_06) {
            self.scar(false);
        }
        match command {
            Command::Send(message) => {
                if self.accept(&message) {
                    if put_back!(self, X_04) {
                        self.queue.clear();
                    }
                    self.queue.push_back(message);
                }
            }
            Command::SendNow(message) => {
                if self.accept(&message) {
                    self.queue.push_front(message);
                    if put_back!(self, S2_10) {
                        self.stop_background();
                    }
                    self.interrupt();
                }
            }
            Command::Interrupt if put_back!(self, L4_13) && self.provider != Provider::Up => {
                self.then(Effect::Refuse(Refusal::RequestNotOpen));
            }
            Command::Interrupt => {
                self.then(Effect::Accept);
                if put_back!(self, S6_02) {
                    self.queue.clear();
                } else if !put_back!(self, S10_01) {
                    self.park();
                }
                if put_back!(self, L4_11) && self.provider == Provider::Starting {
                    self.start_provider(now);
                }
                self.stop_background();
                self.interrupt();
                self.unsaved |= self.ending().is_some();
                self.settle_locally(now);
            }
            Command::Stop => {
                self.then(Effect::Accept);
                self.park();
                if matches!(self.provider, Provider::Starting | Provider::Up) {
                    // What comes up does not hear a polite word.
                    self.stop_provider(self.provider == Provider::Starting, now);
                    self.unsaved = true;
                }
            }
            Command::Answer(request) => self.answer(request),
            Command::Configure(config) => {
                self.then(Effect::Accept);
                if put_back!(self, S2_08) && self.provider == Provider::Up {
                    self.stop_provider(false, now);
                }
                if put_back!(self, S4_17) && self.provider == Provider::Up && !self.working() {
                    self.fold(Event::SessionExited, now);
                }
                if self.working() {
                    self.report(Report::ConfigurationDeferred(config.clone()));
                }
                self.config = Some(config);
                self.unsaved = true;
            }
        }
    }

    /// A message is accepted once (S7); whoever sends one wants the queue to move (S10).
    fn accept(&mut self, message: &MessageId) -> bool {
        let handed = self
            .handed
            .as_ref()
            .is_some_and(|handed| handed.message == *message);
        if handed || self.queue.contains(message) {
            self.then(Effect::Refuse(Refusal::AlreadyAccepted));
            return false;
        }
        self.then(Effect::Accept);
        if !put_back!(self, L4_06) {
            self.hold = Hold::Drain;
        }
        self.unsaved = true;
        true
    }

    /// Interrupts what runs; what is about to run as soon as it does (L4-05); nothing, if nothing runs (D16).
    pub(super) fn interrupt(&mut self) {
        if put_back!(self, L4_07)
            && let Some(Interrupting::Asked(turn)) = &self.interrupting
        {
            self.scar_turn(turn.clone());
        }
        if self.interrupting.is_some() || self.provider != Provider::Up {
            return;
        }
        if self.session.status().is_active() && put_back!(self, L4_08) {
            self.interrupting = Some(Interrupting::Latched);
        } else if self.session.status().is_active() {
            self.ask_to_interrupt();
        } else if self.handed.is_some() && !put_back!(self, L4_05) || put_back!(self, L3_08) {
            self.interrupting = Some(Interrupting::Latched);
        }
    }

    /// An interrupt is for everything that the user can see running: tasks too (S10-02), and questions (L3-10).
    fn stop_background(&mut self) {
        let epoch = self.epoch;
        for at in 0..self.tasks.len() {
            if put_back!(self, S10_02) {
                break;
            }
            if let Some(task) = self.tasks.get(at) {
                let task = task.id.clone();
                self.then(Effect::StopTask { epoch, task });
            }
        }
        if !self.requests.is_empty() && !put_back!(self, L3_10) {
            self.unsaved = true;
            let open = self.requests.drain(..);
            self.outbox
                .extend(open.map(|request| Effect::CancelRequest { epoch, request }));
        }
    }

    /// Published defects take the wish for the fact; the shipped code waits for the provider (D3).
    fn settle_locally(&mut self, now: Timestamp) {
        if put_back!(self, L4_12)
            && let Some(turn) = self.session.active_turn().cloned()
        {
            self.fold(Event::TurnAborted { turn: Some(turn) }, now);
        }
        if put_back!(self, X_05)
            && let Some(turn) = self.session.active_turn().cloned()
        {
            let interrupted = Settlement::Reported(TurnResult::Interrupted);
            self.session.memory_mut().record_other(turn, interrupted);
        }
        if put_back!(self, S4_05) && self.session.active_turn().is_some() {
            self.interrupting = None;
            self.fold(
                Event::SessionStateChanged {
                    state: SessionState::Interrupted,
                    reason: None,
                },
                now,
            );
        }
    }

    fn answer(&mut self, request: RequestId) {
        match self.requests.iter().position(|open| *open == request) {
            Some(at) if self.provider == Provider::Up => {
                self.requests.swap_remove(at);
                self.unsaved = true;
                let epoch = self.epoch;
                self.then(Effect::Accept);
                self.then(Effect::Answer { epoch, request });
            }
            Some(_) | None => self.then(Effect::Refuse(Refusal::RequestNotOpen)),
        }
    }
}
