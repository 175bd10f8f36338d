//! The model of the supervisor: the shipped `handle` in a world that misbehaves.

mod action;
mod allowance;
mod call;
mod check;
pub mod claims;
mod found;
mod judge;
mod memo;
mod packed;
mod pair;
mod provider;
mod step;
mod story;
mod truth;
mod view;

use std::sync::Arc;

use session_lifecycle::Fault;
use stateright::Model;

pub use action::{Deed, Due, Move, Response, Stimulus};
pub use allowance::{Allowance, Trouble};
pub use check::{check_claims, check_faulty_supervisor, check_supervisor, worlds};
pub use claims::Claim;
pub use found::{counterexamples, first_counterexample};
pub use memo::{Kept, Memo};
pub use pair::{Isolation, OfThread, Pair, Worker, isolation};
pub use truth::{Ask, Fate, Job, Mail, News, Process, Remembered, Reply, ShortQueue, Truth};
pub use view::View;

/// A state: the supervisor (its number in the memo), what it has stored (likewise), and what is really so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Spot {
    /// The supervisor.
    pub kept: Kept,
    /// What stands on disk.
    pub disk: Kept,
    /// What is really so.
    pub truth: Truth,
}

/// A supervised thread.
#[derive(Clone)]
pub struct Kernel {
    /// The shipped code, and what it has answered so far.
    pub memo: Arc<Memo>,
    /// How much may happen.
    pub allowance: Allowance,
}

impl Kernel {
    /// A supervised thread of which nothing is known yet.
    #[must_use]
    pub fn new(allowance: Allowance) -> Self {
        Self {
            memo: Arc::new(Memo::default()),
            allowance,
        }
    }

    /// The same, with a published defect put back.
    #[must_use]
    pub fn with_fault(fault: Fault, allowance: Allowance) -> Self {
        Self {
            memo: Arc::new(Memo::with_fault(fault)),
            allowance,
        }
    }
}

impl Model for Kernel {
    type State = Spot;
    type Action = Move;

    fn init_states(&self) -> Vec<Spot> {
        let kept = self.memo.fresh();
        vec![Spot {
            kept,
            disk: kept,
            truth: Truth::new(self.allowance),
        }]
    }

    fn actions(&self, spot: &Spot, actions: &mut Vec<Move>) {
        spot.possible(self, actions);
    }

    fn next_state(&self, spot: &Spot, action: Move) -> Option<Spot> {
        self.step(spot, action)
    }

    fn properties(&self) -> Vec<stateright::Property<Self>> {
        // stateright takes plain functions, so that each claim needs one of its own.
        macro_rules! safety {
            ($($claim:ident),+) => {
                vec![$(stateright::Property::always(
                    Claim::$claim.sentence(),
                    |_: &Self, spot: &Spot| !Claim::$claim.is_broken(spot),
                )),+]
            };
        }
        // L4 too has a part that one step can break.
        safety!(S1, S2, S3, S4, S5, S6, S7, S8, S9, S10, S11, S12, L4)
    }

    fn format_action(&self, action: &Move) -> String {
        format!("{action:?}")
    }

    fn format_step(&self, spot: &Spot, action: Move) -> Option<String> {
        let next = self.step(spot, action)?;
        Some(format!(
            "{} {}",
            self.narrate(spot, action),
            self.describe(&next)
        ))
    }
}
