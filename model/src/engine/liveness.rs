//! Liveness on the graph: does a fair run stay away from the goal for ever?
//!
//! stateright's `eventually` is not used: it decides on the path by which a state was first met, and so passes on
//! cycles, lassos and joins (its own test suite has cases marked as such).

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::VecDeque;

use crate::engine::{Graph, NONE, Searched};

/// What a run may not do for ever.
pub struct Fairness<'a, A> {
    /// The weakly fair class of an action, if it has one: an action of a class that is possible from some point on
    /// for good is taken again and again.
    pub class: &'a dyn Fn(&A) -> Option<u8>,
    /// Actions that cease in the end: a run that goes on for ever takes them only before the premise.
    pub ceases: &'a dyn Fn(&A) -> bool,
}

/// A run that never reaches its goal: a way to the premise, and on to a cycle, that is then gone round for ever. The
/// cycle is a single state where nothing fair can happen any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lasso {
    /// From the start through the premise to the cycle; the last state is the first of the cycle.
    pub prefix: Vec<u32>,
    /// The states of the cycle, from its first back to it; one state alone for a standstill.
    pub cycle: Vec<u32>,
}

/// Looks for a fair run on which `premise` occurs and `goal` never follows.
///
/// A run may stand still in a state only if no fair action is possible there; on a cycle, each fair class must be
/// taken or be impossible somewhere.
pub fn find_lasso<M: Searched>(
    graph: &Graph<M>,
    premise: impl Fn(&M::State) -> bool,
    goal: impl Fn(&M::State) -> bool,
    fairness: &Fairness<'_, M::Action>,
) -> Option<Lasso> {
    let away = Away::from_premise(graph, &premise, &goal, fairness);
    let standing = away.nodes().find(|at| {
        let mut classes = graph
            .edges(*at)
            .filter_map(|(action, _)| (fairness.class)(action));
        classes.next().is_none()
    });
    let standstill = standing.map(|at| Lasso {
        prefix: away.way(graph, at),
        cycle: vec![at],
    });
    standstill
        .into_iter()
        .chain(away.fair_cycle(graph, fairness))
        .min_by_key(|lasso| lasso.prefix.len())
}

/// The part of the graph that is reached from a premise without passing the goal and without a mishap.
struct Away {
    /// How each of its states was first met: from which one, itself for one that fulfils the premise, or `NONE`.
    from: Vec<u32>,
    /// Its states, by the length of the way from the start through a premise.
    order: Vec<u32>,
}

impl Away {
    fn from_premise<M: Searched>(
        graph: &Graph<M>,
        premise: &impl Fn(&M::State) -> bool,
        goal: &impl Fn(&M::State) -> bool,
        fairness: &Fairness<'_, M::Action>,
    ) -> Self {
        let reached: Vec<bool> = graph.states().map(|state| goal(&state)).collect();
        let holds = |(at, state): &(u32, M::State)| !reached[*at as usize] && premise(state);
        let depths = graph.depths();
        // By number, and so by depth: each joins the search when the search has come as far as it is from the start.
        let mut premises = (0..)
            .zip(graph.states())
            .filter(holds)
            .map(|(at, _)| at)
            .peekable();
        let mut from = vec![NONE; graph.len()];
        let mut order: Vec<u32> = Vec::new();
        let mut level = 0..0;
        let mut length = 0;
        while !level.is_empty() || premises.peek().is_some() {
            for place in level.clone() {
                let at = order[place];
                for (action, to) in graph.edges(at) {
                    let open = !reached[to as usize] && from[to as usize] == NONE;
                    if open && !(fairness.ceases)(action) {
                        from[to as usize] = at;
                        order.push(to);
                    }
                }
            }
            while let Some(at) = premises.next_if(|at| depths[*at as usize] <= length) {
                if from[at as usize] == NONE {
                    from[at as usize] = at;
                    order.push(at);
                }
            }
            level = level.end..order.len();
            length += 1;
        }
        Self { from, order }
    }

    fn nodes(&self) -> impl Iterator<Item = u32> {
        self.order.iter().copied()
    }

    fn contains(&self, at: u32) -> bool {
        self.from[at as usize] != NONE
    }

    /// From the start to the premise by a shortest way, and from there to a state of this part.
    fn way<M: Searched>(&self, graph: &Graph<M>, to: u32) -> Vec<u32> {
        let mut tail = vec![to];
        let mut at = to;
        while self.from[at as usize] != at {
            at = self.from[at as usize];
            tail.push(at);
        }
        let mut way = graph.way_to(at);
        way.extend(tail.into_iter().rev().skip(1));
        way
    }

