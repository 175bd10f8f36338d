//! `session-lifecycle replay --from` each provider, end to end.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

const PROVIDERS: [&str; 5] = ["codex", "codex-exec", "claude", "acp", "opencode"];

/// Exit code, rows, and what stood in standard error.
fn replay(provider: &str, fixture: &str, more: &[&str]) -> (i32, Vec<Value>, String) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/fixtures")
        .join(provider)
        .join(format!("{fixture}.ndjson"));
    assert!(file.exists(), "{}", file.display());
    let run = Command::new(env!("CARGO_BIN_EXE_session-lifecycle"))
        .args(["replay", "--from", provider, "--format", "ndjson"])
        .args(more)
        .arg(file)
        .output()
        .unwrap();
    let rows = String::from_utf8(run.stdout).unwrap();
    (
        run.status.code().unwrap(),
        rows.lines()
            .map(|row| serde_json::from_str(row).unwrap())
            .collect(),
        String::from_utf8(run.stderr).unwrap(),
    )
}

fn plain(provider: &str) -> &'static str {
    match provider {
        "codex-exec" | "claude" => "plain-turn.ended",
        _ => "plain-turn",
    }
}

#[test]
fn a_plain_turn_of_every_provider_ends_ready_without_a_turn_and_with_exit_code_0() {
    for provider in PROVIDERS {
        let (code, rows, counts) = replay(provider, plain(provider), &[]);
        assert_eq!(code, 0, "{provider}: {counts}");
        let last = rows.last().unwrap();
        assert_eq!(last["status"], "ready", "{provider}");
        assert_eq!(last["activeTurnId"], Value::Null, "{provider}");
        assert!(
            rows.iter().any(|row| row["status"] == "running"),
            "{provider}"
        );
        assert!(counts.contains("1 thread:"), "{provider}: {counts}");
    }
}

#[test]
fn the_end_of_a_process_stops_its_session_and_the_end_of_a_servers_stream_does_not() {
    for provider in PROVIDERS {
        let (_, rows, _) = replay(provider, plain(provider), &["--ended"]);
        let expected = if provider == "opencode" {
            "ready"
        } else {
            "stopped"
        };
        assert_eq!(rows.last().unwrap()["status"], expected, "{provider}");
    }
}

#[test]
fn a_line_that_tells_of_several_facts_shows_once_for_each() {
    let (_, rows, _) = replay("claude", "error-results", &[]);
    let lines: Vec<u64> = rows
        .iter()
        .map(|row| row["line"].as_u64().unwrap())
        .collect();
    assert_eq!(lines, [1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9]);
}

#[test]
fn bad_lines_of_a_provider_are_named_and_counted_and_end_with_exit_code_2() {
    let (code, rows, diagnostics) = replay("codex", "unknown-and-bad", &[]);
    assert_eq!(code, 2);
    assert!(
        diagnostics
            .contains("unknown-and-bad.ndjson:6: an event of thread 0199-thread has the turnId 7")
    );
    assert!(diagnostics.contains("7 invalid"), "{diagnostics}");
    assert_eq!(
        rows.iter()
            .filter(|row| row["outcome"] == "invalid")
            .count(),
        7
    );
    assert_eq!(rows.last().unwrap()["status"], "running");
}
