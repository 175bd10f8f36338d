//! T1: the typed transitions and `apply` agree.

use session_lifecycle::{
    Active, AnySession, Beginning, Event, Inactive, Message, Session, SessionState, State,
    ThreadState, TurnId, TurnResult,
};

/// What the typed transitions make of an event, where one of them is meant for it; `None` where the rules decide more
/// than a single transition does.
#[must_use]
pub fn typed_transition(session: AnySession, event: &Event) -> Option<AnySession> {
    match session {
        AnySession::Idle(session) => at_rest(session, event),
        AnySession::Ready(session) => at_rest(session, event),
        AnySession::Interrupted(session) => at_rest(session, event),
        AnySession::Errored(session) => at_rest(session, event),
        AnySession::Stopped(session) => session_wide(session, event),
        AnySession::Starting(session) => working(session, event),
        AnySession::Running(session) => working(session, event),
    }
}

/// R1 to R3 and R8: transitions that every session has.
fn session_wide<S: State>(session: Session<S>, event: &Event) -> Option<AnySession> {
    match event {
        Event::SessionStarted | Event::ThreadStarted => Some(session.announced().into()),
        Event::SessionStateChanged { state, reason } => Some(match state {
            SessionState::Starting => session.into_starting().into(),
            SessionState::Running | SessionState::Waiting => session.into_running().into(),
            SessionState::Ready => session.into_ready().into(),
            SessionState::Interrupted => session.into_interrupted().into(),
            SessionState::Stopped => session.into_stopped().into(),
            SessionState::Error => session.into_errored(reason.clone()).into(),
        }),
        Event::SessionExited | Event::ThreadStateChanged(ThreadState::Closed) => {
            Some(session.into_stopped().into())
        }
        Event::ThreadStateChanged(ThreadState::Error) => {
            let kept = session.last_error().cloned();
            let reason = kept.unwrap_or_else(|| Message::from("Provider thread error"));
            Some(session.into_errored(Some(reason)).into())
        }
        Event::TurnStarted { .. }
        | Event::TurnCompleted { .. }
        | Event::TurnAborted { .. }
        | Event::RuntimeError { .. }
        | Event::ThreadStateChanged(_)
        | Event::WorkObserved { .. }
        | Event::Noticed => None,
    }
}

/// R4: the typed `begin` decides, and hands the session back where it refuses.
fn begun<S: Beginning>(session: Session<S>, turn: &TurnId) -> AnySession
where
    AnySession: From<Session<S>>,
{
    match session.begin(turn.clone()) {
        Ok(running) => running.into(),
        Err(refused) => refused.session.into(),
    }
}

/// R4 for a session at rest.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is for every session names each of the others"
)]
fn at_rest<S>(session: Session<S>, event: &Event) -> Option<AnySession>
where
    S: Inactive + Beginning,
    AnySession: From<Session<S>>,
{
    match event {
        Event::TurnStarted { turn: Some(turn) } => Some(begun(session, turn)),
        _ => session_wide(session, event),
    }
}

/// R4 to R7 for the turn that the session works on.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is for every session names each of the others"
)]
fn working<S>(session: Session<S>, event: &Event) -> Option<AnySession>
where
    S: Active + Beginning,
    AnySession: From<Session<S>>,
{
    let is_mine = |turn: &Option<_>| turn.is_some() && turn.as_ref() == session.turn();
    match event {
        Event::TurnStarted { turn: Some(turn) } => Some(begun(session, turn)),
        Event::TurnCompleted {
            turn,
            result,
            message,
        } if is_mine(turn) => Some(match result {
            TurnResult::Completed => session.completed().into(),
            TurnResult::Interrupted => session.cut_short().into(),
            TurnResult::Failed => session.failed(message.clone()).into(),
        }),
        Event::TurnAborted { turn } if is_mine(turn) => Some(session.aborted().into()),
        Event::RuntimeError { turn, message } if is_mine(turn) => {
            Some(session.failed(message.clone()).into())
        }
        _ => session_wide(session, event),
    }
}
