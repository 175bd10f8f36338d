//! Searches that were cut short.

use std::time::Duration;

use session_lifecycle::Fault;
use session_lifecycle_model::engine::Limits;
use session_lifecycle_model::{Plan, PropertyId, Scope, Shipped, Verdict, check, check_subject};

use crate::planted::{OnClone, Planted};
use crate::{TINY, reason, s1, with};

#[test]
fn a_search_that_saw_everything_is_verified() {
    let report = check(s1());
    assert_eq!(report.verdict, Verdict::Verified, "{report}");
    assert!(report.states > 100, "{report}");
    report.assert_verified();
}

#[test]
fn a_depth_limit_is_inconclusive_at_each_depth_that_the_search_reaches() {
    let full = check(s1());
    for depth in 0..=full.depth {
        let report = check(with(Limits {
            depth: Some(depth),
            ..Limits::default()
        }));
        assert_eq!(report.verdict, Verdict::Inconclusive, "at {depth}");
        assert!(reason(&report, PropertyId::S1).contains(&format!("depth limit of {depth} steps")));
        assert!(report.peer.is_none(), "there is nothing to compare");
    }
    check(with(Limits {
        depth: Some(full.depth + 1),
        ..Limits::default()
    }))
    .assert_verified();
}

#[test]
fn a_state_limit_is_inconclusive_until_there_is_room_for_every_state() {
    let all = check(s1()).states;
    for states in [0, 1, 2, all / 2, all - 1] {
        let report = check(with(Limits {
            states: Some(states),
            ..Limits::default()
        }));
        assert_eq!(report.verdict, Verdict::Inconclusive, "at {states}");
        assert!(reason(&report, PropertyId::S1).contains(&format!("limit of {states} states")));
    }
    check(with(Limits {
        states: Some(all),
        ..Limits::default()
    }))
    .assert_verified();
}

#[test]
fn no_time_at_all_is_inconclusive_with_one_thread_and_with_two() {
    for threads in [1, 2] {
        let report = check(Plan {
            threads,
            ..with(Limits {
                time: Some(Duration::ZERO),
                ..Limits::default()
            })
        });
        assert_eq!(report.verdict, Verdict::Inconclusive, "{report}");
        assert_eq!(
            reason(&report, PropertyId::S1),
            "the time limit of 0 s was reached"
        );
        assert_eq!(report.edges, 0);
    }
}

#[test]
fn a_time_limit_in_the_middle_of_the_search_is_inconclusive_with_one_thread_and_with_two() {
    for threads in [1, 2] {
        let report = check(Plan {
            limits: Limits {
                time: Some(Duration::from_millis(5)),
                ..Limits::default()
            },
            threads,
            ..Scope::SMALL.into()
        });
        assert_eq!(report.verdict, Verdict::Inconclusive, "{report}");
        assert!(report.states < 148_028, "{report}");
        for property in &report.properties {
            assert_eq!(property.verdict, Verdict::Inconclusive, "{report}");
        }
    }
}

#[test]
fn a_time_limit_that_only_the_second_engine_reaches_is_inconclusive_with_one_thread_and_with_two() {
    for threads in [1, 2] {
        let slow = Planted::on_clone(OnClone::Slow(Duration::from_micros(200)));
        let roomy = Scope {
            turns: 3,
            in_flight: 3,
            ..TINY
        };
        let plan = Plan {
            properties: vec![PropertyId::S1],
            limits: Limits {
                time: Some(Duration::from_secs(1)),
                ..Limits::default()
            },
            threads,
            ..roomy.into()
        };
        let report = check_subject(slow, &plan, |_| {});
        let s1 = report.property(PropertyId::S1).expect("it was asked");
        assert_eq!(
            s1.verdict,
            Verdict::Verified,
            "the first engine saw it all: {report}"
        );
        assert_eq!(report.verdict, Verdict::Inconclusive, "{report}");
        let peer = report.peer.as_ref().expect("the second engine was asked");
        assert!(peer.states < report.states, "the limit was kept: {report}");
        assert!(
            report
                .reason
                .as_ref()
                .is_some_and(|why| why.contains("did not finish")),
            "{report}"
        );
    }
}

#[test]
fn a_violation_that_is_found_before_a_cut_is_still_violated() {
    let plan = Plan {
        limits: Limits {
            depth: Some(6),
            ..Limits::default()
        },
        ..Scope::SMALL.into()
    };
    let report = check_subject(Shipped::with_fault(Fault::S1_01), &plan, |_| {});
    let s1 = report.property(PropertyId::S1).expect("all were asked");
    assert_eq!((s1.verdict, s1.trace.len()), (Verdict::Violated, 6));
    assert_eq!(report.verdict, Verdict::Violated, "{report}");
    let s2 = report.property(PropertyId::S2).expect("all were asked");
    assert_eq!(s2.verdict, Verdict::Inconclusive, "the rest was not seen");
}

#[test]
fn a_liveness_property_is_inconclusive_on_a_cut_graph_even_if_it_is_broken() {
    let plan = |depth| Plan {
        limits: Limits {
            depth,
            ..Limits::default()
        },
        properties: vec![PropertyId::L1],
        second_opinion: false,
        ..Scope::SMALL.into()
    };
    let subject = Shipped::with_fault(Fault::L1_02);
    let whole = check_subject(subject, &plan(None), |_| {});
    assert_eq!(whole.verdict, Verdict::Violated);
    let cut = check_subject(subject, &plan(Some(12)), |_| {});
    assert_eq!(cut.verdict, Verdict::Inconclusive, "{cut}");
}
