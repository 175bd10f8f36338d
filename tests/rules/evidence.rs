//! What an outcome carries: enough to write the log line, and to act on it.

use session_lifecycle::{
    AnySession, Ignored, Inference, Outcome, Rejected, Rule, Settlement, Status, Step, Transition,
    TurnChange, TurnOutcome, TurnResult,
};

use super::{after, story};

fn outcome(given: &str, event: &str) -> Outcome {
    after(given).apply(story::event(event)).outcome
}

#[test]
fn a_start_of_a_settled_turn_tells_the_turn_and_how_it_settled() {
    let outcome = outcome("turn.started A; turn.aborted A", "turn.started A");
    let why = Ignored::TurnAlreadySettled {
        turn: "A".into(),
        settlement: Settlement::Reported(TurnResult::Interrupted),
    };
    assert_eq!(outcome, Outcome::Ignored(why));
}

#[test]
fn a_start_of_the_running_turn_tells_the_turn() {
    let why = Ignored::TurnAlreadyActive { turn: "A".into() };
    assert_eq!(
        outcome("turn.started A", "turn.started A"),
        Outcome::Ignored(why)
    );
}

#[test]
fn a_start_that_comes_too_late_tells_the_turn_if_it_has_one() {
    let why = |turn| Outcome::Ignored(Ignored::SessionClosed { turn });
    assert_eq!(
        outcome("session.exited", "turn.started A"),
        why(Some("A".into()))
    );
    assert_eq!(outcome("session.exited", "turn.started -"), why(None));
}

#[test]
fn a_conflict_tells_which_turn_is_active_and_which_was_offered() {
    let why = Rejected::TurnConflict {
        active: "A".into(),
        offered: "B".into(),
    };
    assert_eq!(
        outcome("turn.started A", "turn.started B"),
        Outcome::Rejected(why)
    );
}

#[test]
fn an_event_of_another_turn_tells_which_is_active_and_which_was_named() {
    let why = Outcome::Ignored(Ignored::AnotherTurnActive {
        active: "A".into(),
        named: "B".into(),
    });
    for event in [
        "turn.completed B completed",
        "turn.aborted B",
        "runtime.error B \"boom\"",
    ] {
        assert_eq!(outcome("turn.started A", event), why, "{event}");
    }
}

#[test]
fn an_abort_of_a_turn_that_was_not_active_tells_the_turn() {
    let why = Ignored::TurnNotActive { turn: "A".into() };
    assert_eq!(
        outcome("session.started", "turn.aborted A"),
        Outcome::Ignored(why)
    );
}

#[test]
fn a_step_that_took_effect_tells_rule_statuses_and_turn() {
    let settled = Settlement::Inferred(Inference::Unreported);
    let transition = Transition {
        rule: Rule::R2,
        from: Status::Running,
        to: Status::Ready,
        turn: Some(TurnChange::Settled("A".into(), settled)),
    };
    assert!(transition.is_change());
    let found = outcome("turn.started A", "session.state.changed ready");
    assert!(found.is_applied());
    assert_eq!(found, Outcome::Applied(transition));
}

#[test]
fn a_step_that_only_confirms_is_no_change() {
    for (given, event) in [
        ("session.exited", "session.exited"),
        ("turn.started A", "session.started"),
        ("turn.started A", "runtime.error - \"boom\""),
    ] {
        let Outcome::Applied(transition) = outcome(given, event) else {
            panic!("{event} was refused");
        };
        assert!(!transition.is_change(), "{event}");
    }
    let Outcome::Applied(transition) = outcome("turn.started -", "turn.started A") else {
        panic!("the start was refused");
    };
    assert!(transition.is_change(), "a turn began");
}

#[test]
fn every_refusal_has_a_stable_word() {
    for (given, event, word) in [
        ("", "noticed", "not_lifecycle"),
        ("", "turn.aborted -", "no_turn_named"),
        (
            "turn.completed A completed",
            "turn.started A",
            "turn_already_settled",
        ),
        ("turn.started A", "turn.started A", "turn_already_active"),
        ("session.exited", "turn.started A", "session_closed"),
        ("turn.started A", "turn.aborted B", "another_turn_active"),
        ("", "turn.aborted A", "turn_not_active"),
        ("turn.started A", "turn.started B", "turn_conflict"),
    ] {
        let outcome = outcome(given, event);
        assert_eq!(outcome.reason(), Some(word));
        assert!(!outcome.is_applied());
    }
    assert_eq!(outcome("", "session.started").reason(), None);
}

#[test]
fn a_settlement_tells_the_outcome_and_on_whose_word() {
    for (how, outcome, sentence) in [
        (
            Settlement::Reported(TurnResult::Completed),
            TurnOutcome::Completed,
            "completed (reported)",
        ),
        (
            Settlement::Reported(TurnResult::Failed),
            TurnOutcome::Failed,
            "failed (reported)",
        ),
        (
            Settlement::Reported(TurnResult::Interrupted),
            TurnOutcome::Interrupted,
            "interrupted (reported)",
        ),
        (
            Settlement::Inferred(Inference::Failed),
            TurnOutcome::Failed,
            "failed (inferred)",
        ),
        (
            Settlement::Inferred(Inference::Interrupted),
            TurnOutcome::Interrupted,
            "interrupted (inferred)",
        ),
        (
            Settlement::Inferred(Inference::Unreported),
            TurnOutcome::Unreported,
            "unreported (inferred)",
        ),
    ] {
        assert_eq!(how.outcome(), outcome);
        assert_eq!(how.to_string(), sentence);
    }
}

#[test]
fn a_step_is_equal_to_one_with_the_same_session_and_outcome() {
    let step = |event| -> Step { AnySession::new().apply(story::event(event)) };
    assert_eq!(
        step("session.started").session,
        step("thread.started").session
    );
    assert_ne!(step("session.started"), step("session.exited"));
}

#[test]
fn exactly_starting_and_running_are_active() {
    let active: Vec<&str> = Status::ALL
        .into_iter()
        .filter(|status| status.is_active())
        .map(Status::as_str)
        .collect();
    assert_eq!(active, ["starting", "running"]);
}
