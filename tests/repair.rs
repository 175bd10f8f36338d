//! Stored rows as hosts really have them, made whole: every combination of the fields, and random ones.

mod checks;
mod generate;
#[path = "../model/src/trace/oracle.rs"]
mod oracle;
mod rows;
mod story;

use checks::possible;
use generate::{caught, holds, record};
use oracle::{Oracle, inferred};
use proptest::prelude::*;
use rows::every_row;
use session_lifecycle::{
    Inference, ProviderLife, Repair, Repaired, SessionRecord, Settlement, Status, TurnResult,
    repair,
};

const COMPLETED: Settlement = Settlement::Reported(TurnResult::Completed);
const CUT_SHORT: Settlement = Settlement::Inferred(Inference::Interrupted);

/// What a row can only mean, said plainly.
fn mended(record: &SessionRecord, provider: ProviderLife) -> Oracle {
    let mut row = Oracle::of_record(record);
    // Of several settlements of one turn, the first report counts.
    for (turn, how) in record
        .turns
        .iter()
        .rev()
        .filter(|(_, how)| how.is_reported())
    {
        row.ledger
            .insert(turn.to_string(), oracle::reported(how.outcome().as_str()));
    }
    if let Some(turn) = row.active.clone() {
        let how = match row.status {
            "starting" | "running" if provider == ProviderLife::Alive => None,
            "idle" | "ready" => Some("unreported"),
            "error" => Some("failed"),
            _ => Some("interrupted"),
        };
        let settled = row.ledger.contains_key(&turn);
        if settled || how.is_some() {
            row.active = None;
        }
        if let (false, Some(how)) = (settled, how) {
            row.ledger.insert(turn.clone(), inferred(how));
        }
        row.latest = Some(turn);
    }
    if provider == ProviderLife::Gone && ["starting", "running"].contains(&row.status) {
        row.status = "stopped";
    }
    match row.status {
        "stopped" => row.closed = true,
        "interrupted" | "error" => {}
        _ => row.closed = false,
    }
    if row.status == "error" && row.last_error.is_none() {
        row.last_error = Some("Provider session error".into());
    }
    let known = |turn: &String| row.active.as_ref() == Some(turn) || row.ledger.contains_key(turn);
    if !row.latest.as_ref().is_some_and(known) {
        row.latest = None;
    }
    row
}

/// The mended row is the session that it can only mean, a possible one; what was sound is left alone and nothing is
/// said; mending again changes nothing.
fn is_mended(
    mend: impl Fn(SessionRecord, ProviderLife) -> (SessionRecord, Vec<Repair>),
    record: &SessionRecord,
    provider: ProviderLife,
) -> Result<(), String> {
    let (once, repairs) = mend(record.clone(), provider);
    let shown = Oracle::of_record(&once);
    let context = |what: String| format!("{what}\nof {record:?}, provider {provider:?}");
    possible(&shown).map_err(context)?;
    let wanted = mended(record, provider);
    if shown != wanted {
        return Err(context(format!("expected {wanted}\n   found {shown}")));
    }
    let same = shown == Oracle::of_record(record) && once.turns.len() == record.turns.len();
    if same != repairs.is_empty() {
        return Err(context(format!("repairs: {repairs:?}")));
    }
    let (twice, more) = mend(once.clone(), provider);
    if twice != once || !more.is_empty() {
        return Err(context(format!("again: {twice:?}, {more:?}")));
    }
    Ok(())
}

fn shipped(record: SessionRecord, provider: ProviderLife) -> (SessionRecord, Vec<Repair>) {
    let Repaired { session, repairs } = repair(record, provider);
    (session.into(), repairs)
}

#[test]
fn every_combination_of_the_fields_is_mended() {
    let rows = every_row();
    assert_eq!(rows.len(), 7 * 3 * 4 * 9 * 4);
    let mut sound = 0;
    for row in &rows {
        for provider in [ProviderLife::Alive, ProviderLife::Gone] {
            is_mended(shipped, row, provider).unwrap_or_else(|what| panic!("{what}"));
        }
        sound += usize::from(row.broken().is_empty());
    }
    assert!(
        sound > 100 && sound < rows.len() / 2,
        "{sound} rows were sound"
    );
}

fn life() -> impl Strategy<Value = ProviderLife> {
    prop_oneof![Just(ProviderLife::Alive), Just(ProviderLife::Gone)]
}

#[test]
fn any_row_is_mended() {
    holds((record(), life()), |(row, provider)| {
        is_mended(shipped, row, *provider)
    });
}

#[test]
fn planted_mending_nothing_is_found() {
    let nothing = |row, _| (row, Vec::new());
    caught((record(), life()), |(row, provider)| {
        is_mended(nothing, row, *provider)
    });
}

#[test]
fn planted_mending_with_a_loss_is_found() {
    let forgetful = |mut row: SessionRecord, provider| {
        row.turns.retain(|(_, how)| how.is_reported());
        shipped(row, provider)
    };
    caught((record(), life()), |(row, provider)| {
        is_mended(forgetful, row, *provider)
    });
}

