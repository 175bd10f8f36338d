//! The supervisor in its worlds: what is verified, how much was searched, and that the search can fail.

use session_lifecycle_model::engine::{Limits, Progress, explore};
use session_lifecycle_model::kernel::{
    Allowance, Claim, Kernel, Move, Pair, Trouble, Worker, check_claims, isolation, worlds,
};
use session_lifecycle_model::{Plan, Report, Scope, Verdict, check_supervisor};

/// The world of two threads.
const PAIR: usize = 211_497;

fn quiet(_: Progress) {}

fn check(plan: Plan) -> Report {
    check_claims(&plan, &[], quiet)
}

#[test]
fn every_claim_is_verified_in_every_world_of_the_small_scope() {
    let report = check_supervisor(Scope::SMALL);
    report.assert_verified();
    assert!(report.peer.is_some_and(|peer| peer.agrees));
    assert_eq!(report.properties.len(), Claim::ALL.len());
    assert_eq!(
        (report.states, report.edges, report.depth),
        (1_500_401, 5_256_032, 39)
    );
}

#[test]
fn both_engines_agree_on_a_world() {
    let kernel = Kernel::new(Allowance::once(&[Trouble::Stop]));
    let explored = explore(&kernel, Limits::default(), quiet);
    let peer = session_lifecycle_model::engine::ask_stateright(kernel, Limits::default(), 2);
    assert!(explored.cut.is_none());
    assert_eq!(peer.states, explored.graph.len());
    assert!(peer.broken.is_empty());
}

#[test]
fn a_search_that_is_cut_short_is_inconclusive() {
    for limits in [
        Limits {
            states: Some(1_000),
            ..Limits::default()
        },
        Limits {
            depth: Some(3),
            ..Limits::default()
        },
        Limits {
            time: Some(std::time::Duration::ZERO),
            ..Limits::default()
        },
    ] {
        let report = check(Plan {
            limits,
            ..Scope::SMALL.into()
        });
        assert_eq!(report.verdict, Verdict::Inconclusive, "{limits:?}");
        assert!(
            report
                .properties
                .iter()
                .all(|property| property.verdict == Verdict::Inconclusive)
        );
    }
}

#[test]
fn each_scope_holds_the_worlds_of_the_one_before() {
    let [small, default, large] = Scope::NAMED.map(|scope| worlds(&scope));
    assert_eq!((small.len(), default.len()), (10, 14));
    assert!(default.contains(&Allowance::joint(1)));
    assert!(small.iter().all(|world| default.contains(world)));
    assert!(default.iter().all(|world| large.contains(world)));
}

#[test]
fn a_shared_worker_lets_one_mute_provider_block_the_other_thread_l4_03() {
    let own = isolation(&Pair::new(Worker::Own), Limits::default(), quiet);
    assert!(own.explored.cut.is_none() && own.witnessed);
    assert_eq!(own.trace, []);
    assert_eq!(own.explored.graph.len(), PAIR);

    let shared = isolation(&Pair::new(Worker::Shared), Limits::default(), quiet);
    assert!(shared.witnessed);
    assert!(!shared.trace.is_empty());
    let told: Vec<&str> = shared.trace.iter().map(|step| &*step.action).collect();
    assert!(
        told.iter().any(|step| step.starts_with("Thread 1:")),
        "{told:?}"
    );
    assert!(
        told.iter().any(|step| step.starts_with("Thread 2:")),
        "{told:?}"
    );
}

/// What is left out of a state's steps at a glance would lead nowhere: held against every step there is.
#[test]
fn the_steps_that_are_passed_over_lead_nowhere() {
    use stateright::Model;
    for allowance in [Allowance::faults(1), Allowance::joint(0)] {
        let kernel = Kernel::new(allowance);
        let explored = explore(&kernel, Limits::default(), quiet);
        let mut passed_over = 0_usize;
        for spot in explored.graph.states().step_by(7) {
            let mut possible = Vec::new();
            kernel.actions(&spot, &mut possible);
            for step in Move::all() {
                if !possible.contains(&step) {
                    passed_over += 1;
                    assert_eq!(kernel.next_state(&spot, step), None, "{step:?}");
                }
            }
        }
        assert!(passed_over > 100_000, "{passed_over}");
    }
}

#[test]
fn a_state_is_small() {
    assert_eq!(size_of::<session_lifecycle_model::kernel::Spot>(), 84);
}

#[test]
fn the_document_says_what_each_claims_and_when_its_premise_occurs() {
    let document = include_str!("../../docs/supervisor.md");
    for claim in Claim::ALL {
        let row = format!("| {claim} | {} | {} |", claim.sentence(), claim.witness());
        assert!(document.contains(&row), "docs/supervisor.md lacks: {row}");
    }
}
