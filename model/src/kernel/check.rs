//! The check of the supervisor: a family of worlds, each explored whole.

use std::collections::BTreeSet;
use std::time::Instant;

use crate::check::Plan;
use crate::engine::{Cut, Graph, Limits, Progress, ask_stateright, explore_with};
use crate::kernel::claims::Claim;
use crate::kernel::found::counterexample;
use crate::kernel::pair::{Pair, Worker, isolation};
use crate::kernel::{Allowance, Kernel, Trouble};
use crate::report::{PeerReport, PropertyReport, Report, TraceStep, Verdict, counted};
use crate::scope::Scope;

/// The worlds of a scope. Each has two messages and a turn for each; what else may happen is what its name says.
#[must_use]
pub fn worlds(scope: &Scope) -> Vec<Allowance> {
    // The others are free in every world.
    let is_limited = |kind: &Trouble| Allowance::PLAIN.left(*kind) == 0;
    let kinds: Vec<Trouble> = Trouble::ALL.into_iter().filter(is_limited).collect();
    let alone = || kinds.iter().map(|kind| Allowance::once(&[*kind]));
    let pairs = kinds.iter().enumerate().flat_map(|(at, first)| {
        let later = kinds.iter().skip(at + 1);
        later.map(|second| Allowance::once(&[*first, *second]))
    });
    // Two words that name no turn, so that two questions are asked: an answer may come after its deadline, and after
    // the next question. With a turn of the provider's own, what is heard of one turn is taken to be about another.
    let asked_twice = Allowance::once(&[Trouble::Deviation; 2]).with_messages(1);
    let small = || alone().chain([asked_twice]);
    let two_tasks = || Allowance::faults(1).and(Trouble::Task).and(Trouble::Task);
    let joint = || {
        let of_two_turns = asked_twice.and(Trouble::OwnTurn);
        [
            of_two_turns,
            two_tasks(),
            Allowance::faults(2),
            Allowance::joint(1),
        ]
    };
    match scope.name {
        "small" => small().collect(),
        "default" => small().chain(joint()).collect(),
        _ => small()
            .chain(joint())
            .chain(pairs)
            .chain([Allowance::faults(3), Allowance::joint(2)])
            .collect(),
    }
}

/// Checks the shipped supervisor in every world of the scope: all that is claimed of it.
///
/// ```no_run
/// use session_lifecycle_model::{Scope, check_supervisor};
///
/// check_supervisor(Scope::SMALL).assert_verified();
/// ```
#[must_use]
pub fn check_supervisor(scope: Scope) -> Report {
    check_claims(&scope.into(), &[], |_| {})
}

/// Checks claims of the shipped supervisor, all if none is named, and tells now and then how far the search has come. The
/// properties that a plan names are those of the projection.
#[must_use]
pub fn check_claims(plan: &Plan, claims: &[Claim], progress: impl FnMut(Progress)) -> Report {
    let kernels = worlds(&plan.scope).into_iter().map(Kernel::new).collect();
    check_kernels(kernels, plan, claims, progress)
}

/// Checks a supervisor with a published defect in the one world in which that shows.
#[must_use]
pub fn check_faulty_supervisor(
    kernel: Kernel,
    plan: &Plan,
    claims: &[Claim],
    progress: impl FnMut(Progress),
) -> Report {
    let of_one_thread = &Claim::ALL[..Claim::ALL.len() - 1];
    let claims = if claims.is_empty() {
        of_one_thread
    } else {
        claims
    };
    check_kernels(vec![kernel], plan, claims, progress)
}

fn check_kernels(
    kernels: Vec<Kernel>,
    plan: &Plan,
    claims: &[Claim],
    mut progress: impl FnMut(Progress),
) -> Report {
    let begun = Instant::now();
    let asked = if claims.is_empty() {
        &Claim::ALL[..]
    } else {
        claims
    };
    // The world of L5 is named with the others once it is explored.
    let of_two_threads = usize::from(asked.contains(&Claim::L5));
    let mut report = Report {
        verdict: Verdict::Inconclusive,
        scope: plan.scope.name.to_owned(),
        bounds: format!(
            "2 messages, 3 turns, 3 events, 2 answers and 6 effects in flight, in {}: {}",
            counted(kernels.len() + of_two_threads, "world", "worlds"),
            kernels
                .iter()
                .map(|kernel| named(&kernel.allowance))
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
    let mut findings: Vec<ClaimSoFar> = asked.iter().copied().map(ClaimSoFar::new).collect();
    let left = || {
        let limit = plan.limits.time?;
        Some(limit.saturating_sub(begun.elapsed()))
    };
    for kernel in kernels {
        let limits = Limits {
            time: left(),
            ..plan.limits
        };
        one_world(
            &kernel,
            plan,
            limits,
            &mut report,
            &mut findings,
            &mut progress,
        );
    }
    if let Some(finding) = findings.iter_mut().find(|one| one.claim == Claim::L5) {
        let limits = Limits {
            time: left(),
            ..plan.limits
        };
        two_threads(limits, &mut report, finding, &mut progress);
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

/// A world, as a report names it.
fn named(allowance: &Allowance) -> String {
    match allowance.messages {
        1 => format!("1 message with {allowance}"),
        _ => allowance.to_string(),
    }
}

/// What was found of a claim so far.
struct ClaimSoFar {
    claim: Claim,
    trace: Vec<TraceStep>,
    witnessed: bool,
    cut: Option<Cut>,
}

impl ClaimSoFar {
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
                    "{bounds}; once mishaps have ceased, with weak fairness of deliveries, replies, time, deadlines and the sweep"
                )
            } else {
                bounds.to_owned()
            },
            trace: self.trace,
        }
    }
}

fn one_world(
    kernel: &Kernel,
    plan: &Plan,
    limits: Limits,
    report: &mut Report,
    findings: &mut [ClaimSoFar],
    progress: &mut impl FnMut(Progress),
) {
    let explored = explore_with(plan.threads, kernel, limits, |within| {
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
    for finding in findings.iter_mut().filter(|one| one.claim != Claim::L5) {
        let claim = finding.claim;
        finding.cut = finding.cut.or(explored.cut);
        finding.witnessed =
            finding.witnessed || graph.states().any(|spot| claim.is_witnessed(kernel, &spot));
        if finding.trace.is_empty() {
            finding.trace = counterexample(kernel, graph, claim, explored.cut.is_some());
        }
    }
    if plan.second_opinion && explored.cut.is_none() {
        second_opinion(kernel.clone(), plan, graph, report);
    }
}

/// Two threads in one host, for the claim that speaks of both.
fn two_threads(
    limits: Limits,
    report: &mut Report,
    finding: &mut ClaimSoFar,
    progress: &mut impl FnMut(Progress),
) {
    let pair = Pair::new(Worker::Own);
    report.bounds.push_str("; ");
    report.bounds.push_str(&pair.bounds());
    let found = isolation(&pair, limits, |within| {
        progress(Progress {
            states: report.states + within.states,
            edges: report.edges + within.edges,
            depth: within.depth,
        });
    });
    let graph = &found.explored.graph;
    report.states += graph.len();
    report.edges += graph.edge_count();
    report.depth = report.depth.max(found.explored.depth);
    report.bytes = report.bytes.max(graph.bytes());
    finding.cut = found.explored.cut;
    finding.witnessed = found.witnessed;
    finding.trace = found.trace;
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
