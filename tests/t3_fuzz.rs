//! Whatever bytes arrive: the reader never panics, and no session is ever impossible.

#![cfg(feature = "t3")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use session_lifecycle::t3::{Line, ProjectedSession, Projection, read_bytes};
use session_lifecycle::{AnySession, ProviderLife, SessionRecord, Status};

const VALID: &str = include_str!("fixtures/t3/ages.log");

/// Folds what can be read, and checks after each line that every session is one.
fn survives(lines: &[Vec<u8>]) -> Result<usize, TestCaseError> {
    let mut projection = Projection::new();
    let mut events = 0;
    for line in lines {
        match read_bytes(line) {
            Ok(Line::Event(event)) => {
                events += 1;
                let before = projection.session(&event.thread_id);
                let others = projection.len();
                let folded = projection.fold(&event);
                prop_assert!(!event.thread_id.is_empty());
                prop_assert_eq!(&folded.session, &projection.session(&event.thread_id));
                if !folded.outcome.is_applied() {
                    prop_assert_eq!(&folded.session, &before, "a refusal changes nothing");
                }
                prop_assert!(projection.len() <= others + 1);
            }
            Ok(Line::PassedOver(_) | Line::Blank) => {}
            Err(bad) => {
                prop_assert!(!bad.to_string().is_empty());
                prop_assert!(!bad.to_string().contains(|c: char| c.is_control()));
                prop_assert!(
                    bad.code()
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'8')
                );
            }
        }
        for session in projection.sessions() {
            sound(&projection, session)?;
        }
    }
    Ok(events)
}

/// No broken rule, and the same after a round trip through both written forms.
fn sound(projection: &Projection, session: ProjectedSession) -> Result<(), TestCaseError> {
    let lifecycle = projection.lifecycle(&session.thread_id).unwrap();
    let record = SessionRecord::from(lifecycle);
    prop_assert_eq!(record.broken(), vec![]);
    prop_assert_eq!(&AnySession::try_from(record).unwrap(), lifecycle);
    if !matches!(session.status, Status::Starting | Status::Running) {
        prop_assert_eq!(&session.active_turn_id, &None);
    }
    let written = serde_json::to_string(&session).unwrap();
    prop_assert_eq!(
        &serde_json::from_str::<ProjectedSession>(&written).unwrap(),
        &session
    );
    Ok(())
}

fn valid_line() -> impl Strategy<Value = Vec<u8>> {
    select(
        VALID
            .lines()
            .map(|line| line.as_bytes().to_vec())
            .collect::<Vec<_>>(),
    )
}

/// A lifecycle event over few threads and turns, so that they meet.
fn lifecycle_line() -> impl Strategy<Value = Vec<u8>> {
    let payload = prop_oneof![
        select(vec![
            "starting",
            "running",
            "waiting",
            "ready",
            "interrupted",
            "stopped",
            "error",
            "closed",
            "idle",
            "completed",
            "failed",
            "cancelled",
            "asleep",
        ])
        .prop_map(|state| format!(
            r#"{{"state":"{state}","reason":"r","message":"m","errorMessage":"e"}}"#
        )),
        Just("null".to_owned()),
        Just("{}".to_owned()),
    ];
    (
        select(vec![
            "session.started", "thread.started", "session.state.changed", "session.exited", "turn.started",
            "turn.completed", "turn.aborted", "runtime.error", "thread.state.changed", "item.updated",
        ]),
        select(vec!["a", "b"]),
        select(vec![r#""t1""#, r#""t2""#, r#""t3""#, "null", "7"]),
        payload,
    )
        .prop_map(|(name, thread, turn, payload)| {
            format!(r#"{{"type":"{name}","threadId":"{thread}","turnId":{turn},"payload":{payload},"createdAt":"{name}"}}"#)
                .into_bytes()
        })
}

/// A valid line with some bytes written over, removed, put in, or cut off behind a place.
fn mutated_line() -> impl Strategy<Value = Vec<u8>> {
    let edit = (any::<Index>(), any::<u8>(), 0..4_u8);
    (prop_oneof![valid_line(), lifecycle_line()], vec(edit, 1..6)).prop_map(|(mut line, edits)| {
        for (at, byte, kind) in edits {
            let at = at.index(line.len() + 1);
            match (kind, at < line.len()) {
                (0, true) => line[at] = byte,
                (1, true) => drop(line.remove(at)),
                (2, _) => line.insert(at, byte),
                _ => line.truncate(at.max(line.len() / 2)),
            }
        }
        line
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic_and_never_give_an_impossible_session(lines in vec(vec(any::<u8>(), 0..200), 0..20)) {
        survives(&lines)?;
    }

    #[test]
    fn mutated_lines_never_panic_and_never_give_an_impossible_session(
        lines in vec(prop_oneof![lifecycle_line(), mutated_line()], 1..40),
    ) {
        survives(&lines)?;
    }

    #[test]
    fn lifecycle_lines_in_any_order_never_give_an_impossible_session(lines in vec(lifecycle_line(), 40..200)) {
        // Not vacuous: most of these lines are events.
        prop_assert!(survives(&lines)? * 4 > lines.len());
    }

    #[test]
    fn events_of_one_thread_never_touch_another(lines in vec(lifecycle_line(), 1..100)) {
        let (mut both, mut alone) = (Projection::new(), Projection::new());
        for line in &lines {
            if let Ok(Line::Event(event)) = read_bytes(line) {
                let folded = both.fold(&event);
                if event.thread_id == "a" {
                    prop_assert_eq!(folded, alone.fold(&event));
                }
            }
        }
        prop_assert_eq!(both.lifecycle("a"), alone.lifecycle("a"));
    }

    #[test]
    fn a_stored_row_of_any_shape_is_restored_to_a_session(
        status in select(Status::ALL.to_vec()),
        turn in select(vec![None, Some("t1")]),
        error in select(vec![None, Some("e")]),
        gone in any::<bool>(),
    ) {
        let row = ProjectedSession {
            thread_id: "a".to_owned(),
            status,
            active_turn_id: turn.map(Into::into),
            last_error: error.map(Into::into),
            updated_at: None,
        };
        let life = if gone { ProviderLife::Gone } else { ProviderLife::Alive };
        let mut projection = Projection::new();
        projection.restore(row, life);
        sound(&projection, projection.session("a"))?;
    }
}

#[test]
fn a_running_session_equals_itself_read_back_from_its_record_whatever_ran_before() {
    // Found by the property above: the turn before the active one was remembered where nobody could see it.
    let line = |name: &str, turn: &str| {
        format!(r#"{{"type":"{name}","threadId":"a","turnId":"{turn}"}}"#).into_bytes()
    };
    let lines = [line("turn.completed", "t2"), line("turn.started", "t1")];
    assert_eq!(survives(&lines).unwrap(), 2);
}
