//! What an event costs in memory: nothing, unless an id settles for the first time or a message is stored.
//!
//! A session that carries a fault pays for the switch, so the promise is made, and tested, without the feature.
#![cfg(not(feature = "faults"))]

mod scene;
mod story;

use allocation_counter::measure;
use scene::after;
use session_lifecycle::{AnySession, Event};

/// How often memory is asked for while the event is folded into the session. The event is there already, and what is
/// left of both is given back outside the count.
fn allocations(session: AnySession, event: Event) -> u64 {
    let mut left = None;
    let counted = measure(|| left = Some(session.apply(event)));
    drop(left);
    counted.count_total
}

#[track_caller]
fn costs(given: &str, event: &str, expected: u64) {
    let found = allocations(after(given), story::event(event));
    assert_eq!(found, expected, "{given}; {event}");
}

#[test]
fn a_new_session_allocates_nothing() {
    let counted = measure(|| {
        std::hint::black_box(AnySession::new());
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn a_turn_that_starts_allocates_nothing() {
    costs("", "turn.started A", 0);
    costs("session.state.changed starting", "turn.started A", 0);
    costs(
        "turn.started A; turn.completed A completed",
        "turn.started B",
        0,
    );
}

#[test]
fn a_turn_that_settles_for_the_first_time_allocates_its_place_in_the_ledger() {
    for event in [
        "turn.completed A completed",
        "turn.completed A failed \"boom\"",
        "turn.aborted A",
        "runtime.error A \"boom\"",
        "session.state.changed ready",
        "session.state.changed interrupted",
        "session.exited",
        "thread.state.changed closed",
    ] {
        costs("turn.started A", event, 1);
    }
    // Recorded, though ignored.
    costs("turn.started B", "turn.completed A completed", 1);
    costs("session.exited", "turn.aborted A", 1);
}

#[test]
fn a_default_text_allocates_itself() {
    // A message is one word wide, so its text stands behind a second pointer.
    costs("session.started", "session.state.changed error", 2);
    costs("session.started", "runtime.error -", 2);
    costs("session.started", "thread.state.changed error", 2);
    costs("turn.started A", "turn.completed A failed", 3);
}

#[test]
fn a_message_that_came_with_the_event_is_moved_not_copied() {
    costs("session.started", "session.state.changed error \"boom\"", 0);
    costs("session.started", "runtime.error - \"boom\"", 0);
    costs("turn.started A", "runtime.error - \"boom\"", 0);
}

#[test]
fn a_settled_turn_allocates_nothing_whatever_arrives_of_it() {
    let reported = "turn.started A; turn.completed A completed";
    let inferred = "turn.started A; session.state.changed ready";
    for event in [
        "turn.started A",
        "turn.completed A completed",
        "turn.completed A failed \"boom\"",
        "turn.aborted A",
        "runtime.error A \"boom\"",
        "work.observed A",
    ] {
        costs(reported, event, 0);
        costs(inferred, event, 0);
    }
}

#[test]
fn every_other_event_allocates_nothing_in_any_state() {
    let settled = "turn.completed Z completed; session.state.changed error \"boom\"";
    let states = [
        "",
        "session.state.changed starting",
        "session.started",
        "turn.started -",
        "session.state.changed interrupted",
        "session.exited",
        "session.exited; session.state.changed interrupted",
        "session.exited; session.state.changed error",
    ];
    let events = [
        "session.started",
        "thread.started",
        "session.state.changed starting",
        "session.state.changed running",
        "session.state.changed waiting",
        "session.state.changed ready",
        "session.state.changed interrupted",
        "session.state.changed stopped",
        "session.state.changed error",
        "session.exited",
        "turn.started -",
        "turn.completed - completed",
        "turn.aborted -",
        "thread.state.changed active",
        "thread.state.changed idle",
        "thread.state.changed archived",
        "thread.state.changed compacted",
        "thread.state.changed closed",
        "work.observed -",
        "noticed",
    ];
    for state in states {
        for event in events {
            let mut given = format!("{settled}; {state}");
            if event.ends_with("error") {
                // With an error to keep, there is no default text to store.
                given.push_str("; runtime.error - \"boom\"");
            }
            costs(&given, event, 0);
        }
    }
    for event in events
        .iter()
        .filter(|event| !event.contains("changed") && !event.contains("exited"))
    {
        costs("turn.started A", event, 0);
    }
}

#[test]
fn refused_starts_allocate_nothing() {
    costs("turn.started A", "turn.started B", 0);
    costs("turn.started A", "turn.started A", 0);
    costs("session.exited", "turn.started A", 0);
    costs("turn.started A", "runtime.error B \"boom\"", 0);
}

#[test]
fn planted_an_allocation_is_counted() {
    let counted = measure(|| drop(std::hint::black_box(Box::new(1))));
    assert_eq!(counted.count_total, 1);
}
