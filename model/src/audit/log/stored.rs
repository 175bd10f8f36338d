//! What the host stored of a thread, held against what its provider said.

use session_lifecycle::{Event, Status, TurnId};

use super::host::HostFact;
use super::seen::{Notes, Seen, finding_unless, gap};
use super::thread::{Thread, named};
use crate::audit::finding::{Check, Severity};
use crate::audit::time::instant;

/// What the host last stored.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) status: Status,
    pub(super) turn: Option<TurnId>,
    pub(super) seen: Seen,
    pub(super) updated_at: Option<i64>,
    pub(super) told: bool,
}

impl Thread {
    /// Takes note of what the host did.
    pub(super) fn host(&mut self, fact: &HostFact, seen: &Seen, notes: &mut Notes<'_>) {
        match fact {
            HostFact::StartRequested => {
                // A request replaces the one before it.
                self.pending = Some((seen.clone(), self.session.active_turn().is_some()));
            }
            HostFact::EndRequested => {
                self.asked = true;
                self.pending = None;
            }
            HostFact::SessionSet {
                status,
                turn,
                updated_at,
            } => self.stored(*status, turn.as_deref(), updated_at.as_deref(), seen, notes),
        }
    }

    fn stored(
        &mut self,
        status: Status,
        turn: Option<&str>,
        updated_at: Option<&str>,
        seen: &Seen,
        notes: &mut Notes<'_>,
    ) {
        let turn = turn.map(TurnId::from);
        let again = self.stored.take().filter(|before| {
            before.told && before.status.is_active() == status.is_active() && before.turn == turn
        });
        let mut stored = Stored {
            status,
            turn,
            seen: seen.clone(),
            updated_at: updated_at.and_then(instant),
            told: again.is_some(),
        };
        if !stored.told {
            stored.told = self.judge(&stored, notes);
        }
        if !status.is_active() {
            // Of a session at rest nothing more will be written down as seen here.
            stored.seen = seen.without_time();
        }
        self.stored = Some(stored);
    }

    /// What is wrong with a stored session at the moment of its writing.
    fn judge(&self, stored: &Stored, notes: &mut Notes<'_>) -> bool {
        let Stored {
            status, turn, seen, ..
        } = stored;
        if !status.is_active() {
            let Some(turn) = turn else { return false };
            // T3 Code itself writes the turn of a failure into the session in error.
            let severity = finding_unless(&[*status == Status::Error]);
            let message =
                format!("the host stored a session that is {status} and points at turn {turn}");
            notes.add(Check::InactiveWithTurn, severity, Some(turn), seen, message);
            return true;
        }
        if let Some((turn, ended)) = turn.as_ref().and_then(|turn| self.end_of(turn)) {
            if stored.is_from_before(ended) {
                return false;
            }
            let severity = finding_unless(&[gap(Some(ended), seen), ended.at.is_none()]);
            let message = format!(
                "the host shows turn {turn} as active for an event after its end at {}",
                ended.from(seen)
            );
            notes.add(
                Check::HostKeepsSettledTurn,
                severity,
                Some(turn),
                seen,
                message,
            );
            return true;
        }
        // A host says `starting` before the provider has announced itself.
        let Some(exited) = self.exited.as_ref().filter(|_| *status == Status::Running) else {
            return false;
        };
        if stored.is_from_before(exited) {
            return false;
        }
        let severity =
            finding_unless(&[turn.is_some(), gap(Some(exited), seen), exited.at.is_none()]);
        let message = format!(
            "the host shows a session as {status} for an event after its provider left at {}",
            exited.from(seen)
        );
        notes.add(
            Check::HostWorksAfterExit,
            severity,
            turn.as_ref(),
            seen,
            message,
        );
        true
    }

    /// Whether the next event of the thread, whatever it is, may show the host in the wrong.
    pub(super) fn holds_host_to_something(&self) -> bool {
        let Some(stored) = self.stored.as_ref().filter(|stored| !stored.told) else {
            return false;
        };
        if stored.status.is_active() {
            let has_ended = |turn| self.end_of(turn).is_some();
            return self.exited.is_some() || stored.turn.as_ref().is_some_and(has_ended);
        }
        let began_at = self.began.as_ref().and_then(|began| began.at);
        self.session.active_turn().is_some() && began_at.is_some() && stored.updated_at > began_at
    }

