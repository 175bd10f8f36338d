//! The supervisor in its worlds: what is verified, how much was searched, and that the search can fail.

use session_lifecycle_model::engine::{Limits, Progress, explore};
use session_lifecycle_model::kernel::{Allowance, Claim, Kernel, worlds};
use session_lifecycle_model::{Plan, Report, Scope, Verdict, check_supervisor};

fn quiet(_: Progress) {}

fn check(plan: Plan) -> Report {
    check_supervisor(&plan, &[], quiet)
}

#[test]
fn every_claim_is_verified_in_every_world_of_the_small_scope() {
    let report = check(Plan {
        second_opinion: false,
        ..Scope::SMALL.into()
    });
    report.assert_verified();
    assert_eq!(report.properties.len(), Claim::ALL.len());
    assert_eq!(
        (report.states, report.edges, report.depth),
        (1_296_002, 4_491_377, 39)
    );
}

#[test]
fn both_engines_agree_on_a_world() {
    let kernel = Kernel::new(Allowance::once(&[0]));
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
    assert_eq!((small.len(), default.len()), (9, 12));
    assert!(small.iter().all(|world| default.contains(world)));
    assert!(default.iter().all(|world| large.contains(world)));
}

#[test]
fn a_state_is_small() {
    assert_eq!(size_of::<session_lifecycle_model::kernel::Spot>(), 72);
}

#[test]
fn the_document_says_what_each_claims_and_when_its_premise_occurs() {
    let document = include_str!("../../docs/supervisor.md");
    for claim in Claim::ALL {
        let row = format!("| {claim} | {} | {} |", claim.sentence(), claim.witness());
        assert!(document.contains(&row), "docs/supervisor.md lacks: {row}");
    }
}
