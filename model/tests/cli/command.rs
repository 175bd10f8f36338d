//! The binary, as a process of its own.

use std::process::{self, Command, Output, Stdio};

use serde_json::Value;

/// What a command answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Answer {
    /// An answer with nothing to say beside it.
    pub(crate) fn of(code: i32, out: String) -> Self {
        let err = String::new();
        Self { code, out, err }
    }

    /// The answer, all of it, as one JSON value.
    pub(crate) fn json(&self) -> Value {
        let json = serde_json::from_str(&self.out);
        json.unwrap_or_else(|why| panic!("{why}: {}{}", self.out, self.err))
    }
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("it writes UTF-8");
        Self {
            code: output.status.code().expect("it ends by itself"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_session-lifecycle"));
    command.args(args).stdin(Stdio::null());
    command
}

pub(crate) fn run(args: &[&str]) -> Answer {
    command(args).output().expect("it runs").into()
}

/// A command that goes on until it is dropped.
pub(crate) struct Child(process::Child);

impl Child {
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut command = command(args);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().expect("it starts"))
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
