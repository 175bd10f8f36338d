//! The peer: the rules R1 to R9 as one would write them by hand, a flat struct and a `match`, with the same outcomes.
//!
//! It is here to be measured beside the crate's `apply`, and for nothing else. `tests/peers.rs` shows that both say the
//! same of every event; the type does not keep a `ready` session from pointing at a turn, only the care taken here.
//! Its words are those of the crate, or, beside a `Batch`, the same for numbers (`in_numbers.rs`).

use super::words::{
    Event, Ignored, Inference, Message, Outcome, Rejected, Rule, SessionState, Settlement, Status,
    ThreadState, Transition, TurnChange, TurnId, TurnResult,
};

/// The settled turns, by id.
#[derive(Default)]
pub(crate) struct Settled(pub(crate) Vec<(TurnId, Settlement)>);

impl Settled {
    fn position(&self, turn: &TurnId) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(turn))
    }

    pub(crate) fn get(&self, turn: &TurnId) -> Option<Settlement> {
        self.position(turn).ok().map(|at| self.0[at].1)
    }

    pub(crate) fn record(&mut self, turn: TurnId, how: Settlement) {
        match self.position(&turn) {
            Ok(at) => self.0[at].1 = how,
            Err(at) => self.0.insert(at, (turn, how)),
        }
    }
}

pub(crate) struct ByHand {
    pub(crate) status: Status,
    pub(crate) closed: bool,
    pub(crate) active: Option<TurnId>,
    pub(crate) latest: Option<TurnId>,
    pub(crate) last_error: Option<Message>,
    pub(crate) settled: Settled,
}

impl Default for ByHand {
    fn default() -> Self {
        Self {
            status: Status::Idle,
            closed: false,
            active: None,
            latest: None,
            last_error: None,
            settled: Settled::default(),
        }
    }
}

impl ByHand {
    pub(crate) fn apply(&mut self, event: Event) -> Outcome {
        let from = self.status;
        let (rule, turn) = match event {
            Event::SessionStarted | Event::ThreadStarted => {
                self.closed = false;
                if self.active.is_some() {
                    self.status = Status::Running;
                } else {
                    self.status = Status::Ready;
                    self.last_error = None;
                }
                (Rule::R1, None)
            }
            Event::SessionStateChanged { state, reason } => {
                (Rule::R2, self.state_changed(state, reason))
            }
            Event::SessionExited => (Rule::R3, self.stop()),
            Event::TurnStarted { turn } => match self.started(turn) {
                Ok(change) => (Rule::R4, change),
                Err(outcome) => return outcome,
            },
            Event::TurnCompleted { turn: None, .. } | Event::TurnAborted { turn: None } => {
                return Outcome::Ignored(Ignored::NoTurnNamed);
            }
            Event::TurnCompleted {
                turn: Some(turn),
                result,
                message,
            } => match self.completed(turn, result, message) {
                Ok(change) => (Rule::R5, Some(change)),
                Err(why) => return Outcome::Ignored(why),
            },
            Event::TurnAborted { turn: Some(turn) } => match self.aborted(turn) {
                Ok(change) => (Rule::R6, Some(change)),
                Err(why) => return Outcome::Ignored(why),
            },
            Event::RuntimeError { turn, message } => match self.erred(turn, message) {
                Ok(change) => (Rule::R7, change),
                Err(why) => return Outcome::Ignored(why),
            },
            Event::ThreadStateChanged(ThreadState::Error) => {
                let change = self.settle(Settlement::Inferred(Inference::Failed));
                self.status = Status::Error;
                self.explain(None, "Provider thread error");
                (Rule::R8, change)
            }
            Event::ThreadStateChanged(ThreadState::Closed) => (Rule::R8, self.stop()),
            Event::ThreadStateChanged(
                ThreadState::Active
                | ThreadState::Idle
                | ThreadState::Archived
                | ThreadState::Compacted,
            )
            | Event::WorkObserved { .. }
            | Event::Noticed => return Outcome::Ignored(Ignored::NotLifecycle),
        };
        Outcome::Applied(Transition {
            rule,
            from,
            to: self.status,
            turn,
        })
    }

    fn state_changed(
        &mut self,
        state: SessionState,
        reason: Option<Message>,
    ) -> Option<TurnChange> {
        match state {
            SessionState::Starting => {
                self.status = Status::Starting;
                self.closed = false;
                None
            }
            SessionState::Running | SessionState::Waiting => {
                self.status = Status::Running;
                self.closed = false;
                None
            }
            SessionState::Ready => {
                let change = self.settle(Settlement::Inferred(Inference::Unreported));
                self.status = Status::Ready;
                self.closed = false;
                self.last_error = None;
                change
            }
            SessionState::Interrupted => {
                let change = self.settle(Settlement::Inferred(Inference::Interrupted));
                self.status = Status::Interrupted;
                change
            }
            SessionState::Stopped => self.stop(),
            SessionState::Error => {
                let change = self.settle(Settlement::Inferred(Inference::Failed));
                self.status = Status::Error;
                self.explain(reason, "Provider session error");
                change
            }
        }
    }

