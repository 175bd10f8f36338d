//! Codex app-server.

use session_lifecycle::Status::{Error, Ready, Running, Starting, Stopped};
use session_lifecycle::providers::CodexReader;

use crate::harness::{self, Told, told, turn};

const THREAD: &str = "0199-thread";

#[track_caller]
fn fixture(name: &str) -> Told {
    harness::fixture(&mut CodexReader::default(), "codex", name)
}

#[test]
fn a_plain_turn_runs_and_completes_and_its_idle_changes_nothing() {
    let told = fixture("plain-turn");
    assert_eq!(told.shows(), (Ready, None));
    assert_eq!(told.settled(THREAD, "u1").unwrap(), "completed (reported)");
}

#[test]
fn an_event_carries_the_time_of_its_envelope_as_hosts_write_times() {
    let told = fixture("plain-turn");
    let session = told.projection.session(THREAD);
    let updated_at = session.updated_at.as_deref();
    assert_eq!(updated_at, Some("2026-01-21T12:53:20.000Z"));
}

#[test]
fn a_time_that_is_a_text_stands_as_it_is_and_what_is_neither_a_text_nor_a_count_is_none() {
    let started = r#"{"method":"thread/started","params":{"thread":{"id":"th-1"}},"#;
    for (emitted, updated_at) in [
        (
            r#""createdAt":"2026-05-28T09:30:00Z""#,
            Some("2026-05-28T09:30:00Z"),
        ),
        (
            r#""createdAt":1779960600125"#,
            Some("2026-05-28T09:30:00.125Z"),
        ),
        (r#""emittedAtMs":0"#, Some("1970-01-01T00:00:00.000Z")),
        (r#""emittedAtMs":true"#, None),
        (r#""emittedAtMs":99999999999999999999"#, None),
    ] {
        let told = told(
            &mut CodexReader::default(),
            &format!("{started}{emitted}}}"),
        );
        let session = told.projection.session("th-1");
        assert_eq!(session.updated_at.as_deref(), updated_at, "{emitted}");
    }
}

#[test]
fn the_hosts_own_session_events_are_read_from_its_records() {
    assert_eq!(fixture("own-events").shows(), (Stopped, None));
}

#[test]
fn of_a_log_only_the_native_records_are_read() {
    assert_eq!(fixture("log").shows(), (Stopped, None));
}

#[test]
fn a_record_may_stand_inside_another_as_those_of_other_providers_do() {
    let told = fixture("log-wrapped");
    assert_eq!(told.bad(), []);
    assert_eq!(told.settled("th-1", "u1").unwrap(), "completed (reported)");
    assert!(told.lines[4].contains("RuntimeError"), "{}", told.lines[4]);
    assert_eq!(told.shows(), (Stopped, None));
}

#[test]
fn a_completion_that_is_lost_leaves_the_turn_running_for_idle_proves_nothing() {
    assert_eq!(fixture("lost-completion").shows(), (Running, turn("u1")));
}

#[test]
fn an_answer_that_names_a_turn_begins_none() {
    let told = fixture("phantom-turn");
    assert_eq!(told.shows(), (Ready, None));
    assert_eq!(told.settled(THREAD, "u2"), None);
}

#[test]
fn an_answer_may_hold_nothing_or_be_to_nobody_and_a_record_without_a_method_is_none() {
    let told = fixture("answers");
    assert_eq!(told.bad(), [("5", "missing_type")]);
}

#[test]
fn an_exit_in_a_turn_settles_it_by_inference_for_no_completion_comes() {
    let told = fixture("exit-in-a-turn");
    assert_eq!(told.shows(), (Stopped, None));
    assert_eq!(
        told.settled("th-1", "u1").unwrap(),
        "interrupted (inferred)"
    );
}

#[test]
fn a_completion_that_a_strict_schema_refuses_ends_its_turn_all_the_same() {
    let told = fixture("schema-breaker");
    assert_eq!(told.shows(), (Ready, None));
    for id in ["u1", "u2", "u3"] {
        assert_eq!(told.settled(THREAD, id).unwrap(), "completed (reported)");
    }
}

#[test]
fn a_failed_turn_ends_though_no_idle_follows() {
    assert_eq!(fixture("failed-turn-without-idle").shows(), (Error, None));
}

#[test]
fn an_idle_that_comes_while_the_turn_works_does_not_end_it() {
    let told = fixture("early-idle");
    assert!(told.lines[2].contains("-> running u1"), "{}", told.lines[2]);
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn a_system_error_names_no_turn_and_fails_the_open_one_by_inference() {
    let told = fixture("system-error");
    assert_eq!(told.shows(), (Error, None));
    assert_eq!(told.settled(THREAD, "u1").unwrap(), "failed (inferred)");
}

#[test]
fn a_stored_turn_that_a_resume_tells_as_in_progress_does_not_run() {
    assert_eq!(fixture("resume-replays").shows(), (Ready, None));
}

#[test]
fn a_stored_turn_that_a_read_tells_as_interrupted_runs_on() {
    assert_eq!(
        fixture("read-shows-interrupted").shows(),
        (Running, turn("u1"))
    );
}

#[test]
fn a_request_that_is_resolved_twice_is_work_twice_and_nothing_else() {
    let told = fixture("resolved-twice");
    let resolved = told
        .lines
        .iter()
        .filter(|line| line.contains("WorkObserved"));
    assert_eq!(resolved.count(), 3);
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn an_error_that_will_be_retried_is_a_warning_and_one_that_will_not_fails_the_turn() {
    let told = fixture("errors");
    assert!(
        told.lines[2].contains("Noticed -> running u1"),
        "{}",
        told.lines[2]
    );
    assert!(
        told.lines[3].contains("-> error \"stream lost\""),
        "{}",
        told.lines[3]
    );
    assert!(told.lines[4].contains("ignored"), "{}", told.lines[4]);
}

#[test]
fn of_what_the_process_mutters_only_a_lost_websocket_is_an_error() {
    let told = fixture("stderr");
    assert!(told.lines[1].contains("Noticed"), "{}", told.lines[1]);
    assert!(
        told.lines[2].contains("-> running u1 \"ERROR Failed"),
        "{}",
        told.lines[2]
    );
    assert_eq!(told.shows(), (Error, None));
}

#[test]
fn a_sandbox_that_is_set_up_in_the_middle_of_a_turn_does_not_end_it() {
    let told = fixture("sandbox");
    assert!(told.lines[1].contains("-> ready"), "{}", told.lines[1]);
    assert!(told.lines[3].contains("-> running u1"), "{}", told.lines[3]);
    assert!(
        told.lines[4].contains("-> running u1 \"no rights\""),
        "{}",
        told.lines[4]
    );
    assert_eq!(told.shows(), (Error, None));
}

#[test]
fn of_the_states_of_a_thread_only_closed_and_system_error_matter() {
    let told = fixture("threads");
    assert!(told.lines[7].contains("ThreadStateChanged(Active) -> running u1"));
    assert_eq!(told.shows(), (Stopped, None));
    assert_eq!(
        told.settled(THREAD, "u1").unwrap(),
        "interrupted (inferred)"
    );
}

#[test]
fn a_childs_threads_and_turns_do_not_touch_the_session_of_the_record() {
    let told = fixture("child-thread");
    assert_eq!(told.shows(), (Ready, None));
    assert_eq!(told.settled("th-1", "c1"), None);
}

#[test]
fn a_child_on_the_bare_wire_is_a_thread_of_its_own() {
    let told = fixture("child-thread-bare");
    assert_eq!(told.projection.session(THREAD).status, Running);
    assert_eq!(told.projection.session("child").status, Stopped);
}

#[test]
fn an_interruption_ends_in_a_completion_or_in_an_abort() {
    let told = fixture("interrupted");
    assert_eq!(
        told.settled(THREAD, "u1").unwrap(),
        "interrupted (reported)"
    );
    assert_eq!(
        told.settled(THREAD, "u2").unwrap(),
        "interrupted (reported)"
    );
}

#[test]
fn unknown_methods_are_noticed_and_bad_lines_are_named_and_the_rest_is_read() {
    assert_eq!(fixture("unknown-and-bad").shows(), (Running, turn("u1")));
}

#[test]
fn an_event_without_a_thread_belongs_to_the_only_one_and_to_none_of_two() {
    let told = fixture("no-thread");
    assert!(told.lines[0].ends_with("bad: missing_thread: threadId is missing"));
    assert!(told.lines[3].contains("-> running u1"), "{}", told.lines[3]);
    assert!(told.lines[5].ends_with("bad: missing_thread: threadId is missing"));
}

#[test]
fn the_end_of_the_stream_is_an_exit_though_the_last_event_was_lost() {
    let told = fixture("killed.ended");
    assert_eq!(told.shows(), (Stopped, None));
    assert_eq!(
        told.settled(THREAD, "u1").unwrap(),
        "interrupted (inferred)"
    );
}

#[test]
fn every_request_for_approval_is_work() {
    for method in [
        "item/commandExecution/requestApproval",
        "item/fileChange/requestApproval",
        "item/tool/requestUserInput",
        "applyPatchApproval",
        "execCommandApproval",
        "hook/started",
        "thread/realtime/outputAudio/delta",
    ] {
        let line = format!(r#"{{"id":1,"method":"{method}","params":{{"threadId":"t"}}}}"#);
        let told = told(&mut CodexReader::default(), &line);
        assert!(
            told.lines[0].contains("WorkObserved { turn: None }"),
            "{method}"
        );
    }
}

#[test]
fn connecting_shows_as_starting() {
    let line = r#"{"kind":"session","method":"session/connecting","threadId":"t"}"#;
    assert_eq!(
        told(&mut CodexReader::default(), line).shows(),
        (Starting, None)
    );
}

#[test]
fn values_of_another_kind_are_named_and_what_a_client_asks_before_there_is_a_thread_is_passed_over()
{
    let told = fixture("bad-values");
    for asked in &told.lines[..3] {
        assert!(asked.ends_with("passed over: Aside"), "{asked}");
    }
    assert_eq!(
        told.bad(),
        [
            ("6", "unknown_result"),
            ("7", "unknown_state"),
            ("8", "missing_thread"),
        ]
    );
    assert_eq!(told.shows(), (Ready, None));
}
