//! Turns of which nobody has reported the end so far: how that came, and when it is told.
//!
//! A report may come late, and then nothing was wrong: it is told when the log ends, of the place where it showed.

use std::collections::VecDeque;

use session_lifecycle::{Event, Status, TurnId};

use super::seen::{Notes, Seen, finding_unless, gap};
use super::thread::{Thread, announces, closes, named, starts_turn};
use crate::audit::finding::{Check, Severity};

/// How many turns of a thread may wait for their reports; of more, the oldest is told as it stands.
const WAITING: usize = 64;

/// A turn whose end follows from something else, and was not reported so far.
#[derive(Debug)]
pub(super) struct Unreported {
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
    /// This other turn was worked on to its end.
    Overtaken(TurnId),
}

impl Thread {
    /// An event has settled a turn, and was not a report of its end.
    pub(super) fn note_unreported(
        &mut self,
        turn: &TurnId,
        began: Option<Seen>,
        seen: &Seen,
        notes: &mut Notes<'_>,
    ) {
        let unreported = Unreported {
            turn: turn.clone(),
            began,
            proof: seen.clone(),
            cause: Cause::Rest(self.session.status()),
            asked: self.asked,
            gone: self.session.is_closed(),
            went_on: None,
        };
        self.keep(unreported, notes);
    }

    /// A turn never ended, it seems: others were worked on to their end.
    pub(super) fn overtaken(
        &mut self,
        turn: TurnId,
        began: Option<Seen>,
        seen: &Seen,
        by: &TurnId,
        notes: &mut Notes<'_>,
    ) {
        let severity = finding_unless(&[self.asked, gap(began.as_ref(), seen)]);
        let unreported = Unreported {
            turn,
            began,
            proof: seen.clone(),
            cause: Cause::Overtaken(by.clone()),
            asked: self.asked,
            gone: false,
            went_on: Some((severity, format!("the thread went on with turn {by}"))),
        };
        self.keep(unreported, notes);
    }

    fn keep(&mut self, unreported: Unreported, notes: &mut Notes<'_>) {
        if self.unreported.len() == WAITING
            && let Some(oldest) = self.unreported.pop_front()
        {
            oldest.tell(unreported.proof.gaps, notes);
        }
        self.unreported.push_back(unreported);
    }

    /// Where a turn was left whose end nobody has reported so far, and in words how.
    pub(super) fn left_without_report(
        &self,
        turn: &TurnId,
        seen: &Seen,
    ) -> Option<(&Seen, String)> {
        let mut unreported = self.unreported.iter().rev();
        let Unreported { proof, cause, .. } =
            unreported.find(|unreported| unreported.turn == *turn)?;
        let place = proof.from(seen);
        let how = match cause {
            Cause::Rest(status) => {
                format!("the session had become {status} under it at {place}")
            }
            Cause::Overtaken(by) => format!("the thread had gone on with turn {by} at {place}"),
        };
        Some((proof, how))
    }

    /// The end of a turn was reported after all.
    pub(super) fn believe(&mut self, turn: &TurnId) {
        self.unreported
            .retain(|unreported| unreported.turn != *turn);
        if self.unreported.is_empty() {
            self.unreported = VecDeque::new();
        }
    }

    /// L2: the thread goes on or ends, and a turn whose end was inferred has still not been reported.
    pub(super) fn go_on_without_report(&mut self, event: &Event, seen: &Seen) {
        let Some(unreported) = self
            .unreported
            .back_mut()
            .filter(|unreported| unreported.went_on.is_none())
        else {
            return;
        };
        let goes_on =
            announces(event) || starts_turn(event) && named(event) != Some(&unreported.turn);
        let ends = closes(event) && !unreported.gone;
        if goes_on || ends {
            let severity =
                finding_unless(&[unreported.asked, gap(unreported.began.as_ref(), seen)]);
            let how = if ends { "ended" } else { "went on" };
            let place = format!("the session {how} at {}", seen.from(&unreported.proof));
            unreported.went_on = Some((severity, place));
        }
    }

    /// The log ends: no report will come.
    pub(super) fn finish_unreported(&mut self, gaps: u64, notes: &mut Notes<'_>) {
        for unreported in std::mem::take(&mut self.unreported) {
            unreported.tell(gaps + self.lost, notes);
        }
    }
}

impl Unreported {
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
            Cause::Overtaken(_) => format!("turn {turn} began{began} and never ended: {then}"),
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
