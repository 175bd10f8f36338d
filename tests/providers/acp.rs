//! Agent Client Protocol.

use session_lifecycle::Status::{Error, Idle, Ready, Running, Stopped};
use session_lifecycle::providers::AcpReader;

use crate::harness::{self, Told, turn};

const SESSION: &str = "sess-1";

#[track_caller]
fn fixture(name: &str) -> Told {
    harness::fixture(&mut AcpReader::default(), "acp", name)
}

#[test]
fn a_prompt_is_a_turn_and_its_answer_completes_it() {
    let told = fixture("plain-turn");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn an_opened_session_is_started_ready_and_has_its_thread() {
    let told = fixture("plain-turn");
    let opened: Vec<_> = told
        .lines
        .iter()
        .filter(|line| line.starts_with("4 "))
        .collect();
    assert_eq!(opened.len(), 3, "{opened:#?}");
}

#[test]
fn every_stop_reason_completes_the_turn_but_cancelled() {
    let told = fixture("stop-reasons");
    let settled = |at: usize| told.settled(SESSION, &format!("turn-{at}")).unwrap();
    for at in [1, 2, 3, 5] {
        assert_eq!(settled(at), "completed (reported)", "turn-{at}");
    }
    assert_eq!(settled(4), "interrupted (reported)");
}

#[test]
fn a_session_that_is_loaded_is_called_as_the_request_called_it() {
    let told = fixture("load");
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn a_session_that_is_not_loaded_has_not_started() {
    assert_eq!(fixture("load-refused").shows(), (Idle, None));
}

#[test]
fn a_prompt_that_is_answered_with_an_error_fails_its_turn() {
    let told = fixture("prompt-refused");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "failed (reported)"
    );
    assert_eq!(
        told.settled(SESSION, "turn-2").unwrap(),
        "interrupted (reported)"
    );
}

#[test]
fn an_empty_prompt_that_is_refused_leaves_no_turn_open() {
    assert_eq!(fixture("empty-prompt").shows(), (Error, None));
}

#[test]
fn an_answer_to_the_agent_is_not_taken_for_the_answer_to_the_prompt_of_the_same_id() {
    let told = fixture("permission");
    assert!(
        told.lines[6..]
            .iter()
            .any(|line| line.contains("answer WorkObserved"))
    );
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn a_cancel_settles_permissions_first_and_only_the_answer_ends_the_turn() {
    let told = fixture("cancel");
    let cancel = told
        .lines
        .iter()
        .find(|line| line.contains("session/cancel"))
        .unwrap();
    assert!(cancel.contains("Noticed -> running turn-1"), "{cancel}");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "interrupted (reported)"
    );
}

#[test]
fn a_cancel_that_is_reported_as_the_end_of_the_turn_stands_as_reported() {
    let told = fixture("cancel-reported-as-end");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn an_update_after_the_answer_is_work_and_begins_no_turn() {
    let told = fixture("late-update");
    assert!(
        told.lines
            .last()
            .unwrap()
            .contains("WorkObserved { turn: None } -> ready")
    );
}

#[test]
fn a_stop_reason_of_the_turn_before_ends_the_next_and_the_second_answer_ends_nothing() {
    let told = fixture("shifted-answer");
    assert_eq!(
        told.settled(SESSION, "turn-2").unwrap(),
        "interrupted (reported)"
    );
    assert_eq!(told.lines.last().unwrap(), "10 passed over: Aside");
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn a_prompt_that_is_never_answered_stays_open() {
    assert_eq!(fixture("never-answered").shows(), (Running, turn("turn-1")));
}

#[test]
fn an_agent_whose_output_closes_before_the_answer_has_exited() {
    let told = fixture("stdout-closes.ended");
    assert_eq!(told.shows(), (Stopped, None));
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "interrupted (inferred)"
    );
}

#[test]
fn an_answered_turn_is_not_active_any_more_when_the_next_prompt_is_sent() {
    assert_eq!(
        fixture("answered-and-gone").shows(),
        (Running, turn("turn-2"))
    );
}

#[test]
fn files_and_terminals_are_work_and_their_answers_end_no_turn() {
    let told = fixture("files");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn in_version_2_states_begin_and_end_turns_and_a_repeated_idle_ends_none() {
    let told = fixture("version-2");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
    assert_eq!(
        told.settled(SESSION, "turn-2").unwrap(),
        "interrupted (reported)"
    );
    assert_eq!(told.settled(SESSION, "turn-3"), None);
}

#[test]
fn in_version_2_an_agent_that_waits_unprompted_has_begun_a_turn_and_its_idle_ends_it() {
    let told = fixture("version-2-unprompted");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn a_second_prompt_under_an_open_one_is_refused_and_each_answer_ends_its_own() {
    let told = fixture("two-prompts");
    assert!(told.lines.iter().any(|line| line.contains("rejected")));
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "interrupted (reported)"
    );
    assert_eq!(
        told.settled(SESSION, "turn-2").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn a_record_calls_the_thread_and_may_hold_a_method_beside_its_parameters() {
    let told = fixture("log");
    assert_eq!(
        told.settled("th-1", "turn-1").unwrap(),
        "completed (reported)"
    );
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn a_stop_reason_that_is_no_text_is_a_bad_line_and_the_turn_goes_on_until_there_is_one() {
    let told = fixture("odd-reasons");
    let unknown = ["4", "5", "6", "7"].map(|line| (line, "unknown_result"));
    assert_eq!(told.bad(), unknown);
    let of_the_thread = "the turn result 7 of thread sess-1 is not known";
    assert!(
        told.lines.iter().any(|line| line.ends_with(of_the_thread)),
        "{:#?}",
        told.lines
    );
    assert_eq!(
        told.settled("sess-1", "turn-1").unwrap(),
        "completed (reported)"
    );
}

#[test]
fn a_log_that_keeps_requests_with_their_fate_is_read_and_its_copies_of_the_wire_are_passed_over() {
    let told = fixture("log-requests");
    assert_eq!(told.bad(), []);
    assert_eq!(
        told.settled("th-1", "turn-1").unwrap(),
        "interrupted (reported)"
    );
    assert_eq!(told.settled("th-1", "turn-2").unwrap(), "failed (reported)");
    assert_eq!(
        told.projection.session("th-1").last_error.as_deref(),
        Some("AcpRequestError: Internal error")
    );
    assert_eq!(told.shows(), (Error, None));
}

#[test]
fn bad_lines_are_named_and_unknown_methods_and_updates_are_tolerated() {
    assert_eq!(fixture("bad").shows(), (Ready, None));
}

#[cfg(feature = "acp-schema")]
#[test]
fn on_well_formed_messages_the_official_types_and_the_tolerant_reader_agree() {
    use session_lifecycle::providers::acp::{read_message, read_strictly};

    let session = r#""sessionId":"sess-1""#;
    let update = |update: &str| {
        format!(
            r#"{{"jsonrpc":"2.0","method":"session/update","params":{{{session},"update":{update}}}}}"#
        )
    };
    let request = |method: &str, params: &str| {
        format!(r#"{{"jsonrpc":"2.0","id":7,"method":"{method}","params":{{{params}}}}}"#)
    };
    let answer = |result: &str| format!(r#"{{"jsonrpc":"2.0","id":"a-7","result":{result}}}"#);
    let with = |more: &str| format!("{session},{more}");
    let text = r#"{"type":"text","text":"x"}"#;
    let messages = [
        request("initialize", r#""protocolVersion":1"#),
        request("session/new", r#""cwd":"/p","mcpServers":[]"#),
        request("session/load", &with(r#""cwd":"/p","mcpServers":[]"#)),
        request("session/resume", &with(r#""cwd":"/p","mcpServers":[]"#)),
        request("session/prompt", &with(&format!(r#""prompt":[{text}]"#))),
        request("session/set_mode", &with(r#""modeId":"ask""#)),
        request(
            "session/request_permission",
            &with(r#""toolCall":{"toolCallId":"c"},"options":[]"#),
        ),
        request("fs/read_text_file", &with(r#""path":"/p/a""#)),
        request(
            "fs/write_text_file",
            &with(r#""path":"/p/a","content":"x""#),
        ),
        request("terminal/create", &with(r#""command":"ls""#)),
        format!(r#"{{"jsonrpc":"2.0","method":"session/cancel","params":{{{session}}}}}"#),
        update(&format!(
            r#"{{"sessionUpdate":"agent_message_chunk","content":{text}}}"#
        )),
        update(&format!(
            r#"{{"sessionUpdate":"user_message_chunk","content":{text}}}"#
        )),
        update(&format!(
            r#"{{"sessionUpdate":"agent_thought_chunk","content":{text}}}"#
        )),
        update(r#"{"sessionUpdate":"tool_call","toolCallId":"c","title":"t"}"#),
        update(r#"{"sessionUpdate":"tool_call_update","toolCallId":"c"}"#),
        update(r#"{"sessionUpdate":"plan","entries":[]}"#),
        update(r#"{"sessionUpdate":"available_commands_update","availableCommands":[]}"#),
        update(r#"{"sessionUpdate":"current_mode_update","currentModeId":"ask"}"#),
        update(r#"{"sessionUpdate":"config_option_update","configOptions":[]}"#),
        update(r#"{"sessionUpdate":"session_info_update"}"#),
        update(r#"{"sessionUpdate":"usage_update","used":1,"size":2}"#),
        answer(r#"{"stopReason":"end_turn"}"#),
        answer(r#"{"stopReason":"max_tokens"}"#),
        answer(r#"{"stopReason":"max_turn_requests"}"#),
        answer(r#"{"stopReason":"refusal"}"#),
        answer(r#"{"stopReason":"cancelled"}"#),
        answer(r#"{"sessionId":"sess-1"}"#),
        answer(r#"{"outcome":{"outcome":"cancelled"}}"#),
        answer(r#"{"outcome":{"outcome":"selected","optionId":"allow"}}"#),
        r#"{"jsonrpc":"2.0","id":3,"error":{"code":-32603,"message":"no"}}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":3,"error":{"code":-32800,"message":"cancelled"}}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":"3","error":{"code":-32800,"message":"cancelled"}}"#.to_owned(),
    ];
    for message in messages {
        let strict = read_strictly(&message).unwrap_or_else(|why| panic!("{message}: {why}"));
        let tolerant = read_message(message.as_bytes()).unwrap().unwrap();
        assert_eq!(strict, tolerant, "{message}");
    }
}

#[cfg(feature = "acp-schema")]
#[test]
fn what_the_official_types_refuse_is_read_all_the_same() {
    use session_lifecycle::providers::acp::{
        AcpAnswer, AcpMessage, JsonRpcId, Stop, read_message, read_strictly,
    };

    let line = r#"{"jsonrpc":"2.0","id":7,"method":"session/prompt","params":{"sessionId":"s"}}"#;
    assert!(read_strictly(line).is_err());
    let prompt = AcpMessage::Prompt {
        id: JsonRpcId::Number("7".into()),
        session: Some("s".into()),
    };
    assert_eq!(read_message(line.as_bytes()), Ok(Some(prompt)));

    let line = r#"{"jsonrpc":"2.0","id":7,"result":{"stopReason":"bored"}}"#;
    let other = AcpMessage::Answer {
        id: JsonRpcId::Number("7".into()),
        answer: AcpAnswer::Other,
    };
    assert_eq!(read_strictly(line), Ok(other));
    let ended = AcpMessage::Answer {
        id: JsonRpcId::Number("7".into()),
        answer: AcpAnswer::Stopped(Stop::Ended),
    };
    assert_eq!(read_message(line.as_bytes()), Ok(Some(ended)));
}

#[test]
fn two_prompts_whose_ids_are_a_number_and_a_text_of_the_same_digits_are_two_turns() {
    let told = fixture("number-and-text");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
    assert_eq!(
        told.settled(SESSION, "turn-2").unwrap(),
        "interrupted (reported)"
    );
    assert_eq!(told.shows(), (Ready, None));
}

#[test]
fn a_prompt_that_is_sent_twice_is_one_turn() {
    let told = fixture("doubled-prompt");
    assert_eq!(
        told.settled(SESSION, "turn-1").unwrap(),
        "completed (reported)"
    );
    assert_eq!(told.shows(), (Ready, None));
    assert_eq!(told.lines.last().unwrap(), "6 passed over: Aside");
}

#[test]
fn a_state_that_nobody_knows_and_a_session_that_is_no_text_are_named() {
    let told = fixture("bad-values");
    assert_eq!(
        told.bad(),
        [
            ("3", "unknown_state"),
            ("4", "missing_state"),
            ("5", "missing_thread"),
            ("8", "missing_thread"),
        ]
    );
}
