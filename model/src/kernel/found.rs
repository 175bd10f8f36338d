//! Counterexamples, told as a story.

use crate::engine::{Fairness, Graph, Limits, explore, explore_until, find_lasso};
use crate::kernel::action::Move;
use crate::kernel::claims::{Claim, ceases, class};
use crate::kernel::{Kernel, Spot};
use crate::narrator::{Narrator, tell};
use crate::report::TraceStep;

/// The shortest trace that breaks a claim; empty, if there is none.
#[must_use]
pub fn first_counterexample(kernel: &Kernel, claim: Claim) -> Vec<TraceStep> {
    let sought = |spot: &Spot| claim.is_broken(spot);
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
    let broken = (0..)
        .zip(graph.states())
        .find(|(_, spot)| claim.is_broken(spot));
    if let Some((at, _)) = broken {
        return tell(kernel, graph, &graph.way_to(at), &[]);
    }
    if cut || !claim.is_liveness() {
        return Vec::new();
    }
    let reached: Vec<bool> = graph
        .states()
        .map(|spot| claim.goal(kernel, &spot))
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

impl Narrator for Kernel {
    fn tell_step(&self, from: &Spot, action: &Move) -> String {
        self.narrate(from, *action)
    }

    fn tell_state(&self, spot: &Spot) -> String {
        self.describe(spot)
    }
}
