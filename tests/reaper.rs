//! Which sessions may be stopped, since when they are idle, and what makes a permit void.

mod checks;
mod generate;
#[path = "../model/src/trace/oracle.rs"]
mod oracle;
mod scene;
mod story;

use std::time::Duration;

use generate::{caught_in, event, holds};
use proptest::prelude::*;
use scene::{HALF_AN_HOUR, after, at, decide, idle, permit};
use session_lifecycle::{
    AnySession, Decision, Event, Evidence, IdleClock, KeepReason, Outcome, Status, Timestamp,
};

fn kept(session: &AnySession, evidence: &Evidence, now: Timestamp) -> KeepReason {
    match decide(session, evidence, now) {
        Decision::Keep(reason) => reason,
        Decision::Reap(permit) => panic!("reaped: {permit:?}"),
    }
}

const AT_REST: [&str; 5] = [
    "noticed",
    "session.started",
    "turn.started A; turn.aborted A",
    "session.exited",
    "runtime.error - \"boom\"",
];

#[test]
fn an_inactive_session_is_reaped_once_it_has_been_idle_for_long_enough() {
    for text in AT_REST {
        let (session, evidence) = idle(text);
        let status = session.status();
        let stopped = session
            .reap(permit(&after(text), &evidence), &evidence.clock)
            .unwrap_or_else(|kept| panic!("{status}: {kept:?}"));
        assert_eq!(stopped.status(), Status::Stopped);
        assert!(stopped.is_closed());
    }
}

#[test]
fn a_session_is_kept_until_the_last_moment_of_its_idle_time() {
    let (session, evidence) = idle("session.started");
    let almost = Timestamp(HALF_AN_HOUR - Duration::from_nanos(1));
    let reason = kept(&session, &evidence, almost);
    let expected = KeepReason::RecentlyUsed {
        idle_for: almost.0,
        idle_after: HALF_AN_HOUR,
    };
    assert_eq!(reason, expected);
    assert_eq!(reason.to_string(), "idle for 1799 s of 1800 s");
    assert!(matches!(
        decide(&session, &evidence, Timestamp(HALF_AN_HOUR)),
        Decision::Reap(_)
    ));
}

#[test]
fn a_session_that_works_is_kept_whatever_the_clock_says() {
    for (text, sentence) in [
        ("turn.started A", "the session is running with turn A"),
        ("turn.started -", "the session is running"),
        ("session.state.changed starting", "the session is starting"),
        (
            "turn.started A; session.state.changed starting",
            "the session is starting with turn A",
        ),
    ] {
        let (session, evidence) = idle(text);
        let reason = kept(&session, &evidence, at(1_000_000));
        let expected = KeepReason::Working {
            status: session.status(),
            turn: session.active_turn().cloned(),
        };
        assert_eq!(reason, expected);
        assert_eq!(reason.to_string(), sentence);
    }
}

#[test]
fn a_session_for_which_something_waits_is_kept_and_says_for_what() {
    let (session, evidence) = idle("session.started");
    let late = at(1_000);
    let no_process = Evidence {
        process_alive: false,
        ..evidence
    };
    let pending = Evidence {
        pending_messages: 2,
        ..evidence
    };
    let asked = Evidence {
        open_requests: 1,
        ..evidence
    };
    let tasks = Evidence {
        background_tasks: 3,
        ..evidence
    };
    for (evidence, reason, sentence) in [
        (
            no_process,
            KeepReason::NoProcess,
            "there is no process to stop",
        ),
        (
            pending,
            KeepReason::PendingMessages(2),
            "accepted messages that have not started: 2",
        ),
        (
            asked,
            KeepReason::OpenRequests(1),
            "requests that wait for an answer: 1",
        ),
        (
            tasks,
            KeepReason::BackgroundTasks(3),
            "background tasks that run: 3",
        ),
    ] {
        let found = kept(&session, &evidence, late);
        assert_eq!(found.to_string(), sentence);
        assert_eq!(found, reason);
    }
}

#[test]
fn s2_03_the_idle_time_starts_when_the_turn_ended_not_when_it_was_asked_for() {
    let mut clock = IdleClock::new(at(0));
    clock.commanded(at(0));
    let started = AnySession::new().apply(story::event("turn.started A"));
    clock.observed(&started.outcome, at(0));
    let ended = started
        .session
        .apply(story::event("turn.completed A completed"));
    clock.observed(&ended.outcome, at(45));
    assert_eq!(clock.idle_for(at(46)), at(1).0);
    assert!(matches!(
        decide(&ended.session, &Evidence::of(clock), at(46)),
        Decision::Keep(_)
    ));
    assert!(matches!(
        decide(&ended.session, &Evidence::of(clock), at(75)),
        Decision::Reap(_)
    ));
}

#[test]
fn the_idle_time_starts_at_a_command_that_came_after_the_last_change() {
    let mut clock = IdleClock::new(at(0));
    let step = AnySession::new().apply(Event::SessionStarted);
    clock.observed(&step.outcome, at(5));
    clock.commanded(at(20));
    assert_eq!(clock.idle_for(at(21)), at(1).0);
}

