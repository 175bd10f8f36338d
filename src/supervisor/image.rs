//! Everything that a supervisor is, as plain data: for the model, which has to compare and to keep supervisors.

use alloc::vec::Vec;

use crate::supervisor::deadlines::Armed;
use crate::supervisor::scar::Scar;
use crate::supervisor::{
    Deadline, Epoch, Handed, Hold, Interrupting, Patience, PendingRead, Provider, Supervisor,
    SupervisorSnapshot, Task,
};
use crate::{AnySession, IdleClock, ProviderLife, Timestamp, TurnId, repair};

/// A supervisor as plain data, with all its times set to zero.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Image {
    stored: SupervisorSnapshot,
    provider: Provider,
    interrupting: Option<Interrupting>,
    reading: Option<PendingRead>,
    offered: Option<TurnId>,
    armed: Armed,
    scar: Scar,
}

impl Image {
    /// What is stored.
    #[must_use]
    pub fn stored(&self) -> &SupervisorSnapshot {
        &self.stored
    }

    /// The supervisor again, with its clocks at zero, carrying this defect.
    #[must_use]
    pub fn supervisor(&self, patience: Patience, fault: Option<crate::Fault>) -> Supervisor {
        let zero = Timestamp::default();
        let stored = self.stored.clone();
        Supervisor {
            session: AnySession::try_from(stored.session.clone())
                .unwrap_or_else(|_| repair(stored.session, ProviderLife::Alive).session),
            epoch: Epoch(stored.epoch),
            provider: self.provider,
            queue: stored.queue.into(),
            hold: Hold::of(stored.parked),
            handed: stored.handed.map(Handed::from),
            offered: self.offered.clone(),
            interrupting: self.interrupting.clone(),
            reading: self.reading.clone(),
            tasks: stored
                .tasks
                .into_iter()
                .map(|id| Task { id, due: zero })
                .collect(),
            requests: stored.requests,
            config: stored.config,
            cursor: stored.cursor,
            clock: IdleClock::new(zero),
            armed: self.armed,
            unsaved: false,
            outbox: Vec::new(),
            patience,
            fault,
            scar: self.scar.clone(),
        }
    }
}

impl Supervisor {
    /// Everything that this supervisor is, and whether its idle clock has moved since it was at zero.
    #[must_use]
    pub fn image(&self, now: Timestamp) -> (Image, bool) {
        let image = Image {
            stored: self.snapshot(),
            provider: self.provider,
            interrupting: self.interrupting.clone(),
            reading: self.reading.clone(),
            offered: self.offered.clone(),
            armed: self.armed.at_zero(),
            scar: self.scar.clone(),
        };
        (image, self.clock.idle_for(now).is_zero())
    }

    /// Whether a deadline is set.
    #[must_use]
    pub fn is_set(&self, deadline: &Deadline) -> bool {
        match deadline {
            Deadline::Lease(id) => self.tasks.iter().any(|task| task.id == *id),
            Deadline::Start
            | Deadline::Send
            | Deadline::Interrupt
            | Deadline::Read
            | Deadline::Stop
            | Deadline::Stall => self.armed.is_set(deadline),
        }
    }

    /// Whether an interrupt has not taken effect yet.
    #[must_use]
    pub fn interrupting(&self) -> Option<Option<&TurnId>> {
        match &self.interrupting {
            Some(Interrupting::Asked(turn)) => Some(turn.as_ref()),
            Some(Interrupting::Latched) => Some(None),
            None => None,
        }
    }

    /// Whether the provider was asked to go.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.provider == Provider::Stopping
    }
}
