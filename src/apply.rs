//! The rules R1 to R9: state first, then event, every cell written out.
//!
//! Three tables: a session that may hold a turn, one that is at rest, one that is closed. No table has a wildcard arm:
//! a new event does not compile until it has been decided in each.

use crate::rules::{
    aborted_again, announced, applied, begun, busy, completed, completed_again, exited, failed,
    ignored, noted, observed, recorded, state_changed, thread_changed,
};
use crate::state::{Active, Beginning, Inactive};
use crate::{AnySession, Event, Ignored, Rule, Session, Step, TurnResult};

impl AnySession {
    /// Folds an event into the session: total, for every state and every event.
    ///
    /// Allocates nothing, except when an id is settled for the first time or a default text is stored.
    #[must_use]
    pub fn apply(self, event: Event) -> Step {
        #[cfg(feature = "faults")]
        let (session, event) = match crate::fault::intercept(self, event) {
            Ok(step) => return step,
            Err(untouched) => *untouched,
        };
        #[cfg(not(feature = "faults"))]
        let session = self;
        let step = match session {
            Self::Idle(session) => at_rest(session, event),
            Self::Starting(session) => active(session, event),
            Self::Ready(session) => at_rest(session, event),
            Self::Running(session) => active(session, event),
            Self::Interrupted(session) if session.is_closed() => closed(session, event),
            Self::Interrupted(session) => at_rest(session, event),
            Self::Stopped(session) => closed(session, event),
            Self::Errored(session) if session.is_closed() => closed(session, event),
            Self::Errored(session) => at_rest(session, event),
        };
        #[cfg(feature = "faults")]
        let step = crate::fault::forget(step);
        step
    }
}

/// `starting` and `running`, with a turn or without.
fn active<S: Active + Beginning>(session: Session<S>, event: Event) -> Step
where
    AnySession: From<Session<S>>,
{
    match event {
        Event::SessionStarted | Event::ThreadStarted => announced(session),
        Event::SessionStateChanged { state, reason } => state_changed(session, state, reason),
        Event::SessionExited => exited(session, Rule::R3),
        Event::TurnStarted { turn: None } => busy(session, Rule::R4),
        Event::TurnStarted { turn: Some(turn) } => begun(session, turn),
        Event::TurnCompleted { turn: None, .. } | Event::TurnAborted { turn: None } => {
            ignored(session, Ignored::NoTurnNamed)
        }
        Event::TurnCompleted {
            turn: Some(turn),
            result,
            message,
        } => {
            if let Some(settled) = session.ledger().get(turn.as_str()) {
                return completed_again(session, turn, settled, result, message);
            }
            match session.turn() {
                Some(active) if *active != turn => {
                    let active = active.clone();
                    recorded(
                        session,
                        turn.clone(),
                        result,
                        Ignored::AnotherTurnActive {
                            active,
                            named: turn,
                        },
                    )
                }
                Some(_) | None => completed(session, turn, result, message),
            }
        }
        Event::TurnAborted { turn: Some(turn) } => {
            if let Some(settled) = session.ledger().get(turn.as_str()) {
                return aborted_again(session, turn, settled);
            }
            match session.turn() {
                Some(active) if *active == turn => {
                    let (next, change) = session.report_abort();
                    applied::<S, _>(Rule::R6, next, change)
                }
                Some(active) => {
                    let why = Ignored::AnotherTurnActive {
                        active: active.clone(),
                        named: turn.clone(),
                    };
                    recorded(session, turn, TurnResult::Interrupted, why)
                }
                None => recorded(
                    session,
                    turn.clone(),
                    TurnResult::Interrupted,
                    Ignored::TurnNotActive { turn },
                ),
            }
        }
        Event::RuntimeError {
            turn: None,
            message,
        } => match session.turn() {
            Some(_) => noted(session, message),
            None => failed(session, None, message),
        },
        Event::RuntimeError {
            turn: Some(turn),
            message,
        } => {
            if let Some(settlement) = session.ledger().get(turn.as_str()) {
                return ignored(session, Ignored::TurnAlreadySettled { turn, settlement });
            }
            match session.turn() {
                Some(active) if *active != turn => {
                    let active = active.clone();
                    ignored(
                        session,
                        Ignored::AnotherTurnActive {
                            active,
                            named: turn,
                        },
                    )
                }
                Some(_) | None => failed(session, Some(turn), message),
            }
        }
        Event::ThreadStateChanged(state) => thread_changed(session, state),
        Event::WorkObserved { .. } => observed(session),
        Event::Noticed => ignored(session, Ignored::NotLifecycle),
    }
}

