//! Where things are seen in a log, and how they are written down.

use std::rc::Rc;

use session_lifecycle::TurnId;

use crate::audit::finding::{Beside, Check, Finding, Place, Severity};
use crate::audit::time::instant;

/// How long a host may take to write down what it was told, in milliseconds: its writers batch.
const PATIENCE: i64 = 60_000;

/// Where and when something was seen.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) file: Rc<str>,
    pub(super) line: u64,
    pub(super) time: Option<Rc<str>>,
    pub(super) at: Option<i64>,
    /// Counts the places until here where lines may be missing.
    pub(super) gaps: u64,
}

impl Seen {
    pub(super) fn new(file: &Rc<str>, line: u64, time: Option<&str>, gaps: u64) -> Self {
        Self {
            file: Rc::clone(file),
            line,
            time: time.map(Rc::from),
            at: time.and_then(instant),
            gaps,
        }
    }

    /// The same place for later comparison: nothing will be written down as seen here.
    pub(super) fn without_time(&self) -> Self {
        Self {
            time: None,
            ..self.clone()
        }
    }

    /// `line 7`, with the file where it is another one.
    pub(super) fn from(&self, other: &Self) -> String {
        if self.file == other.file {
            format!("line {}", self.line)
        } else {
            format!("line {} of {}", self.line, self.file)
        }
    }

    /// Whether this was made before the other, as far as their own times tell.
    pub(super) fn is_older_than(&self, other: &Self) -> bool {
        matches!((self.at, other.at), (Some(this), Some(other)) if this < other)
    }

    pub(super) fn is_long_after(&self, other: &Self) -> bool {
        matches!((self.at, other.at), (Some(this), Some(other)) if this - other >= PATIENCE)
    }
}

/// What is needed to write a finding down.
pub(super) struct Notes<'a> {
    pub(super) thread_id: &'a str,
    pub(super) findings: &'a mut Vec<Finding>,
}

impl Notes<'_> {
    pub(super) fn add(
        &mut self,
        check: Check,
        severity: Severity,
        turn: Option<&TurnId>,
        seen: &Seen,
        message: String,
    ) {
        self.add_beside(check, severity, turn, seen, message, None);
    }

    /// What shows in a log and contradicts a row of a database.
    pub(super) fn add_beside(
        &mut self,
        check: Check,
        severity: Severity,
        turn: Option<&TurnId>,
        seen: &Seen,
        message: String,
        beside: Option<Beside>,
    ) {
        self.findings.push(Finding {
            severity,
            check,
            property: check.property(),
            thread_id: self.thread_id.to_owned(),
            turn_id: turn.map(ToString::to_string),
            file: seen.file.to_string(),
            place: Place::Line { line: seen.line },
            beside,
            time: seen.time.as_deref().map(str::to_owned),
            message,
            faults: check.faults(),
            advice: check.advice(),
            trace: None,
        });
    }
}

/// A finding, unless one of these would explain it.
pub(in crate::audit) fn finding_unless(explained: &[bool]) -> Severity {
    if explained.contains(&true) {
        Severity::Hint
    } else {
        Severity::Finding
    }
}

/// Whether lines may be missing between two places; before the log began they always are.
pub(super) fn gap(from: Option<&Seen>, to: &Seen) -> bool {
    from.is_none_or(|from| from.gaps != to.gaps)
}
