//! Other tools, as whole processes.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::frame::{self, Contestant, Skipped};

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

/// One thread: the order of the lines is asked for, and with it a second thread gains DuckDB nothing.
pub(crate) fn duckdb<'a>(path: &Path, answer: &'a str) -> Result<Contestant<'a>, Skipped> {
    let mut command = installed("python3", &["-c", "import duckdb"])?;
    let query = include_str!("question.sql").replace("LOG", &path.display().to_string());
    command.args(["-c", "import duckdb, sys\nduckdb.sql('SET threads = 1')\nfor row in duckdb.sql(sys.argv[1]).fetchall(): print(row[0])"]);
    command.arg(query);
    Ok(answering("DuckDB, one thread", command, answer))
}

pub(crate) fn jq<'a>(path: &Path, answer: &'a str) -> Result<Contestant<'a>, Skipped> {
    let mut command = installed("jq", &["--version"])?;
    command.args(["-n", "-r", include_str!("question.jq")]);
    command.arg(path);
    Ok(answering("jq", command, answer))
}

fn answering<'a>(name: &str, command: Command, answer: &'a str) -> Contestant<'a> {
    asked(name, command, answer, |output| {
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    })
}

/// A command that has to give this answer, which is read when the clock has stopped.
pub(crate) fn asked<'a>(
    name: &str,
    mut command: Command,
    answer: &'a str,
    read: fn(&Output) -> String,
) -> Contestant<'a> {
    let told = name.to_owned();
    Contestant::new(name, move || {
        let mut output = None;
        let took = frame::timed(|| {
            output = Some(command.output().expect("it is installed"));
        });
        let output = output.expect("it ran");
        assert_eq!(read(&output), answer, "{told}");
        took
    })
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
