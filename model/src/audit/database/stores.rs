//! The tables of a host's database, as far as an audit reads them, whatever the age of its schema.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, Row};

use crate::audit::time::instant;

pub(in crate::audit) const SESSIONS: &str = "projection_thread_sessions";
/// What every question to a session needs.
pub(super) const SESSION: &[&str] = &["thread_id", "status", "active_turn_id"];
pub(in crate::audit) const TURNS: &str = "projection_turns";
/// What a turn that waits to start needs, to be held against the others.
pub(super) const PENDING: &[&str] = &[
    "thread_id",
    "turn_id",
    "state",
    "requested_at",
    "completed_at",
];
pub(super) const BINDINGS: &str = "provider_session_runtime";
pub(super) const EVENTS: &str = "orchestration_events";
/// What every question to an event needs.
pub(super) const EVENT: &[&str] = &[
    "sequence",
    "stream_id",
    "event_type",
    "occurred_at",
    "payload_json",
];
pub(super) const THREADS: &str = "projection_threads";
const ACTIVITIES: &str = "projection_thread_activities";

const ALL: [&str; 6] = [SESSIONS, TURNS, BINDINGS, EVENTS, THREADS, ACTIVITIES];

/// A value that is stored, whatever as: a column of SQLite holds what was put into it.
struct StoredText(String);

impl FromSql for StoredText {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(match value {
            ValueRef::Null => return Err(FromSqlError::InvalidType),
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Real(number) => number.to_string(),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                String::from_utf8_lossy(bytes).into_owned()
            }
        }))
    }
}

/// A column of a row as text; `None` for NULL.
pub(in crate::audit) fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<String>> {
    let value: Option<StoredText> = row.get(column)?;
    Ok(value.map(|StoredText(text)| text))
}

/// The table of that name, if an audit reads it.
pub(in crate::audit) fn known_table(name: &str) -> Option<&'static str> {
    ALL.into_iter().find(|table| *table == name)
}

