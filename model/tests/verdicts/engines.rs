//! Engines that disagree.

use session_lifecycle::Fault;
use session_lifecycle_model::{PropertyId, Verdict, check_subject};

use crate::planted::{OnClone, Planted};
use crate::s1;

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
