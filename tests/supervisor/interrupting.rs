//! What an interrupt strikes, and when it is over.

use super::*;

#[test]
fn d3_an_interrupt_keeps_the_turn_until_its_end_is_reported() {
    let mut supervisor = working();
    let effects = then(&mut supervisor, Input::Command(Command::Interrupt));
    let turn = Some(TurnId::from("A"));
    assert_eq!(
        effects,
        [Effect::Accept, Effect::Interrupt { epoch: E1, turn }]
    );
    assert!(supervisor.session().active_turn().is_some());
    supervisor.handle(
        event(Event::TurnAborted {
            turn: Some("A".into()),
        }),
        at(1),
    );
    assert_eq!(supervisor.session().status(), Status::Interrupted);
    assert_eq!(supervisor.busy(), None);
}

#[test]
fn d3_an_interrupt_that_has_no_effect_in_time_ends_the_process() {
    let mut supervisor = working();
    supervisor.handle(Input::Command(Command::Interrupt), at(1));
    let effects = supervisor
        .handle(Input::Due(Deadline::Interrupt), at(60))
        .into_vec();
    assert!(effects.contains(&Effect::Stop {
        epoch: E1,
        force: true
    }));
}

#[test]
fn an_earlier_deadline_of_the_same_kind_changes_nothing() {
    let mut supervisor = working();
    supervisor.handle(Input::Command(Command::Interrupt), at(100));
    let effects = supervisor
        .handle(Input::Due(Deadline::Interrupt), at(101))
        .into_vec();
    assert_eq!(effects, []);
}

#[test]
fn s8_03_the_failure_of_an_interrupted_turn_is_the_interruption() {
    let mut supervisor = working();
    supervisor.handle(Input::Command(Command::Interrupt), at(1));
    supervisor.handle(ended("A", TurnResult::Failed), at(1));
    assert_eq!(outcome(&supervisor, "A"), Some(TurnOutcome::Interrupted));
}

#[test]
fn l4_05_an_interrupt_of_a_message_in_hand_strikes_when_its_turn_begins() {
    let mut supervisor = fresh();
    for input in [send("m1"), answer(Answer::Started)] {
        supervisor.handle(input, at(1));
    }
    assert_eq!(
        then(&mut supervisor, Input::Command(Command::Interrupt)),
        [Effect::Accept]
    );
    let effects = then(&mut supervisor, started("A"));
    let turn = Some(TurnId::from("A"));
    assert_eq!(effects, [Effect::Interrupt { epoch: E1, turn }]);
}

#[test]
fn l4_an_interrupt_strikes_the_turn_that_is_shown_and_then_that_of_the_message_in_hand() {
    let mut supervisor = fresh();
    for input in [send("m1"), answer(Answer::Started), started("own")] {
        supervisor.handle(input, at(1));
    }
    let strikes = |turn: &str| Effect::Interrupt {
        epoch: E1,
        turn: Some(turn.into()),
    };
    assert_eq!(
        then(&mut supervisor, Input::Command(Command::Interrupt)),
        [Effect::Accept, strikes("own")]
    );
    assert_eq!(then(&mut supervisor, aborted("own")), []);
    assert_eq!(supervisor.busy(), Some(Busy::Interrupting));
    assert_eq!(then(&mut supervisor, started("A")), [strikes("A")]);
}

#[test]
fn l4_an_interrupt_strikes_the_messages_own_turn_though_its_start_was_refused_before() {
    let mut supervisor = fresh();
    for input in [
        send("m1"),
        answer(Answer::Started),
        started("own"),
        sent("m1", Some("A")),
        Input::Command(Command::Interrupt),
        started("A"),
    ] {
        supervisor.handle(input, at(1));
    }
    let strike = Effect::Interrupt {
        epoch: E1,
        turn: Some("A".into()),
    };
    assert!(then(&mut supervisor, aborted("own")).contains(&strike));
}

#[test]
fn l4_a_message_that_is_given_up_while_it_is_interrupted_takes_its_provider_with_it() {
    let mut supervisor = fresh();
    for input in [
        send("m1"),
        answer(Answer::Started),
        Input::Command(Command::Interrupt),
    ] {
        supervisor.handle(input, at(1));
    }
    let message = "m1".into();
    let failed = answer(Answer::SendFailed {
        message,
        attempted: true,
    });
    assert_eq!(
        then(&mut supervisor, failed),
        [
            Effect::Report(Report::MessageUncertain("m1".into())),
            Effect::Stop {
                epoch: E1,
                force: false
            }
        ]
    );
}

#[test]
fn d9_what_is_queued_waits_after_an_interrupt_and_goes_with_the_next_message() {
    let mut supervisor = working();
    supervisor.handle(send("m2"), at(1));
    let effects = then(&mut supervisor, Input::Command(Command::Interrupt));
    assert_eq!(effects.first(), Some(&Effect::Report(Report::QueueParked)));
    let effects = then(&mut supervisor, ended("A", TurnResult::Interrupted));
    assert_eq!(effects, []);
    assert!(supervisor.is_parked());
    let effects = then(&mut supervisor, send("m3"));
    let message = "m2".into();
    assert_eq!(
        effects,
        [Effect::Accept, Effect::Send { epoch: E1, message }]
    );
}

