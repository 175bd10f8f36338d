//! Other tools, as whole processes.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::frame::{self, Contestant, Skipped};

const TYPES: [&str; 9] = [
    "session.started",
    "session.state.changed",
    "session.exited",
    "thread.started",
    "thread.state.changed",
    "turn.started",
    "turn.completed",
    "turn.aborted",
    "runtime.error",
];

fn contestant(name: &str, mut command: Command) -> Contestant<'static> {
    command.stdout(Stdio::null());
    let told = name.to_owned();
    Contestant::new(name, move || {
        frame::timed(|| {
            let status = command.status().expect("it is installed");
            assert!(status.success(), "{told}: {status}");
        })
    })
}

fn installed(name: &str, ask: &[&str]) -> Result<Command, Skipped> {
    let mut command = Command::new(name);
    let asked = command
        .args(ask)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if asked.status().is_ok_and(|status| status.success()) {
        Ok(Command::new(name))
    } else {
        Err(Skipped::because(format!(
            "{name} {} does not work",
            ask.join(" ")
        )))
    }
}

pub(crate) fn wc(path: &Path) -> Contestant<'static> {
    let mut command = Command::new("wc");
    command.arg("-l").arg(path);
    contestant("wc -l", command)
}

pub(crate) fn ripgrep(path: &Path) -> Result<Contestant<'static>, Skipped> {
    let mut command = installed("rg", &["--version"])?;
    command.args([
        "-c",
        "-a",
        "-F",
        "--no-config",
        "--threads",
        "1",
        "\"type\":\"turn.started\"",
    ]);
    command.arg(path);
    Ok(contestant("ripgrep", command))
}

pub(crate) fn duckdb(path: &Path) -> Result<Contestant<'static>, Skipped> {
    let mut command = installed("python3", &["-c", "import duckdb"])?;
    let types = TYPES.map(|kind| format!("'{kind}'")).join(",");
    let query = format!(
        "SELECT threadId, count(*) FROM read_json('{}', format = 'newline_delimited', \
         columns = {{type: 'VARCHAR', threadId: 'VARCHAR'}}) WHERE type IN ({types}) GROUP BY threadId ORDER BY threadId",
        path.display()
    );
    command.args(["-c", "import duckdb, sys\nduckdb.sql('SET threads = 1')\nassert duckdb.sql(sys.argv[1]).fetchall()"]);
    command.arg(query);
    Ok(contestant("DuckDB, one thread", command))
}

pub(crate) fn jq(path: &Path) -> Result<Contestant<'static>, Skipped> {
    let mut command = installed("jq", &["--version"])?;
    let types = TYPES.map(|kind| format!("{kind:?}:1")).join(",");
    command.args(["-n", "-r"]);
    // Counted at the end: an object that grows by `+= 1` is copied each time, and halves the speed of jq.
    command.arg(format!(
        "{{{types}}} as $types | [inputs | select($types[.type // \"\"]) | .threadId] | group_by(.) | map({{(.[0]): length}}) | add"
    ));
    command.arg(path);
    Ok(contestant("jq", command))
}

/// The peak of the memory of an audit, in MiB, as GNU time sees it.
pub(crate) fn peak(path: &Path) -> Result<f64, Skipped> {
    let mut command = installed("/usr/bin/time", &["-f", "%M", "true"])?;
    let output = command
        .args([
            "-f",
            "%M",
            env!("CARGO_BIN_EXE_session-lifecycle"),
            "audit",
            "--threads",
            "2",
        ])
        .arg(path)
        .output()
        .expect("it is installed");
    let told = String::from_utf8_lossy(&output.stderr);
    let kib = told
        .lines()
        .last()
        .and_then(|line| line.parse::<f64>().ok());
    kib.map(|kib| kib / 1024.0)
        .ok_or_else(|| Skipped::because(format!("GNU time says {told:?}")))
}
