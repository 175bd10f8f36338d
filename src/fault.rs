//! Published defects of real hosts, each put back by one switch (feature `faults`).
//!
//! A session or a reaper carries at most one [`Fault`]. The faulty decision stands in this file, in front of the
//! shipped one: where the fault has nothing to say, the shipped rules decide. Without the feature none of this is
//! compiled.

mod ids;

use alloc::boxed::Box;

pub use ids::{Fault, FaultLayer};

use crate::memory::Memory;
use crate::reaper::{Evidence, Reaper};
use crate::state::{Errored, Interrupted, Ready, Running, Stopped, sealed::Sealed};
use crate::{
    AnySession, Event, Ignored, Outcome, ProviderLife, Repair, Repaired, Rule, Session,
    SessionRecord, SessionState, Settlement, Status, Step, ThreadState, Timestamp, Transition,
    TurnId, TurnResult,
};

impl AnySession {
    /// The same session, carrying a published defect: from here on [`apply`](Self::apply) decides as the defect did.
    #[must_use]
    pub fn with_fault(mut self, fault: Option<Fault>) -> Self {
        self.memory_mut().fault = fault;
        self
    }

    /// For the model: a session out of a record as it is, broken or not, pointing at a turn that its state may have no place for.
    #[doc(hidden)]
    #[must_use]
    pub fn unchecked(record: SessionRecord, leftover: Option<TurnId>) -> Self {
        let mut session = record.assemble();
        session.memory_mut().leftover = leftover;
        session
    }

    /// Whether the session has done nothing since it was made: a permit issued then would still be good.
    #[must_use]
    pub fn has_stood_still(&self) -> bool {
        self.memory().revision == 0
    }
}

impl Reaper {
    /// The same reaper, carrying a published defect.
    #[must_use]
    pub fn with_fault(mut self, fault: Option<Fault>) -> Self {
        self.fault = fault;
        self
    }

    /// What the defect makes of the evidence before the shipped decision sees it.
    pub(crate) fn faulty_evidence(&self, session: &AnySession, mut evidence: Evidence) -> Evidence {
        match self.fault {
            Some(Fault::S2_01) => evidence.background_tasks = 0,
            Some(Fault::L1_06) => {
                evidence.background_tasks = u32::from(!session.ledger().is_empty());
            }
            _ => {}
        }
        evidence
    }
}

impl crate::IdleClock {
    /// [`observed`](Self::observed), as the defect does it.
    pub fn observed_with_fault(
        &mut self,
        fault: Option<Fault>,
        event: &Event,
        outcome: &Outcome,
        now: Timestamp,
    ) {
        match fault {
            Some(Fault::S2_03) => {}
            Some(Fault::L1_02) if *event != Event::SessionExited => self.changed(now),
            _ => self.observed(outcome, now),
        }
    }
}

/// [`repair`](crate::repair()), as the defect does it.
#[must_use]
pub fn repair_with_fault(
    fault: Option<Fault>,
    record: SessionRecord,
    provider: ProviderLife,
) -> Repaired {
    let killed = record
        .active_turn
        .clone()
        .filter(|_| provider == ProviderLife::Gone);
    let mut repaired = crate::repair(record, provider);
    match (fault, killed) {
        (Some(Fault::S1_03), Some(turn)) => {
            let mut memory = Memory::default();
            memory.leftover = Some(turn);
            memory.explain(None, "Provider process is gone");
            repaired.session = Session {
                memory,
                state: Errored { closed: true },
            }
            .into();
        }
        (Some(Fault::S8_02), Some(turn)) => {
            let completed = Settlement::Reported(TurnResult::Completed);
            repaired
                .session
                .memory_mut()
                .record_other(turn.clone(), completed);
            repaired.repairs.iter_mut().for_each(|repair: &mut Repair| {
                repair.settled = Some((turn.clone(), completed));
            });
        }
        _ => {}
    }
    Repaired {
        session: repaired.session.with_fault(fault),
        repairs: repaired.repairs,
    }
}

