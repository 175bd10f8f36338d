//! In smlang: transitions with guards and actions over a context.

use session_lifecycle::{Event, Inference, SessionState, Status, ThreadState, TurnId, TurnResult};
use smlang::statemachine;

use super::{Book, Machine, Named, OutcomeClass};

/// What a completion says.
pub(crate) struct Report {
    turn: TurnId,
    result: TurnResult,
}

statemachine! {
    transitions: {
        *Idle + Announced = Ready,
        Ready | Interrupted | Errored | Stopped | InterruptedClosed | ErroredClosed + Announced = Ready,
        Starting | Running + Announced [works] = Running,
        Starting | Running + Announced [!works] = Ready,

        _ + ToStarting = Starting,
        _ + ToRunning = Running,
        _ + ToReady / settle_unreported = Ready,
        _ + ToStopped / settle_interrupted = Stopped,
        Idle | Ready | Interrupted | Errored | Starting | Running + ToInterrupted / settle_interrupted = Interrupted,
        Stopped | InterruptedClosed | ErroredClosed + ToInterrupted = InterruptedClosed,
        Idle | Ready | Interrupted | Errored | Starting | Running + ToError / settle_failed = Errored,
        Stopped | InterruptedClosed | ErroredClosed + ToError = ErroredClosed,

        Idle | Ready | Interrupted | Errored | Starting | Running + Busy = Running,
        Idle | Ready | Interrupted | Errored + Started(TurnId) [is_unknown] / begin = Running,
        Starting + Started(TurnId) [is_active] = Running,
        Starting | Running + Started(TurnId) [is_unknown] / begin = Running,
        Starting | Running + Started(TurnId) [is_another] / reject = _,

        Ready + Completed(Report) [corrects_latest] / record = Errored,
        Idle | Ready | Interrupted | Errored | Starting | Running + Completed(Report) [fails] / settle_own = Errored,
        Idle | Ready | Interrupted | Errored | Starting | Running + Completed(Report) [ends] / settle_own = Ready,
        Idle | Ready | Interrupted | Errored | Starting | Running | Stopped | InterruptedClosed | ErroredClosed
            + Completed(Report) [corrects] / record = _,
        Idle | Ready | Interrupted | Errored | Starting | Running | Stopped | InterruptedClosed | ErroredClosed
            + Completed(Report) [elsewhere] / record_ignored = _,

        Starting | Running + Aborted(TurnId) [is_active] / interrupt = Interrupted,
        Idle | Ready | Interrupted | Errored | Starting | Running | Stopped | InterruptedClosed | ErroredClosed
            + Aborted(TurnId) [is_inferred] / record_abort = _,
        Idle | Ready | Interrupted | Errored | Starting | Running | Stopped | InterruptedClosed | ErroredClosed
            + Aborted(TurnId) [is_not_settled] / record_abort_ignored = _,

        Starting | Running + Trouble [works] = _,
        Idle | Ready | Interrupted | Errored | Starting | Running + Trouble = Errored,
        Stopped | InterruptedClosed | ErroredClosed + Trouble = _,
        Idle | Ready | Interrupted | Errored | Starting | Running + Erred(TurnId) [is_own] / fail = Errored,
        Stopped | InterruptedClosed | ErroredClosed + Erred(TurnId) [is_unknown] = _,
    }
}

#[derive(Default)]
pub(crate) struct Context {
    book: Book,
    class: Option<OutcomeClass>,
}

impl StateMachineContext for Context {
    fn works(&self) -> Result<bool, ()> {
        Ok(self.book.active.is_some())
    }

    fn is_unknown(&self, turn: &TurnId) -> Result<bool, ()> {
        Ok(self.book.named(turn) == Named::Unknown)
    }

    fn is_active(&self, turn: &TurnId) -> Result<bool, ()> {
        Ok(self.book.active.as_ref() == Some(turn))
    }

    fn is_another(&self, turn: &TurnId) -> Result<bool, ()> {
        Ok(self.book.named(turn) == Named::Another)
    }

    fn is_own(&self, turn: &TurnId) -> Result<bool, ()> {
        Ok(matches!(
            self.book.named(turn),
            Named::Active | Named::Unknown
        ))
    }

    fn is_inferred(&self, turn: &TurnId) -> Result<bool, ()> {
        Ok(self.book.named(turn) == Named::Inferred)
    }

    fn is_not_settled(&self, turn: &TurnId) -> Result<bool, ()> {
        Ok(self.book.settled.get(turn).is_none())
    }

    fn corrects_latest(&self, report: &Report) -> Result<bool, ()> {
        Ok(report.result == TurnResult::Failed
            && self.book.is_latest(&report.turn)
            && self.book.named(&report.turn) == Named::Inferred)
    }

    fn fails(&self, report: &Report) -> Result<bool, ()> {
        Ok(report.result == TurnResult::Failed && self.is_own(&report.turn)?)
    }

