//! The shipped logic with something wrong around it. The second engine gets a clone of what the first one has, so that
//! what happens when it is cloned happens to one engine alone.

use std::time::Duration;

use session_lifecycle::{Fault, Settlement, Status};
use session_lifecycle_model::world::{Env, Permit, Told, Turn};
use session_lifecycle_model::{Consequence, Packed, PropertyId, Shipped, Subject};

/// What becomes of the clone.
#[derive(Clone, Copy)]
pub(crate) enum OnClone {
    /// It is the same.
    Same,
    /// It carries a defect.
    Carry(Fault),
    /// It has lost its defect.
    Mend,
    /// It takes its time for each event.
    Slow(Duration),
}

pub(crate) struct Planted {
    shipped: Shipped,
    properties: &'static [PropertyId],
    pause: Duration,
    on_clone: OnClone,
}

impl Planted {
    pub(crate) fn on_clone(on_clone: OnClone) -> Self {
        Self {
            shipped: Shipped::default(),
            properties: &PropertyId::ALL,
            pause: Duration::ZERO,
            on_clone,
        }
    }

    pub(crate) fn carrying(fault: Fault, on_clone: OnClone) -> Self {
        Self {
            shipped: Shipped::with_fault(fault),
            ..Self::on_clone(on_clone)
        }
    }

    pub(crate) fn without_properties() -> Self {
        Self {
            properties: &[],
            ..Self::on_clone(OnClone::Same)
        }
    }
}

impl Clone for Planted {
    fn clone(&self) -> Self {
        let mut clone = Self {
            shipped: self.shipped,
            properties: self.properties,
            pause: self.pause,
            on_clone: self.on_clone,
        };
        match self.on_clone {
            OnClone::Same => {}
            OnClone::Carry(fault) => clone.shipped = Shipped::with_fault(fault),
            OnClone::Mend => clone.shipped = Shipped::default(),
            OnClone::Slow(pause) => clone.pause = pause,
        }
        clone
    }
}

impl Subject for Planted {
    type Session = Packed;

    const HAS_LEDGER: bool = true;

    fn properties(&self) -> &'static [PropertyId] {
        self.properties
    }

    fn initial(&self) -> Packed {
        self.shipped.initial()
    }

    fn fold(&self, session: &Packed, told: Told) -> Consequence<Packed> {
        std::thread::sleep(self.pause);
        self.shipped.fold(session, told)
    }

    fn status(&self, session: &Packed) -> Status {
        self.shipped.status(session)
    }

    fn active(&self, session: &Packed) -> Option<Turn> {
        self.shipped.active(session)
    }

    fn settlement(&self, session: &Packed, turn: Turn) -> Option<Settlement> {
        self.shipped.settlement(session, turn)
    }

    fn sweep(&self, session: &Packed, env: &Env) -> bool {
        self.shipped.sweep(session, env)
    }

    fn reap(&self, session: &Packed, permit: Permit, env: &Env) -> Option<Packed> {
        self.shipped.reap(session, permit, env)
    }

    fn restart(&self, session: &Packed) -> Packed {
        self.shipped.restart(session)
    }
}
