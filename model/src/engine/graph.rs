//! The graph of a model: every reachable state, every edge, breadth first.

use std::fmt;
use std::hash::Hash;
use std::time::{Duration, Instant};

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use stateright::Model;

/// How far to search. What is cut short is never a pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Stop after this time.
    pub time: Option<Duration>,
    /// Stop at this many states.
    pub states: Option<usize>,
    /// Go no deeper than this many steps.
    pub depth: Option<usize>,
}

/// Why a search ended before it had seen everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The time was up.
    Time(Duration),
    /// There were more states than allowed.
    States(usize),
    /// There were states deeper than allowed.
    Depth(usize),
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(limit) => {
                write!(f, "the time limit of {} s was reached", limit.as_secs_f64())
            }
            Self::States(limit) => write!(f, "the limit of {limit} states was reached"),
            Self::Depth(limit) => write!(f, "the depth limit of {limit} steps was reached"),
        }
    }
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Unique states so far.
    pub states: usize,
    /// Edges so far.
    pub edges: usize,
    /// The depth of the state that was expanded last.
    pub depth: usize,
}

/// No state, no edge.
pub const NONE: u32 = u32::MAX;

/// An edge: where it leads, and the place of its action among [`Graph::actions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edge {
    to: u32,
    action: u8,
}

/// The states and edges of a model, in the order in which a breadth-first search meets them.
///
/// A state's number grows with its distance from the start, so that the first state with some quality has a shortest
/// trace.
pub struct Graph<M: Model> {
    states: IndexSet<M::State, FxBuildHasher>,
    /// Which state first led to each.
    parents: Vec<u32>,
    /// Where the edges of each state begin; they end where the next one's begin.
    starts: Vec<u32>,
    edges: Vec<Edge>,
    actions: Vec<M::Action>,
    initial: usize,
}

/// A search and how it ended.
pub struct Explored<M: Model> {
    /// What was found.
    pub graph: Graph<M>,
    /// The longest of the shortest ways from the start.
    pub depth: usize,
    /// Why it ended early, if it did.
    pub cut: Option<Cut>,
    /// How long it took.
    pub elapsed: Duration,
}

