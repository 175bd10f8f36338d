//! `audit` as a command.

use crate::command::{file, run, stderr, stdout, stored};

#[test]
fn audit_ends_with_zero_without_findings_one_with_them_and_two_where_something_could_not_be_read() {
    let cases = [
        ("nothing", stored("running"), 0),
        ("hint", stored("error"), 0),
        ("finding", stored("ready"), 1),
        ("bad", "nonsense\n".to_owned(), 2),
        ("both", stored("ready") + "nonsense\n", 2),
    ];
    for (name, content, code) in cases {
        let path = file(&format!("exit-{name}.log"), &content);
        let output = run(&["audit", path.to_str().unwrap()]);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{name}: {}",
            stdout(&output)
        );
    }
    assert_eq!(
        run(&["audit", "/nowhere/at/all.log"]).status.code(),
        Some(2)
    );
    assert_eq!(run(&["audit"]).status.code(), Some(2));
}

#[test]
fn the_stream_of_a_provider_is_answered_with_the_command_that_reads_it() {
    let audit = |content: &str| {
        let path = file("stranger.ndjson", content);
        stderr(&run(&["audit", path.to_str().unwrap()])).to_owned()
    };
    let stranger = "{\"method\":\"turn/started\",\"params\":{}}\n";
    assert!(audit(stranger).ends_with("are for `replay --from`\n"));
    let bad = "{\"type\":\"turn.started\"}\n";
    let told = audit(&format!("{}{bad}", stored("ready")));
    assert!(told.contains("stranger.ndjson:"), "{told}");
    assert!(!told.contains("replay"), "{told}");
    assert_eq!(audit(""), "");
}

#[test]
fn the_help_of_audit_says_what_hints_and_bad_lines_do_to_the_exit_code() {
    let output = run(&["audit", "--help"]);
    let help = stdout(&output);
    assert!(help.contains("hints alone count as nothing"), "{help}");
    assert!(help.contains("This outranks 1"), "{help}");
}

