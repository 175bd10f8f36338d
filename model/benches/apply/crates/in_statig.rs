//! In statig: states that defer to superstates; what an event was comes back through the context.

use session_lifecycle::{Event, Inference, SessionState, Status, ThreadState, TurnResult};
use statig::prelude::*;

use super::{Book, Machine, Named, OutcomeClass};

#[derive(Default)]
pub(crate) struct Storage {
    book: Book,
}

#[state_machine(initial = "State::idle()", state(derive(Debug)))]
impl Storage {
    #[state(superstate = "at_rest")]
    fn idle() -> Outcome<State> {
        Super
    }

    #[state(superstate = "at_rest")]
    fn ready(&mut self, event: &Event) -> Outcome<State> {
        match event {
            // R5: a failure that comes late is shown, if the session still rests on that turn.
            Event::TurnCompleted {
                turn: Some(turn),
                result: TurnResult::Failed,
                ..
            } if self.book.is_latest(turn) && self.book.named(turn) == Named::Inferred => {
                self.book.record(turn.clone(), TurnResult::Failed);
                Transition(State::errored())
            }
            _ => Super,
        }
    }

    #[state(superstate = "at_rest")]
    fn interrupted() -> Outcome<State> {
        Super
    }

    #[state(superstate = "at_rest")]
    fn errored() -> Outcome<State> {
        Super
    }

    #[state(superstate = "active")]
    fn starting(&mut self, event: &Event) -> Outcome<State> {
        match event {
            // R4: the turn that it came up with.
            Event::TurnStarted { turn: Some(turn) } if self.book.active.as_ref() == Some(turn) => {
                Transition(State::running())
            }
            _ => Super,
        }
    }

    #[state(superstate = "active")]
    fn running() -> Outcome<State> {
        Super
    }

    #[state(superstate = "closed")]
    fn stopped() -> Outcome<State> {
        Super
    }

    #[state(superstate = "closed")]
    fn interrupted_closed() -> Outcome<State> {
        Super
    }

    #[state(superstate = "closed")]
    fn errored_closed() -> Outcome<State> {
        Super
    }

    #[superstate(superstate = "open")]
    fn at_rest(&mut self, event: &Event) -> Outcome<State> {
        match event {
            Event::SessionStarted | Event::ThreadStarted => Transition(State::ready()),
            Event::TurnStarted { turn: Some(turn) } if self.book.named(turn) == Named::Unknown => {
                self.book.begin(turn.clone());
                Transition(State::running())
            }
            Event::RuntimeError { turn: None, .. } => Transition(State::errored()),
            _ => Super,
        }
    }

    #[superstate(superstate = "open")]
    fn active(&mut self, event: &Event, context: &mut OutcomeClass) -> Outcome<State> {
        match event {
            Event::SessionStarted | Event::ThreadStarted => match self.book.active {
                Some(_) => Transition(State::running()),
                None => Transition(State::ready()),
            },
            Event::TurnStarted { turn: Some(turn) } => match self.book.named(turn) {
                Named::Unknown => {
                    self.book.begin(turn.clone());
                    Transition(State::running())
                }
                Named::Another => {
                    *context = OutcomeClass::Rejected;
                    Handled
                }
                Named::Active | Named::Reported | Named::Inferred => {
                    *context = OutcomeClass::Ignored;
                    Handled
                }
            },
            Event::TurnAborted { turn: Some(turn) } if self.book.active.as_ref() == Some(turn) => {
                self.book.settle_own(turn.clone(), TurnResult::Interrupted);
                Transition(State::interrupted())
            }
            Event::RuntimeError { turn: None, .. } => match self.book.active {
                Some(_) => Handled,
                None => Transition(State::errored()),
            },
            _ => Super,
        }
    }

