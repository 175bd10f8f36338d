//! A graph written down edge by edge, as a model.

use session_lifecycle_model::engine::{Searched, Whole};
use stateright::{Model, Property};

/// A step that may happen, or never.
pub(crate) const FREE: u8 = 0;
/// A step that goes wrong: ceases in the end.
pub(crate) const FAULT: u8 = u8::MAX;

/// States are numbers. An edge is where from, the class of its action, where to.
#[derive(Clone)]
pub(crate) struct Micro {
    pub(crate) starts: &'static [u8],
    pub(crate) edges: &'static [(u8, u8, u8)],
    goals: &'static [u8],
}

/// An action: its class, and where it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Step {
    pub(crate) class: u8,
    to: u8,
}

impl Micro {
    pub(crate) fn new(
        starts: &'static [u8],
        edges: &'static [(u8, u8, u8)],
        goals: &'static [u8],
    ) -> Self {
        Self {
            starts,
            edges,
            goals,
        }
    }

    pub(crate) fn is_goal(&self, state: u8) -> bool {
        self.goals.contains(&state)
    }
}

impl Model for Micro {
    type State = u8;
    type Action = Step;

    fn init_states(&self) -> Vec<u8> {
        self.starts.to_vec()
    }

    fn actions(&self, state: &u8, actions: &mut Vec<Step>) {
        let out = self.edges.iter().filter(|(from, _, _)| from == state);
        actions.extend(out.map(|(_, class, to)| Step {
            class: *class,
            to: *to,
        }));
    }

    fn next_state(&self, _: &u8, step: Step) -> Option<u8> {
        Some(step.to)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::eventually("goal", |micro: &Self, state| {
            micro.is_goal(*state)
        })]
    }
}

impl Searched for Micro {
    type Store = Whole<Self>;

    fn store(&self) -> Whole<Self> {
        Whole::default()
    }
}
