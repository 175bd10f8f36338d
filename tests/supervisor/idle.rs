//! What the reaper and the deadlines leave alone, each because of one condition.

use super::*;

#[test]
fn d11_what_is_absent_works_or_waits_for_an_answer_is_not_reaped() {
    assert!(!fresh().reapable(at(9_000)));
    let mut supervisor = working();
    assert!(!supervisor.reapable(at(9_000)));
    supervisor.handle(ended("A", TurnResult::Completed), at(1));
    supervisor.handle(heard(E1, ProviderEvent::RequestOpened("r".into())), at(1));
    assert!(!supervisor.reapable(at(9_000)));
    supervisor.handle(heard(E1, ProviderEvent::RequestResolved("r".into())), at(1));
    assert!(supervisor.reapable(at(9_000)));
}

#[test]
fn d11_a_parked_queue_needs_no_provider() {
    let mut supervisor = working();
    for input in [send("m2"), Input::Command(Command::Interrupt), aborted("A")] {
        supervisor.handle(input, at(1));
    }
    assert_eq!(supervisor.queued(), 1);
    assert!(supervisor.reapable(at(9_000)));
}

#[test]
fn a_hint_without_an_answer_ends_nothing() {
    let mut supervisor = working();
    supervisor.handle(event(Event::ThreadStateChanged(ThreadState::Idle)), at(1));
    let due = Input::Due(Deadline::Read);
    let effects: Vec<Effect> = supervisor.handle(due, at(100)).collect();
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Stop { .. }))
    );
    assert_eq!(supervisor.busy(), Some(Busy::Turn));
}

#[test]
fn silence_is_no_sign_while_an_interrupt_or_a_question_waits_for_its_answer() {
    let idle = event(Event::ThreadStateChanged(ThreadState::Idle));
    for input in [Input::Command(Command::Interrupt), idle] {
        let effects = working().handle(input, at(2)).into_vec();
        assert!(effects.contains(&Effect::ClearDeadline(Deadline::Stall)));
    }
}

#[test]
fn a_sign_of_life_without_work_sets_no_deadline() {
    let mut supervisor = working();
    supervisor.handle(ended("A", TurnResult::Completed), at(1));
    let effects = supervisor.handle(event(Event::SessionStarted), at(2));
    assert_eq!(effects.into_vec(), []);
}

#[test]
fn a_start_that_takes_too_long_fails_its_message_and_parks_the_rest() {
    let mut supervisor = fresh();
    supervisor.handle(send("m1"), at(1));
    supervisor.handle(send("m2"), at(1));
    let due = Input::Due(Deadline::Start);
    let effects: Vec<Effect> = supervisor.handle(due, at(100)).collect();
    assert!(effects.contains(&Effect::Report(Report::MessageFailed("m1".into()))));
    assert!(effects.contains(&Effect::Report(Report::QueueParked)));
}

#[test]
fn an_idle_word_of_an_idle_provider_raises_no_question() {
    let mut supervisor = working();
    supervisor.handle(ended("A", TurnResult::Completed), at(1));
    let idle = event(Event::ThreadStateChanged(ThreadState::Idle));
    assert_eq!(then(&mut supervisor, idle), []);
}

#[test]
fn a_question_that_has_become_weightier_is_answered_as_such() {
    let mut supervisor = working();
    supervisor.handle(event(Event::ThreadStateChanged(ThreadState::Idle)), at(1));
    let (state, reason) = (SessionState::Ready, None);
    supervisor.handle(event(Event::SessionStateChanged { state, reason }), at(1));
    let (turn, state) = (Some(TurnId::from("A")), TrueState::Unknown);
    supervisor.handle(answer(Answer::Read { turn, state }), at(1));
    assert_eq!(supervisor.session().status(), Status::Ready);
}
