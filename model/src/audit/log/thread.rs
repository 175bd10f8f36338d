//! One thread of a log: what its provider said, folded by the shipped rules, beside what the host made of it.

use std::collections::VecDeque;

use session_lifecycle::t3::RuntimeEvent;
use session_lifecycle::{
    AnySession, Event, Ignored, Outcome, SessionState, ThreadState, TurnChange, TurnId,
};

use super::conflict::Conflict;
use super::decides;
use super::rows::HeldRows;
use super::seen::{Notes, Seen, finding_unless, gap};
use super::stored::Stored;
use super::unreported::Unreported;
use crate::audit::finding::{Check, Severity};

/// How many turns that are over are remembered with their places.
const REMEMBERED: usize = 4;

/// How many turns are remembered that were refused: the end of one of them is not another finding.
pub(super) const STRANGERS: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Thread {
    pub(super) session: AnySession,
    /// The provider announced itself since the log began: what is unknown now cannot be from before the log.
    pub(super) announced: bool,
    pub(super) began: Option<Seen>,
    pub(super) asked: bool,
    pub(super) ended: VecDeque<(TurnId, Seen)>,
    pub(super) strangers: VecDeque<TurnId>,
    pub(super) unreported: VecDeque<Unreported>,
    pub(super) conflict: Option<Box<Conflict>>,
    pub(super) exited: Option<Seen>,
    pub(super) stored: Option<Stored>,
    /// Where a turn was asked for, and whether that was in the middle of another one: such a message may have been
    /// handed to the turn that ran.
    pub(super) pending: Option<(Seen, bool)>,
    /// Lines of this thread that could not be read.
    pub(super) lost: u64,
    /// What databases hold of it, if any do.
    pub(super) rows: Option<Box<HeldRows>>,
}

pub(super) fn announces(event: &Event) -> bool {
    matches!(event, Event::SessionStarted | Event::ThreadStarted)
}

/// After it no report is to be expected: the provider has left (R2, R3, R8).
pub(super) fn closes(event: &Event) -> bool {
    matches!(
        event,
        Event::SessionExited
            | Event::SessionStateChanged {
                state: SessionState::Stopped,
                ..
            }
            | Event::ThreadStateChanged(ThreadState::Closed)
    )
}

pub(super) fn starts_turn(event: &Event) -> bool {
    matches!(event, Event::TurnStarted { .. })
}

pub(super) fn ends_turn(event: &Event) -> bool {
    matches!(
        event,
        Event::TurnCompleted { .. } | Event::TurnAborted { .. }
    )
}

/// The turn that an event names.
pub(super) fn named(event: &Event) -> Option<&TurnId> {
    match event {
        Event::TurnStarted { turn }
        | Event::TurnCompleted { turn, .. }
        | Event::TurnAborted { turn }
        | Event::RuntimeError { turn, .. }
        | Event::WorkObserved { turn } => turn.as_ref(),
        Event::SessionStarted
        | Event::ThreadStarted
        | Event::SessionStateChanged { .. }
        | Event::SessionExited
        | Event::ThreadStateChanged(_)
        | Event::Noticed => None,
    }
}

pub(super) fn remember<T>(memory: &mut VecDeque<T>, most: usize, value: T) {
    if memory.len() == most {
        memory.pop_front();
    }
    memory.push_back(value);
}

impl Thread {
    /// Folds an event of the provider.
    pub(super) fn event(&mut self, event: &RuntimeEvent, seen: &Seen, notes: &mut Notes<'_>) {
        let event = &event.event;
        self.hold_host_to_time(seen, notes);
        self.hold_host_to_work(event, seen, notes);
        self.note_life(event, seen);
        self.go_on_after_conflict(event, seen, notes);
        self.go_on_without_report(event, seen);
        let was_closed = self.session.is_closed();
        let step = std::mem::take(&mut self.session).apply(event.clone());
        self.session = step.session;
        match (&step.outcome, event) {
            (Outcome::Applied(transition), _) => {
                self.applied(transition.turn.as_ref(), event, seen, notes);
            }
            (
                Outcome::Ignored(Ignored::TurnAlreadySettled { turn, .. }),
                Event::TurnStarted { .. },
            ) => {
                self.came_back(turn, seen, notes);
            }
            (Outcome::Ignored(Ignored::SessionClosed { turn }), Event::TurnStarted { .. }) => {
                self.started_closed(turn.as_ref(), seen, notes);
            }
            (
                Outcome::Rejected(session_lifecycle::Rejected::TurnConflict { active, offered }),
                _,
            ) => {
                self.conflicted(active, offered, seen, notes);
            }
            (Outcome::Ignored(Ignored::AnotherTurnActive { active, named }), _)
                if ends_turn(event) =>
            {
                self.ended_another(active, named, seen, notes);
                self.ended_aside(named, seen);
            }
            (
                Outcome::Ignored(
                    Ignored::SessionClosed { turn: Some(turn) } | Ignored::TurnNotActive { turn },
                ),
                _,
            ) if ends_turn(event) => self.ended_aside(turn, seen),
            (Outcome::Ignored(Ignored::NoTurnNamed), _) => self.ended_unnamed(seen, notes),
            (Outcome::Ignored(_), _) => {}
        }
        if self.session.is_closed() && !was_closed {
            self.left(seen, notes);
        }
        if decides(event) {
            let change = match &step.outcome {
                Outcome::Applied(transition) => transition.turn.as_ref(),
                Outcome::Ignored(_) | Outcome::Rejected(_) => None,
            };
            self.note_for_rows(change, seen, notes);
        }
    }

