//! The rows that databases hold of a thread, held against what its log says.
//!
//! A row may be older than the log, or the log older than the row: either explains a difference. It does not where the
//! database goes on for long after what its row misses, or the log after what it contradicts.

use std::rc::Rc;

use session_lifecycle::{Event, Settlement, TurnChange, TurnId, TurnOutcome};

use super::seen::{Notes, Seen, finding_unless, gap};
use super::thread::{Thread, named};
use crate::audit::database::{SESSIONS, SessionRow, TURNS, ThreadRows};
use crate::audit::finding::{Check, Severity};

/// The rows of a thread, and what of its log concerns them.
#[derive(Debug, Default)]
pub(super) struct HeldRows {
    held: Vec<HeldRow>,
    /// Since when the session has been at rest.
    rested: Option<Seen>,
    exited: Option<Seen>,
}

/// One row, and what the log says of the turn that it names.
#[derive(Debug)]
struct HeldRow {
    row: Rc<ThreadRows>,
    /// Where the row's turn ended, and whether that was reported.
    settled: Option<(Seen, bool)>,
    /// The first sign of life that the active turn gave after the row was last written.
    alive: Option<Seen>,
}

impl HeldRows {
    pub(super) fn of(rows: &[Rc<ThreadRows>]) -> Option<Box<Self>> {
        let held = |row: &Rc<ThreadRows>| HeldRow {
            row: Rc::clone(row),
            settled: None,
            alive: None,
        };
        (!rows.is_empty()).then(|| {
            Box::new(Self {
                held: rows.iter().map(held).collect(),
                ..Self::default()
            })
        })
    }
}

impl HeldRow {
    /// The row, if it shows rest and was written while the turn that is active now went on.
    fn rest_since(&self, began: &Seen) -> Option<i64> {
        let session = self.row.session.as_ref()?;
        let updated = session.updated_at.filter(|_| !session.status.is_active())?;
        began
            .at
            .is_some_and(|began| began < updated)
            .then_some(updated)
    }
}

impl Thread {
    /// Whether a row shows rest during the active turn, and the log has not decided whether that was so.
    pub(super) fn holds_rows_to_something(&self) -> bool {
        let (Some(rows), Some(began)) = (&self.rows, &self.began) else {
            return false;
        };
        self.session.active_turn().is_some()
            && rows
                .held
                .iter()
                .any(|held| held.alive.is_none() && held.rest_since(began).is_some())
    }

    /// Before the event is folded: a sign of life of the active turn.
    pub(super) fn note_life(&mut self, event: &Event, seen: &Seen) {
        let (Some(rows), Some(began)) = (&mut self.rows, &self.began) else {
            return;
        };
        let active = self.session.active_turn();
        if active.is_none() || named(event) != active {
            return;
        }
        for held in &mut rows.held {
            let since = held.rest_since(began);
            if held.alive.is_none() && since.is_some_and(|since| seen.at > Some(since)) {
                held.alive = Some(seen.clone());
            }
        }
    }

    /// After an event that has a say was folded.
    pub(super) fn note_for_rows(
        &mut self,
        change: Option<&TurnChange>,
        seen: &Seen,
        notes: &mut Notes<'_>,
    ) {
        let (is_active, is_closed) = (self.session.status().is_active(), self.session.is_closed());
        let Some(rows) = &mut self.rows else { return };
        if is_active {
            rows.rested = None;
        } else if rows.rested.is_none() {
            rows.rested = Some(seen.clone());
        }
        if !is_closed {
            rows.exited = None;
        } else if rows.exited.is_none() {
            rows.exited = Some(seen.clone());
        }
        match change {
            Some(TurnChange::Began(_)) => rows.held.iter_mut().for_each(|held| held.alive = None),
            Some(TurnChange::Settled(turn, how) | TurnChange::Corrected(turn, how)) => {
                for held in &mut rows.held {
                    let session = held.row.session.as_ref();
                    if session.is_some_and(|session| session.turn.as_ref() == Some(turn)) {
                        held.settled = Some((seen.clone(), how.is_reported()));
                    }
                    ended_otherwise(&held.row, turn, *how, self.asked, seen, notes);
                }
            }
            None => {}
        }
    }