    fn ends(&self, report: &Report) -> Result<bool, ()> {
        Ok(report.result != TurnResult::Failed && self.is_own(&report.turn)?)
    }

    fn corrects(&self, report: &Report) -> Result<bool, ()> {
        Ok(self.book.named(&report.turn) == Named::Inferred)
    }

    fn elsewhere(&self, report: &Report) -> Result<bool, ()> {
        self.is_not_settled(&report.turn)
    }

    fn settle_unreported(&mut self) -> Result<(), ()> {
        self.book.settle(Inference::Unreported);
        Ok(())
    }

    fn settle_interrupted(&mut self) -> Result<(), ()> {
        self.book.settle(Inference::Interrupted);
        Ok(())
    }

    fn settle_failed(&mut self) -> Result<(), ()> {
        self.book.settle(Inference::Failed);
        Ok(())
    }

    fn begin(&mut self, turn: TurnId) -> Result<(), ()> {
        self.book.begin(turn);
        Ok(())
    }

    fn reject(&mut self, _turn: TurnId) -> Result<(), ()> {
        self.class = Some(OutcomeClass::Rejected);
        Ok(())
    }

    fn settle_own(&mut self, report: Report) -> Result<(), ()> {
        self.book.settle_own(report.turn, report.result);
        Ok(())
    }

    fn record(&mut self, report: Report) -> Result<(), ()> {
        self.book.record(report.turn, report.result);
        Ok(())
    }

    fn record_ignored(&mut self, report: Report) -> Result<(), ()> {
        self.class = Some(OutcomeClass::Ignored);
        self.record(report)
    }

    fn interrupt(&mut self, turn: TurnId) -> Result<(), ()> {
        self.book.settle_own(turn, TurnResult::Interrupted);
        Ok(())
    }

    fn record_abort(&mut self, turn: TurnId) -> Result<(), ()> {
        self.book.record(turn, TurnResult::Interrupted);
        Ok(())
    }

    fn record_abort_ignored(&mut self, turn: TurnId) -> Result<(), ()> {
        self.class = Some(OutcomeClass::Ignored);
        self.record_abort(turn)
    }

    fn fail(&mut self, turn: TurnId) -> Result<(), ()> {
        self.book.settle_own(turn, TurnResult::Failed);
        Ok(())
    }
}

/// The event in the machine's words; `None`: it has none for it.
fn word(event: Event) -> Option<Events> {
    let word = match event {
        Event::SessionStarted | Event::ThreadStarted => Events::Announced,
        Event::SessionStateChanged { state, .. } => match state {
            SessionState::Starting => Events::ToStarting,
            SessionState::Running | SessionState::Waiting => Events::ToRunning,
            SessionState::Ready => Events::ToReady,
            SessionState::Interrupted => Events::ToInterrupted,
            SessionState::Stopped => Events::ToStopped,
            SessionState::Error => Events::ToError,
        },
        Event::SessionExited | Event::ThreadStateChanged(ThreadState::Closed) => Events::ToStopped,
        Event::ThreadStateChanged(ThreadState::Error) => Events::ToError,
        Event::TurnStarted { turn: None } => Events::Busy,
        Event::TurnStarted { turn: Some(turn) } => Events::Started(turn),
        Event::TurnCompleted {
            turn: Some(turn),
            result,
            ..
        } => Events::Completed(Report { turn, result }),
        Event::TurnAborted { turn: Some(turn) } => Events::Aborted(turn),
        Event::RuntimeError { turn: None, .. } => Events::Trouble,
        Event::RuntimeError {
            turn: Some(turn), ..
        } => Events::Erred(turn),
        _ => return None,
    };
    Some(word)
}

pub(crate) struct InSmlang(StateMachine<Context>);

impl Default for InSmlang {
    fn default() -> Self {
        Self(StateMachine::new(Context::default()))
    }
}

impl Machine for InSmlang {
    fn apply(&mut self, event: Event) -> OutcomeClass {
        let Some(word) = word(event) else {
            return OutcomeClass::Ignored;
        };
        match self.0.process_event(word) {
            Ok(_) => self.0.context.class.take().unwrap_or(OutcomeClass::Applied),
            Err(_) => OutcomeClass::Ignored,
        }
    }

    fn status(&self) -> Status {
        match self.0.state() {
            States::Idle => Status::Idle,
            States::Starting => Status::Starting,
            States::Ready => Status::Ready,
            States::Running => Status::Running,
            States::Interrupted | States::InterruptedClosed => Status::Interrupted,
            States::Stopped => Status::Stopped,
            States::Errored | States::ErroredClosed => Status::Error,
        }
    }

    fn is_closed(&self) -> bool {
        matches!(
            self.0.state(),
            States::Stopped | States::InterruptedClosed | States::ErroredClosed
        )
    }

    fn book(&self) -> &Book {
        &self.0.context.book
    }
}
