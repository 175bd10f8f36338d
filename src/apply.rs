//! The rules R1 to R9: state first, then event, every cell written out.
//!
//! Three tables: a session that may hold a turn, one that is at rest, one that is closed. No table has a wildcard arm:
//! a new event does not compile until it has been decided in each.

use crate::state::{Active, Beginning, Inactive, State};
use crate::{
    AnySession, Event, Ignored, Message, Outcome, Rule, Session, SessionState, Settlement, Status,
    Step, ThreadState, Transition, TurnChange, TurnId, TurnResult,
};

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

/// R1.
fn announced<S: State>(session: Session<S>) -> Step {
    applied::<S, _>(Rule::R1, session.announced(), None)
}

/// R2.
fn state_changed<S: State>(
    session: Session<S>,
    state: SessionState,
    reason: Option<Message>,
) -> Step {
    match state {
        SessionState::Starting => applied::<S, _>(Rule::R2, session.into_starting(), None),
        SessionState::Running | SessionState::Waiting => busy(session, Rule::R2),
        SessionState::Ready => {
            let (next, change) = session.rest_ready();
            applied::<S, _>(Rule::R2, next, change)
        }
        SessionState::Interrupted => {
            let (next, change) = session.rest_interrupted();
            applied::<S, _>(Rule::R2, next, change)
        }
        SessionState::Stopped => exited(session, Rule::R2),
        SessionState::Error => {
            let (next, change) = session.rest_errored(reason, "Provider session error");
            applied::<S, _>(Rule::R2, next, change)
        }
    }
}

/// R2 `stopped`, R3, R8 `closed`.
fn exited<S: State>(session: Session<S>, rule: Rule) -> Step {
    let (next, change) = session.rest_stopped();
    applied::<S, _>(rule, next, change)
}

/// R2 `running` and `waiting`, R4 without an id.
fn busy<S: State>(session: Session<S>, rule: Rule) -> Step {
    applied::<S, _>(rule, session.into_running(), None)
}

/// R4 with an id.
fn begun<S: Beginning>(session: Session<S>, turn: TurnId) -> Step
where
    AnySession: From<Session<S>>,
{
    let known = session.state.turn().is_some();
    match session.begin(turn) {
        Ok(next) => {
            let change = next
                .turn()
                .filter(|_| !known)
                .cloned()
                .map(TurnChange::Began);
            applied::<S, _>(Rule::R4, next, change)
        }
        Err(refused) => Step {
            session: refused.session.into(),
            outcome: refused.why,
        },
    }
}

/// R5 for the active turn, or for one that nobody saw start while none is active.
fn completed<S: State>(
    session: Session<S>,
    turn: TurnId,
    result: TurnResult,
    message: Option<Message>,
) -> Step {
    match result {
        TurnResult::Completed | TurnResult::Interrupted => {
            let (next, change) = session.report_rest(Some(turn), result);
            applied::<S, _>(Rule::R5, next, change)
        }
        TurnResult::Failed => {
            let (next, change) = session.report_failure(Some(turn), message, "Turn failed");
            applied::<S, _>(Rule::R5, next, change)
        }
    }
}

/// R5 for a settled turn: a report replaces an inference. A failure is then shown, if the session still rests on
/// that turn.
fn completed_again<S: State>(
    mut session: Session<S>,
    turn: TurnId,
    settled: Settlement,
    result: TurnResult,
    message: Option<Message>,
) -> Step
where
    AnySession: From<Session<S>>,
{
    if settled.is_reported() {
        return ignored(
            session,
            Ignored::TurnAlreadySettled {
                turn,
                settlement: settled,
            },
        );
    }
    let rests_on_it = S::STATUS == Status::Ready && session.memory.latest_settled() == Some(&turn);
    let report = Settlement::Reported(result);
    session.memory.record_other(turn.clone(), report);
    let change = Some(TurnChange::Corrected(turn, report));
    if result == TurnResult::Failed && rests_on_it {
        let (next, _) = session.rest_errored(message, "Turn failed");
        return applied::<S, _>(Rule::R5, next, change);
    }
    session.memory.stir();
    applied::<S, _>(Rule::R5, session, change)
}

/// R6 for a settled turn: a report replaces an inference; the session is as it was.
fn aborted_again<S: State>(mut session: Session<S>, turn: TurnId, settled: Settlement) -> Step
where
    AnySession: From<Session<S>>,
{
    if settled.is_reported() {
        return ignored(
            session,
            Ignored::TurnAlreadySettled {
                turn,
                settlement: settled,
            },
        );
    }
    let report = Settlement::Reported(TurnResult::Interrupted);
    session.memory.record_other(turn.clone(), report);
    session.memory.stir();
    applied::<S, _>(Rule::R6, session, Some(TurnChange::Corrected(turn, report)))
}

/// R5 and R6 for a turn that is not this session's work of the moment: the ledger learns of it, nothing else does.
fn recorded<S: State>(
    mut session: Session<S>,
    turn: TurnId,
    result: TurnResult,
    why: Ignored,
) -> Step
where
    AnySession: From<Session<S>>,
{
    session
        .memory
        .record_other(turn, Settlement::Reported(result));
    ignored(session, why)
}

/// R7 where it ends the work: of the turn that it names, or of a session that has none.
fn failed<S: State>(session: Session<S>, turn: Option<TurnId>, message: Option<Message>) -> Step {
    let (next, change) = session.report_failure(turn, message, "Provider runtime error");
    applied::<S, _>(Rule::R7, next, change)
}

/// R7 where it is a remark: only the last error changes.
fn noted<S: State>(mut session: Session<S>, message: Option<Message>) -> Step
where
    AnySession: From<Session<S>>,
{
    session.memory.explain(message, "Provider runtime error");
    session.memory.stir();
    applied::<S, _>(Rule::R7, session, None)
}

/// R8; the states without consequence are R9.
fn thread_changed<S: State>(session: Session<S>, state: ThreadState) -> Step
where
    AnySession: From<Session<S>>,
{
    match state {
        ThreadState::Error => {
            let (next, change) = session.rest_errored(None, "Provider thread error");
            applied::<S, _>(Rule::R8, next, change)
        }
        ThreadState::Closed => exited(session, Rule::R8),
        ThreadState::Active
        | ThreadState::Idle
        | ThreadState::Archived
        | ThreadState::Compacted => ignored(session, Ignored::NotLifecycle),
    }
}

/// R9 for work: nothing to show, but the provider is alive, and a permit to reap it is void. That holds for a closed
/// session too: its provider may have started background work after the sweep read that there was none.
fn observed<S: State>(mut session: Session<S>) -> Step
where
    AnySession: From<Session<S>>,
{
    session.memory.stir();
    ignored(session, Ignored::NotLifecycle)
}

fn applied<From: State, To: Into<AnySession>>(
    rule: Rule,
    next: To,
    turn: Option<TurnChange>,
) -> Step {
    let session = next.into();
    let transition = Transition {
        rule,
        from: From::STATUS,
        to: session.status(),
        turn,
    };
    Step {
        session,
        outcome: Outcome::Applied(transition),
    }
}

fn ignored<S: State>(session: Session<S>, why: Ignored) -> Step
where
    AnySession: From<Session<S>>,
{
    Step {
        session: session.into(),
        outcome: Outcome::Ignored(why),
    }
}
