//! What a check concluded.

use std::fmt;

use serde::Serialize;

use crate::properties::{Kind, PropertyId};
use crate::trace::HostStep;

/// The conclusion of a check, or of one property of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Everything within the bounds was seen, and the claim holds.
    Verified,
    /// There is a counterexample.
    Violated,
    /// Nothing can be said: the search was cut short or empty, or the premise of the claim never occurred.
    Inconclusive,
}

/// What a check concluded, property by property.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The conclusion: violated if any property is, else inconclusive if any is.
    pub verdict: Verdict,
    /// The name of the scope.
    pub scope: String,
    /// The bounds of the scope; those of each layer on a line of their own.
    pub bounds: String,
    /// Unique states that were seen.
    pub states: usize,
    /// Edges between them.
    pub edges: usize,
    /// The longest of the shortest ways from the start.
    pub depth: usize,
    /// Seconds that the check took, all engines together.
    pub seconds: f64,
    /// Bytes that states, index and edges took.
    pub bytes: usize,
    /// Why the check as a whole cannot be relied on, whatever its properties say.
    pub reason: Option<String>,
    /// What the second engine said.
    pub peer: Option<PeerReport>,
    /// Each property.
    pub properties: Vec<PropertyReport>,
}

/// What the second engine, stateright's checker, said of the same model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PeerReport {
    /// Unique states that it saw.
    pub states: usize,
    /// Whether it agrees on the number of states and on every safety property.
    pub agrees: bool,
    /// Seconds that it took.
    pub seconds: f64,
}

/// What a check concluded of one property.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PropertyReport {
    /// The id, as in `S1`.
    pub id: &'static str,
    /// `safety` or `liveness`.
    pub kind: &'static str,
    /// What is claimed.
    pub sentence: &'static str,
    /// The conclusion.
    pub verdict: Verdict,
    /// Why it is not verified.
    pub reason: Option<String>,
    /// Within which bounds, and under which fairness.
    pub bounds: String,
    /// The shortest counterexample; empty without one.
    pub trace: Vec<TraceStep>,
}

/// One step of a counterexample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TraceStep {
    /// Counts from 1.
    pub step: usize,
    /// Who did what.
    pub action: String,
    /// What the session shows afterwards, and what is really so.
    pub state: String,
    /// The step is part of a cycle that goes on for ever.
    pub cycle: bool,
    /// The event that reached the session in this step, as a line of a log would have it. Kept traces hold it; the
    /// report tells it in `action`.
    #[serde(skip)]
    pub event: Option<serde_json::Value>,
    /// What the host itself did to the session in this step.
    #[serde(skip)]
    pub host: Option<HostStep>,
}

impl Report {
    /// Does nothing if everything was verified.
    ///
    /// # Panics
    ///
    /// If anything was violated or is inconclusive, with the whole report as the message.
    pub fn assert_verified(&self) {
        assert!(self.verdict == Verdict::Verified, "{self}");
    }

    /// This report and that of another layer as one. A property that both speak of is verified if both verify it.
    #[must_use]
    pub fn beside(mut self, other: Self) -> Self {
        self.verdict = Verdict::of([self.verdict, other.verdict]);
        self.bounds = format!("{}\n{}", self.bounds, other.bounds);
        self.states += other.states;
        self.edges += other.edges;
        self.depth = self.depth.max(other.depth);
        self.seconds += other.seconds;
        self.bytes = self.bytes.max(other.bytes);
        self.reason = self.reason.or(other.reason);
        self.peer = match (self.peer, other.peer) {
            (Some(one), Some(two)) => Some(PeerReport {
                states: one.states + two.states,
                agrees: one.agrees && two.agrees,
                seconds: one.seconds + two.seconds,
            }),
            (one, two) => one.or(two),
        };
        for property in other.properties {
            match self.properties.iter_mut().find(|one| one.id == property.id) {
                Some(one) => one.is_also(property),
                None => self.properties.push(property),
            }
        }
        self
    }

    /// What was concluded of a property, if it was asked.
    #[must_use]
    pub fn property(&self, id: PropertyId) -> Option<&PropertyReport> {
        self.properties
            .iter()
            .find(|property| property.id == id.as_str())
    }
}

impl PropertyReport {
    /// The counterexample, step by step, as people read it; empty without one.
    #[must_use]
    pub fn story(&self) -> String {
        let mut story: String = self.trace.iter().map(|step| format!("{step}\n")).collect();
        if self.trace.iter().any(|step| step.cycle) {
            story.push_str("      ↺ and so on for ever\n");
        }
        story
    }

    /// The same property, of another layer: what does not hold there does not hold.
    fn is_also(&mut self, other: Self) {
        let bounds = format!("{}; {}", self.bounds, other.bounds);
        let both = Verdict::of([self.verdict, other.verdict]);
        if both != self.verdict {
            *self = other;
        }
        self.bounds = bounds;
    }
}

impl Verdict {
    /// The conclusion as one lower-case word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Violated => "violated",
            Self::Inconclusive => "inconclusive",
        }
    }

    /// The exit code of a command that concludes this: 0, 1 or 3.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Verified => 0,
            Self::Violated => 1,
            Self::Inconclusive => 3,
        }
    }

    /// The verdict on several claims together.
    #[must_use]
    pub fn of(verdicts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::Verified;
        let mut any = false;
        for verdict in verdicts {
            any = true;
            all = match (all, verdict) {
                (Self::Violated, _) | (_, Self::Violated) => Self::Violated,
                (Self::Inconclusive, _) | (_, Self::Inconclusive) => Self::Inconclusive,
                (Self::Verified, Self::Verified) => Self::Verified,
            };
        }
        // Nothing asked is nothing shown.
        if any { all } else { Self::Inconclusive }
    }
}

impl Kind {
    /// The kind as one lower-case word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safety => "safety",
            Self::Liveness => "liveness",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for TraceStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.cycle { "↺" } else { " " };
        write!(
            f,
            "{:>4}.{mark} {}\n        {}",
            self.step, self.action, self.state
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for property in &self.properties {
            writeln!(
                f,
                "{:<13} {:<4} {}",
                property.verdict, property.id, property.sentence
            )?;
            if let Some(reason) = &property.reason {
                writeln!(f, "{:<18} {reason}", "")?;
            }
        }
        writeln!(f)?;
        let bounds = self.bounds.replace('\n', "\n        ");
        writeln!(f, "scope   {}: {bounds}", self.scope)?;
        writeln!(
            f,
            "search  {} states, {} edges, depth {}, {:.2} s, {:.0} MiB",
            self.states,
            self.edges,
            self.depth,
            self.seconds,
            self.bytes as f64 / f64::from(1 << 20)
        )?;
        if let Some(peer) = &self.peer {
            let word = if peer.agrees { "agrees" } else { "DISAGREES" };
            writeln!(
                f,
                "peer    stateright {word}: {} states, {:.2} s",
                peer.states, peer.seconds
            )?;
        } else {
            writeln!(f, "peer    stateright was not asked")?;
        }
        if let Some(reason) = &self.reason {
            writeln!(f, "note    {reason}")?;
        }
        writeln!(f, "\nverdict {}", self.verdict)?;
        for property in self
            .properties
            .iter()
            .filter(|property| !property.trace.is_empty())
        {
            writeln!(f, "\n{} is violated: {}", property.id, property.sentence)?;
            f.write_str(&property.story())?;
        }
        Ok(())
    }
}

/// So many of something, as people say it.
pub(crate) fn counted(number: impl Into<usize>, one: &str, many: &str) -> String {
    let number = number.into();
    format!("{number} {}", if number == 1 { one } else { many })
}
