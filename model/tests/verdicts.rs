//! What may not be a pass: a search that was cut short, an empty one, a premise that never occurs, a claim that nobody
//! asked, engines that disagree.

mod planted;

use std::panic::catch_unwind;
use std::time::Duration;

use planted::{OnClone, Planted};
use session_lifecycle::{AnySession, Event, Fault, Status};
use session_lifecycle_model::engine::Limits;
use session_lifecycle_model::world::Budget;
use session_lifecycle_model::{
    Own, Plan, Profile, PropertyId, Reducer, Report, Scope, Shipped, Verdict, check, check_subject,
};

const NO_BUDGET: Budget = Budget {
    launches: 0,
    deviations: 0,
    crashes: 0,
    restarts: 0,
    duplicates: 0,
};

/// One turn and a provider that behaves: enough for S1.
const TINY: Scope = Scope {
    name: "tiny",
    turns: 1,
    in_flight: 2,
    budget: Budget {
        launches: 1,
        ..NO_BUDGET
    },
    profile: Profile::ANY,
};

fn s1() -> Plan {
    Plan {
        properties: vec![PropertyId::S1],
        ..TINY.into()
    }
}

fn with(limits: Limits) -> Plan {
    Plan { limits, ..s1() }
}

fn reason(report: &Report, id: PropertyId) -> &str {
    let property = report.property(id).expect("the property was asked");
    property.reason.as_deref().unwrap_or_default()
}

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
fn a_world_in_which_nothing_can_happen_is_inconclusive() {
    let nothing = Scope {
        name: "nothing",
        turns: 3,
        in_flight: 3,
        budget: NO_BUDGET,
        profile: Profile::ANY,
    };
    let report = check(nothing);
    assert_eq!((report.states, report.edges), (1, 0));
    assert_eq!(report.verdict, Verdict::Inconclusive, "{report}");
    for id in PropertyId::ALL {
        assert_eq!(
            reason(&report, id),
            "the model has no step: nothing was explored"
        );
    }
}

#[test]
fn a_premise_that_never_occurs_is_inconclusive() {
    use PropertyId::{L1, L2, O1, O2, S1, S2, S3, S4, S8, T1};
    let without_turns = Scope {
        turns: 0,
        ..Scope::SMALL
    };
    let without_launches = Scope {
        budget: Budget {
            launches: 0,
            ..Scope::SMALL.budget
        },
        ..Scope::SMALL
    };
    let without_duplicates = Scope {
        budget: Budget {
            duplicates: 0,
            ..Scope::SMALL.budget
        },
        ..Scope::SMALL
    };
    let cases = [
        (without_turns, vec![S1, S3, S4, S8, T1, O1]),
        (
            without_launches,
            vec![S1, S2, S3, S4, S8, L1, L2, T1, O1, O2],
        ),
        (without_duplicates, vec![S3, O2]),
    ];
    for (scope, unwitnessed) in cases {
        let report = check(Plan {
            second_opinion: false,
            ..scope.into()
        });
        assert_eq!(report.verdict, Verdict::Inconclusive, "{report}");
        assert!(report.edges > 0, "{report}");
        for id in PropertyId::ALL {
            let property = report.property(id).expect("all were asked");
            if unwitnessed.contains(&id) {
                assert_eq!(property.verdict, Verdict::Inconclusive, "{id}: {report}");
                let expected = format!("its premise never occurred: {}", id.witness());
                assert_eq!(reason(&report, id), expected);
            } else {
                assert_eq!(property.verdict, Verdict::Verified, "{id}: {report}");
            }
        }
    }
}

#[test]
fn a_subject_of_which_nothing_is_claimed_is_inconclusive() {
    let report = check_subject(Planted::without_properties(), &TINY.into(), |_| {});
    assert!(report.properties.is_empty());
    assert!(report.states > 100, "{report}");
    assert_eq!(report.verdict, Verdict::Inconclusive, "{report}");
    assert_eq!(report.reason.as_deref(), Some("no property was asked"));
}

/// A reducer that knows nothing but idle.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Asleep;

impl Reducer for Asleep {
    fn new() -> Self {
        Self
    }
    fn apply(&mut self, _: &Event) {}
    fn status(&self) -> Status {
        AnySession::new().status()
    }
    fn active_turn(&self) -> Option<&str> {
        None
    }
}

