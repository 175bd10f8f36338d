//! Stored rows, every combination of their fields, possible or not.

use session_lifecycle::{Inference, SessionRecord, Settlement, Status, TurnId, TurnResult};

const COMPLETED: Settlement = Settlement::Reported(TurnResult::Completed);
const FAILED: Settlement = Settlement::Inferred(Inference::Failed);
const CUT_SHORT: Settlement = Settlement::Inferred(Inference::Interrupted);

/// Every row with two ids in its fields and up to three settlements.
pub(crate) fn every_row() -> Vec<SessionRecord> {
    let turns = [None, Some("A"), Some("B")];
    let latest = [None, Some("A"), Some("B"), Some("C")];
    let ledgers: [&[(&str, Settlement)]; 9] = [
        &[],
        &[("A", COMPLETED)],
        &[("A", CUT_SHORT)],
        &[("B", FAILED)],
        &[("B", COMPLETED), ("A", FAILED)],
        &[("A", COMPLETED), ("A", FAILED)],
        &[("A", FAILED), ("A", COMPLETED)],
        &[("A", FAILED), ("A", CUT_SHORT)],
        &[("A", FAILED), ("B", CUT_SHORT), ("A", COMPLETED)],
    ];
    let mut rows = Vec::new();
    for status in Status::ALL {
        for active in turns {
            for latest in latest {
                for ledger in ledgers {
                    for (closed, error) in
                        [(false, false), (false, true), (true, false), (true, true)]
                    {
                        rows.push(SessionRecord {
                            status,
                            active_turn: active.map(TurnId::from),
                            last_error: error.then(|| "boom".into()),
                            closed,
                            latest_turn: latest.map(TurnId::from),
                            turns: ledger
                                .iter()
                                .map(|(turn, how)| ((*turn).into(), *how))
                                .collect(),
                        });
                    }
                }
            }
        }
    }
    rows
}
