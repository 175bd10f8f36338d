//! What goes wrong in a thread, and at which line it shows.

use super::entry::What;
use super::script::Writer;
use crate::audit::finding::Check;

impl Writer<'_> {
    pub(super) fn violate(&mut self, check: Check) {
        match check {
            Check::InactiveWithTurn => {
                let turn = self.begin();
                self.event("turn.completed", Some(&turn), r#"{"state":"completed"}"#)
                    .stored("ready", Some(&turn))
                    .planted(check);
            }
            Check::TurnNeverSettled => {
                self.begin();
                self.event("session.state.changed", None, r#"{"state":"ready"}"#)
                    .planted(check)
                    .stored("ready", None);
            }
            Check::SettledTurnStarted => {
                let turn = self.begin();
                self.end(&turn);
                self.event("turn.started", Some(&turn), "{}").planted(check);
            }
            Check::TurnConflict => {
                let (turn, other) = (self.begin(), self.name_turn());
                self.event("turn.started", Some(&other), "{}")
                    .planted(check);
                self.event("turn.completed", Some(&other), r#"{"state":"completed"}"#);
                // The first turn must be heard of before the other ends, or it is over.
                let end = self.lines.pop_back();
                self.event("item.completed", Some(&turn), "{}");
                self.lines.extend(end);
                self.end(&turn);
            }
            Check::ForeignEnd => {
                let (turn, other) = (self.begin(), self.name_turn());
                self.event("turn.completed", Some(&other), r#"{"state":"completed"}"#)
                    .planted(check);
                self.end(&turn);
            }
            Check::HostKeepsSettledTurn => {
                let turn = self.begin();
                self.end(&turn);
                self.stored_alone("running", Some(&turn))
                    .planted(check)
                    .stored("ready", None);
            }
            Check::HostRestsDuringTurn => {
                let turn = self.begin();
                self.stored_alone("ready", None);
                self.event("item.completed", Some(&turn), "{}")
                    .planted(check);
                self.end(&turn);
            }
            Check::StartAfterExit => {
                self.leave();
                let turn = self.name_turn();
                self.event("turn.started", Some(&turn), "{}").planted(check);
                self.arrive();
            }
            Check::HostWorksAfterExit => {
                self.leave();
                self.stored_alone("running", None).planted(check);
                self.arrive();
            }
            Check::PendingStartLost => {
                self.add(What::Asked("thread.turn-start-requested"));
                self.event("session.exited", None, "{}")
                    .planted(check)
                    .stored("stopped", None);
                self.arrive();
            }
            Check::UnnamedEnd
            | Check::RowKeepsSettledTurn
            | Check::RowWorksAfterExit
            | Check::RowWorksAtRest
            | Check::RowNamesAnotherTurn
            | Check::RowRestsDuringTurn
            | Check::RowEndsTurnOtherwise
            | Check::StoredInactiveWithTurn
            | Check::StoredTurnEnded
            | Check::StoredWorkWithoutTurn
            | Check::StoredWorkWithoutProvider
            | Check::StoresNameDifferentTurns
            | Check::OpenTurnNotActive
            | Check::OrphanedPendingStart
            | Check::OldWorkInEvents => self.turn(), // found in databases, not in logs: `KINDS` leaves them out
        }
    }
}
