//! In rust-fsm: a table of words. It has no place for a turn, so the question how the named turn stands to the session
//! is answered in front of it, and what it puts out is done behind it.

use rust_fsm::{StateMachine, state_machine};
use session_lifecycle::{Event, Inference, SessionState, Status, ThreadState, TurnId, TurnResult};

use super::{Book, Machine, Named, OutcomeClass};

state_machine! {
    lifecycle(Idle)

    Idle => {
        Announced => Ready, Starting => Starting, Running => Running, Ready => Ready,
        Interrupted => Interrupted, Error => Errored, Stopped => Stopped,
        Busy => Running, Begins => Running [Begin],
        Done => Ready [Own], Fails => Errored [Own], Corrects => Idle [Record], CorrectsLatest => Idle [Record],
        Elsewhere => Idle [RecordIgnored], Aborted => Idle [RecordIgnored], Trouble => Errored
    },
    Ready => {
        Announced => Ready, Starting => Starting, Running => Running, Ready => Ready,
        Interrupted => Interrupted, Error => Errored, Stopped => Stopped,
        Busy => Running, Begins => Running [Begin],
        Done => Ready [Own], Fails => Errored [Own], Corrects => Ready [Record], CorrectsLatest => Errored [Record],
        Elsewhere => Ready [RecordIgnored], Aborted => Ready [RecordIgnored], Trouble => Errored
    },
    Interrupted => {
        Announced => Ready, Starting => Starting, Running => Running, Ready => Ready,
        Interrupted => Interrupted, Error => Errored, Stopped => Stopped,
        Busy => Running, Begins => Running [Begin],
        Done => Ready [Own], Fails => Errored [Own], Corrects => Interrupted [Record],
        CorrectsLatest => Interrupted [Record],
        Elsewhere => Interrupted [RecordIgnored], Aborted => Interrupted [RecordIgnored], Trouble => Errored
    },
    Errored => {
        Announced => Ready, Starting => Starting, Running => Running, Ready => Ready,
        Interrupted => Interrupted, Error => Errored, Stopped => Stopped,
        Busy => Running, Begins => Running [Begin],
        Done => Ready [Own], Fails => Errored [Own], Corrects => Errored [Record], CorrectsLatest => Errored [Record],
        Elsewhere => Errored [RecordIgnored], Aborted => Errored [RecordIgnored], Trouble => Errored
    },
    Starting => {
        Announced => Ready, AnnouncedAtWork => Running,
        Starting => Starting, Running => Running, Ready => Ready [SettleUnreported],
        Interrupted => Interrupted [SettleInterrupted], Error => Errored [SettleFailed],
        Stopped => Stopped [SettleInterrupted],
        Busy => Running, Begins => Running [Begin], BeginsActive => Running, BeginsAnother => Starting [Reject],
        Done => Ready [Own], Fails => Errored [Own], Corrects => Starting [Record], CorrectsLatest => Starting [Record],
        Elsewhere => Starting [RecordIgnored], Aborted => Starting [RecordIgnored], AbortedActive => Interrupted [Own],
        Trouble => Errored, TroubleAtWork => Starting
    },
    Running => {
        Announced => Ready, AnnouncedAtWork => Running,
        Starting => Starting, Running => Running, Ready => Ready [SettleUnreported],
        Interrupted => Interrupted [SettleInterrupted], Error => Errored [SettleFailed],
        Stopped => Stopped [SettleInterrupted],
        Busy => Running, Begins => Running [Begin], BeginsAnother => Running [Reject],
        Done => Ready [Own], Fails => Errored [Own], Corrects => Running [Record], CorrectsLatest => Running [Record],
        Elsewhere => Running [RecordIgnored], Aborted => Running [RecordIgnored], AbortedActive => Interrupted [Own],
        Trouble => Errored, TroubleAtWork => Running
    },
    Stopped => {
        Announced => Ready, Starting => Starting, Running => Running, Ready => Ready,
        Interrupted => InterruptedClosed, Error => ErroredClosed, Stopped => Stopped,
        Done => Stopped [RecordIgnored], Fails => Stopped [RecordIgnored], Errs => Stopped,
        Corrects => Stopped [Record], CorrectsLatest => Stopped [Record],
        Aborted => Stopped [RecordIgnored], Trouble => Stopped
    },
    InterruptedClosed => {
        Announced => Ready, Starting => Starting, Running => Running, Ready => Ready,
        Interrupted => InterruptedClosed, Error => ErroredClosed, Stopped => Stopped,
        Done => InterruptedClosed [RecordIgnored], Fails => InterruptedClosed [RecordIgnored],
        Errs => InterruptedClosed,
        Corrects => InterruptedClosed [Record], CorrectsLatest => InterruptedClosed [Record],
        Aborted => InterruptedClosed [RecordIgnored], Trouble => InterruptedClosed
    },
    ErroredClosed => {
        Announced => Ready, Starting => Starting, Running => Running, Ready => Ready,
        Interrupted => InterruptedClosed, Error => ErroredClosed, Stopped => Stopped,
        Done => ErroredClosed [RecordIgnored], Fails => ErroredClosed [RecordIgnored], Errs => ErroredClosed,
        Corrects => ErroredClosed [Record], CorrectsLatest => ErroredClosed [Record],
        Aborted => ErroredClosed [RecordIgnored], Trouble => ErroredClosed
    }
}
use lifecycle::{Input, Output, State};

