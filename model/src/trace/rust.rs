//! A kept trace as a Rust test.

use std::fmt::Write as _;

use session_lifecycle::{AnySession, Event, Message, ProviderLife, TurnId, repair};

use super::{HostStep, NoTrace, Occurrence, Trace};
use crate::replay::printable;

/// A test that folds the trace with the crate and asserts what the crate shows today at each step. It needs nothing
/// but `session-lifecycle`.
///
/// # Errors
///
/// A step that cannot be read.
pub fn as_test(trace: &Trace) -> Result<String, NoTrace> {
    let occurrences = trace.occurrences()?;
    let mut test = String::new();
    let about = trace.fault.as_ref().or(trace.property.as_ref());
    let name = about.map_or_else(String::new, |about| {
        let about = about.to_ascii_lowercase();
        format!(
            "_{}",
            about.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_")
        )
    });
    if let (Some(property), Some(sentence)) = (&trace.property, &trace.sentence) {
        put(
            &mut test,
            format_args!("/// {}: {}", one_line(property), one_line(sentence)),
        );
    }
    put(&mut test, format_args!("#[test]\nfn kept_trace{name}() {{"));
    put(
        &mut test,
        format_args!("    let mut session = session_lifecycle::AnySession::new();"),
    );
    let mut session = AnySession::new();
    for (action, occurrence) in occurrences {
        put(&mut test, format_args!("\n    // {}", one_line(&action)));
        let (code, next) = match occurrence {
            Occurrence::Event(event) => (applying(&event), session.apply(event).session),
            Occurrence::Host(HostStep::Reaped) => (applying(&Event::SessionExited), session.apply(Event::SessionExited).session),
            Occurrence::Host(HostStep::Restarted) => (
                "session = session_lifecycle::repair(session.into(), session_lifecycle::ProviderLife::Gone).session;".to_owned(),
                repair(session.into(), ProviderLife::Gone).session,
            ),
        };
        session = next;
        put(&mut test, format_args!("    {code}"));
        put(
            &mut test,
            format_args!(
                "    assert_eq!(session.status().as_str(), {:?});",
                session.status().as_str()
            ),
        );
        let turn = session.active_turn().map(TurnId::as_str);
        put(
            &mut test,
            format_args!(
                "    assert_eq!(session.active_turn().map(session_lifecycle::TurnId::as_str), {turn:?});"
            ),
        );
    }
    test.push_str("}\n");
    Ok(test)
}

fn put(test: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(test, "{line}");
}

/// A text that ends no comment, and does not turn its direction: the compiler would refuse that.
fn one_line(text: &str) -> String {
    printable(&text.replace(char::is_control, " "))
}

fn applying(event: &Event) -> String {
    format!(
        "session = session.apply(session_lifecycle::Event::{}).session;",
        code(event)
    )
}

/// An event as Rust spells it.
fn code(event: &Event) -> String {
    match event {
        Event::SessionStarted => "SessionStarted".to_owned(),
        Event::ThreadStarted => "ThreadStarted".to_owned(),
        Event::SessionExited => "SessionExited".to_owned(),
        Event::Noticed => "Noticed".to_owned(),
        Event::SessionStateChanged { state, reason } => format!(
            "SessionStateChanged {{ state: session_lifecycle::SessionState::{state:?}, reason: {} }}",
            text(reason.as_ref().map(Message::as_str))
        ),
        Event::TurnStarted { turn } => format!("TurnStarted {{ turn: {} }}", name(turn)),
        Event::TurnCompleted {
            turn,
            result,
            message,
        } => format!(
            "TurnCompleted {{ turn: {}, result: session_lifecycle::TurnResult::{result:?}, message: {} }}",
            name(turn),
            text(message.as_ref().map(Message::as_str))
        ),
        Event::TurnAborted { turn } => format!("TurnAborted {{ turn: {} }}", name(turn)),
        Event::RuntimeError { turn, message } => format!(
            "RuntimeError {{ turn: {}, message: {} }}",
            name(turn),
            text(message.as_ref().map(Message::as_str))
        ),
        Event::ThreadStateChanged(state) => {
            format!("ThreadStateChanged(session_lifecycle::ThreadState::{state:?})")
        }
        Event::WorkObserved { turn } => format!("WorkObserved {{ turn: {} }}", name(turn)),
    }
}

fn name(turn: &Option<TurnId>) -> String {
    text(turn.as_ref().map(TurnId::as_str))
}

fn text(text: Option<&str>) -> String {
    text.map_or_else(
        || "None".to_owned(),
        |text| format!("Some({text:?}.into())"),
    )
}
