//! Two turns at once: which of them the thread goes on with.

use session_lifecycle::{Event, SessionState, TurnId};

use super::seen::{Notes, Seen, finding_unless, gap};
use super::thread::{STRANGERS, Thread, ends_turn, named, remember, starts_turn};
use crate::audit::finding::{Check, Severity};

/// A start that was refused because another turn is active.
#[derive(Debug)]
pub(super) struct Conflict {
    active: TurnId,
    offered: TurnId,
    began: Option<Seen>,
    /// The active turn was heard of since.
    alive: bool,
    /// Where a third turn was said to start.
    overtaken: Option<Seen>,
}

impl Thread {
    /// Whether the turn that was there first has given no sign of life since: any event may be one.
    pub(super) fn doubts_active_turn(&self) -> bool {
        self.conflict.as_deref().is_some_and(|conflict| {
            !conflict.alive && self.session.active_turn() == Some(&conflict.active)
        })
    }

    /// S12: a turn is said to start while another one is active.
    pub(super) fn conflicted(
        &mut self,
        active: &TurnId,
        offered: &TurnId,
        seen: &Seen,
        notes: &mut Notes<'_>,
    ) {
        let began = self.began.as_ref();
        let is_known = self.strangers.contains(offered);
        // Beside another turn than the one that it was refused beside, it is another conflict.
        let is_told = is_known
            && (self.conflict.as_deref()).is_some_and(|conflict| conflict.active == *active);
        if !is_told {
            let late = began.is_some_and(|began| seen.is_older_than(began));
            let place =
                began.map_or_else(String::new, |began| format!(" since {}", began.from(seen)));
            let message =
                format!("turn {offered} is said to start while turn {active} is active{place}");
            let severity = finding_unless(&[late, gap(began, seen)]);
            notes.add(Check::TurnConflict, severity, Some(offered), seen, message);
        }
        if !is_known {
            remember(&mut self.strangers, STRANGERS, offered.clone());
        }
        let before = self
            .conflict
            .take()
            .filter(|before| before.active == *active);
        self.conflict = Some(Box::new(Conflict {
            active: active.clone(),
            offered: offered.clone(),
            began: self.began.clone(),
            alive: false,
            overtaken: before.and_then(|before| before.overtaken),
        }));
    }

    /// After a conflict, the first turn either shows that it lives, or it was over all along.
    pub(super) fn go_on_after_conflict(
        &mut self,
        event: &Event,
        seen: &Seen,
        notes: &mut Notes<'_>,
    ) {
        let turn = named(event);
        let Some(conflict) = &mut self.conflict else {
            return;
        };
        if turn == Some(&conflict.active) {
            conflict.alive = true;
        }
        if conflict.alive || self.session.active_turn() != Some(&conflict.active) {
            return;
        }
        let third = |turn: &TurnId| *turn != conflict.offered && *turn != conflict.active;
        if starts_turn(event) && turn.is_some_and(third) {
            // Turns may overlap: a start alone is no proof.
            conflict.overtaken.get_or_insert_with(|| seen.clone());
            return;
        }
        let Some(other) = turn.filter(|turn| ends_turn(event) && self.strangers.contains(turn))
        else {
            return;
        };
        let Some(conflict) = self.conflict.take() else {
            return;
        };
        self.overtaken(conflict.active, conflict.began, seen, other, notes);
        // What the host must do as well, or no later turn of the thread would be believed.
        let rest = Event::SessionStateChanged {
            state: SessionState::Ready,
            reason: None,
        };
        self.session = std::mem::take(&mut self.session).apply(rest).session;
        self.began = None;
    }

    /// The log ends in the middle of a turn, which may go on behind its end; unless others have started meanwhile.
    pub(super) fn finish_active(&self, gaps: u64, notes: &mut Notes<'_>) {
        let (Some(turn), Some(began)) = (self.session.active_turn(), &self.began) else {
            return;
        };
        let conflict = self.conflict.as_ref().filter(|_| self.doubts_active_turn());
        let overtaken = conflict.and_then(|conflict| conflict.overtaken.as_ref());
        let (severity, place, message) = if let Some(at) = overtaken {
            let lost = at.gaps != gaps + self.lost;
            let message = format!(
                "turn {turn} began at {} and never ended: the thread went on with others",
                began.from(at)
            );
            (
                finding_unless(&[self.asked, gap(Some(began), at), lost]),
                at,
                message,
            )
        } else {
            let message = format!("turn {turn} began here, and had not ended when the log did");
            (Severity::Hint, began, message)
        };
        notes.add(
            Check::TurnNeverSettled,
            severity,
            Some(turn),
            place,
            message,
        );
    }
}
