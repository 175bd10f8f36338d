//! The graph of a model: every reachable state, every edge, breadth first.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::edges::{EdgeBlock, Edges};
use crate::engine::table::{Numbers, narrow};
use crate::engine::{Cut, Searched, Steps, Store};

/// The states and edges of a model, in the order in which a breadth-first search meets them.
///
/// A state's number grows with its distance from the start, so that the first state with some quality has a shortest
/// trace.
pub struct Graph<M: Searched> {
    pub(super) store: Arc<M::Store>,
    pub(super) numbers: Numbers,
    /// The first state of each distance from the start.
    pub(super) levels: Vec<u32>,
    edges: Edges,
    actions: Vec<M::Action>,
    initial: u32,
    /// Bytes of the index while there was one.
    index: usize,
}

/// A search and how it ended.
pub struct Explored<M: Searched> {
    /// What was found.
    pub graph: Graph<M>,
    /// The longest of the shortest ways from the start.
    pub depth: usize,
    /// Why it ended early, if it did.
    pub cut: Option<Cut>,
    /// How long it took.
    pub elapsed: Duration,
}

impl<M: Searched> Explored<M> {
    /// Why the absence of a counterexample would show nothing: the search was cut short, or the model is empty.
    #[must_use]
    pub fn doubt(&self) -> Option<String> {
        if let Some(cut) = self.cut {
            return Some(cut.to_string());
        }
        if self.graph.is_empty() {
            return Some("the model has no initial state: nothing was explored".to_owned());
        }
        (self.graph.edge_count() == 0)
            .then(|| "the model has no step: nothing was explored".to_owned())
    }
}

/// Where a search may have to stop while it takes up what was found.
pub(super) struct Halt<'a, M: Searched> {
    pub(super) states: usize,
    pub(super) sought: &'a dyn Fn(&M::State) -> bool,
    pub(super) seeks: bool,
    pub(super) found: Option<u32>,
}

impl<M: Searched> Graph<M> {
    /// The initial states of a model.
    pub(super) fn of(model: &M) -> Self {
        let mut graph = Self {
            store: Arc::new(model.store()),
            numbers: Numbers::default(),
            levels: Vec::new(),
            edges: Edges::default(),
            actions: Vec::new(),
            initial: 0,
            index: 0,
        };
        for state in model.init_states() {
            if model.within_boundary(&state) {
                graph.numbers.number(graph.store.key(state));
            }
        }
        graph.initial = narrow(graph.len());
        graph
    }

    /// Takes up the steps of the states that come next, one state after the other, as far as the first where to stop.
    /// The block is theirs, and has room for the numbers.
    pub(super) fn take(&mut self, steps: &Steps, mut block: EdgeBlock, halt: &mut Halt<'_, M>) {
        let keys = steps.keys();
        if !halt.seeks && self.len() + keys.len() <= halt.states {
            self.numbers.number_all(keys, &mut block.targets);
        } else {
            let taken = self.take_one_by_one(keys, &mut block, halt);
            block.truncate(taken);
        }
        self.edges.push(block, narrow(self.len()));
    }

    /// Says out of how many of the states the steps were taken up.
    fn take_one_by_one(
        &mut self,
        keys: &[u64],
        block: &mut EdgeBlock,
        halt: &mut Halt<'_, M>,
    ) -> usize {
        for state in 0..block.states() {
            let (known, part) = (self.len(), block.out_of(state));
            self.numbers
                .number_all(&keys[part.clone()], &mut block.targets[part]);
            if halt.seeks {
                let sought = |at: &u32| self.state(*at).is_some_and(|state| (halt.sought)(&state));
                halt.found = (narrow(known)..narrow(self.len())).find(sought);
            }
            if halt.found.is_some() || self.len() > halt.states {
                return state + 1;
            }
        }
        block.states()
    }

    /// Nothing will be added any more.
    pub(super) fn freeze(&mut self) {
        self.store.freeze();
        self.index = self.numbers.bytes();
        self.numbers.freeze();
        self.index -= self.numbers.bytes().min(self.index);
        self.edges.freeze();
        self.actions = self.store.actions();
    }

    /// How many states have been expanded.
    pub(super) fn expanded(&self) -> usize {
        self.edges.states()
    }

    /// How many unique states there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether the model has no state at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many edges there are.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.edges.len()
    }

    /// The states, nearest first.
    pub fn states(&self) -> impl ExactSizeIterator<Item = M::State> {
        self.numbers.keys().iter().map(|key| self.store.state(*key))
    }

    /// The state of that number.
    #[must_use]
    pub fn state(&self, at: u32) -> Option<M::State> {
        let key = self.numbers.keys().get(at as usize)?;
        Some(self.store.state(*key))
    }

    /// The edges out of a state: what happens, and where it leads.
    pub fn edges(&self, from: u32) -> impl Iterator<Item = (&M::Action, u32)> {
        let edges = self.edges.out_of(from);
        edges.map(|(action, to)| (&self.actions[usize::from(action)], to))
    }

    /// The state from which another was first met.
    fn parent(&self, state: u32) -> Option<u32> {
        if state < self.initial {
            return None;
        }
        let parent = narrow(self.edges.first_into(state)?);
        debug_assert!(parent <= state, "each state is met from an earlier one");
        Some(parent)
    }

    /// The states on a shortest way from the start to a state, both included.
    #[must_use]
    pub fn way_to(&self, state: u32) -> Vec<u32> {
        let mut way: Vec<u32> = std::iter::successors(Some(state), |at| self.parent(*at)).collect();
        way.reverse();
        way
    }

    /// How many steps each state is from the start, by number.
    #[must_use]
    pub fn depths(&self) -> Vec<u32> {
        let mut depths = Vec::with_capacity(self.len());
        let ends = self.levels.iter().skip(1).map(|next| *next as usize);
        for (depth, end) in (0..).zip(ends.chain([self.len()])) {
            depths.resize(end, depth);
        }
        depths
    }

    /// An action that leads from one state to the next.
    #[must_use]
    pub fn action_between(&self, from: u32, to: u32) -> Option<&M::Action> {
        self.edges(from)
            .find(|(_, target)| *target == to)
            .map(|(action, _)| action)
    }

    /// How many different ones there are of each of the parts in which the states are kept.
    #[must_use]
    pub fn parts(&self) -> Vec<usize> {
        self.store.counts()
    }

    /// Bytes of memory that the states, their index and the edges take, without what the states themselves point at.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.state_bytes() + self.edges.bytes()
    }

    /// The same without the edges. The index, which the search alone needs, is in it.
    #[must_use]
    pub fn state_bytes(&self) -> usize {
        self.numbers.bytes()
            + self.index
            + self.store.bytes()
            + self.levels.capacity() * size_of::<u32>()
    }
}