/// Decides as the fault does, or hands session and event on to the shipped rules.
#[allow(clippy::too_many_lines, reason = "one arm a fault")]
pub(crate) fn intercept(
    session: AnySession,
    event: Event,
) -> Result<Step, Box<(AnySession, Event)>> {
    use Event as E;
    let Some(fault) = session.memory().fault else {
        return Err(Box::new((session, event)));
    };
    let active = session.active_turn().cloned();
    let named = match &event {
        E::TurnStarted { turn }
        | E::TurnCompleted { turn, .. }
        | E::TurnAborted { turn }
        | E::RuntimeError { turn, .. }
        | E::WorkObserved { turn } => turn.clone(),
        E::SessionStarted
        | E::ThreadStarted
        | E::SessionStateChanged { .. }
        | E::SessionExited
        | E::ThreadStateChanged(_)
        | E::Noticed => None,
    };
    let settled = named
        .as_ref()
        .and_then(|turn| session.ledger().get(turn.as_str()));
    match (fault, &event, active, named) {
        (Fault::S1_01, E::SessionStateChanged { state, .. }, Some(turn), _) => match state {
            SessionState::Ready => Ok(session.pointing(Status::Ready, Some(turn))),
            SessionState::Interrupted => Ok(session.pointing(Status::Interrupted, Some(turn))),
            SessionState::Stopped => Ok(session.pointing(Status::Stopped, Some(turn))),
            SessionState::Error => Ok(session.pointing(Status::Error, Some(turn))),
            SessionState::Starting | SessionState::Running | SessionState::Waiting => {
                Err(Box::new((session, event)))
            }
        },
        (Fault::S1_04, E::TurnAborted { .. }, Some(turn), Some(named)) if turn == named => {
            Ok(session.pointing(Status::Interrupted, Some(turn)))
        }
        (Fault::S1_05, E::ThreadStateChanged(ThreadState::Error), Some(_), _)
        | (Fault::L2_01, E::TurnAborted { .. }, _, _)
        | (Fault::L2_10, E::SessionExited, Some(_), _) => Ok(session.unmoved()),
        (Fault::S1_06, E::TurnStarted { .. }, None, Some(turn))
            if session.status() == Status::Ready =>
        {
            Ok(session.pointing(Status::Ready, Some(turn)))
        }
        (Fault::S3_01, E::TurnStarted { .. }, None, Some(turn))
            if settled.is_some() && !session.is_closed() =>
        {
            Ok(session.running(turn))
        }
        (Fault::S3_02, E::TurnStarted { .. }, None, Some(turn))
            if settled.is_some_and(|how| how.outcome() == crate::TurnOutcome::Interrupted)
                && !session.is_closed() =>
        {
            Ok(session.running(turn))
        }
        (Fault::S3_04, E::WorkObserved { .. }, None, Some(turn)) if settled.is_some() => {
            Ok(session.running(turn))
        }
        (Fault::S3_07, E::TurnStarted { .. }, None, Some(turn)) if session.is_closed() => {
            Ok(session.running(turn))
        }
        (Fault::S4_01, E::TurnStarted { .. }, Some(active), Some(turn)) if active != turn => {
            Ok(session.running(turn))
        }
        (Fault::S8_01, E::TurnStarted { .. }, Some(active), Some(turn)) if active != turn => {
            let mut step = session.running(turn);
            step.session
                .memory_mut()
                .record_other(active, Settlement::Reported(TurnResult::Completed));
            Ok(step)
        }
        (
            Fault::S4_02,
            E::TurnCompleted {
                result, message, ..
            },
            Some(active),
            None,
        ) => {
            let event = E::TurnCompleted {
                turn: Some(active),
                result: *result,
                message: message.clone(),
            };
            Err(Box::new((session, event)))
        }
        (Fault::S4_03, E::TurnCompleted { .. }, Some(active), Some(turn)) if active != turn => {
            Ok(session.pointing(Status::Ready, None))
        }
        (Fault::S5_02, E::RuntimeError { message, .. }, Some(active), None) => {
            let event = E::RuntimeError {
                turn: Some(active),
                message: message.clone(),
            };
            Err(Box::new((session, event)))
        }
        (
            Fault::S5_04,
            E::SessionStateChanged {
                state: SessionState::Ready,
                ..
            },
            None,
            _,
        ) if session.status().is_active() => Ok(session.unmoved()),
        (Fault::S5_08, E::SessionStarted | E::ThreadStarted, Some(_), _)
        | (Fault::S5_10, E::ThreadStateChanged(ThreadState::Idle), Some(_), _) => {
            let ready = E::SessionStateChanged {
                state: SessionState::Ready,
                reason: None,
            };
            Err(Box::new((session, ready)))
        }
        (Fault::X_01, E::RuntimeError { .. }, Some(active), Some(turn)) if active == turn => {
            Ok(session.pointing(Status::Error, Some(turn)))
        }
        (Fault::X_02, E::RuntimeError { .. }, None, Some(turn)) if settled.is_some() => {
            Ok(session.pointing(Status::Error, Some(turn)))
        }
        (Fault::X_03, E::RuntimeError { .. }, Some(_), None) => {
            Ok(session.pointing(Status::Error, None))
        }
        _ => Err(Box::new((session, event))),
    }
}

/// Once the shipped rules have taken effect, nothing is left of what only the defect pointed at.
pub(crate) fn forget(mut step: Step) -> Step {
    if step.outcome.is_applied() {
        step.session.memory_mut().leftover = None;
    }
    step
}

/// [`AnySession::reap`] without asking: the process is ended whatever the session does.
pub(crate) fn stop_regardless(session: AnySession) -> Session<Stopped> {
    let (memory, turn) = session.taken_apart();
    Session {
        memory,
        state: Running { turn },
    }
    .into_stopped()
}

impl AnySession {
    fn taken_apart(self) -> (Memory, Option<TurnId>) {
        crate::any::each!(self, session => (session.memory, session.state.into_turn()))
    }

    /// The faulty write: a status, and whatever turn, with nothing settled.
    fn pointing(self, status: Status, turn: Option<TurnId>) -> Step {
        let from = self.status();
        let (memory, _unsettled) = self.taken_apart();
        let mut memory = memory.moved();
        memory.leftover = turn;
        let session: Self = match status {
            Status::Ready => Session {
                memory,
                state: Ready,
            }
            .into(),
            Status::Interrupted => Session {
                memory,
                state: Interrupted { closed: false },
            }
            .into(),
            Status::Stopped => Session {
                memory,
                state: Stopped,
            }
            .into(),
            Status::Error => {
                memory.explain(None, crate::memory::default_text::SESSION);
                Session {
                    memory,
                    state: Errored { closed: false },
                }
                .into()
            }
            Status::Idle | Status::Starting | Status::Running => {
                let turn = memory.leftover.take();
                Session {
                    memory,
                    state: Running { turn },
                }
                .into()
            }
        };
        let transition = Transition {
            rule: Rule::R2,
            from,
            to: session.status(),
            turn: None,
        };
        Step {
            session,
            outcome: Outcome::Applied(transition),
        }
    }

    fn running(self, turn: TurnId) -> Step {
        self.pointing(Status::Running, Some(turn))
    }

    fn unmoved(self) -> Step {
        Step {
            session: self,
            outcome: Outcome::Ignored(Ignored::NotLifecycle),
        }
    }
}
