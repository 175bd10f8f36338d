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
///
/// Where the rules ask first whether the named turn has settled, this asks first whether it is the active one: no turn
/// is both (the ledger's invariant), and most events are about the turn that runs.
#[inline]
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
            if session.runs(&turn) {
                return completed(session, turn, result, message);
            }
            match (session.ledger().find(&turn), session.turn()) {
                (Ok(settled), _) => completed_again(session, turn, settled, result, message),
                (Err(vacant), Some(active)) => {
                    let why = Ignored::AnotherTurnActive {
                        active: active.clone(),
                        named: turn.clone(),
                    };
                    recorded(session, vacant, turn, result, why)
                }
                (Err(_), None) => completed(session, turn, result, message),
            }
        }
        Event::TurnAborted { turn: Some(turn) } => {
            if session.runs(&turn) {
                let (next, change) = session.report_abort();
                return applied::<S, _>(Rule::R6, next, change);
            }
            match session.ledger().find(&turn) {
                Ok(settled) => aborted_again(session, turn, settled),
                Err(vacant) => {
                    let why = match session.turn() {
                        Some(active) => Ignored::AnotherTurnActive {
                            active: active.clone(),
                            named: turn.clone(),
                        },
                        None => Ignored::TurnNotActive { turn: turn.clone() },
                    };
                    recorded(session, vacant, turn, TurnResult::Interrupted, why)
                }
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
            if session.runs(&turn) {
                return failed(session, Some(turn), message);
            }
            match (session.ledger().find(&turn), session.turn()) {
                (Ok(settlement), _) => {
                    ignored(session, Ignored::TurnAlreadySettled { turn, settlement })
                }
                (Err(_), Some(active)) => {
                    let active = active.clone();
                    ignored(
                        session,
                        Ignored::AnotherTurnActive {
                            active,
                            named: turn,
                        },
                    )
                }
                (Err(_), None) => failed(session, Some(turn), message),
            }
        }
        Event::ThreadStateChanged(state) => thread_changed(session, state),
        Event::WorkObserved { .. } => observed(session),
        Event::Noticed => ignored(session, Ignored::NotLifecycle),
    }
}

/// `idle`, `ready`, `interrupted` and `error`, while nothing has closed the session.
#[inline]
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
        } => match session.ledger().find(&turn) {
            Ok(settled) => completed_again(session, turn, settled, result, message),
            Err(_) => completed(session, turn, result, message),
        },
        Event::TurnAborted { turn: Some(turn) } => match session.ledger().find(&turn) {
            Ok(settled) => aborted_again(session, turn, settled),
            Err(vacant) => recorded(
                session,
                vacant,
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
        } => match session.ledger().find(&turn) {
            Ok(settlement) => ignored(session, Ignored::TurnAlreadySettled { turn, settlement }),
            Err(_) => failed(session, Some(turn), message),
        },
        Event::ThreadStateChanged(state) => thread_changed(session, state),
        Event::WorkObserved { .. } => observed(session),
        Event::Noticed => ignored(session, Ignored::NotLifecycle),
    }
}

/// `stopped`, and `interrupted` or `error` after an exit: nothing starts until the provider announces itself.
#[inline]
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
        } => match session.ledger().find(&turn) {
            Ok(settled) => completed_again(session, turn, settled, result, message),
            Err(vacant) => recorded(
                session,
                vacant,
                turn.clone(),
                result,
                Ignored::SessionClosed { turn: Some(turn) },
            ),
        },
        Event::TurnAborted { turn: Some(turn) } => match session.ledger().find(&turn) {
            Ok(settled) => aborted_again(session, turn, settled),
            Err(vacant) => recorded(
                session,
                vacant,
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
        } => match session.ledger().find(&turn) {
            Ok(settlement) => ignored(session, Ignored::TurnAlreadySettled { turn, settlement }),
            Err(_) => noted(session, message),
        },
        Event::ThreadStateChanged(state) => thread_changed(session, state),
        Event::WorkObserved { .. } => observed(session),
        Event::Noticed => ignored(session, Ignored::NotLifecycle),
    }
}
