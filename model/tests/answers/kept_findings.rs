//! `audit --save-trace`: the events behind what was found, one file or a folder of them.

use std::fs;
use std::path::Path;

use serde_json::Value;
use session_lifecycle_model::trace::{KeptStep, Trace};

use crate::command::{file, run, stderr, stdout};
use crate::schema::{assert_valid, schema};
use crate::trace::all_agree;

/// Keeps the first finding; what the audit said, and the trace.
fn kept_of(paths: &[&str], name: &str) -> (String, Trace, String) {
    let path = file(name, "");
    fs::remove_file(&path).unwrap();
    let kept = path.to_str().unwrap().to_owned();
    let audited = run(&[&["audit", "--save-trace", &kept], paths].concat());
    assert_eq!(audited.status.code(), Some(1), "{}", stderr(&audited));
    let trace = Trace::read(&fs::read(&path).unwrap(), None).unwrap();
    (stderr(&audited).to_owned(), trace, kept)
}

fn actions(trace: &Trace) -> Vec<&str> {
    let action = |step: &'_ KeptStep| step.action.is_some();
    assert!(trace.steps.iter().all(action));
    trace
        .steps
        .iter()
        .filter_map(|step| step.action.as_deref())
        .collect()
}

#[test]
fn an_event_with_a_number_that_json_cannot_hold_is_kept_like_any_other() {
    let log = [
        r#"{"type":"turn.started","threadId":"th","turnId":"A"}"#,
        r#"{"type":"runtime.error","threadId":"th","turnId":"A","payload":{"message":"limit","detail":{"resetsAt":1e999}}}"#,
        r#"{"type":"turn.started","threadId":"th","turnId":"A"}"#,
    ];
    let path = file("odd-number.log", &(log.join("\n") + "\n"));
    let (_, trace, _) = kept_of(&[path.to_str().unwrap()], "odd-number.json");
    assert!(
        actions(&trace).contains(&"line 2: runtime.error"),
        "{trace:?}"
    );
    all_agree(&trace);
    let replayed = run(&["replay-trace", path.to_str().unwrap()]);
    assert_eq!(replayed.status.code(), Some(0), "{}", stderr(&replayed));
}

#[test]
fn audit_keeps_of_a_finding_the_events_that_it_needs_and_all_voices_agree_on_them() {
    let mut log = String::from("{\"type\":\"session.started\",\"threadId\":\"th\"}\n");
    for turn in ["A", "B", "C", "D", "E", "F"] {
        for kind in ["turn.started", "content.delta", "turn.completed"] {
            log += &format!("{{\"type\":\"{kind}\",\"threadId\":\"th\",\"turnId\":\"{turn}\"}}\n");
            log +=
                &format!("{{\"type\":\"{kind}\",\"threadId\":\"other\",\"turnId\":\"{turn}\"}}\n");
        }
    }
    log += "{\"type\":\"turn.started\",\"threadId\":\"th\",\"turnId\":\"E\"}\n{\"type\":\"turn.started\",\"threadId\":\"th\",\"turnId\":\"G\"}\n";
    let path = file("kept-finding.log", &log);
    let (told, trace, kept) = kept_of(&[path.to_str().unwrap()], "kept-finding.json");
    assert!(told.contains("line 38 of thread th is kept in "), "{told}");
    assert_eq!(trace.property.as_deref(), Some("S3"));
    let steps = actions(&trace);
    assert_eq!(steps.last(), Some(&"line 38: turn.started"));
    assert!((2..=3).contains(&steps.len()), "{steps:?}");
    all_agree(&trace);

    let replayed = run(&["replay-trace", &kept]);
    assert_eq!(replayed.status.code(), Some(0));
    assert!(
        stdout(&replayed).contains("The library, the model and the oracle agree throughout, on ")
    );
    let test = run(&["replay-trace", "--as-test", &kept]);
    assert!(
        stdout(&test).contains("fn kept_trace_s3() {")
            && stdout(&test).contains("TurnStarted { turn: Some(\"E\".into()) }"),
        "{}",
        stdout(&test)
    );
}

