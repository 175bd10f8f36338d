//! Events in words, one a line: how a sequence is kept, and how a counterexample is printed.
//!
//! `turn.completed A failed "boom"`; a turn that is not named is `-`.
#![allow(dead_code, reason = "each test crate uses its part")]

use session_lifecycle::{Event, Message, SessionState, ThreadState, TurnId, TurnResult};

/// The event of one line.
pub(crate) fn event(line: &str) -> Event {
    let (head, message) = match line.split_once('"') {
        Some((head, _)) => (head, serde_json::from_str::<String>(&line[head.len()..])),
        None => (line, Ok(String::new())),
    };
    let message = message.expect("a message is a JSON string");
    let message = line.contains('"').then(|| Message::from(message));
    let words: Vec<&str> = head.split_whitespace().collect();
    let turn = |word: &str| (word != "-").then(|| TurnId::from(word));
    match words[..] {
        ["session.started"] => Event::SessionStarted,
        ["thread.started"] => Event::ThreadStarted,
        ["session.state.changed", state] => Event::SessionStateChanged {
            state: SessionState::from_wire(state).expect("a session state"),
            reason: message,
        },
        ["session.exited"] => Event::SessionExited,
        ["turn.started", id] => Event::TurnStarted { turn: turn(id) },
        ["turn.completed", id, result] => Event::TurnCompleted {
            turn: turn(id),
            result: self::result(result),
            message,
        },
        ["turn.aborted", id] => Event::TurnAborted { turn: turn(id) },
        ["runtime.error", id] => Event::RuntimeError {
            turn: turn(id),
            message,
        },
        ["thread.state.changed", state] => {
            Event::ThreadStateChanged(ThreadState::from_wire(state).expect("a thread state"))
        }
        ["work.observed", id] => Event::WorkObserved { turn: turn(id) },
        ["noticed"] => Event::Noticed,
        _ => panic!("not an event: {line}"),
    }
}

/// The events of a text: one a line, or separated by semicolons.
pub(crate) fn events(text: &str) -> Vec<Event> {
    text.split([';', '\n'])
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(event)
        .collect()
}

/// The line of an event.
pub(crate) fn line(event: &Event) -> String {
    let turn = |turn: &Option<TurnId>| turn.as_ref().map_or("-", TurnId::as_str).to_owned();
    let said = |message: &Option<Message>| {
        let quoted = message
            .as_ref()
            .map(|text| serde_json::to_string(text.as_str()).expect("a string is JSON"));
        quoted.map_or(String::new(), |text| format!(" {text}"))
    };
    match event {
        Event::SessionStarted => "session.started".into(),
        Event::ThreadStarted => "thread.started".into(),
        Event::SessionStateChanged { state, reason } => {
            format!("session.state.changed {}{}", state.as_str(), said(reason))
        }
        Event::SessionExited => "session.exited".into(),
        Event::TurnStarted { turn: id } => format!("turn.started {}", turn(id)),
        Event::TurnCompleted {
            turn: id,
            result,
            message,
        } => {
            let result = match result {
                TurnResult::Completed => "completed",
                TurnResult::Failed => "failed",
                TurnResult::Interrupted => "interrupted",
            };
            format!("turn.completed {} {result}{}", turn(id), said(message))
        }
        Event::TurnAborted { turn: id } => format!("turn.aborted {}", turn(id)),
        Event::RuntimeError { turn: id, message } => {
            format!("runtime.error {}{}", turn(id), said(message))
        }
        Event::ThreadStateChanged(state) => format!("thread.state.changed {}", state.as_str()),
        Event::WorkObserved { turn: id } => format!("work.observed {}", turn(id)),
        Event::Noticed => "noticed".into(),
    }
}

/// The lines of a sequence.
pub(crate) fn text(events: &[Event]) -> String {
    let lines: Vec<String> = events.iter().map(line).collect();
    lines.join("\n")
}

fn result(word: &str) -> TurnResult {
    match word {
        "completed" => TurnResult::Completed,
        "failed" => TurnResult::Failed,
        "interrupted" => TurnResult::Interrupted,
        _ => panic!("not a turn result: {word}"),
    }
}
