//! The writes that would mend a database: printed, never executed.
//!
//! They presuppose that the host is stopped, and with it every provider that it ran. Each states the values that it
//! replaces, so that it does nothing to a row that has changed since.

use session_lifecycle::{
    Message, ProviderLife, SessionRecord, Status, TurnId, TurnOutcome, repair,
};

use super::stores::{EVENTS, SESSIONS, Stores, TURNS};
use crate::replay::printable;

/// A stored session, as an audit found it.
pub(super) struct StoredSession<'a> {
    pub(super) thread_id: &'a str,
    /// As the row spells it.
    pub(super) word: &'a str,
    pub(super) status: Status,
    pub(super) turn: Option<&'a str>,
    pub(super) last_error: Option<&'a str>,
}

/// What the crate's own repair makes of the session of a host that is stopped.
fn mended(stored: &StoredSession<'_>) -> (SessionRecord, Option<(TurnId, TurnOutcome)>) {
    let record = SessionRecord::from_row(
        stored.status,
        stored.turn.map(TurnId::from),
        stored.last_error.map(Message::from),
    );
    let repaired = repair(record, ProviderLife::Gone);
    let settled = repaired
        .repairs
        .into_iter()
        .find_map(|repair| repair.settled);
    let settled = settled.map(|(turn, how)| (turn, how.outcome()));
    (repaired.session.into(), settled)
}

/// The row of the session, and of the turn that it settles.
pub(super) fn session(
    stored: &StoredSession<'_>,
    stores: &Stores,
    now: &str,
    has_turns: bool,
) -> Vec<String> {
    let (record, settled) = mended(stored);
    let mut changes = vec![
        format!("status = {}", text(record.status.as_str())),
        format!(
            "active_turn_id = {}",
            or_null(record.active_turn.as_ref().map(TurnId::as_str))
        ),
    ];
    let error = record.last_error.as_deref();
    if error != stored.last_error {
        changes.push(format!("last_error = {}", or_null(error)));
    }
    let mut writes = vec![format!(
        "UPDATE {SESSIONS} SET {} WHERE thread_id = {} AND status = {} AND NULLIF(active_turn_id, '') IS {};",
        changes.join(", "),
        text(stored.thread_id),
        text(stored.word),
        or_null(stored.turn),
    )];
    if let (Some((turn, outcome)), true) = (settled, has_turns) {
        writes.push(turn_row(
            &format!(
                "thread_id = {} AND turn_id = {}",
                text(stored.thread_id),
                text(turn.as_str())
            ),
            outcome,
            "running",
            stores.ended_at(&text(now)).as_deref(),
        ));
    }
    writes
}

/// A turn's row that is open and should not be.
pub(super) fn open_turn(thread_id: &str, row: i64, stores: &Stores, now: &str) -> String {
    turn_row(
        &format!("rowid = {row} AND thread_id = {}", text(thread_id)),
        TurnOutcome::Unreported,
        "running",
        stores.ended_at(&text(now)).as_deref(),
    )
}

/// A turn that was asked for and never began: failed, so that the user is told (L3).
pub(super) fn pending_turn(thread_id: &str, row: i64, now: &str) -> String {
    turn_row(
        &format!(
            "rowid = {row} AND thread_id = {} AND turn_id IS NULL",
            text(thread_id)
        ),
        TurnOutcome::Failed,
        "pending",
        Some(&text(now)),
    )
}

fn turn_row(place: &str, outcome: TurnOutcome, state: &str, ended_at: Option<&str>) -> String {
    // The host has no word for a turn that ended unreported; `completed` would be a lie (S8).
    let mended = match outcome {
        TurnOutcome::Completed => "completed",
        TurnOutcome::Failed => "error",
        TurnOutcome::Interrupted | TurnOutcome::Unreported => "interrupted",
    };
    let ended_at = ended_at.map_or_else(String::new, |at| {
        format!(", completed_at = COALESCE(completed_at, {at})")
    });
    format!(
        "UPDATE {TURNS} SET state = {}{ended_at} WHERE {place} AND state = {};",
        text(mended),
        text(state),
    )
}

/// Events are never changed: one more is appended, the last one as it should have been, for the host to project.
pub(super) fn session_event(stored: &StoredSession<'_>, sequence: i64, now: &str) -> String {
    let (record, _) = mended(stored);
    let turn = or_null(record.active_turn.as_ref().map(TurnId::as_str));
    format!(
        "INSERT INTO {EVENTS} (event_id, aggregate_kind, stream_id, stream_version, event_type, occurred_at, actor_kind, \
         payload_json, metadata_json) SELECT event_id || '-repaired', aggregate_kind, stream_id, (SELECT MAX(stream_version) + 1 \
         FROM {EVENTS} v WHERE v.aggregate_kind = e.aggregate_kind AND v.stream_id = e.stream_id), event_type, {now}, \
         actor_kind, json_set(payload_json, '$.session.status', {status}, '$.session.activeTurnId', {turn}, \
         '$.session.updatedAt', {now}), metadata_json FROM {EVENTS} e WHERE sequence = {sequence} AND NOT EXISTS (SELECT 1 \
         FROM {EVENTS} l WHERE l.stream_id = e.stream_id AND l.event_type = e.event_type AND l.sequence > e.sequence);",
        now = text(now),
        status = text(record.status.as_str()),
    )
}

fn or_null(value: Option<&str>) -> String {
    value.map_or_else(|| "NULL".to_owned(), text)
}

/// A text as SQL spells it.
fn text(value: &str) -> String {
    if printable(value) != value {
        // SQLite ends a literal at a zero, its shell drops the carriage return of a line's end, and a terminal obeys.
        let hex: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
        return format!("CAST(x'{hex}' AS TEXT)");
    }
    format!("'{}'", value.replace('\'', "''"))
}
