//! The typed transitions and `AnySession::apply` are one set of rules.

mod checks;
mod generate;
#[path = "../model/src/trace/oracle.rs"]
mod oracle;
mod story;

use generate::{caught_in, events, holds};
use session_lifecycle::{
    Active, AnySession, Beginning, Event, Outcome, Session, SessionState, State, Status,
    ThreadState, TurnId, TurnResult,
};

/// What a typed transition makes of an event, and why it refused, if it did; `None` where no transition says it.
type Typed = Option<(AnySession, Option<Outcome>)>;

fn typed(session: AnySession, event: &Event) -> Typed {
    match session {
        AnySession::Idle(session) => beginning(session, event),
        AnySession::Starting(session) => active(session, event),
        AnySession::Ready(session) => beginning(session, event),
        AnySession::Running(session) => active(session, event),
        AnySession::Interrupted(session) => beginning(session, event),
        AnySession::Stopped(session) => any(session, event),
        AnySession::Errored(session) => beginning(session, event),
    }
}

fn any<S: State>(session: Session<S>, event: &Event) -> Typed {
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
        // Without an error to keep, the default text names the thread.
        Event::ThreadStateChanged(ThreadState::Error) if session.last_error().is_some() => {
            session.into_errored(None).into()
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

fn beginning<S: Beginning>(session: Session<S>, event: &Event) -> Typed
where
    AnySession: From<Session<S>>,
{
    if let Event::TurnStarted { turn: Some(turn) } = event {
        return Some(match session.begin(turn.clone()) {
            Ok(running) => (running.into(), None),
            Err(refused) => (refused.session.into(), Some(refused.why)),
        });
    }
    any(session, event)
}

fn active<S: Active + Beginning>(session: Session<S>, event: &Event) -> Typed
where
    AnySession: From<Session<S>>,
{
    let own = |turn: &Option<TurnId>| turn.is_some() && session.turn() == turn.as_ref();
    if let Event::TurnCompleted {
        turn,
        result,
        message,
    } = event
        && own(turn)
    {
        let next = match result {
            TurnResult::Completed => session.completed().into(),
            TurnResult::Interrupted => session.cut_short().into(),
            TurnResult::Failed => session.failed(message.clone()).into(),
        };
        return Some((next, None));
    }
    if let Event::TurnAborted { turn } = event
        && own(turn)
    {
        return Some((session.aborted().into(), None));
    }
    beginning(session, event)
}

/// Folds the events twice, event by event; gives how many of them a transition could say.
fn agrees_with_apply(
    typed: impl Fn(AnySession, &Event) -> Typed,
    events: &[Event],
) -> Result<usize, String> {
    let (mut mirror, mut session) = (AnySession::new(), AnySession::new());
    let mut said = 0;
    for event in events {
        let step = session.apply(event.clone());
        let record = session_lifecycle::SessionRecord::from(&mirror);
        mirror = match typed(mirror, event) {
            Some((next, why)) => {
                if why.is_some() && why.as_ref() != Some(&step.outcome) {
                    return Err(format!("refused as {why:?}, not as {}", step.outcome));
                }
                said += 1;
                next
            }
            None => {
                AnySession::try_from(record)
                    .map_err(|why| why.to_string())?
                    .apply(event.clone())
                    .session
            }
        };
        if mirror != step.session {
            let line = story::line(event);
            return Err(format!("{line}: {:?}, typed {mirror:?}", step.session));
        }
        session = step.session;
    }
    Ok(said)
}

#[test]
fn a_typed_transition_does_what_apply_does() {
    let said = std::cell::Cell::new(0);
    holds(events(), |events| {
        said.set(said.get() + agrees_with_apply(typed, events)?);
        Ok(())
    });
    assert!(said.get() > 0, "no transition was compared");
}

#[test]
fn planted_a_transition_that_leaves_another_status_is_found() {
    let wrong = |session, event: &Event| match (typed(session, event)?, event) {
        ((AnySession::Interrupted(session), why), Event::TurnAborted { .. }) => {
            Some((session.into_ready().into(), why))
        }
        (right, _) => Some(right),
    };
    let found = caught_in(events(), |events| {
        agrees_with_apply(wrong, events).map(|_| ())
    });
    assert_eq!(story::text(&found), "turn.started A\nturn.aborted A");
}

/// What the comparison above stands on.
#[test]
fn sessions_are_equal_if_they_show_remember_and_allow_the_same_however_often_they_moved() {
    let after = |text: &str| {
        let events = story::events(text).into_iter();
        events.fold(AnySession::new(), |session, event| {
            session.apply(event).session
        })
    };
    let different = [
        // What is shown: status, turn, error.
        "",
        "session.started",
        "session.state.changed starting",
        "turn.started -",
        "turn.started A",
        "turn.started B",
        r#"runtime.error - "one""#,
        r#"runtime.error - "another""#,
        // What is allowed: it is closed.
        "session.exited",
        "session.state.changed interrupted",
        "session.exited; session.state.changed interrupted",
        // What is remembered: which turns settled, how, and which was the latest.
        "turn.completed A completed",
        "turn.completed B completed",
        "turn.completed A interrupted",
        "turn.completed A completed; turn.completed B completed",
        "turn.completed B completed; turn.completed A completed",
    ];
    for (at, one) in different.iter().enumerate() {
        for (other_at, other) in different.iter().enumerate() {
            assert_eq!(
                at == other_at,
                after(one) == after(other),
                "{one} and {other}"
            );
        }
    }
    assert_eq!(
        after("session.started"),
        after("session.started; session.started")
    );
}

#[test]
fn the_latest_turn_is_the_one_that_runs_and_then_the_one_that_settled_last() {
    let running = Session::new()
        .begin("A".into())
        .expect("nothing is in the way");
    assert_eq!(running.latest_turn().map(TurnId::as_str), Some("A"));
    let ready = running.completed();
    assert_eq!(ready.latest_turn().map(TurnId::as_str), Some("A"));
    assert_eq!(Session::new().latest_turn(), None);
}

#[test]
fn a_new_session_is_idle_and_empty() {
    let session = Session::new();
    assert_eq!(session.status(), Status::Idle);
    assert_eq!(session.last_error(), None);
    assert!(session.ledger().is_empty());
    assert!(!session.is_closed());
    assert_eq!(AnySession::from(session), AnySession::new());
    assert_eq!(AnySession::default(), AnySession::from(Session::default()));
}

#[test]
fn a_refused_beginning_gives_the_session_back() {
    let running = Session::new()
        .begin("A".into())
        .expect("nothing is in the way");
    let refused = running.begin("B".into()).expect_err("A is active");
    assert_eq!(
        refused.why.to_string(),
        "rejected: turn B cannot start while turn A is active"
    );
    assert_eq!(refused.to_string(), refused.why.to_string());
    assert_eq!(refused.session.turn().map(TurnId::as_str), Some("A"));

    let refused = refused
        .session
        .completed()
        .begin("A".into())
        .expect_err("A has settled");
    assert_eq!(
        refused.why.to_string(),
        "ignored: turn A has settled as completed (reported)"
    );

    let closed = refused.session.into_stopped().into_interrupted();
    let refused = closed.begin("B".into()).expect_err("the session is closed");
    assert_eq!(
        refused.why.to_string(),
        "ignored: the session has exited, turn B comes too late"
    );
}

#[test]
fn a_session_shows_what_matters_when_it_is_debugged() {
    let running = Session::new()
        .begin("A".into())
        .expect("nothing is in the way");
    assert_eq!(
        format!("{running:?}"),
        r#"Session { status: Running, turn: "A", latest: None, ledger: Ledger { turns: [] } }"#
    );
    let gone = Session::new()
        .into_stopped()
        .into_errored(Some("boom".into()));
    assert_eq!(
        format!("{gone:?}"),
        r#"Session { status: Error, closed: true, last_error: "boom", latest: None, ledger: Ledger { turns: [] } }"#
    );
}
