//! Which supervisor is under test: the shipped one, one that carries a published defect, or a host that mixes threads up.

#[cfg(feature = "faults")]
use session_lifecycle::Fault;
use session_lifecycle::ProviderLife;
use session_lifecycle::supervisor::{Command, Input, Patience, Supervisor, SupervisorSnapshot};

use crate::world::timestamp;

/// What is tested.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Subject {
    #[cfg(feature = "faults")]
    pub(crate) fault: Option<Fault>,
    /// The host keeps one configuration for all its threads, and gives it to the wrong one.
    pub(crate) mixes_up: bool,
}

impl Subject {
    /// Of the shipped code, in a host that keeps threads apart.
    pub(crate) const SHIPPED: Self = Self {
        #[cfg(feature = "faults")]
        fault: None,
        mixes_up: false,
    };

    /// A supervisor of a thread of which nothing is known yet.
    pub(crate) fn fresh(&self, patience: Patience) -> Supervisor {
        let fresh = Supervisor::new(patience, timestamp(0));
        #[cfg(feature = "faults")]
        if self.fault.is_some() {
            let (image, _) = fresh.image(timestamp(0));
            return image.supervisor(patience, self.fault);
        }
        fresh
    }

    /// A supervisor that comes back.
    pub(crate) fn boot(
        &self,
        stored: SupervisorSnapshot,
        life: ProviderLife,
        patience: Patience,
        now: u64,
    ) -> Supervisor {
        let now = timestamp(now);
        #[cfg(feature = "faults")]
        let booted = Supervisor::boot_with_fault(self.fault, stored, life, patience, now);
        #[cfg(not(feature = "faults"))]
        let booted = Supervisor::boot(stored, life, patience, now);
        booted.expect("what a supervisor stored comes back").0
    }

    /// The thread to which the host gives what was meant for this one.
    pub(crate) fn route(&self, meant: usize, input: &Input, threads: usize) -> usize {
        let is_shared = matches!(input, Input::Command(Command::Configure(_)));
        if self.mixes_up && is_shared {
            (meant + 1) % threads
        } else {
            meant
        }
    }
}
