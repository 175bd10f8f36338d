//! What the T3 reader makes of a line: three ages of the schema, the log form, and lines that are none.

#![cfg(feature = "t3")]

use session_lifecycle::t3::{BadLine, Line, PassedOver, Wrong, read_bytes, read_line};
use session_lifecycle::{Event, TurnId, TurnResult};

fn described(line: &str) -> String {
    match read_line(line) {
        Ok(Line::Event(event)) => format!("{}: {:?}", event.thread_id, event.event),
        Ok(Line::PassedOver(why)) => format!("passed over: {why:?}"),
        Ok(Line::Blank) => "blank".to_owned(),
        Err(bad) => format!("bad: {bad}"),
    }
}

fn event(line: &str) -> Event {
    match read_line(line) {
        Ok(Line::Event(event)) => event.event,
        other => panic!("{line}: {other:?}"),
    }
}

/// Holds lines that were read against the snapshot beside their log.
#[track_caller]
fn assert_read(name: &str, read: &[String]) {
    insta::with_settings!({
        snapshot_path => "fixtures/t3",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, read.join("\n"));
    });
}

#[test]
fn every_age_of_the_schema_is_read_bare_and_with_a_label() {
    let lines = include_str!("fixtures/t3/ages.log").lines();
    let read: Vec<String> = lines.map(described).collect();
    assert_eq!(read.len(), 40);
    assert_read("ages", &read);
}

#[test]
fn every_bad_line_is_named_with_its_thread_its_code_and_its_value() {
    let lines = include_str!("fixtures/t3/bad-lines.log").lines();
    let bad = lines.map(|line| {
        let bad = read_line(line).expect_err(line);
        let thread = bad.thread_id.as_deref().unwrap_or("-");
        format!("{thread}\t{}\t{bad}", bad.code())
    });
    let read: Vec<String> = bad.collect();
    assert_eq!(read.len(), 36);
    assert_read("bad-lines", &read);
}

#[test]
fn a_line_may_begin_with_a_byte_order_mark_and_end_as_files_of_windows_do() {
    let line = "{\"type\":\"session.exited\",\"threadId\":\"th-1\"}";
    for line in [
        format!("\u{feff}{line}\r\n"),
        format!("\u{feff}[2026-05-28T10:00:00.000Z] CANON: {line}\r"),
        format!(" \t{line} \r"),
    ] {
        assert_eq!(event(&line), Event::SessionExited, "{line:?}");
    }
    assert_eq!(read_line("\u{feff}\r\n"), Ok(Line::Blank));
}

#[test]
fn an_event_keeps_its_type_its_thread_and_its_time_as_the_line_spells_them() {
    let line = r#"[2026-05-28T10:00:00.000Z] CANON: {"type":"item.updated","threadId":" Th ","createdAt":"yesterday"}"#;
    let Ok(Line::Event(event)) = read_line(line) else {
        panic!("{line}");
    };
    assert_eq!(event.event_type, "item.updated");
    assert_eq!(event.thread_id, " Th ");
    assert_eq!(event.created_at.as_deref(), Some("yesterday"));
}

#[test]
fn every_turn_result_of_the_schema_is_read_and_cancelled_reads_as_interrupted() {
    for (word, result) in [
        ("completed", TurnResult::Completed),
        ("failed", TurnResult::Failed),
        ("interrupted", TurnResult::Interrupted),
        ("cancelled", TurnResult::Interrupted),
    ] {
        let expected = Event::TurnCompleted {
            turn: Some(TurnId::from("t1")),
            result,
            message: None,
        };
        for line in [
            format!(
                r#"{{"type":"turn.completed","threadId":"x","turnId":"t1","payload":{{"state":"{word}"}}}}"#
            ),
            format!(
                r#"{{"type":"turn.completed","threadId":"x","turnId":"t1","status":"{word}"}}"#
            ),
        ] {
            assert_eq!(event(&line), expected, "{line}");
        }
    }
}

