//! A reducer that names turns in words of its own cannot be verified by that.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a host that keeps its own reducer may write it so"
)]

use session_lifecycle::{Event, SessionState, Status};
use session_lifecycle_model::{Plan, PropertyId, Reducer, Scope, Verdict, check_reducer};

/// Keeps the turn when the provider goes idle (pull request 3159), and calls it by another name then.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Renames {
    status: Status,
    turn: Option<String>,
}

impl Reducer for Renames {
    fn new() -> Self {
        Self {
            status: Status::Idle,
            turn: None,
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::TurnStarted { turn: Some(turn) } => {
                self.status = Status::Running;
                self.turn = Some(turn.to_string());
            }
            Event::SessionStateChanged {
                state: SessionState::Ready,
                ..
            } => {
                self.status = Status::Ready;
                self.turn = self.turn.as_ref().map(|turn| format!("{turn} (done)"));
            }
            _ => {}
        }
    }

    fn status(&self) -> Status {
        self.status
    }

    fn active_turn(&self) -> Option<&str> {
        self.turn.as_deref()
    }
}

#[test]
fn a_turn_under_another_name_is_a_turn_all_the_same() {
    let plan = Plan {
        properties: vec![PropertyId::S1],
        ..Scope::SMALL.into()
    };
    let report = check_reducer::<Renames>(plan);
    assert_eq!(report.verdict, Verdict::Violated, "{report}");
}

#[test]
fn a_turn_that_no_event_has_named_makes_every_other_answer_inconclusive() {
    let plan = Plan {
        properties: vec![PropertyId::S3],
        ..Scope::SMALL.into()
    };
    let report = check_reducer::<Renames>(plan);
    assert_ne!(report.verdict, Verdict::Verified, "{report}");
}

#[test]
fn a_scope_that_says_more_than_the_model_has_is_inconclusive() {
    let wide = Scope {
        turns: 4,
        ..Scope::SMALL
    };
    let report = session_lifecycle_model::check(Plan {
        properties: vec![PropertyId::S1],
        ..wide.into()
    });
    assert_eq!(report.verdict, Verdict::Inconclusive, "{report}");
}