#[test]
fn d9_a_message_that_is_to_go_now_interrupts_and_goes_first() {
    let mut supervisor = working();
    supervisor.handle(send("m2"), at(1));
    supervisor.handle(Input::Command(Command::SendNow("m3".into())), at(1));
    let effects = then(&mut supervisor, ended("A", TurnResult::Interrupted));
    let message = "m3".into();
    assert_eq!(effects, [Effect::Send { epoch: E1, message }]);
}

#[test]
fn d16_an_idle_provider_is_not_told_to_interrupt_and_one_that_is_told_is_told_once() {
    let mut supervisor = working();
    let interrupt = || Input::Command(Command::Interrupt);
    supervisor.handle(interrupt(), at(1));
    assert_eq!(then(&mut supervisor, interrupt()), [Effect::Accept]);
    supervisor.handle(aborted("A"), at(1));
    assert_eq!(then(&mut supervisor, interrupt()), [Effect::Accept]);
    assert_eq!(supervisor.busy(), None);
}

#[test]
fn d16_the_failure_of_another_turn_than_the_interrupted_one_is_its_own() {
    let mut supervisor = working();
    supervisor.handle(Input::Command(Command::Interrupt), at(1));
    supervisor.handle(ended("B", TurnResult::Failed), at(1));
    assert_eq!(outcome(&supervisor, "B"), Some(TurnOutcome::Failed));
}

#[test]
fn s4_07_a_message_waits_until_an_interrupt_without_a_turn_is_answered() {
    let mut supervisor = working();
    let says = |state| {
        event(Event::SessionStateChanged {
            state,
            reason: None,
        })
    };
    supervisor.handle(ended("A", TurnResult::Completed), at(1));
    supervisor.handle(says(SessionState::Running), at(1));
    let now = Input::Command(Command::SendNow("m2".into()));
    let interrupt = Effect::Interrupt {
        epoch: E1,
        turn: None,
    };
    assert_eq!(then(&mut supervisor, now), [Effect::Accept, interrupt]);
    assert_eq!(then(&mut supervisor, says(SessionState::Ready)), []);
    assert_eq!(supervisor.busy(), Some(Busy::Interrupting));
    let message = "m2".into();
    assert_eq!(
        then(&mut supervisor, answer(Answer::Interrupted)),
        [Effect::Send { epoch: E1, message }]
    );
}

#[test]
fn an_interrupt_without_a_turn_that_was_answered_while_work_is_shown_is_asked_about() {
    let mut supervisor = working();
    supervisor.handle(ended("A", TurnResult::Completed), at(1));
    let (state, reason) = (SessionState::Running, None);
    supervisor.handle(event(Event::SessionStateChanged { state, reason }), at(1));
    supervisor.handle(Input::Command(Command::Interrupt), at(1));
    let (epoch, turn) = (E1, None);
    assert_eq!(
        then(&mut supervisor, answer(Answer::Interrupted)),
        [Effect::Read { epoch, turn }]
    );
}

#[test]
fn l4_a_turn_that_runs_although_there_was_nothing_to_interrupt_is_interrupted_again() {
    let mut supervisor = working();
    supervisor.handle(Input::Command(Command::Interrupt), at(1));
    supervisor.handle(answer(Answer::NothingToInterrupt), at(1));
    let (epoch, turn, state) = (E1, Some(TurnId::from("A")), TrueState::Running);
    let runs = answer(Answer::Read {
        turn: turn.clone(),
        state,
    });
    assert_eq!(
        then(&mut supervisor, runs),
        [Effect::Interrupt { epoch, turn }]
    );
}

#[test]
fn l3_08_an_interrupt_that_waits_for_a_turn_is_over_when_its_message_has_failed() {
    let mut supervisor = fresh();
    for input in [
        send("m1"),
        answer(Answer::Started),
        Input::Command(Command::Interrupt),
    ] {
        supervisor.handle(input, at(1));
    }
    let message = "m1".into();
    let attempted = false;
    supervisor.handle(answer(Answer::SendFailed { message, attempted }), at(1));
    assert_eq!(supervisor.busy(), None);
}

#[test]
fn a_provider_that_is_stopped_is_neither_interrupted_nor_answered_nor_stopped_twice() {
    let mut supervisor = working();
    supervisor.handle(heard(E1, ProviderEvent::RequestOpened("r".into())), at(1));
    supervisor.handle(Input::Command(Command::Stop), at(1));
    let reply = Input::Command(Command::Answer("r".into()));
    assert_eq!(
        then(&mut supervisor, reply),
        [Effect::Refuse(Refusal::RequestNotOpen)]
    );
    let stop = Input::Command(Command::Stop);
    assert_eq!(then(&mut supervisor, stop), [Effect::Accept]);
    assert!(
        !then(&mut supervisor, Input::Command(Command::Interrupt))
            .iter()
            .any(|effect| matches!(effect, Effect::Interrupt { .. }))
    );
}
