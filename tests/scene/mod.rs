//! A session after some events, and a reaper that looks at it.
#![allow(dead_code, reason = "each test crate uses its part")]

use std::time::Duration;

use session_lifecycle::{AnySession, Decision, Evidence, IdleClock, ReapPermit, Reaper, Timestamp};

use crate::story;

pub(crate) const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);

pub(crate) fn at(minutes: u64) -> Timestamp {
    Timestamp(Duration::from_secs(60 * minutes))
}

/// The session after the events of the text.
pub(crate) fn after(text: &str) -> AnySession {
    story::events(text)
        .into_iter()
        .fold(AnySession::new(), |session, event| {
            session.apply(event).session
        })
}

/// A session that has been idle since the beginning, and what is known of it.
pub(crate) fn idle(text: &str) -> (AnySession, Evidence) {
    (after(text), Evidence::of(IdleClock::new(at(0))))
}

pub(crate) fn decide(session: &AnySession, evidence: &Evidence, now: Timestamp) -> Decision {
    Reaper::new(HALF_AN_HOUR).decide(session, evidence, now)
}

pub(crate) fn permit(session: &AnySession, evidence: &Evidence) -> ReapPermit {
    match decide(session, evidence, at(60)) {
        Decision::Reap(permit) => permit,
        Decision::Keep(reason) => panic!("kept: {reason}"),
    }
}
