//! `session-lifecycle replay`, end to end.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// Good lines, bad ones, a blank one, and records passed over.
const MIXED: &str = r#"{"type":"session.started","threadId":"th-1","createdAt":"2026-07-01T10:00:00.000Z"}
[2026-07-01T10:00:01.010Z] NTIVE: {"method":"turn/started"}
[2026-07-01T10:00:01.020Z] CANON: {"type":"turn.started","threadId":"th-1","turnId":"t1","createdAt":"2026-07-01T10:00:01.000Z"}

garbage
{"type":"turn.started","threadId":"th-1","turnId":"t2","createdAt":"2026-07-01T10:00:02.000Z"}
{"type":"item.updated","threadId":"th-1","turnId":"t1","createdAt":"2026-07-01T10:00:03.000Z"}
{"type":"session.state.changed","threadId":"th-1","payload":{"state":"asleep"}}
{"type":"turn.completed","threadId":"th-2"}
{"type":"turn.started","threadId":"th-3","turnId":5}
{"type":"turn.completed","threadId":"th-1","turnId":"t1","payload":{"state":"failed","errorMessage":"no balance"},"createdAt":"2026-07-01T10:00:04.000Z"}
{"type":"session.exited","threadId":"th-1"
"#;

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_session-lifecycle"));
    command.arg("replay").args(args).env_remove("NO_COLOR");
    command
}

/// Runs `replay` with a standard input.
fn replay(args: &[&str], input: &[u8]) -> Output {
    let mut child = command(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output().unwrap()
    })
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A file of this test's own.
fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).unwrap();
    path
}