#[derive(Default)]
pub(crate) struct InRustFsm {
    machine: StateMachine<lifecycle::Impl>,
    book: Book,
}

impl InRustFsm {
    /// The event as a word, with the turn and the result that it is about. `None`: no word of the table.
    fn word(&self, event: Event) -> Option<(Input, Option<TurnId>, TurnResult)> {
        let plain = |input| Some((input, None, TurnResult::Completed));
        match event {
            Event::SessionStarted | Event::ThreadStarted => plain(match self.book.active {
                Some(_) => Input::AnnouncedAtWork,
                None => Input::Announced,
            }),
            Event::SessionStateChanged { state, .. } => plain(match state {
                SessionState::Starting => Input::Starting,
                SessionState::Running | SessionState::Waiting => Input::Running,
                SessionState::Ready => Input::Ready,
                SessionState::Interrupted => Input::Interrupted,
                SessionState::Stopped => Input::Stopped,
                SessionState::Error => Input::Error,
            }),
            Event::SessionExited | Event::ThreadStateChanged(ThreadState::Closed) => {
                plain(Input::Stopped)
            }
            Event::ThreadStateChanged(ThreadState::Error) => plain(Input::Error),
            Event::TurnStarted { turn: None } => plain(Input::Busy),
            Event::TurnStarted { turn: Some(turn) } => {
                let input = match self.book.named(&turn) {
                    Named::Unknown => Input::Begins,
                    Named::Active => Input::BeginsActive,
                    Named::Another => Input::BeginsAnother,
                    Named::Reported | Named::Inferred => return None,
                };
                Some((input, Some(turn), TurnResult::Completed))
            }
            Event::TurnCompleted {
                turn: Some(turn),
                result,
                ..
            } => {
                let failed = result == TurnResult::Failed;
                let input = match self.book.named(&turn) {
                    Named::Reported => return None,
                    Named::Inferred if failed && self.book.is_latest(&turn) => {
                        Input::CorrectsLatest
                    }
                    Named::Inferred => Input::Corrects,
                    Named::Another => Input::Elsewhere,
                    Named::Active | Named::Unknown if failed => Input::Fails,
                    Named::Active | Named::Unknown => Input::Done,
                };
                Some((input, Some(turn), result))
            }
            Event::TurnAborted { turn: Some(turn) } => {
                let input = match self.book.named(&turn) {
                    Named::Reported => return None,
                    Named::Inferred => Input::Corrects,
                    Named::Active => Input::AbortedActive,
                    Named::Another | Named::Unknown => Input::Aborted,
                };
                Some((input, Some(turn), TurnResult::Interrupted))
            }
            Event::RuntimeError { turn: None, .. } => plain(match self.book.active {
                Some(_) => Input::TroubleAtWork,
                None => Input::Trouble,
            }),
            Event::RuntimeError {
                turn: Some(turn), ..
            } => match self.book.named(&turn) {
                Named::Reported | Named::Inferred | Named::Another => None,
                Named::Active | Named::Unknown if self.is_closed() => plain(Input::Errs),
                Named::Active | Named::Unknown => {
                    Some((Input::Fails, Some(turn), TurnResult::Failed))
                }
            },
            _ => None,
        }
    }
}

impl Machine for InRustFsm {
    fn apply(&mut self, event: Event) -> OutcomeClass {
        let Some((input, turn, result)) = self.word(event) else {
            return OutcomeClass::Ignored;
        };
        let Ok(output) = self.machine.consume(&input) else {
            return OutcomeClass::Ignored;
        };
        match (output, turn) {
            (None, _) => {}
            (Some(Output::SettleUnreported), _) => self.book.settle(Inference::Unreported),
            (Some(Output::SettleInterrupted), _) => self.book.settle(Inference::Interrupted),
            (Some(Output::SettleFailed), _) => self.book.settle(Inference::Failed),
            (Some(Output::Reject), _) => return OutcomeClass::Rejected,
            (Some(Output::Begin), Some(turn)) => self.book.begin(turn),
            (Some(Output::Own), Some(turn)) => self.book.settle_own(turn, result),
            (Some(Output::Record), Some(turn)) => self.book.record(turn, result),
            (Some(Output::RecordIgnored), Some(turn)) => {
                self.book.record(turn, result);
                return OutcomeClass::Ignored;
            }
            (Some(Output::Begin | Output::Own | Output::Record | Output::RecordIgnored), None) => {
                return OutcomeClass::Ignored;
            }
        }
        OutcomeClass::Applied
    }

    fn status(&self) -> Status {
        match self.machine.state() {
            State::Idle => Status::Idle,
            State::Starting => Status::Starting,
            State::Ready => Status::Ready,
            State::Running => Status::Running,
            State::Interrupted | State::InterruptedClosed => Status::Interrupted,
            State::Stopped => Status::Stopped,
            State::Errored | State::ErroredClosed => Status::Error,
        }
    }

    fn is_closed(&self) -> bool {
        matches!(
            self.machine.state(),
            State::Stopped | State::InterruptedClosed | State::ErroredClosed
        )
    }

    fn book(&self) -> &Book {
        &self.book
    }
}