#[test]
fn types_that_only_a_working_provider_sends_are_work_and_all_others_are_noticed() {
    let work = [
        "item.started",
        "item.updated",
        "item.completed",
        "content.delta",
        "turn.plan.updated",
        "turn.diff.updated",
        "turn.proposed.delta",
        "turn.proposed.completed",
        "request.opened",
        "request.resolved",
        "user-input.requested",
        "user-input.resolved",
        "task.started",
        "task.progress",
        "task.updated",
        "task.completed",
        "tool.progress",
        "tool.denied",
        "hook.started",
        "hook.progress",
        "hook.completed",
        "thread.realtime.audio.delta",
    ];
    for name in work {
        let line = format!(r#"{{"type":"{name}","threadId":"x","turnId":"t1"}}"#);
        let turn = Some(TurnId::from("t1"));
        assert_eq!(event(&line), Event::WorkObserved { turn }, "{name}");
    }
    let noticed = [
        "session.configured",
        "session.health",
        "runtime.warning",
        "account.updated",
        "mcp.status.updated",
        "model.rerouted",
        "config.warning",
        "thread.metadata.updated",
        "item",
        "items.started",
        "unheard.of",
        "turn.begun",
        "Session.Exited",
        " session.exited",
    ];
    for name in noticed {
        let line = format!(r#"{{"type":"{name}","threadId":"x","turnId":"t1"}}"#);
        assert_eq!(event(&line), Event::Noticed, "{name}");
    }
}

#[test]
fn a_record_with_either_mark_of_an_aggregate_is_none_of_the_projections_business() {
    // `thread.started` on a thread of its own would be an event, were it not for the one mark.
    for mark in [r#""aggregateKind":"thread""#, r#""aggregateId":"th-1""#] {
        let line = format!(r#"{{"type":"thread.started","threadId":"th-1",{mark}}}"#);
        assert_eq!(described(&line), "passed over: Orchestration", "{line}");
    }
}

#[test]
fn a_key_that_comes_twice_counts_as_its_last_value_be_it_null() {
    let line = r#"{"type":"turn.started","type":"turn.aborted","threadId":"x","turnId":"t1","turnId":null}"#;
    assert_eq!(event(line), Event::TurnAborted { turn: None });
    let line = r#"{"type":"session.exited","threadId":"x","threadId":null}"#;
    let missing = Wrong::MissingThread { value: None };
    assert_eq!(read_line(line), Err(BadLine::from(missing)));
}

#[test]
fn a_bad_payload_is_no_matter_to_an_event_that_reads_nothing_of_it() {
    for (name, expected) in [
        ("session.started", Event::SessionStarted),
        ("session.exited", Event::SessionExited),
        ("turn.started", Event::TurnStarted { turn: None }),
        (
            "runtime.error",
            Event::RuntimeError {
                turn: None,
                message: None,
            },
        ),
    ] {
        let line = format!(r#"{{"type":"{name}","threadId":"x","payload":[7]}}"#);
        assert_eq!(event(&line), expected, "{name}");
    }
}

#[test]
fn a_nest_deeper_than_any_parser_likes_does_no_harm_where_nobody_reads_it() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let line = format!(
        r#"{{"type":"session.exited","threadId":"x","raw":{deep},"payload":{{"a":{deep}}}}}"#
    );
    assert_eq!(event(&line), Event::SessionExited);
}

#[test]
fn bytes_that_are_no_text_are_named_by_their_column() {
    let bad = read_bytes(b"{\"type\":\"\xff\"}").unwrap_err();
    assert_eq!(bad.code(), "not_utf8");
    assert_eq!(bad.to_string(), "the line is not UTF-8 from byte 10 on");
    assert_eq!(bad.thread_id, None);
}

#[test]
fn bytes_that_end_in_the_middle_of_a_character_are_cut_off() {
    let bad = read_bytes(b"{\"type\":\"\xc3").unwrap_err();
    assert_eq!(bad.to_string(), "the line is cut off: {\"type\":\"");
}

#[test]
fn a_native_record_is_passed_over_whatever_its_bytes_are() {
    let line = b"[2026-05-28T10:00:00.000Z] NTIVE: {\"delta\":\"\xff\xfe\"}";
    assert_eq!(read_bytes(line), Ok(Line::PassedOver(PassedOver::Native)));
}

#[test]
fn a_value_that_would_steer_a_terminal_is_spelt_out() {
    let bad = read_line("\u{1b}[31mred").unwrap_err();
    assert_eq!(
        bad.to_string(),
        "the line is not JSON from column 1 on: \\u{1b}[31mred"
    );
}
