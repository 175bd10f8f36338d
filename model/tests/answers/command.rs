//! The binary as a child process.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs the binary, away from any terminal.
pub(crate) fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_session-lifecycle"))
        .args(arguments)
        .output()
        .unwrap()
}

pub(crate) fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

pub(crate) fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// A file of a test's own; the name must be its own too.
pub(crate) fn file(name: &str, content: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("answers");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    path
}

/// A log of one thread whose host stores a session of this status and turn.
pub(crate) fn stored(status: &str) -> String {
    format!(
        "{{\"type\":\"thread.session-set\",\"aggregateId\":\"th\",\"occurredAt\":\"2026-05-28T10:00:00.000Z\",\"payload\":{{\"threadId\":\"th\",\
         \"session\":{{\"threadId\":\"th\",\"status\":\"{status}\",\"activeTurnId\":\"A\",\"lastError\":null,\"updatedAt\":\"2026-05-28T10:00:00.000Z\"}}}}}}\n"
    )
}
