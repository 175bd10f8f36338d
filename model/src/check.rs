//! The check: explore, judge, ask for a second opinion, conclude.

use std::time::Instant;

use crate::engine::{
    Explored, Fairness, Graph, Lasso, Limits, Progress, ask_stateright, explore_with, find_lasso,
};
use crate::narrator::{Narrator, tell};
use crate::properties::{self, FAIR, Kind, PropertyId};
use crate::reducer::{Own, Reducer};
use crate::report::{PeerReport, PropertyReport, Report, TraceStep, Verdict};
use crate::scope::Scope;
use crate::shipped::Shipped;
use crate::subject::Subject;
use crate::trace::HostStep;
use crate::world::{Action, Class, Point, Told, World};

/// What to check, and how far to go.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The bounds.
    pub scope: Scope,
    /// The properties to ask; all that the subject can be asked, if none is named. One that it cannot be asked is
    /// inconclusive.
    pub properties: Vec<PropertyId>,
    /// Where to stop. A search that stops there is inconclusive.
    pub limits: Limits,
    /// Threads of each engine; of the second, under a time limit, at least two. No answer depends on it.
    pub threads: usize,
    /// Whether to ask the second engine at all.
    pub second_opinion: bool,
}

impl From<Scope> for Plan {
    fn from(scope: Scope) -> Self {
        Self {
            scope,
            properties: Vec::new(),
            limits: Limits::default(),
            threads: 1,
            second_opinion: true,
        }
    }
}

/// Checks the shipped projection: `apply`, `decide`, `reap` and `repair`. The supervisor has
/// [`check_supervisor`](crate::check_supervisor).
///
/// ```no_run
/// use session_lifecycle_model::{Scope, check};
///
/// check(Scope::DEFAULT).assert_verified();
/// ```
#[must_use]
pub fn check(plan: impl Into<Plan>) -> Report {
    check_subject(Shipped::default(), &plan.into(), |_| {})
}

/// Checks a reducer of a host's own.
///
/// One that never comes to an end, because it counts events or keeps their times, is inconclusive after ten million
/// states, unless the plan sets a limit of its own.
///
/// # Panics
///
/// If the reducer does, with the event and the session to which it came.
#[must_use]
pub fn check_reducer<R: Reducer>(plan: impl Into<Plan>) -> Report {
    let mut plan = plan.into();
    let limit = *plan.limits.states.get_or_insert(10_000_000);
    let mut report = check_subject(Own::<R>::default(), &plan, |_| {});
    if report.verdict == Verdict::Inconclusive && report.states > limit {
        let why = "a reducer that counts or keeps times has no end of states; leave them out, or allow more states";
        report.reason.get_or_insert_with(|| why.to_owned());
    }
    report
}

/// Checks any subject, and tells now and then how far the search has come.
pub fn check_subject<S: Subject>(
    subject: S,
    plan: &Plan,
    progress: impl FnMut(Progress),
) -> Report {
    let begun = Instant::now();
    let known = properties::of(&subject);
    let asked = if plan.properties.is_empty() {
        &known
    } else {
        &plan.properties
    };
    let world = World::new(subject, plan.scope);
    let explored = explore_with(plan.threads, &world, plan.limits, progress);
    let judge = Judge {
        world: &world,
        explored: &explored,
        known: &known,
        induction: world.subject.induction(),
    };
    let reports: Vec<PropertyReport> = asked.iter().map(|id| judge.property(*id)).collect();

    let mut report = Report {
        verdict: Verdict::of(reports.iter().map(|property| property.verdict)),
        scope: plan.scope.name.to_owned(),
        bounds: plan.scope.to_string(),
        states: explored.graph.len(),
        edges: explored.graph.edge_count(),
        depth: explored.depth,
        seconds: 0.0,
        bytes: explored.graph.bytes(),
        reason: reports
            .is_empty()
            .then(|| "no property was asked".to_owned()),
        peer: None,
        properties: reports,
    };
    // Asked for nothing, stateright looks at nothing.
    if plan.second_opinion && explored.cut.is_none() && !known.is_empty() {
        second_opinion(&world, plan, &judge, &known, begun, &mut report);
    }
    report.seconds = begun.elapsed().as_secs_f64();
    report
}

/// Two engines that disagree are worth less than one.
fn second_opinion<S: Subject>(
    world: &World<S>,
    plan: &Plan,
    judge: &Judge<'_, S>,
    known: &[PropertyId],
    begun: Instant,
    report: &mut Report,
) {
    let time = plan
        .limits
        .time
        .map(|limit| limit.saturating_sub(begun.elapsed()));
    let peer = ask_stateright(
        world.clone(),
        Limits {
            time,
            ..Limits::default()
        },
        plan.threads,
    );
    let broken = known
        .iter()
        .filter(|id| judge.first_broken(**id).is_some())
        .map(|id| id.title());
    // Once it has an answer to everything, stateright does not look at the rest.
    let same_states = peer.answered || peer.states == report.states;
    let agrees = same_states
        && broken.eq(known
            .iter()
            .map(|id| id.title())
            .filter(|name| peer.broken.contains(name)));
    if !agrees {
        let why = if time.is_some() {
            "did not finish, or disagrees"
        } else {
            "disagrees"
        };
        report.reason = Some(format!(
            "the second engine {why}: it saw {} states and not {}, and found {} broken properties",
            peer.states,
            report.states,
            peer.broken.len()
        ));
        report.verdict = Verdict::of([report.verdict, Verdict::Inconclusive]);
    }
    report.peer = Some(PeerReport {
        states: peer.states,
        agrees,
        seconds: peer.elapsed.as_secs_f64(),
    });
}

