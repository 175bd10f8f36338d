//! What the rows of the sessions say, beside those of their turns and providers.

use rusqlite::Row;
use session_lifecycle::Status;

use super::plan::{self, StoredSession};
use super::stores::{BINDINGS, SESSION, SESSIONS, TURNS, text};
use super::{Found, LACKING, Questions, finding_unless, last_work, status, unknown};
use crate::audit::finding::{Check, Place, Severity};

/// A session with what the other tables say of it.
struct SessionJoin {
    thread_id: String,
    word: String,
    turn: Option<String>,
    last_error: Option<String>,
    updated_at: Option<String>,
    turn_state: Option<String>,
    turn_completed_at: Option<String>,
    pending: i64,
    binding: Option<String>,
    binding_turn: Option<String>,
    is_bound: bool,
    /// The binding says something, whether or not it names a turn.
    has_payload: bool,
    /// When the provider last showed work of the turn, or of any where the session has none.
    worked_at: Option<String>,
}

impl SessionJoin {
    /// `None` for a row of no thread, or without a status.
    fn read(row: &Row<'_>) -> rusqlite::Result<Option<Self>> {
        let (Some(thread_id), Some(word)) = (text(row, 0)?, text(row, 1)?) else {
            return Ok(None);
        };
        Ok(Some(Self {
            thread_id,
            word,
            turn: text(row, 2)?,
            last_error: text(row, 3)?,
            updated_at: text(row, 4)?,
            turn_state: text(row, 5)?,
            turn_completed_at: text(row, 6)?,
            pending: row.get(7)?,
            binding: text(row, 8)?,
            binding_turn: text(row, 9)?,
            is_bound: row.get(10)?,
            has_payload: row.get(11)?,
            worked_at: text(row, 12)?,
        }))
    }

    fn stored(&self, status: Status) -> StoredSession<'_> {
        StoredSession {
            thread_id: &self.thread_id,
            word: &self.word,
            status,
            turn: self.turn.as_deref(),
            last_error: self.last_error.as_deref(),
        }
    }
}