    /// At rest or active.
    #[superstate(superstate = "any")]
    fn open(&mut self, event: &Event) -> Outcome<State> {
        match event {
            Event::SessionStateChanged { state, .. } => match state {
                SessionState::Interrupted => {
                    self.book.settle(Inference::Interrupted);
                    Transition(State::interrupted())
                }
                SessionState::Error => {
                    self.book.settle(Inference::Failed);
                    Transition(State::errored())
                }
                _ => Super,
            },
            Event::TurnStarted { turn: None } => Transition(State::running()),
            Event::TurnCompleted {
                turn: Some(turn),
                result,
                ..
            } => match (self.book.named(turn), result) {
                (Named::Active | Named::Unknown, TurnResult::Failed) => {
                    self.book.settle_own(turn.clone(), *result);
                    Transition(State::errored())
                }
                (Named::Active | Named::Unknown, _) => {
                    self.book.settle_own(turn.clone(), *result);
                    Transition(State::ready())
                }
                _ => Super,
            },
            Event::RuntimeError {
                turn: Some(turn), ..
            } => match self.book.named(turn) {
                Named::Active | Named::Unknown => {
                    self.book.settle_own(turn.clone(), TurnResult::Failed);
                    Transition(State::errored())
                }
                _ => Super,
            },
            Event::ThreadStateChanged(ThreadState::Error) => {
                self.book.settle(Inference::Failed);
                Transition(State::errored())
            }
            _ => Super,
        }
    }

    #[superstate(superstate = "any")]
    fn closed(&mut self, event: &Event) -> Outcome<State> {
        match event {
            Event::SessionStarted | Event::ThreadStarted => Transition(State::ready()),
            Event::SessionStateChanged { state, .. } => match state {
                SessionState::Interrupted => Transition(State::interrupted_closed()),
                SessionState::Error => Transition(State::errored_closed()),
                _ => Super,
            },
            Event::RuntimeError { turn: None, .. } => Handled,
            Event::RuntimeError {
                turn: Some(turn), ..
            } if self.book.named(turn) == Named::Unknown => Handled,
            Event::ThreadStateChanged(ThreadState::Error) => Transition(State::errored_closed()),
            _ => Super,
        }
    }

    #[superstate]
    fn any(&mut self, event: &Event, context: &mut OutcomeClass) -> Outcome<State> {
        match event {
            Event::SessionStateChanged { state, .. } => match state {
                SessionState::Starting => return Transition(State::starting()),
                SessionState::Running | SessionState::Waiting => {
                    return Transition(State::running());
                }
                SessionState::Ready => {
                    self.book.settle(Inference::Unreported);
                    return Transition(State::ready());
                }
                _ => {
                    self.book.settle(Inference::Interrupted);
                    return Transition(State::stopped());
                }
            },
            Event::SessionExited | Event::ThreadStateChanged(ThreadState::Closed) => {
                self.book.settle(Inference::Interrupted);
                return Transition(State::stopped());
            }
            Event::TurnCompleted {
                turn: Some(turn),
                result,
                ..
            } => match self.book.named(turn) {
                Named::Reported => {}
                Named::Inferred => {
                    self.book.record(turn.clone(), *result);
                    return Handled;
                }
                _ => self.book.record(turn.clone(), *result),
            },
            Event::TurnAborted { turn: Some(turn) } => match self.book.named(turn) {
                Named::Reported => {}
                Named::Inferred => {
                    self.book.record(turn.clone(), TurnResult::Interrupted);
                    return Handled;
                }
                _ => self.book.record(turn.clone(), TurnResult::Interrupted),
            },
            _ => {}
        }
        *context = OutcomeClass::Ignored;
        Handled
    }
}

pub(crate) struct InStatig(StateMachine<Storage>);

impl Default for InStatig {
    fn default() -> Self {
        Self(Storage::default().state_machine())
    }
}

impl Machine for InStatig {
    fn apply(&mut self, event: Event) -> OutcomeClass {
        let mut class = OutcomeClass::Applied;
        self.0.handle_with_context(&event, &mut class);
        class
    }

    fn status(&self) -> Status {
        match self.0.state() {
            State::Idle {} => Status::Idle,
            State::Starting {} => Status::Starting,
            State::Ready {} => Status::Ready,
            State::Running {} => Status::Running,
            State::Interrupted {} | State::InterruptedClosed {} => Status::Interrupted,
            State::Stopped {} => Status::Stopped,
            State::Errored {} | State::ErroredClosed {} => Status::Error,
        }
    }

    fn is_closed(&self) -> bool {
        matches!(
            self.0.state(),
            State::Stopped {} | State::InterruptedClosed {} | State::ErroredClosed {}
        )
    }

    fn book(&self) -> &Book {
        &self.0.inner().book
    }
}
