//! What T3 Code's log keeps of a connection beside whole messages: each request with its fate, and copies of the wire.

use alloc::format;

use super::message::{self, AcpAnswer, AcpMessage, JsonRpcId, Read};
use crate::stream::{Native, Wrong, inside, text, word};

/// A payload of T3's own making.
pub(super) enum Logged {
    /// `{method, status, request, result?, cause?}`: a request of the client as it starts, and again with its answer.
    Request(Read),
    /// `{direction, stage, payload}`: the wire in whatever pieces it came. Requests and updates tell the same.
    Copy,
}

/// Reads it; `None` for a message of the protocol.
pub(super) fn read(native: &Native<'_>) -> Result<Option<Logged>, Wrong> {
    let keys = [
        "direction",
        "stage",
        "method",
        "status",
        "request",
        "result",
        "cause",
    ];
    let [direction, stage, method, status, request, result, cause] = inside(native.payload, keys);
    if method.is_none() && direction.is_some() && stage.is_some() {
        return Ok(Some(Logged::Copy));
    }
    let (Some(method), Some(status)) = (word(method), word(status)) else {
        return Ok(None);
    };
    let [session] = inside(request, ["sessionId"]);
    let session = word(session);
    // The log keeps no ids: a thread has one request of a method at a time.
    let thread = native.thread.as_deref().unwrap_or_default();
    let id = JsonRpcId::Text(format!("{method} of {thread}"));
    let message = match status.as_str() {
        "started" if method == "session/prompt" => AcpMessage::Prompt { id, session },
        "started" if message::opens(&method) => AcpMessage::Opening { id, session },
        "started" => AcpMessage::Other { session },
        "succeeded" => AcpMessage::Answer {
            id,
            answer: message::answer(result)?,
        },
        "failed" => AcpMessage::Answer {
            id,
            answer: AcpAnswer::Failed {
                cancelled: false,
                why: cause.and_then(text),
            },
        },
        _ => return Ok(None),
    };
    Ok(Some(Logged::Request(Read {
        method: Some(method),
        message,
    })))
}
