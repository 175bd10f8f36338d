//! `codex exec --json`.

use session_lifecycle::Status::{Error, Ready, Running, Stopped};
use session_lifecycle::providers::{CodexExecReader, DEFAULT_THREAD};

use crate::harness::{self, Told};

const THREAD: &str = "0199-exec";

#[track_caller]
fn fixture(name: &str) -> Told {
    harness::fixture(&mut CodexExecReader::default(), "codex-exec", name)
}

#[test]
fn a_plain_run_completes_its_turn_and_exits() {
    let told = fixture("plain-turn.ended");
    assert_eq!(told.shows(), (Stopped, None));
    assert_eq!(
        told.settled(THREAD, "turn-1").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn turns_have_no_ids_and_are_numbered_and_an_end_without_a_turn_ends_none() {
    let told = fixture("no-ids");
    assert_eq!(
        told.settled(THREAD, "turn-1").unwrap(),
        "completed (reported)"
    );
    assert_eq!(
        told.settled(THREAD, "turn-2").unwrap(),
        "completed (reported)"
    );
    assert!(
        told.lines
            .last()
            .unwrap()
            .contains("ends a turn without naming it")
    );
}

#[test]
fn a_failed_turn_fails_with_its_message() {
    assert_eq!(fixture("failed").shows(), (Error, None));
}

#[test]
fn an_error_line_that_work_follows_was_a_warning() {
    let told = fixture("reconnecting");
    assert_eq!(told.shows(), (Ready, None));
    assert!(told.lines.iter().all(|line| !line.contains("RuntimeError")));
}

#[test]
fn an_error_line_that_the_end_of_the_process_follows_was_fatal() {
    let told = fixture("fatal-error.ended");
    assert_eq!(told.settled(THREAD, "turn-1").unwrap(), "failed (reported)");
    assert_eq!(told.shows(), (Stopped, None));
}

#[test]
fn an_error_line_that_work_followed_is_not_what_killed_the_process() {
    let told = fixture("reconnected-and-killed.ended");
    assert_eq!(
        told.settled(THREAD, "turn-1").unwrap(),
        "interrupted (inferred)"
    );
}

#[test]
fn the_stream_has_no_end_event_so_that_without_the_hosts_word_the_session_stays_ready() {
    assert_eq!(fixture("no-end").shows(), (Ready, None));
}

#[test]
fn an_exit_in_a_turn_is_no_proof_of_success_whatever_the_exit_code() {
    let told = fixture("exit-in-a-turn.ended");
    assert_eq!(
        told.settled(THREAD, "turn-1").unwrap(),
        "interrupted (inferred)"
    );
}

#[test]
fn items_that_are_abandoned_or_closed_late_are_work_and_end_nothing() {
    let told = fixture("abandoned-items");
    assert!(
        told.lines
            .last()
            .unwrap()
            .contains("WorkObserved { turn: None } -> ready")
    );
}

#[test]
fn newer_types_are_tolerated() {
    let told = fixture("newer-types");
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn an_announcement_that_comes_again_ends_nothing() {
    let told = fixture("doubled-start");
    assert_eq!(
        told.settled(THREAD, "turn-1").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn another_thread_is_another_process_and_the_open_turn_went_with_the_first() {
    let told = fixture("second-thread");
    assert_eq!(
        told.settled(THREAD, "turn-1").unwrap(),
        "interrupted (inferred)"
    );
    assert!(told.lines[2].contains("bad: missing_thread: threadId is 5"));
    let other = told.projection.session("0199-other");
    assert_eq!(other.last_error.as_deref(), Some("boom"));
}

#[test]
fn a_run_that_goes_on_with_the_thread_of_a_dead_one_begins_a_turn_of_its_own() {
    let told = fixture("resumed");
    assert_eq!(
        told.settled(THREAD, "turn-1").unwrap(),
        "unreported (inferred)"
    );
    assert_eq!(
        told.settled(THREAD, "turn-2").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn a_turn_that_starts_over_an_open_one_settles_that_without_a_word_on_how() {
    let told = fixture("lost-end");
    assert_eq!(
        told.settled(THREAD, "turn-1").unwrap(),
        "unreported (inferred)"
    );
    assert_eq!(
        told.settled(THREAD, "turn-2").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn a_stream_that_names_no_thread_has_the_default_one() {
    let told = fixture("nameless.ended");
    assert_eq!(told.projection.session(DEFAULT_THREAD).status, Stopped);
    assert_eq!(told.shows(), (Stopped, None));
}

#[test]
fn bad_lines_are_named_and_the_rest_is_read() {
    assert_eq!(fixture("bad").shows(), (Running, Some("turn-1".to_owned())));
}
