//! What each rule does, once the tables of `apply` have chosen it.

use crate::ledger::Vacant;
use crate::memory::default_text;
use crate::state::{Beginning, State};
use crate::{
    AnySession, Ignored, Message, Outcome, Rule, Session, SessionState, Settlement, Status, Step,
    ThreadState, Transition, TurnChange, TurnId, TurnResult,
};

/// R1.
pub(crate) fn announced<S: State>(session: Session<S>) -> Step {
    applied::<S, _>(Rule::R1, session.announced(), None)
}

/// R2.
pub(crate) fn state_changed<S: State>(
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
            let (next, change) = session.rest_errored(reason, default_text::SESSION);
            applied::<S, _>(Rule::R2, next, change)
        }
    }
}

/// R2 `stopped`, R3, R8 `closed`.
pub(crate) fn exited<S: State>(session: Session<S>, rule: Rule) -> Step {
    let (next, change) = session.rest_stopped();
    applied::<S, _>(rule, next, change)
}

/// R2 `running` and `waiting`, R4 without an id.
pub(crate) fn busy<S: State>(session: Session<S>, rule: Rule) -> Step {
    applied::<S, _>(rule, session.into_running(), None)
}

/// R4 with an id.
pub(crate) fn begun<S: Beginning>(session: Session<S>, turn: TurnId) -> Step
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
pub(crate) fn completed<S: State>(
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
            let (next, change) = session.report_failure(Some(turn), message, default_text::TURN);
            applied::<S, _>(Rule::R5, next, change)
        }
    }
}

/// R5 for a settled turn: a report replaces an inference. A failure is then shown, if the session still rests on
/// that turn.
pub(crate) fn completed_again<S: State>(
    mut session: Session<S>,
    turn: TurnId,
    settlement: Settlement,
    result: TurnResult,
    message: Option<Message>,
) -> Step
where
    AnySession: From<Session<S>>,
{
    if settlement.is_reported() {
        return ignored(session, Ignored::TurnAlreadySettled { turn, settlement });
    }
    let rests_on_it = S::STATUS == Status::Ready && session.memory.latest_settled() == Some(&turn);
    let report = Settlement::Reported(result);
    session.memory.record_other(turn.clone(), report);
    let change = Some(TurnChange::Corrected(turn, report));
    if result == TurnResult::Failed && rests_on_it {
        let (next, _) = session.rest_errored(message, default_text::TURN);
        return applied::<S, _>(Rule::R5, next, change);
    }
    session.memory.stir();
    applied::<S, _>(Rule::R5, session, change)
}

/// R6 for a settled turn: a report replaces an inference; the session is as it was.
pub(crate) fn aborted_again<S: State>(
    mut session: Session<S>,
    turn: TurnId,
    settlement: Settlement,
) -> Step
where
    AnySession: From<Session<S>>,
{
    if settlement.is_reported() {
        return ignored(session, Ignored::TurnAlreadySettled { turn, settlement });
    }
    let report = Settlement::Reported(TurnResult::Interrupted);
    session.memory.record_other(turn.clone(), report);
    session.memory.stir();
    applied::<S, _>(Rule::R6, session, Some(TurnChange::Corrected(turn, report)))
}

/// R5 and R6 for a turn that is not this session's work of the moment: the ledger learns of it, nothing else does.
pub(crate) fn recorded<S: State>(
    mut session: Session<S>,
    vacant: Vacant,
    turn: TurnId,
    result: TurnResult,
    why: Ignored,
) -> Step
where
    AnySession: From<Session<S>>,
{
    session
        .memory
        .enter_other(vacant, turn, Settlement::Reported(result));
    ignored(session, why)
}

/// R7 where it ends the work: of the turn that it names, or of a session that has none.
pub(crate) fn failed<S: State>(
    session: Session<S>,
    turn: Option<TurnId>,
    message: Option<Message>,
) -> Step {
    let (next, change) = session.report_failure(turn, message, default_text::RUNTIME);
    applied::<S, _>(Rule::R7, next, change)
}

/// R7 where it is a remark: only the last error changes.
pub(crate) fn noted<S: State>(mut session: Session<S>, message: Option<Message>) -> Step
where
    AnySession: From<Session<S>>,
{
    session.memory.explain(message, default_text::RUNTIME);
    session.memory.stir();
    applied::<S, _>(Rule::R7, session, None)
}

/// R8; the states without consequence are R9.
pub(crate) fn thread_changed<S: State>(session: Session<S>, state: ThreadState) -> Step
where
    AnySession: From<Session<S>>,
{
    match state {
        ThreadState::Error => {
            let (next, change) = session.rest_errored(None, default_text::THREAD);
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
pub(crate) fn observed<S: State>(mut session: Session<S>) -> Step
where
    AnySession: From<Session<S>>,
{
    session.memory.stir();
    ignored(session, Ignored::NotLifecycle)
}

pub(crate) fn applied<From: State, To: Into<AnySession>>(
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

pub(crate) fn ignored<S: State>(session: Session<S>, why: Ignored) -> Step
where
    AnySession: From<Session<S>>,
{
    Step {
        session: session.into(),
        outcome: Outcome::Ignored(why),
    }
}
