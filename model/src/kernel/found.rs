//! Counterexamples, told as a story.

use std::hash::Hash;

use stateright::Model;

use crate::engine::{Fairness, Graph, Limits, explore, explore_until, find_lasso};
use crate::kernel::action::Move;
use crate::kernel::claims::{Claim, ceases, class};
use crate::kernel::{Kernel, Spot};
use crate::report::TraceStep;

/// The shortest trace that breaks a claim; empty, if there is none.
#[must_use]
pub fn first_counterexample(kernel: &Kernel, claim: Claim) -> Vec<TraceStep> {
    let sought = |spot: &Spot| !claim.is_liveness() && claim.is_broken(spot);
    let (explored, found) = explore_until(kernel, Limits::default(), sought, |_| {});
    match found {
        Some(at) => tell(kernel, &explored.graph, &explored.graph.way_to(at), &[]),
        None => counterexample(kernel, &explored.graph, claim, false),
    }
}

/// Explores a world once, and asks these claims of it: those that are broken, each with a shortest trace.
#[must_use]
pub fn counterexamples(kernel: &Kernel, claims: &[Claim]) -> Vec<(Claim, Vec<TraceStep>)> {
    let explored = explore(kernel, Limits::default(), |_| {});
    let ask = |claim: &Claim| {
        (
            *claim,
            counterexample(kernel, &explored.graph, *claim, false),
        )
    };
    let mut found: Vec<_> = claims.iter().map(ask).collect();
    found.retain(|(_, trace)| !trace.is_empty());
    found
}

pub(super) fn counterexample(
    kernel: &Kernel,
    graph: &Graph<Kernel>,
    claim: Claim,
    cut: bool,
) -> Vec<TraceStep> {
    if !claim.is_liveness() {
        let broken = (0..)
            .zip(graph.states())
            .find(|(_, spot)| claim.is_broken(spot));
        return broken.map_or_else(Vec::new, |(at, _)| {
            tell(kernel, graph, &graph.way_to(at), &[])
        });
    }
    if cut {
        return Vec::new();
    }
    let reached: Vec<bool> = graph
        .states()
        .map(|spot| claim.goal(kernel, spot))
        .collect();
    if reached.iter().all(|reached| *reached) {
        return Vec::new();
    }
    let goal = |spot: &_| claim.goal(kernel, spot);
    let fairness = Fairness {
        class: &class,
        ceases: &ceases,
    };
    find_lasso(graph, |spot| !goal(spot), goal, &fairness).map_or_else(Vec::new, |lasso| {
        tell(kernel, graph, &lasso.prefix, &lasso.cycle)
    })
}

/// A model whose steps can be told.
pub(super) trait Narrator: Model {
    /// Who did what.
    fn step(&self, from: &Self::State, action: &Self::Action) -> String;
    /// What is shown, and what is really so.
    fn state(&self, state: &Self::State) -> String;
}

impl Narrator for Kernel {
    fn step(&self, from: &Spot, action: &Move) -> String {
        self.narrate(from, *action)
    }

    fn state(&self, spot: &Spot) -> String {
        self.describe(spot)
    }
}

/// A trace as a story: the way to a state, and a cycle if there is one.
pub(super) fn tell<M>(model: &M, graph: &Graph<M>, prefix: &[u32], cycle: &[u32]) -> Vec<TraceStep>
where
    M: Narrator,
    M::State: Clone + Hash + Eq,
    M::Action: Clone + PartialEq,
{
    let mut steps: Vec<TraceStep> = Vec::new();
    let legs = prefix
        .windows(2)
        .map(|leg| (leg, false))
        .chain(cycle.windows(2).map(|leg| (leg, true)));
    for (leg, cycle) in legs {
        let (Some(from), Some(to)) = (graph.state(leg[0]), graph.state(leg[1])) else {
            continue;
        };
        let Some(action) = graph.action_between(leg[0], leg[1]) else {
            continue;
        };
        let (action, state) = (model.step(from, action), model.state(to));
        steps.push(TraceStep {
            step: steps.len() + 1,
            action,
            state,
            cycle,
            event: None,
            host: None,
        });
    }
    if let [stuck] = cycle
        && let Some(spot) = graph.state(*stuck)
    {
        let action = "Nothing that must happen can happen any more.".to_owned();
        steps.push(TraceStep {
            step: steps.len() + 1,
            action,
            state: model.state(spot),
            cycle: true,
            event: None,
            host: None,
        });
    }
    steps
}