#[test]
fn l1_02_what_arrives_late_and_changes_nothing_does_not_touch_the_clock() {
    let mut session = after("turn.started A; session.exited");
    let mut clock = IdleClock::new(at(0));
    let late = "turn.started A; work.observed A; runtime.error A \"boom\"; runtime.error - \"boom\"; noticed; \
                session.exited; turn.completed B completed; turn.completed - completed; thread.state.changed idle";
    for event in story::events(late) {
        let step = session.apply(event);
        clock.observed(&step.outcome, at(29));
        session = step.session;
    }
    // The report of how the turn ended is news of the turn, and not of the session.
    let step = session.apply(story::event("turn.completed A completed"));
    clock.observed(&step.outcome, at(29));
    assert_eq!(clock.idle_for(at(30)), at(30).0);
}

#[test]
fn a_clock_that_runs_backwards_reads_as_no_time_at_all() {
    let mut clock = IdleClock::new(at(60));
    assert_eq!(clock.idle_for(at(10)), Duration::ZERO);
    clock.commanded(at(5));
    let step = AnySession::new().apply(Event::SessionStarted);
    clock.observed(&step.outcome, at(6));
    assert_eq!(clock.idle_for(at(60)), Duration::ZERO);
    assert_eq!(clock.idle_for(at(61)), at(1).0);
    let reason = kept(&step.session, &Evidence::of(clock), at(0));
    assert_eq!(reason.to_string(), "idle for 0 s of 1800 s");
}

/// The clock reads from the latest of its beginning, the commands and the changes, in whatever order they come.
fn clock_starts_at_the_later(
    observe: impl Fn(&mut IdleClock, &Event, &Outcome, Timestamp),
    inputs: &[(u64, Option<Event>)],
) -> Result<(), String> {
    let mut session = AnySession::new();
    let mut clock = IdleClock::new(at(10));
    let mut later = 10;
    for (minute, input) in inputs {
        match input {
            None => {
                clock.commanded(at(*minute));
                later = later.max(*minute);
            }
            Some(event) => {
                let before = oracle::Oracle::of(&session);
                let step = session.apply(event.clone());
                session = step.session;
                observe(&mut clock, event, &step.outcome, at(*minute));
                let now = oracle::Oracle::of(&session);
                // A turn that settles without having been active changes the session too; a correction does not.
                let settles = now.ledger.len() > before.ledger.len();
                let changed = (before.status, before.active) != (now.status, now.active) || settles;
                if changed && matches!(step.outcome, Outcome::Applied(_)) {
                    later = later.max(*minute);
                }
            }
        }
        if clock.idle_for(at(1_000)) != at(1_000 - later).0 {
            return Err(format!(
                "{:?} instead of since {later}",
                clock.idle_for(at(1_000))
            ));
        }
    }
    Ok(())
}

fn inputs() -> impl Strategy<Value = Vec<(u64, Option<Event>)>> {
    let input = proptest::option::weighted(0.9, event());
    proptest::collection::vec((0..60_u64, input), 0..100)
}

#[test]
fn the_idle_time_starts_at_the_later_of_command_and_change() {
    holds(inputs(), |inputs| {
        clock_starts_at_the_later(
            |clock, _, outcome, now| clock.observed(outcome, now),
            inputs,
        )
    });
}

#[test]
fn planted_a_clock_that_only_hears_commands_is_found() {
    let found = caught_in(inputs(), |inputs| {
        clock_starts_at_the_later(|_, _, _, _| {}, inputs)
    });
    assert_eq!(found.len(), 1);
}

#[test]
fn planted_a_clock_that_hears_everything_is_found() {
    let everything = |clock: &mut IdleClock, _: &Event, _: &Outcome, now| clock.commanded(now);
    let found = caught_in(inputs(), |inputs| {
        clock_starts_at_the_later(everything, inputs)
    });
    assert_eq!(found.len(), 1);
}

/// S2-01, S2-03, S2-13, L1-02 and L1-06: the reapers and clocks of five hosts, as they were.
#[cfg(feature = "faults")]
mod published {
    use super::*;
    use session_lifecycle::{Fault, Reaper};

    #[test]
    fn planted_every_published_fault_of_the_clock_is_found() {
        for fault in [Fault::S2_03, Fault::L1_02] {
            let faulty = |clock: &mut IdleClock, event: &Event, outcome: &Outcome, now| {
                clock.observed_with_fault(Some(fault), event, outcome, now);
            };
            assert_eq!(
                caught_in(inputs(), |inputs| clock_starts_at_the_later(faulty, inputs)).len(),
                1
            );
        }
    }

    #[test]
    fn planted_every_published_fault_of_the_reaper_decides_otherwise() {
        let faulty = |fault| Reaper::new(HALF_AN_HOUR).with_fault(Some(fault));
        let (session, evidence) = idle("turn.started A; turn.completed A completed");
        let tasks = Evidence {
            background_tasks: 1,
            ..evidence
        };
        let reaped = |decision| matches!(decision, Decision::Reap(_));
        assert!(reaped(faulty(Fault::S2_01).decide(
            &session,
            &tasks,
            at(60)
        )));
        assert!(!reaped(decide(&session, &tasks, at(60))));
        assert!(!reaped(faulty(Fault::L1_06).decide(
            &session,
            &evidence,
            at(60)
        )));
        assert!(reaped(decide(&session, &evidence, at(60))));

        let Decision::Reap(permit) = faulty(Fault::S2_13).decide(&session, &evidence, at(60))
        else {
            panic!("kept")
        };
        let session = session.apply(story::event("turn.started B")).session;
        assert!(session.reap(permit, &evidence.clock).is_ok());
    }
}
