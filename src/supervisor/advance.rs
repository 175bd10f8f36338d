//! The consequences of what happened: drawn after every input, from the state alone.

use core::mem;

use crate::supervisor::{
    Deadline, Effect, Handed, Hold, Interrupting, Provider, Report, Supervisor, Task, Why,
};
use crate::{
    Event, Ignored, Outcome, SessionState, Status, Timestamp, TurnChange, TurnId, TurnOutcome,
    TurnResult,
};

impl Supervisor {
    /// Folds an event of the present epoch into the session, and tells the clock.
    pub(super) fn fold(&mut self, event: Event, now: Timestamp) -> Outcome {
        if put_back!(self, S5_07) && self.session.is_closed() {
            return Outcome::Ignored(Ignored::NotLifecycle);
        }
        let step = mem::take(&mut self.session).apply(event);
        self.session = step.session;
        if !(put_back!(self, S2_02) && self.is_of_its_own(&step.outcome)) {
            self.clock.observed(&step.outcome, now);
        }
        if let Outcome::Applied(transition) = &step.outcome {
            self.unsaved |= transition.is_change();
            if let Some(TurnChange::Began(turn)) = &transition.turn {
                if put_back!(self, L2_06) || put_back!(self, S2_02) {
                    let unasked = Some(turn.clone()).filter(|_| self.handed.is_none());
                    self.scar_turn(unasked);
                }
                self.hear_of_start(turn);
                self.sign_of_life(now);
            }
            let has_settled = matches!(transition.turn, Some(TurnChange::Settled(..)));
            if put_back!(self, S2_06) && has_settled {
                self.tasks.clear();
            }
            if put_back!(self, S2_07) && has_settled && self.provider == Provider::Up {
                self.stop_provider(false, now);
            }
        }
        step.outcome
    }

    /// For S2-02: the provider began this turn by itself, or ends one that it had so begun.
    fn is_of_its_own(&self, outcome: &Outcome) -> bool {
        match outcome {
            Outcome::Applied(transition) => match &transition.turn {
                Some(TurnChange::Began(_)) => self.handed.is_none(),
                Some(TurnChange::Settled(turn, _)) => self.is_scarred_turn(Some(turn)),
                Some(TurnChange::Corrected(..)) | None => false,
            },
            Outcome::Ignored(_) | Outcome::Rejected(_) => false,
        }
    }

    /// A message that was taken has its turn once that has begun: the one that the reply named, or any, if it named none.
    /// A turn that begins before the reply may be somebody else's; the reply will tell.
    fn hear_of_start(&mut self, turn: &TurnId) {
        if let Some(handed) = &mut self.handed {
            let is_its_own = handed.turn.as_ref().is_none_or(|named| named == turn);
            if handed.taken && is_its_own {
                self.handed = None;
            } else {
                handed.begun = true;
            }
            self.unsaved = true;
        }
    }

    pub(super) fn advance(&mut self, now: Timestamp) {
        self.begin_offered(now);
        self.conclude_interrupt();
        self.retire_closed(now);
        self.send_next(now);
        self.keep_deadlines(now);
    }

    /// A start that was refused is let in once the turn in its way has settled. That of a provider that is gone is
    /// forgotten here: its session is closed (R4).
    fn begin_offered(&mut self, now: Timestamp) {
        if !self.session.status().is_active()
            && let Some(turn) = self.offered.take()
        {
            // It may be the turn that an interrupt of the message in hand has to strike.
            self.conclude_interrupt();
            let started = Event::TurnStarted {
                turn: Some(turn.clone()),
            };
            self.fold(started, now);
            if self.session.active_turn() == Some(&turn) {
                // What was heard while it waited may have been about it, and was taken to be about the other (S5).
                self.ask_again(Why::Hint, now);
            }
        }
    }

