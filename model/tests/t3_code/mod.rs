//! T3 Code's session reducer as it was read in May 2026, in words of our own; and as it is since pull request 3159.
//!
//! Six kinds of events touch the session, and errors; aborts and the states of a thread change nothing in it.

use session_lifecycle::{Event, SessionState, Status, TurnId, TurnResult};
use session_lifecycle_model::Reducer;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Shown {
    status: Status,
    turn: Option<TurnId>,
}

fn status_of(state: SessionState) -> Status {
    match state {
        SessionState::Starting => Status::Starting,
        SessionState::Running | SessionState::Waiting => Status::Running,
        SessionState::Ready => Status::Ready,
        SessionState::Interrupted => Status::Interrupted,
        SessionState::Stopped => Status::Stopped,
        SessionState::Error => Status::Error,
    }
}

impl Shown {
    fn new() -> Self {
        Self {
            status: Status::Idle,
            turn: None,
        }
    }

    /// Whether an event that names this turn is about what the session works on.
    fn is_mine(&self, turn: &Option<TurnId>) -> bool {
        self.turn.is_none() || self.turn == *turn
    }

    fn fold(&mut self, event: &Event, state_change_clears: bool) {
        match event {
            Event::SessionStarted | Event::ThreadStarted => {
                self.status = if self.turn.is_some() {
                    Status::Running
                } else {
                    Status::Ready
                };
            }
            Event::SessionStateChanged { state, .. } => {
                self.status = status_of(*state);
                if state_change_clears && !self.status.is_active() {
                    self.turn = None;
                }
            }
            Event::SessionExited => {
                self.status = Status::Stopped;
                self.turn = None;
            }
            Event::TurnStarted { turn } if turn.is_none() || self.is_mine(turn) => {
                self.status = Status::Running;
                self.turn.clone_from(turn);
            }
            Event::TurnCompleted { turn, result, .. } if self.is_mine(turn) => {
                self.status = match result {
                    TurnResult::Failed => Status::Error,
                    TurnResult::Completed | TurnResult::Interrupted => Status::Ready,
                };
                self.turn = None;
            }
            Event::RuntimeError { turn, .. } if turn.is_none() || self.is_mine(turn) => {
                self.status = Status::Error;
                self.turn.clone_from(turn);
            }
            Event::TurnStarted { .. }
            | Event::TurnCompleted { .. }
            | Event::RuntimeError { .. }
            | Event::TurnAborted { .. }
            | Event::ThreadStateChanged(_)
            | Event::WorkObserved { .. }
            | Event::Noticed => {}
        }
    }
}

/// The reducer of May 2026: a change of state keeps the turn, whatever the state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct OfMay2026(Shown);

/// The same since pull request 3159: a change to an inactive state clears the turn.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FixedIn3159(Shown);

impl Reducer for OfMay2026 {
    fn new() -> Self {
        Self(Shown::new())
    }
    fn apply(&mut self, event: &Event) {
        self.0.fold(event, false);
    }
    fn status(&self) -> Status {
        self.0.status
    }
    fn active_turn(&self) -> Option<&str> {
        self.0.turn.as_ref().map(TurnId::as_str)
    }
}

impl Reducer for FixedIn3159 {
    fn new() -> Self {
        Self(Shown::new())
    }
    fn apply(&mut self, event: &Event) {
        self.0.fold(event, true);
    }
    fn status(&self) -> Status {
        self.0.status
    }
    fn active_turn(&self) -> Option<&str> {
        self.0.turn.as_ref().map(TurnId::as_str)
    }
}
