//! The typed transitions and `AnySession::apply` are one set of rules.

#[path = "../model/src/agreement.rs"]
#[allow(unreachable_pub, reason = "the model shows it to its users")]
mod agreement;
mod checks;
mod generate;
#[path = "../model/src/trace/oracle.rs"]
mod oracle;
mod story;

use agreement::typed_transition;
use generate::{caught_in, events, holds};
use session_lifecycle::{AnySession, Event, Outcome, Session, Status, TurnId};

type Typed = Option<(AnySession, Option<Outcome>)>;

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
        said.set(said.get() + agrees_with_apply(typed_transition, events)?);
        Ok(())
    });
    assert!(said.get() > 0, "no transition was compared");
}

#[test]
fn planted_a_transition_that_leaves_another_status_is_found() {
    let wrong = |session, event: &Event| match (typed_transition(session, event)?, event) {
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