#[test]
fn ndjson_shows_the_session_and_the_outcome_of_every_event_and_of_every_bad_line() {
    let run = replay(&["--from", "t3", "--format", "ndjson"], MIXED.as_bytes());
    let (at0, at1, at4) = (
        "2026-07-01T10:00:00.000Z",
        "2026-07-01T10:00:01.000Z",
        "2026-07-01T10:00:04.000Z",
    );
    let running = |line: u64, outcome: &str, reason: Option<&str>| {
        let mut row = json!({
            "line": line, "threadId": "th-1", "status": "running", "activeTurnId": "t1", "lastError": null,
            "updatedAt": at1, "outcome": outcome,
        });
        if let Some(reason) = reason {
            row["reason"] = reason.into();
        }
        row
    };
    let nothing = |line: u64, thread: Value, status: Value, outcome: &str, reason: &str| {
        json!({
            "line": line, "threadId": thread, "status": status, "activeTurnId": null, "lastError": null,
            "updatedAt": null, "outcome": outcome, "reason": reason,
        })
    };
    let expected = [
        json!({
            "line": 1, "threadId": "th-1", "status": "ready", "activeTurnId": null, "lastError": null,
            "updatedAt": at0, "outcome": "applied",
        }),
        running(3, "applied", None),
        nothing(5, Value::Null, Value::Null, "invalid", "not_json"),
        running(6, "rejected", Some("turn_conflict")),
        running(7, "untouched", None),
        running(8, "invalid", Some("unknown_state")),
        nothing(9, "th-2".into(), "idle".into(), "ignored", "no_turn_named"),
        nothing(10, "th-3".into(), "idle".into(), "invalid", "bad_turn_id"),
        json!({
            "line": 11, "threadId": "th-1", "status": "error", "activeTurnId": null, "lastError": "no balance",
            "updatedAt": at4, "outcome": "applied",
        }),
        nothing(12, Value::Null, Value::Null, "invalid", "cut_off"),
    ];
    let shown: Vec<Value> = text(&run.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(shown.len(), expected.len());
    for (shown, expected) in shown.iter().zip(&expected) {
        assert_eq!(shown, expected);
    }
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn ndjson_names_its_fields_in_one_order_and_leaves_out_a_reason_that_is_none() {
    let run = replay(&["--format", "ndjson"], MIXED.as_bytes());
    assert_eq!(
        text(&run.stdout).lines().next().unwrap(),
        r#"{"line":1,"threadId":"th-1","status":"ready","activeTurnId":null,"lastError":null,"updatedAt":"2026-07-01T10:00:00.000Z","outcome":"applied"}"#
    );
}

#[test]
fn each_bad_line_is_named_with_its_place_and_its_value_and_the_stream_is_summed_up() {
    let run = replay(&["-", "--format", "ndjson"], MIXED.as_bytes());
    assert_eq!(
        text(&run.stderr),
        "<stdin>:5: the line is not JSON from column 1 on: garbage\n\
         <stdin>:8: the session state \"asleep\" of thread th-1 is not known\n\
         <stdin>:10: an event of thread th-3 has the turnId 5, which names no turn\n\
         <stdin>:12: the line is cut off: {\"type\":\"session.exited\",\"threadId\":\"th-1\"\n\
         12 lines, 6 events, 3 threads: 3 applied, 1 ignored, 1 rejected, 1 untouched, 4 invalid; 1 passed over\n"
    );
}

#[test]
fn a_log_of_which_no_line_is_an_event_is_answered_with_the_forms_that_there_are() {
    let stranger = br#"{"method":"turn/started","params":{}}"#;
    for from in ["t3", "codex", "claude"] {
        let run = replay(&["--from", from], stranger);
        assert_eq!(run.status.code(), Some(2), "{from}");
        let hint = format!(
            "no line is an event as --from {from} reads them; \
             --from takes t3, codex, codex-exec, claude, acp, opencode\n"
        );
        let told = text(&run.stderr);
        assert!(told.ends_with(&hint), "{told}");
    }
    assert!(!text(&replay(&[], b"").stderr).contains("--from"));
    assert!(!text(&replay(&[], MIXED.as_bytes()).stderr).contains("--from"));
}

#[test]
fn text_shows_aligned_columns_with_the_outcome_as_a_sentence() {
    let path = file("mixed.log", MIXED.as_bytes());
    let run = command(&[path.to_str().unwrap()]).output().unwrap();
    assert_eq!(
        text(&run.stdout),
        "\
\x20line  thread        event                  status       turn          outcome
    1  th-1          session.started        ready        -             idle to ready (R1)
    3  th-1          turn.started           running      t1            ready to running, turn t1 began (R4)
    5  -             -                      -            -             invalid: the line is not JSON from column 1 on: garbage
    6  th-1          turn.started           running      t1            rejected: turn t2 cannot start while turn t1 is active
    7  th-1          item.updated           running      t1            untouched
    8  th-1          -                      running      t1            invalid: the session state \"asleep\" of thread th-1 is not known
    9  th-2          turn.completed         idle         -             ignored: the event ends a turn without naming it
   10  th-3          -                      idle         -             invalid: an event of thread th-3 has the turnId 5, which names no turn
   11  th-1          turn.completed         error        -             running to error, turn t1 settled as failed (reported) (R5)
   12  -             -                      -            -             invalid: the line is cut off: {\"type\":\"session.exited\",\"threadId\":\"th-1\"
"
    );
    let place = format!("{}:8: the session state", path.display());
    assert!(text(&run.stderr).contains(&place), "{}", text(&run.stderr));
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn text_spells_out_what_would_steer_a_terminal() {
    let line = r#"{"type":"turn.started","threadId":"\u001b[2J","turnId":"a\nb"}"#;
    let run = replay(&[], line.as_bytes());
    assert!(!text(&run.stdout).contains('\u{1b}'));
    assert_eq!(text(&run.stdout).lines().count(), 2);
    assert!(text(&run.stdout).contains("\\u{1b}[2J"));
}

#[test]
fn a_stream_without_a_bad_line_ends_with_0() {
    for input in [
        "",
        "\n\r\n",
        "{\"type\":\"unheard.of\",\"threadId\":\"x\"}\r\n",
    ] {
        let run = replay(&["--format", "ndjson"], input.as_bytes());
        assert_eq!(run.status.code(), Some(0), "{input:?}");
    }
}

#[test]
fn bytes_that_are_no_text_stop_neither_their_line_number_nor_the_rest() {
    let input = b"\xff\xfe\n\n{\"type\":\"session.exited\",\"threadId\":\"x\"}";
    let run = replay(&["--format", "ndjson"], input);
    let rows: Vec<Value> = text(&run.stdout)
        .lines()
        .map(|row| serde_json::from_str(row).unwrap())
        .collect();
    assert_eq!(rows[0]["reason"], "not_utf8");
    assert_eq!(
        (&rows[1]["line"], &rows[1]["status"]),
        (&json!(3), &json!("stopped"))
    );
    assert!(text(&run.stderr).starts_with("<stdin>:1: the line is not UTF-8 from byte 1 on\n"));
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn input_that_cannot_be_read_is_named_with_the_reason_and_ends_with_2() {
    let directory = env!("CARGO_TARGET_TMPDIR");
    for (path, why) in [("no/such.log", "No such file"), (directory, "directory")] {
        let run = command(&[path]).output().unwrap();
        assert_eq!(run.status.code(), Some(2));
        let told = text(&run.stderr);
        assert!(told.contains(&format!("cannot read {path}: ")), "{told}");
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn wrong_usage_ends_with_2() {
    for args in [&["--from", "morse"][..], &["--format", "xml"], &["a", "b"]] {
        assert_eq!(
            command(args).output().unwrap().status.code(),
            Some(2),
            "{args:?}"
        );
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let line = "{\"type\":\"turn.started\",\"threadId\":\"x\",\"turnId\":\"t1\"}\n";
    let path = file("long.log", line.repeat(50_000).as_bytes());
    let mut child = command(&[path.to_str().unwrap(), "--format", "ndjson"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(first.starts_with("{\"line\":1,"));
    let mut told = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut told)
        .unwrap();
    assert_eq!(told, "");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_stream_that_pauses_has_been_answered_as_far_as_it_came() {
    let mut child = command(&["--format", "ndjson"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    // Read elsewhere: an answer that never comes must fail this test, not hang it.
    let (answer, answers) = mpsc::channel();
    let reader =
        thread::spawn(move || output.lines().try_for_each(|row| answer.send(row.unwrap())));
    for turn in ["t1", "t2"] {
        writeln!(
            input,
            "{{\"type\":\"turn.started\",\"threadId\":\"{turn}\",\"turnId\":\"{turn}\"}}"
        )
        .unwrap();
        let row = answers.recv_timeout(Duration::from_secs(20)).unwrap();
        let row: Value = serde_json::from_str(&row).unwrap();
        assert_eq!(row["activeTurnId"], turn);
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    reader.join().unwrap().unwrap();
}

#[test]
fn every_public_sequence_replays_as_its_fixture_says() {
    let sequences = include_str!("../../tests/fixtures/t3/sequences.ndjson");
    let mut input = String::new();
    let mut expected = Vec::new();
    for sequence in sequences.lines() {
        let sequence: Value = serde_json::from_str(sequence).unwrap();
        // A replay begins with nothing known: where the seed is at rest and clean, an announcement leads there.
        if sequence["seed"] != json!({"status": "ready", "activeTurnId": null, "lastError": null}) {
            continue;
        }
        let announced = json!({"type": "session.started", "threadId": sequence["id"]});
        input.push_str(&format!("{announced}\n"));
        expected.push(Value::Null);
        for step in sequence["steps"].as_array().unwrap() {
            input.push_str(&format!("{}\n", step["event"]));
            expected.push(step.clone());
        }
    }
    let run = replay(&["--format", "ndjson"], input.as_bytes());
    let rows: Vec<Value> = text(&run.stdout)
        .lines()
        .map(|row| serde_json::from_str(row).unwrap())
        .collect();
    assert_eq!(rows.len(), expected.len());
    assert!(rows.len() > 200, "{}", rows.len());
    for (row, expected) in rows
        .iter()
        .zip(&expected)
        .filter(|(_, step)| !step.is_null())
    {
        for field in [
            "status",
            "activeTurnId",
            "lastError",
            "updatedAt",
            "outcome",
            "reason",
        ] {
            assert_eq!(row[field], expected[field], "{field} of {expected}");
        }
    }
    assert_eq!(run.status.code(), Some(0));
}

#[test]
fn a_compressed_log_is_read_as_it_is_from_a_file_and_from_standard_input() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(MIXED.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let plain = replay(&["--format", "ndjson"], MIXED.as_bytes());
    let piped = replay(&["--format", "ndjson", "-"], &gzip);
    assert_eq!(plain.stdout, piped.stdout);
    assert!(!plain.stdout.is_empty());

    let path =
        std::env::temp_dir().join(format!("session-lifecycle-{}.log.gz", std::process::id()));
    fs::write(&path, &gzip).unwrap();
    let read = replay(&["--format", "ndjson", path.to_str().unwrap()], b"");
    fs::remove_file(&path).unwrap();
    assert_eq!(plain.stdout, read.stdout);
}
