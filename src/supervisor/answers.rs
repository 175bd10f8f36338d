//! What came of an effect. An answer to an outdated effect changes nothing.

use crate::supervisor::{
    Answer, Epoch, Interrupting, MessageId, PendingRead, Provider, Report, Supervisor, TrueState,
    Why,
};
use crate::{Event, Message, SessionState, Timestamp, TurnId, TurnResult};

impl Supervisor {
    pub(super) fn learn(&mut self, epoch: Epoch, answer: Answer, now: Timestamp) {
        let is_outdated = epoch != self.epoch && !put_back!(self, S3_08);
        if is_outdated || self.provider == Provider::Absent {
            return;
        }
        match answer {
            Answer::Started => self.provider_is_up(now),
            Answer::StartFailed { reason } => {
                if self.provider == Provider::Starting {
                    self.start_failed(reason, now);
                }
            }
            Answer::Sent { message, turn } => {
                self.sent(&message, turn.clone());
                if put_back!(self, L2_02) && turn.is_some() {
                    self.fold(Event::TurnStarted { turn }, now);
                }
            }
            Answer::SendFailed { message, attempted } => {
                self.send_failed(&message, attempted, now);
                if put_back!(self, S4_08) {
                    let state = SessionState::Error;
                    let reason = None;
                    self.fold(Event::SessionStateChanged { state, reason }, now);
                }
            }
            Answer::Interrupted => self.interrupt_answered(false),
            Answer::NothingToInterrupt if put_back!(self, S8_05) => self.abort_active(now),
            Answer::NothingToInterrupt if put_back!(self, L4_04) => self.interrupting = None,
            Answer::NothingToInterrupt if put_back!(self, S1_02) => {
                self.interrupting = None;
                self.provider = Provider::Absent;
            }
            Answer::NothingToInterrupt => self.interrupt_answered(true),
            Answer::Stopped => self.provider_gone(self.provider == Provider::Stopping, now),
            Answer::StopFailed if put_back!(self, L3_09) => self.provider_gone(true, now),
            Answer::StopFailed => {
                if self.provider == Provider::Stopping {
                    self.stop_provider(true, now);
                }
            }
            Answer::Read { turn, state } => self.read(turn, state, now),
        }
    }

    fn start_failed(&mut self, reason: Message, now: Timestamp) {
        self.fail_head();
        self.provider_gone(false, now);
        if put_back!(self, S8_04) {
            return;
        }
        self.fold(
            Event::SessionStateChanged {
                state: SessionState::Error,
                reason: Some(reason),
            },
            now,
        );
    }

    /// The message for which the provider was started never reached it.
    pub(super) fn fail_head(&mut self) {
        if let Some(message) = self.queue.pop_front() {
            self.unsaved = true;
            if !put_back!(self, L3_02) {
                self.report(Report::MessageFailed(message));
            }
        }
    }

    /// The turn in the reply is remembered; it is the message's own once it starts (L2-02), or if it has already.
    fn sent(&mut self, message: &MessageId, turn: Option<TurnId>) {
        let known = turn.as_ref().is_some_and(|turn| {
            self.session.active_turn() == Some(turn)
                || self.session.ledger().get(turn.as_str()).is_some()
        });
        if let Some(handed) = self
            .handed
            .as_mut()
            .filter(|handed| handed.message == *message)
        {
            let has_begun = known || (turn.is_none() && handed.begun);
            handed.taken = true;
            handed.turn = turn;
            self.unsaved = true;
            if has_begun {
                self.handed = None;
            }
        }
    }

    /// S4-08: a send that failed ends that send, and no turn.
    fn send_failed(&mut self, message: &MessageId, attempted: bool, now: Timestamp) {
        if let Some(handed) = self.handed.take_if(|handed| handed.message == *message) {
            self.unsaved = true;
            if put_back!(self, L3_03) {
                return;
            }
            if attempted {
                self.give_up(handed.message, now);
            } else {
                self.report(Report::MessageFailed(handed.message));
            }
        }
    }

    /// Nobody knows what becomes of the message. If it was to be interrupted, only a provider that is gone is certain
    /// not to begin its turn (L4).
    pub(super) fn give_up(&mut self, message: MessageId, now: Timestamp) {
        self.report(Report::MessageUncertain(message));
        if self.interrupting.is_some() {
            self.stop_provider(false, now);
        }
    }

    fn interrupt_answered(&mut self, nothing: bool) {
        match &self.interrupting {
            Some(Interrupting::Asked(_)) if put_back!(self, L4_07) => self.scar(true),
            // S8-05: nobody knows yet how it ended; ask.
            Some(Interrupting::Asked(Some(_))) if nothing => self.ask(Why::Press),
            Some(Interrupting::Asked(None)) => {
                self.interrupt_took_effect();
                if self.session.status().is_active() {
                    self.ask(Why::Press);
                }
            }
            Some(Interrupting::Asked(Some(_)) | Interrupting::Latched) | None => {}
        }
    }

    /// What two published defects make of silence.
    pub(super) fn abort_active(&mut self, now: Timestamp) {
        if let Some(turn) = self.session.active_turn().cloned() {
            self.fold(Event::TurnAborted { turn: Some(turn) }, now);
        }
    }

    fn read(&mut self, turn: Option<TurnId>, state: TrueState, now: Timestamp) {
        if put_back!(self, S4_16) && turn.as_ref() != self.session.active_turn() {
            self.scar_turn(self.session.active_turn().cloned());
        }
        let is_the_answer = |reading: &PendingRead| reading.turn == turn;
        let Some(reading) = self
            .reading
            .take_if(|reading| is_the_answer(reading) || put_back!(self, S4_09))
        else {
            // Its question is forgotten. That a turn ended stays true for ever, by D5; nothing else that is late does.
            if let (TrueState::Ended(result), Some(turn)) = (state, turn) {
                self.read_as_ended(turn, result, now);
            }
            return;
        };
        let turn = if put_back!(self, S4_09) {
            self.session.active_turn().cloned()
        } else {
            turn
        };
        match (state, turn) {
            (TrueState::Ended(_), Some(_)) if put_back!(self, L2_04) => {}
            (TrueState::Ended(result), Some(turn)) => {
                self.read_as_ended(turn, result, now);
                if put_back!(self, L3_06) {
                    self.scar(true);
                }
            }
            // It says that it works: an interrupt that it did not see is asked for again.
            (TrueState::Running, _) => {
                self.sign_of_life(now);
                if matches!(self.interrupting, Some(Interrupting::Asked(_))) {
                    self.ask_to_interrupt();
                }
                if reading.again {
                    self.ask_again(reading.why, now);
                }
            }
            // It works on nothing, or on nothing that it can name: what the session shows is over.
            (TrueState::Unknown, _) | (TrueState::Ended(_), None) => {
                let state = match reading.why {
                    // D7: unknown is not idle.
                    Why::Hint if put_back!(self, S5_03) => SessionState::Ready,
                    Why::Hint => return,
                    Why::Rest => SessionState::Ready,
                    Why::Failure => SessionState::Error,
                    Why::Press => SessionState::Interrupted,
                };
                self.fold(
                    Event::SessionStateChanged {
                        state,
                        reason: None,
                    },
                    now,
                );
            }
        }
    }

    /// The present provider reports how a turn ended: as good as the event that it may have lost (R5).
    pub(super) fn read_as_ended(&mut self, turn: TurnId, result: TurnResult, now: Timestamp) {
        let (turn, message) = (Some(turn), None);
        self.fold(
            Event::TurnCompleted {
                turn,
                result,
                message,
            },
            now,
        );
    }
}
