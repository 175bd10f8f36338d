//! Traces that are kept: sequences of events, never seeds; and what each voice makes of them.

mod line;
mod names;
mod oracle;
#[cfg(test)]
mod planted;
mod replayed;
mod rust;
mod voices;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use session_lifecycle::t3::{Line, read_bytes};
use session_lifecycle::{Event, Fault};

use crate::report::PropertyReport;
use crate::world::Action;

pub(crate) use line::as_json;
pub use replayed::{Compared, Replayed, Voice};
pub use rust::as_test;
pub use voices::{replay, replay_with};

/// What a file of this kind calls itself.
const FORMAT: &str = "session-lifecycle trace 1";

/// A trace as it is kept in a file (`docs/schema/trace.schema.json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trace {
    /// Says what the file is.
    format: String,
    /// The property that the trace is about, as in `S1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// What the property claims; of a finding, what was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentence: Option<String>,
    /// The published defect that was put back when the trace was found, as in `S1-01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// What happened, in order.
    pub steps: Vec<KeptStep>,
}

/// One step of a kept trace. Only one with an event, or with a deed of the host, reaches the session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptStep {
    /// Who did what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The event, as a line of a log would have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<serde_json::Value>,
    /// What the host itself did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostStep>,
}

/// What a host can do to a session without an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HostStep {
    /// It restarted: the stored row was repaired, its provider is gone.
    Restarted,
    /// Its reaper stopped the session.
    Reaped,
}

impl HostStep {
    pub(crate) fn of(action: Action) -> Option<Self> {
        if action == Action::RestartHost {
            Some(Self::Restarted)
        } else {
            (action == Action::Reap).then_some(Self::Reaped)
        }
    }
}

/// What reaches the session in a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Occurrence {
    Event(Event),
    Host(HostStep),
}

/// A file that is no trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoTrace(String);

impl fmt::Display for NoTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoTrace {}

impl Trace {
    /// The counterexample of a property; `None` if there is none, or if it does not begin at the beginning.
    #[must_use]
    pub fn of(report: &PropertyReport, fault: Option<Fault>) -> Option<Self> {
        let steps: Vec<KeptStep> = report
            .trace
            .iter()
            .map(|step| KeptStep {
                action: Some(step.action.clone()),
                event: step.event.clone(),
                host: step.host,
            })
            .collect();
        let trace = Self {
            format: FORMAT.to_owned(),
            property: Some(report.id.to_owned()),
            sentence: Some(report.sentence.to_owned()),
            fault: fault.map(|fault| fault.id().to_owned()),
            steps,
        };
        trace.reaches_the_session().then_some(trace)
    }

    /// What really happened, about a property that it breaks.
    pub(crate) fn about(property: &str, sentence: String, steps: Vec<KeptStep>) -> Self {
        Self {
            format: FORMAT.to_owned(),
            property: Some(property.to_owned()),
            sentence: Some(sentence),
            fault: None,
            steps,
        }
    }

    /// The events of one thread of a log, so that a finding of an audit can be replayed.
    ///
    /// # Errors
    ///
    /// A line that cannot be read; no thread, or more than one where none was named.
    pub fn of_log(log: &[u8], thread: Option<&str>) -> Result<Self, NoTrace> {
        let mut threads: BTreeMap<String, Vec<KeptStep>> = BTreeMap::new();
        for (number, line) in (1..).zip(log.split(|byte| *byte == b'\n')) {
            let event = match read_bytes(line) {
                Ok(Line::Event(event)) => event,
                Ok(Line::PassedOver(_) | Line::Blank) => continue,
                Err(bad) => return Err(NoTrace(format!("line {number}: {bad}"))),
            };
            let step = KeptStep {
                action: Some(format!("line {number}: {}", event.event_type)),
                event: as_json(line),
                host: None,
            };
            threads.entry(event.thread_id).or_default().push(step);
        }
        let steps = match thread {
            Some(thread) => threads
                .remove(thread)
                .ok_or_else(|| NoTrace(format!("there is no event of thread {thread}")))?,
            None if threads.len() > 1 => {
                let names: Vec<&str> = threads.keys().take(5).map(String::as_str).collect();
                let (count, names) = (threads.len(), names.join(", "));
                let more = if count > 5 { ", ..." } else { "" };
                return Err(NoTrace(format!(
                    "there are {count} threads; name one of them (--thread): {names}{more}"
                )));
            }
            None => threads
                .into_values()
                .next()
                .ok_or_else(|| NoTrace("there is no event".to_owned()))?,
        };
        Ok(Self {
            format: FORMAT.to_owned(),
            property: None,
            sentence: None,
            fault: None,
            steps,
        })
    }

    /// Reads a kept trace, or else the events of a log.
    ///
    /// # Errors
    ///
    /// It is neither, or a step of it cannot be read.
    pub fn read(file: &[u8], thread: Option<&str>) -> Result<Self, NoTrace> {
        let trace = match serde_json::from_slice::<Self>(file) {
            Ok(trace) => trace,
            Err(why) if claims_to_be_one(file) => return Err(NoTrace(why.to_string())),
            Err(_) => Self::of_log(file, thread)?,
        };
        if trace.format != FORMAT {
            return Err(NoTrace(format!(
                "the format is {:?}, and not {FORMAT:?}",
                trace.format
            )));
        }
        trace.occurrences()?;
        trace.fault()?;
        if trace.reaches_the_session() {
            Ok(trace)
        } else {
            Err(NoTrace(
                "no step of the trace reaches the session".to_owned(),
            ))
        }
    }

    /// The defect that was put back.
    pub(crate) fn fault(&self) -> Result<Option<Fault>, NoTrace> {
        let Some(id) = &self.fault else {
            return Ok(None);
        };
        let known = Fault::ALL.iter().copied().find(|fault| fault.id() == id);
        known
            .map(Some)
            .ok_or_else(|| NoTrace(format!("there is no fault {id}")))
    }

    /// What reaches the session, step by step, with the story of each.
    pub(crate) fn occurrences(&self) -> Result<Vec<(String, Occurrence)>, NoTrace> {
        let mut occurrences = Vec::new();
        for (number, step) in (1..).zip(&self.steps) {
            let story =
                |otherwise: &str| step.action.clone().unwrap_or_else(|| otherwise.to_owned());
            if let Some(event) = &step.event {
                let line = event.to_string();
                let occurrence = match read_bytes(line.as_bytes()) {
                    Ok(Line::Event(event)) => {
                        (story(&event.event_type), Occurrence::Event(event.event))
                    }
                    Ok(Line::PassedOver(_) | Line::Blank) => {
                        return Err(NoTrace(format!("step {number} is no event of a provider")));
                    }
                    Err(bad) => return Err(NoTrace(format!("step {number}: {bad}"))),
                };
                occurrences.push(occurrence);
            }
            if let Some(host) = step.host {
                let otherwise = match host {
                    HostStep::Restarted => "the host restarts",
                    HostStep::Reaped => "the host reaps the session",
                };
                occurrences.push((story(otherwise), Occurrence::Host(host)));
            }
        }
        Ok(occurrences)
    }

    fn reaches_the_session(&self) -> bool {
        self.steps
            .iter()
            .any(|step| step.event.is_some() || step.host.is_some())
    }
}

/// Whether the file is one JSON object with steps: what is wrong with it is then worth saying.
fn claims_to_be_one(file: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(file)
        .is_ok_and(|value| value.get("steps").is_some())
}
