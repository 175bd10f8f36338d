//! What a session weighs, and where it may go.

use session_lifecycle::{
    AnySession, Decision, Event, Ledger, Outcome, Ready, ReapPermit, Repaired, Running, Session,
    SessionRecord, Step, TurnId,
};

/// A session without its strings fits in a cache line, and lies in one. One that can carry a fault need not fit.
#[cfg(not(feature = "faults"))]
#[test]
fn a_session_fits_in_a_cache_line() {
    assert_eq!(align_of::<AnySession>(), 64);
    assert!(
        size_of::<AnySession>() <= 64,
        "{} bytes",
        size_of::<AnySession>()
    );
}

#[test]
fn a_message_and_an_absent_turn_cost_no_extra_word() {
    assert_eq!(
        size_of::<Option<session_lifecycle::Message>>(),
        size_of::<usize>()
    );
    assert_eq!(size_of::<Option<TurnId>>(), size_of::<TurnId>());
}

#[test]
fn what_the_crate_hands_out_may_go_to_another_thread_and_be_shared() {
    fn may_go<T: Send + Sync + Unpin + 'static>() {}
    may_go::<AnySession>();
    may_go::<Session<Ready>>();
    may_go::<Session<Running>>();
    may_go::<SessionRecord>();
    may_go::<Ledger>();
    may_go::<Event>();
    may_go::<Outcome>();
    may_go::<Step>();
    may_go::<Decision>();
    may_go::<ReapPermit>();
    may_go::<Repaired>();
}
