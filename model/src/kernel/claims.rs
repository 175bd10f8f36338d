//! What is claimed of a supervised thread.

use crate::kernel::action::{Due, Move, Stimulus};
use crate::kernel::truth::{Mail, Process, Truth};
use crate::kernel::view::View;
use crate::kernel::{Kernel, Spot};

/// A property of the supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "`sentence` says what each claims")]
pub enum Claim {
    S1,
    S2,
    S3,
    S4,
    S5,
    S6,
    S7,
    S8,
    S9,
    S10,
    S11,
    S12,
    L1,
    L2,
    L3,
    L4,
}

impl Claim {
    /// Every claim.
    pub const ALL: [Self; 16] = [
        Self::S1,
        Self::S2,
        Self::S3,
        Self::S4,
        Self::S5,
        Self::S6,
        Self::S7,
        Self::S8,
        Self::S9,
        Self::S10,
        Self::S11,
        Self::S12,
        Self::L1,
        Self::L2,
        Self::L3,
        Self::L4,
    ];

    /// The safety claims.
    pub const SAFETY: usize = 12;

    pub(super) fn breaks(self, truth: &mut Truth) {
        truth.memory.broken |= 1 << self as u16;
    }

    /// Whether the step that led here broke it.
    #[must_use]
    pub fn is_broken(self, spot: &Spot) -> bool {
        spot.truth.memory.broken & 1 << self as u16 != 0
    }

    /// The claims that are read from the state.
    pub(super) fn mark(spot: &mut Spot, view: &View) {
        let truth = &mut spot.truth;
        if !view.status.is_active() && view.active.is_some() {
            Self::S1.breaks(truth);
        }
        let quiet = truth.news.is_empty()
            && truth.replies.is_empty()
            && truth.asks.is_empty()
            && truth.again.is_none()
            && truth.process == Process::Up
            && !truth.memory.misled
            && view.handed.is_none()
            && !view.stopping
            && view.interrupting.is_none();
        if quiet && view.status.is_active() != truth.turn.is_some() {
            Self::S5.breaks(truth);
        }
        for mail in Mail::ALL {
            let fate = truth.mail[mail as usize];
            let held = view.queue & 1 << mail as u8 != 0 || view.handed == Some(mail);
            if fate.accepted && !fate.reported && fate.reached == 0 && !held {
                Self::S6.breaks(truth);
            }
            if fate.reached > 1 {
                Self::S7.breaks(truth);
            }
        }
    }

    /// The goal of a liveness claim: where it holds, nothing is owed. Its negation is the premise.
    #[must_use]
    pub fn goal(self, kernel: &Kernel, spot: &Spot) -> bool {
        let view = kernel.memo.view(spot.kept);
        let truth = &spot.truth;
        match self {
            Self::L1 => {
                matches!(truth.process, Process::Off | Process::Booting)
                    || view.busy
                    || view.tasks > 0
                    || view.requests > 0
                    || (view.queue != 0 && !view.parked)
                    || truth.turn.is_some()
            }
            Self::L2 => !view.status.is_active() || truth.turn.is_some() || view.requests > 0,
            Self::L3 => {
                view.parked
                    || truth.turn.is_some()
                    || view.requests > 0
                    || Mail::ALL.iter().all(|mail| {
                        let fate = truth.mail[*mail as usize];
                        !fate.accepted || fate.reported || fate.reached > 0
                    })
            }
            Self::L4 => view.interrupting.is_none() && !view.stopping,
            _ => true,
        }
    }
}

/// The fairness class of a step, if it has one.
#[must_use]
pub fn class(action: &Move) -> Option<u8> {
    match action {
        Move::Host(stimulus) => match stimulus {
            Stimulus::News => Some(0),
            Stimulus::Reply => Some(1),
            Stimulus::Again => Some(2),
            Stimulus::Sweep => Some(3),
            Stimulus::Due(due) => Due::ALL
                .iter()
                .position(|one| one == due)
                .and_then(|at| u8::try_from(4 + at).ok()),
            _ => None,
        },
        Move::Provider(_) => Some(20),
        Move::Tick => Some(21),
        Move::HostDies(..) | Move::Alone(_) => None,
    }
}

/// Whether a step is a fault, which ceases in the end.
#[must_use]
pub fn ceases(action: &Move) -> bool {
    match action {
        Move::HostDies(..) | Move::Host(Stimulus::Boot | Stimulus::NewsTwice) => true,
        Move::Alone(deed) => {
            use crate::kernel::action::Deed;
            matches!(deed, Deed::Die | Deed::DieAndLose | Deed::FallMute)
        }
        Move::Host(_) | Move::Provider(_) | Move::Tick => false,
    }
}
