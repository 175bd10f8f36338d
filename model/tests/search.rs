//! The search against one that is obviously right, state by state and edge by edge; and several threads against one.

mod digraph;

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;

use digraph::Digraph;
use session_lifecycle::{Event, Fault, Status};
use session_lifecycle_model::engine::{
    Cut, Explored, Graph, Limits, NONE, Searched, Store, explore, explore_until, explore_with,
};
use session_lifecycle_model::kernel::{Allowance, Kernel, Trouble};
use session_lifecycle_model::world::{Budget, World};
use session_lifecycle_model::{Own, Profile, Reducer, Scope, Shipped, Subject};
use stateright::Model;

/// A breadth-first search in the words of a textbook: states in the order in which they are met, the steps out of each,
/// and the first state that led to each.
struct Textbook<M: Model> {
    states: Vec<M::State>,
    edges: Vec<Vec<(M::Action, u32)>>,
    parents: Vec<u32>,
}

impl<M> Textbook<M>
where
    M: Model<State: Clone + Hash + Eq, Action: Clone>,
{
    fn search(model: &M) -> Self {
        let mut numbers: HashMap<M::State, u32> = HashMap::new();
        let mut book = Self {
            states: Vec::new(),
            edges: Vec::new(),
            parents: Vec::new(),
        };
        for state in model.init_states() {
            book.meet(model, &mut numbers, state, NONE);
        }
        let mut at = 0;
        while let Some(state) = book.states.get(at).cloned() {
            let mut actions = Vec::new();
            model.actions(&state, &mut actions);
            let mut edges = Vec::new();
            for action in actions {
                let next = model.next_state(&state, action.clone());
                let from = u32::try_from(at).unwrap();
                let met = next.and_then(|next| book.meet(model, &mut numbers, next, from));
                edges.extend(met.map(|to| (action, to)));
            }
            book.edges.push(edges);
            at += 1;
        }
        book
    }

    fn meet(
        &mut self,
        model: &M,
        numbers: &mut HashMap<M::State, u32>,
        state: M::State,
        parent: u32,
    ) -> Option<u32> {
        if !model.within_boundary(&state) {
            return None;
        }
        let next = u32::try_from(numbers.len()).unwrap();
        Some(*numbers.entry(state).or_insert_with_key(|state| {
            self.states.push(state.clone());
            self.parents.push(parent);
            next
        }))
    }

    fn way_to(&self, state: u32) -> Vec<u32> {
        let parent = |at: &u32| Some(self.parents[*at as usize]).filter(|at| *at != NONE);
        let mut way: Vec<u32> = std::iter::successors(Some(state), parent).collect();
        way.reverse();
        way
    }
}

/// Every number, state, edge and way is as the textbook says.
fn assert_by_the_book<M>(model: &M, graph: &Graph<M>)
where
    M: Searched<State: Debug, Action: Debug>,
{
    let book = Textbook::search(model);
    assert_eq!(graph.len(), book.states.len());
    assert!(graph.states().eq(book.states.iter().cloned()));
    let depths = graph.depths();
    for (at, edges) in (0..).zip(&book.edges) {
        let ours = graph.edges(at).map(|(action, to)| (action.clone(), to));
        assert_eq!(&ours.collect::<Vec<_>>(), edges, "out of {at}");
        let way = graph.way_to(at);
        assert_eq!(way.len(), depths[at as usize] as usize + 1);
        if at.is_multiple_of(7) {
            assert_eq!(way, book.way_to(at));
        }
    }
}

fn both_ways<M>(model: &M)
where
    M: Searched<State: Debug, Action: Debug + Send + Sync> + Sync,
    M::Store: Send + Sync,
    <M::Store as Store<M>>::Memory: Send,
{
    for threads in [1, 2] {
        let explored = explore_with(threads, model, Limits::default(), |_| {});
        assert!(explored.cut.is_none());
        assert_by_the_book(model, &explored.graph);
    }
}

fn assert_same<M: Searched<State: Debug, Action: Debug>>(one: &Explored<M>, other: &Explored<M>) {
    assert_eq!((one.cut, one.depth), (other.cut, other.depth));
    let (one, other) = (&one.graph, &other.graph);
    assert_eq!(
        (one.len(), one.edge_count()),
        (other.len(), other.edge_count())
    );
    assert!(one.states().eq(other.states()));
    assert_eq!(one.depths(), other.depths());
    for at in 0..u32::try_from(one.len()).unwrap() {
        assert!(one.edges(at).eq(other.edges(at)), "out of {at}");
        assert_eq!(one.way_to(at), other.way_to(at));
    }
}

/// One turn, and each kind of trouble once.
const TINY: Scope = Scope {
    name: "tiny",
    turns: 1,
    in_flight: 2,
    budget: Budget {
        launches: 1,
        deviations: 1,
        crashes: 1,
        restarts: 1,
        duplicates: 1,
    },
    profile: Profile::ANY,
};

fn world<S: Subject>(subject: S) -> World<S> {
    World::new(subject, TINY)
}

