//! A line of a log as a kept trace has it.

use serde_json::{Value, json};
use session_lifecycle::stream::RuntimeEvent;
use session_lifecycle::t3::{Line, read_bytes};
use session_lifecycle::{Event, Message, TurnId, TurnResult};

/// The line as JSON. The readers skip what the rules do not ask for, and so read events that no JSON value can hold (a
/// number beyond all range, half of a surrogate pair): such an event is told anew from what was read of it.
pub(crate) fn as_json(line: &[u8]) -> Option<Value> {
    let start = line.iter().position(|byte| *byte == b'{')?;
    if let Ok(value) = serde_json::from_slice(&line[start..]) {
        return Some(value);
    }
    match read_bytes(line) {
        Ok(Line::Event(event)) => Some(told_anew(&event)),
        Ok(Line::PassedOver(_) | Line::Blank) | Err(_) => None,
    }
}

fn told_anew(event: &RuntimeEvent) -> Value {
    let turn = |turn: &Option<TurnId>| turn.as_ref().map(|turn| turn.as_str().to_owned());
    let text = |message: &Option<Message>| message.as_ref().map(|text| text.as_str().to_owned());
    let (turn, payload) = match &event.event {
        Event::SessionStateChanged { state, reason } => {
            let payload = json!({ "state": state.as_str(), "reason": text(reason) });
            (None, payload)
        }
        Event::ThreadStateChanged(state) => (None, json!({ "state": state.as_str() })),
        Event::TurnCompleted {
            turn: named,
            result,
            message,
        } => {
            let state = match result {
                TurnResult::Completed => "completed",
                TurnResult::Failed => "failed",
                TurnResult::Interrupted => "interrupted",
            };
            let payload = json!({ "state": state, "errorMessage": text(message) });
            (turn(named), payload)
        }
        Event::RuntimeError {
            turn: named,
            message,
        } => (turn(named), json!({ "message": text(message) })),
        Event::TurnStarted { turn: named }
        | Event::TurnAborted { turn: named }
        | Event::WorkObserved { turn: named } => (turn(named), json!({})),
        Event::SessionStarted | Event::ThreadStarted | Event::SessionExited | Event::Noticed => {
            (None, json!({}))
        }
    };
    json!({
        "type": event.event_type,
        "threadId": event.thread_id,
        "turnId": turn,
        "createdAt": event.created_at,
        "payload": payload,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_no_json_value_can_hold_is_told_anew_as_it_was_read() {
        let kinds = [
            r#""type":"session.started""#,
            r#""type":"session.exited""#,
            r#""type":"session.state.changed","state":"error","reason":"why""#,
            r#""type":"session.state.changed","state":"ready""#,
            r#""type":"thread.state.changed","state":"closed""#,
            r#""type":"turn.started","turnId":"A""#,
            r#""type":"turn.started""#,
            r#""type":"turn.completed","turnId":"A","status":"cancelled""#,
            r#""type":"turn.completed","turnId":"A","status":"failed","errorMessage":"why""#,
            r#""type":"turn.aborted","turnId":"A""#,
            r#""type":"runtime.error","turnId":"A","message":"why""#,
            r#""type":"item.started","turnId":"A""#,
            r#""type":"account.updated""#,
        ];
        for kind in kinds {
            for beyond in [r#"1e999"#, r#""\ud800""#] {
                let line = format!(
                    r#"[now] CANON: {{{kind},"threadId":"th","createdAt":"then","odd":{beyond}}}"#
                );
                let read = |line: &[u8]| match read_bytes(line) {
                    Ok(Line::Event(event)) => event,
                    other => panic!("{kind}: {other:?}"),
                };
                let told = as_json(line.as_bytes()).unwrap();
                assert_eq!(told.get("odd"), None, "{kind}: {told}");
                assert_eq!(
                    read(told.to_string().as_bytes()),
                    read(line.as_bytes()),
                    "{kind}"
                );
            }
        }
    }
}
