//! The cases that the rules tell apart, and an example of each.

use alloc::vec::Vec;

use super::standing::Standing;
use crate::{Message, SessionRecord, Settlement, Status, TurnId, TurnResult};

/// A session as far as the rules ask: without the names of its turns and the text of its error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) status: Status,
    pub(super) closed: bool,
    /// Whether the latest turn is active.
    pub(super) active: bool,
    pub(super) has_error: bool,
}

// The texts of an example. What `apply` says of it names these turns.
pub(super) const LATEST: &str = "latest";
pub(super) const NAMED: &str = "named";
pub(super) const OLD: &str = "old";
pub(super) const NEW: &str = "new";

impl Class {
    pub(super) fn of(record: &SessionRecord) -> Self {
        Self {
            status: record.status,
            closed: record.closed,
            active: record.active_turn.is_some(),
            has_error: record.last_error.is_some(),
        }
    }

    /// Every class that a session can be of.
    pub(super) fn every() -> Vec<Self> {
        let yes_or_no = [false, true];
        let mut classes = Vec::new();
        for status in Status::ALL {
            for closed in yes_or_no {
                for active in yes_or_no {
                    classes.extend(yes_or_no.map(|has_error| Self {
                        status,
                        closed,
                        active,
                        has_error,
                    }));
                }
            }
        }
        classes.retain(|class| class.record().broken().is_empty());
        classes
    }

    /// A record of this class. Whether it is a session, its broken rules say.
    fn record(self) -> SessionRecord {
        let turn = self.active.then(|| TurnId::from(LATEST));
        SessionRecord {
            status: self.status,
            closed: self.closed,
            active_turn: turn.clone(),
            latest_turn: turn,
            last_error: self.has_error.then(|| Message::from(OLD)),
            turns: Vec::new(),
        }
    }

    /// A session of this class, and the turn that an event has to name, which stands so and is its latest or is not; `None`
    /// if there is no such session.
    pub(super) fn example(
        self,
        named: Standing,
        is_latest: bool,
    ) -> Option<(SessionRecord, Option<TurnId>)> {
        let turn = match (named, is_latest) {
            (Standing::NO_TURN, true) => return None,
            (Standing::NO_TURN, false) => None,
            (_, true) => Some(TurnId::from(LATEST)),
            (_, false) => Some(TurnId::from(NAMED)),
        };
        let mut record = self.record();
        record.turns.extend(turn.clone().zip(named.settlement()));
        if !self.active {
            let latest = TurnId::from(LATEST);
            record.latest_turn = Some(latest.clone());
            if !is_latest {
                let report = Settlement::Reported(TurnResult::Completed);
                record.turns.push((latest, report));
            }
        }
        record.broken().is_empty().then_some((record, turn))
    }
}