#[test]
fn random_graphs_are_searched_by_the_book() {
    for seed in 0..30 {
        both_ways(&Digraph::random(seed));
    }
    // Levels that are worth sharing.
    for seed in 0..3 {
        let wide = Digraph::random_of(seed, 20_000, 10_000);
        both_ways(&wide);
        let three = explore_with(3, &wide, Limits::default(), |_| {});
        assert_by_the_book(&wide, &three.graph);
    }
}

#[test]
fn a_graph_without_a_state_or_a_step_is_searched_by_the_book() {
    both_ways(&Digraph::new(&[], []));
    both_ways(&Digraph::new(&[7, 7, 3], []));
    both_ways(&Digraph::new(&[0], [(0, 0)]));
}

#[test]
fn the_world_in_parts_is_the_world_as_a_whole() {
    both_ways(&world(Shipped::default()));
}

#[test]
fn the_world_of_each_provider_in_parts_is_that_world_as_a_whole() {
    for profile in Profile::ALL {
        let world = World::new(Shipped::default(), TINY.of(profile));
        let explored = explore(&world, Limits::default(), |_| {});
        assert_by_the_book(&world, &explored.graph);
    }
}

#[test]
fn the_world_with_a_defect_in_parts_is_that_world_as_a_whole() {
    for fault in Fault::ALL {
        if fault.layer() != session_lifecycle::FaultLayer::Projection {
            continue;
        }
        let world = world(Shipped::with_fault(*fault));
        let explored = explore(&world, Limits::default(), |_| {});
        assert_by_the_book(&world, &explored.graph);
    }
}

/// Counts what it is told, to nine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Counts(u8);

impl Reducer for Counts {
    fn new() -> Self {
        Self(0)
    }

    fn apply(&mut self, _: &Event) {
        self.0 = 9.min(self.0 + 1);
    }

    fn status(&self) -> Status {
        Status::Ready
    }

    fn active_turn(&self) -> Option<&str> {
        (self.0 % 3 == 1).then_some("A")
    }
}

#[test]
fn the_world_of_a_reducer_of_ones_own_in_parts_is_that_world_as_a_whole() {
    both_ways(&world(Own::<Counts>::default()));
}

#[test]
fn a_world_of_the_supervisor_in_parts_is_that_world_as_a_whole() {
    both_ways(&Kernel::new(Allowance::once(&[Trouble::Duplicate])));
}

#[test]
fn two_threads_number_the_small_scope_as_one_does() {
    let world = World::new(Shipped::default(), Scope::SMALL);
    let [one, two] = [1, 2].map(|threads| explore_with(threads, &world, Limits::default(), |_| {}));
    assert_eq!(
        (one.graph.len(), one.graph.edge_count()),
        (148_028, 938_757)
    );
    assert_same(&one, &two);
}

#[test]
fn two_threads_stop_at_a_limit_where_one_does_and_that_is_no_pass() {
    let wide = Digraph::random_of(5, 20_000, 10_000);
    let all = explore(&wide, Limits::default(), |_| {});
    let limits = |states, depth| Limits {
        states,
        depth,
        ..Limits::default()
    };
    let counts = [0, 1, 2, 700, 9_999, all.graph.len() - 1];
    let states = counts.map(|most| (limits(Some(most), None), Cut::States(most)));
    let depths = [0, 1, 5, all.depth].map(|most| (limits(None, Some(most)), Cut::Depth(most)));
    for (limits, cut) in states.into_iter().chain(depths) {
        let [one, two] = [1, 2].map(|threads| explore_with(threads, &wide, limits, |_| {}));
        assert_eq!(one.cut, Some(cut));
        assert_eq!(one.doubt(), Some(cut.to_string()));
        assert_same(&one, &two);
        // It is the beginning of the whole search.
        assert!(
            one.graph
                .states()
                .eq(all.graph.states().take(one.graph.len()))
        );
        for at in 0..u32::try_from(one.graph.len()).unwrap() {
            assert_eq!(one.graph.way_to(at), all.graph.way_to(at));
        }
    }
    let enough = limits(Some(all.graph.len()), Some(all.depth + 1));
    for threads in [1, 2] {
        assert_same(&all, &explore_with(threads, &wide, enough, |_| {}));
    }
}

#[test]
fn a_search_for_a_state_ends_with_the_expansion_that_meets_the_first_of_them() {
    let wide = Digraph::random_of(9, 20_000, 10_000);
    let all = explore(&wide, Limits::default(), |_| {});
    for modulus in [1, 5, 97, 1_009, 60_000] {
        let sought = |state: &u16| state % modulus == modulus - 1;
        let (explored, found) = explore_until(&wide, Limits::default(), sought, |_| {});
        let initial = all
            .graph
            .depths()
            .iter()
            .filter(|depth| **depth == 0)
            .count();
        let first = all
            .graph
            .states()
            .skip(initial)
            .position(|state| sought(&state));
        let first = first.map(|at| u32::try_from(at + initial).unwrap());
        assert_eq!(found, first, "{modulus}");
        match found {
            Some(at) => {
                let way = explored.graph.way_to(at);
                assert_eq!(way, all.graph.way_to(at));
                let parent = way[way.len() - 2];
                assert!(explored.graph.edges(parent).any(|(_, to)| to == at));
                assert_eq!(explored.graph.edges(parent + 1).count(), 0);
            }
            None => assert_same(&explored, &all),
        }
    }
}