#[test]
fn planted_mending_without_a_word_is_found() {
    let silent = |row, provider| (shipped(row, provider).0, Vec::new());
    caught((record(), life()), |(row, provider)| {
        is_mended(silent, row, *provider)
    });
}

#[test]
fn planted_mending_that_never_ends_is_found() {
    let restless = |row: SessionRecord, provider| {
        let sorted = row.turns.is_sorted();
        let (mut row, repairs) = shipped(row, provider);
        if sorted {
            row.turns.reverse();
        }
        (row, repairs)
    };
    caught((record(), life()), |(row, provider)| {
        is_mended(restless, row, *provider)
    });
}

/// S1-03 and S8-02: the repairs of two hosts, as they were.
#[cfg(feature = "faults")]
#[test]
fn planted_every_published_fault_of_repair_is_found() {
    use session_lifecycle::{Fault, repair_with_fault};

    for fault in [Fault::S1_03, Fault::S8_02] {
        let faulty = |row, provider| {
            let Repaired { session, repairs } = repair_with_fault(Some(fault), row, provider);
            (SessionRecord::from(&session), repairs)
        };
        caught((record(), life()), |(row, provider)| {
            is_mended(faulty, row, *provider)
        });
    }
}

/// The sentences of what was mended, and the session.
fn told(row: SessionRecord, provider: ProviderLife) -> (Vec<String>, String) {
    let Repaired { session, repairs } = repair(row, provider);
    let told = repairs.iter().map(ToString::to_string).collect();
    (told, Oracle::of(&session).to_string())
}

#[track_caller]
fn assert_told(row: SessionRecord, provider: ProviderLife, told_: &[&str], shown: &str) {
    let (sentences, session) = told(row, provider);
    assert_eq!(sentences, told_);
    assert_eq!(session, shown);
}

#[test]
fn a_turn_of_an_inactive_row_settles_as_the_change_of_state_would_have_settled_it() {
    let row = |status| SessionRecord::from_row(status, Some("A".into()), Some("boom".into()));
    let alive = ProviderLife::Alive;
    assert_told(
        row(Status::Ready),
        alive,
        &["S1: a session that is ready cannot point at turn A; settled A as unreported (inferred)"],
        r#"ready "boom" latest A | A unreported (inferred)"#,
    );
    assert_told(
        row(Status::Interrupted),
        alive,
        &[
            "S1: a session that is interrupted cannot point at turn A; settled A as interrupted (inferred)",
        ],
        r#"interrupted "boom" latest A | A interrupted (inferred)"#,
    );
    assert_told(
        row(Status::Error),
        alive,
        &["S1: a session that is error cannot point at turn A; settled A as failed (inferred)"],
        r#"error "boom" latest A | A failed (inferred)"#,
    );
}

#[test]
fn a_row_that_works_for_a_provider_that_is_gone_is_stopped_and_its_turn_was_interrupted() {
    let gone = ProviderLife::Gone;
    assert_told(
        SessionRecord::from_row(Status::Running, Some("A".into()), None),
        gone,
        &["the provider of a running session is gone; settled A as interrupted (inferred)"],
        "stopped latest A | A interrupted (inferred)",
    );
    assert_told(
        SessionRecord::from_row(Status::Starting, None, None),
        gone,
        &["the provider of a starting session is gone"],
        "stopped",
    );
}

#[test]
fn a_row_that_works_for_a_live_provider_goes_on_working() {
    let row = SessionRecord::from_row(Status::Running, Some("A".into()), None);
    assert_told(row, ProviderLife::Alive, &[], "running A");
}

#[test]
fn a_row_at_rest_says_nothing_of_a_provider_that_is_gone() {
    let row = SessionRecord::from_row(Status::Ready, None, None);
    assert_told(row, ProviderLife::Gone, &[], "ready");
}

#[test]
fn the_other_fields_are_corrected_with_the_rule_that_they_broke() {
    let mut row = SessionRecord::from_row(Status::Error, None, None);
    row.latest_turn = Some("C".into());
    row.turns = vec![("A".into(), CUT_SHORT), ("A".into(), COMPLETED)];
    assert_told(
        row,
        ProviderLife::Alive,
        &[
            "turn A stands in the ledger twice; settled A as completed (reported)",
            "the latest turn C is neither active nor in the ledger",
            "R2: a session in error must say why",
        ],
        r#"error "Provider session error" | A completed (reported)"#,
    );
    let mut row = SessionRecord::from_row(Status::Running, Some("A".into()), None);
    (row.closed, row.latest_turn) = (true, None);
    assert_told(
        row,
        ProviderLife::Alive,
        &[
            "turn A is active and must be the latest",
            "R1, R2: a session that is running cannot be closed",
        ],
        "running A",
    );
    let mut row = SessionRecord::from_row(Status::Stopped, None, None);
    row.closed = false;
    assert_told(
        row,
        ProviderLife::Gone,
        &["R3: a session that is stopped must be closed"],
        "stopped",
    );
    let mut row = SessionRecord::from_row(Status::Running, Some("A".into()), None);
    row.turns = vec![("A".into(), COMPLETED)];
    assert_told(
        row,
        ProviderLife::Alive,
        &["S3: turn A has settled and cannot be active"],
        "running latest A | A completed (reported)",
    );
}
