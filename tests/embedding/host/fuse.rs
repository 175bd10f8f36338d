//! What the tests need and a host does not: it dies on purpose, and carries a published defect on request.

use session_lifecycle::supervisor::{InvalidSnapshot, Patience, Supervisor, SupervisorSnapshot};
use session_lifecycle::{Broken, ProviderLife, Timestamp};

/// The effect before which the host dies, counted from its boot.
pub(crate) const DIES_BEFORE: &str = "EMBEDDING_DIES_BEFORE";
/// The id of a published defect.
pub(crate) const FAULT: &str = "EMBEDDING_FAULT";

pub(crate) struct Fuse {
    left: Option<u32>,
}

impl Fuse {
    pub(crate) fn from_environment() -> Self {
        let left = std::env::var(DIES_BEFORE).ok();
        Self {
            left: left.map(|left| left.parse().expect("a number")),
        }
    }

    /// Dies at once, without a word to anybody, when it is its turn.
    pub(crate) fn burn(&mut self) {
        match &mut self.left {
            Some(0) => std::process::abort(),
            Some(left) => *left -= 1,
            None => {}
        }
    }
}

#[cfg(not(feature = "faults"))]
pub(crate) fn boot(
    snapshot: SupervisorSnapshot,
    life: ProviderLife,
    patience: Patience,
    now: Timestamp,
) -> Result<(Supervisor, Vec<Broken>), InvalidSnapshot> {
    Supervisor::boot(snapshot, life, patience, now)
}

#[cfg(feature = "faults")]
pub(crate) fn boot(
    snapshot: SupervisorSnapshot,
    life: ProviderLife,
    patience: Patience,
    now: Timestamp,
) -> Result<(Supervisor, Vec<Broken>), InvalidSnapshot> {
    use session_lifecycle::Fault;

    let id = std::env::var(FAULT).unwrap_or_default();
    let fault = Fault::ALL.iter().find(|fault| fault.id() == id).copied();
    Supervisor::boot_with_fault(fault, snapshot, life, patience, now)
}
