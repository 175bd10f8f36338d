//! Which provider is heard, and how one goes.

use super::*;

#[test]
fn s9_an_event_of_an_earlier_provider_shows_nowhere() {
    let mut supervisor = working();
    for input in [
        Input::Command(Command::Stop),
        answer(Answer::Stopped),
        send("m2"),
    ] {
        supervisor.handle(input, at(1));
    }
    assert_eq!(supervisor.session().status(), Status::Starting);
    assert_eq!(then(&mut supervisor, event(Event::SessionExited)), []);
    assert_eq!(supervisor.session().status(), Status::Starting);
}

#[test]
fn d14_what_an_earlier_provider_reports_of_its_turn_is_written_down() {
    let mut supervisor = working();
    for input in [
        Input::Command(Command::Stop),
        answer(Answer::Stopped),
        send("m2"),
    ] {
        supervisor.handle(input, at(1));
    }
    assert_eq!(outcome(&supervisor, "A"), Some(TurnOutcome::Interrupted));
    supervisor.handle(ended("A", TurnResult::Completed), at(1));
    assert_eq!(outcome(&supervisor, "A"), Some(TurnOutcome::Completed));
    assert_eq!(supervisor.session().status(), Status::Starting);
}

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
fn s3_a_start_that_waits_when_its_provider_goes_is_forgotten_with_it() {
    let mut supervisor = working();
    for input in [
        started("B"),
        event(Event::SessionExited),
        send("m2"),
        Input::Answer {
            epoch: Epoch(2),
            answer: Answer::Started,
        },
    ] {
        supervisor.handle(input, at(1));
        let shown = supervisor.session().active_turn();
        assert_ne!(shown.map(TurnId::as_str), Some("B"));
    }
}
