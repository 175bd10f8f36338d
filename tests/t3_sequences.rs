//! The public sequences, folded event by event and held against R1 to R9.
//!
//! The expectations were worked out from the rules, apart from the crate; what was recorded of the hosts stands beside
//! them, and `docs/lifecycle.md` says why the two differ where they do.

#![cfg(feature = "t3")]

use std::time::Duration;

use serde_json::{Value, json};
use session_lifecycle::t3::{Line, ProjectedSession, Projection, read_line};
use session_lifecycle::{
    AnySession, Decision, Evidence, IdleClock, Inference, ProviderLife, Reaper, SessionRecord,
    Settlement, Status, Timestamp, TurnId, TurnResult, repair,
};

const SEQUENCES: &str = include_str!("fixtures/t3/sequences.ndjson");
const RULES: &str = include_str!("../docs/lifecycle.md");

struct Sequence(Value);

impl Sequence {
    fn all() -> impl Iterator<Item = Self> {
        SEQUENCES
            .lines()
            .map(|line| Self(serde_json::from_str(line).unwrap()))
    }

    fn named(id: &str) -> Self {
        Self::all().find(|sequence| sequence.id() == id).unwrap()
    }

    fn id(&self) -> &str {
        self.0["id"].as_str().unwrap()
    }

    fn steps(&self) -> &[Value] {
        self.0["steps"].as_array().unwrap()
    }

    /// A projection that holds the thread as the host had stored it.
    fn seeded(&self) -> Projection {
        let seed = &self.0["seed"];
        let row = ProjectedSession {
            thread_id: self.id().to_owned(),
            status: serde_json::from_value(seed["status"].clone()).unwrap(),
            active_turn_id: seed["activeTurnId"].as_str().map(TurnId::from),
            last_error: seed["lastError"].as_str().map(Into::into),
            updated_at: None,
        };
        let mut projection = Projection::new();
        projection.restore(row, ProviderLife::Alive);
        projection
    }

    fn folded(&self) -> Projection {
        let mut projection = self.seeded();
        for step in self.steps() {
            fold(&mut projection, &step["event"]);
        }
        projection
    }
}

fn fold(projection: &mut Projection, event: &Value) -> (Value, Value) {
    let Ok(Line::Event(event)) = read_line(&event.to_string()) else {
        panic!("not an event: {event}");
    };
    let folded = projection.fold(&event);
    let outcome = json!([folded.word(), folded.reason()]);
    (serde_json::to_value(folded.session).unwrap(), outcome)
}

/// The fields of `expected` that a session shows otherwise.
fn at_odds(expected: &Value, session: &Value) -> Vec<String> {
    let mut odds = Vec::new();
    for (field, value) in expected.as_object().unwrap() {
        let agrees = match field.as_str() {
            "after" => true,
            "statusNot" => session["status"] != *value,
            _ => session[field] == *value,
        };
        if !agrees {
            odds.push(format!("{field} {value}, not {}", session[field]));
        }
    }
    odds
}

#[test]
fn every_event_of_every_public_sequence_does_what_the_rules_say() {
    let (mut sequences, mut events) = (0, 0);
    for sequence in Sequence::all() {
        let mut projection = sequence.seeded();
        let start = serde_json::to_value(projection.session(sequence.id())).unwrap();
        let odds = at_odds(&sequence.0["start"], &start);
        assert!(odds.is_empty(), "{}: start: {odds:?}", sequence.id());
        for (at, step) in sequence.steps().iter().enumerate() {
            let (session, outcome) = fold(&mut projection, &step["event"]);
            let place = format!("{} event {}: {}", sequence.id(), at + 1, step["event"]);
            for field in ["status", "activeTurnId", "lastError", "updatedAt"] {
                assert_eq!(session[field], step[field], "{field} of {place}");
            }
            assert_eq!(session["threadId"], sequence.id(), "{place}");
            assert_eq!(outcome, json!([step["outcome"], step["reason"]]), "{place}");
            events += 1;
        }
        sequences += 1;
    }
    assert_eq!((sequences, events), (64, 172));
}

#[test]
fn a_sequence_differs_from_its_recording_only_where_the_differences_say_why() {
    let (_, differences) = RULES.split_once("\n## Where the rules differ").unwrap();
    let mut differing = Vec::new();
    for sequence in Sequence::all() {
        let mut projection = sequence.seeded();
        let mut shown = vec![serde_json::to_value(projection.session(sequence.id())).unwrap()];
        for step in sequence.steps() {
            shown.push(fold(&mut projection, &step["event"]).0);
        }
        let recorded = sequence.0["recorded"].as_array().unwrap();
        assert!(!recorded.is_empty(), "{}", sequence.id());
        let odds: Vec<String> = recorded
            .iter()
            .flat_map(|recorded| {
                let after = usize::try_from(recorded["after"].as_u64().unwrap()).unwrap();
                at_odds(recorded, &shown[after])
            })
            .collect();
        let why = sequence.0["differs"]["why"].as_str();
        assert_eq!(
            odds.is_empty(),
            why.is_none(),
            "{}: {odds:?}",
            sequence.id()
        );
        if let Some(why) = why {
            let rule = sequence.0["differs"]["rule"].as_str().unwrap();
            let row = format!("| {rule} | {why} |");
            let listed = differences.lines().any(|line| {
                line.starts_with(&format!("| `{}` |", sequence.id())) && line.ends_with(&row)
            });
            assert!(
                listed,
                "{}: {row} is missing from the document",
                sequence.id()
            );
            differing.push(sequence.id().to_owned());
        }
    }
    let listed = differences.lines().filter(|line| line.starts_with("| `"));
    assert_eq!(listed.count(), differing.len(), "{differing:?}");
}

