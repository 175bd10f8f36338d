//! S1, S3 and S8 for runs of any length: every session there can be, times every event.
//!
//! The graph of the model holds the sessions that the world can reach within its bounds. Here there is no world and no
//! bound: whatever valid session one starts from, one event later S1, S3 and S8 hold again.

use std::fmt;

use session_lifecycle::{AnySession, Broken, SessionRecord};

use crate::properties::PropertyId;
use crate::shipped::{Packed, Shipped};
use crate::world::{Told, Turn};

/// The result of an induction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Induction {
    /// Valid sessions of at most three turns, reachable or not.
    pub sessions: usize,
    /// Events.
    pub events: usize,
    /// For each property that is broken, the first step that breaks it.
    pub broken: Vec<BrokenStep>,
}

/// A step from a valid session that breaks a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenStep {
    /// The property.
    pub property: PropertyId,
    /// The session before.
    pub session: SessionRecord,
    /// The event.
    pub told: Told,
}

/// Applies every event to every valid session.
#[must_use]
pub fn induct(subject: Shipped) -> Induction {
    let events = Told::all();
    let mut induction = Induction {
        sessions: 0,
        events: events.len(),
        broken: Vec::new(),
    };
    for packed in Packed::every().filter(|packed| packed.record().broken().is_empty()) {
        induction.sessions += 1;
        for told in &events {
            for property in broken_by(subject, packed, *told) {
                if induction.first_broken(property).is_none() {
                    induction.broken.push(BrokenStep {
                        property,
                        session: packed.record(),
                        told: *told,
                    });
                }
            }
        }
    }
    induction
}

impl Induction {
    /// The first step that breaks a property.
    #[must_use]
    pub fn first_broken(&self, property: PropertyId) -> Option<&BrokenStep> {
        self.broken.iter().find(|step| step.property == property)
    }
}

/// The properties that one event breaks in one session.
fn broken_by(subject: Shipped, packed: Packed, told: Told) -> Vec<PropertyId> {
    let session: AnySession = packed.unpack(subject.fault);
    let was_closed = session.is_closed();
    let after = session.apply(told.event()).session;
    let is_closed = told.closes().unwrap_or(was_closed);
    let mut broken: Vec<PropertyId> = SessionRecord::from(&after)
        .broken()
        .iter()
        .map(|rule| match rule {
            Broken::SettledTurnActive { .. } | Broken::SettledTwice { .. } => PropertyId::S3,
            Broken::InactiveWithTurn { .. }
            | Broken::ClosedWhileOpen { .. }
            | Broken::StoppedNotClosed
            | Broken::ErrorWithoutMessage
            | Broken::LatestUnknown { .. }
            | Broken::LatestNotActive { .. } => PropertyId::S1,
        })
        .collect();
    // Whoever forgets the exit, or makes one up, decides what may begin in a closed session. A valid session that is
    // closed has no turn.
    if after.is_closed() != is_closed {
        broken.push(PropertyId::S3);
    }
    for turn in Turn::ALL {
        let was = packed.settlement(turn);
        let is = after.ledger().get(turn.name());
        let active = after.active_turn().map(|active| active.as_str()) == Some(turn.name());
        if was.is_some() && (is.is_none() || active) {
            broken.push(PropertyId::S3);
        }
        if !told.settles_honestly(turn, was, is) {
            broken.push(PropertyId::S8);
        }
    }
    broken
}

impl fmt::Display for Induction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} sessions, reachable or not, times {} events",
            self.sessions, self.events
        )
    }
}
