//! The words of a session: ids, messages, the ledger, and how wires spell states.

mod scene;
mod story;

use scene::after;
use session_lifecycle::supervisor::{Busy, MessageId, Refusal, Report, TaskId};
use session_lifecycle::{
    Inference, Ledger, Message, Rule, SessionState, Settlement, Status, ThreadState, TurnId,
    TurnResult,
};

#[test]
fn a_turn_id_is_the_text_that_the_provider_wrote() {
    let id = TurnId::from("turn 1/ü");
    assert_eq!(id.as_str(), "turn 1/ü");
    assert_eq!(id.to_string(), "turn 1/ü");
    assert_eq!(format!("{id:?}"), "\"turn 1/ü\"");
    assert_eq!(id, TurnId::from(String::from("turn 1/ü")));
    assert_eq!(id, TurnId::from(std::sync::Arc::from("turn 1/ü")));
}

#[test]
fn a_turn_id_is_found_in_a_map_by_its_text() {
    let map = std::collections::HashMap::from([(TurnId::from("A"), 1)]);
    assert_eq!(map.get("A"), Some(&1));
    let map = std::collections::BTreeMap::from([(TurnId::from("A"), 1)]);
    assert_eq!(map.get("A"), Some(&1));
}

#[test]
fn an_id_of_the_supervisor_is_found_in_a_map_by_its_text() {
    let map = std::collections::HashMap::from([(MessageId::from("m1"), 1)]);
    assert_eq!(map.get("m1"), Some(&1));
    let map = std::collections::BTreeMap::from([(TaskId::from("b1"), 1)]);
    assert_eq!(map.get("b1"), Some(&1));
}

#[test]
fn a_message_is_its_text() {
    let message = Message::from("boom");
    assert_eq!(message.as_str(), "boom");
    assert_eq!(&*message, "boom");
    assert_eq!(message.to_string(), "boom");
    assert_eq!(format!("{message:?}"), "\"boom\"");
    assert_eq!(message, Message::from(String::from("boom")));
}

#[test]
fn a_ledger_lists_the_settled_turns_by_id() {
    let session =
        after("turn.completed C failed \"boom\"; turn.started A; session.exited; turn.aborted B");
    let expected = [
        ("A", Settlement::Inferred(Inference::Interrupted)),
        ("B", Settlement::Reported(TurnResult::Interrupted)),
        ("C", Settlement::Reported(TurnResult::Failed)),
    ];
    let ledger = session.ledger();
    let listed: Vec<(&str, Settlement)> = ledger
        .iter()
        .map(|(turn, how)| (turn.as_str(), how))
        .collect();
    assert_eq!(listed, expected);
    assert_eq!(ledger.iter().len(), 3);
    assert_eq!(ledger.len(), 3);
    assert!(!ledger.is_empty());
    for (turn, how) in expected {
        assert_eq!(ledger.get(turn), Some(how));
    }
    assert_eq!(ledger.get("D"), None);
    assert_eq!(session.latest_turn().map(TurnId::as_str), Some("A"));
}

#[test]
fn a_new_ledger_is_empty() {
    assert!(Ledger::new().is_empty());
    assert_eq!(Ledger::new(), Ledger::default());
    assert_eq!(Ledger::new().get("A"), None);
}

#[test]
fn a_wire_word_is_read_as_the_state_that_it_names() {
    for state in SessionState::ALL {
        assert_eq!(SessionState::from_wire(state.as_str()), Some(state));
    }
    for state in ThreadState::ALL {
        assert_eq!(ThreadState::from_wire(state.as_str()), Some(state));
    }
    for status in Status::ALL {
        assert_eq!(Status::from_wire(status.as_str()), Some(status));
    }
    let session: Vec<&str> = SessionState::ALL
        .into_iter()
        .map(SessionState::as_str)
        .collect();
    let thread: Vec<&str> = ThreadState::ALL
        .into_iter()
        .map(ThreadState::as_str)
        .collect();
    let seven = [
        "starting",
        "running",
        "waiting",
        "ready",
        "interrupted",
        "stopped",
        "error",
    ];
    assert_eq!(session, seven);
    assert_eq!(
        thread,
        ["active", "idle", "archived", "closed", "compacted", "error"]
    );
}

#[test]
fn a_wire_word_that_is_no_state_is_refused_not_guessed() {
    for word in ["", "Ready", " ready", "busy", "idle", "closed"] {
        assert_eq!(SessionState::from_wire(word), None, "{word:?}");
    }
    for word in ["", "Idle", "notLoaded", "ready", "running"] {
        assert_eq!(ThreadState::from_wire(word), None, "{word:?}");
    }
    for word in ["", "Ready", "ready ", "waiting", "closed"] {
        assert_eq!(Status::from_wire(word), None, "{word:?}");
    }
}

#[test]
fn a_status_is_one_word_and_a_rule_is_its_name() {
    let words: Vec<String> = Status::ALL.iter().map(ToString::to_string).collect();
    let seven = [
        "idle",
        "starting",
        "running",
        "ready",
        "interrupted",
        "stopped",
        "error",
    ];
    assert_eq!(words, seven);
    assert_eq!(Rule::R4.to_string(), "R4");
}

#[test]
fn what_a_supervisor_tells_the_user_is_a_sentence() {
    let reports = [
        Report::MessageFailed("m1".into()),
        Report::MessageUncertain("m1".into()),
        Report::QueueParked,
        Report::RequestStale("q1".into()),
        Report::TaskLost("b1".into()),
        Report::ConfigurationDeferred("fast".into()),
    ];
    let sentences = [
        "message m1 was not sent, and will not be",
        "message m1 may or may not have arrived, and will not be sent again",
        "what is queued waits for a new command",
        "nobody can answer request q1 any more",
        "task b1 is gone, or was not heard of for too long",
        "configuration fast applies when the next turn begins",
    ];
    assert_eq!(reports.map(|report| report.to_string()), sentences);
    let refusals: [&dyn std::error::Error; 2] =
        [&Refusal::AlreadyAccepted, &Refusal::RequestNotOpen];
    let sentences = [
        "the message is queued or in hand already",
        "the request is no longer open",
    ];
    assert_eq!(refusals.map(ToString::to_string), sentences);
    let busy = [Busy::Turn, Busy::Handed, Busy::Interrupting, Busy::Provider];
    let sentences = [
        "a turn runs",
        "a message was handed over, and its turn has not begun",
        "an interrupt has not taken effect",
        "the provider comes up or goes",
    ];
    assert_eq!(busy.map(|busy| busy.to_string()), sentences);
}
