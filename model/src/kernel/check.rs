//! The check of the supervisor: a family of worlds, each explored whole.

use std::collections::BTreeSet;
use std::time::Instant;

use crate::check::Plan;
use crate::engine::{
    Cut, Fairness, Graph, Limits, Progress, ask_stateright, explore, explore_until, explore_with,
    find_lasso,
};
use crate::kernel::claims::{Claim, ceases, class};
use crate::kernel::{Allowance, Kernel, Spot};
use crate::report::{PeerReport, PropertyReport, Report, TraceStep, Verdict};
use crate::scope::Scope;

/// The worlds of a scope. Each has two messages and a turn for each; what else may happen is what its name says.
#[must_use]
pub fn worlds(scope: &Scope) -> Vec<Allowance> {
    let kinds = usize::from(Allowance::KINDS);
    let alone = (0..kinds).map(|kind| vec![kind]);
    let pairs =
        (0..kinds).flat_map(|first| (first + 1..kinds).map(move |second| vec![first, second]));
    let chosen: Vec<Vec<usize>> = match scope.name {
        "small" => alone.collect(),
        "default" => alone
            .chain([vec![0, 1], vec![0, 2, 3], vec![2, 4]])
            .collect(),
        _ => alone.chain(pairs).chain([vec![0, 2, 3]]).collect(),
    };
    chosen.iter().map(|kinds| Allowance::once(kinds)).collect()
}

/// Checks the shipped supervisor in every world of the scope: all claims, if none is named.
#[must_use]
pub fn check_supervisor(
    plan: &Plan,
    claims: &[Claim],
    mut progress: impl FnMut(Progress),
) -> Report {
    let begun = Instant::now();
    let worlds = worlds(&plan.scope);
    let mut report = Report {
        verdict: Verdict::Inconclusive,
        scope: plan.scope.name.to_owned(),
        bounds: format!(
            "2 messages, 3 turns, 3 events and 3 requests in flight, in {} worlds: {}",
            worlds.len(),
            worlds
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; ")
        ),
        states: 0,
        edges: 0,
        depth: 0,
        seconds: 0.0,
        bytes: 0,
        reason: None,
        peer: None,
        properties: Vec::new(),
    };
    let asked = if claims.is_empty() {
        &Claim::ALL[..]
    } else {
        claims
    };
    let mut findings: Vec<Finding> = asked.iter().copied().map(Finding::new).collect();
    for allowance in worlds {
        let left = plan
            .limits
            .time
            .map(|limit| limit.saturating_sub(begun.elapsed()));
        let limits = Limits {
            time: left,
            ..plan.limits
        };
        one_world(
            allowance,
            plan,
            limits,
            &mut report,
            &mut findings,
            &mut progress,
        );
    }
    report.properties = findings
        .into_iter()
        .map(|finding| finding.conclude(&report.bounds))
        .collect();
    report.verdict = Verdict::of(report.properties.iter().map(|property| property.verdict));
    if report.reason.is_some() {
        report.verdict = Verdict::of([report.verdict, Verdict::Inconclusive]);
    }
    report.seconds = begun.elapsed().as_secs_f64();
    report
}

/// What was found of a claim so far.
struct Finding {
    claim: Claim,
    trace: Vec<TraceStep>,
    witnessed: bool,
    cut: Option<Cut>,
}

impl Finding {
    fn new(claim: Claim) -> Self {
        Self {
            claim,
            trace: Vec::new(),
            witnessed: false,
            cut: None,
        }
    }

    fn conclude(self, bounds: &str) -> PropertyReport {
        let (verdict, reason) = match (self.trace.len(), self.cut, self.witnessed) {
            (1.., _, _) => (
                Verdict::Violated,
                Some(format!("a counterexample of {} steps", self.trace.len())),
            ),
            (0, Some(cut), _) => (Verdict::Inconclusive, Some(cut.to_string())),
            (0, None, false) => {
                let witness = self.claim.witness();
                (
                    Verdict::Inconclusive,
                    Some(format!("its premise never occurred: {witness}")),
                )
            }
            (0, None, true) => (Verdict::Verified, None),
        };
        let is_live = self.claim.is_liveness();
        PropertyReport {
            id: self.claim.as_str(),
            kind: if is_live { "liveness" } else { "safety" },
            sentence: self.claim.sentence(),
            verdict,
            reason,
            bounds: if is_live {
                format!(
                    "{bounds}; once faults have ceased, with weak fairness of deliveries, replies, time, deadlines and the sweep"
                )
            } else {
                bounds.to_owned()
            },
            trace: self.trace,
        }
    }
}

fn one_world(
    allowance: Allowance,
    plan: &Plan,
    limits: Limits,
    report: &mut Report,
    findings: &mut [Finding],
    progress: &mut impl FnMut(Progress),
) {
    let kernel = Kernel::new(allowance);
    let explored = explore_with(plan.threads, &kernel, limits, |within| {
        progress(Progress {
            states: report.states + within.states,
            edges: report.edges + within.edges,
            depth: within.depth,
        });
    });
    let graph = &explored.graph;
    report.states += graph.len();
    report.edges += graph.edge_count();
    report.depth = report.depth.max(explored.depth);
    report.bytes = report.bytes.max(graph.bytes());
    for finding in findings.iter_mut() {
        let claim = finding.claim;
        finding.cut = finding.cut.or(explored.cut);
        finding.witnessed |= graph
            .states()
            .any(|spot| claim.is_witnessed(&kernel, &spot));
        if finding.trace.is_empty() {
            finding.trace = counterexample(&kernel, graph, claim, explored.cut.is_some());
        }
    }
    if plan.second_opinion && explored.cut.is_none() {
        second_opinion(kernel.clone(), plan, graph, report);
    }
}

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

fn counterexample(
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

fn tell(kernel: &Kernel, graph: &Graph<Kernel>, prefix: &[u32], cycle: &[u32]) -> Vec<TraceStep> {
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
        let (action, state) = (kernel.narrate(&from, *action), kernel.describe(&to));
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
            state: kernel.describe(&spot),
            cycle: true,
            event: None,
            host: None,
        });
    }
    steps
}

/// stateright on the same world: as many states, and the same claims broken.
fn second_opinion(kernel: Kernel, plan: &Plan, graph: &Graph<Kernel>, report: &mut Report) {
    let broken = |claim: &Claim| graph.states().any(|spot| claim.is_broken(&spot));
    let own: BTreeSet<&str> = Claim::ALL
        .iter()
        .filter(|claim| broken(claim))
        .map(|claim| claim.sentence())
        .collect();
    let peer = ask_stateright(kernel, Limits::default(), plan.threads);
    let agrees = (peer.answered || peer.states == graph.len()) && peer.broken == own;
    if !agrees {
        report.reason = Some(format!(
            "the second engine disagrees: it saw {} states and not {}, and found {} broken claims and not {}",
            peer.states,
            graph.len(),
            peer.broken.len(),
            own.len()
        ));
    }
    let so_far = report.peer.take().unwrap_or(PeerReport {
        states: 0,
        agrees: true,
        seconds: 0.0,
    });
    report.peer = Some(PeerReport {
        states: so_far.states + peer.states,
        agrees: so_far.agrees && agrees,
        seconds: so_far.seconds + peer.elapsed.as_secs_f64(),
    });
}
