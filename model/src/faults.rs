//! The fault catalogue: published defects, put back one by one, and what catches each.

mod projection;
mod supervisor;

use serde::Serialize;
use session_lifecycle::Fault;

use crate::check::{Plan, check_subject};
use crate::kernel::{Allowance, Claim, Kernel, Trouble, first_counterexample};
use crate::properties::{Kind, PropertyId};
use crate::report::{TraceStep, Verdict};
use crate::scope::Scope;
use crate::shipped::Shipped;

pub use projection::CATALOGUE;
pub use supervisor::SUPERVISED;

/// A published defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The switch that puts it back.
    pub fault: Fault,
    /// Where it was published.
    pub link: &'static str,
    /// What a user saw.
    pub symptom: &'static str,
    /// How the faulty decision differs, in one line.
    pub decision: &'static str,
    /// What must catch it.
    pub property: Catcher,
}

/// What must catch a defect, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Catcher {
    /// A property of the projection, in its small scope.
    Projection(PropertyId),
    /// A claim of the supervisor, in the world with these kinds of trouble (see [`Allowance::once`]).
    Supervisor(Claim, &'static [Trouble]),
}

impl Catcher {
    /// The id of the property, as in `S1`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Projection(property) => property.as_str(),
            Self::Supervisor(claim, _) => claim.as_str(),
        }
    }

    /// What is claimed.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Projection(property) => property.sentence(),
            Self::Supervisor(claim, _) => claim.sentence(),
        }
    }

    /// Whether it is decided on whole runs.
    #[must_use]
    pub fn is_liveness(self) -> bool {
        match self {
            Self::Projection(property) => property.kind() == Kind::Liveness,
            Self::Supervisor(claim, _) => claim.is_liveness(),
        }
    }

    /// Where it is asked.
    #[must_use]
    pub fn world(self) -> String {
        match self {
            Self::Projection(_) => Scope::SMALL.to_string(),
            Self::Supervisor(_, kinds) => {
                format!("2 messages, with {}", Allowance::once(kinds))
            }
        }
    }
}

/// A defect that was put back, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Caught {
    /// The id, as in `S1-01`.
    pub id: &'static str,
    /// Where it was published.
    pub link: &'static str,
    /// What a user saw.
    pub symptom: &'static str,
    /// How the faulty decision differs.
    pub decision: &'static str,
    /// The property that must catch it.
    pub property: &'static str,
    /// Whether that property did.
    pub caught: bool,
    /// The shortest trace.
    pub trace: Vec<TraceStep>,
}

/// Every published defect that can be put back, in the order of [`Fault::ALL`].
pub fn all() -> impl Iterator<Item = &'static Entry> {
    CATALOGUE.iter().chain(SUPERVISED)
}

impl Entry {
    /// Puts the defect back and asks its property.
    #[must_use]
    pub fn run(&self) -> Caught {
        let trace = match self.property {
            Catcher::Projection(property) => self.ask_the_projection(property),
            Catcher::Supervisor(claim, kinds) => {
                let kernel = Kernel::with_fault(self.fault, Allowance::once(kinds));
                first_counterexample(&kernel, claim)
            }
        };
        Caught {
            id: self.fault.id(),
            link: self.link,
            symptom: self.symptom,
            decision: self.decision,
            property: self.property.as_str(),
            caught: !trace.is_empty(),
            trace,
        }
    }

    /// The trace of a violation, if there is one.
    fn ask_the_projection(&self, property: PropertyId) -> Vec<TraceStep> {
        let plan = Plan {
            properties: vec![property],
            second_opinion: false,
            ..Scope::SMALL.into()
        };
        let report = check_subject(Shipped::with_fault(self.fault), &plan, |_| {});
        let violated = report
            .properties
            .into_iter()
            .find(|property| property.verdict == Verdict::Violated);
        violated.map_or_else(Vec::new, |property| property.trace)
    }
}

/// The entry of a fault.
#[must_use]
pub fn entry(id: &str) -> Option<&'static Entry> {
    all().find(|entry| entry.fault.id().eq_ignore_ascii_case(id))
}
