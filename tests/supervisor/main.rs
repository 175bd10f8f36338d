//! The decisions of the supervisor, one sentence each; the letters D are those of `docs/supervisor.md`.

#![allow(
    unused_must_use,
    reason = "many steps only lead up to what a test is about; their effects are those of other tests"
)]

mod asking;
mod background;
mod boot;
mod idle;
mod interrupting;
mod late;
mod providers;
mod sending;
mod silence;
mod stored;
mod waiting;

use std::time::Duration;

use session_lifecycle::supervisor::{
    Answer, Busy, Command, Deadline, Effect, Epoch, Input, InvalidSnapshot, Patience,
    ProviderEvent, Refusal, Report, Supervisor, TrueState,
};
use session_lifecycle::{
    Event, ProviderLife, SessionState, Status, ThreadState, Timestamp, TurnId, TurnOutcome,
    TurnResult,
};

const E1: Epoch = Epoch(1);

fn at(seconds: u64) -> Timestamp {
    Timestamp(Duration::from_secs(seconds))
}

fn fresh() -> Supervisor {
    Supervisor::new(Patience::default(), at(0))
}

/// What follows from an input, without deadlines and storage.
fn then(supervisor: &mut Supervisor, input: Input) -> Vec<Effect> {
    let effects = supervisor.handle(input, at(1));
    effects
        .filter(|effect| {
            !matches!(
                effect,
                Effect::Persist | Effect::SetDeadline { .. } | Effect::ClearDeadline(_)
            )
        })
        .collect()
}

fn send(message: &str) -> Input {
    Input::Command(Command::Send(message.into()))
}

fn answer(answer: Answer) -> Input {
    Input::Answer { epoch: E1, answer }
}

fn event(event: Event) -> Input {
    heard(E1, ProviderEvent::Lifecycle(event))
}

fn heard(epoch: Epoch, event: ProviderEvent) -> Input {
    Input::Event {
        epoch: Some(epoch),
        event,
    }
}

fn aborted(turn: &str) -> Input {
    event(Event::TurnAborted {
        turn: Some(turn.into()),
    })
}

fn started(turn: &str) -> Input {
    event(Event::TurnStarted {
        turn: Some(turn.into()),
    })
}

fn ended(turn: &str, result: TurnResult) -> Input {
    event(Event::TurnCompleted {
        turn: Some(turn.into()),
        result,
        message: None,
    })
}

fn sent(message: &str, turn: Option<&str>) -> Input {
    answer(Answer::Sent {
        message: message.into(),
        turn: turn.map(TurnId::from),
    })
}

/// A supervisor whose provider works on turn A for message m1.
fn working() -> Supervisor {
    let mut supervisor = fresh();
    for input in [
        send("m1"),
        answer(Answer::Started),
        sent("m1", Some("A")),
        started("A"),
    ] {
        supervisor.handle(input, at(1));
    }
    assert_eq!(supervisor.busy(), Some(Busy::Turn));
    supervisor
}

fn outcome(supervisor: &Supervisor, turn: &str) -> Option<TurnOutcome> {
    supervisor
        .session()
        .ledger()
        .get(turn)
        .map(|how| how.outcome())
}
