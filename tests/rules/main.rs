//! The rules R1 to R9, cell by cell: a session after some events, one more event, what is shown and said then.
//!
//! A cell reads: `given the events, this event => the session, the outcome`. The session is written as the oracle
//! writes it: status, active turn, last error, `closed` where it does not go without saying, the latest turn where it
//! is not the active one, and after a bar the ledger.

#[path = "../../model/src/trace/oracle.rs"]
mod oracle;
#[path = "../scene/mod.rs"]
mod scene;
#[path = "../story/mod.rs"]
mod story;

mod announcements;
mod completions;
mod errors;
mod evidence;
mod starts;
mod states;

use scene::after;

#[track_caller]
fn check(given: &str, event: &str, shown: &str, told: &str) {
    let step = after(given).apply(story::event(event));
    assert_eq!(oracle::Oracle::of(&step.session).to_string(), shown);
    assert_eq!(step.outcome.to_string(), told);
}

macro_rules! cells {
    ($($name:ident: $given:literal, $event:literal => $shown:literal, $told:literal;)+) => {$(
        #[test]
        fn $name() {
            crate::check($given, $event, $shown, $told);
        }
    )+};
}
use cells;

#[test]
#[should_panic(expected = "left == right")]
fn planted_a_cell_that_expects_another_session_fails() {
    check(
        "turn.started A",
        "session.state.changed ready",
        "ready A",
        "running to ready (R2)",
    );
}
