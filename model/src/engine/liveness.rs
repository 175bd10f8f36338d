//! Liveness on the graph: does a fair run stay away from the goal for ever?
//!
//! stateright's `eventually` is not used: it decides on the path by which a state was first met, and so passes on
//! cycles, lassos and joins (its own test suite has cases marked as such).

use std::collections::VecDeque;
use std::hash::Hash;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use stateright::Model;

use crate::engine::{Graph, NONE};

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
pub fn find_lasso<M>(
    graph: &Graph<M>,
    premise: impl Fn(&M::State) -> bool,
    goal: impl Fn(&M::State) -> bool,
    fairness: &Fairness<'_, M::Action>,
) -> Option<Lasso>
where
    M: Model,
    M::State: Clone + Hash + Eq,
    M::Action: Clone + PartialEq,
{
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

/// The part of the graph that is reached from a premise without passing the goal and without a fault.
struct Away {
    /// How each of its states was first met: from which one, itself for one that fulfils the premise, or `NONE`.
    from: Vec<u32>,
    order: Vec<u32>,
}

impl Away {
    fn from_premise<M>(
        graph: &Graph<M>,
        premise: &impl Fn(&M::State) -> bool,
        goal: &impl Fn(&M::State) -> bool,
        fairness: &Fairness<'_, M::Action>,
    ) -> Self
    where
        M: Model,
        M::State: Clone + Hash + Eq,
        M::Action: Clone + PartialEq,
    {
        let reached: Vec<bool> = graph.states().map(goal).collect();
        let mut from = vec![NONE; graph.len()];
        let mut order = Vec::new();
        for (at, state) in (0..).zip(graph.states()) {
            if !reached[at as usize] && premise(state) {
                from[at as usize] = at;
                order.push(at);
            }
        }
        let mut next = 0;
        while let Some(at) = order.get(next).copied() {
            next += 1;
            for (action, to) in graph.edges(at) {
                let open = !reached[to as usize] && from[to as usize] == NONE;
                if open && !(fairness.ceases)(action) {
                    from[to as usize] = at;
                    order.push(to);
                }
            }
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
    fn way<M>(&self, graph: &Graph<M>, to: u32) -> Vec<u32>
    where
        M: Model,
        M::State: Clone + Hash + Eq,
        M::Action: Clone + PartialEq,
    {
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
    fn fair_cycle<M>(&self, graph: &Graph<M>, fairness: &Fairness<'_, M::Action>) -> Option<Lasso>
    where
        M: Model,
        M::State: Clone + Hash + Eq,
        M::Action: Clone + PartialEq,
    {
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
        let components = kosaraju_scc(&own);
        for (number, members) in (0..).zip(&components) {
            for member in members {
                component[own[*member] as usize] = number;
            }
        }
        let fair = components.iter().filter_map(|members| {
            let states: Vec<u32> = members.iter().map(|member| own[*member]).collect();
            tour(graph, &states, &component, fairness)
        });
        let cycle = fair.min_by_key(Vec::len)?;
        let first = *cycle.first()?;
        Some(Lasso {
            prefix: self.way(graph, first),
            cycle,
        })
    }
}

/// A round trip through a component that does justice to every fair class, if the component allows one.
fn tour<M>(
    graph: &Graph<M>,
    states: &[u32],
    component: &[u32],
    fairness: &Fairness<'_, M::Action>,
) -> Option<Vec<u32>>
where
    M: Model,
    M::State: Clone + Hash + Eq,
    M::Action: Clone + PartialEq,
{
    let first = *states.iter().min()?;
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

    // For each class, where to pass by: an edge of it, or a state in which it is impossible.
    let mut stops: Vec<(u32, Option<u32>)> = Vec::new();
    for class in classes {
        let of_class = |action: &M::Action| (fairness.class)(action) == Some(class);
        let taken = states.iter().find_map(|at| {
            inside(*at)
                .find(|(action, _)| of_class(action))
                .map(|(_, to)| (*at, Some(to)))
        });
        let impossible = || {
            let never = |at: &&u32| !graph.edges(**at).any(|(action, _)| of_class(action));
            states.iter().find(never).map(|at| (*at, None))
        };
        stops.push(taken.or_else(impossible)?);
    }

    let mut round = vec![first];
    for (at, then) in stops {
        round.extend(shortest(&inside, *round.last()?, at)?);
        round.extend(then);
    }
    let back = shortest(&inside, *round.last()?, first)?;
    round.extend(back);
    if round.len() == 1 {
        // Every class is impossible in the first state: any way out and back will do.
        let (_, out) = inside(first).next()?;
        round.push(out);
        round.extend(shortest(&inside, out, first)?);
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
