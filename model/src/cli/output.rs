//! What the commands share: names of scopes and faults as arguments, and writing the answer.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser as _;
use session_lifecycle::Fault;
use session_lifecycle_model::replay::printable;
use session_lifecycle_model::{Profile, Scope};

/// Wrong usage, or input that cannot be read.
pub(crate) const UNREADABLE: u8 = 2;

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
}

/// Reads the name of a scope.
pub(crate) fn scope() -> impl clap::builder::TypedValueParser<Value = Scope> {
    PossibleValuesParser::new(Scope::NAMED.map(|scope| scope.name))
        .map(|name| Scope::named(&name).unwrap_or_default())
}

/// Reads the name of a provider's profile.
pub(crate) fn profile() -> impl clap::builder::TypedValueParser<Value = Profile> {
    PossibleValuesParser::new(Profile::ALL.map(|profile| profile.name))
        .map(|name| Profile::named(&name).unwrap_or(Profile::ANY))
}

/// Reads the id of a fault, as in `S1-01`.
pub(crate) fn fault(id: &str) -> Result<Fault, String> {
    let known = Fault::ALL
        .iter()
        .copied()
        .find(|fault| fault.id().eq_ignore_ascii_case(id));
    known.ok_or_else(|| {
        format!(
            "no such fault; `faults --list` names them all, the first is {}",
            Fault::ALL[0].id()
        )
    })
}

/// Says what is wrong with the arguments.
pub(crate) fn wrong_usage(why: &str) -> ExitCode {
    eprintln!("error: {why}\n\nFor more information, try '--help'.");
    UNREADABLE.into()
}

/// Writes the answer to standard output. Whoever closes it early has seen enough.
pub(crate) fn answer(text: &str, code: u8) -> ExitCode {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("session-lifecycle: cannot write the answer: {why}");
            UNREADABLE.into()
        }
        Ok(()) | Err(_) => code.into(),
    }
}

/// The answer as JSON, one object, ending in a line break.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> String {
    text_of(serde_json::to_string_pretty(value))
}

/// JSON that was made, ending in a line break.
pub(crate) fn text_of(json: serde_json::Result<String>) -> String {
    json.map_or_else(
        |why| format!("{{\"error\": \"{why}\"}}\n"),
        |text| text + "\n",
    )
}

/// Whether the user lets text be coloured (<https://no-color.org>), and the terminal can.
pub(crate) fn may_color() -> bool {
    let variable = |name| std::env::var_os(name).unwrap_or_default();
    is_coloured(&variable("NO_COLOR"), &variable("TERM"))
}

fn is_coloured(no_color: &OsStr, terminal: &OsStr) -> bool {
    no_color.is_empty() && terminal != "dumb"
}

/// How a path is told to whoever watches.
pub(crate) fn name_of(path: &Path) -> String {
    printable(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_coloured_unless_the_user_refuses_it_or_the_terminal_knows_no_colours() {
        let asked =
            |no_color: &str, terminal: &str| is_coloured(no_color.as_ref(), terminal.as_ref());
        assert!(asked("", "xterm-256color") && asked("", ""));
        assert!(!asked("1", "xterm-256color"));
        assert!(!asked("", "dumb"));
    }
}
