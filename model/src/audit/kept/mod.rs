//! The events behind the findings of logs, as traces that can be replayed.

mod lines;
mod shorten;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::io;

use super::files::{Inputs, LogFile};
use super::{Audit, Audited, Finding, Place};
use crate::trace::{KeptStep, Trace, as_json};
use lines::{ThreadLine, each_thread};
use shorten::shortened;

/// How many lines are audited, at most, to find out which of them the findings need; and for one finding, at least.
const PATIENCE: usize = 1_000_000;
const PATIENCE_EACH: usize = 20_000;

/// Why there is no trace to keep.
#[derive(Debug)]
pub enum NotKept {
    /// Nothing was found in a log.
    NothingFound,
    /// The finding rests on what the host wrote alone.
    NoEvent,
    /// The lines of its thread are more than can be held.
    TooMuch,
    /// Its file cannot be read once more.
    Unreadable(io::Error),
}

impl fmt::Display for NotKept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingFound => {
                f.write_str("nothing was found in a log (a row of a database has no events)")
            }
            Self::NoEvent => f.write_str("there is no event of a provider before the finding"),
            Self::TooMuch => f.write_str("the lines of its thread until then are more than 64 MiB"),
            Self::Unreadable(why) => write!(f, "the log cannot be read once more: {why}"),
        }
    }
}

impl std::error::Error for NotKept {}

/// A finding in a log, with its place among all findings and in its set of files.
#[derive(Clone, Copy)]
struct PlacedFinding<'a> {
    index: usize,
    finding: &'a Finding,
    place: (usize, u64),
}

impl Audited {
    /// The findings of logs, or the hints if there are only hints: those whose events can be kept. A row of a database has
    /// none.
    fn keepable(&self) -> impl Iterator<Item = (usize, &Finding)> {
        let of_log = |(_, finding): &(usize, &Finding)| matches!(finding.place, Place::Line { .. });
        let all = self.findings.iter().enumerate().filter(of_log);
        let severity = all.clone().map(|(_, finding)| finding.severity).min();
        all.filter(move |(_, finding)| Some(finding.severity) == severity)
    }

    /// How many findings, or hints if there are only hints, stand in rows of databases: no events lead to them.
    #[must_use]
    pub fn without_events(&self) -> usize {
        let severity = self.findings.iter().map(|finding| finding.severity).min();
        let of_row = |finding: &&Finding| {
            matches!(finding.place, Place::Row { .. }) && Some(finding.severity) == severity
        };
        self.findings.iter().filter(of_row).count()
    }
}

impl Audit {
    /// The events of the first finding in a log, or of the first hint if there are only hints: those of its thread up to
    /// its line, without those that the finding does not need; with the finding's index. The logs are read once more for it.
    ///
    /// # Errors
    ///
    /// There is no such finding, there is no event before it, its file cannot be read, or there is too much of its thread.
    pub fn keep(&self, audited: &Audited) -> Result<(usize, Trace), NotKept> {
        let first = audited.keepable().next().ok_or(NotKept::NothingFound)?;
        let mut kept = Err(NotKept::NothingFound);
        let Ok(()) = self.keep_these(vec![first], |_, trace| -> Result<(), Infallible> {
            kept = trace;
            Ok(())
        });
        Ok((first.0, kept?))
    }

    /// Hands out the events of each finding in a log, or of each hint if there are only hints, with the finding's index: as
    /// [`keep`](Self::keep) does for the first. In the memory of 64 MiB of lines: threads that do not fit are read for later.
    ///
    /// # Errors
    ///
    /// Those of `take`.
    pub fn keep_each<E>(
        &self,
        audited: &Audited,
        take: impl FnMut(usize, Result<Trace, NotKept>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.keep_these(audited.keepable().collect(), take)
    }

    fn keep_these<E>(
        &self,
        findings: Vec<(usize, &Finding)>,
        mut take: impl FnMut(usize, Result<Trace, NotKept>) -> Result<(), E>,
    ) -> Result<(), E> {
        let patience = (PATIENCE / findings.len().max(1)).max(PATIENCE_EACH);
        let inputs = Inputs::gather(&self.paths, |_, _| {});
        let (unrepeatable, mut left): (Vec<_>, Vec<_>) = findings
            .into_iter()
            .partition(|(_, finding)| finding.file == "-");
        for files in inputs.sets.values() {
            let place = |finding: &Finding| place_in(files, finding);
            let (here, elsewhere): (Vec<_>, Vec<_>) = left
                .into_iter()
                .partition(|(_, finding)| place(finding).is_some());
            left = elsewhere;
            let mut threads: BTreeMap<&str, Vec<PlacedFinding<'_>>> = BTreeMap::new();
            for (index, finding) in here {
                let Some(place) = place(finding) else {
                    continue;
                };
                let wanted = PlacedFinding {
                    index,
                    finding,
                    place,
                };
                threads.entry(&finding.thread_id).or_default().push(wanted);
            }
            let last =
                |wanted: &[PlacedFinding<'_>]| wanted.iter().map(|wanted| wanted.place).max();
            let untils = threads
                .iter()
                .filter_map(|(thread, wanted)| Some((*thread, last(wanted)?)));
            each_thread(files, untils.collect(), None, |thread, lines| {
                for wanted in threads.get(thread).into_iter().flatten() {
                    let kept = match &lines {
                        Ok(Some(lines)) => wanted.trace(lines, patience),
                        Ok(None) => Err(NotKept::TooMuch),
                        Err(why) => {
                            let again = io::Error::new(why.kind(), why.to_string());
                            Err(NotKept::Unreadable(again))
                        }
                    };
                    take(wanted.index, kept)?;
                }
                Ok(())
            })?;
        }
        for (index, _) in left {
            let gone = io::Error::other("it is not there");
            take(index, Err(NotKept::Unreadable(gone)))?;
        }
        for (index, _) in unrepeatable {
            let once = io::Error::other("standard input is read but once");
            take(index, Err(NotKept::Unreadable(once)))?;
        }
        Ok(())
    }
}

/// Which file of the set the finding stands in, and its line.
fn place_in(files: &[LogFile], finding: &Finding) -> Option<(usize, u64)> {
    let Place::Line { line } = finding.place else {
        return None;
    };
    let is_its = |file: &LogFile| file.path.as_os_str() == finding.file.as_str();
    Some((files.iter().position(is_its)?, line))
}

impl PlacedFinding<'_> {
    fn trace(self, lines: &[ThreadLine], patience: usize) -> Result<Trace, NotKept> {
        let until = lines.partition_point(|line| line.place <= self.place);
        let lines = lines.iter().take(until).collect();
        let lines = shortened(lines, self.finding, patience);
        if lines.iter().all(|line| line.event.is_none()) {
            return Err(NotKept::NoEvent);
        }
        let steps = lines.into_iter().filter_map(step).collect();
        let sentence = format!("{}: {}", self.finding.file, self.finding.sentence());
        Ok(Trace::about(self.finding.property, sentence, steps))
    }
}

fn step(line: &ThreadLine) -> Option<KeptStep> {
    let value = as_json(line.text.as_bytes())?;
    let kind = value["type"].as_str().unwrap_or_default();
    Some(match &line.event {
        Some((kind, _)) => KeptStep {
            action: Some(format!("line {}: {kind}", line.place.1)),
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
                    line.place.1
                )),
                ..KeptStep::default()
            }
        }
    })
}
