//! Rows as hosts really have them, made whole.

use alloc::vec::Vec;
use core::fmt;

use crate::memory::default_text;
use crate::{AnySession, Broken, Inference, Message, SessionRecord, Settlement, Status, TurnId};

/// What the host knows of the provider of a stored row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProviderLife {
    /// Its process is known to be there.
    Alive,
    /// Its process is not there: the host restarted, or saw it die.
    Gone,
}

/// A stored row made whole.
#[derive(Debug, PartialEq, Eq)]
pub struct Repaired {
    /// The session.
    pub session: AnySession,
    /// What had to be changed, and why, in the order in which it was done; empty for a sound row.
    pub repairs: Vec<Repair>,
}

/// One change to a stored row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Repair {
    /// What was wrong.
    pub cause: RepairCause,
    /// The turn that was settled by it.
    pub settled: Option<(TurnId, Settlement)>,
}

/// Why a stored row had to be changed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RepairCause {
    /// The row broke a rule.
    Broken(Broken),
    /// The row shows work, and its provider is gone (L2-03): the session stopped, and its turn was interrupted.
    ProviderGone {
        /// The status of the row.
        status: Status,
    },
}

/// Reads a stored row, however broken, and gives the session that it can only mean.
///
/// - A turn on an inactive session settles as R2 would have settled it when the session went inactive (S1-01).
/// - A row that shows work of a provider that is gone becomes `stopped`, its turn interrupted: nobody finished it
///   (S8-02), and no event can come (L2-03).
/// - A `closed`, a missing error or a latest turn that cannot be so is corrected; of the settlements of one turn, a report
///   outweighs an inference.
///
/// Repairing what it returns changes nothing.
///
/// ```
/// use session_lifecycle::{ProviderLife, SessionRecord, Status, repair};
///
/// let row = SessionRecord::from_row(Status::Ready, Some("t1".into()), None);
/// let repaired = repair(row, ProviderLife::Alive);
/// assert_eq!(repaired.session.status(), Status::Ready);
/// assert_eq!(repaired.session.active_turn(), None);
/// assert_eq!(
///     repaired.repairs[0].to_string(),
///     "S1: a session that is ready cannot point at turn t1; settled t1 as unreported (inferred)"
/// );
/// ```
#[must_use]
pub fn repair(record: SessionRecord, provider: ProviderLife) -> Repaired {
    let mut record = record;
    let mut repairs = Vec::new();
    keep_one_settlement_each(&mut record, &mut repairs);
    settle_impossible_turn(&mut record, &mut repairs);
    if provider == ProviderLife::Gone && record.status.is_active() {
        let cause = RepairCause::ProviderGone {
            status: record.status,
        };
        let settled = settle(&mut record, Inference::Interrupted);
        record.status = Status::Stopped;
        record.closed = true;
        repairs.push(Repair { cause, settled });
    }
    correct_flags(&mut record, &mut repairs);
    Repaired {
        session: record.assemble(),
        repairs,
    }
}

/// Of several settlements of one turn, a report outweighs an inference, and the first outweighs the rest.
fn keep_one_settlement_each(record: &mut SessionRecord, repairs: &mut Vec<Repair>) {
    let mut kept: Vec<(TurnId, Settlement)> = Vec::with_capacity(record.turns.len());
    record
        .turns
        .sort_by(|(a, how), (b, other)| a.cmp(b).then(other.is_reported().cmp(&how.is_reported())));
    for (turn, how) in record.turns.drain(..) {
        match kept.last() {
            Some((known, settlement)) if *known == turn => {
                let cause = RepairCause::Broken(Broken::SettledTwice { turn });
                repairs.push(Repair {
                    cause,
                    settled: Some((known.clone(), *settlement)),
                });
            }
            Some(_) | None => kept.push((turn, how)),
        }
    }
    record.turns = kept;
}

/// S1 and S3: an inactive session holds no turn, and a settled turn is not active.
fn settle_impossible_turn(record: &mut SessionRecord, repairs: &mut Vec<Repair>) {
    let Some(turn) = record.active_turn.clone() else {
        return;
    };
    if record.turns.iter().any(|(known, _)| *known == turn) {
        record.active_turn = None;
        record.latest_turn = Some(turn.clone());
        repairs.push(Repair {
            cause: RepairCause::Broken(Broken::SettledTurnActive { turn }),
            settled: None,
        });
        return;
    }
    let inference = match record.status {
        Status::Starting | Status::Running => return,
        Status::Idle | Status::Ready => Inference::Unreported,
        Status::Interrupted | Status::Stopped => Inference::Interrupted,
        Status::Error => Inference::Failed,
    };
    let cause = RepairCause::Broken(Broken::InactiveWithTurn {
        status: record.status,
        turn,
    });
    let settled = settle(record, inference);
    repairs.push(Repair { cause, settled });
}

fn settle(record: &mut SessionRecord, inference: Inference) -> Option<(TurnId, Settlement)> {
    let settled = record
        .active_turn
        .take()
        .map(|turn| (turn, Settlement::Inferred(inference)));
    if let Some((turn, how)) = &settled {
        record.latest_turn = Some(turn.clone());
        record.turns.push((turn.clone(), *how));
    }
    settled
}

/// What is left to mend touches no turn's outcome.
fn correct_flags(record: &mut SessionRecord, repairs: &mut Vec<Repair>) {
    for broken in record.broken() {
        match &broken {
            Broken::ClosedWhileOpen { .. } => record.closed = false,
            Broken::StoppedNotClosed => record.closed = true,
            Broken::ErrorWithoutMessage => {
                record.last_error = Some(Message::from(default_text::SESSION))
            }
            Broken::LatestUnknown { .. } => record.latest_turn = None,
            Broken::LatestNotActive { active } => record.latest_turn = Some(active.clone()),
            // Mended before.
            Broken::InactiveWithTurn { .. }
            | Broken::SettledTurnActive { .. }
            | Broken::SettledTwice { .. } => {}
        }
        repairs.push(Repair {
            cause: RepairCause::Broken(broken),
            settled: None,
        });
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            RepairCause::Broken(broken) => broken.fmt(f)?,
            RepairCause::ProviderGone { status } => {
                write!(f, "the provider of a {status} session is gone")?
            }
        }
        match &self.settled {
            Some((turn, how)) => write!(f, "; settled {turn} as {how}"),
            None => Ok(()),
        }
    }
}
