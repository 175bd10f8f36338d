//! What is only a reason to ask the provider, and what follows from its answer.

use super::*;

#[test]
fn s8_05_nothing_to_interrupt_is_asked_about_before_anything_is_settled() {
    let mut supervisor = working();
    supervisor.handle(Input::Command(Command::Interrupt), at(1));
    let effects = then(&mut supervisor, answer(Answer::NothingToInterrupt));
    let turn = Some(TurnId::from("A"));
    assert_eq!(
        effects,
        [Effect::Read {
            epoch: E1,
            turn: turn.clone()
        }]
    );
    let state = TrueState::Ended(TurnResult::Completed);
    supervisor.handle(answer(Answer::Read { turn, state }), at(1));
    assert_eq!(outcome(&supervisor, "A"), Some(TurnOutcome::Completed));
}

#[test]
fn d7_an_idle_thread_is_a_reason_to_ask_and_no_end() {
    let mut supervisor = working();
    let idle = event(Event::ThreadStateChanged(ThreadState::Idle));
    let turn = Some(TurnId::from("A"));
    assert_eq!(
        then(&mut supervisor, idle),
        [Effect::Read {
            epoch: E1,
            turn: turn.clone()
        }]
    );
    let state = TrueState::Unknown;
    supervisor.handle(answer(Answer::Read { turn, state }), at(1));
    assert!(supervisor.session().active_turn().is_some());
}

#[test]
fn s4_06_a_provider_at_rest_is_asked_whether_it_means_the_turn_that_is_shown() {
    let mut supervisor = working();
    let ready = || {
        event(Event::SessionStateChanged {
            state: SessionState::Ready,
            reason: None,
        })
    };
    let turn = Some(TurnId::from("A"));
    let read = || Effect::Read {
        epoch: E1,
        turn: turn.clone(),
    };
    assert_eq!(then(&mut supervisor, ready()), [read()]);
    let state = TrueState::Running;
    supervisor.handle(
        answer(Answer::Read {
            turn: turn.clone(),
            state,
        }),
        at(1),
    );
    assert!(supervisor.session().active_turn().is_some());

    supervisor.handle(ready(), at(1));
    let state = TrueState::Unknown;
    supervisor.handle(answer(Answer::Read { turn, state }), at(1));
    assert_eq!(supervisor.session().status(), Status::Ready);
}

#[test]
fn l2_12_a_turn_that_nothing_is_heard_of_is_asked_about() {
    let mut supervisor = working();
    let effects = supervisor
        .handle(Input::Due(Deadline::Stall), at(1_000))
        .into_vec();
    let turn = Some(TurnId::from("A"));
    assert!(effects.contains(&Effect::Read { epoch: E1, turn }));
}

#[test]
fn d13_a_start_while_another_turn_is_shown_is_let_in_when_that_one_settles_and_asked_about() {
    let mut supervisor = working();
    let read = |turn: &str| Effect::Read {
        epoch: E1,
        turn: Some(turn.into()),
    };
    assert_eq!(then(&mut supervisor, started("B")), [read("A")]);
    let settled = ended("A", TurnResult::Completed);
    assert_eq!(then(&mut supervisor, settled), [read("B")]);
    let shown = supervisor.session().active_turn();
    assert_eq!(shown.map(TurnId::as_str), Some("B"));
}

#[test]
fn s5_the_answer_about_another_turn_is_no_answer() {
    let mut supervisor = working();
    supervisor.handle(Input::Due(Deadline::Stall), at(1_000));
    let turn = Some(TurnId::from("B"));
    let state = TrueState::Unknown;
    supervisor.handle(answer(Answer::Read { turn, state }), at(1_000));
    let shown = supervisor.session().active_turn();
    assert_eq!(shown.map(TurnId::as_str), Some("A"));
}

#[test]
fn l2_a_turn_whose_question_waits_for_the_user_is_not_taken_for_silent() {
    let mut supervisor = working();
    let asked = heard(E1, ProviderEvent::RequestOpened("r".into()));
    let effects: Vec<Effect> = supervisor.handle(asked, at(2)).collect();
    assert!(effects.contains(&Effect::ClearDeadline(Deadline::Stall)));
    let due = Input::Due(Deadline::Stall);
    assert_eq!(supervisor.handle(due, at(1_000)).into_vec(), []);
    let reply = Input::Command(Command::Answer("r".into()));
    let effects: Vec<Effect> = supervisor.handle(reply, at(1_000)).collect();
    let deadline = Deadline::Stall;
    let at = at(1_600);
    assert!(effects.contains(&Effect::SetDeadline { deadline, at }));
}

#[test]
fn a_provider_that_is_stopped_is_asked_nothing() {
    let mut supervisor = working();
    supervisor.handle(Input::Command(Command::Stop), at(1));
    let idle = event(Event::ThreadStateChanged(ThreadState::Idle));
    assert_eq!(then(&mut supervisor, idle), []);
}