/// `idle`, `ready`, `interrupted` and `error`, while nothing has closed the session.
fn at_rest<S: Inactive + Beginning>(session: Session<S>, event: Event) -> Step
where
    AnySession: From<Session<S>>,
{
    match event {
        Event::SessionStarted | Event::ThreadStarted => announced(session),
        Event::SessionStateChanged { state, reason } => state_changed(session, state, reason),
        Event::SessionExited => exited(session, Rule::R3),
        Event::TurnStarted { turn: None } => busy(session, Rule::R4),
        Event::TurnStarted { turn: Some(turn) } => begun(session, turn),
        Event::TurnCompleted { turn: None, .. } | Event::TurnAborted { turn: None } => {
            ignored(session, Ignored::NoTurnNamed)
        }
        Event::TurnCompleted {
            turn: Some(turn),
            result,
            message,
        } => match session.ledger().get(turn.as_str()) {
            Some(settled) => completed_again(session, turn, settled, result, message),
            None => completed(session, turn, result, message),
        },
        Event::TurnAborted { turn: Some(turn) } => match session.ledger().get(turn.as_str()) {
            Some(settled) => aborted_again(session, turn, settled),
            None => recorded(
                session,
                turn.clone(),
                TurnResult::Interrupted,
                Ignored::TurnNotActive { turn },
            ),
        },
        Event::RuntimeError {
            turn: None,
            message,
        } => failed(session, None, message),
        Event::RuntimeError {
            turn: Some(turn),
            message,
        } => match session.ledger().get(turn.as_str()) {
            Some(settlement) => ignored(session, Ignored::TurnAlreadySettled { turn, settlement }),
            None => failed(session, Some(turn), message),
        },
        Event::ThreadStateChanged(state) => thread_changed(session, state),
        Event::WorkObserved { .. } => observed(session),
        Event::Noticed => ignored(session, Ignored::NotLifecycle),
    }
}

/// `stopped`, and `interrupted` or `error` after an exit: nothing starts until the provider announces itself.
fn closed<S: Inactive>(session: Session<S>, event: Event) -> Step
where
    AnySession: From<Session<S>>,
{
    match event {
        Event::SessionStarted | Event::ThreadStarted => announced(session),
        Event::SessionStateChanged { state, reason } => state_changed(session, state, reason),
        Event::SessionExited => exited(session, Rule::R3),
        Event::TurnStarted { turn } => ignored(session, Ignored::SessionClosed { turn }),
        Event::TurnCompleted { turn: None, .. } | Event::TurnAborted { turn: None } => {
            ignored(session, Ignored::NoTurnNamed)
        }
        Event::TurnCompleted {
            turn: Some(turn),
            result,
            message,
        } => match session.ledger().get(turn.as_str()) {
            Some(settled) => completed_again(session, turn, settled, result, message),
            None => recorded(
                session,
                turn.clone(),
                result,
                Ignored::SessionClosed { turn: Some(turn) },
            ),
        },
        Event::TurnAborted { turn: Some(turn) } => match session.ledger().get(turn.as_str()) {
            Some(settled) => aborted_again(session, turn, settled),
            None => recorded(
                session,
                turn.clone(),
                TurnResult::Interrupted,
                Ignored::TurnNotActive { turn },
            ),
        },
        Event::RuntimeError {
            turn: None,
            message,
        } => noted(session, message),
        Event::RuntimeError {
            turn: Some(turn),
            message,
        } => match session.ledger().get(turn.as_str()) {
            Some(settlement) => ignored(session, Ignored::TurnAlreadySettled { turn, settlement }),
            None => noted(session, message),
        },
        Event::ThreadStateChanged(state) => thread_changed(session, state),
        Event::WorkObserved { .. } => observed(session),
        Event::Noticed => ignored(session, Ignored::NotLifecycle),
    }
}