    /// An interrupt is over when what it was for no longer runs; a latched one strikes when its turn begins.
    fn conclude_interrupt(&mut self) {
        let works = self.session.status().is_active() && self.provider == Provider::Up;
        match &self.interrupting {
            Some(Interrupting::Latched) if works && !put_back!(self, L4_08) => {
                self.ask_to_interrupt()
            }
            Some(Interrupting::Latched) if self.handed.is_none() && !put_back!(self, L3_08) => {
                self.interrupting = None;
            }
            Some(Interrupting::Asked(Some(turn)))
                if self.session.active_turn() != Some(turn) && !self.is_still_awaited(turn) =>
            {
                let was_joined = put_back!(self, L4_07) && self.is_scarred_turn(Some(turn));
                self.interrupt_took_effect();
                self.interrupting.take_if(|_| was_joined);
            }
            // One without a turn is over when the provider has answered: until then it could hit the next turn (S4-07).
            Some(Interrupting::Latched | Interrupting::Asked(_)) | None => {}
        }
        let read_is_moot = self.reading.as_ref().is_some_and(|reading| {
            reading.turn.as_ref() != self.session.active_turn()
                || !self.session.status().is_active()
        });
        if read_is_moot && !put_back!(self, S4_09) {
            self.reading = None;
        }
    }

    /// Two published defects keep an interrupt after the end of what it was for: L4-01 until an abort, L4-07 until the reply.
    fn is_still_awaited(&self, turn: &TurnId) -> bool {
        let ended = self.session.ledger().get(turn.as_str());
        let otherwise = ended.is_some_and(|how| how.outcome() != TurnOutcome::Interrupted);
        put_back!(self, L4_01) && otherwise || put_back!(self, L4_07) && !self.is_scarred()
    }

    /// A message that is still in hand was to be interrupted too.
    pub(super) fn interrupt_took_effect(&mut self) {
        let in_hand = self.handed.as_ref().filter(|_| !put_back!(self, L4_10));
        self.interrupting = in_hand.map(|_| Interrupting::Latched);
    }

    pub(super) fn ask_to_interrupt(&mut self) {
        let turn = self.session.active_turn().cloned();
        let epoch = self.epoch;
        if put_back!(self, L4_07) {
            self.scar(false);
        }
        self.interrupting = Some(Interrupting::Asked(turn.clone()));
        let turn = turn.filter(|_| !put_back!(self, S4_07));
        self.then(Effect::Interrupt { epoch, turn });
    }

    /// A provider that has closed its session, and is still there, is of no more use.
    fn retire_closed(&mut self, now: Timestamp) {
        let stays = put_back!(self, S4_17) || put_back!(self, S5_07) || put_back!(self, X_08);
        if self.session.is_closed() && self.provider == Provider::Up && !stays {
            self.stop_provider(false, now);
        }
    }

    pub(super) fn stop_provider(&mut self, force: bool, now: Timestamp) {
        let epoch = self.epoch;
        self.provider = Provider::Stopping;
        if put_back!(self, S6_04) && force {
            self.queue.clear();
        }
        if put_back!(self, S6_08) {
            self.cursor = None;
        }
        self.reading = None;
        self.then(Effect::Stop { epoch, force });
        self.set(Deadline::Stop, now);
    }

