//! A thread that outlives the connection: what its turns are called on the next one.

use session_lifecycle::providers::{AcpReader, ClaudeReader, CodexExecReader, OpenCodeReader};
use session_lifecycle::stream::{ProviderReader, StreamEnd};

use crate::harness::Told;

/// A session `s` that is there, and works off one turn.
const CODEX_EXEC: &str = r#"{"type":"thread.started","thread_id":"s"}
{"type":"turn.started"}
{"type":"turn.completed"}"#;
const CLAUDE: &str = r#"{"type":"system","subtype":"init","session_id":"s"}
{"type":"assistant","session_id":"s"}
{"type":"result","subtype":"success","session_id":"s"}"#;
const ACP: &str = r#"{"id":1,"method":"session/load","params":{"sessionId":"s"}}
{"id":1,"result":{}}
{"id":2,"method":"session/prompt","params":{"sessionId":"s"}}
{"id":2,"result":{"stopReason":"end_turn"}}"#;
const OPENCODE: &str = r#"{"type":"session.created","properties":{"sessionID":"s"}}
{"type":"session.status","properties":{"sessionID":"s","status":{"type":"busy"}}}
{"type":"session.status","properties":{"sessionID":"s","status":{"type":"idle"}}}"#;

/// Reads a connection to its end.
fn connect(told: &mut Told, reader: &mut dyn ProviderReader, stream: &str) {
    for (at, line) in stream.lines().enumerate() {
        told.read(reader, at + 1, line.as_bytes());
    }
    told.fold("end", &reader.end(StreamEnd::Failed("gone")));
}

#[track_caller]
fn has_worked_off(told: &Told, turns: [&str; 2]) {
    for turn in turns {
        assert_eq!(
            told.settled("s", turn).as_deref(),
            Some("completed (reported)"),
            "{turn}: {:#?}",
            told.lines
        );
    }
}

#[test]
fn a_reader_that_is_kept_counts_on() {
    let readers: [(Box<dyn ProviderReader>, &str); 4] = [
        (Box::new(CodexExecReader::default()), CODEX_EXEC),
        (Box::new(ClaudeReader::default()), CLAUDE),
        (Box::new(AcpReader::default()), ACP),
        (Box::new(OpenCodeReader::default()), OPENCODE),
    ];
    for (mut reader, stream) in readers {
        let mut told = Told::default();
        connect(&mut told, reader.as_mut(), stream);
        connect(&mut told, reader.as_mut(), stream);
        has_worked_off(&told, ["turn-1", "turn-2"]);
    }
}

#[test]
fn a_reader_with_a_prefix_of_its_own_begins_turns_that_no_session_knows() {
    let readers = |prefix: &str| -> [(Box<dyn ProviderReader>, &str); 4] {
        [
            (
                Box::new(CodexExecReader::default().with_turn_prefix(prefix)),
                CODEX_EXEC,
            ),
            (
                Box::new(ClaudeReader::default().with_turn_prefix(prefix)),
                CLAUDE,
            ),
            (Box::new(AcpReader::default().with_turn_prefix(prefix)), ACP),
            (
                Box::new(OpenCodeReader::default().with_turn_prefix(prefix)),
                OPENCODE,
            ),
        ]
    };
    for ((mut first, stream), (mut second, _)) in readers("a-").into_iter().zip(readers("b-")) {
        let mut told = Told::default();
        connect(&mut told, first.as_mut(), stream);
        connect(&mut told, second.as_mut(), stream);
        has_worked_off(&told, ["a-1", "b-1"]);
    }
}

#[test]
fn a_second_reader_without_one_tells_of_a_turn_that_the_session_knows_to_be_over() {
    let mut told = Told::default();
    connect(&mut told, &mut ClaudeReader::default(), CLAUDE);
    connect(&mut told, &mut ClaudeReader::default(), CLAUDE);
    let ignored = "ignored: turn turn-1 has settled as completed (reported)";
    assert!(
        told.lines.iter().any(|line| line.ends_with(ignored)),
        "{:#?}",
        told.lines
    );
}