impl Questions<'_> {
    /// Everything that starts from a session's row.
    pub(super) fn sessions(&mut self) -> rusqlite::Result<()> {
        let asks_sessions = self.can(Check::StoredInactiveWithTurn, &[(SESSIONS, SESSION)]);
        let asks_turns = self.can(
            Check::StoredTurnEnded,
            &[
                (SESSIONS, SESSION),
                (TURNS, &["thread_id", "turn_id", "state"]),
            ],
        );
        let asks_bindings = self.can(
            Check::StoredWorkWithoutProvider,
            &[(SESSIONS, SESSION), (BINDINGS, &["thread_id", "status"])],
        );
        self.can(Check::StoredWorkWithoutTurn, &[(SESSIONS, SESSION)]);
        self.can(
            Check::StoresNameDifferentTurns,
            &[
                (SESSIONS, SESSION),
                (BINDINGS, &["thread_id", "runtime_payload_json"]),
            ],
        );
        if !asks_sessions {
            return Ok(());
        }
        let select = self.select_sessions(asks_turns);
        let mut query = self.connection.prepare(&select)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let Some(session) = SessionJoin::read(row)? else {
                self.not_judged(&format!("a row of {SESSIONS}"), LACKING);
                continue;
            };
            let Some(status) = status(&session.word) else {
                let whose = format!("the session of thread {}", session.thread_id);
                self.not_judged(&whose, &unknown(&session.word));
                continue;
            };
            let severities = [
                self.inactive_with_turn(&session, status),
                self.turn_ended(&session, status),
                self.work_without_turn(&session, status),
                asks_bindings
                    .then(|| self.work_without_provider(&session, status))
                    .flatten(),
            ];
            self.different_turns(&session);
            if severities.contains(&Some(Severity::Finding)) {
                let (stored, now) = (session.stored(status), self.now_text());
                let writes = plan::session(&stored, &self.stores, &now, asks_turns);
                self.answer.repairs.extend(writes);
                self.repaired.insert(session.thread_id);
            }
        }
        Ok(())
    }

    /// One row a session, with NULL for whatever the schema does not have.
    fn select_sessions(&self, with_turns: bool) -> String {
        let stores = &self.stores;
        let session = |column| stores.or_null(SESSIONS, "s", column);
        let (mut turn, mut turns, mut pending) =
            ("NULL, NULL".to_owned(), String::new(), "0".to_owned());
        if with_turns {
            turn = format!("t.state, {}", stores.or_null(TURNS, "t", "completed_at"));
            turns = format!(
                "LEFT JOIN {TURNS} t ON t.thread_id = s.thread_id AND t.turn_id = s.active_turn_id"
            );
            pending = format!(
                "(SELECT COUNT(*) FROM {TURNS} p WHERE p.thread_id = s.thread_id AND p.turn_id IS NULL AND p.state = 'pending')"
            );
        }
        let (mut binding, mut bindings) = ("NULL, NULL, 0, 0".to_owned(), String::new());
        if stores.has(BINDINGS, "thread_id") {
            let payload = stores.or_null(BINDINGS, "b", "runtime_payload_json");
            binding = format!(
                "{}, CASE WHEN json_valid({payload}) THEN json_extract({payload}, '$.activeTurnId') END, b.thread_id IS NOT NULL, IFNULL(json_valid({payload}), 0)",
                stores.or_null(BINDINGS, "b", "status")
            );
            bindings = format!("LEFT JOIN {BINDINGS} b ON b.thread_id = s.thread_id");
        }
        let worked = stores.last_work("s.thread_id", "NULLIF(s.active_turn_id, '')");
        format!(
            "SELECT s.thread_id, s.status, NULLIF(s.active_turn_id, ''), {}, {}, {turn}, {pending}, {binding}, \
             CASE WHEN s.status IN ('starting', 'running', 'waiting') THEN {worked} END \
             FROM {SESSIONS} s {turns} {bindings} ORDER BY s.thread_id",
            session("last_error"),
            session("updated_at"),
        )
    }

    fn add_session(
        &mut self,
        check: Check,
        severity: Severity,
        session: &SessionJoin,
        message: String,
    ) -> Option<Severity> {
        let row = Found {
            thread_id: &session.thread_id,
            turn: session.turn.as_deref(),
            place: Place::Row {
                table: SESSIONS,
                row: session.thread_id.clone(),
            },
            time: session.updated_at.as_deref(),
        };
        self.add(check, severity, row, message);
        Some(severity)
    }

    fn inactive_with_turn(&mut self, session: &SessionJoin, status: Status) -> Option<Severity> {
        let turn = session.turn.as_ref().filter(|_| !status.is_active())?;
        // The host itself writes the turn of a failure into the session in error.
        let severity = finding_unless(&[status == Status::Error]);
        let message = format!("the session is {status} and points at turn {turn}");
        self.add_session(Check::StoredInactiveWithTurn, severity, session, message)
    }

    fn turn_ended(&mut self, session: &SessionJoin, status: Status) -> Option<Severity> {
        let turn = session.turn.as_ref().filter(|_| status.is_active())?;
        let state = session.turn_state.as_deref()?;
        if !["completed", "interrupted", "error"].contains(&state) {
            return None;
        }
        // The end of a message may close the row a moment before the turn ends.
        let since = session
            .turn_completed_at
            .as_deref()
            .or(session.updated_at.as_deref());
        let goes_on = self.goes_on(session.worked_at.as_deref(), since);
        let severity = finding_unless(&[!self.is_old(since), goes_on]);
        let work = last_work(session.worked_at.as_deref());
        let message = format!("the session is {status} on turn {turn}, whose row is {state}{work}");
        self.add_session(Check::StoredTurnEnded, severity, session, message)
    }

    fn work_without_turn(&mut self, session: &SessionJoin, status: Status) -> Option<Severity> {
        // Young, it is legal: a turn is on its way, or the provider has said that it is busy.
        if !status.is_active()
            || session.turn.is_some()
            || !self.is_old(session.updated_at.as_deref())
        {
            return None;
        }
        let pending = match session.pending {
            0 => "no turn waits to start".to_owned(),
            1 => "one turn waits to start".to_owned(),
            some => format!("{some} turns wait to start"),
        };
        let goes_on = self.goes_on(session.worked_at.as_deref(), session.updated_at.as_deref());
        let work = last_work(session.worked_at.as_deref());
        let message =
            format!("the session is {status} with no turn, and has long been; {pending}{work}");
        let severity = finding_unless(&[goes_on]);
        self.add_session(Check::StoredWorkWithoutTurn, severity, session, message)
    }

    fn work_without_provider(&mut self, session: &SessionJoin, status: Status) -> Option<Severity> {
        if !status.is_active() {
            return None;
        }
        let binding = match (session.is_bound, session.binding.as_deref()) {
            (false, _) => "is bound to no provider".to_owned(),
            (true, Some(word @ ("stopped" | "error"))) => format!("its provider is {word}"),
            (true, _) => return None,
        };
        // A provider that is being launched is bound in a moment.
        let launching = status == Status::Starting && !self.is_old(session.updated_at.as_deref());
        let severity = finding_unless(&[launching]);
        let message = format!("the session is {status}, and {binding}");
        self.add_session(Check::StoredWorkWithoutProvider, severity, session, message)
    }

    /// Between turns the binding names the last one by design: only a session that points at a turn says anything.
    fn different_turns(&mut self, session: &SessionJoin) {
        let Some(turn) = &session.turn else {
            return;
        };
        if session.has_payload && session.binding_turn.as_ref() != Some(turn) {
            let bound = match &session.binding_turn {
                Some(bound) => format!("turn {bound}"),
                None => "none".to_owned(),
            };
            let message = format!(
                "the session points at turn {turn}, and the binding of its provider at {bound}"
            );
            self.add_session(
                Check::StoresNameDifferentTurns,
                Severity::Hint,
                session,
                message,
            );
        }
    }
}