#[test]
fn s5_what_was_heard_while_the_answer_was_on_its_way_is_asked_about_again() {
    let mut supervisor = working();
    let idle = || event(Event::ThreadStateChanged(ThreadState::Idle));
    let turn = Some(TurnId::from("A"));
    let read = Effect::Read {
        epoch: E1,
        turn: turn.clone(),
    };
    supervisor.handle(idle(), at(1));
    assert_eq!(then(&mut supervisor, idle()), []);
    let state = TrueState::Running;
    let runs = answer(Answer::Read { turn, state });
    assert_eq!(then(&mut supervisor, runs), [read]);
}

/// The provider says that it has failed, and names no turn.
fn failed(reason: Option<&str>) -> Input {
    let state = SessionState::Error;
    let reason = reason.map(Into::into);
    event(Event::SessionStateChanged { state, reason })
}

fn thread_failed() -> Input {
    event(Event::ThreadStateChanged(ThreadState::Error))
}

fn read_of_a(state: TrueState) -> Input {
    let turn = Some(TurnId::from("A"));
    answer(Answer::Read { turn, state })
}

#[test]
fn d8_an_error_that_names_no_turn_is_shown_and_asked_about_while_a_turn_is_shown() {
    for (input, error) in [
        (failed(Some("late")), Some("late")),
        (failed(None), None),
        (thread_failed(), None),
    ] {
        let mut supervisor = working();
        let (epoch, turn) = (E1, Some(TurnId::from("A")));
        assert_eq!(then(&mut supervisor, input), [Effect::Read { epoch, turn }]);
        supervisor.handle(read_of_a(TrueState::Running), at(1));
        assert!(supervisor.session().active_turn().is_some());
        let shown = supervisor.session().last_error();
        assert_eq!(shown.map(|error| error.as_str()), error);
    }
}

#[test]
fn d8_a_provider_that_has_failed_and_knows_nothing_of_the_turn_has_failed_with_it() {
    for input in [failed(Some("why")), failed(None), thread_failed()] {
        let mut supervisor = working();
        supervisor.handle(input.clone(), at(1));
        supervisor.handle(read_of_a(TrueState::Unknown), at(1));
        let session = supervisor.session();
        assert_eq!(session.status(), Status::Error);
        assert!(session.last_error().is_some());
        if input == failed(Some("why")) {
            assert_eq!(session.last_error().map(|why| why.as_str()), Some("why"));
        }
        assert_eq!(outcome(&supervisor, "A"), Some(TurnOutcome::Failed));
    }
}

#[test]
fn d8_a_turn_that_ended_well_before_the_error_ended_well() {
    let mut supervisor = working();
    supervisor.handle(failed(Some("another")), at(1));
    let state = TrueState::Ended(TurnResult::Completed);
    supervisor.handle(read_of_a(state), at(1));
    assert_eq!(outcome(&supervisor, "A"), Some(TurnOutcome::Completed));
    assert_eq!(supervisor.session().status(), Status::Ready);
}

#[test]
fn d8_an_error_that_names_no_turn_is_believed_where_none_is_shown() {
    for input in [failed(Some("why")), thread_failed()] {
        let mut supervisor = working();
        supervisor.handle(ended("A", TurnResult::Completed), at(1));
        assert_eq!(then(&mut supervisor, input), []);
        assert_eq!(supervisor.session().status(), Status::Error);
    }
}

#[test]
fn s4_a_provider_that_rests_or_has_failed_and_does_not_answer_is_stopped_and_its_turn_waits_for_that()
 {
    let (state, reason) = (SessionState::Ready, Some("a reason".into()));
    let rests = event(Event::SessionStateChanged { state, reason });
    for input in [rests, failed(None), thread_failed()] {
        let mut supervisor = working();
        supervisor.handle(input, at(1));
        let effects: Vec<Effect> = supervisor
            .handle(Input::Due(Deadline::Read), at(100))
            .collect();
        let (epoch, force) = (E1, true);
        assert!(effects.contains(&Effect::Stop { epoch, force }));
        assert!(supervisor.session().active_turn().is_some());
    }
}

#[test]
fn a_question_about_work_without_a_turn_is_dropped_when_the_provider_rests() {
    let mut supervisor = working();
    let says = |state| {
        let reason = None;
        event(Event::SessionStateChanged { state, reason })
    };
    for input in [
        ended("A", TurnResult::Completed),
        says(SessionState::Running),
        Input::Command(Command::Interrupt),
    ] {
        supervisor.handle(input, at(1));
    }
    let (epoch, turn) = (E1, None);
    let asked = then(&mut supervisor, answer(Answer::Interrupted));
    assert_eq!(asked, [Effect::Read { epoch, turn }]);
    let rests = says(SessionState::Ready);
    let effects: Vec<Effect> = supervisor.handle(rests, at(2)).collect();
    assert!(effects.contains(&Effect::ClearDeadline(Deadline::Read)));
    let due = Input::Due(Deadline::Read);
    assert_eq!(supervisor.handle(due, at(100)).into_vec(), []);
}
