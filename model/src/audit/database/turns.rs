//! What the rows of the turns say, beside that of their session.

use super::stores::{PENDING, SESSION, SESSIONS, TURNS, text};
use super::{Found, LACKING, Questions, finding_unless, plan};
use crate::audit::finding::{Check, Place, Severity};
use crate::audit::time::instant;

impl Questions<'_> {
    /// Turns whose rows are open, and which nobody works on.
    pub(super) fn open_turns(&mut self) -> rusqlite::Result<()> {
        let needs: &[(&'static str, &[&str])] = &[
            (TURNS, &["thread_id", "turn_id", "state"]),
            (SESSIONS, SESSION),
        ];
        if !self.can(Check::OpenTurnNotActive, needs) {
            return Ok(());
        }
        let started_at = self.stores.or_null(TURNS, "t", "started_at");
        let mut query = self.connection.prepare(&format!(
            "SELECT t.rowid, t.thread_id, t.turn_id, {started_at}, s.status, NULLIF(s.active_turn_id, '') FROM {TURNS} t \
             LEFT JOIN {SESSIONS} s USING (thread_id) \
             WHERE t.state = 'running' AND t.turn_id <> '' AND t.turn_id <> IFNULL(s.active_turn_id, '') ORDER BY t.thread_id, t.rowid"
        ))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(0)?;
            let (Some(thread_id), Some(turn)) = (text(row, 1)?, text(row, 2)?) else {
                self.not_judged(&format!("row {number} of {TURNS}"), LACKING);
                continue;
            };
            let (time, status, active) = (text(row, 3)?, text(row, 4)?, text(row, 5)?);
            let session = match (status, active) {
                (None, _) => "the thread has no session".to_owned(),
                (Some(status), None) => format!("the session is {status} with no turn"),
                (Some(status), Some(active)) => format!("the session is {status} on turn {active}"),
            };
            let message = format!("turn {turn} is open, and {session}");
            // An older host leaves the row of a turn without a message open, and means nothing by it.
            let severity = finding_unless(&[!self.stores.closes_turn_rows()]);
            let row = Found {
                thread_id: &thread_id,
                turn: Some(&turn),
                place: turn_row(number),
                time: time.as_deref(),
            };
            self.add(Check::OpenTurnNotActive, severity, row, message);
            if severity == Severity::Finding {
                let write = plan::open_turn(&thread_id, number, &self.stores, &self.now_text());
                self.answer.repairs.push(write);
            }
        }
        Ok(())
    }

    /// Turns that were asked for, and overtaken.
    pub(super) fn pending_turns(&mut self) -> rusqlite::Result<()> {
        if !self.can(Check::OrphanedPendingStart, &[(TURNS, PENDING)]) {
            return Ok(());
        }
        let mut query = self.connection.prepare(&format!(
            "SELECT p.rowid, p.thread_id, p.requested_at, MAX(d.completed_at) FROM {TURNS} p \
             JOIN {TURNS} d ON d.thread_id = p.thread_id AND d.turn_id IS NOT NULL \
             WHERE p.state = 'pending' AND p.turn_id IS NULL GROUP BY p.rowid ORDER BY p.thread_id, p.rowid"
        ))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(0)?;
            let (Some(thread_id), Some(requested)) = (text(row, 1)?, text(row, 2)?) else {
                self.not_judged(&format!("row {number} of {TURNS}"), LACKING);
                continue;
            };
            let Some(completed) = text(row, 3)? else {
                continue;
            };
            let is_before = match (instant(&requested), instant(&completed)) {
                (Some(requested), Some(completed)) => requested < completed,
                _ => requested < completed,
            };
            if is_before {
                let message = format!(
                    "a turn waits to start since {requested}, and another one ended at {completed}"
                );
                let row = Found {
                    thread_id: &thread_id,
                    turn: None,
                    place: turn_row(number),
                    time: Some(&requested),
                };
                self.add(Check::OrphanedPendingStart, Severity::Finding, row, message);
                let write = plan::pending_turn(&thread_id, number, &self.now_text());
                self.answer.repairs.push(write);
            }
        }
        Ok(())
    }
}

fn turn_row(number: i64) -> Place {
    Place::Row {
        table: TURNS,
        row: number.to_string(),
    }
}
