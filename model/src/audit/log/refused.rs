//! Starts and ends that the rules refuse, and what is said of them.

use session_lifecycle::TurnId;

use super::seen::{Notes, Seen, finding_unless, gap};
use super::thread::{STRANGERS, Thread, remember};
use crate::audit::finding::{Check, Severity};

impl Thread {
    /// S3: a settled turn is said to start.
    pub(super) fn came_back(&self, turn: &TurnId, seen: &Seen, notes: &mut Notes<'_>) {
        let over = self.left_without_report(turn, seen).or_else(|| {
            let (_, end) = self.end_of(turn)?;
            Some((end, format!("it had ended at {}", end.from(seen))))
        });
        // Made before the end, it only arrived late, or twice.
        let (late, over) = over.map_or_else(
            || {
                (
                    self.is_from_before_all_ends(seen),
                    "it had ended before".to_owned(),
                )
            },
            |(at, over)| (seen.is_older_than(at), over),
        );
        let message = if late {
            format!("a start of turn {turn} came late: {over}")
        } else {
            format!("turn {turn} is said to start, and {over}")
        };
        notes.add(
            Check::SettledTurnStarted,
            finding_unless(&[late]),
            Some(turn),
            seen,
            message,
        );
    }

    pub(super) fn started_closed(
        &mut self,
        turn: Option<&TurnId>,
        seen: &Seen,
        notes: &mut Notes<'_>,
    ) {
        if let Some(turn) = turn {
            if self.session.ledger().get(turn.as_str()).is_some() && !self.strangers.contains(turn)
            {
                return self.came_back(turn, seen, notes);
            }
            remember(&mut self.strangers, STRANGERS, turn.clone());
        }
        let exited = self.exited.as_ref();
        let late = exited.is_some_and(|exited| seen.is_older_than(exited));
        let place = exited.map_or_else(
            || "before".to_owned(),
            |exited| format!("at {}", exited.from(seen)),
        );
        let turn_name = turn.map_or_else(
            || "a turn without a name".to_owned(),
            |turn| format!("turn {turn}"),
        );
        let message = format!("{turn_name} is said to start, and the session had exited {place}");
        let severity = finding_unless(&[late, gap(exited, seen)]);
        notes.add(Check::StartAfterExit, severity, turn, seen, message);
    }

    pub(super) fn ended_another(
        &mut self,
        active: &TurnId,
        named: &TurnId,
        seen: &Seen,
        notes: &mut Notes<'_>,
    ) {
        if self.strangers.contains(named) {
            return;
        }
        let began = self.began.as_ref();
        let late = began.is_some_and(|began| seen.is_older_than(began));
        let severity = finding_unless(&[late, !self.announced, gap(began, seen)]);
        let message = format!(
            "turn {named}, which never began, is said to end while turn {active} is active"
        );
        notes.add(Check::ForeignEnd, severity, Some(named), seen, message);
        remember(&mut self.strangers, STRANGERS, named.clone());
    }

    /// Some adapters do it by design, so that it is never more than a hint.
    pub(super) fn ended_unnamed(&self, seen: &Seen, notes: &mut Notes<'_>) {
        if let Some(active) = self.session.active_turn() {
            let message =
                format!("a turn is said to end without a name while turn {active} is active");
            notes.add(
                Check::UnnamedEnd,
                Severity::Hint,
                Some(active),
                seen,
                message,
            );
        }
    }
}
