//! What makes a permit to stop a session void.

mod generate;
mod scene;
mod story;

use generate::{caught_in, event, holds};
use scene::{after, at, decide, idle, permit};
use session_lifecycle::{
    AnySession, Decision, Event, Evidence, IdleClock, NotReaped, Outcome, ReapPermit, Status,
};

#[test]
fn a_permit_is_void_after_a_command_even_at_the_same_moment() {
    let (session, mut evidence) = idle("session.started");
    let permit = permit(&session, &evidence);
    evidence.clock.commanded(at(0));
    let refused = session
        .reap(permit, &evidence.clock)
        .expect_err("a command came");
    assert_eq!(
        refused.to_string(),
        "the session works, has moved or was commanded since the permit was issued, or is another one"
    );
    assert_eq!(refused.session, after("session.started"));
}

#[test]
fn a_permit_is_void_after_work_was_observed() {
    let (session, evidence) = idle("session.started");
    let permit = permit(&session, &evidence);
    let session = session.apply(story::event("work.observed -")).session;
    assert_eq!(session, after("session.started"));
    assert!(session.reap(permit, &evidence.clock).is_err());
}

#[test]
fn a_permit_is_void_for_a_session_that_ran_a_turn_and_is_idle_again() {
    let (session, evidence) = idle("session.started");
    let permit = permit(&session, &evidence);
    let events = story::events("turn.started A; turn.completed A completed");
    let session = events
        .into_iter()
        .fold(session, |session, event| session.apply(event).session);
    let refused = session
        .reap(permit, &evidence.clock)
        .expect_err("a turn ran (S2-13)");
    assert_eq!(refused.session.status(), Status::Ready);
}

#[test]
fn a_permit_of_a_session_with_another_history_or_clock_is_void() {
    let (session, evidence) = idle("session.started");
    let permit = |text: &str, evidence: &Evidence| permit(&after(text), evidence);
    // Another history, the same clock.
    let other = permit("session.started; session.started", &evidence);
    let NotReaped { session } = session
        .reap(other, &evidence.clock)
        .expect_err("another history");
    // The same history, another clock.
    let mut clock = IdleClock::new(at(0));
    clock.commanded(at(1));
    let other = permit("session.started", &Evidence::of(clock));
    assert!(session.reap(other, &evidence.clock).is_err());
}

#[test]
fn a_typed_session_is_reaped_as_any_session_is() {
    let (session, evidence) = idle("session.started");
    let permit = permit(&session, &evidence);
    let AnySession::Ready(ready) = session else {
        panic!("not ready: {session:?}")
    };
    let ready = ready
        .reap(permit, &IdleClock::new(at(1)))
        .expect_err("another clock")
        .session;
    let Decision::Reap(permit) = decide(&ready.into(), &evidence, at(60)) else {
        panic!("kept")
    };
    let AnySession::Ready(ready) = after("session.started") else {
        panic!("not ready")
    };
    assert!(ready.reap(permit, &evidence.clock).is_ok());
}

#[test]
fn a_permit_outlives_what_the_session_ignores() {
    for (given, event) in [
        ("session.started", "noticed"),
        ("session.started", "turn.completed - completed"),
        (
            "turn.started A; turn.completed A completed",
            "turn.started A",
        ),
        // The noise of a teardown (L1-02).
        ("session.exited", "noticed"),
        ("session.exited", "turn.started A"),
    ] {
        let (session, evidence) = idle(given);
        let permit = permit(&session, &evidence);
        let session = session.apply(story::event(event)).session;
        assert!(session.reap(permit, &evidence.clock).is_ok(), "{event}");
    }
}

#[test]
fn a_permit_is_for_the_session_whose_clock_it_was_given() {
    let (session, evidence) = idle("session.started");
    let (other, others) = idle("session.started");
    let permit = permit(&session, &evidence);
    assert!(other.reap(permit, &others.clock).is_err());
}

/// A closed session whose process lives may have started background work since the sweep read that there was none (S2).
#[test]
fn a_permit_for_a_closed_session_is_void_once_work_is_observed() {
    let (session, evidence) = idle("session.exited");
    let permit = permit(&session, &evidence);
    let session = session.apply(story::event("work.observed A")).session;
    assert!(session.reap(permit, &evidence.clock).is_err());
}

/// A permit is used after one more event exactly if the session did nothing.
fn permit_holds_exactly_if_nothing_was_done(
    stop: impl Fn(AnySession, ReapPermit, &IdleClock) -> bool,
    events: &[Event],
) -> Result<(), String> {
    let evidence = Evidence::of(IdleClock::new(at(0)));
    let mut session = AnySession::new();
    for event in events {
        let decision = decide(&session, &evidence, at(60));
        let step = session.apply(event.clone());
        session = step.session;
        let Decision::Reap(permit) = decision else {
            continue;
        };
        let alive = matches!(event, Event::WorkObserved { .. });
        let done = alive || matches!(step.outcome, Outcome::Applied(_));
        let (copy, expected) = (copy_of(&session), !done);
        // The permit is for this very session; the events go on with one like it.
        if stop(session, permit, &evidence.clock) != expected {
            return Err(format!("{}: stopped: {}", story::line(event), !expected));
        }
        session = copy;
    }
    Ok(())
}

fn copy_of(session: &AnySession) -> AnySession {
    AnySession::try_from(session_lifecycle::SessionRecord::from(session)).expect("a session")
}

#[test]
fn a_permit_holds_exactly_if_the_session_did_nothing_since() {
    let events = proptest::collection::vec(event(), 0..50);
    holds(events, |events| {
        let stop =
            |session: AnySession, permit, clock: &IdleClock| session.reap(permit, clock).is_ok();
        permit_holds_exactly_if_nothing_was_done(stop, events)
    });
}

#[test]
fn planted_a_stop_that_only_asks_for_a_turn_is_found() {
    let events = proptest::collection::vec(event(), 0..50);
    let found = caught_in(events, |events| {
        let stop = |session: AnySession, _, _: &IdleClock| session.active_turn().is_none();
        permit_holds_exactly_if_nothing_was_done(stop, events)
    });
    assert_eq!(found.len(), 1);
}
