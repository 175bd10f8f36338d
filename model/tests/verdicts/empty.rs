//! Worlds in which nothing happens, premises that never occur, claims that nobody asked.

use session_lifecycle::{AnySession, Event, Status};
use session_lifecycle_model::world::Budget;
use session_lifecycle_model::{
    Own, Plan, Profile, PropertyId, Reducer, Scope, Verdict, check, check_subject,
};

use crate::planted::Planted;
use crate::{NO_BUDGET, TINY, reason};

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
