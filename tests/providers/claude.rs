//! Claude: stream-json and the messages of the Agent SDK.

use session_lifecycle::Status::{Error, Ready, Running, Stopped};
use session_lifecycle::providers::{ClaudeReader, DEFAULT_THREAD};
use session_lifecycle::stream::{ProviderReader, StreamEnd};

use crate::harness::{self, Told, told, turn};

const SESSION: &str = "5f2c-session";

#[track_caller]
fn fixture(name: &str) -> Told {
    harness::fixture(&mut ClaudeReader::default(), "claude", name)
}

#[test]
fn a_plain_turn_begins_with_the_first_word_and_ends_with_the_result() {
    let told = fixture("plain-turn.ended");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
    assert_eq!(told.shows(), (Stopped, None));
}

#[test]
fn an_init_comes_before_every_turn_and_starts_none() {
    let told = fixture("init-every-turn");
    assert!(
        told.lines[3].contains("Noticed -> ready"),
        "{}",
        told.lines[3]
    );
    assert_eq!(
        told.settled(SESSION, "turn-2").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn a_status_shows_as_running_with_a_turn_or_without_and_compacting_as_waiting() {
    let told = fixture("status");
    assert!(told.lines[1].contains("state: Running, reason: None } -> running,"));
    assert!(told.lines[3].contains("state: Waiting, reason: None } -> running turn-1,"));
    assert!(told.lines[4].contains("Compacted"));
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn the_words_that_no_answer_is_due_end_the_turn_and_begin_none() {
    let told = fixture("no-answer-due");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
    assert!(told.lines[3].contains("Noticed"), "{}", told.lines[3]);
    // A model that says the same is at work, and a note of another kind is no answer.
    assert!(told.lines[5].contains("-> running turn-2"));
    assert!(told.lines[6].contains("-> running turn-2"));
    assert_eq!(told.shows(), (Running, turn("turn-2")));
}

#[test]
fn a_status_after_the_result_does_not_set_the_session_running_again() {
    let told = fixture("status-after-result");
    assert!(told.lines[3].contains("-> ready"), "{}", told.lines[3]);
    assert!(told.lines[4].contains("-> ready"), "{}", told.lines[4]);
    assert!(told.lines[6].contains("-> running"), "{}", told.lines[6]);
    assert_eq!(told.shows(), (Running, turn("turn-2")));
}

#[test]
fn work_without_a_word_is_over_with_its_result_though_that_names_no_turn() {
    let told = fixture("compaction-without-words");
    assert!(told.lines[1].contains("-> running,"), "{}", told.lines[1]);
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn a_success_that_is_an_error_fails_the_turn() {
    let told = fixture("success-that-is-an-error");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "failed (reported)"
    );
    assert_eq!(told.shows(), (Error, None));
}

#[test]
fn an_error_result_that_speaks_of_an_interruption_or_a_cancel_interrupts_the_turn() {
    let told = fixture("interrupted");
    for id in ["turn-1", "turn-2", "turn-3"] {
        assert_eq!(told.settled(SESSION, id).unwrap(), "interrupted (reported)");
    }
}

#[test]
fn any_other_error_result_is_an_error_and_then_a_failed_turn() {
    let told = fixture("error-results");
    assert!(told.lines[2].contains("RuntimeError"), "{}", told.lines[2]);
    assert!(told.lines[3].contains("TurnCompleted"), "{}", told.lines[3]);
    assert!(
        told.lines[6].contains("\"boom; bang\""),
        "{}",
        told.lines[6]
    );
    assert_eq!(told.shows(), (Error, None));
}

#[test]
fn a_second_result_for_a_turn_names_no_turn_and_ends_none() {
    let told = fixture("two-results");
    assert!(
        told.lines
            .last()
            .unwrap()
            .contains("ends a turn without naming it")
    );
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn the_handshake_of_a_resume_does_not_end_the_turn_that_was_just_begun() {
    let told = fixture("resume-handshake");
    assert!(
        told.lines[3].contains("-> running turn-1"),
        "{}",
        told.lines[3]
    );
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn a_sub_agents_result_does_not_end_the_turn_of_the_main_agent() {
    let told = fixture("sub-agent");
    assert!(
        told.lines[3].contains("-> running turn-1"),
        "{}",
        told.lines[3]
    );
    assert_eq!(told.shows(), (Ready, None));
    assert_eq!(told.settled(SESSION, "turn-2"), None);
}

#[test]
fn a_sub_agents_result_without_a_mark_ends_the_turn_and_the_next_word_begins_another() {
    let told = fixture("sub-agent-unmarked");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
    assert_eq!(
        told.settled(SESSION, "turn-2").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn a_prompt_completes_the_open_turn_first_and_replays_and_hints_are_no_prompts() {
    let told = fixture("prompts");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
    assert_eq!(
        told.settled(SESSION, "turn-2").unwrap(),
        "completed (reported)"
    );
    assert_eq!(told.settled(SESSION, "turn-3"), None);
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn a_stream_that_ends_without_a_result_interrupts_the_open_turn_and_exits() {
    let told = fixture("no-result.ended");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "interrupted (reported)"
    );
    assert_eq!(told.shows(), (Stopped, None));
}

#[test]
fn a_process_that_hangs_after_its_result_is_ready() {
    assert_eq!(fixture("hangs-after-result").shows(), (Ready, None));
}

#[test]
fn background_work_after_the_result_is_work_and_begins_no_turn() {
    let told = fixture("background");
    assert_eq!(told.shows(), (Ready, None));
    assert!(
        told.lines
            .last()
            .unwrap()
            .contains("WorkObserved { turn: None }")
    );
}

#[test]
fn other_system_messages_are_noticed_even_an_idle_state() {
    let told = fixture("warnings");
    assert!(
        told.lines[2].contains("Noticed -> running turn-1"),
        "{}",
        told.lines[2]
    );
    assert_eq!(
        told.lines
            .iter()
            .filter(|line| line.contains("Noticed"))
            .count(),
        9
    );
}

#[test]
fn a_permission_is_work_and_no_waiting_state() {
    let told = fixture("permission");
    assert!(told.lines[2].contains("WorkObserved"), "{}", told.lines[2]);
    assert!(told.lines.iter().all(|line| !line.contains("Waiting")));
}

#[test]
fn a_session_that_is_replaced_emits_no_exit_and_the_other_is_a_thread_of_its_own() {
    let told = fixture("replaced");
    assert_eq!(told.projection.session(SESSION).status, Running);
    assert_eq!(told.projection.session("second").status, Ready);
}

#[test]
fn a_turn_that_a_record_names_keeps_its_name() {
    let told = fixture("log");
    assert_eq!(
        told.settled(SESSION, "client-1").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn a_record_that_names_another_turn_tells_of_a_prompt_that_the_log_does_not_keep() {
    let told = fixture("log-next-prompt");
    for id in ["client-1", "client-2", "turn-1"] {
        assert_eq!(told.settled(SESSION, id).unwrap(), "completed (reported)");
    }
    // Claude spoke before T3 had a name for the turn: it is one turn.
    assert_eq!(told.settled(SESSION, "client-3"), None);
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn bad_lines_are_named_and_half_a_character_does_no_harm() {
    assert_eq!(fixture("bad").shows(), (Running, turn("turn-1")));
}

#[test]
fn a_stream_that_fails_fails_the_open_turn_and_the_session_exits() {
    let mut reader = ClaudeReader::default();
    let mut told = told(&mut reader, r#"{"type":"assistant"}"#);
    told.fold("end", &reader.end(StreamEnd::Failed("broken pipe")));
    assert_eq!(
        told.settled(DEFAULT_THREAD, "turn-1").unwrap(),
        "failed (reported)"
    );
    assert_eq!(told.shows(), (Stopped, None));
    assert_eq!(
        told.lines.len(),
        4,
        "error, completion, exit: {:#?}",
        told.lines
    );
}

#[test]
fn a_session_that_has_exited_starts_again_with_the_init_of_the_next_process() {
    let run =
        "{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s\"}\n{\"type\":\"assistant\"}";
    let mut reader = ClaudeReader::default();
    let mut told = told(&mut reader, run);
    told.fold("end", &reader.end(StreamEnd::Closed));
    assert_eq!(told.shows(), (Stopped, None));
    for (at, line) in run.lines().enumerate() {
        told.read(&mut reader, at, line.as_bytes());
    }
    assert_eq!(told.shows(), (Running, turn("turn-2")));
}

#[test]
fn every_kind_of_error_result_fails_or_interrupts_and_never_completes() {
    for subtype in [
        "error_during_execution",
        "error_max_turns",
        "error_max_budget_usd",
        "error_max_structured_output_retries",
        "error_of_the_future",
    ] {
        let text = format!(
            "{{\"type\":\"assistant\"}}\n{{\"type\":\"result\",\"subtype\":\"{subtype}\"}}"
        );
        let told = told(&mut ClaudeReader::default(), &text);
        let how = told.settled(DEFAULT_THREAD, "turn-1").unwrap();
        assert_eq!(how, "failed (reported)", "{subtype}");
    }
}

#[test]
fn a_prompt_begins_a_turn_of_the_session_that_it_names_with_a_uuid_or_without() {
    let told = fixture("two-sessions");
    assert_eq!(
        told.settled("one", "turn-1").unwrap(),
        "completed (reported)"
    );
    let two = told.projection.session("two");
    assert_eq!(two.active_turn_id.as_ref().unwrap().as_str(), "turn-2");
}

#[test]
fn a_result_that_does_not_say_how_it_ended_reads_as_completed_and_one_of_another_kind_is_named() {
    let told = fixture("sparse-results");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
    assert!(told.lines[4].contains("bad: unknown_result: the turn result 7"));
    assert!(told.lines[5].contains("bad: missing_thread"));
    assert_eq!(
        told.settled(SESSION, "turn-2").unwrap(),
        "failed (reported)"
    );
    let session = told.projection.session(SESSION);
    assert_ne!(session.last_error.as_deref(), Some(""));
}