struct Judge<'a, S: Subject> {
    world: &'a World<S>,
    explored: &'a Explored<World<S>>,
    known: &'a [PropertyId],
    induction: Option<crate::induction::Induction>,
}

impl<S: Subject> Judge<'_, S> {
    fn graph(&self) -> &Graph<World<S>> {
        &self.explored.graph
    }

    fn property(&self, id: PropertyId) -> PropertyReport {
        let mut report = PropertyReport {
            id: id.as_str(),
            kind: id.kind().as_str(),
            sentence: id.sentence(),
            verdict: Verdict::Verified,
            reason: None,
            bounds: self.bounds(id),
            trace: Vec::new(),
        };
        if !self.known.contains(&id) {
            report.verdict = Verdict::Inconclusive;
            report.reason = Some("the subject cannot be asked this".to_owned());
        } else if let Some(trace) = self.counterexample(id) {
            report.verdict = Verdict::Violated;
            report.reason = Some(format!("a counterexample of {} steps", trace.len()));
            report.trace = trace;
        } else if let Some(reason) = self.doubt(id) {
            report.verdict = Verdict::Inconclusive;
            report.reason = Some(reason);
        }
        report
    }

    fn bounds(&self, id: PropertyId) -> String {
        let scope = &self.world.scope;
        match (id, &self.induction) {
            (_, Some(induction)) if id.is_inductive() => {
                format!("{scope}; and for runs of any length, by induction over {induction}")
            }
            (PropertyId::L1 | PropertyId::L2, _) => format!(
                "{scope}; once mishaps have ceased, with weak fairness of deliveries, time and the reaper"
            ),
            _ => scope.to_string(),
        }
    }

    /// Why nothing can be said though no counterexample was found.
    fn doubt(&self, id: PropertyId) -> Option<String> {
        if let Some(doubt) = self.explored.doubt().or_else(|| self.world.scope.doubt()) {
            return Some(doubt);
        }
        let subject = &self.world.subject;
        let mut states = self.graph().states();
        if let Some(turn) = states.find_map(|point| subject.unknown_turn(&point.session)) {
            return Some(format!(
                "it points at turn {turn:?}, which no event has named"
            ));
        }
        let witnessed = self
            .graph()
            .states()
            .any(|point| id.is_witnessed(self.world, &point));
        (!witnessed).then(|| format!("its premise never occurred: {}", id.witness()))
    }

    fn counterexample(&self, id: PropertyId) -> Option<Vec<TraceStep>> {
        match id.kind() {
            Kind::Safety => {
                let found = self
                    .first_broken(id)
                    .map(|at| self.tell(&self.graph().way_to(at), &[]));
                found.or_else(|| self.broken_induction(id))
            }
            Kind::Liveness if self.explored.cut.is_some() => None,
            Kind::Liveness => {
                let Lasso { prefix, cycle } = find_lasso(
                    self.graph(),
                    |point| id.premise(self.world, point),
                    |point| id.goal(self.world, point),
                    &fairness(),
                )?;
                Some(self.tell(&prefix, &cycle))
            }
        }
    }

    fn first_broken(&self, id: PropertyId) -> Option<u32> {
        (0..)
            .zip(self.graph().states())
            .find(|(_, point)| id.is_broken(self.world, point))
            .map(|(at, _)| at)
    }

    fn broken_induction(&self, id: PropertyId) -> Option<Vec<TraceStep>> {
        let broken = self.induction.as_ref()?.first_broken(id)?;
        Some(vec![TraceStep {
            step: 1,
            action: format!(
                "In a session that may never be reached, {} arrives.",
                broken.told
            ),
            state: format!("before: {:?}", broken.session),
            cycle: false,
            event: None,
            host: None,
        }])
    }

    fn tell(&self, prefix: &[u32], cycle: &[u32]) -> Vec<TraceStep> {
        tell(self.world, self.graph(), prefix, cycle)
    }
}

impl<S: Subject> Narrator for World<S> {
    fn tell_step(&self, from: &Point<S::Session>, action: &Action) -> String {
        self.narrate(from, *action)
    }

    fn tell_state(&self, point: &Point<S::Session>) -> String {
        self.describe(point)
    }

    fn event(&self, from: &Point<S::Session>, action: &Action) -> Option<serde_json::Value> {
        self.arrives(from, *action).map(Told::wire)
    }

    fn host(
        &self,
        from: &Point<S::Session>,
        action: &Action,
        to: &Point<S::Session>,
    ) -> Option<HostStep> {
        HostStep::of(*action).filter(|_| from.session != to.session)
    }
}

/// What every world assumes of a run that goes on for ever.
fn fairness() -> Fairness<'static, Action> {
    Fairness {
        class: &|action| {
            let class = action.class();
            FAIR.iter()
                .position(|fair| *fair == class)
                .and_then(|at| u8::try_from(at).ok())
        },
        ceases: &|action| action.class() == Class::Mishap,
    }
}
