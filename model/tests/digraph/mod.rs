//! A model that is a graph of numbers.
#![allow(dead_code, reason = "each test uses its part")]

pub(crate) mod crowded;

use std::collections::{BTreeMap, VecDeque};

use session_lifecycle_model::engine::{Searched, Whole};
use stateright::{Model, Property};

/// Numbers from the starts, each stepping as its edges say; those above `most` are out of bounds.
#[derive(Clone, Debug)]
pub(crate) struct Digraph {
    pub(crate) starts: Vec<u16>,
    pub(crate) edges: BTreeMap<u16, Vec<u16>>,
    pub(crate) most: u16,
}

impl Digraph {
    pub(crate) fn new(starts: &[u16], edges: impl IntoIterator<Item = (u16, u16)>) -> Self {
        let mut all: BTreeMap<u16, Vec<u16>> = BTreeMap::new();
        for (from, to) in edges {
            all.entry(from).or_default().push(to);
        }
        Self {
            starts: starts.to_vec(),
            edges: all,
            most: u16::MAX,
        }
    }

    /// Some hundred states, out of a small generator of numbers: the same for the same seed.
    pub(crate) fn random(seed: u64) -> Self {
        Self::random_of(seed, 50, 400)
    }

    /// So many states and up to so many more.
    pub(crate) fn random_of(seed: u64, least: u16, more: u16) -> Self {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut number = |below: u16| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            u16::try_from(state % u64::from(below)).expect("it is below a u16")
        };
        let states = least + number(more);
        let edges: Vec<(u16, u16)> = (0..u32::from(states) * 2)
            .map(|_| (number(states), number(states)))
            .collect();
        Self {
            most: states - states / 5,
            ..Self::new(&[0, number(states), 1], edges)
        }
    }

    pub(crate) fn is_inside(&self, state: u16) -> bool {
        state <= self.most
    }

    pub(crate) fn after(&self, state: u16) -> impl Iterator<Item = u16> {
        let all = self.edges.get(&state).into_iter().flatten().copied();
        all.filter(|to| self.is_inside(*to))
    }

    /// How far each state is from the nearest start.
    pub(crate) fn distances(&self) -> BTreeMap<u16, usize> {
        let mut distances: BTreeMap<u16, usize> = BTreeMap::new();
        let mut queue: VecDeque<(u16, usize)> = VecDeque::new();
        let starts = self.starts.iter().filter(|start| self.is_inside(**start));
        queue.extend(starts.map(|start| (*start, 0)));
        while let Some((state, far)) = queue.pop_front() {
            if distances.contains_key(&state) {
                continue;
            }
            distances.insert(state, far);
            queue.extend(self.after(state).map(|to| (to, far + 1)));
        }
        distances
    }
}

/// The how-manyeth edge of a state is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Take(pub(crate) usize);

impl Model for Digraph {
    type State = u16;
    type Action = Take;

    fn init_states(&self) -> Vec<u16> {
        self.starts.clone()
    }

    fn actions(&self, state: &u16, actions: &mut Vec<Take>) {
        let out = self.edges.get(state).map_or(0, Vec::len);
        // One more than there is: an action that is not possible is no edge.
        actions.extend((0..=out).map(Take));
    }

    fn next_state(&self, state: &u16, Take(which): Take) -> Option<u16> {
        self.edges.get(state)?.get(which).copied()
    }

    fn within_boundary(&self, state: &u16) -> bool {
        self.is_inside(*state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("below the last number", |_, state| {
            *state < u16::MAX
        })]
    }
}

impl Searched for Digraph {
    type Store = Whole<Self>;

    fn store(&self) -> Whole<Self> {
        Whole::default()
    }
}
