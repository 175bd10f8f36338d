//! A canonical runtime event, and which rule it falls under.

use alloc::string::String;

use serde_json::value::RawValue;

use super::object::Object;
use crate::stream::{BadLine, Field, RuntimeEvent, Wrong, excerpt, text};
use crate::{Event, Message, SessionState, ThreadState, TurnId, TurnResult};

/// The families of types that prove that the provider works (R9).
const WORK: [&str; 11] = [
    "item.",
    "content.",
    "turn.plan.",
    "turn.diff.",
    "turn.proposed.",
    "request.",
    "user-input.",
    "task.",
    "tool.",
    "hook.",
    "thread.realtime.audio.",
];

pub(super) fn read(object: &Object<'_>) -> Result<RuntimeEvent, BadLine> {
    let thread_id = name(object.thread_id).map_err(|value| Wrong::MissingThread { value })?;
    let read = name(object.kind)
        .map_err(|value| Wrong::MissingType { value })
        .and_then(|event_type| {
            let event = event(&event_type, object)?;
            Ok((event_type, event))
        });
    match read {
        Ok((event_type, event)) => Ok(RuntimeEvent {
            thread_id,
            event_type,
            created_at: object.created_at.and_then(text),
            event,
        }),
        Err(wrong) => Err(BadLine {
            thread_id: Some(thread_id),
            wrong,
        }),
    }
}

/// A text with something in it; else what stands in its place.
fn name(field: Field<'_>) -> Result<String, Option<String>> {
    match field.map(|value| (value, text(value))) {
        Some((_, Some(name))) if !name.is_empty() => Ok(name),
        Some((value, _)) => Err(Some(shown(value))),
        None => Err(None),
    }
}

fn shown(value: &RawValue) -> String {
    excerpt(value.get())
}

fn event(event_type: &str, object: &Object<'_>) -> Result<Event, Wrong> {
    match event_type {
        "session.started" => Ok(Event::SessionStarted),
        "thread.started" => Ok(Event::ThreadStarted),
        "session.state.changed" => session_state_changed(object),
        "session.exited" => Ok(Event::SessionExited),
        "turn.started" => Ok(Event::TurnStarted {
            turn: turn(object)?,
        }),
        "turn.completed" => turn_completed(object),
        "turn.aborted" => Ok(Event::TurnAborted {
            turn: turn(object)?,
        }),
        "runtime.error" => runtime_error(object),
        "thread.state.changed" => thread_state_changed(object),
        _ if WORK.iter().any(|family| event_type.starts_with(family)) => Ok(Event::WorkObserved {
            turn: turn(object).unwrap_or_default(),
        }),
        _ => Ok(Event::Noticed),
    }
}

fn session_state_changed(object: &Object<'_>) -> Result<Event, Wrong> {
    let payload = payload(object)?;
    let state = payload.state.or(object.state).or(object.status);
    Ok(Event::SessionStateChanged {
        state: known(state, "session", SessionState::from_wire)?,
        reason: message(payload.reason, object.reason),
    })
}

fn thread_state_changed(object: &Object<'_>) -> Result<Event, Wrong> {
    let state = payload(object)?.state.or(object.state).or(object.status);
    known(state, "thread", ThreadState::from_wire).map(Event::ThreadStateChanged)
}

fn turn_completed(object: &Object<'_>) -> Result<Event, Wrong> {
    let payload = payload(object)?;
    let state = payload.state.or(object.status).or(object.state);
    Ok(Event::TurnCompleted {
        turn: turn(object)?,
        result: state.map_or(Ok(TurnResult::Completed), result)?,
        message: message(payload.error_message, object.error_message),
    })
}

/// An error is an error, whatever its payload looks like: the default text will do.
fn runtime_error(object: &Object<'_>) -> Result<Event, Wrong> {
    let payload = payload(object).unwrap_or_default();
    Ok(Event::RuntimeError {
        turn: turn(object)?,
        message: message(payload.message, object.message),
    })
}

/// The payload; one without any fields where there is none.
fn payload<'a>(object: &Object<'a>) -> Result<Object<'a>, Wrong> {
    match object.payload {
        None => Ok(Object::default()),
        Some(payload) => serde_json::from_str(payload.get()).map_err(|_| Wrong::BadPayload {
            value: shown(payload),
        }),
    }
}

fn turn(object: &Object<'_>) -> Result<Option<TurnId>, Wrong> {
    crate::stream::turn(object.turn_id)
}

fn message(inside: Field<'_>, beside: Field<'_>) -> Option<Message> {
    inside.or(beside).and_then(text).map(Message::from)
}

fn result(state: &RawValue) -> Result<TurnResult, Wrong> {
    match text(state).as_deref() {
        Some("completed") => Ok(TurnResult::Completed),
        Some("failed") => Ok(TurnResult::Failed),
        Some("interrupted" | "cancelled") => Ok(TurnResult::Interrupted),
        Some(_) | None => Err(Wrong::UnknownResult {
            value: shown(state),
        }),
    }
}

fn known<T>(
    state: Field<'_>,
    of: &'static str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<T, Wrong> {
    let Some(state) = state else {
        return Err(Wrong::MissingState { of });
    };
    text(state)
        .and_then(|word| read(&word))
        .ok_or_else(|| Wrong::UnknownState {
            of,
            value: shown(state),
        })
}
