//! Where the tables of a host's database contradict a rule, or one another.
//!
//! Archived and deleted threads are asked like the others: their providers run all the same. A check whose table or
//! column is missing is skipped, with a note.

mod carried;
mod events;
mod open;
mod plan;
mod rows;
mod sessions;
mod stores;
mod turns;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::finding::{Check, Finding, Place, Severity};
use super::log::{finding_unless, status};
use super::time::{instant, iso};
use super::{Audit, BadDatabase};
pub(super) use carried::{CarriedRow, DatedDatabase, RowRecord, each_row};
pub(super) use open::{Database, open};
pub(super) use rows::{Rows, SessionRow, ThreadRows};
use stores::Stores;
pub(super) use stores::{SESSIONS, TURNS, known_table};

/// What a database answers.
#[derive(Debug, Default)]
pub(super) struct DatabaseAnswer {
    /// It holds none of the host's tables.
    pub(super) is_foreign: bool,
    pub(super) findings: Vec<Finding>,
    pub(super) repairs: Vec<String>,
    pub(super) threads: BTreeSet<String>,
    /// Checks that were skipped, rows that were not judged, and why.
    pub(super) notes: Vec<String>,
    /// How many rows were not judged.
    pub(super) unjudged: u64,
}

/// Asks everything.
pub(super) fn ask(
    connection: &Connection,
    name: &str,
    audit: &Audit,
) -> Result<DatabaseAnswer, BadDatabase> {
    let stores = Stores::of(connection)?;
    if stores.is_empty() {
        return Ok(DatabaseAnswer {
            is_foreign: true,
            ..DatabaseAnswer::default()
        });
    }
    // One snapshot for all questions: a host that is at work goes on writing.
    connection.execute_batch("BEGIN")?;
    let now = match audit.at.as_deref().and_then(instant) {
        Some(now) => Some(now),
        None => stores.newest(connection)?,
    };
    let (threads, put_away) = stores.threads(connection)?;
    let mut asked = Questions {
        connection,
        name,
        now,
        old: i64::from(audit.old_minutes) * 60_000,
        put_away,
        repaired: BTreeSet::new(),
        answer: DatabaseAnswer {
            threads,
            ..DatabaseAnswer::default()
        },
        stores,
    };
    asked.sessions()?;
    asked.open_turns()?;
    asked.pending_turns()?;
    asked.events()?;
    let mut answer = asked.answer;
    let order = |finding: &Finding| {
        (
            finding.thread_id.clone(),
            finding.check,
            finding.place.clone(),
        )
    };
    answer.findings.sort_by_key(order);
    let mut printed = BTreeSet::new();
    answer.repairs.retain(|write| printed.insert(write.clone()));
    Ok(answer)
}

/// Why a row without what every question needs is not judged.
const LACKING: &str = "names no thread, or lacks what would say more";

/// Why a session in such a status is not judged.
fn unknown(word: &str) -> String {
    format!("is {word:?}, which nobody knows")
}

/// `; its provider last worked at ...`.
fn last_work(worked_at: Option<&str>) -> String {
    worked_at.map_or_else(String::new, |at| {
        format!("; its provider last worked at {at}")
    })
}

struct Questions<'a> {
    connection: &'a Connection,
    name: &'a str,
    stores: Stores,
    now: Option<i64>,
    /// From how many milliseconds on work counts as old.
    old: i64,
    put_away: BTreeMap<String, &'static str>,
    /// Threads whose sessions the plan mends.
    repaired: BTreeSet<String>,
    answer: DatabaseAnswer,
}

/// The row at which something shows.
struct Found<'a> {
    thread_id: &'a str,
    turn: Option<&'a str>,
    place: Place,
    time: Option<&'a str>,
}

impl Questions<'_> {
    /// Whether a check can be asked; notes it where not.
    fn can(&mut self, check: Check, needs: &[(&'static str, &[&str])]) -> bool {
        let missing = self.stores.missing(needs);
        if let Some(missing) = &missing {
            self.answer
                .notes
                .push(format!("{} is skipped: {missing}", check.code()));
        }
        missing.is_none()
    }

    /// Notes a row that cannot be asked, and why.
    fn not_judged(&mut self, row: &str, why: &str) {
        let note = format!("{row} {why}; it is not judged");
        self.answer.notes.push(note);
        self.answer.unjudged += 1;
    }

    fn is_old(&self, time: Option<&str>) -> bool {
        match (self.now, time.and_then(instant)) {
            (Some(now), Some(time)) => now - time >= self.old,
            // Without a time nothing speaks for its being young.
            _ => true,
        }
    }

    /// Whether the provider has worked after that time, and lately: then nothing that is older says that work is over.
    fn goes_on(&self, worked_at: Option<&str>, since: Option<&str>) -> bool {
        let lately = worked_at.filter(|at| !self.is_old(Some(at)));
        lately.and_then(instant).is_some_and(|worked| {
            // Of a time that cannot be read nobody knows that it is older.
            since.is_none_or(|since| instant(since).is_some_and(|since| since < worked))
        })
    }

    fn now_text(&self) -> String {
        self.now
            .map_or_else(|| "1970-01-01T00:00:00.000Z".to_owned(), iso)
    }

    fn add(&mut self, check: Check, severity: Severity, row: Found<'_>, message: String) {
        let message = match self.put_away.get(row.thread_id) {
            Some(how) => format!("{message}; the thread is {how}"),
            None => message,
        };
        self.answer.findings.push(Finding {
            severity,
            check,
            property: check.property(),
            thread_id: row.thread_id.to_owned(),
            turn_id: row.turn.map(str::to_owned),
            file: self.name.to_owned(),
            place: row.place,
            beside: None,
            time: row.time.map(str::to_owned),
            message,
            faults: check.faults(),
            advice: check.advice(),
            trace: None,
        });
    }
}