    /// A cycle on which each fair class is taken or impossible somewhere.
    fn fair_cycle<M: Searched>(
        &self,
        graph: &Graph<M>,
        fairness: &Fairness<'_, M::Action>,
    ) -> Option<Lasso> {
        let mut own: DiGraph<u32, ()> = DiGraph::new();
        let mut place = vec![NodeIndex::end(); graph.len()];
        for at in self.nodes() {
            place[at as usize] = own.add_node(at);
        }
        for at in self.nodes() {
            for (action, to) in graph.edges(at) {
                if self.contains(to) && !(fairness.ceases)(action) {
                    own.add_edge(place[at as usize], place[to as usize], ());
                }
            }
        }
        let mut component = vec![NONE; graph.len()];
        let mut members: Vec<Vec<u32>> = Vec::new();
        for (number, nodes) in (0..).zip(kosaraju_scc(&own)) {
            members.push(Vec::with_capacity(nodes.len()));
            nodes
                .iter()
                .for_each(|node| component[own[*node] as usize] = number);
        }
        // Nearest first, both the states of a component and the components themselves.
        let mut met = Vec::new();
        for at in self.nodes() {
            let number = component[at as usize];
            let states = &mut members[number as usize];
            if states.is_empty() {
                met.push(number);
            }
            states.push(at);
        }
        let tours = met.iter().map(|number| &members[*number as usize]);
        let cycle = tours
            .filter_map(|states| tour(graph, states, &component, fairness))
            .next()?;
        let first = *cycle.first()?;
        Some(Lasso {
            prefix: self.way(graph, first),
            cycle,
        })
    }
}

/// A round trip through a component that does justice to every fair class, if the component allows one.
fn tour<M: Searched>(
    graph: &Graph<M>,
    states: &[u32],
    component: &[u32],
    fairness: &Fairness<'_, M::Action>,
) -> Option<Vec<u32>> {
    let first = *states.first()?;
    let home = component[first as usize];
    let inside = |at: u32| {
        graph.edges(at).filter(move |(action, to)| {
            component[*to as usize] == home && !(fairness.ceases)(action)
        })
    };
    // A single state without an edge to itself is no cycle.
    states.iter().find_map(|at| inside(*at).next())?;

    let mut classes: Vec<u8> = states
        .iter()
        .flat_map(|at| graph.edges(*at))
        .filter_map(|(action, _)| (fairness.class)(action))
        .collect();
    classes.sort_unstable();
    classes.dedup();

    // Each class is taken on the way or impossible in a state of it; where it is neither yet, go by such a place.
    let mut round = vec![first];
    for class in classes {
        let of_class = |action: &M::Action| (fairness.class)(action) == Some(class);
        let is_impossible = |at: &u32| !graph.edges(*at).any(|(action, _)| of_class(action));
        let is_taken = |leg: &[u32]| {
            let [from, to] = leg else { return false };
            graph.action_between(*from, *to).is_some_and(of_class)
        };
        if round.iter().any(is_impossible) || round.windows(2).any(is_taken) {
            continue;
        }
        let taken = || {
            let edge = |at: &u32| {
                inside(*at)
                    .find(|(action, _)| of_class(action))
                    .map(|(_, to)| (*at, Some(to)))
            };
            states.iter().find_map(edge)
        };
        let impossible = || {
            states
                .iter()
                .find(|at| is_impossible(at))
                .map(|at| (*at, None))
        };
        let (at, then) = taken().or_else(impossible)?;
        round.extend(shortest(inside, *round.last()?, at)?);
        round.extend(then);
    }
    let back = shortest(inside, *round.last()?, first)?;
    round.extend(back);
    if round.len() == 1 {
        // Every class is impossible in the first state: any way out and back will do.
        let (_, out) = inside(first).next()?;
        round.push(out);
        round.extend(shortest(inside, out, first)?);
    }
    Some(round)
}

/// The states after `from` on a shortest way to `to`; none if they are the same.
fn shortest<'g, A: 'g, I: Iterator<Item = (&'g A, u32)>>(
    edges: impl Fn(u32) -> I,
    from: u32,
    to: u32,
) -> Option<Vec<u32>> {
    let mut met = std::collections::HashMap::from([(from, from)]);
    let mut queue = VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        if at == to {
            let mut way: Vec<u32> = std::iter::successors(Some(to), |at| {
                met.get(at).copied().filter(|before| before != at)
            })
            .collect();
            way.pop();
            way.reverse();
            return Some(way);
        }
        for (_, next) in edges(at) {
            met.entry(next).or_insert_with(|| {
                queue.push_back(next);
                at
            });
        }
    }
    None
}