#[test]
fn audit_keeps_what_contradicts_a_row_and_says_where_there_is_nothing_to_keep() {
    let (log, database) = crate::audit::pair("kept-between");
    let (told, trace, _) = kept_of(&[&log, &database], "kept-between.json");
    assert!(told.contains("line 2 of thread th is kept in "), "{told}");
    assert_eq!(actions(&trace).last(), Some(&"line 2: turn.completed"));
    assert_eq!(trace.property.as_deref(), Some("S5"));
    all_agree(&trace);

    let path = file("kept-nothing.json", "");
    fs::remove_file(&path).unwrap();
    let alone = run(&["audit", "--save-trace", path.to_str().unwrap(), &database]);
    assert!(stderr(&alone).contains("there is no trace to keep: nothing was found in a log"));
    let stored = file("kept-stored.log", &crate::command::stored("ready"));
    let alone = run(&[
        "audit",
        "--save-trace",
        path.to_str().unwrap(),
        stored.to_str().unwrap(),
    ]);
    assert!(
        stderr(&alone).contains(
            "there is no trace to keep: there is no event of a provider before the finding"
        )
    );
    assert!(!path.exists());
}

/// A thread in which a settled turn comes back and one in which an inactive session has a turn, each twice; two sets of files.
fn many(name: &str) -> Vec<String> {
    let event = |kind: &str, thread: &str, turn: &str| {
        format!("{{\"type\":\"{kind}\",\"threadId\":\"{thread}\",\"turnId\":\"{turn}\"}}\n")
    };
    let mut first = String::new();
    for turn in ["A", "B"] {
        for thread in ["a", "b"] {
            first += &event("turn.started", thread, turn);
            first += &event("content.delta", thread, turn);
            first += &event("turn.completed", thread, turn);
        }
        first += &event("turn.started", "b", turn);
    }
    let second = event("turn.started", "th", "A") + &crate::command::stored("ready");
    ["one", "two"]
        .into_iter()
        .zip([first, second])
        .map(|(set, log)| file(&format!("{name}-{set}.log"), &log))
        .map(|path| path.to_str().unwrap().to_owned())
        .collect()
}

