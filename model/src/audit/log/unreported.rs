//! Turns of which nobody reports the end.

use session_lifecycle::{Event, Status, TurnId};

use super::seen::{Notes, Seen, finding_unless, gap};
use super::thread::{Thread, announces, named, starts_turn};
use crate::audit::finding::{Check, Severity};

/// A turn whose end follows from something else, and was not reported so far.
#[derive(Debug)]
pub(super) struct Unreported {
    turn: TurnId,
    began: Option<Seen>,
    proof: Seen,
    status: Status,
    /// A user had asked for its end, which explains why the provider said no more.
    asked: bool,
    /// Its session is gone, and not merely at rest: nothing more can come.
    gone: bool,
}

impl Unreported {
    pub(super) fn is_of(&self, turn: &TurnId) -> bool {
        self.turn == *turn
    }
}

impl Thread {
    /// A turn has settled, and not by its own end.
    pub(super) fn note_unreported(&mut self, turn: &TurnId, began: Option<Seen>, seen: &Seen) {
        self.unreported = Some(Box::new(Unreported {
            turn: turn.clone(),
            began,
            proof: seen.clone(),
            status: self.session.status(),
            asked: self.asked,
            gone: self.session.is_closed(),
        }));
    }

    /// The log ends, and the end was still not reported.
    pub(super) fn finish_unreported(&mut self, notes: &mut Notes<'_>) {
        if let Some(unreported) = self.unreported.take() {
            let severity = finding_unless(&[!unreported.gone]);
            tell_unreported(&unreported, severity, "nothing more was said of it", notes);
        }
    }

    /// L2: the thread goes on, and a turn whose end was inferred has still not been reported.
    pub(super) fn go_on_without_report(
        &mut self,
        event: &Event,
        seen: &Seen,
        notes: &mut Notes<'_>,
    ) {
        let left = self.unreported.as_ref().map(|unreported| &unreported.turn);
        let goes_on = announces(event)
            || matches!(event, Event::SessionExited)
            || starts_turn(event) && named(event) != left;
        if !goes_on {
            return;
        }
        if let Some(unreported) = self.unreported.take() {
            let (asked, lost) = (unreported.asked, gap(unreported.began.as_ref(), seen));
            let word = format!("the session went on at {}", seen.from(&unreported.proof));
            tell_unreported(&unreported, finding_unless(&[asked, lost]), &word, notes);
        }
    }
}

fn tell_unreported(unreported: &Unreported, severity: Severity, then: &str, notes: &mut Notes<'_>) {
    let Unreported {
        turn,
        began,
        proof,
        status,
        ..
    } = unreported;
    let began = began
        .as_ref()
        .map_or_else(String::new, |began| format!(" at {}", began.from(proof)));
    let message = format!(
        "turn {turn} began{began} and never ended: the session became {status} under it, and {then}"
    );
    notes.add(
        Check::TurnNeverSettled,
        severity,
        Some(turn),
        proof,
        message,
    );
}
