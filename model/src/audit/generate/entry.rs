//! A line of a log, before and after it is spelled out.

use crate::audit::finding::Check;
use crate::audit::time::iso;

/// A line of a thread.
pub(super) struct ScriptLine {
    pub(super) what: What,
    pub(super) planted: Option<Check>,
}

pub(super) enum What {
    /// An event: its type, its turn, its payload.
    Event(&'static str, Option<String>, String),
    /// The host stores a session: its status, its turn, and whether for an event of its own instead of the last one.
    Stored(&'static str, Option<String>, bool),
    /// The host writes another record.
    Asked(&'static str),
    /// The provider's own message.
    Native(String),
}

impl ScriptLine {
    /// The line of that number, said at that time; what the host stores is dated like the last event, unless it stands alone.
    pub(super) fn line(&self, id: u64, thread: &str, clock: i64, told_at: &mut i64) -> String {
        let now = iso(clock);
        let quoted = |turn: &Option<String>| {
            turn.as_ref()
                .map_or_else(|| "null".to_owned(), |turn| format!("\"{turn}\""))
        };
        let (label, record) = match &self.what {
            What::Event(kind, turn, payload) => {
                *told_at = clock;
                let turn = turn
                    .as_ref()
                    .map_or_else(String::new, |turn| format!(r#","turnId":"{turn}""#));
                (
                    "CANON",
                    format!(
                        r#"{{"type":"{kind}","eventId":"evt-{id}","provider":"codex","threadId":"{thread}","createdAt":"{now}"{turn},"payload":{payload}}}"#
                    ),
                )
            }
            What::Stored(status, turn, alone) => {
                let at = if *alone { now.clone() } else { iso(*told_at) };
                let turn = quoted(turn);
                (
                    "ORCH",
                    format!(
                        r#"{{"sequence":{id},"eventId":"evt-{id}","aggregateKind":"thread","aggregateId":"{thread}","occurredAt":"{now}","type":"thread.session-set","payload":{{"threadId":"{thread}","session":{{"threadId":"{thread}","status":"{status}","providerName":"codex","runtimeMode":"full-access","activeTurnId":{turn},"lastError":null,"updatedAt":"{at}"}}}}}}"#
                    ),
                )
            }
            What::Asked(kind) => (
                "ORCH",
                format!(
                    r#"{{"sequence":{id},"eventId":"evt-{id}","aggregateKind":"thread","aggregateId":"{thread}","occurredAt":"{now}","type":"{kind}","payload":{{"threadId":"{thread}"}}}}"#
                ),
            ),
            What::Native(words) => (
                "NTIVE",
                format!(
                    r#"{{"id":"evt-{id}","kind":"notification","provider":"codex","threadId":"{thread}","createdAt":"{now}","method":"item/agentMessage/delta","payload":{{"delta":"{words}"}}}}"#
                ),
            ),
        };
        format!("[{now}] {label}: {record}\n")
    }
}
