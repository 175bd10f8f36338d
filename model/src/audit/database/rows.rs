//! The rows that a log is held against: what the databases show of each thread.

use std::collections::HashMap;
use std::rc::Rc;

use rusqlite::Connection;
use session_lifecycle::{Status, TurnId};

use super::carried::{CarriedRow, CarriedSession, DatedDatabase, PutAway, each_row};
use super::status;
use crate::audit::finding::Beside;
use crate::audit::time::instant;
use crate::audit::{Audit, BadDatabase};

/// The rows of every thread, in all databases.
#[derive(Debug, Default)]
pub(in crate::audit) struct Rows {
    /// Each thread that a database names, be it without a row that a log is held against.
    threads: HashMap<String, Vec<Rc<ThreadRows>>>,
    sources: Vec<Rc<DatedDatabase>>,
}

/// What one database shows of a thread.
#[derive(Clone, Debug)]
pub(in crate::audit) struct ThreadRows {
    source: Rc<DatedDatabase>,
    pub(in crate::audit) session: Option<SessionRow>,
    /// The number and the state of the rows of turns that have ended.
    ended: HashMap<String, (i64, String)>,
    put_away: Option<PutAway>,
}

/// The row of a session.
#[derive(Clone, Debug)]
pub(in crate::audit) struct SessionRow {
    pub(in crate::audit) status: Status,
    pub(in crate::audit) turn: Option<TurnId>,
    pub(in crate::audit) updated_at: Option<i64>,
    shown_at: String,
}

impl Rows {
    pub(in crate::audit) fn of(&self, thread_id: &str) -> &[Rc<ThreadRows>] {
        self.threads.get(thread_id).map_or(&[], Vec::as_slice)
    }

    /// Whether a database names the thread.
    pub(in crate::audit) fn name(&self, thread_id: &str) -> bool {
        self.threads.contains_key(thread_id)
    }

    /// Takes the rows of a database, after those of the ones before it; all of them or none.
    pub(in crate::audit) fn add(
        &mut self,
        connection: &Connection,
        source: (&str, usize),
        audit: &Audit,
    ) -> Result<(), BadDatabase> {
        let mut rows = Self::default();
        each_row(connection, source, audit, |source, row| {
            rows.take(source, row);
            Ok(())
        })?;
        for (thread, mut added) in rows.threads {
            self.threads.entry(thread).or_default().append(&mut added);
        }
        Ok(())
    }

    /// Takes one row, wherever it comes from; of a thread, the databases stand in their order.
    pub(in crate::audit) fn take(&mut self, source: &DatedDatabase, row: CarriedRow) {
        let known = self.sources.iter().find(|known| ***known == *source);
        let source = known.cloned().unwrap_or_else(|| {
            self.sources.push(Rc::new(source.clone()));
            Rc::clone(&self.sources[self.sources.len() - 1])
        });
        let rows = self.threads.entry(row.thread_id).or_default();
        if row.session.is_none() && row.ended.is_none() {
            return;
        }
        let at = rows.partition_point(|known| known.source.order < source.order);
        if rows.get(at).is_none_or(|known| known.source != source) {
            let row = ThreadRows {
                source,
                session: None,
                ended: HashMap::new(),
                put_away: row.put_away,
            };
            rows.insert(at, Rc::new(row));
        }
        let known = Rc::make_mut(&mut rows[at]);
        if let Some(session) = row.session {
            known.session = session.read();
        }
        if let Some(turn) = row.ended {
            known.ended.insert(turn.turn, (turn.row, turn.state));
        }
    }
}

impl ThreadRows {
    /// Whether the database goes on for long after this moment, so that its being the older store explains nothing.
    pub(in crate::audit) fn is_old(&self, at: Option<i64>) -> bool {
        matches!((self.source.now, at), (Some(now), Some(at)) if now.saturating_sub(at) >= self.source.old)
    }

    /// Whether the host is of the age in which the end of a turn closes its row.
    pub(in crate::audit) fn follows_turns(&self) -> bool {
        self.source.follows_turns
    }

    /// The number and the state of a turn's row, if it has ended.
    pub(in crate::audit) fn end_of(&self, turn: &TurnId) -> Option<(i64, &str)> {
        let (number, state) = self.ended.get(turn.as_str())?;
        Some((*number, state))
    }

    pub(in crate::audit) fn place(&self, table: &'static str, row: String) -> Beside {
        let file = self.source.file.clone();
        Beside { file, table, row }
    }

    /// `; the thread is archived`, where it is.
    pub(in crate::audit) fn fate(&self) -> String {
        self.put_away.map_or_else(String::new, |how| {
            format!("; the thread is {}", how.as_str())
        })
    }
}

impl CarriedSession {
    /// What a log is held against; nothing, if the status is none that is known.
    fn read(self) -> Option<SessionRow> {
        Some(SessionRow {
            status: status(&self.status)?,
            turn: self.turn.map(TurnId::from),
            updated_at: self.updated_at.as_deref().and_then(instant),
            shown_at: self
                .updated_at
                .map_or_else(String::new, |at| format!(" since {at}")),
        })
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
