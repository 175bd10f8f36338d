//! Two turns at once: which of them the thread goes on with.

use session_lifecycle::{Event, SessionState, TurnId};

use super::seen::{Notes, Seen, finding_unless, gap};
use super::thread::{Thread, ends_turn, named, remember, starts_turn};
use crate::audit::finding::Check;

/// A start that was refused because another turn is active.
#[derive(Debug)]
pub(super) struct Conflict {
    active: TurnId,
    offered: TurnId,
    began: Option<Seen>,
    /// The active turn was heard of since.
    alive: bool,
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
        if !self.strangers.contains(offered) {
            let late = began.is_some_and(|began| seen.is_older_than(began));
            let place =
                began.map_or_else(String::new, |began| format!(" since {}", began.from(seen)));
            let message =
                format!("turn {offered} is said to start while turn {active} is active{place}");
            let severity = finding_unless(&[late, gap(began, seen)]);
            notes.add(Check::TurnConflict, severity, Some(offered), seen, message);
            remember(&mut self.strangers, offered.clone());
        }
        self.conflict = Some(Box::new(Conflict {
            active: active.clone(),
            offered: offered.clone(),
            began: self.began.clone(),
            alive: false,
        }));
    }

    /// After a conflict, the first turn either shows that it lives, or it was over all along.
    pub(super) fn go_on_after_conflict(
        &mut self,
        event: &Event,
        seen: &Seen,
        notes: &mut Notes<'_>,
    ) {
        let Some(conflict) = &mut self.conflict else {
            return;
        };
        let turn = named(event);
        if turn == Some(&conflict.active) {
            conflict.alive = true;
        }
        let third = |turn: &TurnId| *turn != conflict.offered && *turn != conflict.active;
        let goes_on = if ends_turn(event) {
            turn == Some(&conflict.offered)
        } else {
            starts_turn(event) && turn.is_some_and(third)
        };
        if !goes_on || conflict.alive || self.session.active_turn() != Some(&conflict.active) {
            return;
        }
        let severity = finding_unless(&[gap(conflict.began.as_ref(), seen)]);
        let place = conflict
            .began
            .as_ref()
            .map_or_else(String::new, |began| format!(" at {}", began.from(seen)));
        let message = format!(
            "turn {} began{place} and never ended: the thread went on with turn {}",
            conflict.active, conflict.offered
        );
        notes.add(
            Check::TurnNeverSettled,
            severity,
            Some(&conflict.active),
            seen,
            message,
        );
        // What the host must do as well, or no later turn of the thread would be believed.
        let rest = Event::SessionStateChanged {
            state: SessionState::Ready,
            reason: None,
        };
        self.session = std::mem::take(&mut self.session).apply(rest).session;
        self.began = None;
        self.conflict = None;
    }
}