    /// A stored session that shows work, of which nothing has been told yet.
    fn still_shown(&self) -> Option<&Stored> {
        let stored = self.stored.as_ref()?;
        (!stored.told && stored.status.is_active()).then_some(stored)
    }

    /// What the host stored and has not mended, though it has had the time.
    pub(super) fn hold_host_to_time(&mut self, seen: &Seen, notes: &mut Notes<'_>) {
        let Some(stored) = self.still_shown() else {
            return;
        };
        if let Some((turn, ended)) = stored.turn.as_ref().and_then(|turn| self.end_of(turn)) {
            if !seen.is_long_after(ended) {
                return;
            }
            let message = format!(
                "the host still shows turn {turn}, which ended at {}; it last stored the session at {}",
                ended.from(seen),
                stored.seen.from(seen)
            );
            let severity = finding_unless(&[gap(Some(ended), seen)]);
            notes.add(
                Check::HostKeepsSettledTurn,
                severity,
                Some(turn),
                seen,
                message,
            );
        } else if let Some(exited) = &self.exited {
            if !seen.is_long_after(exited) || !stored.is_from_before(exited) {
                return;
            }
            let message = format!(
                "the host still shows the session as {}, whose provider left at {}",
                stored.status,
                exited.from(seen)
            );
            let severity = finding_unless(&[gap(Some(exited), seen)]);
            notes.add(
                Check::HostWorksAfterExit,
                severity,
                stored.turn.as_ref(),
                seen,
                message,
            );
        } else {
            return;
        }
        if let Some(stored) = &mut self.stored {
            stored.told = true;
        }
    }

    /// S5: the host shows rest, and the active turn gives signs of life that are younger.
    pub(super) fn hold_host_to_work(&mut self, event: &Event, seen: &Seen, notes: &mut Notes<'_>) {
        let (Some(stored), Some(active), Some(began)) =
            (&mut self.stored, self.session.active_turn(), &self.began)
        else {
            return;
        };
        let times = (began.at, stored.updated_at, seen.at);
        let (Some(began_at), Some(updated_at), Some(now)) = times else {
            return;
        };
        let rests = !stored.told && !stored.status.is_active();
        if !rests || named(event) != Some(active) || updated_at <= began_at || now <= updated_at {
            return;
        }
        let message = format!(
            "turn {active} goes on, and the host has shown the session as {} since {}",
            stored.status,
            stored.seen.from(seen)
        );
        let severity = finding_unless(&[self.asked, gap(Some(began), seen)]);
        notes.add(
            Check::HostRestsDuringTurn,
            severity,
            Some(active),
            seen,
            message,
        );
        stored.told = true;
    }

    /// The log ends, and the host has not mended what it stored; it may have done so a moment later.
    pub(super) fn finish_stored(&self, notes: &mut Notes<'_>) {
        let Some(stored) = self.still_shown() else {
            return;
        };
        if let Some((turn, ended)) = stored.turn.as_ref().and_then(|turn| self.end_of(turn)) {
            let message = format!(
                "when the log ended, the host still showed turn {turn}, which ended at {}",
                ended.from(&stored.seen)
            );
            notes.add(
                Check::HostKeepsSettledTurn,
                Severity::Hint,
                Some(turn),
                &stored.seen,
                message,
            );
        } else if let Some(exited) = self
            .exited
            .as_ref()
            .filter(|exited| stored.is_from_before(exited))
        {
            let message = format!(
                "when the log ended, the host still showed a session as {}, whose provider left at {}",
                stored.status,
                exited.from(&stored.seen)
            );
            notes.add(
                Check::HostWorksAfterExit,
                Severity::Hint,
                stored.turn.as_ref(),
                &stored.seen,
                message,
            );
        }
    }
}

impl Stored {
    /// Whether the host stored this for something that was said before, or at the same time; where times are missing,
    /// it may have.
    fn is_from_before(&self, seen: &Seen) -> bool {
        match (self.updated_at, seen.at) {
            (Some(updated), Some(at)) => updated <= at,
            _ => true,
        }
    }
}
