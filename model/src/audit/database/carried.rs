//! Rows on their way to where the logs of their threads are read, in this process or in another one (`docs/scale.md`).

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::stores::{SESSION, SESSIONS, Stores, TURNS, text};
use crate::audit::time::instant;
use crate::audit::{Audit, BadDatabase};

/// A database, and how old things in it are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::audit) struct DatedDatabase {
    pub(super) file: String,
    /// Its place among the databases of one audit.
    pub(super) order: usize,
    /// The time from which ages count, in milliseconds.
    pub(super) now: Option<i64>,
    /// From how many milliseconds on something counts as old.
    pub(super) old: i64,
    /// The end of a turn closes its row.
    pub(super) follows_turns: bool,
}

/// One row of a thread, or only its name.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::audit) struct CarriedRow {
    pub(super) thread_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) put_away: Option<PutAway>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) session: Option<CarriedSession>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ended: Option<CarriedTurn>,
}

/// The row of a session.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CarriedSession {
    pub(super) status: String,
    pub(super) turn: Option<String>,
    pub(super) updated_at: Option<String>,
}

/// The row of a turn that has ended.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CarriedTurn {
    pub(super) turn: String,
    pub(super) row: i64,
    pub(super) state: String,
}

/// What became of a thread that nobody looks at any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum PutAway {
    Archived,
    Deleted,
}

impl PutAway {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Archived => "archived",
            Self::Deleted => "deleted",
        }
    }
}

/// A row as the line protocol has it.
#[derive(Serialize, Deserialize)]
#[serde(bound(deserialize = "R: Deserialize<'de>, S: Deserialize<'de>"))]
pub(in crate::audit) struct RowRecord<S, R> {
    pub(in crate::audit) database: S,
    #[serde(flatten)]
    pub(in crate::audit) row: R,
}

/// Hands out each row that a log is held against, and the name of each other thread; whatever the age of the schema, what
/// it does not have is not compared.
pub(in crate::audit) fn each_row(
    connection: &Connection,
    (file, order): (&str, usize),
    audit: &Audit,
    mut take: impl FnMut(&DatedDatabase, CarriedRow) -> Result<(), BadDatabase>,
) -> Result<(), BadDatabase> {
    let stores = Stores::of(connection)?;
    let now = match audit.at.as_deref().and_then(instant) {
        Some(now) => Some(now),
        None => stores.newest(connection)?,
    };
    let source = DatedDatabase {
        file: file.to_owned(),
        order,
        now,
        old: i64::from(audit.old_minutes) * 60_000,
        follows_turns: stores.closes_turn_rows(),
    };
    let (mut others, put_away) = stores.threads(connection)?;
    let row = |thread_id: String| CarriedRow {
        put_away: fate(&put_away, &thread_id),
        thread_id,
        session: None,
        ended: None,
    };
    if stores.missing(&[(SESSIONS, SESSION)]).is_none() {
        let updated_at = stores.or_null(SESSIONS, "s", "updated_at");
        let mut query = connection.prepare(&format!(
            "SELECT s.thread_id, s.status, NULLIF(s.active_turn_id, ''), {updated_at} FROM {SESSIONS} s"
        ))?;
        let mut found = query.query([])?;
        while let Some(session) = found.next()? {
            let (Some(thread_id), Some(status)) = (text(session, 0)?, text(session, 1)?) else {
                continue;
            };
            others.remove(&thread_id);
            let session = CarriedSession {
                status,
                turn: text(session, 2)?,
                updated_at: text(session, 3)?,
            };
            let mut row = row(thread_id);
            row.session = Some(session);
            take(&source, row)?;
        }
    }
    let needs: &[&str] = &["thread_id", "turn_id", "state"];
    if stores.missing(&[(TURNS, needs)]).is_none() {
        let mut query = connection.prepare(&format!(
            "SELECT rowid, thread_id, turn_id, state FROM {TURNS} \
             WHERE turn_id IS NOT NULL AND state IN ('completed', 'interrupted', 'error')"
        ))?;
        let mut found = query.query([])?;
        while let Some(turn) = found.next()? {
            let (Some(thread_id), Some(name), Some(state)) =
                (text(turn, 1)?, text(turn, 2)?, text(turn, 3)?)
            else {
                continue;
            };
            others.remove(&thread_id);
            let mut row = row(thread_id);
            row.ended = Some(CarriedTurn {
                row: turn.get(0)?,
                turn: name,
                state,
            });
            take(&source, row)?;
        }
    }
    others
        .into_iter()
        .try_for_each(|thread| take(&source, row(thread)))
}

fn fate(put_away: &BTreeMap<String, &'static str>, thread: &str) -> Option<PutAway> {
    Some(match *put_away.get(thread)? {
        "deleted" => PutAway::Deleted,
        _ => PutAway::Archived,
    })
}