#[test]
fn a_property_that_the_subject_cannot_be_asked_is_named_and_inconclusive() {
    for id in [
        PropertyId::S8,
        PropertyId::T1,
        PropertyId::O1,
        PropertyId::O2,
    ] {
        let plan = Plan {
            properties: vec![id],
            ..TINY.into()
        };
        let report = check_subject(Own::<Asleep>::default(), &plan, |_| {});
        assert_eq!(report.verdict, Verdict::Inconclusive, "{report}");
        assert_eq!(reason(&report, id), "the subject cannot be asked this");
    }
}

#[test]
fn a_reducer_that_shows_nothing_is_inconclusive() {
    let report = check_subject(Own::<Asleep>::default(), &TINY.into(), |_| {});
    assert_eq!(report.verdict, Verdict::Inconclusive, "{report}");
    let s1 = report.property(PropertyId::S1).expect("it was asked");
    assert_eq!(s1.verdict, Verdict::Inconclusive, "no turn was ever shown");
}

#[test]
fn engines_that_disagree_on_a_property_are_inconclusive() {
    let planted = Planted::on_clone(OnClone::Carry(Fault::S1_06));
    let report = check_subject(planted, &s1(), |_| {});
    let s1 = report.property(PropertyId::S1).expect("it was asked");
    assert_eq!(s1.verdict, Verdict::Verified);
    assert_eq!(report.verdict, Verdict::Inconclusive, "{report}");
    assert!(report.peer.as_ref().is_some_and(|peer| !peer.agrees));
    assert!(report.to_string().contains("DISAGREES"), "{report}");
}

#[test]
fn engines_that_disagree_on_the_number_of_states_alone_are_inconclusive() {
    // A defect of liveness: no safety property tells the two apart.
    let planted = Planted::on_clone(OnClone::Carry(Fault::L1_02));
    let report = check_subject(planted, &s1(), |_| {});
    let peer = report.peer.as_ref().expect("the second engine was asked");
    assert_ne!(peer.states, report.states);
    assert!(!peer.agrees);
    assert_eq!(report.verdict, Verdict::Inconclusive, "{report}");
}

#[test]
fn a_violation_that_the_second_engine_does_not_see_is_still_violated() {
    let planted = Planted::carrying(Fault::S1_06, OnClone::Mend);
    let report = check_subject(planted, &s1(), |_| {});
    assert!(report.peer.as_ref().is_some_and(|peer| !peer.agrees));
    assert_eq!(report.verdict, Verdict::Violated, "{report}");
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

#[test]
fn the_verdict_of_nothing_is_inconclusive() {
    assert_eq!(Verdict::of([]), Verdict::Inconclusive);
}

#[test]
fn the_worst_of_several_verdicts_is_theirs_together() {
    use Verdict::{Inconclusive, Verified, Violated};
    assert_eq!(Verdict::of([Verified, Verified]), Verified);
    for all in [[Inconclusive, Verified], [Verified, Inconclusive]] {
        assert_eq!(Verdict::of(all), Inconclusive);
    }
    for other in [Verified, Inconclusive, Violated] {
        assert_eq!(Verdict::of([Violated, other]), Violated);
        assert_eq!(Verdict::of([other, Violated]), Violated);
    }
}

#[test]
fn the_exit_codes_tell_the_verdicts_apart() {
    let codes =
        [Verdict::Verified, Verdict::Violated, Verdict::Inconclusive].map(Verdict::exit_code);
    assert_eq!(codes, [0, 1, 3]);
}

/// What `assert_verified` says when it panics; `None` if it does not.
fn complaint(report: &Report) -> Option<String> {
    let panic = catch_unwind(|| report.assert_verified()).err()?;
    panic.downcast::<String>().ok().map(|text| *text)
}

#[test]
fn assert_verified_panics_with_the_whole_report_of_a_violation() {
    let report = check_subject(Shipped::with_fault(Fault::S1_06), &s1(), |_| {});
    let text = complaint(&report).expect("a violation is no pass");
    assert_eq!(text, report.to_string());
    assert!(
        text.contains("S1 is violated") && text.contains("verdict violated"),
        "{text}"
    );
    for step in &report.properties[0].trace {
        assert!(text.contains(&step.action), "{text}");
    }
}

#[test]
fn assert_verified_panics_with_the_whole_report_of_what_is_inconclusive() {
    let report = check(with(Limits {
        states: Some(10),
        ..Limits::default()
    }));
    let text = complaint(&report).expect("nothing was shown");
    assert_eq!(text, report.to_string());
    assert!(
        text.contains("the limit of 10 states was reached"),
        "{text}"
    );
    assert!(text.contains("verdict inconclusive"), "{text}");
}

#[test]
fn assert_verified_is_silent_about_what_is_verified() {
    assert_eq!(complaint(&check(s1())), None);
}