fn emptied(name: &str) -> std::path::PathBuf {
    let folder = file("folder.txt", "").with_file_name(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

#[test]
fn with_a_folder_each_finding_is_kept_and_the_answer_says_where_and_rows_have_no_trace() {
    let logs = many("kept-each");
    let (log, database) = crate::audit::pair("kept-each-pair");
    rusqlite::Connection::open(&database)
        .unwrap()
        .execute_batch("INSERT INTO projection_thread_sessions VALUES ('bad', 'ready', 'A', '2026-05-28T11:00:00.000Z');")
        .unwrap();
    let folder = emptied("kept-each");
    let asked = format!("{}/", folder.display());
    let mut arguments = vec!["audit", "--format", "json", "--save-trace", &asked];
    arguments.extend(logs.iter().map(String::as_str));
    arguments.extend([log.as_str(), database.as_str()]);
    let audited = run(&arguments);
    assert_eq!(audited.status.code(), Some(1), "{}", stderr(&audited));
    assert!(
        stderr(&audited).contains("4 traces are kept in ")
            && stderr(&audited)
                .contains("1 finding stands in a row of a database: no events lead to it"),
        "{}",
        stderr(&audited)
    );
    let answer: Value = serde_json::from_slice(&audited.stdout).unwrap();
    assert_valid(&schema("audit"), &answer);
    let findings = answer["findings"].as_array().unwrap();
    let mut kept = 0;
    for (number, finding) in (1..).zip(findings) {
        let is_kept = finding["severity"] == "finding" && finding["table"].is_null();
        assert_eq!(finding["trace"].is_string(), is_kept, "{finding}");
        let Some(path) = finding["trace"].as_str() else {
            continue;
        };
        kept += 1;
        let check = finding["check"].as_str().unwrap();
        assert!(
            path.ends_with(&format!("kept-each/{number:04}-{check}.json")),
            "{path}"
        );
        let trace = Trace::read(&fs::read(path).unwrap(), None).unwrap();
        all_agree(&trace);
        assert_eq!(trace.property.as_deref(), finding["property"].as_str());
        assert!(
            trace
                .sentence
                .unwrap()
                .ends_with(finding["message"].as_str().unwrap())
        );
        let last = trace.steps.last().unwrap().action.clone().unwrap();
        assert!(
            last.starts_with(&format!("line {}: ", finding["line"])),
            "{last}"
        );
        assert_eq!(run(&["replay-trace", path]).status.code(), Some(0));
        let test = run(&["replay-trace", "--as-test", path]);
        assert!(
            stdout(&test).contains("fn kept_trace_"),
            "{}",
            stdout(&test)
        );
    }
    assert_eq!((kept, fs::read_dir(&folder).unwrap().count()), (4, 4));
}

#[test]
fn a_finding_that_only_later_lines_make_one_is_kept_without_what_it_does_not_need() {
    let line = |kind: &str, turn: &str| {
        format!("{{\"type\":\"{kind}\",\"threadId\":\"th\",\"turnId\":\"{turn}\"}}\n")
    };
    let mut log = line("session.started", "");
    for turn in ["A", "B", "C"] {
        log += &(line("turn.started", turn) + &line("turn.completed", turn));
    }
    log += &line("turn.started", "D");
    log += "{\"type\":\"session.state.changed\",\"threadId\":\"th\",\"payload\":{\"state\":\"ready\"}}\n";
    log += &(line("turn.started", "E") + &line("turn.completed", "E"));
    let path = file("kept-later.log", &log);
    let (told, trace, _) = kept_of(&[path.to_str().unwrap()], "kept-later.json");
    assert!(told.contains("line 9 of thread th is kept in "), "{told}");
    assert_eq!(
        actions(&trace),
        ["line 8: turn.started", "line 9: session.state.changed"]
    );
}

#[test]
fn what_came_through_standard_input_cannot_be_kept_and_it_is_said_why() {
    let (one, two) = (many("kept-piped"), emptied("kept-piped"));
    let child = std::process::Command::new(env!("CARGO_BIN_EXE_session-lifecycle"))
        .args(["audit", "-", "--save-trace"])
        .arg(format!("{}/", two.display()))
        .stdin(fs::File::open(&one[1]).unwrap())
        .output()
        .unwrap();
    assert_eq!(child.status.code(), Some(1));
    let told = stderr(&child);
    assert_eq!(
        told,
        "-: line 2 of thread th has no trace: the log cannot be read once more: standard input is read but once\n"
    );
}

#[test]
fn the_text_names_the_trace_beneath_its_finding_and_a_folder_that_cannot_be_made_costs_no_answer() {
    let logs = many("kept-text");
    let folder = emptied("kept-text");
    fs::create_dir(&folder).unwrap();
    let audited = run(&["audit", "--save-trace", folder.to_str().unwrap(), &logs[1]]);
    let trace = Path::new(&folder).join("0002-inactive_with_turn.json");
    let expected = format!("\n                trace {}\n", trace.display());
    assert!(stdout(&audited).contains(&expected), "{}", stdout(&audited));

    let taken = format!("{}/", trace.display());
    let refused = run(&["audit", "--save-trace", &taken, &logs[1]]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("cannot write"),
        "{}",
        stderr(&refused)
    );
    let totals = |text: &str| text.lines().last().map(str::to_owned);
    assert_eq!(totals(stdout(&refused)), totals(stdout(&audited)));
}