    fn started(&mut self, turn: Option<TurnId>) -> Result<Option<TurnChange>, Outcome> {
        if self.closed {
            return Err(Outcome::Ignored(Ignored::SessionClosed { turn }));
        }
        let Some(turn) = turn else {
            self.status = Status::Running;
            return Ok(None);
        };
        if let Some(settlement) = self.settled.get(&turn) {
            let why = Ignored::TurnAlreadySettled { turn, settlement };
            return Err(Outcome::Ignored(why));
        }
        match &self.active {
            Some(active) if *active == turn => {
                if self.status == Status::Running {
                    return Err(Outcome::Ignored(Ignored::TurnAlreadyActive { turn }));
                }
                self.status = Status::Running;
                Ok(None)
            }
            Some(active) => Err(Outcome::Rejected(Rejected::TurnConflict {
                active: active.clone(),
                offered: turn,
            })),
            None => {
                self.status = Status::Running;
                self.active = Some(turn.clone());
                self.latest = Some(turn.clone());
                Ok(Some(TurnChange::Began(turn)))
            }
        }
    }

    fn completed(
        &mut self,
        turn: TurnId,
        result: TurnResult,
        message: Option<Message>,
    ) -> Result<TurnChange, Ignored> {
        let report = Settlement::Reported(result);
        if let Some(settlement) = self.settled.get(&turn) {
            if settlement.is_reported() {
                return Err(Ignored::TurnAlreadySettled { turn, settlement });
            }
            self.settled.record(turn.clone(), report);
            let rests_on_it = self.status == Status::Ready && self.latest.as_ref() == Some(&turn);
            if result == TurnResult::Failed && rests_on_it {
                self.status = Status::Error;
                self.explain(message, "Turn failed");
            }
            return Ok(TurnChange::Corrected(turn, report));
        }
        if self.closed {
            self.settled.record(turn.clone(), report);
            return Err(Ignored::SessionClosed { turn: Some(turn) });
        }
        if let Some(active) = &self.active
            && *active != turn
        {
            let active = active.clone();
            self.settled.record(turn.clone(), report);
            return Err(Ignored::AnotherTurnActive {
                active,
                named: turn,
            });
        }
        let change = self.settle_own(turn, report);
        if result == TurnResult::Failed {
            self.status = Status::Error;
            self.explain(message, "Turn failed");
        } else {
            self.status = Status::Ready;
            self.last_error = None;
        }
        Ok(change)
    }

    fn aborted(&mut self, turn: TurnId) -> Result<TurnChange, Ignored> {
        let report = Settlement::Reported(TurnResult::Interrupted);
        if let Some(settlement) = self.settled.get(&turn) {
            if settlement.is_reported() {
                return Err(Ignored::TurnAlreadySettled { turn, settlement });
            }
            self.settled.record(turn.clone(), report);
            return Ok(TurnChange::Corrected(turn, report));
        }
        match &self.active {
            Some(active) if *active == turn => {
                self.status = Status::Interrupted;
                Ok(self.settle_own(turn, report))
            }
            Some(active) => {
                let active = active.clone();
                self.settled.record(turn.clone(), report);
                Err(Ignored::AnotherTurnActive {
                    active,
                    named: turn,
                })
            }
            None => {
                self.settled.record(turn.clone(), report);
                Err(Ignored::TurnNotActive { turn })
            }
        }
    }

    fn erred(
        &mut self,
        turn: Option<TurnId>,
        message: Option<Message>,
    ) -> Result<Option<TurnChange>, Ignored> {
        if let Some(turn) = &turn
            && let Some(settlement) = self.settled.get(turn)
        {
            let turn = turn.clone();
            return Err(Ignored::TurnAlreadySettled { turn, settlement });
        }
        let change = match (turn, &self.active) {
            _ if self.closed => {
                self.explain(message, "Provider runtime error");
                return Ok(None);
            }
            (None, Some(_)) => {
                self.explain(message, "Provider runtime error");
                return Ok(None);
            }
            (Some(named), Some(active)) if *active != named => {
                let active = active.clone();
                return Err(Ignored::AnotherTurnActive { active, named });
            }
            (None, None) => None,
            (Some(turn), _) => {
                Some(self.settle_own(turn, Settlement::Reported(TurnResult::Failed)))
            }
        };
        self.status = Status::Error;
        self.explain(message, "Provider runtime error");
        Ok(change)
    }

    fn stop(&mut self) -> Option<TurnChange> {
        let change = self.settle(Settlement::Inferred(Inference::Interrupted));
        self.status = Status::Stopped;
        self.closed = true;
        change
    }

    fn settle(&mut self, how: Settlement) -> Option<TurnChange> {
        let turn = self.active.take()?;
        self.settled.record(turn.clone(), how);
        Some(TurnChange::Settled(turn, how))
    }

    fn settle_own(&mut self, turn: TurnId, how: Settlement) -> TurnChange {
        self.active = None;
        self.settled.record(turn.clone(), how);
        self.latest = Some(turn.clone());
        TurnChange::Settled(turn, how)
    }

    fn explain(&mut self, message: Option<Message>, default: &str) {
        if message.is_some() {
            self.last_error = message;
        } else if self.last_error.is_none() {
            self.last_error = Some(Message::from(default));
        }
    }
}