impl<M> Explored<M>
where
    M: Model,
    M::State: Clone + Hash + Eq,
    M::Action: Clone + PartialEq,
{
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

/// How many states are expanded between two looks at the clock.
const STRIDE: usize = 1024;

/// Walks the whole graph of a model, breadth first, within limits.
///
/// `progress` is told now and then how far the search has come.
///
/// # Panics
///
/// If the model has more than 255 different actions, or more than four thousand million states or edges.
pub fn explore<M>(model: &M, limits: Limits, progress: impl FnMut(Progress)) -> Explored<M>
where
    M: Model,
    M::State: Clone + Hash + Eq,
    M::Action: Clone + PartialEq,
{
    explore_until(model, limits, |_| false, progress).0
}

/// [`explore`], as far as the first state that is sought: none is nearer to the start.
///
/// # Panics
///
/// As [`explore`].
pub fn explore_until<M>(
    model: &M,
    limits: Limits,
    sought: impl Fn(&M::State) -> bool,
    mut progress: impl FnMut(Progress),
) -> (Explored<M>, Option<u32>)
where
    M: Model,
    M::State: Clone + Hash + Eq,
    M::Action: Clone + PartialEq,
{
    let begun = Instant::now();
    let mut graph = Graph {
        states: IndexSet::default(),
        parents: Vec::new(),
        starts: Vec::new(),
        edges: Vec::new(),
        actions: Vec::new(),
        initial: 0,
    };
    for state in model.init_states() {
        if model.within_boundary(&state) && graph.states.insert(state) {
            graph.parents.push(NONE);
        }
    }
    graph.initial = graph.states.len();

    let mut found = None;
    let mut cut = None;
    let mut depth = 0;
    let mut end_of_level = graph.states.len();
    let mut offered = Vec::new();
    let mut at = 0;
    while at < graph.states.len() {
        if at == end_of_level {
            end_of_level = graph.states.len();
            depth += 1;
        }
        cut = graph.must_stop(at, depth, limits, begun);
        if cut.is_some() {
            break;
        }
        if at.is_multiple_of(STRIDE) {
            progress(Progress {
                states: graph.states.len(),
                edges: graph.edges.len(),
                depth,
            });
        }
        let known = graph.states.len();
        graph.expand(model, at, &mut offered);
        at += 1;
        let is_sought = |at: &usize| graph.states.get_index(*at).is_some_and(&sought);
        found = (known..graph.states.len()).find(is_sought).map(narrow);
        if found.is_some() {
            break;
        }
    }
    progress(Progress {
        states: graph.states.len(),
        edges: graph.edges.len(),
        depth,
    });
    // States that were met and not expanded have no edges.
    while graph.starts.len() <= graph.states.len() {
        graph.starts.push(narrow(graph.edges.len()));
    }
    let explored = Explored {
        graph,
        depth,
        cut,
        elapsed: begun.elapsed(),
    };
    (explored, found)
}

fn narrow(wide: usize) -> u32 {
    u32::try_from(wide).expect("a graph of less than four thousand million states and edges")
}

impl<M> Graph<M>
where
    M: Model,
    M::State: Clone + Hash + Eq,
    M::Action: Clone + PartialEq,
{
    fn must_stop(&self, at: usize, depth: usize, limits: Limits, begun: Instant) -> Option<Cut> {
        if limits.states.is_some_and(|most| self.states.len() > most) {
            return limits.states.map(Cut::States);
        }
        if limits.depth.is_some_and(|most| depth >= most) {
            return limits.depth.map(Cut::Depth);
        }
        let due =
            at.is_multiple_of(STRIDE) && limits.time.is_some_and(|most| begun.elapsed() >= most);
        if due {
            limits.time.map(Cut::Time)
        } else {
            None
        }
    }

    fn expand(&mut self, model: &M, at: usize, offered: &mut Vec<M::Action>) {
        self.starts.push(narrow(self.edges.len()));
        let state = self.states[at].clone();
        offered.clear();
        model.actions(&state, offered);
        for action in offered.drain(..) {
            let Some(next) = model.next_state(&state, action.clone()) else {
                continue;
            };
            if !model.within_boundary(&next) {
                continue;
            }
            let (to, is_new) = self.states.insert_full(next);
            if is_new {
                self.parents.push(narrow(at));
            }
            let known = self.actions.iter().position(|known| *known == action);
            let action = known.unwrap_or_else(|| {
                self.actions.push(action);
                self.actions.len() - 1
            });
            let action = u8::try_from(action).expect("a model of at most 255 actions");
            self.edges.push(Edge {
                to: narrow(to),
                action,
            });
        }
    }

    /// How many unique states there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.states.len()
    }

    /// Whether the model has no state at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// How many edges there are.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.edges.len()
    }

    /// The states, nearest first.
    pub fn states(&self) -> impl ExactSizeIterator<Item = &M::State> {
        self.states.iter()
    }

    /// The state of that number.
    #[must_use]
    pub fn state(&self, at: u32) -> Option<&M::State> {
        self.states.get_index(at as usize)
    }

    /// The edges out of a state: what happens, and where it leads.
    pub fn edges(&self, from: u32) -> impl Iterator<Item = (&M::Action, u32)> {
        let ends = |at: usize| {
            self.starts
                .get(at)
                .map_or(self.edges.len(), |start| *start as usize)
        };
        let range = ends(from as usize)..ends(from as usize + 1);
        self.edges[range]
            .iter()
            .map(|edge| (&self.actions[usize::from(edge.action)], edge.to))
    }

    /// The states on a shortest way from the start to a state, both included.
    #[must_use]
    pub fn way_to(&self, state: u32) -> Vec<u32> {
        let parent = |at: &u32| {
            self.parents
                .get(*at as usize)
                .copied()
                .filter(|at| *at != NONE)
        };
        let mut way: Vec<u32> = std::iter::successors(Some(state), parent).collect();
        way.reverse();
        way
    }

    /// How many steps each state is from the start, by number.
    #[must_use]
    pub fn depths(&self) -> Vec<u32> {
        let mut depths: Vec<u32> = Vec::with_capacity(self.parents.len());
        for parent in &self.parents {
            let depth = depths.get(*parent as usize).map_or(0, |depth| depth + 1);
            depths.push(depth);
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

    /// Bytes of memory that the states, their index and the edges take, without what the states themselves point at.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let index_entry = size_of::<usize>() + 1;
        self.states.capacity() * (size_of::<M::State>() + size_of::<u64>() + index_entry)
            + self.parents.capacity() * size_of::<u32>()
            + self.starts.capacity() * size_of::<u32>()
            + self.edges.capacity() * size_of::<Edge>()
    }
}
