//! The lines of a thread that a finding needs.

use std::io;

use serde_json::json;
use session_lifecycle::{AnySession, Settlement, Status, TurnId};

use super::lines::ThreadLine;
use crate::audit::{Audit, Finding};

/// What a shorter trace has to show as well: where the session ends, and how the turn of the finding settled.
type EndState = (Status, Option<TurnId>, Option<Settlement>);

/// Leaves out what the finding does not need, in ever smaller pieces; the last line stays. With `patience` for so many lines to
/// be audited in all.
pub(super) fn shortened<'a>(
    mut lines: Vec<&'a ThreadLine>,
    finding: &Finding,
    mut patience: usize,
) -> Vec<&'a ThreadLine> {
    let end = end_of(&lines, finding);
    // What came after the finding may have made it one: its own lines then show it as a hint.
    let is_surer_later = !shows(&lines, finding, false);
    let mut piece = lines.len() / 2;
    while piece > 0 {
        let mut at = 0;
        while at + 1 < lines.len() && patience >= lines.len() {
            patience -= lines.len();
            let until = (at + piece).min(lines.len() - 1);
            let mut fewer = lines.clone();
            fewer.drain(at..until);
            let reaches = fewer.iter().any(|line| line.event.is_some());
            if reaches && end_of(&fewer, finding) == end && shows(&fewer, finding, is_surer_later) {
                lines = fewer;
            } else {
                at = until;
            }
        }
        piece /= 2;
    }
    lines
}

fn end_of(lines: &[&ThreadLine], finding: &Finding) -> EndState {
    let mut session = AnySession::new();
    for (_, event) in lines.iter().filter_map(|line| line.event.as_ref()) {
        session = session.apply(event.clone()).session;
    }
    let turn = finding.turn_id.as_deref();
    let settled = turn.and_then(|turn| session.ledger().get(turn));
    (session.status(), session.active_turn().cloned(), settled)
}

/// Whether an audit of these lines finds the same at the last of them. No row stands beside them: what contradicts one
/// is asked for its end alone.
fn shows(lines: &[&ThreadLine], finding: &Finding, whatever_severity: bool) -> bool {
    if finding.beside.is_some() {
        return true;
    }
    let mut records = String::new();
    for (number, line) in (1..).zip(lines) {
        let record = json!({ "set": 0, "order": 0, "gaps": 0, "file": "-", "line": number, "text": line.text });
        records += &format!("{record}\n");
    }
    let audited = Audit::of([""; 0]).run_records(&mut records.as_bytes(), &mut io::sink());
    audited.is_ok_and(|audited| {
        audited.findings.iter().any(|found| {
            let is_as_sure = whatever_severity || found.severity == finding.severity;
            is_as_sure && found.check == finding.check && found.turn_id == finding.turn_id
        })
    })
}
