//! The events behind a finding of a log, as a trace that can be replayed.

use std::fmt;
use std::io::{self, BufRead as _};
use std::path::Path;

use serde_json::json;
use session_lifecycle::t3::{Line, read_bytes};
use session_lifecycle::{AnySession, Event, Settlement, Status, TurnId};

use super::files::{Inputs, LogFile, open};
use super::{Audit, Audited, Finding, Place, log};
use crate::trace::{KeptStep, Trace};

/// How many lines are read, at most, to find out which of them are needed.
const PATIENCE: usize = 1_000_000;

/// A line of the thread.
struct Known {
    number: u64,
    text: String,
    event: Option<(String, Event)>,
}

/// What a shorter trace has to show as well: where the session ends, and how the turn of the finding settled.
type End = (Status, Option<TurnId>, Option<Settlement>);

/// Why there is no trace to keep.
#[derive(Debug)]
pub enum NotKept {
    /// Nothing was found in a log.
    NothingFound,
    /// The finding rests on what the host wrote alone.
    NoEvent,
    /// Its file cannot be read once more.
    Unreadable(io::Error),
}

impl fmt::Display for NotKept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingFound => f.write_str("nothing was found in a log"),
            Self::NoEvent => {
                f.write_str("there is no event of a provider before the first finding")
            }
            Self::Unreadable(why) => write!(f, "the log cannot be read once more: {why}"),
        }
    }
}

impl std::error::Error for NotKept {}

impl Audit {
    /// The events of the first finding in a log, or of the first hint if there are only hints: those of its thread up to
    /// its line, without those that the finding does not need. The logs are read once more for it.
    ///
    /// # Errors
    ///
    /// There is no such finding, there is no event before it, or its file cannot be read.
    pub fn keep<'a>(&self, audited: &'a Audited) -> Result<(&'a Finding, Trace), NotKept> {
        let of_log = |finding: &&Finding| matches!(finding.place, Place::Line { .. });
        let finding = audited
            .findings
            .iter()
            .filter(of_log)
            .min_by_key(|finding| finding.severity)
            .ok_or(NotKept::NothingFound)?;
        let Place::Line { line } = finding.place else {
            return Err(NotKept::NothingFound);
        };
        let lines = self.lines(finding, line).map_err(NotKept::Unreadable)?;
        let lines = shortened(lines.iter().collect(), finding);
        if lines.iter().all(|line| line.event.is_none()) {
            return Err(NotKept::NoEvent);
        }
        let steps = lines.into_iter().filter_map(step).collect();
        let sentence = format!("{}: {}", finding.file, finding.sentence());
        Ok((finding, Trace::about(finding.property, sentence, steps)))
    }

    /// The lines of the finding's thread, until its own.
    fn lines(&self, finding: &Finding, until: u64) -> io::Result<Vec<Known>> {
        if finding.file == "-" {
            return Err(io::Error::other("standard input is read but once"));
        }
        let inputs = Inputs::gather(&self.paths, |_, _| {});
        let is_its = |file: &LogFile| file.path.as_os_str() == finding.file.as_str();
        let set = inputs.sets.values().find(|set| set.iter().any(is_its));
        let mut lines = Vec::new();
        for file in set.into_iter().flatten() {
            let last = is_its(file).then_some(until);
            read(&file.path, &finding.thread_id, last, &mut lines)?;
            if last.is_some() {
                break;
            }
        }
        Ok(lines)
    }
}

fn read(path: &Path, thread: &str, last: Option<u64>, lines: &mut Vec<Known>) -> io::Result<()> {
    let mut input = open(path)?;
    let mut text = Vec::new();
    let mut number = 0;
    while last != Some(number) && input.read_until(b'\n', &mut text)? > 0 {
        number += 1;
        let event = match read_bytes(&text) {
            Ok(Line::Event(event)) if event.thread_id == thread => {
                (event.event != Event::Noticed).then_some(Some((event.event_type, event.event)))
            }
            Ok(Line::PassedOver(_)) if log::is_record_of(&text, thread) => Some(None),
            Ok(Line::Event(_) | Line::PassedOver(_) | Line::Blank) | Err(_) => None,
        };
        if let Some(event) = event {
            let text = String::from_utf8_lossy(text.trim_ascii()).into_owned();
            lines.push(Known {
                number,
                text,
                event,
            });
        }
        text.clear();
    }
    Ok(())
}

/// Leaves out what the finding does not need, in ever smaller pieces; the last line stays.
fn shortened<'a>(mut lines: Vec<&'a Known>, finding: &Finding) -> Vec<&'a Known> {
    let end = end_of(&lines, finding);
    let mut patience = PATIENCE;
    let mut piece = lines.len() / 2;
    while piece > 0 {
        let mut at = 0;
        while at + 1 < lines.len() && patience >= lines.len() {
            patience -= lines.len();
            let until = (at + piece).min(lines.len() - 1);
            let mut fewer = lines.clone();
            fewer.drain(at..until);
            let reaches = fewer.iter().any(|line| line.event.is_some());
            if reaches && end_of(&fewer, finding) == end && shows(&fewer, finding) {
                lines = fewer;
            } else {
                at = until;
            }
        }
        piece /= 2;
    }
    lines
}

fn end_of(lines: &[&Known], finding: &Finding) -> End {
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
fn shows(lines: &[&Known], finding: &Finding) -> bool {
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
            let same = (found.check, found.severity) == (finding.check, finding.severity);
            same && found.turn_id == finding.turn_id
        })
    })
}

fn step(line: &Known) -> Option<KeptStep> {
    let start = line.text.find('{')?;
    let value: serde_json::Value = serde_json::from_str(&line.text[start..]).ok()?;
    let kind = value["type"].as_str().unwrap_or_default();
    Some(match &line.event {
        Some((kind, _)) => KeptStep {
            action: Some(format!("line {}: {kind}", line.number)),
            event: Some(value),
            host: None,
        },
        None => {
            let session = &value["payload"]["session"];
            let shows = match (session["status"].as_str(), session["activeTurnId"].as_str()) {
                (Some(status), Some(turn)) => format!(" ({status}, turn {turn})"),
                (Some(status), None) => format!(" ({status})"),
                (None, _) => String::new(),
            };
            KeptStep {
                action: Some(format!(
                    "line {}: the host wrote {kind}{shows}",
                    line.number
                )),
                ..KeptStep::default()
            }
        }
    })
}