    /// Whether an event that decides nothing may change what is found: every other one of the thread can be passed over.
    ///
    /// It counts for a turn that is doubted (`go_on_after_conflict`), and for what the host stored and has not mended
    /// (`hold_host_to_time`, `hold_host_to_work`).
    pub(super) fn waits(&self) -> bool {
        self.doubts_active_turn()
            || self.holds_host_to_something()
            || self.holds_rows_to_something()
    }

    /// The log ends, with so many places in it where lines of any thread may be missing.
    pub(super) fn finish(mut self, gaps: u64, notes: &mut Notes<'_>) {
        self.finish_rows(gaps, notes);
        self.finish_unreported(gaps, notes);
        self.finish_active(gaps, notes);
        if let Some((asked, _)) = &self.pending {
            let message =
                "a turn was asked for here, and had not begun when the log ended".to_owned();
            notes.add(
                Check::PendingStartLost,
                Severity::Hint,
                None,
                asked,
                message,
            );
        }
        self.finish_stored(notes);
    }

    /// A turn of the last few that ended, and where.
    pub(super) fn end_of(&self, turn: &TurnId) -> Option<(&TurnId, &Seen)> {
        let of_turn = |(ended, seen)| (ended == turn).then_some((ended, seen));
        self.ended
            .iter()
            .rev()
            .map(|(turn, seen)| (turn, seen))
            .find_map(of_turn)
    }

    /// Whether it was made before any end that is remembered; of a turn of which none is, it may be a copy from before
    /// its end.
    pub(super) fn is_from_before_all_ends(&self, seen: &Seen) -> bool {
        !self.ended.is_empty() && self.ended.iter().all(|(_, end)| seen.is_older_than(end))
    }

    /// The end of a turn that was not the session's. It is the first to be forgotten: of many, one is remembered
    /// beside the last turns of the session's own.
    fn ended_aside(&mut self, turn: &TurnId, seen: &Seen) {
        if self.ended.len() == REMEMBERED {
            self.ended.pop_front();
        }
        self.ended.push_front((turn.clone(), seen.without_time()));
    }

    fn applied(
        &mut self,
        change: Option<&TurnChange>,
        event: &Event,
        seen: &Seen,
        notes: &mut Notes<'_>,
    ) {
        match change {
            Some(TurnChange::Began(_)) => {
                self.began = Some(seen.clone());
                self.asked = false;
            }
            Some(TurnChange::Settled(turn, how)) => {
                let began = self.began.take();
                self.conflict = None;
                if !how.is_reported() {
                    self.note_unreported(turn, began, seen, notes);
                }
                remember(
                    &mut self.ended,
                    REMEMBERED,
                    (turn.clone(), seen.without_time()),
                );
            }
            Some(TurnChange::Corrected(turn, _)) => self.believe(turn),
            None => {}
        }
        if starts_turn(event) {
            self.pending = None;
        }
        if announces(event) {
            self.announced = true;
            // A turn that goes on was asked to end all the same (R1).
            self.asked &= self.session.active_turn().is_some();
        }
        if !self.session.is_closed() {
            self.exited = None;
        }
    }

    /// The session has just exited or stopped.
    fn left(&mut self, seen: &Seen, notes: &mut Notes<'_>) {
        self.exited = Some(seen.without_time());
        // Most threads never come back; what is remembered of them should be little.
        self.ended.drain(..self.ended.len().saturating_sub(1));
        self.ended.shrink_to_fit();
        if let Some((asked, mid_turn)) = self.pending.take() {
            let severity = finding_unless(&[mid_turn, gap(Some(&asked), seen)]);
            let message = format!(
                "the session ended, and the turn that was asked for at {} never began",
                asked.from(seen)
            );
            notes.add(Check::PendingStartLost, severity, None, seen, message);
        }
    }
}