    /// The head of the queue is handed over as soon as the session is free; there is one at a time (S12).
    fn send_next(&mut self, now: Timestamp) {
        let interrupts = self.interrupting.is_some() && !put_back!(self, L4_07);
        if self.hold == Hold::Parked || self.queue.is_empty() || interrupts {
            return;
        }
        let by_itself = !self.outbox.contains(&Effect::Accept);
        if put_back!(self, L3_01) && by_itself && !self.session.ledger().is_empty() {
            return;
        }
        if put_back!(self, S6_03) && by_itself && self.provider == Provider::Absent {
            return;
        }
        if put_back!(self, L3_06) && self.is_scarred() {
            return;
        }
        let is_ready = self.session.status() == Status::Ready;
        if put_back!(self, L3_05) && self.provider == Provider::Up && !is_ready {
            return;
        }
        let joins = put_back!(self, S7_02) || put_back!(self, X_06);
        let is_free = !self.session.status().is_active() || joins;
        match self.provider {
            Provider::Absent => self.start_provider(now),
            Provider::Up if put_back!(self, S2_09) && self.config.is_some() && is_free => {
                self.config = None;
                self.stop_provider(false, now);
            }
            Provider::Up if self.handed.is_none() && is_free => {
                if let Some(message) = self.queue.pop_front() {
                    if put_back!(self, X_06) {
                        self.end_active(TurnResult::Completed, now);
                    }
                    let epoch = self.epoch;
                    self.unsaved = true;
                    if let Some(config) = self.config.take() {
                        self.then(Effect::Configure { epoch, config });
                    }
                    self.handed = Some(Handed {
                        message: message.clone(),
                        taken: false,
                        turn: None,
                        begun: false,
                    });
                    self.then(Effect::Send { epoch, message });
                    if put_back!(self, L2_14) {
                        let state = SessionState::Running;
                        let reason = None;
                        self.fold(Event::SessionStateChanged { state, reason }, now);
                    }
                }
            }
            Provider::Up | Provider::Starting | Provider::Stopping => {}
        }
    }

    pub(super) fn start_provider(&mut self, now: Timestamp) {
        self.epoch = self.epoch.next();
        self.provider = Provider::Starting;
        self.unsaved = true;
        let state = SessionState::Starting;
        self.fold(
            Event::SessionStateChanged {
                state,
                reason: None,
            },
            now,
        );
        let (epoch, cursor) = (self.epoch, self.cursor.clone());
        self.then(Effect::Start { epoch, cursor });
    }

    /// It said so, or it said anything at all.
    pub(super) fn provider_is_up(&mut self, now: Timestamp) {
        if self.provider == Provider::Starting {
            self.provider = Provider::Up;
            self.fold(Event::SessionStarted, now);
            if put_back!(self, S5_06) {
                let state = SessionState::Starting;
                let reason = None;
                self.fold(Event::SessionStateChanged { state, reason }, now);
            }
        }
    }

    /// The process is gone: everything that only it could finish is settled, and what cannot be is reported (L2, L3).
    /// There was one: of none, nothing is heard and nothing learnt.
    pub(super) fn provider_gone(&mut self, expected: bool, now: Timestamp) {
        self.provider = Provider::Absent;
        self.unsaved = true;
        self.interrupting = None;
        self.reading = None;
        if put_back!(self, S8_06) {
            self.end_active(TurnResult::Failed, now);
        }
        let dormant = put_back!(self, S2_16) && self.is_scarred();
        if !self.session.is_closed() && !dormant {
            self.fold(Event::SessionExited, now);
        }
        if !put_back!(self, L1_07)
            && let Some(handed) = self.handed.take()
        {
            self.report(Report::MessageUncertain(handed.message));
        }
        if !put_back!(self, L1_03) {
            let stale = self.requests.drain(..).map(Report::RequestStale);
            self.outbox.extend(stale.map(Effect::Report));
        }
        let orphans = if put_back!(self, L1_08) {
            self.tasks.len()
        } else {
            0
        };
        for Task { id, .. } in self.tasks.drain(orphans..) {
            let lease = Deadline::Lease(id.clone());
            self.outbox.push(Effect::ClearDeadline(lease));
            self.outbox.push(Effect::Report(Report::TaskLost(id)));
        }
        // Nobody asked for this: a provider that dies on every message must not be fed the whole queue.
        if !expected {
            self.park();
        }
    }

    /// What two published defects take for the end of a turn.
    fn end_active(&mut self, result: TurnResult, now: Timestamp) {
        if let Some(turn) = self.session.active_turn().cloned() {
            self.read_as_ended(turn, result, now);
        }
    }

    pub(super) fn park(&mut self) {
        if self.hold == Hold::Drain {
            self.hold = Hold::Parked;
            self.unsaved = true;
            if !self.queue.is_empty() {
                self.report(Report::QueueParked);
            }
        }
    }
}
