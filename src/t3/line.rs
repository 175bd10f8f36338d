//! One line of a file: an event, something else, or nothing.

use alloc::vec;
use alloc::vec::Vec;

use super::object::Object;
use crate::stream::{
    BadLine, Frame, PassedOver, ProviderReader, Reading, Record, RuntimeEvent, StreamEnd, Wanted,
    frame, frame_bytes,
};

/// What a line holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Line {
    /// An event of a thread's provider.
    Event(RuntimeEvent),
    /// A record that is none of the projection's business.
    PassedOver(PassedOver),
    /// Nothing.
    Blank,
}

/// Reads one line, with or without its end.
///
/// Reads bare JSON and the log form `[<time>] LABEL: <json>`; a byte order mark, white space around the record and
/// unknown fields are no matter.
///
/// | `type` | [`Event`](crate::Event) | rule | what is read of it |
/// |---|---|---|---|
/// | `session.started` | `SessionStarted` | R1 | |
/// | `thread.started` | `ThreadStarted` | R1 | |
/// | `session.state.changed` | `SessionStateChanged` | R2 | `state`, `reason` |
/// | `session.exited` | `SessionExited` | R3 | |
/// | `turn.started` | `TurnStarted` | R4 | `turnId` |
/// | `turn.completed` | `TurnCompleted` | R5 | `turnId`, `state` (old: `status`), `errorMessage` |
/// | `turn.aborted` | `TurnAborted` | R6 | `turnId` |
/// | `runtime.error` | `RuntimeError` | R7 | `turnId`, `message` |
/// | `thread.state.changed` | `ThreadStateChanged` | R8 | `state` |
/// | `item.*`, `content.*`, `turn.plan.*`, `turn.diff.*`, `turn.proposed.*`, `request.*`, `user-input.*`, `task.*`, `tool.*`, `hook.*`, `thread.realtime.audio.*` | `WorkObserved` | R9 | `turnId` |
/// | any other: `session.configured`, `session.health`, `runtime.warning`, `account.*`, `mcp.*`, `model.*`, `config.*`, types unknown | `Noticed` | R9 | |
///
/// `WorkObserved` is what a provider can only send while something in it works; the rest (a setting, a quota, a warning
/// from a dying process) proves nothing. Fields are looked for in the payload first and then beside `type`, where old
/// recordings have them. `null` is the same as absent.
///
/// # Errors
///
/// What is wrong with the line: no JSON, no thread, a state that the rules do not know. An unknown *type* is not
/// wrong: it is an event without a say in the lifecycle (R9).
pub fn read_line(line: &str) -> Result<Line, BadLine> {
    read_frame(frame(line, Wanted::Canonical)?)
}

/// [`read_line`] for bytes that may be anything.
///
/// # Errors
///
/// As [`read_line`], and for a line that is not UTF-8 (unless its label says that it is passed over anyway).
pub fn read_bytes(line: &[u8]) -> Result<Line, BadLine> {
    read_frame(frame_bytes(line, Wanted::Canonical)?)
}

fn read_frame(frame: Frame<'_>) -> Result<Line, BadLine> {
    match frame {
        Frame::Blank => Ok(Line::Blank),
        Frame::PassedOver(why) => Ok(Line::PassedOver(why)),
        Frame::Record(record) => read_record(record),
    }
}

fn read_record(record: Record<'_>) -> Result<Line, BadLine> {
    let object: Object<'_> = record.object(serde_json::from_str)?;
    if object.aggregate_kind.is_some() || object.aggregate_id.is_some() {
        return Ok(Line::PassedOver(PassedOver::Orchestration));
    }
    super::event::read(&object).map(Line::Event)
}

/// [`read_bytes`] as a reader. It remembers nothing: a canonical event stands for itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct T3Reader;

impl ProviderReader for T3Reader {
    fn read(&mut self, line: &[u8]) -> Result<Reading, BadLine> {
        read_bytes(line).map(|line| match line {
            Line::Event(event) => Reading::Events(vec![event]),
            Line::PassedOver(why) => Reading::PassedOver(why),
            Line::Blank => Reading::Blank,
        })
    }

    /// Nothing: a host's adapter says in the stream itself that a session has exited.
    fn end(&mut self, _end: StreamEnd<'_>) -> Vec<RuntimeEvent> {
        Vec::new()
    }
}
