//! What was decided where published fixes disagree: D1 to D16 of `docs/supervisor.md`, those that `tests/supervisor` does not show.

#![allow(
    unused_must_use,
    reason = "many steps only lead up to what a test is about; their effects are those of other tests"
)]

use std::time::Duration;

use session_lifecycle::supervisor::{
    Answer, Busy, Command, Deadline, Effect, Epoch, Input, Patience, ProviderEvent, Supervisor,
    TrueState,
};
use session_lifecycle::{Event, Message, Status, Timestamp, TurnId, TurnOutcome, TurnResult};

const E1: Epoch = Epoch(1);

fn at(seconds: u64) -> Timestamp {
    Timestamp(Duration::from_secs(seconds))
}

fn heard(event: ProviderEvent) -> Input {
    Input::Event {
        epoch: Some(E1),
        event,
    }
}

fn event(event: Event) -> Input {
    heard(ProviderEvent::Lifecycle(event))
}

fn started(turn: &str) -> Input {
    event(Event::TurnStarted {
        turn: Some(turn.into()),
    })
}

fn completed(turn: Option<&str>) -> Input {
    event(Event::TurnCompleted {
        turn: turn.map(TurnId::from),
        result: TurnResult::Completed,
        message: None,
    })
}

fn error(turn: Option<&str>) -> Input {
    event(Event::RuntimeError {
        turn: turn.map(TurnId::from),
        message: Some(Message::from("it broke")),
    })
}

fn send(message: &str) -> Input {
    Input::Command(Command::Send(message.into()))
}

/// A supervisor whose provider works on turn A for message m1.
fn working() -> Supervisor {
    let mut supervisor = Supervisor::new(Patience::default(), at(0));
    let sent = Answer::Sent {
        message: "m1".into(),
        turn: Some("A".into()),
    };
    for input in [
        send("m1"),
        answer(Answer::Started),
        started("A"),
        answer(sent),
    ] {
        supervisor.handle(input, at(1));
    }
    supervisor
}

fn answer(answer: Answer) -> Input {
    Input::Answer { epoch: E1, answer }
}

fn outcome(supervisor: &Supervisor, turn: &str) -> Option<TurnOutcome> {
    let settlement = supervisor.session().ledger().get(turn)?;
    Some(settlement.outcome())
}

#[test]
fn d1_an_aborted_turn_leaves_an_interrupted_session_that_takes_the_next_message() {
    let mut supervisor = working();
    let aborted = Event::TurnAborted {
        turn: Some("A".into()),
    };
    supervisor.handle(event(aborted), at(2));
    assert_eq!(supervisor.session().status(), Status::Interrupted);
    assert_eq!(outcome(&supervisor, "A"), Some(TurnOutcome::Interrupted));
    let effects = supervisor.handle(send("m2"), at(3)).into_vec();
    assert!(effects.contains(&Effect::Send {
        epoch: E1,
        message: "m2".into()
    }));
}

#[test]
fn d4_a_completion_without_an_id_or_with_another_settles_nothing_that_is_shown() {
    let mut supervisor = working();
    supervisor.handle(completed(None), at(2));
    supervisor.handle(completed(Some("B")), at(2));
    assert_eq!(supervisor.session().active_turn(), Some(&TurnId::from("A")));
}

#[test]
fn d5_a_settled_turn_does_not_run_again_and_new_work_is_a_new_turn() {
    let mut supervisor = working();
    supervisor.handle(completed(Some("A")), at(2));
    supervisor.handle(started("A"), at(2));
    assert_eq!(supervisor.session().active_turn(), None);
    supervisor.handle(started("B"), at(2));
    assert_eq!(supervisor.session().active_turn(), Some(&TurnId::from("B")));
}

#[test]
fn d6_a_background_task_holds_no_turn_open_and_keeps_the_provider() {
    let mut supervisor = working();
    supervisor.handle(heard(ProviderEvent::TaskStarted("k".into())), at(2));
    supervisor.handle(completed(Some("A")), at(2));
    assert_eq!(supervisor.busy(), None);
    assert_eq!(supervisor.background_tasks(), 1);
    assert!(!supervisor.reapable(at(4_000)));
}

#[test]
fn d8_an_error_that_names_no_turn_is_shown_and_one_that_names_the_turn_ends_it() {
    let mut supervisor = working();
    supervisor.handle(error(None), at(2));
    assert!(supervisor.session().last_error().is_some());
    assert!(supervisor.session().active_turn().is_some());
    supervisor.handle(error(Some("A")), at(2));
    assert_eq!(supervisor.session().status(), Status::Error);
    assert_eq!(outcome(&supervisor, "A"), Some(TurnOutcome::Failed));
}

#[test]
fn d12_noise_does_not_start_the_idle_clock_anew_and_a_command_does() {
    let mut supervisor = working();
    supervisor.handle(completed(Some("A")), at(10));
    let idle = Patience::default().idle.as_secs();
    supervisor.handle(event(Event::Noticed), at(idle));
    assert!(supervisor.reapable(at(10 + idle)));
    supervisor.handle(Input::Command(Command::Configure("other".into())), at(idle));
    assert!(!supervisor.reapable(at(10 + idle)));
    assert!(supervisor.reapable(at(idle + idle)));
}

#[test]
fn d13_a_second_start_waits_until_the_first_turn_has_settled_and_is_asked_about() {
    let mut supervisor = working();
    let effects = supervisor.handle(started("B"), at(2)).into_vec();
    assert!(effects.contains(&Effect::Read {
        epoch: E1,
        turn: Some("A".into())
    }));
    assert_eq!(supervisor.session().active_turn(), Some(&TurnId::from("A")));
    supervisor.handle(completed(Some("A")), at(3));
    assert_eq!(supervisor.session().active_turn(), Some(&TurnId::from("B")));
}

#[test]
fn d16_an_interrupt_when_nothing_runs_is_accepted_and_asks_nothing() {
    let mut supervisor = working();
    supervisor.handle(completed(Some("A")), at(2));
    let effects = supervisor
        .handle(Input::Command(Command::Interrupt), at(3))
        .into_vec();
    assert!(effects.contains(&Effect::Accept));
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Interrupt { .. } | Effect::Stop { .. }))
    );
    assert_eq!(supervisor.busy(), None);
}

#[test]
fn d16_a_provider_that_knows_nothing_of_the_turn_that_is_shown_is_asked_how_it_ended() {
    let mut supervisor = working();
    supervisor.handle(Input::Command(Command::Interrupt), at(2));
    assert_eq!(supervisor.busy(), Some(Busy::Interrupting));
    supervisor.handle(answer(Answer::NothingToInterrupt), at(2));
    let effects = supervisor.handle(Input::Due(Deadline::Stall), at(3));
    assert_eq!(effects.into_vec(), []);
    let turn = Some(TurnId::from("A"));
    let state = TrueState::Ended(TurnResult::Failed);
    supervisor.handle(answer(Answer::Read { turn, state }), at(3));
    assert_eq!(supervisor.session().status(), Status::Error);
    assert_eq!(supervisor.busy(), None);
}