#[test]
fn a_running_session_keeps_its_turn_when_announcements_arrive_in_the_middle_of_it() {
    // Named by pull request 3159 of T3 Code.
    let mut projection = Sequence::named("t3-ing-03").seeded();
    for event in [
        json!({"type": "turn.started", "threadId": "t3-ing-03", "turnId": "turn_a"}),
        json!({"type": "thread.started", "threadId": "t3-ing-03"}),
        json!({"type": "session.started", "threadId": "t3-ing-03"}),
    ] {
        let (session, _) = fold(&mut projection, &event);
        assert_eq!(session["status"], "running");
        assert_eq!(session["activeTurnId"], "turn_a");
    }
}

#[test]
fn a_running_session_lets_go_of_its_turn_when_the_provider_becomes_ready() {
    // Named by pull request 3159 of T3 Code.
    let projection = Sequence::named("t3-new-01").folded();
    let session = projection.session("t3-new-01");
    assert_eq!(session.status, Status::Ready);
    assert_eq!(session.active_turn_id, None);
    assert_eq!(
        ledger(&projection, "t3-new-01", "turn_a"),
        Some(Settlement::Inferred(Inference::Unreported))
    );
}

#[test]
fn a_stopped_session_learns_of_a_late_completion_and_stays_stopped() {
    let projection = Sequence::named("guard-07").folded();
    assert_eq!(projection.session("guard-07").status, Status::Stopped);
    assert_eq!(
        ledger(&projection, "guard-07", "turn_a"),
        Some(Settlement::Reported(TurnResult::Completed))
    );
}

#[test]
fn a_row_that_a_restart_left_running_is_repaired_to_stopped_without_a_turn() {
    for id in ["iss-05", "iss-06"] {
        let row = Sequence::named(id).folded().session(id);
        assert_eq!(row.status, Status::Running, "{id}");
        let repaired = repair(SessionRecord::from(row), ProviderLife::Gone);
        assert_eq!(repaired.session.status(), Status::Stopped, "{id}");
        assert_eq!(repaired.session.active_turn(), None, "{id}");
        assert_eq!(
            repaired.session.ledger().get("turn_a"),
            Some(Settlement::Inferred(Inference::Interrupted)),
            "{id}"
        );
    }
}

#[test]
fn a_stored_row_that_stopped_with_a_turn_is_restored_without_it_and_says_so() {
    let mut projection = Projection::new();
    let row = r#"{"threadId":"iss-07","status":"stopped","activeTurnId":"turn_a","lastError":null,"updatedAt":"x","runtimeMode":"full-access"}"#;
    let repairs = projection.restore(serde_json::from_str(row).unwrap(), ProviderLife::Gone);
    assert_eq!(
        repairs[0].to_string(),
        "S1: a session that is stopped cannot point at turn turn_a; settled turn_a as interrupted (inferred)"
    );
    assert_eq!(
        serde_json::to_string(&projection.session("iss-07")).unwrap(),
        r#"{"threadId":"iss-07","status":"stopped","activeTurnId":null,"lastError":null,"updatedAt":"x"}"#
    );
}

#[test]
fn a_turn_that_had_settled_stays_settled_in_a_projection_restored_from_its_record() {
    let id = "guard-07";
    let before = Sequence::named(id).folded();
    let record = SessionRecord::from(before.lifecycle(id).unwrap());
    let row = before.session(id);
    let mut projection = Projection::new();
    let updated_at = row.updated_at.clone();
    let repairs = projection.restore_record(id.into(), record, updated_at, ProviderLife::Gone);
    assert_eq!(repairs, []);
    assert_eq!(projection.session(id), row);
    assert_eq!(projection.lifecycle(id), before.lifecycle(id));
    for kind in ["session.started", "turn.started"] {
        let event = json!({ "type": kind, "threadId": id, "turnId": "turn_a" });
        fold(&mut projection, &event);
    }
    assert_eq!(projection.session(id).active_turn_id, None);
}

#[test]
fn a_thread_of_a_projection_is_reaped_with_a_permit_and_kept_if_it_has_worked_since() {
    let reaper = Reaper::new(Duration::from_secs(60));
    let now = Timestamp(Duration::from_secs(60));
    let evidence = Evidence::of(IdleClock::new(Timestamp::default()));
    let permit = |projection: &Projection| {
        let session = projection.lifecycle("th-1").unwrap();
        match reaper.decide(session, &evidence, now) {
            Decision::Reap(permit) => permit,
            Decision::Keep(why) => panic!("{why}"),
        }
    };
    let mut projection = Projection::new();
    fold(
        &mut projection,
        &json!({ "type": "session.started", "threadId": "th-1" }),
    );

    let outdated = permit(&projection);
    fold(
        &mut projection,
        &json!({ "type": "item.started", "threadId": "th-1" }),
    );
    let kept = projection
        .reap("th-1", outdated, &evidence.clock)
        .unwrap_err();
    assert_eq!(kept.session, projection.session("th-1"));
    assert_eq!(kept.session.status, Status::Ready);

    let elsewhere = permit(&projection);
    assert!(projection.reap("th-2", elsewhere, &evidence.clock).is_err());
    assert_eq!(projection.len(), 1);

    let permit = permit(&projection);
    let stopped = projection.reap("th-1", permit, &evidence.clock).unwrap();
    assert_eq!(stopped.status, Status::Stopped);
    assert_eq!(stopped, projection.session("th-1"));
}

fn ledger(projection: &Projection, thread_id: &str, turn: &str) -> Option<Settlement> {
    projection
        .lifecycle(thread_id)
        .map(AnySession::ledger)
        .and_then(|ledger| ledger.get(turn))
}
