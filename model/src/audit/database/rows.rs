//! The rows that a log is held against: what the databases show of each thread.

use std::collections::HashMap;
use std::rc::Rc;

use rusqlite::Connection;
use session_lifecycle::{Status, TurnId};

use super::status;
use super::stores::{SESSION, SESSIONS, Stores, TURNS};
use crate::audit::finding::Beside;
use crate::audit::time::instant;
use crate::audit::{Audit, BadDatabase};

/// The rows of every thread, in all databases.
#[derive(Debug, Default)]
pub(in crate::audit) struct Rows {
    threads: HashMap<String, Vec<Rc<Row>>>,
}

/// What one database shows of a thread.
#[derive(Debug)]
pub(in crate::audit) struct Row {
    source: Rc<Source>,
    pub(in crate::audit) session: Option<SessionRow>,
    /// The number and the state of the rows of turns that have ended.
    ended: HashMap<String, (i64, String)>,
    /// `archived` or `deleted`.
    put_away: Option<&'static str>,
}

/// The row of a session.
#[derive(Debug)]
pub(in crate::audit) struct SessionRow {
    pub(in crate::audit) status: Status,
    pub(in crate::audit) turn: Option<TurnId>,
    pub(in crate::audit) updated_at: Option<i64>,
    shown_at: String,
}

/// A database, and how old things in it are.
#[derive(Debug)]
struct Source {
    name: String,
    now: Option<i64>,
    old: i64,
    closes_turn_rows: bool,
}

impl Rows {
    pub(in crate::audit) fn of(&self, thread_id: &str) -> &[Rc<Row>] {
        self.threads.get(thread_id).map_or(&[], Vec::as_slice)
    }

    /// Takes the rows of a database. What its schema does not have is not compared.
    pub(in crate::audit) fn add(
        &mut self,
        connection: &Connection,
        name: &str,
        audit: &Audit,
    ) -> Result<(), BadDatabase> {
        let stores = Stores::of(connection)?;
        let now = match audit.at.as_deref().and_then(instant) {
            Some(now) => Some(now),
            None => stores.newest(connection)?,
        };
        let source = Rc::new(Source {
            name: name.to_owned(),
            now,
            old: i64::from(audit.old_minutes) * 60_000,
            closes_turn_rows: stores.closes_turn_rows(),
        });
        let (_, put_away) = stores.threads(connection)?;
        let mut rows: HashMap<String, Row> = HashMap::new();
        let row = |thread: &str| Row {
            source: Rc::clone(&source),
            session: None,
            ended: HashMap::new(),
            put_away: put_away.get(thread).copied(),
        };
        if stores.missing(&[(SESSIONS, SESSION)]).is_none() {
            let updated_at = stores.or_null(SESSIONS, "s", "updated_at");
            let mut query = connection.prepare(&format!(
                "SELECT s.thread_id, s.status, NULLIF(s.active_turn_id, ''), {updated_at} FROM {SESSIONS} s"
            ))?;
            let mut found = query.query([])?;
            while let Some(session) = found.next()? {
                let (thread, word): (String, String) = (session.get(0)?, session.get(1)?);
                let (turn, updated): (Option<String>, Option<String>) =
                    (session.get(2)?, session.get(3)?);
                let Some(status) = status(&word) else {
                    continue;
                };
                let session = SessionRow {
                    status,
                    turn: turn.map(TurnId::from),
                    updated_at: updated.as_deref().and_then(instant),
                    shown_at: updated.map_or_else(String::new, |at| format!(" since {at}")),
                };
                let known = rows.entry(thread).or_insert_with_key(|thread| row(thread));
                known.session = Some(session);
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
                let (number, thread): (i64, String) = (turn.get(0)?, turn.get(1)?);
                let known = rows.entry(thread).or_insert_with_key(|thread| row(thread));
                known.ended.insert(turn.get(2)?, (number, turn.get(3)?));
            }
        }
        for (thread, row) in rows {
            self.threads.entry(thread).or_default().push(Rc::new(row));
        }
        Ok(())
    }
}

impl Row {
    /// Whether the database goes on for long after this moment, so that its being the older store explains nothing.
    pub(in crate::audit) fn is_old(&self, at: Option<i64>) -> bool {
        matches!((self.source.now, at), (Some(now), Some(at)) if now - at >= self.source.old)
    }

    /// Whether the host is of the age in which the end of a turn closes its row.
    pub(in crate::audit) fn follows_turns(&self) -> bool {
        self.source.closes_turn_rows
    }

    /// The number and the state of a turn's row, if it has ended.
    pub(in crate::audit) fn end_of(&self, turn: &TurnId) -> Option<(i64, &str)> {
        let (number, state) = self.ended.get(turn.as_str())?;
        Some((*number, state))
    }

    pub(in crate::audit) fn place(&self, table: &'static str, row: String) -> Beside {
        let file = self.source.name.clone();
        Beside { file, table, row }
    }

    /// `; the thread is archived`, where it is.
    pub(in crate::audit) fn fate(&self) -> String {
        self.put_away
            .map_or_else(String::new, |how| format!("; the thread is {how}"))
    }
}

impl SessionRow {
    /// `running on turn A since ...`.
    pub(in crate::audit) fn shows(&self) -> String {
        let on = self.turn.as_ref().map_or_else(
            || " with no turn".to_owned(),
            |turn| format!(" on turn {turn}"),
        );
        let on = if self.status.is_active() {
            on
        } else {
            String::new()
        };
        format!("{}{on}{}", self.status, self.shown_at)
    }
}
