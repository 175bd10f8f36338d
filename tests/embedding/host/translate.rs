//! What an agent says, as inputs of the supervisor. This is the part to write for your own provider.

use session_lifecycle::supervisor::{Answer, Epoch, Input, ProviderEvent, TrueState};
use session_lifecycle::{Event, TurnResult};

use crate::wire::{Ending, FromAgent};

/// The input that a line stands for.
pub(crate) fn input(epoch: Epoch, said: FromAgent) -> Input {
    let answer = |answer| Input::Answer { epoch, answer };
    let event = |event| {
        let epoch = Some(epoch);
        Input::Event { epoch, event }
    };
    match said {
        FromAgent::Ready => answer(Answer::Started),
        FromAgent::Took { message, turn } => answer(Answer::Sent { message, turn }),
        FromAgent::Interrupting => answer(Answer::Interrupted),
        FromAgent::NothingToInterrupt => answer(Answer::NothingToInterrupt),
        FromAgent::Working { turn } => answer(Answer::Read {
            turn,
            state: TrueState::Running,
        }),
        FromAgent::Ended { turn, result } => answer(Answer::Read {
            turn: Some(turn),
            state: TrueState::Ended(self::result(result)),
        }),
        FromAgent::UnknownTurn { turn } => answer(Answer::Read {
            turn,
            state: TrueState::Unknown,
        }),
        FromAgent::TurnStarted { turn } => {
            let turn = Some(turn);
            event(ProviderEvent::Lifecycle(Event::TurnStarted { turn }))
        }
        FromAgent::TurnEnded { turn, result } => {
            event(ProviderEvent::Lifecycle(Event::TurnCompleted {
                turn: Some(turn),
                result: self::result(result),
                message: None,
            }))
        }
        FromAgent::TaskStarted { task } => event(ProviderEvent::TaskStarted(task)),
        FromAgent::TaskEnded { task } => event(ProviderEvent::TaskEnded(task)),
        FromAgent::Asked { request } => event(ProviderEvent::RequestOpened(request)),
        FromAgent::Resolved { request } => event(ProviderEvent::RequestResolved(request)),
        FromAgent::CanResumeAt { cursor } => event(ProviderEvent::CursorAdvanced(cursor)),
    }
}

fn result(ending: Ending) -> TurnResult {
    match ending {
        Ending::Completed => TurnResult::Completed,
        Ending::Failed => TurnResult::Failed,
        Ending::Interrupted => TurnResult::Interrupted,
    }
}
