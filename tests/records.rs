//! A session as plain data, and the one door back.

mod checks;
mod generate;
#[path = "../model/src/trace/oracle.rs"]
mod oracle;
mod story;

use checks::{possible, survives};
use generate::{caught, caught_in, events, holds, record};
use oracle::Oracle;
use proptest::prelude::*;
use session_lifecycle::{AnySession, SessionRecord, Settlement, Status, TurnResult};

fn through_record(session: &AnySession) -> Result<AnySession, String> {
    AnySession::try_from(SessionRecord::from(session)).map_err(|why| why.to_string())
}

#[test]
fn a_session_survives_its_record() {
    holds(events(), |events| survives(through_record, events));
}

#[test]
fn planted_a_record_that_forgets_a_field_is_found() {
    let forgetful: [fn(&mut SessionRecord); 4] = [
        |record| {
            record.last_error = record
                .last_error
                .take()
                .filter(|_| record.status == Status::Error)
        },
        |record| record.closed = record.status == Status::Stopped,
        |record| record.latest_turn = record.active_turn.clone(),
        |record| {
            record
                .turns
                .retain(|(turn, _)| Some(turn) == record.latest_turn.as_ref())
        },
    ];
    for forget in forgetful {
        let through = |session: &AnySession| {
            let mut record = SessionRecord::from(session);
            forget(&mut record);
            AnySession::try_from(record).map_err(|why| why.to_string())
        };
        let found = caught_in(events(), |events| survives(through, events));
        assert!(found.len() <= 2, "{}", story::text(&found));
    }
}

/// A record is a session exactly if some events could have led to it; and then it is that session.
fn is_judged(
    read: impl Fn(SessionRecord) -> Option<Oracle>,
    record: &SessionRecord,
) -> Result<(), String> {
    let wanted = Oracle::of_record(record);
    let twice = wanted.ledger.len() < record.turns.len();
    let sound = possible(&wanted).is_ok() && !twice;
    let found = read(record.clone());
    if found == sound.then_some(wanted) {
        Ok(())
    } else {
        Err(format!("{record:?} was read as {found:?}"))
    }
}

#[test]
fn a_record_is_a_session_exactly_if_it_breaks_no_rule() {
    let sound = std::cell::Cell::new(0_u32);
    let read = |record: SessionRecord| {
        let rules = record.broken();
        let read = AnySession::try_from(record);
        assert_eq!(rules.is_empty(), read.is_ok());
        if let Err(why) = &read {
            assert_eq!(why.broken, rules);
        }
        sound.set(sound.get() + u32::from(read.is_ok()));
        read.ok().map(|session| Oracle::of(&session))
    };
    holds(record(), |record| is_judged(read, record));
    assert!(sound.get() > 0, "no record was sound");
}

#[test]
fn planted_a_reader_that_overlooks_a_rule_is_found() {
    let read = |mut record: SessionRecord| {
        let shown = Oracle::of_record(&record);
        record.closed |= record.status == Status::Stopped;
        AnySession::try_from(record).ok().map(|_| shown)
    };
    let found = caught(record(), |record| is_judged(read, record));
    assert_eq!(found.status, Status::Stopped);
}

/// Keeps what a record has and makes one rule of it false.
fn broken(spoil: impl Fn(&mut SessionRecord)) -> String {
    let mut record = SessionRecord::from_row(Status::Running, Some("A".into()), None);
    record
        .turns
        .push(("B".into(), Settlement::Reported(TurnResult::Completed)));
    assert!(record.broken().is_empty());
    spoil(&mut record);
    AnySession::try_from(record)
        .expect_err("the record is broken")
        .to_string()
}

#[test]
fn a_record_that_is_no_session_is_refused_with_the_rule_that_it_breaks() {
    assert_eq!(
        broken(|record| record.status = Status::Ready),
        "not a session: S1: a session that is ready cannot point at turn A"
    );
    assert_eq!(
        broken(|record| record.turns[0].0 = "A".into()),
        "not a session: S3: turn A has settled and cannot be active"
    );
    assert_eq!(
        broken(|record| record.closed = true),
        "not a session: R1, R2: a session that is running cannot be closed"
    );
    assert_eq!(
        broken(|record| {
            (record.status, record.active_turn, record.latest_turn) = (Status::Stopped, None, None);
        }),
        "not a session: R3: a session that is stopped must be closed"
    );
    assert_eq!(
        broken(|record| {
            (record.status, record.active_turn, record.latest_turn) = (Status::Error, None, None);
        }),
        "not a session: R2: a session in error must say why"
    );
    assert_eq!(
        broken(|record| record.active_turn = None),
        "not a session: the latest turn A is neither active nor in the ledger"
    );
    assert_eq!(
        broken(|record| record.latest_turn = Some("B".into())),
        "not a session: turn A is active and must be the latest"
    );
    assert_eq!(
        broken(|record| record.turns.push(record.turns[0].clone())),
        "not a session: turn B stands in the ledger twice"
    );
    assert_eq!(
        broken(|record| {
            record.status = Status::Error;
            record.latest_turn = None;
        }),
        "not a session: S1: a session that is error cannot point at turn A; \
         turn A is active and must be the latest; R2: a session in error must say why"
    );
}

#[test]
fn a_row_without_a_memory_is_closed_if_it_is_stopped_and_has_its_turn_as_the_latest() {
    for status in Status::ALL {
        let row = SessionRecord::from_row(status, Some("A".into()), Some("boom".into()));
        assert_eq!(row.closed, status == Status::Stopped);
        assert_eq!(row.latest_turn, row.active_turn);
        assert_eq!(row.broken().is_empty(), status.is_active(), "{status}");
        let row = SessionRecord::from_row(status, None, Some("boom".into()));
        assert!(row.broken().is_empty(), "{status}");
    }
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn the_turns_of_a_record_may_stand_in_any_order(record in record(), seed in any::<u64>()) {
        let mut other = record.clone();
        let places = other.turns.len().max(1) as u64;
        other.turns.rotate_left((seed % places) as usize);
        prop_assert_eq!(AnySession::try_from(record).ok(), AnySession::try_from(other).ok());
    }
}
