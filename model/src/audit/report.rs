//! What an audit found, for people, for machines, and as a plan of repair.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use serde::Serialize;

use super::{Audited, Check, Finding, Place, Severity};
use crate::replay::{printable, some};

/// What `--format json --repair-plan` says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WithPlan<'a> {
    #[serde(flatten)]
    audited: &'a Audited,
    repair_plan: &'a [String],
}

impl Audited {
    /// One JSON object, as `docs/schema/audit.schema.json` describes it; `repairPlan` stands in it if it is asked for.
    ///
    /// # Errors
    ///
    /// None that is known: every key is a text.
    pub fn to_json(&self, with_plan: bool) -> serde_json::Result<String> {
        if with_plan {
            serde_json::to_string_pretty(&WithPlan {
                audited: self,
                repair_plan: &self.repairs,
            })
        } else {
            serde_json::to_string_pretty(self)
        }
    }

    /// By file and thread, with a summary at the end.
    #[must_use]
    pub fn to_text(&self, color: bool) -> String {
        let mut text = String::new();
        let mut advice: BTreeMap<Check, usize> = BTreeMap::new();
        let mut files: Vec<(&str, BTreeMap<&str, Vec<&Finding>>)> = Vec::new();
        for finding in &self.findings {
            *advice.entry(finding.check).or_default() += 1;
            if files.last().is_none_or(|(file, _)| *file != finding.file) {
                files.push((&finding.file, BTreeMap::new()));
            }
            if let Some((_, threads)) = files.last_mut() {
                threads.entry(&finding.thread_id).or_default().push(finding);
            }
        }
        for (file, threads) in files {
            line(&mut text, format_args!("{}", printable(file)));
            for (thread, findings) in threads {
                line(&mut text, format_args!("  thread {}", printable(thread)));
                for finding in findings {
                    tell(&mut text, finding, color);
                }
            }
            text.push('\n');
        }
        if !advice.is_empty() {
            line(&mut text, format_args!("What to do about it"));
            for (check, count) in advice {
                line(
                    &mut text,
                    format_args!("  {} ({count}×): {}", check.code(), check.advice()),
                );
            }
            text.push('\n');
        }
        line(&mut text, format_args!("{self}"));
        text
    }

    /// The writes that would mend the databases, as a script. Nothing in it was executed.
    #[must_use]
    pub fn to_plan(&self) -> String {
        let mut text = String::from(
            "-- The writes that would mend what was found. None of them has been executed.\n\
             -- Stop the host, make a copy of its database, read each line, and only then run them.\n\n",
        );
        let found = self
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Finding);
        let is_stored = |finding: &&Finding| matches!(finding.place, Place::Row { .. });
        let (stored, logged): (Vec<_>, Vec<_>) = found.partition(is_stored);
        list(&mut text, &stored);
        if !logged.is_empty() {
            text.push_str(
                "-- What a log shows is mended by none of these writes; the audit says what to do about it:\n",
            );
            list(&mut text, &logged);
        }
        if self.repairs.is_empty() {
            text.push_str("-- There is nothing to write.\n");
        } else {
            // Each database has a transaction of its own.
            let is_heading = |write: &String| write.starts_with("--");
            for writes in self.repairs.chunk_by(|_, next| !is_heading(next)) {
                let (headings, writes): (Vec<_>, Vec<_>) =
                    writes.iter().partition(|write| is_heading(write));
                text.push('\n');
                for heading in headings {
                    line(&mut text, format_args!("{heading}"));
                }
                text.push_str("BEGIN IMMEDIATE;\n");
                for write in writes {
                    line(&mut text, format_args!("{write}"));
                }
                text.push_str("COMMIT;\n");
            }
        }
        text
    }
}

fn line(text: &mut String, what: fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{what}");
}

/// The findings that a plan is about, as comments of it.
fn list(text: &mut String, findings: &[&Finding]) {
    for finding in findings {
        let place = printable(&format!("{}: {}", finding.file, finding.sentence()));
        let thread = printable(&finding.thread_id);
        line(text, format_args!("-- {place} (thread {thread})"));
    }
}

fn tell(text: &mut String, finding: &Finding, color: bool) {
    let color = match (color, finding.severity) {
        (false, _) => None,
        (true, Severity::Finding) => Some("31"),
        (true, Severity::Hint) => Some("33"),
    };
    let severity = color.map_or_else(
        || format!("{:<7}", finding.severity),
        |color| format!("\u{1b}[{color}m{:<7}\u{1b}[0m", finding.severity),
    );
    let sentence = printable(&finding.sentence());
    line(
        text,
        format_args!("    {severity} {:<3} {sentence}", finding.property),
    );
    let time = finding
        .time
        .as_deref()
        .map_or_else(String::new, |time| format!("{}; ", printable(time)));
    line(
        text,
        format_args!("                {time}like {}", finding.faults.join(", ")),
    );
    if let Some(trace) = &finding.trace {
        let trace = printable(trace);
        line(text, format_args!("                trace {trace}"));
    }
}

impl fmt::Display for Audited {
    /// The summary.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let totals = &self.totals;
        write!(
            f,
            "{}, {} in {}, {}, {}, {}",
            some(self.count(Severity::Finding) as u64, "finding"),
            some(self.count(Severity::Hint) as u64, "hint"),
            some(totals.files, "file"),
            some(totals.lines, "line"),
            some(totals.events, "event"),
            some(totals.threads, "thread"),
        )?;
        if totals.invalid > 0 {
            write!(f, "; {} could not be read", some(totals.invalid, "line"))?;
        }
        if totals.skimmed > 0 {
            let lines = some(totals.skimmed, "line");
            write!(f, "; {lines} only skimmed, not validated (--strict does)")?;
        }
        if totals.unreadable > 0 {
            write!(f, "; {} could not be read", some(totals.unreadable, "file"))?;
        }
        if totals.unjudged > 0 {
            write!(f, "; {} could not be judged", some(totals.unjudged, "row"))?;
        }
        if self.is_empty() {
            write!(f, "; inconclusive: there was nothing to judge")?;
        }
        Ok(())
    }
}
