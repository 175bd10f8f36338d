//! What came of telling a trace to every voice, for people and for machines.

use std::fmt;

use serde::Serialize;

use crate::replay::printable;
use crate::report::counted;

/// Who answers for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Voice {
    /// `AnySession::apply` and `repair`, as a host calls them.
    Library,
    /// The model's subject: the shipped logic as the checks see it, packed and with names of their own.
    Model,
    /// The naive second version of the rules that the property tests compare with.
    Oracle,
}

/// What the voices made of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replayed {
    /// Whether library, model and oracle agree on every step, as far as the model can be asked.
    pub agree: bool,
    /// The property that the trace is about.
    pub property: Option<String>,
    /// The defect that was put back when it was found.
    pub fault: Option<String>,
    /// The defect that the library carries now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub put_back: Option<String>,
    /// Each step that reached the session.
    pub steps: Vec<Compared>,
}

/// One step, and what each voice shows after it; where they disagree, all that each remembers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// Counts from 1.
    pub step: usize,
    /// What happened.
    pub action: String,
    /// The library: `running, turn A`.
    pub library: String,
    /// The model's subject; `None` where it cannot be asked: it knows three turns.
    pub model: Option<String>,
    /// The oracle.
    pub oracle: String,
    /// Who stands alone, or all who differ where nobody does; empty if all agree on everything that a session
    /// remembers, and not only on what it shows.
    pub disagree: Vec<Voice>,
    /// The model's subject with the defect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_fault: Option<String>,
}

impl Replayed {
    /// 0 if the voices agree, else 1.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        u8::from(!self.agree)
    }

    /// Who agrees how far, in a sentence.
    fn agreement(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.steps.len();
        if let Some(step) = self.steps.iter().find(|step| !step.disagree.is_empty()) {
            return step.tell_disagreement(f);
        }
        let unasked = self
            .steps
            .iter()
            .filter(|step| step.model.is_none())
            .count();
        if unasked == 0 {
            return writeln!(
                f,
                "The library, the model and the oracle agree throughout, on {}.",
                counted(total, "step", "steps")
            );
        }
        let asked = total - unasked;
        writeln!(
            f,
            "The library, the model and the oracle agree on {asked} steps; the library and the oracle on {unasked} more, of \
             which the model could not be asked."
        )
    }

    fn tell_fault(&self, fault: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.steps.iter().find(|step| {
            step.with_fault
                .as_ref()
                .is_some_and(|shown| *shown != step.library)
        });
        match first.filter(|_| self.agree) {
            Some(step) => writeln!(
                f,
                "With {fault} put back, step {} shows {} where the shipped logic shows {}.",
                step.step,
                printable(step.with_fault.as_deref().unwrap_or_default()),
                printable(&step.library)
            ),
            None if self.agree => writeln!(
                f,
                "With {fault} put back, the session shows the same at every step."
            ),
            None => Ok(()),
        }
    }
}

impl Compared {
    fn voices(&self) -> [(Voice, Option<&str>); 3] {
        [
            (Voice::Library, Some(&self.library)),
            (Voice::Model, self.model.as_deref()),
            (Voice::Oracle, Some(&self.oracle)),
        ]
    }

    fn tell_disagreement(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.disagree.iter().map(ToString::to_string).collect();
        let (names, verb) = match names.as_slice() {
            [one] => (format!("the {one}"), "DISAGREES with the others"),
            several => (format!("the {}", several.join(" and the ")), "DISAGREE"),
        };
        writeln!(f, "At step {} {names} {verb}:", self.step)?;
        for (voice, says) in self.voices() {
            let says = says.unwrap_or("cannot be asked: it knows three turns");
            writeln!(f, "  the {voice} says {}", printable(says))?;
        }
        Ok(())
    }
}

impl fmt::Display for Voice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Library => "library",
            Self::Model => "model",
            Self::Oracle => "oracle",
        })
    }
}

impl fmt::Display for Replayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            write!(f, "{step}")?;
            if let (Some(fault), Some(shown)) = (&self.fault, &step.with_fault) {
                let differs = step.disagree.is_empty() && *shown != step.library;
                let mark = if differs { "   <- differs" } else { "" };
                writeln!(f, "        {fault:<8} {}{mark}", printable(shown))?;
            }
        }
        writeln!(f)?;
        if let Some(fault) = &self.put_back {
            writeln!(f, "{fault} is put back into the library.")?;
        }
        self.agreement(f)?;
        match &self.fault {
            Some(fault) => self.tell_fault(fault, f),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>4}. {}", self.step, printable(&self.action))?;
        for (voice, says) in self.voices() {
            let mark = if self.disagree.contains(&voice) {
                "   <- DISAGREES"
            } else {
                ""
            };
            let says = match says {
                None => "cannot be asked: it knows three turns",
                Some(_) if voice != Voice::Library && self.disagree.is_empty() => "agrees",
                Some(says) => says,
            };
            writeln!(f, "        {voice:<8} {}{mark}", printable(says))?;
        }
        Ok(())
    }
}
