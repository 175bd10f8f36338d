//! S1, S3 and S8 for runs of any length, and that the induction sees what breaks them.

use session_lifecycle::{AnySession, Fault, SessionRecord};
use session_lifecycle_model::world::Told;
use session_lifecycle_model::{BrokenStep, Packed, PropertyId, Shipped, induct};

#[test]
fn the_shipped_logic_breaks_nothing_in_any_session_of_three_turns() {
    let induction = induct(Shipped::default());
    assert_eq!(induction.broken, []);
    assert_eq!((induction.sessions, induction.events), (20_188, 47));
    assert_eq!(induction.events, Told::all().len());
}

fn broken_by(fault: Fault, property: PropertyId) -> BrokenStep {
    let induction = induct(Shipped::with_fault(fault));
    assert_eq!(
        induction.sessions, 20_188,
        "the sessions are valid ones, defect or not"
    );
    let broken = induction
        .first_broken(property)
        .unwrap_or_else(|| panic!("{fault:?} does not break {property}"))
        .clone();
    // Shown to be a step of the faulty code, from a session that the crate takes for valid.
    let step = |fault| {
        let session = AnySession::try_from(broken.session.clone()).expect("a valid session");
        session.with_fault(fault).apply(broken.told.event()).session
    };
    assert_ne!(
        SessionRecord::from(&step(Some(fault)).with_fault(None)),
        SessionRecord::from(&step(None)),
        "the defect does something there"
    );
    broken
}

#[test]
fn a_change_to_an_inactive_state_that_keeps_the_turn_breaks_s1() {
    let broken = broken_by(Fault::S1_01, PropertyId::S1);
    assert_eq!(broken.property, PropertyId::S1);
    assert!(broken.session.active_turn.is_some());
}

#[test]
fn a_start_of_a_settled_turn_that_is_accepted_breaks_s3() {
    let broken = broken_by(Fault::S3_01, PropertyId::S3);
    assert_eq!(broken.property, PropertyId::S3);
    let Told::Started(Some(turn)) = broken.told else {
        panic!("{} is no start of a turn", broken.told)
    };
    let settled = &broken.session.turns;
    assert!(settled.iter().any(|(id, _)| id.as_str() == turn.name()));
}

#[test]
fn a_turn_that_is_recorded_as_completed_when_another_replaces_it_breaks_s8() {
    let broken = broken_by(Fault::S8_01, PropertyId::S8);
    assert_eq!(broken.property, PropertyId::S8);
    assert!(matches!(broken.told, Told::Started(Some(_))));
}

#[test]
fn every_session_survives_its_four_bytes() {
    let mut sessions = 0;
    for packed in Packed::every().filter(|packed| packed.record().broken().is_empty()) {
        sessions += 1;
        assert_eq!(Packed::pack(&packed.unpack(None)), packed);
    }
    assert_eq!(sessions, 20_188);
}