#[test]
fn text_is_grouped_by_file_and_thread_ends_with_a_summary_and_has_no_colour_in_a_pipe() {
    let path = file("grouped.log", &stored("ready"));
    let output = run(&["audit", path.to_str().unwrap()]);
    let text = stdout(&output);
    let expected = format!(
        "{}\n  thread th\n    finding S1  line 1: the host stored a session that is ready and points at turn A\n",
        path.display()
    );
    assert!(text.starts_with(&expected), "{text}");
    assert!(
        text.ends_with("1 finding, 0 hints in 1 file, 1 line, 0 events, 1 thread\n"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'));
    assert_eq!(stderr(&output), "");
}

#[test]
fn the_bad_line_of_a_log_is_named_on_standard_error_and_the_answer_is_whole_otherwise() {
    let path = file("named.log", &format!("{{\"type\":\n{}", stored("ready")));
    let output = run(&["audit", "--format", "json", path.to_str().unwrap()]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["findings"][0]["line"], 2);
    assert_eq!(answer["invalid"], 1);
    assert!(
        stderr(&output).contains("named.log:1: the line is cut off"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_log_comes_through_standard_input_as_well() {
    let path = file("piped.log", &stored("ready"));
    let child = std::process::Command::new(env!("CARGO_BIN_EXE_session-lifecycle"))
        .args(["audit", "-"])
        .stdin(std::fs::File::open(path).unwrap())
        .output()
        .unwrap();
    assert_eq!(child.status.code(), Some(1));
    assert!(
        stdout(&child).starts_with("-\n  thread th\n"),
        "{}",
        stdout(&child)
    );
}

#[test]
fn a_name_in_a_log_cannot_steer_the_terminal() {
    let path = file(
        "escape.log",
        &stored("ready").replace("\"A\"", "\"\\u001b[2J\""),
    );
    let output = run(&["audit", path.to_str().unwrap()]);
    assert!(!stdout(&output).contains('\u{1b}'), "{}", stdout(&output));
}

/// A log in which a turn ends, and a database that goes on for hours and still shows it.
pub(crate) fn pair(name: &str) -> (String, String) {
    let turn = |kind: &str, minute: u32| {
        format!(
            "{{\"type\":\"{kind}\",\"threadId\":\"th\",\"turnId\":\"A\",\"createdAt\":\"2026-05-28T10:{minute:02}:00.000Z\",\"payload\":{{\"state\":\"completed\"}}}}\n"
        )
    };
    let log = file(
        &format!("{name}.log"),
        &(turn("turn.started", 1) + &turn("turn.completed", 2)),
    );
    let database = file(&format!("{name}.sqlite"), "");
    std::fs::remove_file(&database).unwrap();
    rusqlite::Connection::open(&database)
        .unwrap()
        .execute_batch(
            "CREATE TABLE projection_thread_sessions (thread_id TEXT PRIMARY KEY, status TEXT, active_turn_id TEXT, updated_at TEXT);
             INSERT INTO projection_thread_sessions VALUES ('th', 'running', 'A', '2026-05-28T10:01:00.000Z');
             INSERT INTO projection_thread_sessions VALUES ('other', 'ready', NULL, '2026-05-28T12:00:00.000Z');",
        )
        .unwrap();
    let text = |path: std::path::PathBuf| path.to_str().unwrap().to_owned();
    (text(log), text(database))
}

/// The binary, told this on its standard input.
fn told(arguments: &[&str], input: &str) -> std::process::Output {
    let path = file(&format!("told-{}.ndjson", arguments.join("-")), input);
    std::process::Command::new(env!("CARGO_BIN_EXE_session-lifecycle"))
        .args(arguments)
        .stdin(std::fs::File::open(path).unwrap())
        .output()
        .unwrap()
}

#[test]
fn rows_records_and_merge_give_the_answer_of_one_audit_of_the_log_and_its_database() {
    let (log, database) = pair("parts");
    let whole = run(&["audit", "--format", "json", &log, &database]);
    assert_eq!(whole.status.code(), Some(1));

    let rows = file("parts-rows.ndjson", "");
    let rows = rows.to_str().unwrap();
    let ask = ["audit", "--rows", rows, "--format", "json", &log, &database];
    let databases = file("parts-databases.json", stdout(&run(&ask)));
    let mut records = std::fs::read_to_string(rows).unwrap();
    assert_eq!(records.lines().count(), 2);
    let text = std::fs::read_to_string(&log).unwrap();
    for (number, text) in (0..).zip(std::iter::once(None).chain(text.lines().map(Some))) {
        let record =
            serde_json::json!({"set":0,"order":0,"gaps":0,"file":log,"line":number,"text":text});
        records += &format!("{record}\n");
    }
    let part = told(&["audit", "--records", "--format", "json"], &records);
    assert_eq!(part.status.code(), Some(1), "{}", stderr(&part));
    let part = file("parts-logs.json", stdout(&part));

    let parts = [&databases, &part].map(|path| path.to_str().unwrap());
    let merge = [&["audit", "--merge", "--format", "json"][..], &parts].concat();
    let merged = run(&merge);
    assert_eq!(stdout(&merged), stdout(&whole));
    assert_eq!(merged.status.code(), Some(1));

    let piped = std::process::Command::new(env!("CARGO_BIN_EXE_session-lifecycle"))
        .args(["audit", "--merge", "--format", "json", parts[0], "-"])
        .stdin(std::fs::File::open(&part).unwrap())
        .output()
        .unwrap();
    assert_eq!(stdout(&piped), stdout(&whole), "{}", stderr(&piped));
}

#[test]
fn an_audit_says_how_many_lines_it_only_skimmed_and_its_help_what_that_means() {
    let turn = r#"{"type":"turn.started","threadId":"th","turnId":"A"}"#;
    let broken = r#"{"type":"content.delta","threadId":"th","payload":{"text":nonsense}}"#;
    let path = file("skimmed.log", &format!("{turn}\n{broken}\n"));
    let path = path.to_str().unwrap();
    let quick = run(&["audit", path]);
    assert_eq!(quick.status.code(), Some(0));
    assert!(
        stdout(&quick).ends_with("1 line only skimmed, not validated (--strict does)\n"),
        "{}",
        stdout(&quick)
    );
    let strict = run(&["audit", "--strict", path]);
    assert_eq!(strict.status.code(), Some(2));
    assert!(
        stderr(&strict).contains("skimmed.log:2: "),
        "{}",
        stderr(&strict)
    );
    assert!(
        !stdout(&strict).contains("skimmed, not"),
        "{}",
        stdout(&strict)
    );
    let help = run(&["audit", "--help"]);
    let help = stdout(&help)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(
        help.contains("What is broken within such a line, and whether a NTIVE or ORCH line is cut off, is not seen."),
        "{help}"
    );
}

/// `UPDATE=1` writes the table anew.
#[test]
fn the_document_lists_every_check_as_the_code_has_it() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/audit.md");
    let document = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = document.split_once("<!-- checks -->\n").unwrap();
    let (table, after) = rest.split_once("<!-- end -->\n").unwrap();
    let expected = session_lifecycle_model::audit::table_of_checks();
    if std::env::var_os("UPDATE").is_some() {
        let updated = format!("{before}<!-- checks -->\n{expected}<!-- end -->\n{after}");
        std::fs::write(&path, updated).unwrap();
    } else {
        assert_eq!(table, expected);
    }
}

#[test]
fn a_file_that_is_not_there_is_named_and_ends_with_2_however_it_is_asked_for() {
    for how in ["--files", "--merge", "--strict"] {
        let asked = run(&["audit", how, "gone.log"]);
        assert_eq!(asked.status.code(), Some(2), "{how}");
        assert!(!stdout(&asked).contains("gone.log"), "{how}");
        assert!(
            stderr(&asked).contains("gone.log"),
            "{how}: {}",
            stderr(&asked)
        );
    }
}

/// Whether it is cut short while a window of it is looked at is a matter of luck: it is tried until it was.
#[test]
#[cfg(target_os = "linux")]
fn a_large_log_that_is_cut_short_while_it_is_audited_is_named_and_is_no_pass() {
    let line = format!(
        "{}\n",
        r#"{"type":"turn.started","threadId":"th","turnId":"t","payload":{}}"#
    );
    let log = line.repeat((72 << 20) / line.len());
    for attempt in 0..200 {
        let path = file("large.log", &log);
        let child = std::process::Command::new(env!("CARGO_BIN_EXE_session-lifecycle"))
            .args(["audit", "--threads", ["1", "2"][attempt % 2]])
            .arg(&path)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(5 + attempt as u64 % 20));
        std::fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_len(100)
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{told}");
        if told.contains("was cut short") {
            let name = path.display();
            let sentence = format!(
                "{name}: was cut short while it was audited, so that nothing is known of any input; audit it again\n"
            );
            assert_eq!(told, sentence);
            assert!(output.stdout.is_empty());
            std::fs::remove_file(path).unwrap();
            return;
        }
    }
    panic!("it was never cut short in time");
}
