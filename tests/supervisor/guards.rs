//! What no other test would miss: each of these holds because of one condition, and of that alone.

use super::*;

#[test]
fn the_word_that_a_provider_is_gone_says_nothing_once_it_is_gone() {
    let mut supervisor = working();
    supervisor.handle(ended("A", TurnResult::Completed), at(1));
    supervisor.handle(Input::Sweep, at(6_000));
    supervisor.handle(answer(Answer::Stopped), at(6_000));
    assert!(!supervisor.has_provider());
    for again in [answer(Answer::Stopped), event(Event::SessionExited)] {
        let effects = supervisor.handle(again, at(6_000)).into_vec();
        assert_eq!(effects, []);
        assert!(!supervisor.is_parked());
    }
}

#[test]
fn an_answer_of_an_earlier_provider_changes_nothing() {
    let mut supervisor = working();
    for input in [
        Input::Command(Command::Stop),
        answer(Answer::Stopped),
        send("m2"),
    ] {
        supervisor.handle(input, at(1));
    }
    let reason = "late".into();
    for late in [
        Answer::Started,
        Answer::StartFailed { reason },
        Answer::Stopped,
    ] {
        assert_eq!(then(&mut supervisor, answer(late)), []);
        assert_eq!(supervisor.busy(), Some(Busy::Provider));
        assert_eq!(supervisor.queued(), 1);
    }
}

#[test]
fn the_answer_about_an_earlier_message_says_nothing_of_the_one_in_hand() {
    let mut supervisor = working();
    supervisor.handle(ended("A", TurnResult::Completed), at(1));
    supervisor.handle(send("m2"), at(1));
    supervisor.handle(sent("m1", Some("A")), at(1));
    assert_eq!(supervisor.busy(), Some(Busy::Handed));
    let late = answer(Answer::SendFailed {
        message: "m1".into(),
        attempted: true,
    });
    assert_eq!(then(&mut supervisor, late), []);
    assert_eq!(supervisor.busy(), Some(Busy::Handed));
}

#[test]
fn s7_a_message_in_hand_is_refused_a_second_time() {
    let mut supervisor = fresh();
    for input in [send("m1"), answer(Answer::Started)] {
        supervisor.handle(input, at(1));
    }
    assert_eq!(supervisor.queued(), 0);
    assert_eq!(
        then(&mut supervisor, send("m1")),
        [Effect::Refuse(Refusal::AlreadyAccepted)]
    );
}

#[test]
fn s12_a_message_is_not_handed_over_while_another_is_in_hand() {
    let mut supervisor = fresh();
    for input in [send("m1"), answer(Answer::Started)] {
        supervisor.handle(input, at(1));
    }
    assert_eq!(then(&mut supervisor, send("m2")), [Effect::Accept]);
    assert_eq!(supervisor.queued(), 1);
}

#[test]
fn d11_a_lease_that_was_renewed_outlasts_its_earlier_deadline() {
    let mut supervisor = working();
    let lease = || Input::Due(Deadline::Lease("k".into()));
    supervisor.handle(heard(E1, ProviderEvent::TaskStarted("k".into())), at(1));
    supervisor.handle(
        heard(E1, ProviderEvent::TaskProgressed("k".into())),
        at(5_000),
    );
    assert_eq!(supervisor.handle(lease(), at(5_401)).into_vec(), []);
    assert_eq!(supervisor.background_tasks(), 1);
    supervisor.handle(lease(), at(10_400));
    assert_eq!(supervisor.background_tasks(), 0);
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
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let mut supervisor = working();
    supervisor.handle(send("m2"), at(1));
    let reason = "late".into();
    for late in [Answer::StartFailed { reason }, Answer::StopFailed] {
        assert_eq!(then(&mut supervisor, answer(late)), []);
        assert_eq!(supervisor.busy(), Some(Busy::Turn));
        assert_eq!(supervisor.queued(), 1);
    }
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
fn a_message_whose_turn_began_before_the_reply_that_names_it_is_no_longer_in_hand() {
    for named in [Some("A"), None] {
        let mut supervisor = fresh();
        for input in [send("m1"), answer(Answer::Started), started("A")] {
            supervisor.handle(input, at(1));
        }
        assert_eq!(supervisor.busy(), Some(Busy::Handed));
        supervisor.handle(sent("m1", named), at(1));
        assert_eq!(supervisor.busy(), Some(Busy::Turn));
    }
}

#[test]
fn a_provider_that_is_gone_though_nobody_stopped_it_parks_the_queue() {
    let mut supervisor = working();
    supervisor.handle(send("m2"), at(1));
    let effects = then(&mut supervisor, answer(Answer::Stopped));
    assert_eq!(effects, [Effect::Report(Report::QueueParked)]);
}

#[test]
fn a_message_stays_in_hand_when_another_turn_than_the_one_it_was_promised_begins() {
    let mut supervisor = fresh();
    for input in [
        send("m1"),
        answer(Answer::Started),
        sent("m1", Some("A")),
        started("own"),
    ] {
        supervisor.handle(input, at(1));
    }
    assert_eq!(supervisor.busy(), Some(Busy::Handed));
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
fn a_provider_that_has_closed_its_session_is_stopped() {
    let mut supervisor = working();
    let closed = event(Event::ThreadStateChanged(ThreadState::Closed));
    let (epoch, force) = (E1, false);
    assert_eq!(
        then(&mut supervisor, closed),
        [Effect::Stop { epoch, force }]
    );
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

#[test]
fn a_provider_that_is_coming_up_is_stopped_by_force() {
    let mut supervisor = fresh();
    supervisor.handle(send("m1"), at(1));
    let effects = then(&mut supervisor, Input::Command(Command::Stop));
    let (epoch, force) = (E1, true);
    assert!(effects.contains(&Effect::Stop { epoch, force }));
}

#[test]
fn a_provider_that_rests_while_it_is_stopped_is_believed() {
    let mut supervisor = working();
    supervisor.handle(Input::Command(Command::Stop), at(1));
    let (state, reason) = (SessionState::Ready, None);
    supervisor.handle(event(Event::SessionStateChanged { state, reason }), at(1));
    assert_eq!(supervisor.session().status(), Status::Ready);
}

#[test]
fn a_request_that_is_opened_twice_is_one() {
    let mut supervisor = working();
    for _ in 0..2 {
        supervisor.handle(heard(E1, ProviderEvent::RequestOpened("r".into())), at(1));
    }
    assert_eq!(supervisor.open_requests().len(), 1);
}
