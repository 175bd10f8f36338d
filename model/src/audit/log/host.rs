//! What the host wrote down of its own doing: orchestration records in a log.
//!
//! They are no evidence of what the provider said, and so no input of the projection; an audit holds them against it.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde::Deserialize;
use session_lifecycle::Status;

/// A record of the host about one thread.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct HostRecord {
    pub(crate) thread_id: String,
    pub(crate) time: Option<String>,
    pub(crate) fact: HostFact,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum HostFact {
    /// It stored this session.
    SessionSet {
        status: Status,
        turn: Option<String>,
        updated_at: Option<String>,
    },
    /// Somebody asked for a turn.
    StartRequested,
    /// Somebody asked for the end of a turn, or of the session.
    EndRequested,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawRecord {
    #[serde(rename = "type")]
    kind: Option<String>,
    aggregate_id: Option<String>,
    occurred_at: Option<String>,
    payload: Option<RawPayload>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPayload {
    thread_id: Option<String>,
    session: Option<RawSession>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawSession {
    status: String,
    active_turn_id: Option<String>,
    updated_at: Option<String>,
}

/// Whether the line may hold a record that an audit reads: a cheap look before it is parsed.
pub(crate) fn may_matter(line: &[u8]) -> bool {
    static TYPE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"thread."));
    static ESCAPE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\\u00"));
    TYPE.find(line).is_some() || ESCAPE.find(line).is_some()
}

/// Reads a record, if it is one of the few that an audit asks for.
pub(crate) fn read(line: &[u8]) -> Option<HostRecord> {
    let start = memchr::memchr(b'{', line)?;
    let record: RawRecord = serde_json::from_slice(&line[start..]).ok()?;
    let payload = record.payload?;
    let thread_id = payload.thread_id.or(record.aggregate_id)?;
    let fact = match record.kind?.as_str() {
        "thread.session-set" => {
            let session = payload.session?;
            HostFact::SessionSet {
                status: status(&session.status)?,
                turn: session.active_turn_id.filter(|turn| !turn.is_empty()),
                updated_at: session.updated_at,
            }
        }
        "thread.turn-start-requested" => HostFact::StartRequested,
        "thread.turn-interrupt-requested" | "thread.session-stop-requested" => {
            HostFact::EndRequested
        }
        _ => return None,
    };
    Some(HostRecord {
        thread_id,
        time: record.occurred_at,
        fact,
    })
}

/// A stored status; the `waiting` of some hosts is work. One that nobody knows says nothing.
pub(crate) fn status(word: &str) -> Option<Status> {
    if word == "waiting" {
        return Some(Status::Running);
    }
    Status::from_wire(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_session_is_read_behind_any_label_and_without_one() {
        let record = br#"{"type":"thread.session-set","aggregateKind":"thread","aggregateId":"t","occurredAt":"now","payload":{"threadId":"t","session":{"threadId":"t","status":"ready","activeTurnId":"A","lastError":null,"updatedAt":"then","runtimeMode":"x"}}}"#;
        for header in [&b""[..], b"[2026] CANON: ", b"[2026] ORCH: "] {
            let line = [header, record].concat();
            assert!(may_matter(&line));
            let read = read(&line).unwrap();
            assert_eq!(read.thread_id, "t");
            assert_eq!(read.time.as_deref(), Some("now"));
            let fact = HostFact::SessionSet {
                status: Status::Ready,
                turn: Some("A".into()),
                updated_at: Some("then".into()),
            };
            assert_eq!(read.fact, fact);
        }
    }

    #[test]
    fn a_record_of_anything_else_is_none() {
        for line in [
            r#"{"type":"thread.created","aggregateId":"t","payload":{"threadId":"t"}}"#,
            r#"{"type":"thread.session-set","aggregateId":"t","payload":{"session":{"status":"dreaming"}}}"#,
            r#"{"type":"thread.session-set","aggregateId":"t"}"#,
            "thread.session-set",
        ] {
            assert_eq!(read(line.as_bytes()), None, "{line}");
        }
    }
}