    /// The log ends: what it ends with, beside what each row shows.
    pub(super) fn finish_rows(&self, gaps: u64, notes: &mut Notes<'_>) {
        let Some(rows) = &self.rows else { return };
        let is_lost = |since: &Seen| since.gaps != gaps + self.lost;
        for held in &rows.held {
            let Some(session) = &held.row.session else {
                continue;
            };
            if !session.status.is_active() {
                self.row_rests(held, session, notes);
                continue;
            }
            let exited = rows.exited.as_ref();
            if let Some(exited) = exited.filter(|exited| !session.is_after(exited)) {
                let severity = finding_unless(&[
                    !held.row.is_old(exited.at),
                    session.updated_at.is_none(),
                    is_lost(exited),
                ]);
                let what = "the provider left here".to_owned();
                held.tell(
                    Check::RowWorksAfterExit,
                    severity,
                    session,
                    exited,
                    what,
                    notes,
                );
            } else if let (Some((ended, reported)), Some(turn)) = (&held.settled, &session.turn) {
                let both = ended.at.zip(session.updated_at);
                let later = both.map(|(ended, updated)| ended.max(updated));
                // What ends by inference may have gone on, if the row is the younger of the two.
                let inferred = !reported && session.is_after(ended);
                let severity = finding_unless(&[!held.row.is_old(later), inferred]);
                let what = format!("turn {turn} ended here");
                held.tell(
                    Check::RowKeepsSettledTurn,
                    severity,
                    session,
                    ended,
                    what,
                    notes,
                );
            } else if exited.is_some() {
                // The row is younger than the exit: the log is merely the older of the two.
            } else if let Some(active) = self.session.active_turn() {
                self.row_works(held, session, active, is_lost, notes);
            } else if let Some(rested) = rows.rested.as_ref() {
                if session.is_after(rested) {
                    continue;
                }
                let severity = finding_unless(&[
                    !held.row.is_old(rested.at),
                    session.updated_at.is_none(),
                    // A turn that the log never saw: its lines are missing.
                    session.turn.is_some(),
                    is_lost(rested),
                ]);
                let what = format!("the session came to rest here ({})", self.session.status());
                held.tell(
                    Check::RowWorksAtRest,
                    severity,
                    session,
                    rested,
                    what,
                    notes,
                );
            }
        }
    }

    /// The row works, and so does the log: on the same turn, or on a younger one.
    fn row_works(
        &self,
        held: &HeldRow,
        session: &SessionRow,
        active: &TurnId,
        is_lost: impl Fn(&Seen) -> bool,
        notes: &mut Notes<'_>,
    ) {
        let (Some(began), Some(shown)) = (&self.began, &session.turn) else {
            return;
        };
        if shown == active || session.is_after(began) {
            return;
        }
        let severity = finding_unless(&[
            !held.row.is_old(began.at),
            session.updated_at.is_none(),
            is_lost(began),
        ]);
        let what = format!("turn {active} began here");
        held.tell(
            Check::RowNamesAnotherTurn,
            severity,
            session,
            began,
            what,
            notes,
        );
    }

    /// The row rests: against a turn that gave signs of life since, or that began since.
    fn row_rests(&self, held: &HeldRow, session: &SessionRow, notes: &mut Notes<'_>) {
        let (Some(active), Some(began)) = (self.session.active_turn(), &self.began) else {
            return;
        };
        if let Some(alive) = &held.alive {
            let severity = finding_unless(&[self.asked, gap(Some(began), alive)]);
            let what = format!("turn {active} goes on here");
            held.tell(
                Check::RowRestsDuringTurn,
                severity,
                session,
                alive,
                what,
                notes,
            );
        } else if !session.is_after(began) {
            let severity =
                finding_unless(&[!held.row.is_old(began.at), session.updated_at.is_none()]);
            let what = format!("turn {active} began here and has not ended");
            held.tell(
                Check::RowRestsDuringTurn,
                severity,
                session,
                began,
                what,
                notes,
            );
        }
    }
}

impl SessionRow {
    /// Whether the row was written for something that happened after this.
    fn is_after(&self, seen: &Seen) -> bool {
        matches!((self.updated_at, seen.at), (Some(updated), Some(at)) if updated > at)
    }
}

impl HeldRow {
    fn tell(
        &self,
        check: Check,
        severity: Severity,
        session: &SessionRow,
        seen: &Seen,
        what: String,
        notes: &mut Notes<'_>,
    ) {
        let place = self.row.place(SESSIONS, notes.thread_id.to_owned());
        let message = format!(
            "{what}, and the row {} {} of {} shows the session as {}{}",
            place.table,
            place.row,
            place.file,
            session.shows(),
            self.row.fate()
        );
        let turn = session.turn.as_ref();
        notes.add_beside(check, severity, turn, seen, message, Some(place));
    }
}

/// S8: the turn's own terminal event, beside the row of the turn.
fn ended_otherwise(
    row: &ThreadRows,
    turn: &TurnId,
    how: Settlement,
    asked: bool,
    seen: &Seen,
    notes: &mut Notes<'_>,
) {
    let Some((number, state)) = row.end_of(turn).filter(|_| how.is_reported()) else {
        return;
    };
    let (word, reported) = match how.outcome() {
        TurnOutcome::Completed => ("completed", "completed"),
        TurnOutcome::Failed => ("error", "failed"),
        TurnOutcome::Interrupted => ("interrupted", "interrupted"),
        TurnOutcome::Unreported => return,
    };
    if state == word {
        return;
    }
    // An older host ends the row by the message, and every host by the wish to interrupt.
    let severity = finding_unless(&[!row.follows_turns(), asked, !row.is_old(seen.at)]);
    let place = row.place(TURNS, number.to_string());
    let message = format!(
        "turn {turn} is reported as {reported} here, and the row {} {} of {} says {state}{}",
        place.table,
        place.row,
        place.file,
        row.fate()
    );
    let check = Check::RowEndsTurnOtherwise;
    notes.add_beside(check, severity, Some(turn), seen, message, Some(place));
}
