//! What the stored events of the sessions say, beside the rows that were projected from them.

use session_lifecycle::Status;

use super::plan::{self, StoredSession};
use super::stores::{BINDINGS, EVENT, EVENTS, SESSION, SESSIONS, text};
use super::{Found, LACKING, Questions, finding_unless, last_work, unknown};
use crate::audit::finding::{Check, Place, Severity};
use crate::audit::log::status as known;

impl Questions<'_> {
    /// The last event of each session, with NULL for whatever the schema does not have.
    fn select_last_events(&self) -> String {
        let (mut word, mut sessions) = ("NULL", String::new());
        if self.stores.missing(&[(SESSIONS, SESSION)]).is_none() {
            word = "s.status";
            sessions = format!("LEFT JOIN {SESSIONS} s ON s.thread_id = l.stream_id");
        }
        let (mut last_seen, mut bindings) = ("NULL", String::new());
        if self
            .stores
            .missing(&[(BINDINGS, &["thread_id", "last_seen_at"])])
            .is_none()
        {
            last_seen = "b.last_seen_at";
            bindings = format!("LEFT JOIN {BINDINGS} b ON b.thread_id = l.stream_id");
        }
        let turn = "NULLIF(json_extract(l.payload_json, '$.session.activeTurnId'), '')";
        let worked = self.stores.last_work("l.stream_id", turn);
        // With MAX alone in the list, SQLite takes the other columns from the row that has it.
        format!(
            "WITH l AS (SELECT stream_id, MAX(sequence) AS sequence, occurred_at, \
             CASE WHEN json_valid(payload_json) THEN payload_json END AS payload_json FROM {EVENTS} WHERE event_type = 'thread.session-set' GROUP BY stream_id) \
             SELECT l.sequence, l.stream_id, l.occurred_at, json_extract(l.payload_json, '$.session.status'), \
             {turn}, json_extract(l.payload_json, '$.session.lastError'), \
             {word}, {last_seen}, CASE WHEN {word} IN ('starting', 'running', 'waiting') THEN {worked} END, \
             l.payload_json IS NULL FROM l {sessions} {bindings} ORDER BY l.stream_id"
        )
    }

    /// Sessions whose last event leaves them at work.
    pub(super) fn events(&mut self) -> rusqlite::Result<()> {
        if !self.can(Check::OldWorkInEvents, &[(EVENTS, EVENT)]) {
            return Ok(());
        }
        let select = self.select_last_events();
        let mut query = self.connection.prepare(&select)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let sequence: i64 = row.get(0)?;
            let (Some(thread_id), Some(time)) = (text(row, 1)?, text(row, 2)?) else {
                self.not_judged(&format!("row {sequence} of {EVENTS}"), LACKING);
                continue;
            };
            if row.get(9)? {
                self.not_judged(
                    &format!("row {sequence} of {EVENTS}"),
                    "has a payload that is no JSON",
                );
                continue;
            }
            let Some(word) = text(row, 3)? else {
                continue;
            };
            let Some(status) = known(&word) else {
                let whose = format!("row {sequence} of {EVENTS} says that the session");
                self.not_judged(&whose, &unknown(&word));
                continue;
            };
            if !status.is_active() {
                continue;
            }
            let (turn, last_error) = (text(row, 4)?, text(row, 5)?);
            let (row_word, last_seen, worked_at) = (text(row, 6)?, text(row, 7)?, text(row, 8)?);
            let stored = StoredSession {
                thread_id: &thread_id,
                word: &word,
                status,
                turn: turn.as_deref(),
                last_error: last_error.as_deref(),
            };
            if self.repaired.contains(&thread_id) {
                // What the row is to say must hold when the events are projected anew, however young they are.
                let write = plan::session_event(&stored, sequence, &self.now_text());
                self.answer.repairs.push(write);
            }
            if !self.is_old(Some(&time)) {
                continue;
            }
            let row_works = row_word
                .as_deref()
                .and_then(known)
                .is_some_and(Status::is_active);
            let heard_of = last_seen
                .as_deref()
                .is_some_and(|seen| !self.is_old(Some(seen)));
            let goes_on = self.goes_on(worked_at.as_deref(), Some(&time));
            let severity = finding_unless(&[row_works && (heard_of || goes_on)]);
            let on_turn = turn.as_ref().map_or_else(
                || "with no turn".to_owned(),
                |turn| format!("on turn {turn}"),
            );
            let shown = match &row_word {
                Some(row_word) if !row_works => format!(", and its row says {row_word}"),
                _ => String::new(),
            };
            let work = last_work(worked_at.as_deref());
            let message = format!(
                "the last event of the session leaves it {word} {on_turn}, long ago{shown}{work}"
            );
            let found = Found {
                thread_id: &thread_id,
                turn: turn.as_deref(),
                place: Place::Row {
                    table: EVENTS,
                    row: sequence.to_string(),
                },
                time: Some(&time),
            };
            self.add(Check::OldWorkInEvents, severity, found, message);
            if severity == Severity::Finding {
                let write = plan::session_event(&stored, sequence, &self.now_text());
                self.answer.repairs.push(write);
            }
        }
        Ok(())
    }
}
