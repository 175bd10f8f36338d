//! What may not be a pass: a search that was cut short, an empty one, a premise that never occurs, a claim that nobody
//! asked, engines that disagree.

mod cut;
mod empty;
mod engines;
mod planted;
mod told;

use session_lifecycle_model::engine::Limits;
use session_lifecycle_model::world::Budget;
use session_lifecycle_model::{Plan, Profile, PropertyId, Report, Scope};

pub(crate) const NO_BUDGET: Budget = Budget {
    launches: 0,
    deviations: 0,
    crashes: 0,
    restarts: 0,
    duplicates: 0,
};

/// One turn and a provider that behaves: enough for S1.
pub(crate) const TINY: Scope = Scope {
    name: "tiny",
    turns: 1,
    in_flight: 2,
    budget: Budget {
        launches: 1,
        ..NO_BUDGET
    },
    profile: Profile::ANY,
};

pub(crate) fn s1() -> Plan {
    Plan {
        properties: vec![PropertyId::S1],
        ..TINY.into()
    }
}

pub(crate) fn with(limits: Limits) -> Plan {
    Plan { limits, ..s1() }
}

pub(crate) fn reason(report: &Report, id: PropertyId) -> &str {
    let property = report.property(id).expect("the property was asked");
    property.reason.as_deref().unwrap_or_default()
}