/// Which columns there are. Migrations were numbered twice, so that only the columns themselves can be believed.
#[derive(Debug)]
pub(super) struct Stores {
    columns: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Stores {
    pub(super) fn of(connection: &Connection) -> rusqlite::Result<Self> {
        let mut columns = BTreeMap::new();
        for table in ALL {
            let mut query = connection.prepare(&format!("PRAGMA table_info({table})"))?;
            let names = query.query_map([], |row| row.get::<_, String>("name"))?;
            let names: BTreeSet<String> = names.collect::<rusqlite::Result<_>>()?;
            if !names.is_empty() {
                columns.insert(table, names);
            }
        }
        Ok(Self { columns })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    pub(super) fn has(&self, table: &str, column: &str) -> bool {
        self.columns
            .get(table)
            .is_some_and(|names| names.contains(column))
    }

    /// What is missing for a check, in words; `None` if everything is there.
    pub(super) fn missing(&self, needs: &[(&'static str, &[&str])]) -> Option<String> {
        needs.iter().find_map(|(table, needed)| {
            let Some(names) = self.columns.get(table) else {
                return Some(format!("there is no table {table}"));
            };
            let column = needed.iter().find(|column| !names.contains(**column))?;
            Some(format!("the table {table} has no column {column}"))
        })
    }

    /// When a turn that a repair closes is said to have ended: now, but not after a turn that waits to start was asked
    /// for, or that one would look overtaken. `None` if the schema has no place for it.
    pub(super) fn ended_at(&self, now: &str) -> Option<String> {
        if !self.has(TURNS, "completed_at") {
            return None;
        }
        if !["requested_at", "thread_id", "turn_id", "state"]
            .iter()
            .all(|column| self.has(TURNS, column))
        {
            return Some(now.to_owned());
        }
        Some(format!(
            "(SELECT MIN({now}, IFNULL(MIN(p.requested_at), {now})) FROM {TURNS} p \
             WHERE p.thread_id = {TURNS}.thread_id AND p.turn_id IS NULL AND p.state = 'pending')"
        ))
    }

    /// Whether the host is of the age that closes a turn's row when the turn ends: threads can be settled or snoozed.
    pub(super) fn closes_turn_rows(&self) -> bool {
        let names = self.columns.get(THREADS);
        names.is_some_and(|names| {
            names
                .iter()
                .any(|name| name.starts_with("settled") || name.starts_with("snoozed"))
        })
    }

    /// When the provider last showed work of a thread: of that turn, or of any if it is NULL. A tool that is used and an
    /// approval that is asked for show work; what else is an activity (an error, a piece of information) the host may have
    /// written by itself.
    pub(super) fn last_work(&self, thread: &str, turn: &str) -> String {
        let needed = ["thread_id", "turn_id", "tone", "created_at"];
        if !needed.iter().all(|column| self.has(ACTIVITIES, column)) {
            return "NULL".to_owned();
        }
        format!(
            "(SELECT MAX(w.created_at) FROM {ACTIVITIES} w WHERE w.thread_id = {thread} \
             AND w.tone IN ('tool', 'approval') AND w.turn_id IS IFNULL({turn}, w.turn_id))"
        )
    }

    /// The newest time that stands in the database.
    pub(super) fn newest(&self, connection: &Connection) -> rusqlite::Result<Option<i64>> {
        let mut newest = None;
        for (table, column) in [
            (SESSIONS, "updated_at"),
            (BINDINGS, "last_seen_at"),
            (EVENTS, "occurred_at"),
            (TURNS, "requested_at"),
            (TURNS, "started_at"),
            (TURNS, "completed_at"),
            (ACTIVITIES, "created_at"),
        ] {
            if self.has(table, column) {
                // Of texts the greatest may be no time at all, `Invalid Date` say.
                let select = format!(
                    "SELECT MAX({column}) FROM {table} WHERE {column} GLOB '[0-9][0-9][0-9][0-9]-[0-9]*'"
                );
                let time = connection.query_row(&select, [], |row| text(row, 0))?;
                newest = newest.max(time.as_deref().and_then(instant));
            }
        }
        Ok(newest)
    }

    /// Whether there is a check for which nothing is missing. Else no thread is judged, whatever names it.
    fn can_be_asked(&self) -> bool {
        [(SESSIONS, SESSION), (TURNS, PENDING), (EVENTS, EVENT)]
            .into_iter()
            .any(|needed| self.missing(&[needed]).is_none())
    }

    /// The threads that are named anywhere, and of those that were put away how.
    pub(super) fn threads(
        &self,
        connection: &Connection,
    ) -> rusqlite::Result<(BTreeSet<String>, BTreeMap<String, &'static str>)> {
        let mut threads = BTreeSet::new();
        let named = [SESSIONS, TURNS, BINDINGS, THREADS]
            .into_iter()
            .filter(|table| self.has(table, "thread_id"))
            .map(|table| format!("SELECT DISTINCT thread_id FROM {table}"));
        let told = self.missing(&[(EVENTS, EVENT)]).is_none().then(|| {
            format!(
                "SELECT DISTINCT stream_id FROM {EVENTS} WHERE event_type = 'thread.session-set'"
            )
        });
        for select in named.chain(told).filter(|_| self.can_be_asked()) {
            let mut query = connection.prepare(&select)?;
            for thread in query.query_map([], |row| text(row, 0))? {
                threads.extend(thread?);
            }
        }
        let mut put_away = BTreeMap::new();
        for (column, how) in [("archived_at", "archived"), ("deleted_at", "deleted")] {
            if self.has(THREADS, column) && self.has(THREADS, "thread_id") {
                let select = format!("SELECT thread_id FROM {THREADS} WHERE {column} IS NOT NULL");
                let mut query = connection.prepare(&select)?;
                for thread in query.query_map([], |row| text(row, 0))? {
                    put_away.extend(thread?.map(|thread| (thread, how)));
                }
            }
        }
        Ok((threads, put_away))
    }

    /// A column, or NULL where the schema has none.
    pub(super) fn or_null(&self, table: &str, alias: &str, column: &str) -> String {
        if self.has(table, column) {
            format!("{alias}.{column}")
        } else {
            "NULL".to_owned()
        }
    }
}
