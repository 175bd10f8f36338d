//! Turns whose end nobody has reported so far: how that came, and when it is told.
//!
//! A report may come late, and then nothing was wrong: a doubt is told when the log ends, of the place that raised it.

use std::collections::VecDeque;

use session_lifecycle::{Event, SessionState, Status, TurnId};

use super::seen::{Notes, Seen, finding_unless, gap};
use super::thread::{Thread, announces, ends_turn, named, starts_turn};
use crate::audit::finding::{Check, Severity};

/// How many turns of a thread may wait for their reports; of more, the oldest is told as it stands.
const WAITING: usize = 8;

/// A turn whose end follows from something else, and was not reported so far.
#[derive(Debug)]
pub(super) struct Doubt {
    turn: TurnId,
    began: Option<Seen>,
    proof: Seen,
    cause: Cause,
    /// A user had asked for its end, which explains why the provider said no more.
    asked: bool,
    /// Its session is gone, and not merely at rest: nothing more can come.
    gone: bool,
    /// The thread went on without it: how that weighs, and where.
    went_on: Option<(Severity, String)>,
}

#[derive(Debug)]
enum Cause {
    /// The session came to rest under it.
    Rest(Status),
    /// Another turn was worked on to its end.
    Overtaken,
}

/// A start that was refused because another turn is active.
#[derive(Debug)]
pub(super) struct Conflict {
    active: TurnId,
    offered: TurnId,
    began: Option<Seen>,
    /// The active turn was heard of since.
    alive: bool,
    /// A third turn was said to start.
    overtaken: Option<Seen>,
}

impl Thread {
    /// An event has settled a turn, and was not a report of its end.
    pub(super) fn doubt(
        &mut self,
        turn: &TurnId,
        began: Option<Seen>,
        seen: &Seen,
        notes: &mut Notes<'_>,
    ) {
        let doubt = Doubt {
            turn: turn.clone(),
            began,
            proof: seen.clone(),
            cause: Cause::Rest(self.session.status()),
            asked: self.asked,
            gone: self.session.is_closed(),
            went_on: None,
        };
        self.keep(doubt, notes);
    }

    fn keep(&mut self, doubt: Doubt, notes: &mut Notes<'_>) {
        if self.doubts.len() == WAITING
            && let Some(oldest) = self.doubts.pop_front()
        {
            oldest.tell(doubt.proof.gaps, notes);
        }
        self.doubts.push_back(doubt);
    }

    /// The end of a turn was reported after all.
    pub(super) fn believe(&mut self, turn: &TurnId) {
        self.doubts.retain(|doubt| doubt.turn != *turn);
        if self.doubts.is_empty() {
            self.doubts = VecDeque::new();
        }
    }

    /// A turn was said to start while another is active.
    pub(super) fn doubt_active(&mut self, active: &TurnId, offered: &TurnId) {
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

    /// Whether the active turn has not been heard of since another one was said to start.
    pub(super) fn is_active_doubted(&self) -> bool {
        self.conflict.as_ref().is_some_and(|conflict| {
            !conflict.alive && self.session.active_turn() == Some(&conflict.active)
        })
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
        let ends_stranger =
            ends_turn(event) && turn.is_some_and(|turn| self.strangers.contains(turn));
        let (true, Some(turn), Some(conflict)) = (ends_stranger, turn, self.conflict.take()) else {
            return;
        };
        let severity = finding_unless(&[gap(conflict.began.as_ref(), seen)]);
        let doubt = Doubt {
            turn: conflict.active,
            began: conflict.began,
            proof: seen.clone(),
            cause: Cause::Overtaken,
            asked: false,
            gone: false,
            went_on: Some((severity, format!("the thread went on with turn {turn}"))),
        };
        self.keep(doubt, notes);
        // What the host must do as well, or no later turn of the thread would be believed.
        let rest = Event::SessionStateChanged {
            state: SessionState::Ready,
            reason: None,
        };
        self.session = std::mem::take(&mut self.session).apply(rest).session;
        self.began = None;
    }

    /// L2: the thread goes on, and a turn whose end was inferred has still not been reported.
    pub(super) fn go_on_without_report(&mut self, event: &Event, seen: &Seen) {
        let Some(doubt) = self
            .doubts
            .back_mut()
            .filter(|doubt| doubt.went_on.is_none())
        else {
            return;
        };
        let goes_on = announces(event)
            || matches!(event, Event::SessionExited)
            || starts_turn(event) && named(event) != Some(&doubt.turn);
        if goes_on {
            let severity = finding_unless(&[doubt.asked, gap(doubt.began.as_ref(), seen)]);
            let place = format!("the session went on at {}", seen.from(&doubt.proof));
            doubt.went_on = Some((severity, place));
        }
    }

    /// The log ends: no report will come.
    pub(super) fn finish_doubts(&mut self, gaps: u64, notes: &mut Notes<'_>) {
        let gaps = gaps + self.lost;
        for doubt in std::mem::take(&mut self.doubts) {
            doubt.tell(gaps, notes);
        }
        let is_doubted = self.is_active_doubted();
        let (Some(turn), Some(began)) = (self.session.active_turn(), &self.began) else {
            return;
        };
        let overtaken = self.conflict.as_ref().filter(|_| is_doubted);
        if let Some(at) = overtaken.and_then(|conflict| conflict.overtaken.as_ref()) {
            let severity = finding_unless(&[gap(Some(began), at), at.gaps != gaps]);
            let message = format!(
                "turn {turn} began at {} and never ended: the thread went on with other turns",
                began.from(at)
            );
            notes.add(Check::TurnNeverSettled, severity, Some(turn), at, message);
        } else {
            let message = format!("turn {turn} began here, and had not ended when the log did");
            notes.add(
                Check::TurnNeverSettled,
                Severity::Hint,
                Some(turn),
                began,
                message,
            );
        }
    }
}

impl Doubt {
    /// Writes it down; so many lines may be missing until now.
    fn tell(self, gaps: u64, notes: &mut Notes<'_>) {
        let Self {
            turn,
            began,
            proof,
            cause,
            asked,
            gone,
            went_on,
        } = self;
        let (severity, then) = went_on.unwrap_or_else(|| {
            let lost = gap(began.as_ref(), &proof) || proof.gaps != gaps;
            let severity = finding_unless(&[!gone, asked, lost]);
            (severity, "nothing more was said of it".to_owned())
        });
        let began = began.map_or_else(String::new, |began| format!(" at {}", began.from(&proof)));
        let message = match cause {
            Cause::Rest(status) => format!(
                "turn {turn} began{began} and never ended: the session became {status} under it, and {then}"
            ),
            Cause::Overtaken => format!("turn {turn} began{began} and never ended: {then}"),
        };
        notes.add(
            Check::TurnNeverSettled,
            severity,
            Some(&turn),
            &proof,
            message,
        );
    }
}
