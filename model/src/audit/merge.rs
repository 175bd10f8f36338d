//! Answers of audits of parts, as one answer.

use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;

use super::database::known_table;
use super::files::LogFile;
use super::{Audited, Beside, Check, Finding, Place, Severity, Totals};

/// Parts of an audit that cannot be put together: why, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPart(String);

impl fmt::Display for BadPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadPart {}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartAnswer {
    findings: Vec<PartFinding>,
    #[serde(flatten)]
    totals: Totals,
    #[serde(default)]
    repair_plan: Vec<String>,
}

#[derive(Deserialize)]
struct PartBeside {
    file: String,
    table: String,
    row: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartFinding {
    severity: Severity,
    check: String,
    thread_id: String,
    turn_id: Option<String>,
    file: String,
    line: Option<u64>,
    table: Option<String>,
    row: Option<String>,
    beside: Option<PartBeside>,
    time: Option<String>,
    message: String,
    trace: Option<String>,
}

impl PartFinding {
    fn whole(self) -> Result<Finding, BadPart> {
        let known = |check: &&Check| check.code() == self.check;
        let check = *Check::ALL
            .iter()
            .find(known)
            .ok_or_else(|| BadPart(format!("there is no check {:?}", self.check)))?;
        let place = match (self.line, self.table, self.row) {
            (Some(line), None, None) => Place::Line { line },
            (None, Some(name), Some(row)) => Place::Row {
                table: table(&name)?,
                row,
            },
            _ => {
                let why = "a finding has a line, or a table and a row";
                return Err(BadPart(why.to_owned()));
            }
        };
        let beside = |beside: PartBeside| {
            Ok(Beside {
                file: beside.file,
                table: table(&beside.table)?,
                row: beside.row,
            })
        };
        Ok(Finding {
            severity: self.severity,
            check,
            property: check.property(),
            thread_id: self.thread_id,
            turn_id: self.turn_id,
            file: self.file,
            place,
            beside: self.beside.map(beside).transpose()?,
            time: self.time,
            message: self.message,
            faults: check.faults(),
            advice: check.advice(),
            trace: self.trace,
        })
    }
}

fn table(name: &str) -> Result<&'static str, BadPart> {
    known_table(name).ok_or_else(|| BadPart(format!("no audit reads a table {name:?}")))
}

impl Audited {
    /// Puts the answers of audits of parts together (`--format json` of each): as one audit of everything would answer, if
    /// no thread stands in two parts, and no database. Findings in databases follow those in logs, in the order of the parts.
    /// Each part has a name, for whoever has to mend one that is broken.
    ///
    /// # Errors
    ///
    /// A part is no answer.
    pub fn merge<'a, N: fmt::Display>(
        parts: impl IntoIterator<Item = (N, &'a [u8])>,
    ) -> Result<Self, BadPart> {
        let mut merged = Self::default();
        for (name, part) in parts {
            let in_part = |why: String| BadPart(format!("{name}: {why}"));
            let mut part: PartAnswer =
                serde_json::from_slice(part).map_err(|why| in_part(why.to_string()))?;
            merged.totals.add(&part.totals);
            merged.repairs.append(&mut part.repair_plan);
            for finding in part.findings {
                merged
                    .findings
                    .push(finding.whole().map_err(|why| in_part(why.0))?);
            }
        }
        merged.sort();
        Ok(merged)
    }

    /// The order in which one audit of everything gives them: by file, as files are read, and place; then those of
    /// databases, as they come.
    pub(super) fn sort(&mut self) {
        self.findings.sort_by_cached_key(|finding| {
            if let Place::Row { .. } = finding.place {
                return (true, None);
            }
            let (segment, file) = LogFile::new(PathBuf::from(&finding.file), false);
            let folder = file.path.parent().map(ToOwned::to_owned);
            let place = finding.place.clone();
            let place = (place, finding.thread_id.clone(), finding.check);
            (false, Some(((folder, segment), file.into_turn(), place)))
        });
    }
}

impl Totals {
    fn add(&mut self, other: &Self) {
        let Self {
            files,
            lines,
            events,
            threads,
            invalid,
            skimmed,
            unreadable,
            blank,
            unjudged,
        } = other;
        for (sum, part) in [
            (&mut self.files, files),
            (&mut self.lines, lines),
            (&mut self.events, events),
            (&mut self.threads, threads),
            (&mut self.invalid, invalid),
            (&mut self.skimmed, skimmed),
            (&mut self.unreadable, unreadable),
            (&mut self.blank, blank),
            (&mut self.unjudged, unjudged),
        ] {
            *sum = sum.saturating_add(*part);
        }
    }
}
