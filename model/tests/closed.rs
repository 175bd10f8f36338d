//! The induction asks for the whole of S3: that nothing begins in a closed session, too.

use session_lifecycle::Fault;
use session_lifecycle_model::{PropertyId, Shipped, induct};

#[test]
fn no_event_opens_or_closes_a_session_but_those_that_say_so() {
    let induction = induct(Shipped::default());
    assert_eq!(induction.broken, []);
    assert_eq!((induction.sessions, induction.events), (20_188, 47));
}

#[test]
fn a_start_that_is_accepted_after_the_exit_breaks_the_induction_of_s3() {
    let induction = induct(Shipped::with_fault(Fault::S3_07));
    let broken = induction.first_broken(PropertyId::S3).unwrap();
    assert_eq!(broken.property, PropertyId::S3);
    // Not because that turn had settled: no turn had.
    assert!(
        broken.session.closed && broken.session.turns.is_empty(),
        "{broken:?}"
    );
}
