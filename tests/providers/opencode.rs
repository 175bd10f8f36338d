//! OpenCode server.

use session_lifecycle::Status::{Error, Idle, Interrupted, Ready, Running, Stopped};
use session_lifecycle::providers::OpenCodeReader;
use session_lifecycle::stream::{ProviderReader, StreamEnd};

use crate::harness::{self, Told, told, turn};

const SESSION: &str = "ses_1";

#[track_caller]
fn fixture(name: &str) -> Told {
    harness::fixture(&mut OpenCodeReader::default(), "opencode", name)
}

#[test]
fn busy_begins_a_turn_and_idle_completes_it_and_session_idle_is_ignored() {
    let told = fixture("plain-turn");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
    assert!(
        told.lines
            .last()
            .unwrap()
            .contains("session.idle Noticed -> ready")
    );
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn a_created_session_is_started_and_has_its_thread() {
    let told = fixture("plain-turn");
    assert!(
        told.lines[1].contains("SessionStarted"),
        "{}",
        told.lines[1]
    );
    assert!(told.lines[2].contains("ThreadStarted"), "{}", told.lines[2]);
}

#[test]
fn a_retry_is_a_warning_and_the_turn_goes_on() {
    let told = fixture("retry");
    assert!(
        told.lines[3].contains("Noticed -> running turn-1"),
        "{}",
        told.lines[3]
    );
    assert_eq!(told.settled(SESSION, "turn-2"), None);
}

#[test]
fn an_idle_that_comes_again_ends_nothing() {
    let told = fixture("idle-twice");
    assert_eq!(
        told.lines
            .iter()
            .filter(|line| line.contains("TurnCompleted"))
            .count(),
        1
    );
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn a_message_after_the_idle_begins_no_turn() {
    let told = fixture("late-message");
    assert!(
        told.lines
            .last()
            .unwrap()
            .contains("WorkObserved { turn: None } -> ready")
    );
}

#[test]
fn an_idle_of_the_turn_before_ends_the_open_turn_and_the_next_busy_begins_another() {
    let told = fixture("idle-of-the-turn-before");
    for id in ["turn-1", "turn-2", "turn-3"] {
        assert_eq!(told.settled(SESSION, id).unwrap(), "completed (reported)");
    }
}

#[test]
fn a_finished_message_without_an_idle_ends_no_turn() {
    assert_eq!(fixture("no-idle").shows(), (Running, turn("turn-1")));
}

#[test]
fn an_error_fails_the_open_turn_and_then_the_session_and_the_idle_after_it_ends_nothing() {
    let told = fixture("error");
    assert!(told.lines[3].contains("TurnCompleted"), "{}", told.lines[3]);
    assert!(
        told.lines[4].contains("RuntimeError { turn: None"),
        "{}",
        told.lines[4]
    );
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "failed (reported)"
    );
    assert_eq!(told.shows(), (Error, None));
}

#[test]
fn an_error_without_a_session_belongs_to_the_only_one_and_to_none_of_two() {
    let told = fixture("error-without-session");
    assert_eq!(told.lines[0], "1 passed over: Aside");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "failed (reported)"
    );
    assert_eq!(told.lines.last().unwrap(), "6 passed over: Aside");
}

#[test]
fn a_stream_is_attached_with_the_first_state_and_a_state_that_nobody_knows_is_named() {
    let told = fixture("attached-late");
    assert!(told.lines[1].contains("SessionStarted -> ready"));
    assert!(told.lines[4].contains("bad: missing_thread: threadId is 5"));
    assert!(told.lines[5].contains("bad: unknown_state: the session state 7"));
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn an_abort_interrupts_the_turn_whatever_number_of_idles_follows() {
    let told = fixture("abort");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "interrupted (reported)"
    );
    assert_eq!(told.shows(), (Interrupted, None));
}

#[test]
fn permissions_and_questions_are_work_and_a_rejection_too() {
    let told = fixture("questions");
    let work = told
        .lines
        .iter()
        .filter(|line| line.contains("WorkObserved { turn: Some"));
    assert_eq!(work.count(), 5);
}

#[test]
fn newer_types_and_types_with_a_version_are_read() {
    let told = fixture("newer-types");
    assert!(
        told.lines[3].contains("prompted.1 Noticed"),
        "{}",
        told.lines[3]
    );
    assert!(told.lines[6].contains("-> ready"), "{}", told.lines[6]);
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn an_empty_status_map_is_not_taken_for_the_end_of_a_turn() {
    let told = fixture("empty-status-map");
    assert!(
        told.lines[3].contains("bad: missing_type"),
        "{}",
        told.lines[3]
    );
    assert!(
        told.lines[4].contains("bad: missing_state"),
        "{}",
        told.lines[4]
    );
    assert_eq!(told.shows(), (Running, turn("turn-1")));
}

#[test]
fn a_stream_that_ends_cleanly_says_nothing_of_the_sessions() {
    assert_eq!(
        fixture("stream-ends.ended").shows(),
        (Running, turn("turn-1"))
    );
}

#[test]
fn a_child_session_is_a_thread_of_its_own() {
    let told = fixture("children");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
    assert_eq!(
        told.settled("ses_child", "turn-2").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn server_sent_events_and_the_global_stream_are_unwrapped() {
    let told = fixture("server-sent");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn a_turn_that_a_record_names_keeps_its_name() {
    let told = fixture("log");
    assert_eq!(
        told.settled("th-1", "opencode-turn-7").unwrap(),
        "completed (reported)"
    );
    assert_eq!(
        told.settled("th-1", "opencode-turn-8").unwrap(),
        "completed (reported)"
    );
    assert_eq!(told.shows(), (Running, turn("turn-1")));
}

#[test]
fn bad_lines_are_named_and_the_rest_is_read() {
    assert_eq!(fixture("bad").projection.session(SESSION).status, Ready);
}

#[test]
fn a_server_that_dies_fails_and_stops_every_session() {
    let mut reader = OpenCodeReader::default();
    let text = r#"{"type":"session.status","properties":{"sessionID":"a","status":"busy"}}"#;
    let mut told = told(&mut reader, text);
    told.fold("end", &reader.end(StreamEnd::Failed("exit 137")));
    assert_eq!(told.shows(), (Stopped, None));
    let session = told.projection.session("a");
    assert_eq!(session.last_error.as_deref(), Some("exit 137"));
}

#[test]
fn a_session_of_a_server_that_died_starts_again_when_the_next_one_tells_of_it() {
    let mut reader = OpenCodeReader::default();
    let busy = r#"{"type":"session.status","properties":{"sessionID":"a","status":"busy"}}"#;
    let mut told = told(&mut reader, busy);
    told.fold("end", &reader.end(StreamEnd::Failed("exit 137")));
    told.read(&mut reader, 2, busy.as_bytes());
    assert_eq!(told.shows(), (Running, turn("turn-2")));
}

#[test]
fn nothing_is_known_of_a_session_before_its_first_word() {
    let told = told(
        &mut OpenCodeReader::default(),
        r#"{"type":"server.connected","properties":{}}"#,
    );
    assert_eq!(told.projection.session(SESSION).status, Idle);
    assert!(told.projection.is_empty());
}
