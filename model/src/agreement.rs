//! T1: the typed transitions and `apply` agree.

use session_lifecycle::{
    Active, AnySession, Beginning, Event, Inactive, Message, Outcome, Session, SessionState, State,
    ThreadState, TurnId, TurnResult,
};

/// What the typed transitions make of an event, and why one refused, if it did; `None` where the rules decide more than a
/// single transition does.
#[must_use]
pub fn typed_transition(
    session: AnySession,
    event: &Event,
) -> Option<(AnySession, Option<Outcome>)> {
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

/// R1 to R3 and R8, and R4 without an id: transitions that every session has.
fn session_wide<S: State>(
    session: Session<S>,
    event: &Event,
) -> Option<(AnySession, Option<Outcome>)> {
    let next = match event {
        Event::SessionStarted | Event::ThreadStarted => session.announced().into(),
        Event::SessionStateChanged { state, reason } => match state {
            SessionState::Starting => session.into_starting().into(),
            SessionState::Running | SessionState::Waiting => session.into_running().into(),
            SessionState::Ready => session.into_ready().into(),
            SessionState::Interrupted => session.into_interrupted().into(),
            SessionState::Stopped => session.into_stopped().into(),
            SessionState::Error => session.into_errored(reason.clone()).into(),
        },
        Event::SessionExited | Event::ThreadStateChanged(ThreadState::Closed) => {
            session.into_stopped().into()
        }
        Event::ThreadStateChanged(ThreadState::Error) => {
            let text = text_of(&session, None, "Provider thread error");
            session.into_errored(text).into()
        }
        Event::TurnStarted { turn: None } if !session.is_closed() => session.into_running().into(),
        Event::TurnStarted { .. }
        | Event::TurnCompleted { .. }
        | Event::TurnAborted { .. }
        | Event::RuntimeError { .. }
        | Event::ThreadStateChanged(_)
        | Event::WorkObserved { .. }
        | Event::Noticed => return None,
    };
    Some((next, None))
}

/// The event's own text or the session's; without either, the rule's, which a typed transition does not know.
fn text_of<S: State>(
    session: &Session<S>,
    own: Option<&Message>,
    default: &str,
) -> Option<Message> {
    let kept = own.or_else(|| session.last_error()).cloned();
    Some(kept.unwrap_or_else(|| Message::from(default)))
}

/// R4: the typed `begin` decides, and hands the session back where it refuses.
fn begun<S: Beginning>(session: Session<S>, turn: &TurnId) -> (AnySession, Option<Outcome>)
where
    AnySession: From<Session<S>>,
{
    match session.begin(turn.clone()) {
        Ok(running) => (running.into(), None),
        Err(refused) => (refused.session.into(), Some(refused.why)),
    }
}

/// R4 for a session at rest.
fn at_rest<S>(session: Session<S>, event: &Event) -> Option<(AnySession, Option<Outcome>)>
where
    S: Inactive + Beginning,
    AnySession: From<Session<S>>,
{
    if let Event::TurnStarted { turn: Some(turn) } = event {
        return Some(begun(session, turn));
    }
    session_wide(session, event)
}

/// R4 to R7 for the turn that the session works on.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is for every session names each of the others"
)]
fn working<S>(session: Session<S>, event: &Event) -> Option<(AnySession, Option<Outcome>)>
where
    S: Active + Beginning,
    AnySession: From<Session<S>>,
{
    let is_mine = |turn: &Option<_>| turn.is_some() && turn.as_ref() == session.turn();
    let next = match event {
        Event::TurnStarted { turn: Some(turn) } => return Some(begun(session, turn)),
        Event::TurnCompleted {
            turn,
            result,
            message,
        } if is_mine(turn) => match result {
            TurnResult::Completed => session.completed().into(),
            TurnResult::Interrupted => session.cut_short().into(),
            TurnResult::Failed => session.failed(message.clone()).into(),
        },
        Event::TurnAborted { turn } if is_mine(turn) => session.aborted().into(),
        Event::RuntimeError { turn, message } if is_mine(turn) => {
            let text = text_of(&session, message.as_ref(), "Provider runtime error");
            session.failed(text).into()
        }
        _ => return session_wide(session, event),
    };
    Some((next, None))
}
